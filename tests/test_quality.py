"""The quality gate: what is read out of labelled clippings does not get worse."""

from __future__ import annotations

from pathlib import Path

import pytest
import quality
import yaml

from build_tools import clean, extract, read, vocab
from build_tools.archive import values
from build_tools.model import Clipping, RawClipping

HERE = Path(__file__).parent
SETS = {
    "seed": (HERE.parent / "content" / "clippings", HERE / "clippings" / "seed"),
    "own": (HERE / "clippings" / "own", HERE / "clippings" / "own"),
    "dev": (HERE / "clippings" / "dev", HERE / "clippings" / "dev"),
}
FLOORS = yaml.safe_load((HERE / "floors.yaml").read_text("utf-8"))


def read_all(folder: Path) -> dict[str, Clipping]:
    """Read every clipping of a folder, by its path without its ending."""
    words = vocab.load()
    raws = [raw for raw in read.clippings(folder) if isinstance(raw, RawClipping)]
    return {
        raw.path.with_suffix("").as_posix(): extract.clipping(raw, clean.clean(raw, words.syllables), words)
        for raw in raws
    }


@pytest.fixture(scope="module", params=sorted(SETS))
def labelled(request: pytest.FixtureRequest) -> tuple[str, dict[str, quality.Tally]]:
    clippings, gold = SETS[request.param]
    got = {name: values(clipping.record) for name, clipping in read_all(clippings).items()}
    records = quality.gold_records(gold)
    assert records
    return request.param, quality.score((want, got.get(name, {})) for name, want in records.items())


def test_each_field_keeps_its_floor(labelled: tuple[str, dict[str, quality.Tally]]) -> None:
    name, tallies = labelled
    floors = FLOORS[name]["fields"]
    assert set(floors) == set(tallies)
    assert {field: round(tally.f1, 4) for field, tally in tallies.items() if tally.f1 < floors[field]} == {}


def test_the_mean_keeps_its_floor(labelled: tuple[str, dict[str, quality.Tally]]) -> None:
    name, tallies = labelled
    assert sum(tally.f1 for tally in tallies.values()) / len(tallies) >= FLOORS[name]["mean"]


def test_a_missing_record_counts_as_missed() -> None:
    tallies = quality.score([({"title": "A", "members": ["x", "y"]}, {})])
    assert (tallies["title"].f1, tallies["members"].missed) == (0.0, 2)
