"""Raw bytes become clean lines: the encoding told by mark or proof, invisible characters gone, glued words apart."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path, PurePosixPath

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from build_tools import clean, read, vocab
from build_tools.errors import ArchiveError, ClippingError
from build_tools.model import Cleaned, Problem, RawClipping

TEXT = "Chiều 11/12, Công an quận Cầu Giấy tổ chức Hội nghị tổng kết phong trào thi đua năm 2023.\nĐại biểu dự hội nghị"
SYLLABLES = vocab.load().syllables
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "reading" / "glued.yaml").read_text("utf-8"))


def cleaned(data: bytes) -> Cleaned:
    """Clean a clipping's bytes."""
    return clean.clean(RawClipping(PurePosixPath("x.txt"), data, hashlib.sha256(data).hexdigest()), SYLLABLES)


def windows_1258(text: str) -> bytes:
    """Encode text as old Vietnamese Windows programs did: letters whole, tones as marks behind them."""
    out = []
    for char in text:
        try:
            out.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            base, tone = unicodedata.normalize("NFD", char)[:-1], unicodedata.normalize("NFD", char)[-1]
            marks = unicodedata.normalize("NFD", char)[1:]
            tone = next(m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323")
            base = unicodedata.normalize("NFC", char[0] and unicodedata.normalize("NFD", char).replace(tone, ""))
            out.append(base.encode("cp1258") + tone.encode("cp1258"))
    return b"".join(out)


ENCODED = {
    "utf-8": TEXT.encode(),
    "byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "decomposed": unicodedata.normalize("NFD", TEXT).encode(),
    "mixed": (unicodedata.normalize("NFD", TEXT[:40]) + TEXT[40:]).encode(),
    "utf-16 le": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "utf-16 be": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16 without mark": TEXT.encode("utf-16-le"),
    "windows-1258": windows_1258(TEXT),
    "carriage returns": TEXT.replace("\n", "\r\n").encode(),
    "old mac": TEXT.replace("\n", "\r").encode(),
    "no-break spaces": TEXT.replace(" ", "\u00a0").encode(),
    "zero width": TEXT.replace("ô", "ô\u200b").replace("Đ", "\u2060Đ").encode(),
    "soft hyphens and bidi": TEXT.replace("thi", "t\u00adh\u202ei\u202c").encode(),
}


@pytest.mark.parametrize("name", ENCODED)
def test_the_same_text_comes_out_of_every_encoding(name: str) -> None:
    assert [line.text for line in cleaned(ENCODED[name]).lines] == TEXT.split("\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe" + "Công an".encode("utf-16-le")[:-1], "broken at byte"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, "not text"),
        ("Công an quận".encode("cp1258", "replace") + b"\xff\xfe\xfd\x81", "neither UTF-8"),
        (b"Caf\xe9 cr\xe8me \xe0 la carte, d\xe9j\xe0 vu \xe9t\xe9 na\xefve", "neither UTF-8"),
    ],
    ids=["half a UTF-16", "an image", "too short to prove", "French in Windows-1252"],
)
def test_bytes_of_no_known_encoding_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(ClippingError, match=words):
        cleaned(data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:20])
def test_glued_words(case: dict[str, str]) -> None:
    result = cleaned(case["text"].encode())
    assert result.lines[0].text == case["reads"]
    assert bool(result.repairs) == (case["text"] != case["reads"])
    assert result.lines[0].printed(0, len(case["reads"])) == case["text"]


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = [line.text for line in cleaned(text.encode("utf-8", "replace").replace(b"\x00", b"")).lines]
    again = "".join(f"{line}\n" for line in once)
    assert [line.text for line in cleaned(again.encode()).lines] == once


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=120))
def test_every_clean_character_knows_its_raw_column(text: str) -> None:
    for line in cleaned(text.encode()).lines:
        columns = [line.raw_column(i) for i in range(len(line.text))]
        assert columns == sorted(columns)
        assert all(0 <= column < max(1, len(line.raw)) for column in columns)


def test_a_folder_is_read_in_order_and_odd_files_are_listed(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("b", "utf-8")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "z.txt").write_text("z", "utf-8")
    (tmp_path / "empty.txt").write_text(" \n", "utf-8")
    (tmp_path / "big.txt").write_bytes(b"x" * (read.MAX_BYTES + 1))
    (tmp_path / ".hidden.txt").write_text("h", "utf-8")
    (tmp_path / "out.txt").symlink_to(Path(__file__))
    found = list(read.clippings(tmp_path))
    assert [str(item.path) for item in found] == ["a/z.txt", "b.txt", "big.txt", "empty.txt", "out.txt"]
    assert [isinstance(item, Problem) for item in found] == [False, False, True, True, True]


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such folder"):
        list(read.clippings(tmp_path / "nowhere"))
