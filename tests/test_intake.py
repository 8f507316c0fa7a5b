"""Bringing clippings in: what is written down of a file, where it goes, what is refused."""

from __future__ import annotations

import gzip
import io
import socket
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from build_tools import build, corrections, intake, webarchive, webarticle, webpage
from build_tools.archive import values
from build_tools.cli import cli
from build_tools.errors import ClippingError
from build_tools.model import Clipping

PORTALS = Path(__file__).parent / "portals"
NAMES = ("bao-cot-ben", "bao-dien-tu", "cong-thong-tin", "trang-nganh")

TEXT = """Cụm thi đua số 1 – Bộ Công an tổng kết phong trào thi đua năm 2022

17:41 24/11/2022

Ngày 23/11, tại Hải Phòng, cụm thi đua số 1 – Bộ Công an tổ chức hội nghị tổng kết phong trào thi đua năm 2022.
"""
PLACE = "2022/cum-thi-dua-so-1-bo-cong-an-tong-ket-phong-trao-thi-dua-nam-2022.txt"
LEAD = "Ngày 23/11, tại Hải Phòng, cụm thi đua số 1 – Bộ Công an tổ chức hội nghị tổng kết phong trào thi đua năm 2022."
MORE = (
    "Năm 2022, các đơn vị trong cụm đã triển khai đồng bộ nhiều biện pháp, hoàn thành tốt các chỉ tiêu đề ra, "
    "góp phần giữ vững an ninh trật tự trên địa bàn."
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty archive in `content/`, no way to a network; the working folder."""
    (tmp_path / "content" / "clippings").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tmp_path


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Take a library away."""

    def take(name: str) -> None:
        monkeypatch.setitem(sys.modules, name, None)
        webpage._libraries.cache_clear()

    yield take
    webpage._libraries.cache_clear()


def add(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["add", *map(str, arguments)], prog_name="kho-bao")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def page(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def article(title: str = "Cụm thi đua số 1 tổng kết năm 2022", extra: str = "", lead: str = LEAD) -> str:
    body = f'<h1>{title}</h1><div class="time">17:41 24/11/2022</div><p>{lead}</p>{extra}<p>{MORE}</p>'
    return page(f"<article>{body}</article>")


def text_of(markup: str | bytes, charset: str | None = None) -> str:
    data = markup if isinstance(markup, bytes) else markup.encode()
    return webarticle.text(webpage.read(data, "x.html", charset), "x.html")


Record = tuple[str, str, bytes] | tuple[str, str, bytes, dict[str, str]]


def warc(records: list[Record], packed: bool = True) -> bytes:
    """Return a WARC of (status line, content type, payload, other HTTP headers)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    for number, (status, kind, payload, *more) in enumerate(records):
        headers = [("Content-Type", kind), *(more[0].items() if more else ())]
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1")
        url = f"https://bao.example/bai-{number}.html"
        record = writer.create_warc_record(
            url, "response", payload=io.BytesIO(payload), length=len(payload), http_headers=http
        )
        writer.write_record(record)
    return out.getvalue()


def wacz(members: dict[str, bytes], kind: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


# Texts


def test_text_is_copied_byte_for_byte(home: Path) -> None:
    data = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    (home / "mot.txt").write_bytes(data)
    done = add("mot.txt")
    assert done.exit_code == 0, done.output
    assert tree(home / "content") == {f"clippings/{PLACE}": data}
    said = TEXT.splitlines()[0] + "; 2022-11-24; cluster 1 (Bộ Công an); 0 guesses"
    assert done.stdout.splitlines() == [f"added clippings/{PLACE}: {said}", "1 added, 0 already there, 0 failed"]


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        (TEXT, "2022"),
        (TEXT.replace("17:41 24/11/2022\n\n", "").replace("23/11", "23/11/2021"), "2021"),
        ("Một bài viết không nói ngày tháng nào.\n", "khong-ro"),
    ],
    ids=["stamp", "event-day", "none"],
)
def test_folder_is_the_year_that_is_read(home: Path, text: str, folder: str) -> None:
    (home / "a.txt").write_text(text, encoding="utf-8")
    assert add("a.txt").exit_code == 0
    assert [path.name for path in (home / "content/clippings").iterdir()] == [folder]


def test_taken_name_gets_a_part_of_the_hash(home: Path) -> None:
    for name in ("a", "b"):
        (home / f"{name}.txt").write_text(f"{TEXT}\n{MORE} {name}\n", encoding="utf-8")
    assert add("a.txt", "b.txt").exit_code == 0
    names = sorted(path.stem for path in (home / "content/clippings/2022").iterdir())
    assert names[0] == PLACE[5:-4]
    assert names[1].startswith(f"{names[0]}-")
    assert len(names[1]) == len(names[0]) + 7


def test_stray_correction_is_not_put_to_a_new_clipping(home: Path) -> None:
    stray = home / "content/clippings" / PLACE.replace(".txt", ".yaml")
    stray.parent.mkdir()
    stray.write_text("byline: Ai đó\n", encoding="utf-8")
    (home / "a.txt").write_text(TEXT, encoding="utf-8")
    assert add("a.txt").exit_code == 0
    assert not (home / "content/clippings" / PLACE).exists()
    assert len(tree(home / "content")) == 2


# Web pages


@pytest.mark.parametrize("name", NAMES)
def test_article_is_read_off_the_page(name: str) -> None:
    """The text beside each page is what a person reads off it."""
    assert text_of((PORTALS / f"{name}.html").read_bytes()) == (PORTALS / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bao-cot-ben", ("2025-02-12T16:05", "Lê Hà", "BVB", 1)),
        ("bao-dien-tu", ("2023-12-21T10:05", "Hoàng Yến", "SLO", 1)),
        ("cong-thong-tin", ("2023-12-14T15:40", "CÔNG AN QUẬN", None, 2)),
        ("trang-nganh", ("2024-03-01", "Thu Hằng", None, 1)),
    ],
)
def test_record_of_a_page_says_what_its_article_says(home: Path, name: str, expected: tuple[object, ...]) -> None:
    """Not what its machinery says: other authors, times and headlines stand there."""
    (outcome,) = intake.add([PORTALS / f"{name}.html"], home / "content")
    assert isinstance(outcome, intake.Added)
    said = values(outcome.clipping.record)
    assert (said["published"], said["byline"], said["source"], len(outcome.clipping.record.captions)) == expected
    assert said["title"] is not None
    assert len(outcome.clipping.record.clusters) == 1


def test_page_is_kept_and_its_address_noted(home: Path) -> None:
    """The correction beside the clipping holds the address and nothing else; the build takes it and finds no fault."""
    assert add(PORTALS / "trang-nganh.html").exit_code == 0
    stem = "2024/cum-thi-dua-so-8-ky-ket-giao-uoc-thi-dua-nam-2024"
    files = tree(home / "content")
    assert sorted(files) == [f"clippings/{stem}.txt", f"clippings/{stem}.yaml", f"originals/{stem}.html"]
    assert files[f"originals/{stem}.html"] == (PORTALS / "trang-nganh.html").read_bytes()
    assert files[f"clippings/{stem}.yaml"] == b"url: https://congan.binhminh.example/tin/cum-8-ky-giao-uoc/\n"
    result = build.build(home / "content")
    assert result.problems == ()
    assert len(result.clippings) == 1
    url = result.clippings[0].record.url
    assert url is not None
    assert url.value == "https://congan.binhminh.example/tin/cum-8-ky-giao-uoc/"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://bao.example/a?b=1&amp;c=2">', "https://bao.example/a?b=1&c=2"),
        ('<meta property="og:url" content="https://bao.example/b">', "https://bao.example/b"),
        ('<link rel="canonical" href="/a">', None),
        ('<link rel="canonical" href="https://bao.example">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        (f'<link rel="canonical" href="https://bao.example/{"a" * 3000}">', None),
        ("", None),
    ],
    ids=["canonical", "og", "relative", "no-path", "script", "endless", "none"],
)
def test_address_is_the_pages_own(head: str, url: str | None) -> None:
    assert webpage.read(page(f"<p>{LEAD}</p>", head).encode(), "x").url == url


def test_address_that_a_browser_noted_is_found() -> None:
    markup = "<!DOCTYPE html>\n<!-- saved from url=(0032)https://bao.example/tin/bai.html -->\n" + page("<p>x</p>")[15:]
    assert webpage.read(markup.encode(), "x").url == "https://bao.example/tin/bai.html"


@pytest.mark.parametrize("address", ["https://bao.example/a: b", "https://bao.example/#x", "https://bao.example/'\"&*"])
def test_written_address_is_a_correction_that_can_be_read(home: Path, address: str) -> None:
    """Or it is not written."""
    markup = article().replace("<head>", f'<head><link rel="canonical" href="{address.replace(chr(34), "&quot;")}">')
    (home / "a.html").write_text(markup, encoding="utf-8")
    assert add("a.html").exit_code == 0
    for file in corrections.files(home, (home / "content").rglob("*.yaml")):
        assert isinstance(file, corrections.CorrectionFile)
        assert not isinstance(corrections.parse(file), list)
    assert build.build(home / "content").problems == ()


UNSEEN = "<p>MÃ ĐỘC đã được đưa vào trang này một cách kín đáo, không ai thấy.</p>"
HOSTILE = {
    "script": f"<script>document.write('{UNSEEN}')</script>",
    "script in a paragraph": "<p>Trước <script>MÃ ĐỘC</script> sau cuộc họp, các đại biểu đã thảo luận.</p>",
    "style": "<style>p::after { content: 'MÃ ĐỘC' }</style>",
    "hidden": f'<div style="color:red; DISPLAY : none">{UNSEEN}</div>',
    "hidden attribute": f"<div hidden>{UNSEEN}</div>",
    "template": f"<template>{UNSEEN}</template>",
    "noscript": f"<noscript>{UNSEEN}</noscript>",
    "comment": f"<!-- {UNSEEN} -->",
    "attribute": '<img alt="MÃ ĐỘC" title="MÃ ĐỘC" src="x" onerror="MÃ ĐỘC">',
    "svg": "<svg><text>MÃ ĐỘC</text><script>MÃ ĐỘC</script></svg>",
    "form": "<form><textarea>MÃ ĐỘC</textarea><select><option>MÃ ĐỘC</option></select><button>MÃ ĐỘC</button></form>",
}


@pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_seen_is_not_in_the_text(part: str) -> None:
    text = text_of(article(extra=part))
    assert "MÃ ĐỘC" not in text
    assert LEAD in text
    assert MORE in text


def test_entities_of_a_page_fetch_and_repeat_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("BÍ MẬT", encoding="utf-8")
    doctype = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    )
    text = text_of(doctype + article(extra="<p>Ở đây có &x; và &b; trong câu văn của bài viết này.</p>")[15:])
    assert "BÍ MẬT" not in text
    assert "haha" not in text


def test_markup_in_the_text_stays_text(home: Path) -> None:
    """What a page shows as `<b>` is a clipping that shows `<b>`; escaping it is the build's work."""
    assert "&lt;b&gt;" not in text_of(
        article(extra="<p>Thẻ &lt;b&gt;đậm&lt;/b&gt; được nhắc tới ở trong bài viết.</p>")
    )


@pytest.mark.parametrize(
    "markup",
    [
        page(""),
        page("<h1>Trang chủ</h1><p>Chào mừng.</p>"),
        page(
            "".join(
                f'<h3><a href="/{n}">Tin thứ {n}: cụm thi đua số {n} tổng kết</a></h3><p>{MORE}</p>' for n in range(9)
            )
        ),
        "không phải trang web",
    ],
    ids=["empty", "front", "list", "text"],
)
def test_page_without_one_article_is_refused(markup: str) -> None:
    with pytest.raises(webarticle.NoArticleError, match="no article, or several"):
        text_of(markup)


def test_stamp_over_the_headline_counts_and_todays_date_does_not() -> None:
    stamp, title = "Thứ Năm, 24/11/2022, 17:41", "Cụm thi đua số 1 tổng kết năm 2022"
    inner = f'<div class="d">{stamp}</div><h1>{title}</h1><p>{LEAD}</p><p>{MORE}</p>'
    lines = text_of(page(f"<div>Hôm nay 05/05/2024 08:00</div><article>{inner}</article>")).split("\n\n")
    assert lines[:2] == [title, stamp]
    assert "2024" not in "".join(lines)


def test_items_of_an_announced_list_have_a_dash() -> None:
    """So that the reader takes them for a list, as the bullet on the page says."""
    items = "<li>Công an thành phố Hải Phòng;</li><li>Công an tỉnh Thái Bình.</li>"
    extra = f"<p>Cụm thi đua gồm các đơn vị:</p><ul>{items}</ul>"
    text = text_of(article(extra=extra))
    assert ":\n\n- Công an thành phố Hải Phòng;\n\n- Công an tỉnh Thái Bình.\n\n" in text


def split_tones(text: str) -> str:
    """Return `text` as Windows-1258 writes it: tone marks for themselves, other marks on their letters."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        written += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        written += "".join(part for part in parts if part in tones)
    return written


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-8", "iso-8859-1"), ("utf-16", ""), ("cp1258", "windows-1258"), ("cp1258", "")],
)
def test_encodings(encoding: str, declared: str) -> None:
    """What the bytes prove goes before what the page declares."""
    markup = article().replace('charset="utf-8"', f'charset="{declared}"' if declared else "")
    data = split_tones(markup).encode(encoding) if encoding == "cp1258" else markup.encode(encoding)
    assert LEAD in text_of(data)


def test_declared_encoding_is_used_where_bytes_prove_nothing() -> None:
    """The server's word first."""
    markup = article(extra="<p>Tác phẩm “Les Misérables” được trao cho các đơn vị ở cuối buổi họp.</p>")
    bare = "".join(c for c in markup if c in markup.encode("cp1252", "ignore").decode("cp1252")).encode("cp1252")
    assert "Misérables" in text_of(bare.replace(b"utf-8", b"windows-1252"))
    assert "Misérables" in text_of(bare.replace(b'charset="utf-8"', b""), "ISO-8859-1")


def test_broken_bytes_outside_the_article_do_no_harm_and_inside_are_refused() -> None:
    good = article().encode()
    assert LEAD in text_of(good.replace(b"</body>", b"<!-- \xff --></body>"))
    with pytest.raises(ClippingError, match="not utf-8 throughout"):
        text_of(good.replace(b"<p>N", b"<p>\xffN"))


def test_tags_of_many_attributes_and_photographs_inside_cost_no_time() -> None:
    """Without the cut the parser would take hours."""
    attributes = " ".join(f"a{number}=1" for number in range(300_000))
    photograph = f'<img src="data:image/png;base64,{"A" * 11_000_000}">'
    text = text_of(article(extra=f"<p {attributes}></p>{photograph}"))
    assert LEAD in text
    assert MORE in text


def test_deep_and_wide_pages_are_refused_or_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert LEAD in text_of(article(extra="<div>" * 100))
    with pytest.raises(ClippingError, match="nested deeper"):
        text_of(article(extra="<div>" * 3_000))
    monkeypatch.setattr(webpage, "MAX_ELEMENTS", 100)
    with pytest.raises(ClippingError, match="more elements"):
        text_of(article(extra="<i>a</i>" * 100))
    monkeypatch.setattr(webpage, "MAX_ELEMENTS", 10_000)
    monkeypatch.setattr(webpage, "MAX_LINES", 50)
    with pytest.raises(ClippingError, match="lines are more"):
        text_of(article(extra="a<br>" * 100))
    monkeypatch.setattr(webpage, "MAX_BYTES", 50)
    with pytest.raises(ClippingError, match="more than a page can have"):
        text_of(article())


# Web archives


STORED: list[Record] = [
    ("200 OK", "text/html; charset=utf-8", article().encode()),
    (
        "200 OK",
        "text/html",
        gzip.compress(article("Cụm thi đua số 2 tổng kết năm 2022").encode()),
        {"Content-Encoding": "gzip"},
    ),
    ("200 OK", "image/png", b"\x89PNG"),
    ("301 Moved Permanently", "text/html", b"", {"Location": "/x"}),
    ("404 Not Found", "text/html", article("Trang không còn").encode()),
    ("200 OK", "text/html", page("<p>Trang chủ</p>").encode()),
]
LEFT_OUT = "left out: 1 not HTML, 1 not status 200, 1 redirect, 1 without an article"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("kho.warc.gz", warc(STORED)),
        ("kho.warc", warc(STORED, packed=False)),
        ("kho.WACZ", wacz({"archive/data.warc.gz": warc(STORED), "pages/pages.jsonl": b"{}"})),
        ("zip.wacz", wacz({"archive/data.warc": warc(STORED, packed=False)}, zipfile.ZIP_DEFLATED)),
    ],
)
def test_archives_give_their_articles(home: Path, name: str, data: bytes) -> None:
    (home / name).write_bytes(data)
    done = add(name)
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("2 added, 0 already there, 0 failed\n")
    assert f"{name}: {LEFT_OUT}" in done.stdout
    files = tree(home / "content")
    stem = "2022/cum-thi-dua-so-2-tong-ket-nam-2022"
    assert len(files) == 6
    assert files[f"originals/{stem}.html"] == article("Cụm thi đua số 2 tổng kết năm 2022").encode()
    assert files[f"clippings/{stem}.yaml"] == b"url: https://bao.example/bai-1.html\n"


def test_revisits_are_counted(home: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_revisit_record("https://bao.example/", "sha1:A", "https://bao.example/", "2024"))
    (home / "a.warc.gz").write_bytes(out.getvalue())
    done = add("a.warc.gz")
    assert done.exit_code == 0
    assert "left out: 1 revisit" in done.stdout


def test_names_of_members_never_become_paths(home: Path) -> None:
    """A member that climbs out of the archive is no WARC of it; another one's name only tells the order."""
    data = warc(STORED[:1])
    (home / "a.wacz").write_bytes(wacz({"archive/../../../evil.warc.gz": data, "archive/x.warc.gz": data}))
    assert add("a.wacz").exit_code == 0
    assert sorted(path.name for path in home.iterdir()) == ["a.wacz", "content"]
    assert len(tree(home / "content")) == 3


BROKEN = {
    "no zip": ("a.wacz", b"PK", "is broken"),
    "no WARC in it": ("a.wacz", wacz({"x": b""}), "it is no WACZ"),
    "packed twice": ("a.wacz", wacz({"archive/a.warc.gz": bytes(10**7)}, zipfile.ZIP_DEFLATED), "is packed twice"),
    "no WARC": ("a.warc", b"hello\r\n\r\n", "is broken"),
    "cut off": ("a.warc.gz", warc(STORED)[:-200], "is broken"),
    "a line without end": (
        "a.warc.gz",
        gzip.compress(b"WARC/1.0\r\nX: " + b"a" * 10**7),
        "more than its records state",
    ),
    "blank lines without end": ("a.warc.gz", warc([]) + gzip.compress(b"\r\n" * 10**7), "more than its records state"),
    "a length beyond all measure": (
        "a.warc.gz",
        gzip.compress(b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 99999999999999\r\n\r\n"),
        "unpacks to more than",
    ),
    "no address": ("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n", "is broken"),
    "no length": ("a.warc", b"WARC/1.0\r\nWARC-Type: resource\r\n\r\nabc", "does not state its length"),
}


@pytest.mark.parametrize(("name", "data", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_archives_and_bombs_are_refused(home: Path, name: str, data: bytes, message: str) -> None:
    (home / name).write_bytes(data)
    (home / "b.txt").write_text(TEXT, encoding="utf-8")
    done = add(name, "b.txt")
    assert done.exit_code == 1
    assert message in done.stderr
    assert "1 failed" in done.stdout
    assert (home / "content/clippings" / PLACE).is_file()


def test_payload_that_unpacks_to_too_much_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb: Record = ("200 OK", "text/html", gzip.compress(bytes(10**6)), {"Content-Encoding": "gzip"})
    brotli: Record = ("200 OK", "text/html", b"\x1b\x00", {"Content-Encoding": "br"})
    monkeypatch.setattr(webpage, "MAX_BYTES", 100_000)
    (home / "a.warc.gz").write_bytes(warc([bomb, brotli, *STORED[:1]]))
    done = add("a.warc.gz")
    assert done.exit_code == 1
    assert "bai-0.html: is larger than a page can be" in done.stderr
    assert "bai-1.html: is packed as 'br'" in done.stderr
    assert "1 added, 0 already there, 2 failed" in done.stdout


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_RECORDS", 1), ("MAX_MEMBERS", 1), ("MAX_BYTES", 100), ("RATIO_FREE", 10)]
)
def test_limits_of_archives(home: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(webarchive, limit, value)
    monkeypatch.setattr(webarchive, "MAX_RATIO", 0)
    (home / "a.wacz").write_bytes(wacz({"archive/a.warc.gz": warc(STORED), "pages/pages.jsonl": b""}))
    assert add("a.wacz").exit_code == 1
    assert len(tree(home / "content")) <= 3


# What is there already


def test_running_again_adds_nothing(home: Path) -> None:
    (home / "a.txt").write_text(TEXT, encoding="utf-8")
    (home / "a.warc.gz").write_bytes(warc(STORED))
    sources = (PORTALS, home / "a.txt", home / "a.warc.gz")
    assert "7 added, 4 already there" in add(*sources).stdout  # the texts beside the pages are the same as theirs
    before = tree(home / "content")
    done = add(*sources)
    assert done.exit_code == 0
    assert "0 added, 11 already there, 0 failed" in done.stdout
    assert f"{home / 'a.txt'}: is already there as clippings/{PLACE}" in done.stdout
    assert tree(home / "content") == before


def test_same_text_on_another_page_is_a_duplicate(home: Path) -> None:
    """Two saved copies of one page differ in what stands round the article."""
    (home / "a.html").write_text(article(), encoding="utf-8")
    (home / "b.html").write_text(article() + "<!-- saved later -->", encoding="utf-8")
    done = add("a.html", "b.html")
    assert "1 added, 1 already there" in done.stdout
    assert "b.html: is already there as clippings/2022/cum-thi-dua-so-1-tong-ket-nam-2022.txt" in done.stdout


def test_page_whose_clipping_was_removed_is_brought_in_again(home: Path) -> None:
    (home / "a.html").write_text(article(), encoding="utf-8")
    add("a.html")
    before = tree(home / "content")
    (home / "content/clippings/2022/cum-thi-dua-so-1-tong-ket-nam-2022.txt").unlink()
    assert "1 added" in add("a.html").stdout
    assert tree(home / "content") == before


def test_interrupted_intake_leaves_no_half_files_and_is_finished_by_running_again(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever file was about to be written or renamed."""
    whole = tmp_path_factory.mktemp("whole")
    (whole / "clippings").mkdir()
    assert add(PORTALS, "--content", whole).exit_code == 0
    replace = Path.replace
    for stop in range(1, 11):
        calls = 0

        def interrupt(path: Path, target: Path, stop: int = stop) -> Any:
            nonlocal calls
            calls += 1
            if calls == stop:
                raise KeyboardInterrupt
            return replace(path, target)

        content = home / f"content-{stop}"
        (content / "clippings").mkdir(parents=True)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", interrupt)
            done = add(PORTALS, "--content", content)
        assert done.exit_code == 1
        assert "run the same command again" in done.stderr
        files = tree(content)
        assert files.items() < tree(whole).items()
        for name in files:
            if name.endswith(".txt"):
                stem = name.removesuffix(".txt").removeprefix("clippings/")
                assert f"originals/{stem}.html" in files
        assert add(PORTALS, "--content", content).exit_code == 0
        assert tree(content) == tree(whole)


def test_dry_run_says_the_same_and_writes_nothing(home: Path) -> None:
    sources = (PORTALS, PORTALS / f"{NAMES[0]}.html", PORTALS / f"{NAMES[0]}.txt")
    dry = add(*sources, "--dry-run")
    assert dry.exit_code == 0
    assert tree(home / "content") == {}
    done = add(*sources)
    assert dry.stdout.replace("would add", "added") == done.stdout
    assert "already there" in done.stdout


def test_same_sources_give_the_same_files(home: Path) -> None:
    (home / "a.warc.gz").write_bytes(warc(STORED))
    trees = []
    for name in ("one", "two"):
        (home / name / "clippings").mkdir(parents=True)
        add(PORTALS, "a.warc.gz", "--content", name)
        trees.append(tree(home / name))
    assert trees[0] == trees[1]


# The command


def test_folders_are_walked_in_order_and_only_for_what_is_read(home: Path) -> None:
    box = home / "hop"
    for name in ("b/2.txt", "a/1.txt", "a/anh.jpg", ".an/3.txt", "trang_files/khung.html", ".x.txt"):
        (box / name).parent.mkdir(parents=True, exist_ok=True)
        (box / name).write_text(f"{TEXT}{name}\n", encoding="utf-8")
    (box / "trang.html").write_text(article(), encoding="utf-8")
    (box / "noi.txt").symlink_to("/etc/hostname")
    found = [path.relative_to(box).as_posix() for path in intake.files([box]) if isinstance(path, Path)]
    assert found == ["a/1.txt", "b/2.txt", "trang.html"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\xff\xfe\x00\xd8", "broken"),
        ("a.txt", b"a" * 2_000_001, "larger than such a file can be"),
        ("a.pdf", b"%PDF", "of no kind that can be brought in"),
        ("a.html", b"<p>x", "no article, or several"),
    ],
    ids=["empty", "broken", "large", "kind", "page"],
)
def test_bad_file_is_listed_and_the_others_go_on(home: Path, name: str, data: bytes, message: str) -> None:
    (home / name).write_bytes(data)
    (home / "b.txt").write_text(TEXT, encoding="utf-8")
    done = add(name, "b.txt")
    assert done.exit_code == 1
    assert f"{name}: " in done.stderr
    assert message in done.stderr
    assert done.stdout.endswith("1 added, 0 already there, 1 failed\n")


def test_page_that_breaks_a_library_is_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise RecursionError("too deep")

    monkeypatch.setattr(webarticle, "text", fail)
    (home / "a.html").write_text(article(), encoding="utf-8")
    done = add("a.html")
    assert done.exit_code == 1
    assert "RecursionError: too deep" in done.stderr


def test_missing_content_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    done = add("a.txt")
    assert done.exit_code == 2
    assert "no such folder" in done.stderr


@pytest.mark.parametrize(
    ("library", "name", "extra"),
    [
        ("trafilatura", "a.html", "html"),
        ("warcio.archiveiterator", "a.warc.gz", "warc"),
        ("lxml.html", "a.wacz", "warc"),
    ],
)
def test_missing_library_is_named(
    home: Path, without: Callable[[str], None], library: str, name: str, extra: str
) -> None:
    """Alone the file stops the command; beside others it is a problem, and they go on."""
    without(library)
    (home / name).write_bytes(b"x")
    alone = add(name)
    assert alone.exit_code == 2
    assert f'python -m pip install "kho-bao[{extra}]"' in alone.stderr
    (home / "b.txt").write_text(TEXT, encoding="utf-8")
    beside = add(name, "b.txt")
    assert beside.exit_code == 1
    assert f"{name}: what reads" in beside.stderr
    assert f'pip install "kho-bao[{extra}]"' in beside.stderr
    assert "1 added, 0 already there, 1 failed" in beside.stdout


def test_text_needs_no_library(home: Path, without: Callable[[str], None]) -> None:
    without("trafilatura")
    (home / "a.txt").write_text(TEXT, encoding="utf-8")
    assert add("a.txt").exit_code == 0


def test_bare_folder_of_texts_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Originals lie in it and are not read as clippings."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare").mkdir()
    assert add(PORTALS / "trang-nganh.html", "--content", "bare").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "bare").iterdir()) == ["2024", "originals"]
    result = build.build(tmp_path / "bare")
    assert len(result.clippings) == 1
    assert result.problems == ()
    assert isinstance(result.clippings[0], Clipping)


def test_progress_counts_up_to_all_bytes(home: Path) -> None:
    (home / "a.warc.gz").write_bytes(warc(STORED))
    (home / "b.txt").write_text(TEXT, encoding="utf-8")
    told: list[tuple[int, int]] = []
    total = sum((home / name).stat().st_size for name in ("a.warc.gz", "b.txt"))
    sources = [home / "a.warc.gz", home / "b.txt"]
    list(intake.add(sources, home / "content", progress=lambda done, of: told.append((done, of))))
    assert told == sorted(told)
    assert told[-1] == (total, total)
