"""What the last edition promised is kept by what is published, or told; what explains a difference is no fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small_site import builder, files, seen
from test_editions import FIRST, SECOND, built, content, day, move, write

from build_tools import closing, folder
from build_tools.closing import Verdict
from build_tools.editions import promises
from build_tools.errors import ArchiveError
from build_tools.publishing import places, publication

__all__ = ["content", "day"]

THIRD = "bai/2024/tong-ket-cum-5-cong-an-tinh/"


def broken(content: Path) -> list[str]:
    promise = built(content).report.promise
    assert promise
    ended = {url: grave.path for grave in promise.now.withdrawn.values() for url in grave.addresses}
    texts = promises.withdrawn_texts(content, promise.editions, ended)
    return list(promises.broken(promise.last, promise.now, texts))


def test_without_an_edition_nothing_was_promised(content: Path) -> None:
    assert built(content).report.promise is None


EXPLAINED: dict[str, Callable[[Path], object]] = {
    "nothing": lambda content: None,
    "a new clipping": lambda content: (content / "clippings" / "moi.txt").write_text("Cụm thi đua số 1 họp.\n"),
    "a correction": lambda content: write(content, FIRST, "year: 2019\n"),
    "another name": lambda content: move(content, FIRST, "2017/ten-moi"),
    "a withdrawal": lambda content: write(content, SECOND, 'withdrawn: "theo yêu cầu"\n'),
}


@pytest.mark.parametrize("change", EXPLAINED.values(), ids=EXPLAINED)
def test_what_an_archivist_does_between_editions_breaks_no_promise(
    content: Path, change: Callable[[Path], object]
) -> None:
    closing.close(content)
    change(content)
    assert broken(content) == []


def test_another_text_under_the_same_name_is_told_until_an_edition_tells_of_it(content: Path) -> None:
    closing.close(content)
    path = content / "clippings" / f"{FIRST}.txt"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (said,) = broken(content)
    assert said.startswith(f"{FIRST}.txt: its text is not that of the edition (put the file back and correct it")
    closing.close(content)
    assert broken(content) == []


def test_a_withdrawal_that_is_gone_is_told(content: Path) -> None:
    write(content, SECOND, 'withdrawn: "theo yêu cầu"\n')
    closing.close(content)
    (content / "clippings" / f"{SECOND}.yaml").unlink()
    (said,) = broken(content)
    assert said.startswith(f"/bai/{SECOND}/: was withdrawn, and shows a clipping again (write  withdrawn: ")


def test_a_withdrawn_text_is_known_under_another_name_when_it_was_deleted(content: Path) -> None:
    closing.close(content)
    write(content, SECOND, 'withdrawn: "theo yêu cầu"\n')
    closing.close(content)
    move(content, SECOND, "2020/khac")
    assert broken(content) == [f"2020/khac.txt: is the text of {SECOND}.txt, which is withdrawn (remove it)"]


def test_addresses_that_were_dropped_are_told_until_an_edition_leaves_them_out(content: Path) -> None:
    move(content, FIRST, "2017/ten-moi")
    write(content, "2017/ten-moi", "formerly: [bai/2017/ten-cu]\n")
    write(content, SECOND, 'withdrawn: "theo yêu cầu"\n')
    closing.close(content)
    for name in ("2017/ten-moi.txt", "2017/ten-moi.yaml", f"{SECOND}.txt", f"{SECOND}.yaml"):
        (content / "clippings" / name).unlink()
    promise = built(content, drop=True).report.promise
    assert promise
    told = [line.partition(" (")[0] for line in promises.broken(promise.last, promise.now, {})]
    assert told == [
        "/bai/2017/ten-moi/: would vanish",
        f"/bai/{SECOND}/: was withdrawn, and would vanish",
        "/bai/2017/ten-cu/: led on, and would vanish",
    ]
    closing.close(content, drop=True)
    assert broken(content) == []


# The site


def kept(content: Path) -> list[str]:
    """Return how the site differs, but for its HTML, which is not made here."""
    promise = built(content).report.promise
    assert promise
    verdict = closing.kept(content.parent / "site", content, promise)
    return [said for said in verdict.differences if not said.endswith("/: is not there")]


def test_data_that_are_not_the_archives_are_told(content: Path) -> None:
    closing.close(content)
    assert kept(content) == []
    site = content.parent / "site"
    promise = built(content).report.promise
    assert promise
    (site / "du-lieu" / "articles.jsonl.gz").write_bytes(b"x")
    (site / "du-lieu" / "manifest.json").write_bytes(b"{}")
    told = closing.kept(site, content, promise).differences
    assert "/du-lieu/articles.jsonl.gz: is not what datapackage.json says" in told
    assert "/du-lieu/articles.jsonl.gz: cannot be read" in told
    assert "/du-lieu/manifest.json: is not the edition's" in told
    assert f"/bai/{FIRST}/: is not there" in told


def test_a_draft_is_compared_with_the_archive_and_not_with_the_edition(content: Path) -> None:
    closing.close(content)
    write(content, FIRST, "year: 2019\n")
    write(content, SECOND, 'withdrawn: "theo yêu cầu"\n')
    assert kept(content) == []


# Publishing


def test_a_site_that_breaks_a_promise_is_not_published(tmp_path: Path) -> None:
    path, verdict = tmp_path / "public", Verdict("2023-11-14-x", differences=["/bai/mot/: is not there", "b: c"])
    publication.publish(path, builder("old", tmp_path / "cache"))

    def build(site: Path) -> publication.Built:
        return replace(builder("new", tmp_path / "cache")(site), compared=lambda _: verdict)

    with pytest.raises(ArchiveError) as raised:
        publication.publish(path, build)
    left = places.shelf_of(path) / "next"
    end = f"edition 2023-11-14-x is not kept; what was built stands in {left}; {path} is as it was"
    assert str(raised.value).splitlines() == ["/bai/mot/: is not there", "b: c", end]
    assert seen(path) == "old"
    verdict.differences.clear()
    assert publication.publish(path, build).verdict is verdict
    assert seen(path) == "new"


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "truncated": (lambda page: page.write_bytes(page.read_bytes()[:-1]), "bytes of"),
    "changed": (lambda page: page.write_bytes(page.read_bytes().replace(b"Cum 5", b"Cum 6", 1)), "other bytes"),
    "gone": (Path.unlink, "is gone"),
    "no file": (lambda page: (page.unlink(), page.mkdir()), "cannot be read"),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("late", [False, True], ids=["after the build", "after the inspection"])
def test_a_page_that_is_not_what_the_build_wrote_is_not_published_and_is_mended_by_the_next(
    tmp_path: Path, damage: Callable[[Path], object], said: str, late: bool
) -> None:
    path, cache = tmp_path / "public", tmp_path / "cache"
    publication.publish(path, builder("old", cache))

    def build(site: Path) -> publication.Built:
        done = builder("new", cache)(site)
        page = site / "bai" / "mot" / "index.html"
        page.write_bytes(page.read_bytes().replace("Cụm 5".encode(), b"Cum 5"))
        changed = {**done.files, "bai/mot/index.html": folder.read(page)}

        def harmed(_: Path) -> Verdict:
            damage(page)
            return Verdict("")

        if not late:
            damage(page)
        return replace(done, files=changed, compared=harmed if late else None)

    with pytest.raises(ArchiveError, match=rf"^bai/mot/index\.html: .*{said}.*publish again: .* is as it was$"):
        publication.publish(path, build)
    assert seen(path) == "old"
    assert (places.shelf_of(path) / "next" / folder.MARKER).read_bytes() == b""
    shutil.rmtree(places.shelf_of(path) / "next" / "bai" / "mot")
    publication.publish(path, builder("new", cache))
    assert seen(path) == "new"


def test_a_page_that_was_damaged_where_readers_see_it_is_not_published_again(tmp_path: Path) -> None:
    """Of the same size, so that a build takes it for what it wrote."""
    path, cache = tmp_path / "public", tmp_path / "cache"
    publication.publish(path, builder("one", cache))
    page = path / "bai" / "mot" / "index.html"
    page.write_bytes(page.read_bytes().replace(b"one", b"eno"))
    with pytest.raises(ArchiveError, match=r"^bai/mot/index\.html: holds other bytes, not what the build wrote"):
        publication.publish(path, builder("one", cache))
    publication.publish(path, builder("one", cache))
    assert seen(path) == "one"
    assert (path / "bai" / "mot" / "index.html").read_bytes() == files("one")["bai/mot/index.html"]


@pytest.mark.slow
def test_the_command_publishes_drafts_and_refuses_what_no_change_explains(
    project: Callable[[], Path], run: Callable, tmp_path: Path
) -> None:
    home = project()
    time = {"SOURCE_DATE_EPOCH": "1700000000"}
    assert run("build_tools", "edition", cwd=home, **time).returncode == 0
    (edition,) = (home / "content" / "editions").iterdir()
    clippings = home / "content" / "clippings"
    write(home / "content", SECOND, 'withdrawn: "theo yêu cầu"\n')
    move(home / "content", FIRST, "2017/ten-moi")
    (clippings / "moi.txt").write_text("Cụm thi đua số 1 họp ngày 3/4/2021.\n", encoding="utf-8")
    done = run("build_tools", "publish", "public", cwd=home, **time)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(f"edition {edition.stem} is kept: 5 promises, ")
    page = home / "public" / THIRD / "index.html"
    before = page.read_bytes()

    text = clippings / f"{THIRD[4:-1]}.txt"
    text.write_bytes(text.read_bytes() + b"\n")
    refused = run("build_tools", "publish", "public", cwd=home, **time)
    assert refused.returncode == 2
    assert f"{THIRD[4:-1]}.txt: its text is not that of the edition" in refused.stderr
    assert refused.stderr.endswith("public is as it was\n")
    assert page.read_bytes() == before
    assert run("build_tools", "edition", cwd=home, **time).returncode == 0
    assert run("build_tools", "publish", "public", cwd=home, **time).returncode == 0
