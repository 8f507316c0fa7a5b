"""What other programs read of the archive, read back by libraries of others: citations, feeds, tables, linked data."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import bibtexparser
import feedparser
import frictionless
import pytest
import rispy
import yaml
from lxml import etree
from making import archived, clipping
from PIL import Image
from pyld import jsonld

from build_tools import engine, paths
from build_tools.reuse import citing, drawing, exports, feeds, linked, listed, pictures, sitemap
from build_tools.reuse.plain import Site

ROOT = Path(__file__).resolve().parents[1]
SEED, HOSTILE = ROOT / "content" / "clippings", ROOT / "tests" / "clippings" / "hostile"
SITE = Site("Kho <Báo> & “bạn”", "https://kho.example/bao/")
NAMELESS = Site("Kho Báo")


def built(folder: Path, site: Site) -> Path:
    """Build the seed and the hostile clippings, without HTML; return the site's folder."""
    clippings = folder / "content" / "clippings"
    shutil.copytree(SEED, clippings)
    shutil.copytree(HOSTILE, clippings / "2021")
    (clippings / "2022" / "tong-ket-cum-1-bo-cong-an.yaml").write_text(
        'byline: "=HYPERLINK(1)"\nplace: "@SUM(A1)"\n'
        'kicker: "\'-- }{ \\\\ % $ # _ ^ ~ &"\nsource: "Báo ]]> <x> & \\"y\\""\n',
        encoding="utf-8",
    )
    rebuilt(folder, site)
    return folder / "site"


def rebuilt(folder: Path, site: Site) -> engine.Build:
    work = folder / "build"
    (work / "given").mkdir(parents=True, exist_ok=True)
    build = engine.Build(engine.Options(folder / "content", work / "docs", work / "cache", 1, site=site))
    build.read()
    build.publish(folder / "site", "theme", None, work / "given")
    return build


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the seed and the hostile clippings, its address known."""
    return built(tmp_path_factory.mktemp("made"), SITE)


@pytest.fixture(scope="module")
def homeless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without an address."""
    return built(tmp_path_factory.mktemp("homeless"), NAMELESS)


def front(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the front matter of all generated pages by their addresses."""
    docs = folder.parent / "build" / "docs"
    found = {}
    for path in sorted(docs.rglob("*.md")):
        url = paths.html_file(path.relative_to(docs).as_posix()).removesuffix("index.html")
        found[url] = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n", 2)[1])
    return found


def articles(folder: Path) -> dict[str, dict[str, Any]]:
    return {url: meta for url, meta in front(folder).items() if meta["template"] == "kb-article.html"}


def shown_title(meta: dict[str, Any]) -> str:
    title = " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", meta["title"]).split())
    return f"[{title}]" if meta["title_derived"] else title


# Citations

SAVED = re.compile(r"[^\w.-]+")


def cited(meta: dict[str, Any], url: str, site: Site = SITE) -> dict[str, str]:
    """Return what the links to an article's citations hold, by format."""
    found = {}
    for form, name, address in citing.downloads(meta, url, site):
        kind, _, text = address.partition(",")
        assert kind == f"data:{citing.FORMATS[form][1]};charset=utf-8"
        assert name == f"{SAVED.sub('-', meta['id'])}{citing.FORMATS[form][0]}"
        assert not re.search(r"[\s\x00-\x20\"'<>&#\\]", text)
        found[form] = unquote(text)
    assert found == citing.files(citing.citation(meta, url, site))
    return found


def test_ris_is_read_back(made: Path) -> None:
    for url, meta in articles(made).items():
        (entry,) = rispy.loads(cited(meta, url)[citing.RIS])
        assert entry["type_of_reference"] == "NEWS"
        assert (entry["title"], entry["accession_number"]) == (shown_title(meta), meta["id"])
        assert entry["urls"] == [f"{SITE.url}{url}"]
        assert entry.get("year") == (meta["published"][:4] if meta["published"] else None)
        assert ("secondary_title" in entry) == bool(meta["source"])
        assert ("authors" in entry) == bool(meta["byline"])


def test_bibtex_is_read_back(made: Path) -> None:
    for url, meta in articles(made).items():
        text = cited(meta, url)[citing.BIBTEX]
        library = bibtexparser.parse_string(text)
        assert not library.failed_blocks, text
        (entry,) = library.entries
        assert (entry.entry_type, entry.key) == ("article", meta["id"].replace("/", ":"))
        fields = {field.key: field.value for field in entry.fields}
        assert unescaped(fields["title"].removeprefix("{").removesuffix("}")) == shown_title(meta)
        assert ("year" in fields) == bool(meta["published"])
        assert fields["url"] == f"{SITE.url}{url}"
        assert ("journal" in fields) == bool(meta["source"])


def unescaped(text: str) -> str:
    for written, read in (
        ("textbackslash", "\\"),
        ("textbraceleft", "{"),
        ("textbraceright", "}"),
        ("^", "^"),
        ("~", "~"),
    ):
        text = text.replace(f"\\{written}{{}}", read)
    return re.sub(r"\\([&%$#_])", r"\1", text)


def test_csl_is_read_back(made: Path) -> None:
    for url, meta in articles(made).items():
        (item,) = json.loads(cited(meta, url)[citing.CSL])
        assert (item["type"], item["id"], item["title"]) == ("article-newspaper", meta["id"], shown_title(meta))
        parts = [int(part) for part in meta["published"][:10].split("-")] if meta["published"] else None
        assert item.get("issued", {}).get("date-parts") == ([parts] if parts else None)
        assert item["URL"] == f"{SITE.url}{url}"


def test_all_citations_are_those_of_the_articles(made: Path) -> None:
    data, ids = made / "du-lieu", {meta["id"] for meta in articles(made).values()}
    entries = rispy.loads((data / "all.ris").read_bytes().decode())
    assert {entry["accession_number"] for entry in entries} == ids
    assert len(bibtexparser.parse_string((data / "all.bib").read_text(encoding="utf-8")).entries) == len(ids)
    assert {item["id"] for item in json.loads((data / "all.csl.json").read_bytes())} == ids


def test_without_an_address_no_citation_has_one(homeless: Path) -> None:
    for url, meta in articles(homeless).items():
        assert not any("http" in text for text in cited(meta, url, NAMELESS).values())


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (None, []),
        ("Thế Khoa", ["Thế Khoa"]),
        ("Nguyễn Văn Đức", ["Nguyễn, Văn Đức"]),
        ("Nguyễn Văn Đức - Thế Khoa", ["Nguyễn, Văn Đức", "Thế Khoa"]),
        ("Thu Hà và Minh Tuấn", ["Thu Hà", "Minh Tuấn"]),
        ("Phòng Tham mưu - Công an tỉnh", ["Phòng Tham mưu - Công an tỉnh"]),
        ("Đội CSGT, Công an quận", ["Đội CSGT – Công an quận"]),
        ("TTXVN", ["TTXVN"]),
        ("V.H", ["V.H"]),
    ],
)
def test_a_byline_is_taken_apart_only_where_all_of_it_is_names(byline: str | None, names: list[str]) -> None:
    assert [author.inverted for author in citing.authors(byline)] == names


@pytest.mark.parametrize(
    ("published", "ris", "issued"),
    [
        ("2020", "2020///", [2020]),
        ("2020-03", "2020/03//", [2020, 3]),
        ("2020-03-05T17:41", "2020/03/05/", [2020, 3, 5]),
    ],
)
def test_a_date_is_as_precise_as_the_stamp(published: str, ris: str, issued: list[int]) -> None:
    cited = citing.citation({"title": "A", "id": "a/b", "published": published, "event_date": "2019-01-01"}, "", SITE)
    assert f"DA  - {ris}\r\n" in citing.ris(cited)
    assert json.loads(citing.csl(cited))["issued"] == {"date-parts": [issued]}


def test_the_day_of_the_event_is_not_that_of_the_newspaper() -> None:
    cited = citing.citation({"title": "A", "id": "a/b", "event_date": "2019-01-01", "year": 2019}, "", SITE)
    assert "2019" not in citing.ris(cited) + citing.bibtex(cited) + citing.csl(cited)


# Feeds


@pytest.mark.parametrize("site", ["made", "homeless"])
def test_feeds_are_read_back(site: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(site)
    pages = {url: meta for url, meta in front(folder).items() if meta["template"] in feeds.TEMPLATES}
    titles = {f"bai/{meta['id']}/": meta["title"] for meta in articles(folder).values()}
    assert {path.parent.relative_to(folder).as_posix() for path in folder.rglob("feed.xml")} == {
        url.rstrip("/") or "." for url in pages
    }
    for url in pages:
        data = (folder / url / "feed.xml").read_bytes()
        root = etree.fromstring(data)  # strictly, which feedparser is not
        headers = {"content-location": f"{SITE.url}{url}feed.xml", "content-type": "application/atom+xml"}
        read = feedparser.parse(BytesIO(data), response_headers=headers)
        assert (read.bozo, read.version) == (False, "atom10")
        links = [entry.link.removeprefix(str(SITE.url)) for entry in read.entries]
        assert set(links) <= set(titles)
        assert len({entry.id for entry in read.entries}) == len(links)
        assert all(entry.id.startswith(("urn:uuid:", str(SITE.url))) for entry in [read.feed, *read.entries])
        assert all(entry.updated_parsed for entry in [read.feed, *read.entries])
        complete = root.find("{http://purl.org/syndication/history/1.0}complete")
        assert complete is not None
        written = json.loads((folder / url / "feed.json").read_bytes())
        assert written["version"] == "https://jsonfeed.org/version/1.1"
        assert [item["id"] for item in written["items"]] == [entry.id for entry in read.entries]
        assert all(("url" in item) == (site == "made") for item in written["items"])
    assert len(json.loads((folder / "feed.json").read_bytes())["items"]) == len(titles)


def test_a_feed_holds_the_newest_and_says_when_that_is_not_all() -> None:
    many = [clipping(f"2022/{n:03}.txt", published=f"2022-01-01T{n // 60:02}:{n % 60:02}") for n in range(60)]
    archive = archived(many)
    pages = [SimpleNamespace(uri="index.md", meta={"template": "kb-home.html", "title": "Kho"})]
    maker = feeds.Feeds(archive, SITE)
    made = {feed.name: feed.make() for page in pages for feed in maker.of(page, listed.listed(archive))}  # type: ignore[arg-type]
    read = feedparser.parse(BytesIO(made["feed.xml"]))
    assert len(read.entries) == listed.NEWEST == len(json.loads(made["feed.json"])["items"])
    assert [read.entries[0].updated, read.entries[-1].updated] == [
        "2022-01-01T00:59:00+07:00",
        "2022-01-01T00:10:00+07:00",
    ]
    assert b"complete" not in made["feed.xml"]


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2020", ("2020-01-01T00:00:00+07:00", False)),
        ("2020-03", ("2020-03-01T00:00:00+07:00", False)),
        ("2024-11-15T18:22:20", ("2024-11-15T18:22:20+07:00", True)),
        ("2024-13-45", (feeds.UNKNOWN, False)),
        (None, (feeds.UNKNOWN, False)),
    ],
)
def test_the_time_of_an_entry(date: str | None, time: tuple[str, bool]) -> None:
    (brief,) = archived([clipping(published=date)]).briefs
    assert feeds.time(brief) == time


# The site map

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
    targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <xs:simpleType name="day"><xs:union memberTypes="xs:date xs:dateTime"/></xs:simpleType>
  <xs:complexType name="place"><xs:all>
    <xs:element name="loc" type="xs:anyURI"/><xs:element name="lastmod" type="day" minOccurs="0"/>
  </xs:all></xs:complexType>
  <xs:element name="urlset"><xs:complexType><xs:sequence>
    <xs:element name="url" type="place" maxOccurs="50000"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
"""What the protocol of sitemaps.org asks for."""


def test_maps_hold_every_page_once_with_the_newest_day_that_it_tells() -> None:
    archive = archived(
        [
            clipping("2022/a.txt", published="2022-03-01T10:00", clusters=[(1, "Bộ Công an")], year=2021),
            clipping("2022/b.txt", event_date="2022-05-02", clusters=[(1, "Bộ Công an")], year=2021),
            clipping("2023/c.txt", published="2023", year=2023),
        ]
    )
    days = listed.newest_days(archive, listed.listed(archive))
    urls = {*archive.addresses.articles.values(), "cum/bo-cong-an/1/", "nam/2021/", "nam/2023/", ".", "gioi-thieu/"}
    maps = sitemap.maps(SITE, urls, days)
    assert [one.name for one in maps] == ["sitemap-2022.xml", "sitemap-2023.xml", "sitemap-muc-luc.xml"]
    assert [one.lastmod for one in maps] == ["2022-05-02", None, "2022-05-02"]
    schema = etree.XMLSchema(etree.fromstring(XSD))
    found = {}
    for one in maps:
        root = etree.fromstring(one.data)
        schema.assertValid(root)
        found |= {url.findtext("{*}loc"): url.findtext("{*}lastmod") for url in root}
    assert found.keys() == {SITE.at(url) for url in urls}
    assert found[SITE.at("cum/bo-cong-an/1/")] == found[SITE.at(".")] == "2022-05-02"
    assert found[SITE.at("nam/2023/")] is found[SITE.at("gioi-thieu/")] is None


def test_without_an_address_there_is_no_map() -> None:
    assert sitemap.maps(NAMELESS, {"."}, {}) == []


def test_the_description_of_the_search(made: Path, homeless: Path) -> None:
    root = etree.fromstring((made / "opensearch.xml").read_bytes())
    assert root.find("{*}Url").get("template") == f"{SITE.url}tim-kiem/?q={{searchTerms}}"
    assert len(root.findtext("{*}ShortName")) <= 16
    assert not (homeless / "opensearch.xml").exists()


# Tables


def cells(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        yield from csv.DictReader(opened)


def test_the_package_is_valid_with_its_digests_and_its_references(made: Path) -> None:
    data = made / "du-lieu"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of frictionless' own making
        package = frictionless.Package(str(data / "datapackage.json"))
        for resource in package.resources:
            assert resource.hash == f"sha256:{sha256((data / str(resource.path)).read_bytes()).hexdigest()}"
            assert resource.bytes == (data / str(resource.path)).stat().st_size
        tables = [one for one in package.resources if str(one.path).endswith(".csv")]
        assert len(tables) == len(exports.TABLES)
        report = frictionless.Package(resources=tables, basepath=str(data)).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]


def test_a_cell_never_begins_as_a_formula(made: Path) -> None:
    for path in sorted((made / "du-lieu").glob("*.csv")):
        for row in cells(path):
            assert not [value for value in row.values() if value.startswith(tuple("=+-@\t\r"))]
    byline = next(row["byline"] for row in cells(made / "du-lieu" / "articles.csv") if "tong-ket-cum-1" in row["id"])
    assert byline == "'=HYPERLINK(1)"


@pytest.mark.parametrize("value", ["=1", "+84", "-", "@x", "'", "'=1", "a", "", "＝1"])
def test_the_value_of_a_cell_can_be_had_back(value: str) -> None:
    assert exports.cell(value).removeprefix("'") == value


def test_the_tables_say_what_front_matter_says(made: Path) -> None:
    data, metas = made / "du-lieu", articles(made)
    by_id = {meta["id"]: meta for meta in metas.values()}
    for name, field in (("members", "members"), ("roles", "leads"), ("mentions", "people"), ("awards", "awards")):
        rows = list(cells(data / f"{name}.csv"))
        assert len(rows) == sum(len(meta[field]) for meta in by_id.values())
        for row in rows:
            lines = [str(one["line"] or "") for one in by_id[row["article"]]["evidence"][field]]
            assert row["line"] in lines
    for row in cells(data / "facets.csv"):
        said = by_id[row["article"]][row["field"]]
        value = row["value"].removeprefix("'")
        assert value in said if isinstance(said, list) else value == " ".join(str(said).split())


def test_records_are_read_back_and_the_longer_ones_have_the_text(made: Path) -> None:
    data, metas = made / "du-lieu", articles(made)
    short = json.loads((data / "articles.json").read_bytes())
    lines = gzip.decompress((data / "articles.jsonl.gz").read_bytes()).decode().splitlines()
    long = [json.loads(line) for line in lines]
    assert [one["id"] for one in short] == [one["id"] for one in long]
    assert {one["page"] for one in long} == {f"{SITE.url}{url}" for url in metas}
    for one in long:
        meta = metas[one["page"].removeprefix(str(SITE.url))]
        assert one["text"]
        assert one["title"] == meta["title"]
        assert one.get("leads", []) == meta["leads"]


def test_the_database_holds_the_tables(made: Path) -> None:
    with closing(sqlite3.connect(made / "du-lieu" / "kho.sqlite")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in exports.TABLES:
            (count,) = db.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()  # noqa: S608 - our own names
            assert count == len(list(cells(made / "du-lieu" / f"{table.name}.csv")))
        (byline,) = db.execute("SELECT byline FROM articles WHERE id LIKE '%tong-ket-cum-1-bo%'").fetchone()
        assert byline == "=HYPERLINK(1)"


@pytest.mark.parametrize("damaged", [False, True])
def test_the_files_are_made_of_parts_that_are_there(tmp_path: Path, damaged: bool) -> None:
    """Of the last files, and out of the store where those are damaged and the cache has no parts any more."""
    built(tmp_path / "one", NAMELESS)
    cache, name = tmp_path / "one" / "build" / "cache", "clippings/2022/tong-ket-cum-1-bo-cong-an.yaml"
    for part in (cache / "batches").glob("*.export"):
        part.unlink()
    if damaged:
        data = cache / "data" / "kho.sqlite"
        data.write_bytes(data.read_bytes()[:-1] + b"!")
    for folder in (tmp_path / "one", tmp_path / "two"):
        if folder.name == "two":
            shutil.copytree(tmp_path / "one" / "content", folder / "content")
        (folder / "content" / name).write_text('byline: "Another"\n', encoding="utf-8")
        rebuilt(folder, NAMELESS)
    one, two = (
        {path.name: path.read_bytes() for path in sorted((tmp_path / folder / "site" / "du-lieu").iterdir())}
        for folder in ("one", "two")
    )
    assert one == two
    assert b"Another" in one["articles.csv"]


def test_the_database_finds_words_once_it_is_given_the_index_of_the_guide(made: Path, tmp_path: Path) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "reuse.md").read_text(encoding="utf-8")
    create, fill, select = guide.split("```sql\n")[1].split("```")[0].strip().split(";\n")
    copied = shutil.copy(made / "du-lieu" / "kho.sqlite", tmp_path)
    with closing(sqlite3.connect(copied)) as db:
        db.execute(create)
        db.execute(fill)
        found = db.execute(select.rstrip(";")).fetchall()
    assert ("2023/tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi",) in found


def test_the_page_of_the_files_tells_their_sizes_and_digests(made: Path) -> None:
    listed_files = [file for table in front(made)["du-lieu/"]["tables"] for file in table["files"]]
    there = {path.name for path in (made / "du-lieu").iterdir()} - {"correction.schema.json", "index.html"}
    assert {file["url"].removeprefix(paths.DATA) for file in listed_files} == there
    for file in listed_files:
        data = (made / file["url"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), sha256(data).hexdigest())


# Linked data


def loader(*_: object) -> dict[str, Any]:
    document = {"@context": {"@vocab": "https://schema.org/"}}
    return {"contextUrl": None, "documentUrl": "https://schema.org", "document": document}


def nodes(url: str, meta: dict[str, Any], site: Site) -> Callable[[str], dict[str, Any]]:
    base = "/".join([".."] * url.count("/")) or "."
    page = SimpleNamespace(url=url, meta=meta)
    text = linked.script(page, SimpleNamespace(site_name=site.name, site_url=site.url), base)
    assert not re.search("[<>&]", text)
    (*expanded,) = jsonld.expand(json.loads(text), {"documentLoader": loader, "base": f"https://kho.example/bao/{url}"})
    by_type = {node["@type"][0].removeprefix("https://schema.org/"): node for node in expanded}
    return by_type.__getitem__


def said(node: dict[str, Any], name: str) -> Any:
    (found,) = node.get(f"https://schema.org/{name}", [None])
    return found and found.get("@value", found)


@pytest.mark.parametrize("site", [SITE, NAMELESS], ids=["address", "no address"])
def test_linked_data_is_that_of_the_page(made: Path, site: Site) -> None:
    """Relative addresses lead to where full ones do."""
    for url, meta in front(made).items():
        node = nodes(url, meta, site)
        if meta["template"] == "kb-article.html":
            article = node("NewsArticle")
            assert article["@id"] == f"https://kho.example/bao/{url}"
            assert said(article, "headline") == " ".join(meta["title"].split())
            stamp = said(article, "datePublished")
            assert (stamp and stamp.removesuffix("+07:00")) == meta["published"]
            assert bool(said(article, "publisher")) == bool(meta["source"])
            trail = node("BreadcrumbList")["https://schema.org/itemListElement"]
            assert len(trail) == len(meta["crumbs"])
        elif meta["template"] == "kb-unit.html":
            assert said(node("Organization"), "name") == meta["name"]
        elif meta["template"] == "kb-person.html":
            assert said(said(node("ProfilePage"), "mainEntity"), "name") == meta["name"]
        elif meta["template"] == "kb-data.html":
            assert node("Dataset")["https://schema.org/distribution"]
        elif meta["template"] == "kb-home.html":
            assert bool(said(node("WebSite"), "potentialAction")) == bool(site.url)


# Pictures


def test_pictures_have_the_size_that_networks_ask_for(made: Path, homeless: Path) -> None:
    clusters = [url for url, meta in front(made).items() if meta["template"] == "kb-cluster.html"]
    named = {f"{url}{pictures.NAME}" for url in clusters if url != paths.UNASSIGNED} | {pictures.NAME}
    assert {path.relative_to(made).as_posix() for path in made.rglob("*.png")} == named
    assert not list(homeless.rglob("*.png"))
    for name in named:
        with Image.open(made / name) as picture:
            assert (picture.size, picture.format) == (drawing.SIZE, "PNG")


@pytest.mark.parametrize(
    "title", ["", "Cụm 1", "𝔘 \x00 ﷽", "dài " * 300, "d" * 5_000, "Cụm 3 – Công an tỉnh Thừa Thiên Huế"]
)
def test_any_title_can_be_drawn_and_gives_the_same_bytes(title: str) -> None:
    assert drawing.drawn(title, "Kho") == drawing.drawn(title, "Kho")


def test_every_picture_that_a_page_names_is_there(made: Path) -> None:
    for url, meta in front(made).items():
        assert (made / pictures.of(meta, url)).is_file()


# Builds


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".kho-bao"
    }


def test_two_builds_give_the_same_bytes_and_a_rebuild_writes_only_what_changed(tmp_path: Path) -> None:
    first, second = (built(tmp_path / name, SITE) for name in ("first", "second"))
    assert files(first) == files(second)
    assert rebuilt(tmp_path / "first", SITE).report.changed == 0
    for name in ("first", "second"):
        path = tmp_path / name / "content" / "clippings" / "2023" / "tong-ket-thi-dua-quan-cau-giay-cum-9-ha-noi.txt"
        path.write_bytes(path.read_bytes() + "\nTin cuối.\n".encode())
    shutil.rmtree(second)
    shutil.rmtree(tmp_path / "second" / "build")
    changed = rebuilt(tmp_path / "first", SITE)
    rebuilt(tmp_path / "second", SITE)
    assert files(first) == files(second)
    assert 0 < changed.report.changed < len(files(first)) / 2
    (first / "du-lieu" / "all.ris").unlink()
    assert rebuilt(tmp_path / "first", SITE).report.changed == 1
    assert files(first) == files(second)
