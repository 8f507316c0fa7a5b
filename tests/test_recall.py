"""What the store tells of clippings, kept together: a short cut, and never another answer than the store's."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from making import clipping

from build_tools import recall
from build_tools.brief import brief
from build_tools.recall import Found, Recall
from build_tools.store import Store, packed

NAMES = [f"{number:02}.txt" for number in range(20)]


def found(name: str, title: str = "Một nhan đề") -> Found:
    return brief(clipping(name, title=title)), ()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "records.sqlite")
    for name in NAMES:
        put(store, name, f"key of {name}")
    return store


def put(store: Store, name: str, key: str, title: str = "Một nhan đề") -> None:
    store.add([(name, key, packed(pickle.dumps(found(name, title))), packed(b""))])


def asked(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names that the store is asked for, a list that grows."""
    names: list[str] = []
    small = store.small
    monkeypatch.setattr(store, "small", lambda wanted: (names.extend(wanted), small(wanted))[1])
    return names


def kept(store: Store, path: Path, program: str = "program") -> None:
    known = store.keys()
    one = Recall(path, program)
    one.keep({name: (known[name], value) for name, value in one.of(store, known).items()}, changed=len(known))


def test_what_is_kept_together_is_not_asked_of_the_store(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(store, tmp_path / "briefs.bin")
    names = asked(store, monkeypatch)
    put(store, "03.txt", "another key", "Một nhan đề khác")
    store.drop(["05.txt"])
    assert Recall(tmp_path / "briefs.bin", "program").of(store, store.keys()) == {
        name: found(name, "Một nhan đề khác" if name == "03.txt" else "Một nhan đề")
        for name in NAMES
        if name != "05.txt"
    }
    assert names == ["03.txt"]


@pytest.mark.parametrize("damage", [b"", b"other", None, "folder"], ids=["empty", "other", "cut", "a folder"])
def test_a_damaged_file_costs_time_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | str | None
) -> None:
    path = tmp_path / "briefs.bin"
    kept(store, path)
    data = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    else:
        path.write_bytes(data[:-1] if damage is None else damage)
    names = asked(store, monkeypatch)
    assert Recall(path, "program").of(store, store.keys()) == {name: found(name) for name in NAMES}
    assert names == NAMES
    kept(store, path)


def test_another_program_reads_nothing_that_was_kept(store: Store, tmp_path: Path) -> None:
    kept(store, tmp_path / "briefs.bin")
    known = dict.fromkeys(NAMES, "a key of another program")
    assert Recall(tmp_path / "briefs.bin", "another").of(store, known) == {}


def test_the_file_is_written_again_when_much_of_it_is_old(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "STALE", 3)
    path = tmp_path / "briefs.bin"
    kept(store, path)
    written = [path.read_bytes()]
    for number, name in enumerate(NAMES[:4], 1):
        one, known = Recall(path, "program"), store.keys()
        then = one.of(store, known)
        put(store, name, "another key", "Một nhan đề khác")
        known = store.keys()
        then[name] = found(name, "Một nhan đề khác")
        one.keep({name: (known[name], value) for name, value in then.items()}, changed=1)
        written.append(path.read_bytes())
        assert (written[-1] != written[-2]) == (number == 3), number


def test_a_preview_has_them_at_hand(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names, known = asked(store, monkeypatch), store.keys()
    at_hand = {name: (known[name], found(name)) for name in NAMES[:-1]}
    assert len(Recall(tmp_path / "briefs.bin", "program").of(store, known, at_hand)) == len(NAMES)
    assert names == NAMES[-1:]
