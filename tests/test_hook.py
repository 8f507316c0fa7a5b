"""MkDocs alone does the whole job, and a hand-written page is never lost."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from build_tools import engine

ROOT = Path(__file__).resolve().parents[1]
TEXT = "Cụm thi đua số {0} tổng kết năm 2022\n\nNgày 23/11/2022, cụm thi đua số {0} họp tại Hải Phòng.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder as a maintainer has it, with one clipping."""
    for name in ("overrides", "content/pages", "build_tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    add(tmp_path, "mot", 1)
    return tmp_path


def add(project: Path, name: str, number: int) -> None:
    path = project / "content" / "clippings" / "2022" / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(number), encoding="utf-8")


def config(project: Path) -> MkDocsConfig:
    return load_config(str(project / "mkdocs.yml"), strict=True)


def test_a_strict_build_and_another_in_the_same_process(project: Path) -> None:
    mkdocs_build(config(project))
    add(project, "hai", 2)
    mkdocs_build(config(project))
    assert (project / "site/bai/2022/mot/index.html").is_file()
    assert (project / "site/bai/2022/hai/index.html").is_file()
    assert (project / "site/.kho-bao").is_file()
    assert (project / "build/docs/bai/2022/hai.md").is_file()


def test_problems_are_information_even_under_strict(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    (project / "content/clippings/rong.txt").write_text("")
    with caplog.at_level(logging.INFO, "mkdocs"):
        mkdocs_build(config(project))
    told = [record for record in caplog.records if "rong.txt" in record.getMessage()]
    assert [record.levelname for record in told] == ["INFO"]


def test_a_hand_written_page_wins(project: Path) -> None:
    (project / "content/pages/index.md").write_text("# Trang riêng của tôi\n", encoding="utf-8")
    mkdocs_build(config(project))
    assert "Trang riêng của tôi" in (project / "site/index.html").read_text(encoding="utf-8")


def test_a_foreign_site_folder_aborts_with_a_sentence(project: Path) -> None:
    (project / "site").mkdir()
    (project / "site/mine.txt").write_text("mine")
    with pytest.raises(Abort, match=r"was not built by kho-bao"):
        mkdocs_build(config(project))
    assert (project / "site/mine.txt").exists()


def test_links_of_a_hand_written_page_lead_to_generated_pages(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MkDocs knows their addresses and makes none of them: the files for programs are not made for it either."""
    page = project / "content/pages/gioi-thieu.md"
    links = "[bài](bai/2022/mot.md#dong-3), [cụm](cum/chua-ro/1.md), [dữ liệu](du-lieu.md)"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{links}\n", encoding="utf-8")
    monkeypatch.setattr(engine.Build, "_data_at_once", lambda _: pytest.fail("made twice"))
    mkdocs_build(config(project))
    html = (project / "site/gioi-thieu/index.html").read_text(encoding="utf-8")
    for url in ("bai/2022/mot/#dong-3", "cum/chua-ro/1/", "du-lieu/"):
        assert f'href="../{url}"' in html
        assert (project / "site" / url.partition("#")[0] / "index.html").is_file()


def test_articles_stay_out_of_the_navigation(project: Path) -> None:
    """In it, the build would be quadratic."""
    used = config(project)
    mkdocs_build(used)
    page = (project / "site/gioi-thieu/index.html").read_text(encoding="utf-8")
    assert "bai/2022/mot" not in page


def test_an_older_mkdocs_yml_reads_short_forms_too(project: Path) -> None:
    """What the generated Markdown needs is added to the extensions that the file names."""
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    assert "  - abbr" in text
    settings.write_text("".join(line for line in text.splitlines(True) if "  - abbr" not in line), encoding="utf-8")
    path = project / "content/clippings/2022/mot.txt"
    path.write_text(TEXT.format(1).replace("tại Hải Phòng", "tại CATP Hải Phòng"), encoding="utf-8")
    mkdocs_build(config(project))
    page = (project / "site/bai/2022/mot/index.html").read_text(encoding="utf-8")
    assert '<abbr title="Công an thành phố">CATP</abbr>' in page
    assert "*[CATP]" not in page
