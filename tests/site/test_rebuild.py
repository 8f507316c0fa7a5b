"""A build after any change leaves the same bytes as a clean build of the same content, and writes only what changed."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from pathlib import Path
from textwrap import dedent

import pytest

OWN = Path(__file__).resolve().parents[1] / "clippings" / "own"
ENV = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1700000000"}


def build(project: Path, libraries: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Build; what stands in `libraries` is found before what is installed."""
    command = [sys.executable, "-m", "build_tools", "build"]
    env = {**ENV, "PYTHONPATH": str(libraries)} if libraries else ENV
    return subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)


def files(project: Path) -> dict[str, bytes]:
    """Return the site and the generated Markdown; a folder's own marker names the ledger of that one folder."""
    found = {}
    for folder in (project / "site", project / "build" / "docs"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != ".kho-bao":
                found[path.relative_to(project).as_posix()] = path.read_bytes()
    return found


class Archive:
    """A project that is built again and again, and the clean builds that it is compared with."""

    def __init__(self, project: Path, clean: Path) -> None:
        self.project, self.clean = project, clean
        self.clippings = project / "content" / "clippings"
        self.told = ""
        self._known: dict[str, dict[str, bytes]] = {}

    def rebuild(self, libraries: Path | None = None) -> dict[str, float]:
        """Build again, compare with a clean build, and return the files that were written, with their times."""
        before = self._times()
        again = build(self.project, libraries)
        assert again.returncode == 0, again.stderr
        self.told = again.stdout
        ours, theirs = files(self.project), self._cleanly(libraries)
        assert ours.keys() == theirs.keys()
        assert [name for name in ours if ours[name] != theirs[name]] == []
        return {name: time for name, time in self._times().items() if before.get(name) != time}

    def _cleanly(self, libraries: Path | None) -> dict[str, bytes]:
        """Return what a clean build of the same files leaves; made once of each state."""
        left_out = shutil.ignore_patterns("build", "site", "__pycache__")
        shutil.rmtree(self.clean, ignore_errors=True)
        shutil.copytree(self.project, self.clean, ignore=left_out)
        state = hashlib.sha256(str(libraries).encode())
        for path in sorted(path for path in self.clean.rglob("*") if path.is_file()):
            state.update(repr((path.relative_to(self.clean), path.read_bytes())).encode())
        if state.hexdigest() not in self._known:
            clean = build(self.clean, libraries)
            assert clean.returncode == 0, clean.stderr
            self._known[state.hexdigest()] = files(self.clean)
        return self._known[state.hexdigest()]

    def _times(self) -> dict[str, float]:
        site = self.project / "site"
        return {
            path.relative_to(site).as_posix(): path.stat().st_mtime_ns for path in site.rglob("*.html") if path.is_file()
        }


@pytest.fixture(scope="module")
def archive(project: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    made = Archive(project(), tmp_path_factory.mktemp("clean") / "project")
    for path in sorted(OWN.glob("00*.txt")):
        shutil.copy(path, made.clippings / path.name)
    assert build(made.project).returncode == 0
    yield made


def _change(archive: Archive) -> None:
    path = archive.clippings / "001.txt"
    path.write_bytes(path.read_bytes() + "\nHội nghị kết thúc trong không khí phấn khởi.\n".encode())


def _add(archive: Archive) -> None:
    shutil.copy(OWN / "011.txt", archive.clippings / "2019-moi.txt")


def _remove(archive: Archive) -> None:
    (archive.clippings / "002.txt").unlink()


def _correct(archive: Archive) -> None:
    (archive.clippings / "003.yaml").write_text('title: "Tên do người lưu trữ đặt"\n', encoding="utf-8")


def _rename_cluster(archive: Archive) -> None:
    text = "clusters:\n  - number: 88\n    authority: Công an tỉnh Hà Giang\n"
    (archive.clippings / "004.yaml").write_text(text, encoding="utf-8")


def _rename_clipping(archive: Archive) -> None:
    (archive.clippings / "005.txt").rename(archive.clippings / "bai-so-nam.txt")


def _change_template(archive: Archive) -> None:
    path = archive.project / "overrides" / "partials" / "footer.html"
    path.write_text(path.read_text(encoding="utf-8").replace("Cách trích dẫn", "Trích dẫn"), encoding="utf-8")


def _change_settings(archive: Archive) -> None:
    path = archive.project / "mkdocs.yml"
    text = path.read_text(encoding="utf-8").replace("site_name: Kho Báo", "site_name: Kho Bài")
    path.write_text(text.replace("# site_url:", "site_url:"), encoding="utf-8")


def _change_vocabulary(archive: Archive) -> None:
    path = archive.project / "build_tools" / "data" / "labels.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Chưa rõ cụm", "Không rõ cụm"), encoding="utf-8")


def _change_program(archive: Archive) -> None:
    path = archive.project / "build_tools" / "galley.py"
    path.write_text(path.read_text(encoding="utf-8").replace('LEDE = "kb-cap", "kb-lede"', 'LEDE = "kb-cap", "kb-led"'))


def _set_clock_back(archive: Archive) -> None:
    path = archive.clippings / "006.txt"
    path.write_bytes(path.read_bytes() + "\nTin cuối.\n".encode())
    for one in archive.project.rglob("*"):
        os.utime(one, (1, 1))


def _damage_site(archive: Archive) -> None:
    (archive.project / "site" / "cum" / "index.html").unlink()
    (archive.project / "site" / "index.html").write_text("half", encoding="utf-8")
    (archive.project / "build" / "docs" / "nam" / "index.md").unlink()


def _delete_cache(archive: Archive) -> None:
    shutil.rmtree(archive.project / "build" / "cache")
    (archive.project / "site" / "bai" / "cu.html").write_text("left over", encoding="utf-8")


def _break_off_build(archive: Archive) -> None:
    """What an interrupted build leaves: an empty marker, files of a state that nobody remembers."""
    (archive.project / "site" / ".kho-bao").write_bytes(b"")
    (archive.project / "site" / "bai" / "2099").mkdir()
    (archive.project / "site" / "bai" / "2099" / "index.html").write_text("another state", encoding="utf-8")


def _close_edition(archive: Archive) -> None:
    command = [sys.executable, "-m", "build_tools", "edition"]
    done = subprocess.run(command, cwd=archive.project, env=ENV, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _rename_cited_clipping(archive: Archive) -> None:
    """From here on every page calls the site a draft."""
    (archive.clippings / "007.txt").rename(archive.clippings / "bai-so-bay.txt")


def _withdraw(archive: Archive) -> None:
    (archive.clippings / "008.yaml").write_text("withdrawn: theo yêu cầu của toà soạn\n", encoding="utf-8")
    (archive.clippings / "008.txt").unlink()


CHANGES = {
    "changed": (_change, 60),
    "added": (_add, 90),
    "removed": (_remove, 60),
    "corrected": (_correct, 60),
    "renamed cluster": (_rename_cluster, 60),
    "renamed clipping": (_rename_clipping, 60),
    "changed template": (_change_template, None),
    "changed settings": (_change_settings, None),
    "changed vocabulary": (_change_vocabulary, None),
    "changed program": (_change_program, None),
    "clock set back": (_set_clock_back, 60),
    "damaged site": (_damage_site, 10),
    "deleted cache": (_delete_cache, None),
    "interrupted build": (_break_off_build, None),
    "closed edition": (_close_edition, None),
    "renamed clipping of an edition": (_rename_cited_clipping, None),
    "withdrawn": (_withdraw, 60),
}
"""What is done to the archive, and the most HTML files that may be written anew, None for all."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_rebuild_equals_a_clean_build(archive: Archive, name: str) -> None:
    change, most = CHANGES[name]
    change(archive)
    written = archive.rebuild()
    assert written
    if most is not None:
        assert len(written) <= most, sorted(written)


@pytest.mark.parametrize("cut", [0, 100, 5000])
def test_a_half_written_cache_costs_time_alone(archive: Archive, cut: int) -> None:
    for path in sorted((archive.project / "build" / "cache").rglob("*")):
        if path.is_file() and "stage" not in path.parts:
            path.write_bytes(path.read_bytes()[:cut])
    archive.rebuild()


def test_damaged_values_in_the_store_are_worked_out_again(archive: Archive) -> None:
    archive.rebuild()
    with sqlite3.connect(archive.project / "build" / "cache" / "records.sqlite") as store:
        store.execute("UPDATE small SET value = x'00' WHERE rowid % 2 = 0")
        store.execute("UPDATE large SET value = x'00'")
    shutil.rmtree(archive.project / "site")
    archive.rebuild()


def test_every_page_is_what_mkdocs_makes_of_its_markdown(archive: Archive) -> None:
    """With another Markdown extension all pages go through MkDocs; this one has nothing to do in them."""
    settings = archive.project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    archive.rebuild()
    ours = files(archive.project)
    settings.write_text(text.replace("  - attr_list", "  - footnotes\n  - attr_list"), encoding="utf-8")
    done = build(archive.project)
    assert done.returncode == 0, done.stderr
    theirs = files(archive.project)
    settings.write_text(text, encoding="utf-8")
    assert build(archive.project).returncode == 0
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def _as_version(libraries: Path, name: str, version: str) -> None:
    """Put down what says that a library is installed in another version; the library itself stays as it is."""
    metadata = next(file for file in distribution(name).files or () if file.name == "METADATA")
    target = libraries / metadata.parent.name.replace(distribution(name).version, version)
    shutil.copytree(Path(str(metadata.locate())).parent, target)
    text = (target / "METADATA").read_text(encoding="utf-8")
    changed = re.sub("(?m)^Version: .*$", f"Version: {version}", text, count=1)
    (target / "METADATA").write_text(changed, encoding="utf-8")


def _new_yaml(libraries: Path) -> None:
    """Of a PyYAML that reads something else."""
    _as_version(libraries, "PyYAML", "99.0")
    patch = """
        from yaml.constructor import SafeConstructor
        true = SafeConstructor.construct_scalar
        SafeConstructor.construct_scalar = lambda self, node: true(self, node).replace("bài báo trong", "bài cất trong")
    """
    (libraries / "sitecustomize.py").write_text(dedent(patch), encoding="utf-8")


def _new_pydantic(libraries: Path) -> None:
    """Of a pydantic that does the same."""
    _as_version(libraries, "pydantic", "99.0")


def _new_mkdocs(libraries: Path) -> None:
    """Of a MkDocs that links otherwise to style sheets."""
    _as_version(libraries, "mkdocs", "1.6.99")
    patch = """
        from jinja2 import pass_context
        from mkdocs.utils import templates
        true = templates.url_filter
        templates.url_filter = pass_context(lambda *given: true(*given) + "?new" * given[-1].endswith(".css"))
    """
    (libraries / "sitecustomize.py").write_text(dedent(patch), encoding="utf-8")


def _new_material(libraries: Path) -> None:
    """Of a Material with another frame: its own files, of which one template is another."""
    _as_version(libraries, "mkdocs-material", "9.99.0")
    (package,) = importlib.util.find_spec("material").submodule_search_locations
    templates = libraries / "material" / "templates"
    templates.mkdir(parents=True)
    for file in (*Path(package).iterdir(), *Path(package, "templates").iterdir()):
        target = libraries / "material" / file.relative_to(package)
        if file.name not in {"templates", "base.html", "__pycache__"}:
            target.symlink_to(file)
    text = Path(package, "templates", "base.html").read_text(encoding="utf-8")
    changed = text.replace("</head>", '<meta name="x-frame" content="another"></head>')
    assert changed != text
    (templates / "base.html").write_text(changed, encoding="utf-8")


UPGRADES = {
    "read otherwise": (_new_yaml, "bài cất trong kho"),
    "the same": (_new_pydantic, None),
    "MkDocs": (_new_mkdocs, ".css?new"),
    "Material": (_new_material, "x-frame"),
}
"""How a library is upgraded, and what the pages say then."""


@pytest.mark.parametrize("name", UPGRADES)
def test_after_an_upgrade_everything_is_made_again(archive: Archive, name: str, tmp_path: Path) -> None:
    """And after the way back: every clipping is read and every page written, to the bytes of a clean build.

    Pages at the top, which MkDocs makes in any case, are written if they are others.
    """
    upgrade, sign = UPGRADES[name]
    upgrade(tmp_path)
    clippings = len(list(archive.clippings.rglob("*.txt")))
    site = archive.project / "site"
    pages = {path.relative_to(site).as_posix() for path in site.glob("*/*/**/index.html")}
    assert len(pages) > clippings

    def signed() -> bool:
        return any(sign.encode() in data for path, data in files(archive.project).items() if path.endswith(".html"))

    for libraries in (tmp_path, None):
        written = archive.rebuild(libraries)
        assert f"({clippings:,} read)" in archive.told
        assert pages <= written.keys()
        assert sign is None or signed() == (libraries is not None)


def test_nothing_is_written_when_nothing_changed(archive: Archive) -> None:
    archive.rebuild()
    assert archive.rebuild() == {}
