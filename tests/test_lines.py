"""Nothing is lost: every line of every clipping becomes a field, body, caption or furniture."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools import clean, extract, read, vocab
from build_tools.errors import ClippingError
from build_tools.fold import squeeze
from build_tools.model import Clipping, RawClipping

HERE = Path(__file__).parent
FOLDERS = [HERE.parent / "content" / "clippings", *(p for p in (HERE / "clippings").iterdir() if p.is_dir())]
CASES = sorted(path for folder in FOLDERS for path in folder.rglob("*.txt"))
WORDS = vocab.load()


def read_bytes(data: bytes) -> Clipping:
    """Read a clipping from its bytes."""
    raw = RawClipping(PurePosixPath("x.txt"), data, hashlib.sha256(data).hexdigest())
    return extract.clipping(raw, clean.clean(raw, WORDS.syllables), WORDS)


def assert_whole(clipping: Clipping) -> None:
    """Assert that segments make up each line, and that each reaches the record, the page or the furniture list."""
    by_line: dict[int, list[tuple[int, int]]] = {}
    for segment in clipping.segments:
        by_line.setdefault(segment.line, []).append((segment.start, segment.end))
    for line in clipping.cleaned.lines:
        spans = by_line.get(line.number, [])
        if not line.text.strip():
            assert spans == []
            continue
        assert spans[0][0] == 0
        assert spans[-1][1] == len(line.text)
        assert all(one[1] == other[0] for one, other in itertools.pairwise(spans))
    record = clipping.record
    shown = {squeeze(found.value) for found in (*record.captions, *record.noise)}
    for segment in clipping.segments:
        if segment.role in ("caption", "furniture") and segment.text.strip(" |•●▪"):
            assert any(squeeze(segment.text).strip("|•●▪ ").casefold() in text.casefold() for text in shown), segment


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_line_of_a_clipping_is_kept(path: Path) -> None:
    raw = read.clipping(path, path.parent)
    assert isinstance(raw, RawClipping)
    assert_whole(extract.clipping(raw, clean.clean(raw, WORDS.syllables), WORDS))


KNOWN_LINES = [
    "In trang",
    "12/12/2023 | 09:28 | Lượt xem: 3",
    "- Tin khác",
    "Minh Anh",
    "(NTO) Ngày 3/4, Cụm thi đua số 2",
    "Cụm thi đua số 5 tổng kết",
    "Từ khóa:",
    "Toàn cảnh hội nghị",
    " date 2020-03 ANTD.VN - Ngày 5/3, họp.",
    "",
]
LINE = st.one_of(st.text(max_size=60), st.sampled_from(KNOWN_LINES))


@given(st.lists(LINE, max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_line_of_any_text_is_lost(lines: list[str]) -> None:
    data = "\n".join(lines).encode("utf-8", "replace")
    try:
        assert_whole(read_bytes(data))
    except ClippingError:
        assert b"\x00" in data


@pytest.mark.parametrize("path", CASES[:10], ids=lambda path: path.stem)
def test_a_value_stands_where_its_evidence_says(path: Path) -> None:
    raw = read.clipping(path, path.parent)
    assert isinstance(raw, RawClipping)
    clipping = extract.clipping(raw, clean.clean(raw, WORDS.syllables), WORDS)
    lines = clipping.cleaned.raw_lines
    for person in clipping.record.people:
        at = person.evidence
        assert squeeze(lines[at.line - 1][at.start : at.end]) == person.name
    for caption in clipping.record.captions:
        at = caption.evidence
        assert caption.value in squeeze(lines[at.line - 1][at.start : at.end])
