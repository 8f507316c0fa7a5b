"""Front matter as YAML that is written fast: a key a line, its value as JSON; of a list or a mapping, an item a line.

All JSON is YAML but for a few characters, which are escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from json import JSONEncoder

_json = JSONEncoder(ensure_ascii=False, check_circular=False).encode

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What YAML takes for a line end or a mark of the encoding, or does not allow; JSON escapes what is below them."""
_PLAIN = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)\Z)[a-z][a-z0-9_]*")
"""Keys that YAML reads as texts without quotation marks."""
_BETWEEN = "\x00"
"""Stands between two values that are encoded together, which takes a third of the time; as JSON, `_JOINT`."""
_JOINT = f", {_json(_BETWEEN)}, "


def written(meta: Mapping[str, object]) -> str:
    """Return front matter as YAML, without the lines that bound it.

    Values are texts, whole numbers, truth values, None, lists, and mappings whose keys are short texts. What UTF-8
    cannot hold becomes "?".
    """
    leads: list[str] = []
    values: list[object] = []
    for name, value in meta.items():
        if value and isinstance(value, list):
            leads.append(f"\n{_key(name)}:\n- ")
            leads += ["\n- "] * (len(value) - 1)
            values += value
        elif value and isinstance(value, dict):
            leads += [f"\n  {_key(part)}: " for part in value]
            leads[-len(value)] = f"\n{_key(name)}:{leads[-len(value)]}"
            values += value.values()
        else:
            leads.append(f"\n{_key(name)}: ")
            values.append(value)
    return "".join(chain.from_iterable(zip(leads, _flows(values), strict=True)))[1:] + "\n" if leads else "{}\n"


def _flows(values: Sequence[object]) -> list[str]:
    """Return each value on one line."""
    mixed: list[object] = [_BETWEEN] * (2 * len(values) - 1)
    mixed[::2] = values
    flows = _clean(_json(mixed))[1:-1].split(_JOINT)
    # A text like the one between the values may stand in a value too.
    return flows if len(flows) == len(values) else [_clean(_json(value)) for value in values]


def _clean(text: str) -> str:
    if text.isprintable():  # as most are, and nothing that is escaped is
        return text
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text.encode("utf-8", "replace").decode("utf-8"))


@lru_cache(maxsize=1_024)
def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else _clean(_json(name))
