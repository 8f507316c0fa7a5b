"""An index of which only the changed shards were merged again is the one that is merged as a whole."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

import pytest

from build_tools import search
from build_tools.search import again, postings, shards
from build_tools.search.documents import Document
from build_tools.search.index import FOLDER, fields
from build_tools.store import packed, unpacked

WORDS = [f"{first}{rest}" for first in ("b", "c", "đ", "h", "ngh", "th") for rest in ("a", "á", "an", "ang", "ô", "ử")]
SIZE = 8
"""Documents of a batch."""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards and ranges as small as the texts."""
    monkeypatch.setattr(shards, "SHARD", 300)
    monkeypatch.setattr(shards.cut, "__defaults__", (300,))
    monkeypatch.setattr(postings, "RANGE", 400)


def text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, range(1, len(WORDS) + 1), k=words))


def documents(texts: list[str], title: str = "Hội nghị") -> list[Document]:
    return [Document(f"bai/{number:03}/", title, (one,)) for number, one in enumerate(texts)]


def counted(folder: Path, texts: list[str]) -> list[Path]:
    """Return the files of the counted batches, named by their content as a build names them."""
    files = []
    for start in range(0, len(texts), SIZE):
        batch = postings.count([fields(one) for one in documents(texts)[start : start + SIZE]]).saved()
        files.append(folder / f"{hashlib.sha256(batch).hexdigest()}.batch")
        files[-1].write_bytes(batch)
    return files


class Index:
    """An index that is made again and again in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.left, self.site = folder, folder / "left.bin", dict[str, bytes]()

    def make(self, texts: list[str], program: str = "", likeness: str = "") -> tuple[bool, bool]:
        """Make it; return whether it is the one that is merged as a whole, and whether that was not done.

        `likeness` is shown of the clippings: their headline.
        """
        _parts.clear()
        shown = documents(texts, likeness or "Hội nghị")
        whole = dict(search.merged(shown, counted(self.folder, texts)))
        there = search.There(frozenset(self.site), self.left, program, likeness)
        found = dict(search.merged(shown, counted(self.folder, texts), there=there))
        self.site = {name: self.site[name] if data is None else data for name, data in found.items()}
        return self.site == whole and list(found) == list(whole), bool(_parts)


_parts: list[object] = []


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what `again.merged` gave last."""
    true = again.merged

    def listening(*args: object) -> object:
        _parts.clear()
        found = true(*args)  # type: ignore[arg-type]
        _parts.extend(found or [])
        return found

    monkeypatch.setattr(again, "merged", listening)


@pytest.mark.parametrize("seed", range(12))
def test_after_any_change_the_index_is_that_of_a_whole_merge(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    texts = [text(chance, 60) for _ in range(40)]
    index = Index(tmp_path)
    assert index.make(texts)[0]
    for _ in range(6):
        place = chance.randrange(len(texts))
        match chance.randrange(4):
            case 0:
                words = texts[place].split()
                words[chance.randrange(len(words))] = chance.choice([*WORDS, "lạ", "ấ", "zz"])
                texts[place] = " ".join(words)
            case 1:
                texts[place] += f" {text(chance, 2)}"
            case 2:
                texts[place] = text(chance, chance.randrange(200))
            case 3:
                texts = [one for number, one in enumerate(texts) if number != place] if chance.random() < 0.5 else texts
        assert index.make(texts)[0]


def test_a_word_that_is_changed_mostly_costs_the_shards_of_that_word_alone(tmp_path: Path) -> None:
    """Not always: where shards are as small as here, a posting more often ends one of them elsewhere."""
    parts = 0
    for seed in range(12):
        chance = random.Random(seed)  # noqa: S311
        texts = [text(chance, 60) for _ in range(40)]
        (tmp_path / str(seed)).mkdir()
        index = Index(tmp_path / str(seed))
        index.make(texts)
        before = _shards(index)
        words = texts[17].split()
        words[3] = chance.choice(WORDS)
        texts[17] = " ".join(words)
        same, partly = index.make(texts)
        assert same
        parts += partly
        assert len(_shards(index) - before) < len(before) / 2
    assert parts >= 4


def _shards(index: Index) -> set[str]:
    return {name for name in index.site if name.startswith((f"{FOLDER}w-", f"{FOLDER}p-"))}


def test_another_program_merges_all(tmp_path: Path) -> None:
    texts = [text(random.Random(2), 60) for _ in range(20)]  # noqa: S311
    index = Index(tmp_path)
    index.make(texts, "one")
    assert index.make(texts, "one") == (True, True)
    assert index.make(texts, "other") == (True, False)


def test_cards_are_made_again_only_when_what_they_show_may_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)  # noqa: S311
    texts = [text(chance, 60) for _ in range(150)]
    index, true, made = Index(tmp_path), search.index._card, []
    monkeypatch.setattr(search.index, "_card", lambda one: made.append(one) or true(one))

    def cards(likeness: str) -> int:
        made.clear()
        assert index.make(texts, "", likeness)[0]
        return len(made) - len(texts)  # the index that it is compared with has all

    assert cards("one") == len(texts)
    texts[4] += " thang"
    assert cards("one") == 0
    assert cards("other") == len(texts)
    assert cards("other") == 0
    del index.site[next(name for name in index.site if name.startswith(f"{FOLDER}c-"))]
    assert cards("other") == len(texts)
    assert cards("") == cards("") == len(texts)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b'{"batches": 1}', b"\xff", packed(b"{}"), packed(b"[]")])
def test_what_the_last_merge_left_may_be_damaged(tmp_path: Path, data: bytes) -> None:
    texts = [text(random.Random(2), 60) for _ in range(20)]  # noqa: S311
    index = Index(tmp_path)
    index.make(texts)
    index.left.write_bytes(data)
    assert index.make(texts)[0]
    assert json.loads(unpacked(index.left.read_bytes()))["batches"]
