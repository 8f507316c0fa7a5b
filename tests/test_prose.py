"""The HTML that is written at once is the HTML that Python-Markdown makes of the Markdown."""

from __future__ import annotations

import markdown
from hypothesis import given
from hypothesis import strategies as st

from build_tools import abbreviations, prose
from build_tools.fold import squeeze
from build_tools.prose import Paragraph

SHORT = {**abbreviations.load().always, "A&B": "một hai"}

_WORDS = st.one_of(
    st.sampled_from(
        [*sorted(SHORT), "GD&ĐT", "&amp;", "&lt;b>", "<script>", "1.", "2)", "10.", "**", "__", "*[CATP]: x"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=8),
    st.text("*_`\\[](){}<>&|~#+-=!:?%^$@/.\"'0123456789; đĐạ", max_size=6),
)
TEXTS = st.lists(_WORDS, min_size=1, max_size=8).map(" ".join).map(squeeze).filter(bool)


def _read(text: str) -> str:
    return markdown.Markdown(extensions=sorted(prose.EXTENSIONS)).convert(text)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.booleans(), st.data())
def test_html_is_what_python_markdown_makes_of_the_markdown(
    texts: list[str], caption: bool, data: st.DataObject
) -> None:
    """Any text, with and without short forms, as lead, caption or plain paragraph."""
    end = data.draw(st.integers(1, len(texts[0])))
    while texts[0][end - 1].isspace():
        end -= 1
    paragraphs = [Paragraph("dong-1", texts[0], "kb-lede", end)]
    paragraphs += [Paragraph(f"dong-{n}", text, "kb-cap" if caption else "") for n, text in enumerate(texts[1:], 2)]
    assert prose.html(paragraphs, SHORT) == _read(prose.markdown(paragraphs, SHORT))
