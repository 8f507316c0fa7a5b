"""The index asked in Python and in JavaScript: both find the same documents in the same order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from build_tools import search
from build_tools.fold import fold
from build_tools.search import Document
from build_tools.search.reader import Index

TEXT = (
    "công an thành phố tỉnh huyện xã phường cụm thi đua số khối trưởng phó hội nghị tổng kết sơ ký giao ước "
    "cầu giấy cẩu câu đống đa đông đà dạ hà nội hải phòng hoà hòa bình nguyễn văn thị đức hữu hồng 1 09 9 12 2022 2023 "
    "24/11 N2O K'Brêu M'Đrắk a đ"
)
SYLLABLES = TEXT.split()
QUERIES = 400


def documents(draw: random.Random) -> Iterator[Document]:
    """Short clippings of few words, so that queries find many and many of equal worth."""
    for number in range(120):
        title, *paragraphs = (
            " ".join(draw.choices(SYLLABLES, k=draw.randrange(2, 16))) + draw.choice((".", "", ", v.v.")) for _ in "abc"
        )
        year = draw.choice((None, 2021, 2022, 2023))
        yield Document(
            f"bai/{number}/",
            title,
            tuple(paragraphs),
            (" ".join(draw.choices(SYLLABLES, k=3)),),
            date=f"{year}-0{draw.randrange(1, 10)}" if year else None,
            year=year,
            kind=draw.choice((None, "tong-ket", "so-ket")),
            source=draw.choice((None, ("nguon/cand/", "Công an nhân dân"), ("nguon/antd-vn/", "An ninh Thủ đô"))),
            clusters=draw.choice(((), (("cum/ha-noi/9/", "Cụm thi đua số 9 – Công an Hà Nội", "Công an Hà Nội"),))),
            people=draw.choice(((), (("nguoi/van-duc/", "Nguyễn Văn Đức"),))),
        )


def query(draw: random.Random, texts: list[str]) -> str:
    """One to five words of a text, typed in one of the ways in which queries are."""
    words = draw.choice(texts).split()
    start = draw.randrange(len(words))
    typed = " ".join(words[start : start + draw.randrange(1, 6)])
    other = draw.choice(SYLLABLES)
    typed = draw.choice((typed, typed, fold(typed.lower()), typed.upper(), typed[: draw.randrange(1, 8)]))
    shapes = (
        typed,
        typed,
        typed,
        f"{typed} ",
        f'"{typed}"',
        f"“{typed}” {other}",
        f'{other} "{typed}"',
        f"{typed} -{other}",
        f'{typed} -"{other} {draw.choice(SYLLABLES)}"',
        f"{typed} {other}",
        f"{typed} xyzzy",
        f"{typed} nam:{draw.choice((2021, 2022, 1999))}",
        f"{typed} {draw.choice(('nguon:cand', 'loai:tong-ket', 'cum:9', 'nguoi:duc', 'tu:2022-03', 'den:2022'))}",
        f"nam:2022 {draw.choice(('nguon:“an ninh”', 'tu:2022 den:2022-06', 'loai:so-ket loai:tong-ket'))}",
        f"-{other}",
    )
    return draw.choice(shapes)


def test_both_readers_answer_alike(ask: Any) -> None:
    """Words, neighbours, phrases, exclusions, fields, accents: the same documents in the same order, found alike."""
    draw = random.Random(11)  # noqa: S311 - the same queries each time
    made = list(documents(draw))
    texts = [text for one in made for text in (one.title, *one.paragraphs, *one.facts) if text.split()]
    asked = [(query(draw, texts), draw.random() < 0.5) for _ in range(QUERIES)]
    read = Index(dict(search.files(made)))
    answers = ask(made, queries=[{"query": text, "typing": typing} for text, typing in asked])["queries"]
    unlike = {}
    found = 0
    for (text, typing), answer in zip(asked, answers, strict=True):
        expected = read.search(text, typing=typing)
        mode = {"wordless": "none"}.get(answer["mode"], answer["mode"])
        # Without words the newest come first, which only the browser's columns tell.
        in_order = (lambda one: one) if mode != "browse" else sorted
        if (mode, in_order(answer["final"])) != (expected.mode, in_order(expected.documents)):
            unlike[text, typing] = (mode, answer["final"][:8], expected.mode, expected.documents[:8])
        found += bool(expected.documents)
    assert not unlike
    assert found > QUERIES * 0.7
