"""The files for programs are the same however many of their parts come from the last ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from build_tools.archive import Archive
from build_tools.reuse import exports
from build_tools.reuse.plain import Site
from build_tools.reuse.tables import TABLES, Row, Table
from build_tools.reuse.writer import ALL, Fragment, Part

TYPES = {"string": "chữ", "integer": 7, "boolean": True}


def row(table: Table, key: str, chance: random.Random) -> Row:
    values = [TYPES[column.type] if chance.random() < 0.8 else None for column in table.columns]
    return tuple([key, *values[1:]] if table.key else [*values[:-1], key * chance.randrange(40)])


def fragment(name: str) -> Fragment:
    """Return some made-up articles; the name is all that has a say in them."""
    chance = random.Random(name)  # noqa: S311
    rows = {
        table.name: [row(table, f"{name}-{number}", chance) for number in range(chance.randrange(1, 60))]
        for table in chance.sample([table for table in TABLES if table.name not in ("units", "people", "clusters")], 6)
    }
    said = f'{{"id":"{name}"}}'
    return Fragment(
        rows,
        {table: f"{name},{len(found)}\r\n" for table, found in rows.items()},
        said,
        exports.gz.packed(f"{said}\n".encode()),
        {form: f"{form} {name}\n" for form in ALL},
    )


class Files:
    """A folder that is written again and again, beside one that is always written anew.

    With `looked_at`, somebody else looks at the files before.
    """

    def __init__(self, folder: Path, *, looked_at: bool = False) -> None:
        self.folder, self.loaded, self._number = folder / "data", list[str](), 0
        self.looked_at = looked_at

    def load(self, name: str) -> Fragment:
        self.loaded.append(name)
        return fragment(name)

    def write(self, names: Sequence[str]) -> list[str]:
        """Write parts of these names, hold them against a clean folder, and return which were made."""
        self._number += 1
        clean = self.folder.with_name(f"clean {self._number}")
        made = [self.write_to(folder, names) for folder in (clean, self.folder)]
        assert made[0] == made[1]
        there = [{one.name: (folder / one.name).read_bytes() for one in made[0]} for folder in (clean, self.folder)]
        assert there[0] == there[1]
        assert sorted(path.name for path in self.folder.iterdir()) == sorted([*there[0], exports.MADE])
        loaded = self.loaded[len(names) :]
        self.loaded.clear()
        return loaded

    def write_to(self, folder: Path, names: Sequence[str]) -> list[exports.File]:
        parts = [Part(name, partial(self.load, name)) for name in names]
        archive, _ = Archive.of((), "clippings/")
        found = exports.sums(folder) if self.looked_at else None
        return exports.write(folder, " ".join(names), exports.Contents(archive, parts, {}, Site("Kho")), found)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_change_the_files_are_those_of_a_clean_build(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    files, names, number = Files(tmp_path), [f"p{number}" for number in range(6)], 6
    assert files.write(names) == names
    for _ in range(6):
        before = [*names]
        for _ in range(chance.randint(0, 3)):
            place, number = chance.randrange(len(names) + 1), number + 1
            names[place : place + chance.randint(0, 2)] = [f"p{number}"][: chance.randint(0, 2)]
        assert files.write(names) == [name for name in names if name not in before]


def test_parts_may_change_their_order(tmp_path: Path) -> None:
    files = Files(tmp_path, looked_at=True)
    files.write(["a", "b", "c"])
    assert files.write(["c", "a", "b"]) == []


def test_without_parts_the_files_are_whole(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write(["a"])
    assert files.write([]) == []
    assert (files.folder / "articles.json").read_text() == "[]\n"
    assert files.write(["a"]) == ["a"]


@pytest.mark.parametrize("name", ["kho.sqlite", "articles.csv", "all.csl.json", "articles.jsonl.gz", exports.MADE])
@pytest.mark.parametrize("how", ["other", "shorter", "gone"])
@pytest.mark.parametrize("looked_at", [False, True], ids=["here", "by another"])
def test_nothing_is_taken_from_files_that_were_damaged(tmp_path: Path, name: str, how: str, looked_at: bool) -> None:
    files = Files(tmp_path, looked_at=looked_at)
    files.write(["a", "b"])
    path = files.folder / name
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-9] if how == "shorter" else data[:9] + bytes([data[9] ^ 1]) + data[10:])
    assert files.write(["a", "b", "c"]) == ["a", "b", "c"]


def test_what_an_interruption_left_is_in_nobodys_way(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write(["a", "b"])
    (files.folder / "next").mkdir()
    (files.folder / "next" / "kho.sqlite").write_bytes(b"half")
    assert files.write(["a", "b", "c"]) == ["c"]
    (files.folder / "next").write_bytes(b"a file where a folder is to stand")
    (files.folder / "left").mkdir()
    assert files.write(["a", "c"]) == []


def test_parts_without_a_name_are_always_made(tmp_path: Path) -> None:
    files = Files(tmp_path)
    archive, _ = Archive.of((), "clippings/")
    for _ in range(2):
        parts = [Part("", partial(files.load, name)) for name in ("a", "b")]
        exports.write(files.folder, "", exports.Contents(archive, parts, {}, Site("Kho")))
    assert files.loaded == ["a", "b", "a", "b"]
    assert exports.parts(files.folder) == frozenset()
