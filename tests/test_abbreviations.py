"""Short forms have one meaning, or a context that tells; the data file is refused when it is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from build_tools import abbreviations, vocab
from build_tools.errors import VocabError

FILE = vocab.DATA / "abbreviations.yaml"


def test_long_forms_are_given_for_short_ones() -> None:
    always = abbreviations.load().always
    assert always["CATP"] == "Công an thành phố"
    assert "CA" not in always
    with pytest.raises(TypeError):
        always["CATP"] = "other"  # type: ignore[index]


def test_the_file_names_no_short_form_twice() -> None:
    """YAML would silently keep the last one."""
    head = FILE.read_text(encoding="utf-8").split("in_context:")[0]
    names = re.findall(r"^  ([^\s#:]+):", head, re.MULTILINE)
    assert len(names) > 100
    assert sorted(names) == sorted(set(names))


def test_short_forms_come_in_order_of_appearance_each_once() -> None:
    used = abbreviations.load().used(["Vì ANTQ: CATP Hà Nội", "UBND và CATP, XANTQ"])
    assert list(used) == ["ANTQ", "CATP", "UBND"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Ủy viên BTV Thành ủy dự.", "Ban Thường vụ"),
        ("Ủy viên BTV Thành ủy dự. BTV Thu Hà đưa tin.", None),
        ("BTV Thu Hà đưa tin.", None),
    ],
)
def test_an_ambiguous_form_is_explained_only_where_its_context_tells(text: str, meaning: str | None) -> None:
    assert abbreviations.load().used([text]).get("BTV") == meaning


def test_the_context_chooses_between_two_meanings() -> None:
    used = abbreviations.load().used
    assert used(["Ủy viên BCH Trung ương Đảng"])["BCH"] == "Ban Chấp hành"
    assert used(["Trung tá, BCH quân sự quận"])["BCH"] == "Ban Chỉ huy"
    assert "BCH" not in used(["Ủy viên BCH Trung ương, BCH quân sự quận"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("always: {CATP: 5}\nin_context: []\n", "5"),
        ("always: {'C A': x}\nin_context: []\n", "C A"),
        ("always: {A: x}\nin_context: [{short: A, long: y, pattern: 'A b'}]\n", "both"),
        ("always: {A: x}\n", "in_context"),
        ("always: {A: x}\nin_context: [{short: B, long: y, pattern: 'B', seen: 'c'}]\n", "own example"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(
    data: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE.name).write_text(data, encoding="utf-8")
    monkeypatch.setattr(vocab, "DATA", tmp_path)
    with pytest.raises(VocabError, match=message):
        abbreviations.load.__wrapped__()
