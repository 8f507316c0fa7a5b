"""One story told twice is one group; two conferences are two, however alike their reports are."""

from __future__ import annotations

import hashlib
import itertools
import math
import random
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from making import clipping as made

from build_tools import alike, build, near, sketch
from build_tools.brief import brief
from build_tools.model import Clipping, RawClipping

HERE = Path(__file__).parent
OTHER = yaml.safe_load((HERE / "cases" / "near.yaml").read_text(encoding="utf-8"))
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ])")
SHORT = 6
"""A text of so few sentences is another text when two of them are replaced."""


def read(name: str, text: str) -> Clipping:
    data = text.encode()
    clipping = build.read_one(RawClipping(PurePosixPath(name), data, hashlib.sha256(data).hexdigest()))
    assert isinstance(clipping, Clipping)
    return clipping


def stories(clippings: Sequence[Clipping]) -> tuple[tuple[Clipping, ...], ...]:
    by_path = {each.raw.path.as_posix(): each for each in clippings}
    found = near.stories(map(brief, clippings), lambda path: near.text(by_path[path]))
    return tuple(tuple(by_path[each.path] for each in story) for story in found)


@pytest.fixture(scope="module")
def clippings() -> list[Clipping]:
    """The 59 labelled clippings, no two of which tell the same story."""
    folders = (HERE.parent / "content" / "clippings", HERE / "clippings" / "dev", HERE / "clippings" / "own")
    return [
        read(f"{folder.name}/{path.relative_to(folder).as_posix()}", path.read_text(encoding="utf-8"))
        for folder in folders
        for path in sorted(folder.rglob("*.txt"))
    ]


def body(clipping: Clipping) -> list[str]:
    return [part.text for part in clipping.text() if part.role == "body"]


def stamp(clipping: Clipping) -> str:
    """The stamp as another newspaper prints it; a line of its furniture when there is none."""
    published = clipping.record.published
    day = date.fromisoformat(published.value[:10]) if published and len(published.value) >= 10 else None
    return f"Ngày đăng {day:%d/%m/%Y} | 08:15" if day else "In trang"


def framed(clipping: Clipping, text: Sequence[str]) -> str:
    def fill(lines: list[str]) -> list[str]:
        return [line.format(title=clipping.title.rstrip("…"), stamp=stamp(clipping)) for line in lines]

    return "\n\n".join([*fill(OTHER["frame"]["before"]), *text, *fill(OTHER["frame"]["after"])])


def reworded(text: Sequence[str]) -> list[str]:
    said = "\n".join(text)
    for word, other in OTHER["words"].items():
        said = said.replace(word, other)
    return said.split("\n")


def cut(share: float) -> Callable[[Sequence[str]], list[str]]:
    def first_part(text: Sequence[str]) -> list[str]:
        left = round(sum(len(line.split()) for line in text) * share)
        kept = []
        for line in text:
            words = line.split()[:left]
            left -= len(words)
            kept.append(" ".join(words))
        return [line for line in kept if line]

    return first_part


def two_changed(text: Sequence[str]) -> list[str]:
    """Replace the second and the last sentence."""
    sentences = [part for line in text for part in SENTENCE.split(line)]
    if len(sentences) > SHORT:
        sentences[1] = sentences[-1] = OTHER["sentence"]
    return sentences


def a_year_on(text: Sequence[str]) -> list[str]:
    """The same report of the next year: only years are other ones, and the cluster has kept its form of words."""
    year = re.compile(r"\b(?:19|20)\d\d\b|(?<=\d/\d\d/)\d\d\b")
    return [year.sub(lambda found: str(int(found[0]) + 1), line) for line in text]


RETOLD: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "framed": list,
    "reworded": reworded,
    "cut to two thirds": cut(2 / 3),
    "cut to a half": cut(0.5),
    "two sentences changed": two_changed,
    "reworded and cut": lambda text: cut(0.7)(reworded(text)),
}


@pytest.mark.parametrize("way", RETOLD)
def test_a_story_told_again_by_another_newspaper_is_found(way: str, clippings: list[Clipping]) -> None:
    """All but at most one of a hundred find their retelling, and never another's."""
    again = [read(f"lai/{c.raw.path}", framed(c, RETOLD[way](body(c)))) for c in clippings]
    found = {frozenset(member.raw.path for member in group) for group in stories([*clippings, *again])}
    wanted = {frozenset((c.raw.path, a.raw.path)) for c, a in zip(clippings, again, strict=True)}
    assert found <= wanted
    assert len(wanted) - len(found) <= 1


def test_different_conferences_are_not_one_story(clippings: list[Clipping]) -> None:
    """Those of one cluster are among them; the closest two are far below the threshold."""
    assert stories(clippings) == ()
    closest = max(near.similarity(a, b) for i, a in enumerate(clippings) for b in clippings[:i])
    assert closest < near.THRESHOLD * 0.6


def test_the_same_words_a_year_later_are_another_story(clippings: list[Clipping]) -> None:
    """The texts are as alike as reprints, so it is the records that tell them apart."""
    dated = [c for c in clippings if c.record.year or c.record.event_date]
    later = [read(f"sau/{c.raw.path}", "\n\n".join(a_year_on(c.cleaned.raw_lines))) for c in dated]
    assert len(dated) > 50
    assert min(map(near.similarity, dated, later)) > near.THRESHOLD
    assert stories([*dated, *later]) == ()


TEXT = tuple(f"Câu thứ {number} kể một việc riêng của nó về đơn vị số {number * 7}." for number in range(12))


def told(name: str, text: Sequence[str] = TEXT, **fields: object) -> Clipping:
    return made(f"2022/{name}.txt", text, **fields)  # type: ignore[arg-type]


APART = {
    "another cluster": ({"clusters": [(1, "Bộ Công an")]}, {"clusters": [(2, "Bộ Công an")]}),
    "another authority": ({"clusters": [(1, "Bộ Công an")]}, {"clusters": [(1, "Công an tỉnh Nghệ An")]}),
    "another day": ({"event_date": "2022-11-23"}, {"event_date": "2022-12-23"}),
    "another year": ({"year": 2021}, {"year": 2022}),
    "printed long after": ({"published": "2021-11-23"}, {"published": "2022-11-23T10:00"}),
}
TOGETHER = {
    "nothing known": ({}, {}),
    "one is silent": ({"clusters": [(1, "Bộ Công an")], "year": 2022}, {}),
    "authority left out": ({"clusters": [(1, "Bộ Công an")]}, {"clusters": [(1, None)]}),
    "province left out": ({"clusters": [(5, "Công an tỉnh")]}, {"clusters": [("05", "Công an tỉnh Nghệ An")]}),
    "one of two clusters": ({"clusters": [(1, None), (2, None)]}, {"clusters": [(2, None)]}),
    "a day's error": ({"event_date": "2022-11-23"}, {"event_date": "2022-11-24"}),
    "year misread, day the same": (
        {"event_date": "2022-11-23", "year": 2022},
        {"event_date": "2022-11-23", "year": 2023},
    ),
    "printed a week after": ({"published": "2022-11-23"}, {"published": "2022-11-30"}),
    "imprecise stamps": ({"published": "2021"}, {"published": "2022"}),
}


@pytest.mark.parametrize("case", APART)
def test_records_of_two_conferences_tell_equal_texts_apart(case: str) -> None:
    one, other = APART[case]
    assert near.told_apart(brief(told("a", **one)), brief(told("b", **other)))
    assert stories([told("a", **one), told("b", **other)]) == ()


@pytest.mark.parametrize("case", TOGETHER)
def test_what_a_record_leaves_open_tells_nothing_apart(case: str) -> None:
    one, other = TOGETHER[case]
    a, b = told("a", **one), told("b", **other)
    assert stories([b, a]) == ((a, b),)


def test_an_undated_text_does_not_join_two_years() -> None:
    """It goes to the year whose text is closer."""
    later = (*TEXT[:-1], "Câu cuối của năm sau là một câu khác hẳn.")
    a, b, undated = told("a", year=2021), told("b", later, year=2022), told("c", later)
    assert stories([a, b, undated]) == ((b, undated),)


def test_three_parts_of_one_story_are_one_group() -> None:
    """Two halves have nothing in common but the whole."""
    whole, first, second = told("a"), told("b", TEXT[:6]), told("c", TEXT[6:])
    assert stories([first, second]) == ()
    assert stories([second, whole, first]) == ((whole, first, second),)


def test_accents_case_and_marks_do_not_count() -> None:
    a = told("a")
    b = told("b", [line.upper().replace(" ", "  ").replace(".", "!") for line in TEXT])
    c = told("c", [line.replace("ế", "e").replace("đơn", "don") for line in TEXT])
    assert stories([a, b, c]) == ((a, b, c),)


def test_few_texts_are_asked_for(clippings: list[Clipping]) -> None:
    """Sketches tell which texts may be alike; those of strangers are never read again."""
    asked: list[str] = []
    one, other = told("x"), told("y")
    by_path = {each.raw.path.as_posix(): each for each in (*clippings, one, other)}

    def text_of(path: str) -> str:
        asked.append(path)
        return near.text(by_path[path])

    assert len(near.stories(map(brief, by_path.values()), text_of)) == 1
    assert sorted(asked) == ["2022/x.txt", "2022/y.txt"]


WORDS = st.text("aăâbcdđeêghioôơuưýỹ AĐƯ-,.“”\u0301\xad\n", max_size=80)


@given(WORDS)
def test_shingles_as_numbers_are_those_as_words(text: str) -> None:
    folded = near.text(told("a", [text.replace("\n", " ")]))
    assert len(set(sketch._hashes(text).tolist())) == len(sketch.shingles(folded))


@given(WORDS, WORDS)
def test_texts_that_fold_to_the_same_have_one_sketch(text: str, more: str) -> None:
    lines = [*TEXT, text.replace("\n", " "), more.replace("\n", " ")]
    other = [f" {line.upper()}…" for line in lines]
    assert sketch.sketch(told("a", lines)) == sketch.sketch(told("a", other)) != b""


def test_a_sketch_tells_how_alike_two_texts_are(clippings: list[Clipping]) -> None:
    whole = clippings[0]
    half = told("half", cut(0.5)(body(whole)))
    one, other = (np.frombuffer(sketch.sketch(each), "<u4") for each in (whole, half))
    assert abs((one == other).mean() - near.similarity(whole, half)) < 0.12


def test_a_text_of_a_few_words_is_no_story() -> None:
    assert stories([told("a", ["Xem ảnh trong bài."]), told("b", ["Xem ảnh trong bài."])]) == ()
    assert stories([told("a", []), told("b", ["…"])]) == ()


def test_captions_do_not_count() -> None:
    photo = [f"Ảnh {number} của báo chụp quang cảnh hội nghị." for number in range(20)]
    one = told("a", photo, roles=["caption"] * 20)
    assert stories([one, told("b", photo, roles=["caption"] * 20)]) == ()


def test_groups_do_not_depend_on_the_order(clippings: list[Clipping]) -> None:
    again = [read(f"lai/{c.raw.path}", framed(c, reworded(body(c)))) for c in clippings[:20]]
    mixed = [*clippings[:20], *again]
    expected = stories(mixed)
    assert len(expected) == 20
    for turned in (mixed[::-1], mixed[7:] + mixed[:7], list(itertools.chain(mixed[::2], mixed[1::2]))):
        assert stories(turned) == expected


def test_records_are_told_apart_as_arrays_as_they_are_one_by_one() -> None:
    cases = [fields for pair in (*APART.values(), *TOGETHER.values()) for fields in pair]
    briefs = [brief(told(f"{number}", **fields)) for number, fields in enumerate(cases)]  # type: ignore[arg-type]
    records = near._Records(briefs)
    one, other = (grid.ravel() for grid in np.meshgrid(np.arange(len(briefs)), np.arange(len(briefs))))
    expected = [near.told_apart(briefs[a], briefs[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    assert records.apart(one, other).tolist() == expected
    kinds = [
        records.kinds_apart(records.kind[a], records.kind[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)
    ]
    assert kinds == expected
    assert 0 < sum(expected) < len(expected)


def crowd(count: int, **fields: object) -> list[Clipping]:
    return [told(f"{number:03}", (*TEXT, f"Bản thứ {number}."), **fields) for number in range(count)]


def compared(clippings: Sequence[Clipping]) -> tuple[near.Compared, int]:
    """Return what came of comparing, and how many texts were compared word by word."""
    by_path = {each.raw.path.as_posix(): each for each in clippings}
    count = 0

    def counted(one: set[str], other: set[str]) -> float:
        nonlocal count
        count += 1
        return sketch.jaccard(one, other)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "jaccard", counted)
        found = near.compared(map(brief, clippings), lambda path: near.text(by_path[path]))
    return found, count


def test_a_story_as_large_as_there_are_is_compared_as_a_whole() -> None:
    found, count = compared(crowd(alike.MAX_ALIKE // 2))
    assert [len(story) for story in found.stories] == [alike.MAX_ALIKE // 2]
    assert count == math.comb(alike.MAX_ALIKE // 2, 2)
    assert found.problems() == []


def test_of_many_that_are_alike_not_all_are_compared_and_that_is_told() -> None:
    """The work is in proportion to the clippings, and each has a story that a page can name."""
    work = {}
    for many in (300, 600):
        found, work[many] = compared(crowd(many))
        assert all(2 <= len(story) <= near.MAX_STORY for story in found.stories)
        assert sum(map(len, found.stories)) > 0.9 * many
        (problem,) = found.problems()
        assert (problem.path, problem.code) == ("2022/000.txt", "crowded")
        assert problem.message.startswith(f"{many} clippings are as alike")
        assert problem.remedy
    assert work[600] < 2.5 * work[300]
    assert work[300] < 300 * alike.MAX_ALIKE


def test_what_is_cut_short_does_not_depend_on_the_order() -> None:
    many = crowd(200)
    first, _ = compared(many)
    for turned in (many[::-1], many[1::2] + many[::2]):
        assert compared(turned)[0] == first


def test_a_story_among_many_that_records_tell_apart_is_found() -> None:
    """A form of words that a hundred clusters share: those of one are no more than they were."""
    forms = [told(f"a{number}", TEXT, clusters=[(number + 1, "Bộ Công an")], year=2022) for number in range(150)]
    again = [told(f"b{number}", TEXT, clusters=[(number + 1, "Bộ Công an")], year=2022) for number in range(0, 150, 7)]
    found, count = compared([*forms, *again])
    assert len(found.stories) == len(again) == count
    assert all(len(story) == 2 for story in found.stories)
    assert found.problems() == []


def test_a_bucket_is_cut_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MAX_STEPS", 10)
    found, count = compared(crowd(40))
    assert count < math.comb(40, 2)
    assert len(found.crowded) == 40
    assert sum(map(len, found.stories)) == 40


@pytest.mark.parametrize(("seed", "limits"), [(1, None), (2, None), (3, (6, 500)), (3, (64, 6))])
def test_what_is_known_from_the_last_time_changes_nothing(
    seed: int, limits: tuple[int, int] | None, clippings: list[Clipping], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through additions, removals, corrections; also where the limits are near, so that some are crowded at times."""
    if limits:
        monkeypatch.setattr(alike, "MAX_ALIKE", limits[0])
        monkeypatch.setattr(alike, "MAX_STEPS", limits[1])
        monkeypatch.setattr(alike, "_AT_ONCE", 2)
    chance = random.Random(seed)  # noqa: S311 - the same at each run
    made = [*clippings, *crowd(12), *(read(f"x/{one.raw.path}", framed(one, body(one))) for one in clippings[::3])]
    made += [read(f"y/{one.raw.path}", framed(one, reworded(body(one)))) for one in clippings[::5]]
    found = [brief(one) for one in made]
    texts = {one.path: near.text(clipping) for one, clipping in zip(found, made, strict=True)}
    now, known, taken, crowded = dict.fromkeys(chance.sample(range(len(found)), 70)), None, 0, 0
    for _ in range(12):
        for _ in range(chance.randint(0, 4)):
            now.pop(chance.randrange(len(found)), None)
            now[chance.randrange(len(found))] = None
        # A clipping may also take the place of another, as one does whose text was corrected.
        one, other = chance.sample(sorted(now), 2)
        swapped = found[one]._replace(path=found[other].path)
        briefs = [swapped if place == other else found[place] for place in now]
        told = texts | {swapped.path: texts[found[one].path]}
        asked: list[str] = []
        ours = near.compared(briefs, lambda path, told=told, asked=asked: asked.append(path) or told[path], known)
        with monkeypatch.context() as patch:
            patch.setattr(near, "FEW", -1)
            assert ours == near.compared(briefs, told.__getitem__)
        taken += known is not None and len(asked) < len(briefs) / 3
        crowded += bool(ours.crowded)
        known = ours.known
    assert taken
    assert crowded if limits else not crowded


def test_a_build_and_a_check_tell_that_not_all_were_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "MAX_STORY", 2)
    text = (HERE.parent / "content/clippings/2022/tong-ket-cum-1-bo-cong-an.txt").read_text(encoding="utf-8")
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"{text}\nBản {name}.\n", encoding="utf-8")
    result = build.build(tmp_path)
    assert [len(story) for story in result.stories] == [2]
    assert [problem.code for problem in result.problems] == ["crowded"]


def test_pages_lead_to_the_other_reports_and_drop_none(tmp_path: Path) -> None:
    text = (HERE.parent / "content/clippings/2022/tong-ket-cum-1-bo-cong-an.txt").read_text(encoding="utf-8")
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_text(text + "\nIn trang\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("Một bài khác không liên quan gì đến hai bài kia.", encoding="utf-8")
    result = build.build(tmp_path)
    shown = {page.uri: page.meta["same_story"] for page in result.pages() if page.uri.startswith("bai/")}
    assert {uri: [other["url"] for other in others] for uri, others in shown.items()} == {  # type: ignore[union-attr]
        "bai/2022/a.md": ["bai/2022/b/"],
        "bai/2022/b.md": ["bai/2022/a/"],
        "bai/khong-ro/c.md": [],
    }
    (other,) = shown["bai/2022/a.md"]  # type: ignore[misc]
    assert list(other) == ["url", "title", "source", "date"]
