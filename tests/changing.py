"""An archive that is changed in all the ways that are told apart, one after another; and what is built of each.

    python tests/changing.py CONTENT OUT

builds the archive in CONTENT before and after each change and has another process look for what changed. Copies what
was built to OUT/-1, OUT/0, OUT/1 …, and prints, as a line of JSON for each, how many clippings were read, whether the
other process found out what changed, how often the archive was outlined, and whether its outline before served.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from build_tools import engine, outline, survey  # noqa: E402 - the package stands beside the tests

OWN = ROOT / "tests" / "clippings" / "own"
_SEEDED = random.Random(1)  # noqa: S311 - the same at each run
OTHER_WORDS = " ".join(_SEEDED.choices(("lúa", "ngô", "khoai", "mưa", "nắng", "gió", "bờ", "ao"), k=900))


def changes(content: Path) -> list[Callable[[], object]]:
    """Return the changes of an archive that has the clippings 001 to 030."""
    clippings = content / "clippings"

    def text(name: str, more: str) -> None:
        path = clippings / name
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{more}\n", encoding="utf-8")

    def words(name: str, said: str) -> None:
        (clippings / name).write_text(said, encoding="utf-8")

    return [
        lambda: text("003.txt", "Một câu nữa cho bài này."),
        lambda: text("003.txt", "Hội nghị thành công tốt đẹp."),
        lambda: text("021.txt", "Mùa màng bội thu."),
        lambda: words("005.yaml", "year: 2019\n"),
        lambda: text("005.txt", "Mùa màng bội thu."),
        lambda: words("007.yaml", "title: Một nhan đề khác hẳn\n"),
        lambda: shutil.copy(OWN / "031.txt", clippings),
        lambda: text("031.txt", "Mùa màng bội thu."),
        (clippings / "009.txt").unlink,
        lambda: words("010.yaml", "withdrawn: Theo yêu cầu\n"),
        lambda: text("011.txt", "Mùa màng bội thu."),
        lambda: (content.parent / "site" / "index.html").unlink(missing_ok=True),
        lambda: words("032.txt", (clippings / "003.txt").read_text(encoding="utf-8") + "\nMùa màng bội thu.\n"),
        lambda: text("032.txt", OTHER_WORDS),  # the two tell one story no more
        lambda: words("empty.txt", ""),
        lambda: text("012.txt", "Mùa màng bội thu."),
    ]


def whole(content: Path, **more: Any) -> engine.Build:
    """Build an archive beside its content folder."""
    work = content.parent / "build"
    build = engine.Build(engine.Options(content, work / "docs", work / "cache", **more))
    build.read()
    given = build.options.cache / "given"
    given.mkdir(parents=True, exist_ok=True)
    build.publish(content.parent / "site", "theme", None, given)
    return build


def _main(content: Path, out: Path) -> None:
    engine.SURVEYED, survey.TOLD_EACH = 0, 7
    made: list[outline.Outline] = []
    begin, look = outline.Outline.__init__, survey.changed
    looked_through: list[object] = []

    def outlined(self: outline.Outline, *given: Any) -> None:
        made.append(self)
        begin(self, *given)

    def changed(*given: Any) -> Any:
        looked_through.append(given)  # in this process; in the other one nobody sees it
        return look(*given)

    outline.Outline.__init__ = outlined  # type: ignore[method-assign]
    survey.changed = changed
    for number, change in enumerate((lambda: None, *changes(content))):
        change()
        looked_through.clear()
        made.clear()
        build = whole(content, jobs=2)
        of_clippings = [one for one in made if one.shapes]
        told = {
            "read": build.report.read,
            "surveyed": not looked_through,
            "outlines": len(of_clippings),
            "before": build.outline is build._outlined,
        }
        sys.stdout.write(f"{json.dumps(told)}\n")
        for place in ("build/docs", "site"):
            shutil.copytree(content.parent / place, out / str(number - 1) / place)


if __name__ == "__main__":
    _main(*map(Path, sys.argv[1:]))
