"""Five hundred clippings that try to break out, in one site: none is lost, none runs, nothing from outside comes in."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import hostile_archive
import pytest

PROBE = """
  globalThis.kbSeen = []
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    top.kbSeen.push(`${location.pathname}: ${violatedDirective}: ${blockedURI}`)
  })
"""
OPEN = """async (addresses) => {
  const open = (address) => new Promise((done) => {
    const frame = document.createElement("iframe")
    frame.hidden = true
    frame.onload = () => setTimeout(() => {
      const inside = frame.contentWindow
      if (!inside.document.querySelector("main h1")) top.kbSeen.push(`${address}: is no page`)
      if (inside.kbRan) top.kbSeen.push(`${address}: ran`)
      frame.remove()
      done()
    }, 0)
    frame.src = address
    document.body.append(frame)
  })
  const left = [...addresses]
  const work = async () => { while (left.length) await open(left.pop()) }
  await Promise.all(Array.from({ length: 6 }, work))
  return [...top.kbSeen, ...(top.kbRan === undefined ? [] : ["something ran"])]
}"""
TOGETHER = 50
"""Pages opened in frames of one page that has no policy of its own."""
EACH = 9
"""Of so many pages one is opened; all of them with --thorough."""
DATA = ("application/json", "application/ld+json")
HANDLER = re.compile(r"<[^>]*\s(?:on\w+|srcdoc|formaction|ping)\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class Many:
    """The folder with `content` and what lies beside it, what the build said, the site and its address."""

    folder: Path
    told: str
    site: Path
    url: str

    def pages(self) -> list[Path]:
        return sorted(self.site.rglob("*.html"))


@pytest.fixture(scope="module")
def many(
    run: Callable, root: Path, project: Callable, serve: Callable, tmp_path_factory: pytest.TempPathFactory
) -> Many:
    folder = tmp_path_factory.mktemp("many")
    shutil.copytree(root / "content" / "pages", folder / "content" / "pages")
    hostile_archive.make(folder / "content", folder / "beside")
    done = run("build_tools", "build", "--content", folder / "content", "--site", folder / "site", cwd=project())
    assert done.returncode == 0, done.stderr
    return Many(folder, done.stdout + done.stderr, folder / "site", serve(folder / "site"))


def _beside(many: Many, number: int) -> bytes:
    """Return the correction of the clipping with this number."""
    return b"".join(path.read_bytes() for path in (many.folder / "content").rglob(f"bai-{number:03}.yaml"))


def test_each_clipping_is_published_or_named(many: Many) -> None:
    """All but those that are withdrawn, hidden (by a dot) or held back have a page; traps are named."""
    assert "Traceback" not in many.told
    assert "the program failed" not in many.told
    there: set[int] = set()
    for path in many.site.glob("bai/*/*/index.html"):
        there |= set(map(int, re.findall(r"Bài số (\d+)\.", path.read_text(encoding="utf-8"))))
    absent = set(range(hostile_archive.MANY)) - there
    withdrawn = {one for one in absent if b"withdrawn" in _beside(many, one)}
    hidden = {number for number, name in enumerate(hostile_archive.NAMES) if name.startswith(".")}
    held = {int(one) for one in re.findall(r"bai-(\d+)\.txt: is not published: its correction", many.told)}
    assert absent == withdrawn | hidden | held
    assert len(there) > 0.9 * hostile_archive.MANY
    for name in ("ong.txt", "ong-3.txt", "ong.yaml", "vong.txt", "dut.txt", "udcff"):
        assert re.search(rf"^clippings/\S*{re.escape(name)}\S*: ", many.told, re.MULTILINE), name


def test_nothing_from_outside_the_folder_is_in_the_site(many: Many) -> None:
    """Neither what links lead to, nor the system's files; each such link is named."""
    passwd = Path("/etc/passwd").read_bytes().splitlines()[0]
    for path in (one for one in many.site.rglob("*") if one.is_file()):
        data = path.read_bytes()
        assert hostile_archive.SECRET.encode() not in data, path
        assert passwd not in data, path
        assert not path.is_symlink()
    assert hostile_archive.SECRET not in many.told
    for name in ("lien-ket.txt", "tuong-doi.txt", "mat-khau.txt", "khong.txt", "duoc-sua.yaml"):
        assert f"clippings/{name}: is a link out of the clippings folder" in many.told
    assert {one.name for one in many.folder.iterdir()} == {"content", "beside", "site"}


def test_no_page_has_an_element_that_templates_do_not_make(many: Many, elements: Callable) -> None:
    """No handler, no frame, no script or style of a clipping's, no address elsewhere, in any page."""
    found = []
    for page in many.pages():
        text = page.read_text(encoding="utf-8")
        name = os.fsencode(page.relative_to(many.site))
        if HANDLER.search(text) is None and "evil.example" not in text and "javascript:" not in text.lower():
            continue  # nothing that is worth the time of a parser
        for element in elements(text):
            values = element.attributes
            bad = [n for n in values if n.startswith("on") or n in ("srcdoc", "formaction", "ping")]
            if element.name == "a" and "download" in values and values.get("href", "").startswith("data:application/"):
                continue  # a citation, which is saved and never opened
            links = [values.get(n, "").strip().lower() for n in ("href", "src", "srcset", "action", "data", "poster")]
            bad += [one for one in links if one.startswith(("javascript:", "data:", "vbscript:")) or "evil." in one]
            if element.name in ("iframe", "object", "embed", "base", "math", "style", "video"):
                bad.append(element.name)
            if element.name == "script" and values.get("type") not in DATA and element.text.strip():
                bad.append("script")
            if element.name == "meta" and values.get("http-equiv", "").lower() == "refresh" and "evil" in str(values):
                bad.append("refresh")
            found += [f"{name!r}: {element.name}: {what}" for what in bad]
    assert not found, "\n".join(found[:20])


@pytest.mark.browser
def test_nothing_runs_and_nothing_is_asked_for(many: Many, look: Callable, thorough: bool) -> None:
    """Under the pages' policy: no dialog, no request to another host, nothing that the policy had to refuse."""
    names = [page.relative_to(many.site).as_posix().removesuffix("index.html") for page in many.pages()]
    chosen = names if thorough else names[::EACH]
    page = look(f"{many.url}404.html")
    page.add_init_script(PROBE)
    frames = f"{many.url}khung"
    page.route(frames, lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html"))
    page.goto(frames)
    seen = []
    for start in range(0, len(chosen), TOGETHER):
        seen = page.evaluate(OPEN, [f"{many.url}{name}" for name in chosen[start : start + TOGETHER]])
        assert seen == []
    assert "bai/" in "".join(chosen)
    page.context.close()  # the probe would stay in it


@pytest.mark.browser
def test_the_probe_sees_what_runs(look: Callable, site) -> None:
    page = look(site.url)
    page.add_init_script(PROBE)
    frames, other = f"{site.url}khung", f"{site.url}chay"
    page.route(frames, lambda route: route.fulfill(body="<!doctype html><body>", content_type="text/html"))
    body = "<main><h1>x</h1></main><script>top.kbRan = 1</script>"
    page.route(other, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(frames)
    assert page.evaluate(OPEN, [other]) == ["something ran"]
    page.context.close()
