"""Front matter as YAML that is written fast: a key a line, its value as JSON; of a list or a mapping, an item a line.

All JSON is YAML but for a few characters, which are escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import JSONEncoder

_json = JSONEncoder(ensure_ascii=False).encode

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML takes for a line end or a mark of the encoding, or does not allow; JSON escapes what is below them."""
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)\Z)[a-z][a-z0-9_]*")
"""Keys that YAML reads as texts without quotation marks."""


def written(meta: Mapping[str, object]) -> str:
    """Return front matter as YAML, without the lines that bound it.

    Values are texts, whole numbers, truth values, None, lists, and mappings whose keys are short texts. What UTF-8
    cannot hold becomes "?".
    """
    return "".join(f"{_key(name)}:{_value(value)}\n" for name, value in meta.items()) or "{}\n"


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else _flow(name)


def _value(value: object) -> str:
    if value and isinstance(value, list):
        return "".join(["\n- " + _flow(item) for item in value])
    if value and isinstance(value, dict):
        return "".join([f"\n  {_key(name)}: {_flow(item)}" for name, item in value.items()])
    return " " + _flow(value)


def _flow(value: object) -> str:
    """Return a value on one line."""
    text = _json(value)
    if text.isprintable():  # as most are, and none of what is escaped is
        return text
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text.encode("utf-8", "replace").decode("utf-8"))
