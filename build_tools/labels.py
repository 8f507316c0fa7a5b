"""The words in the titles of generated pages: `data/labels.yaml`, read once, checked by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from build_tools.errors import VocabError

_FILE = Path(__file__).parent / "data" / "labels.yaml"


@cache
def load(path: Path = _FILE) -> dict[str, object]:
    """Return the labels as one flat mapping: "cluster.numbered" gives its pattern."""
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise VocabError(f"{path.name}: cannot be read: {error}") from error
    if not isinstance(tree, dict):
        raise VocabError(f"{path.name}: must be a mapping of names to texts")
    flat: dict[str, object] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{part}": text for part, text in value.items()}
        else:
            flat[str(name)] = value
    return flat


def text(name: str, **values: object) -> str:
    """Return the label `name` with its places filled in; the values may hold anything, braces too."""
    pattern = load().get(name)
    if not isinstance(pattern, str):
        raise VocabError(f"{_FILE.name}: {name} is missing, or is not a text")
    return pattern.format(**values)


@cache
def abbreviations() -> frozenset[str]:
    """Return the abbreviations after which a full stop does not end a sentence, in lower case."""
    words = load().get("abbreviations")
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise VocabError(f"{_FILE.name}: abbreviations must be a list of texts")
    return frozenset(word.casefold() for word in words)
