"""Builds one archive under settings that have no say in it, and tells whether all bytes of the sites are the same.

    python tests/same.py [OTHER_PYTHON ...]

Another Python (its executable, with kho-bao's dependencies) builds the archive once more, under the first settings.
Exits with 1, and names files, when two sites differ.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

AWKWARD = {
    "2022/Hội nghị bả.txt": "Ngày 5/3/2022, Cụm thi đua số 7 Công an tỉnh Nghệ An tổ chức hội nghị sơ kết.",
    "2022/Hội nghị bạ.txt": "Ngày 6/3/2022, Cụm thi đua số 7 Công an tỉnh Nghệ An tổ chức hội nghị sơ kết lần hai.",
    "Ðặc biệt/Khối thi đua Ủy ban.txt": "Hà Nội, ngày 1/2/2021, Khối thi đua số 2 ký kết giao ước.",
    "2022/thu.txt": "Ngày 7/3/2022, Trung tá Nguyễn Văn Hòa phát biểu: Cụm thi đua số 7 phấn đấu đạt 95% chỉ tiêu.",
}
"""Clippings whose names have accents; of two, only the tones tell which has the plain address."""

CORRECTION = "2022/Hội nghị bạ.yaml", 'why: "Theo bản in"\nyear: 2021\n'

FORCED = "import build_tools.engine as engine; engine.FEW = 0; from build_tools.cli import main; main()"
"""The command line, where a few clippings are worth as many processes as are asked for."""


@dataclass(frozen=True)
class Settings:
    """What differs between two builds: the environment, processes, rights of new files, how names are written.

    `locales` are tried in order; the first that is there is taken.
    """

    name: str
    locales: tuple[str, ...] = ("C",)
    zone: str = "UTC"
    seed: str = "0"
    jobs: int = 1
    umask: int = 0o022
    form: str = "NFC"
    backwards: bool = False
    folder: str = "a"
    columns: str = "80"
    python: str = sys.executable


FIRST = Settings("first")
OTHERS = (
    Settings(
        "elsewhere",
        locales=("tr_TR.UTF-8", "tr_TR.utf8", "vi_VN.UTF-8", "vi_VN.utf8", "C.UTF-8"),
        zone="Asia/Ho_Chi_Minh",
        seed="4242",
        jobs=2,
        umask=0o077,
        backwards=True,
        folder="xa hơn/một thư mục",
        columns="40",
    ),
    Settings("names with accents apart", form="NFD", seed="7", jobs=2, zone="Pacific/Kiritimati", folder="apart"),
)


def there(locales: Iterable[str]) -> str:
    """Return the first of some locales that this machine has, "C" when it has none."""
    listed = shutil.which("locale")
    known = subprocess.run([listed, "-a"], capture_output=True, text=True, check=True).stdout if listed else ""
    names = {name.lower().replace("-", "") for name in known.split()}
    return next((one for one in locales if one.lower().replace("-", "") in names), "C")


def clippings() -> dict[str, bytes]:
    """Return the files of a small archive by their names below the clippings folder."""
    seed = ROOT / "content" / "clippings"
    found = {path.relative_to(seed).as_posix(): path.read_bytes() for path in sorted(seed.rglob("*")) if path.is_file()}
    return found | {name: text.encode() for name, text in (*AWKWARD.items(), CORRECTION)}


def written(content: Path, settings: Settings) -> None:
    """Write the archive's content folder in the order and with the names that the settings ask for."""
    for name, data in sorted(clippings().items(), reverse=settings.backwards):
        path = content / "clippings" / unicodedata.normalize(settings.form, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    shutil.copytree(ROOT / "content" / "pages", content / "pages")


def built(work: Path, settings: Settings) -> dict[str, str]:
    """Build the archive in a new folder and return the digest of every file of the site and of the Markdown.

    Raises:
        RuntimeError: the build failed.
    """
    here = work / settings.folder
    here.mkdir(parents=True)
    written(here / "content", settings)
    shutil.copytree(ROOT / "overrides", here / "overrides")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = config.replace("- build_tools/hook.py", f"- '{(ROOT / 'build_tools' / 'hook.py').as_posix()}'")
    (here / "mkdocs.yml").write_text(f"{config}\nsite_url: https://example.org/kho/\n", encoding="utf-8")
    away = {"LANG", "LANGUAGE", "LC_CTYPE", "SOURCE_DATE_EPOCH", "PYTHONUTF8", "PYTHONIOENCODING"}
    env = {name: value for name, value in os.environ.items() if name not in away} | {
        "LC_ALL": there(settings.locales),
        "TZ": settings.zone,
        "PYTHONHASHSEED": settings.seed,
        "COLUMNS": settings.columns,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_MKDOCS_2_WARNING": "1",
    }
    command = [settings.python, "-c", FORCED, "build", "--jobs", str(settings.jobs)]
    done = subprocess.run(
        command, cwd=here, env=env, umask=settings.umask, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise RuntimeError(f"the build under the settings {settings.name!r} failed:\n{done.stdout}{done.stderr}")
    return digests(here / "site") | {
        f"build/docs/{name}": one for name, one in digests(here / "build" / "docs").items()
    }


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file below a folder, by its name from there."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the files that are not the same in two sites."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main(pythons: list[str]) -> int:
    """Compare builds, and say what came of it; `pythons` are others to build with."""
    wanted = (*OTHERS, *(Settings(one, python=one, folder=f"python {n}") for n, one in enumerate(pythons)))
    faults = 0
    with tempfile.TemporaryDirectory() as work:
        first = built(Path(work), FIRST)
        for settings in wanted:
            names = different(first, built(Path(work), settings))
            if settings.python != FIRST.python:  # the marker knows the program, and that its Python
                names = [name for name in names if not name.endswith(".kho-bao")]
            faults += len(names)
            verdict = f"{len(names)} of {len(first)} files differ: {', '.join(names[:20])}"
            print(f"{settings.name}: {verdict if names else f'the same {len(first)} files, byte for byte'}")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
