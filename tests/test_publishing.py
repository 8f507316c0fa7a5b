"""What is published is whole and sound, or readers see what they saw; there is a way back."""

from __future__ import annotations

import errno
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small_site import PAGE, builder, files, seen

from build_tools import folder
from build_tools.errors import ArchiveError
from build_tools.lock import Lock
from build_tools.publishing import places, publication
from build_tools.publishing.inspection import Inspected, inspect
from build_tools.search import index

KILLING = Path(__file__).with_name("killing.py")
FOUND_IN = os.pathsep.join(map(str, (KILLING.parent, KILLING.parents[1])))


@pytest.fixture(params=["linked", "renamed"])
def path(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where to publish, on a system with symbolic links and on one without."""
    if request.param == "renamed":
        monkeypatch.setattr(Path, "symlink_to", _refused)
    return tmp_path / "public"


def _refused(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def _publish(path: Path, edition: str, **options: object) -> publication.Published:
    return publication.publish(path, builder(edition, path.parent / "cache"), **options)


def test_sites_follow_one_another_and_there_is_a_way_back(path: Path) -> None:
    assert not _publish(path, "one").before
    assert seen(path) == "one"
    assert _publish(path, "two").before
    assert seen(path) == "two"
    _publish(path, "three")
    publication.back(path)
    assert seen(path) == "two"
    with pytest.raises(ArchiveError, match="there is no site before the one that readers see"):
        publication.back(path)
    assert seen(path) == "two"


def test_what_was_taken_back_is_not_what_one_goes_back_to(path: Path) -> None:
    for edition in ("good", "bad"):
        _publish(path, edition)
    publication.back(path)
    _publish(path, "better")
    publication.back(path)
    assert seen(path) == "good"


@pytest.mark.parametrize("keep", [1, 2, 4])
def test_as_many_sites_are_kept_as_were_asked_for(path: Path, keep: int) -> None:
    for number in range(6):
        _publish(path, str(number), keep=keep)
    left = [number for number in range(6) if str(number) in _editions(path)]
    assert left == list(range(6 - keep, 6))
    for number in range(4, 5 - keep, -1):
        publication.back(path)
        assert seen(path) == str(number)


def _editions(path: Path) -> set[str]:
    sites = {path.resolve(), *(one for one in places.shelf_of(path).iterdir() if (one / "du-lieu.json").is_file())}
    return {json.loads((site / "du-lieu.json").read_bytes()) for site in sites}


FAULTS = {
    "nowhere": (PAGE.format(title="x", edition="x", link="gone/"), "the link gone/ leads nowhere"),
    "anchor": (PAGE.format(title="x", edition="x", link="bai/mot/#gone"), "leads to an anchor that is not there"),
    "nested": (PAGE.format(title="x", edition="<b><i>x</b></i>", link="#top"), "line 2: "),
    "open": (PAGE.format(title="x", edition="<section>", link="#top"), "line 2: "),
    "entity": (PAGE.format(title="x", edition="a & b &nosuch; c", link="#top"), "line 2: "),
    "twice": (PAGE.format(title="x", edition='<b id="top">x</b>', link="#top"), "the anchor top stands there 2 times"),
    "address": (PAGE.format(title="x", edition="x", link="http://[x"), "is no address"),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_page_with_a_fault_is_not_published(path: Path, text: str, said: str) -> None:
    _publish(path, "good")
    bad = builder("bad", path.parent / "cache", fault=text)
    with pytest.raises(ArchiveError, match=r"^fault\.html: ") as raised:
        publication.publish(path, bad)
    assert said in str(raised.value)
    assert str(raised.value).endswith(f"{path} is as it was")
    assert "\n" not in str(raised.value)
    assert seen(path) == "good"
    _publish(path, "good again")
    assert seen(path) == "good again"


def test_a_search_that_does_not_answer_is_not_published(path: Path) -> None:
    _publish(path, "good")

    def build(site: Path) -> publication.Built:
        built = builder("bad", path.parent / "cache")(site)
        for shard in (site / "search").glob("w-*"):
            shard.write_bytes(shard.read_bytes()[:-3])
        return replace(built, files={})

    with pytest.raises(ArchiveError, match=r"^search: w-.*cannot be read"):
        publication.publish(path, build)
    assert seen(path) == "good"


def test_a_search_that_finds_what_is_not_there_is_not_published(tmp_path: Path) -> None:
    builder("one", tmp_path / "cache")(tmp_path / "site")
    (tmp_path / "site" / "bai" / "hai" / "index.html").unlink()
    found = inspect(tmp_path / "site", None, tmp_path / "kept")
    assert found.faults == ("search: finds bai/hai/, which is not there",)


def test_links_with_the_site_s_own_address_are_followed(tmp_path: Path) -> None:
    builder("one", tmp_path / "cache")(tmp_path / "site")
    (tmp_path / "site" / "404.html").write_text(
        PAGE.format(title="x", edition='<a href="/kho/bai/hai/">b</a> <a href="/else/">c</a>', link="/kho/gone/")
    )
    found = inspect(tmp_path / "site", "https://example.org/kho/", tmp_path / "kept")
    assert found.faults == ("404.html: the link /kho/gone/ leads nowhere",)
    assert found.links == 5


def test_the_seed_site_is_sound_and_a_second_look_says_the_same(site, tmp_path: Path) -> None:
    first = inspect(site.folder, None, tmp_path / "kept")
    assert first.faults == ()
    assert first.queries == 3
    assert first.size == sum(one.stat().st_size for one in site.folder.rglob("*") if one.is_file())
    assert inspect(site.folder, None, tmp_path / "kept") == first
    (tmp_path / "kept").write_bytes(b"damaged")
    assert inspect(site.folder, None, tmp_path / "kept") == first


def test_an_archive_without_clippings_can_be_published(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "search").mkdir(parents=True)
    (site / "index.html").write_text(PAGE.format(title="x", edition="x", link="#top"))
    for name, data in index.files([]):
        (site / name).write_bytes(data)
    sizes = [one.stat().st_size for one in site.rglob("*") if one.is_file()]
    assert inspect(site, None, tmp_path / "kept") == Inspected(1, len(sizes), sum(sizes), 1, 0, ())


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of itself")
@pytest.mark.parametrize("mode", ["linked", "renamed", "adopted", "back"])
def test_a_kill_at_any_step_leaves_a_whole_site_and_the_next_run_mends_it(mode: str, tmp_path: Path) -> None:
    """Readers see the old site or the new one; with renames, or when a folder becomes a link, for a moment none."""
    command = [sys.executable, KILLING, tmp_path / "work", mode, "1"]
    env = {**os.environ, "PYTHONPATH": FOUND_IN}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] >= (5 if mode == "back" else 30)
    assert told["old"]
    assert told["new"]
    if mode in {"linked", "back"}:
        assert "None" not in told


def test_a_folder_that_was_built_there_becomes_the_site_before(tmp_path: Path) -> None:
    path = tmp_path / "public"
    builder("built", tmp_path / "cache")(path)
    assert _publish(path, "published").before
    assert path.is_symlink()
    publication.back(path)
    assert seen(path) == "built"


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    full, file, link = tmp_path / "full", tmp_path / "file", tmp_path / "link"
    full.mkdir()
    (full / "letter.txt").write_text("dear")
    file.write_text("text")
    link.symlink_to(full)
    for path, said in ((full, "did not build"), (file, "is a file"), (link, "is a link to another place")):
        with pytest.raises(ArchiveError, match=said):
            _publish(path, "one")
    assert (full / "letter.txt").read_text() == "dear"
    with pytest.raises(ArchiveError, match="cannot be published to"):
        _publish(Path("/"), "one")
    with pytest.raises(ArchiveError, match="nothing was published there"):
        publication.back(tmp_path / "nothing")


def test_two_at_once_do_not_mix(path: Path) -> None:
    _publish(path, "one")
    lock = Lock(places.shelf_of(path))
    lock.take()
    try:
        with pytest.raises(ArchiveError, match="another build is at work in it, process"):
            _publish(path, "two")
        with pytest.raises(ArchiveError, match="another build"):
            publication.back(path)
    finally:
        lock.free()
    assert seen(path) == "one"


def test_compressed_files_stand_beside_the_others_and_say_the_same(path: Path) -> None:
    for edition in ("one", "two"):
        _publish(path, edition, compress=True)
        packed = sorted(path.rglob("*.gz"))
        assert {one.name.removesuffix(".gz") for one in packed} == {"index.html", "du-lieu.json"}
        for one in packed:
            assert gzip.decompress(one.read_bytes()) == one.with_suffix("").read_bytes()
            assert one.read_bytes()[4:8] == bytes(4)
    _publish(path, "three")
    assert not list(path.rglob("*.gz"))


def test_only_what_changed_is_written_anew(tmp_path: Path) -> None:
    changed: list[list[str]] = []

    def build(site: Path) -> publication.Built:
        out = folder.Folder(site, tmp_path / "cache" / "ledger.bin")
        for name, data in files("one").items():
            out.put(name, data)
        out.finish()
        changed.append(out.changed)
        return publication.Built(None, tmp_path / "cache")

    for _ in range(3):
        publication.publish(tmp_path / "public", build)
    assert [len(some) for some in changed] == [len(files("one")), 0, 0]


# Disks


def test_a_full_disk_leaves_the_site_and_room_for_what_comes(disk: Callable[..., Path], tmp_path: Path) -> None:
    path = disk(400_000) / "public"
    cache = tmp_path / "cache"
    publication.publish(path, builder("old", cache))
    free = shutil.disk_usage(path.parent).free
    with pytest.raises(ArchiveError, match=rf"No space left on device.*; {path} is as it was$"):
        publication.publish(path, builder("big", cache, big="x" * 500_000))
    assert seen(path) == "old"
    assert shutil.disk_usage(path.parent).free == free
    publication.publish(path, builder("new", cache))
    assert seen(path) == "new"


def test_a_disk_that_may_not_be_written_keeps_its_site(disk: Callable[..., Path], tmp_path: Path) -> None:
    path = disk(2_000_000) / "public"
    publication.publish(path, builder("old", tmp_path / "cache"))
    subprocess.run(["mount", "-o", "remount,ro", str(path.parent)], check=True)
    for work in (lambda: publication.publish(path, builder("new", tmp_path / "cache")), lambda: publication.back(path)):
        with pytest.raises(ArchiveError, match="Read-only file system"):
            work()
    assert seen(path) == "old"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("after", [0, 3, 99])
def test_a_write_that_fails_anywhere_leaves_the_site(
    path: Path, number: int, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same by a stand-in for the disk, for those who may mount none."""
    _publish(path, "old")
    write = folder.write
    count = 0

    def failing(file: Path, data: bytes) -> None:
        nonlocal count
        count += 1
        if count > min(after, len(files("new")) - 4):
            raise OSError(number, os.strerror(number), str(file))
        write(file, data)

    with monkeypatch.context() as patch:
        patch.setattr(folder, "write", failing)
        with pytest.raises(ArchiveError, match=rf"{os.strerror(number)}; .* is as it was$"):
            _publish(path, "new")
    assert seen(path) == "old"
    assert (places.shelf_of(path) / "next").is_dir() == (number != errno.ENOSPC)
    _publish(path, "new")
    assert seen(path) == "new"


# The command


@pytest.mark.slow
def test_the_command_publishes_and_goes_back(project: Callable[[], Path], run: Callable, tmp_path: Path) -> None:
    home = project()
    first = run("build_tools", "publish", "public", cwd=home)
    assert first.returncode == 0, first.stderr
    assert "queries tried; there is no site before" in first.stdout
    assert first.stdout.endswith(
        "\nno edition has been closed, so there was none to compare the site with (see kho-bao edition)\n"
    )
    page = "bai/2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi/index.html"
    before = (home / "public" / page).read_bytes()
    about = home / "content" / "pages" / "gioi-thieu.md"
    text = about.read_text(encoding="utf-8")

    about.write_text(f"{text}\n<p><a href='../khong-co/'>x</a></p>\n", encoding="utf-8")
    refused = run("build_tools", "publish", "public", cwd=home)
    assert refused.returncode == 2
    error = refused.stderr.strip().splitlines()[-1]
    assert error.startswith("Error: gioi-thieu/index.html: the link ../khong-co/ leads nowhere; ")
    assert error.endswith("public is as it was")
    assert (home / "public" / page).read_bytes() == before

    about.write_text(f"{text}\nMới.\n", encoding="utf-8")
    assert run("build_tools", "publish", "public", cwd=home).returncode == 0
    assert "Mới." in (home / "public" / "gioi-thieu" / "index.html").read_text(encoding="utf-8")
    back = run("build_tools", "publish", "public", "--rollback", cwd=home)
    assert back.stdout == "public: shows the site before\n"
    assert "Mới." not in (home / "public" / "gioi-thieu" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_is_published_is_what_is_built(project: Callable[[], Path], run: Callable, site) -> None:
    home = project()
    for _ in range(2):  # the second begins with a copy of the first
        assert run("build_tools", "publish", "public", cwd=home).returncode == 0
    found = {
        one.relative_to(home / "public"): one.read_bytes() for one in (home / "public").rglob("*") if one.is_file()
    }
    built = {one.relative_to(site.folder): one.read_bytes() for one in site.folder.rglob("*") if one.is_file()}
    found.pop(Path(folder.MARKER))
    built.pop(Path(folder.MARKER))
    assert found == built
