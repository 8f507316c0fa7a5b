"""The words of a value are found in the text as shown, whatever cleaning and folding did to the raw line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from making import clipping

from build_tools import clean, vocab
from build_tools.fold import squeeze
from build_tools.model import Clipping, Evidence, RawClipping, Segment
from build_tools.shown import Place, Places, Stretch


def read(*lines: str) -> Clipping:
    """Return a clipping of body lines, cleaned by the real cleaner; a bullet is no part of a segment's text."""
    made = clipping(body=lines)
    data = "\n".join(lines).encode()
    cleaned = clean.clean(RawClipping(PurePosixPath("a.txt"), data, ""), vocab.load().syllables)
    segments = tuple(
        Segment("body", line.number, 0, len(line.text), squeeze(line.text.removeprefix("•"))) for line in cleaned.lines
    )
    return replace(made, cleaned=cleaned, segments=segments)


def words(made: Clipping, evidence: Evidence, *, hidden: int | None = None) -> tuple[str, str]:
    """Return the anchor and the words shown for `evidence`; each line is a stretch of its own, one may be hidden."""
    shown = {f"dong-{s.line}": s for s in made.text() if s.line != hidden}
    stretches = [Stretch(anchor, segment.text, (segment,)) for anchor, segment in shown.items()]
    place = Places(made, stretches).of(evidence)
    texts = {f"goc-{line.number}": line.raw for line in made.cleaned.lines}
    texts |= {stretch.anchor: stretch.text for stretch in stretches}
    return place.anchor, texts[place.anchor][place.start : place.end]


@pytest.mark.parametrize(
    ("line", "printed", "shown"),
    [
        ("Hội nghị diễn ra tại  Hà\u00a0 Nội trong buổi sáng.", "Hà\u00a0 Nội", "Hà Nội"),
        ("Hội nghị có quậncùng dự và quậncùng họp, Hà Nội chủ trì.", "Hà Nội", "Hà Nội"),
        ("Hội nghị có quậncùng dự, Hà Nội chủ trì.", "cùng", "cùng"),
        (
            "Ho\u0323\u0302i nghi\u0323 o\u031b\u0309 Ha\u0300 No\u0323\u0302i họp.",
            "Ha\u0300 No\u0323\u0302i",
            "Hà Nội",
        ),
        ("Hội\u00ad nghị ở Hà\u200b Nội họp trong hai ngày liền.", "Hà\u200b Nội", "Hà Nội"),
        ("• Hội nghị ở Hà Nội họp trong hai ngày.", "Hà Nội", "Hà Nội"),
        ("  Hội nghị ở Hà Nội họp 😀 ở Hà Đông.", "Hà Đông", "Hà Đông"),
    ],
    ids=["spaces", "repairs before", "repaired word", "decomposed", "invisible", "bullet", "indented"],
)
def test_words_are_found_in_the_text_as_shown(line: str, printed: str, shown: str) -> None:
    start = line.index(printed)
    assert words(read(line), Evidence("r", 1, start, start + len(printed))) == ("dong-1", shown)


def test_evidence_without_columns_is_the_whole_line() -> None:
    made = read("Hội nghị họp sáng nay tại Hà Nội.", "", "In trang")
    assert words(made, Evidence("r", 1)) == ("dong-1", "Hội nghị họp sáng nay tại Hà Nội.")
    assert words(made, Evidence("r", 3), hidden=3) == ("goc-3", "In trang")


def test_a_line_that_is_not_shown_keeps_its_raw_columns() -> None:
    made = read("Hội nghị họp sáng nay tại Hà Nội.", "", "  In  trang")
    assert words(made, Evidence("r", 3, 6, 11), hidden=3) == ("goc-3", "trang")


def test_of_two_stretches_on_a_line_the_one_with_the_words_is_taken() -> None:
    made = read("Một hai ba. Ảnh bốn.")
    halves = (Segment("body", 1, 0, 12, "Một hai ba."), Segment("caption", 1, 12, 20, "Ảnh bốn."))
    places = Places(made, [Stretch(s.role, s.text, (s,)) for s in halves])
    assert places.of(Evidence("r", 1, 4, 7)) == Place("body", 4, 7)
    assert places.of(Evidence("r", 1, 16, 19)) == Place("caption", 4, 7)


def test_a_headline_of_two_lines_is_one_text() -> None:
    made = read("Cụm thi đua số 1", "tổng kết năm 2022")
    stretch = Stretch("nhan-de", "Cụm thi đua số 1 tổng kết năm 2022", made.segments)
    assert Places(made, [stretch]).of(Evidence("r", 2, 13, 17)) == Place("nhan-de", 30, 34)


def test_other_words_than_the_lines_are_never_pointed_at() -> None:
    made = read("Cụm thi đua số 1 tổng kết")
    stretch = Stretch("nhan-de", "Nhan đề do người lưu trữ đặt", made.segments)
    assert Places(made, [stretch]).of(Evidence("r", 1, 4, 11)) == Place("goc-1", 4, 11)
