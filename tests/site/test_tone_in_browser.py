"""Light and dark: as the reader chose, else as the system is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LIGHT, DARK = "rgb(251, 248, 241)", "rgb(22, 20, 17)"


def _shows(page: Page, scheme: str) -> None:
    body = page.locator("body")
    expect(body).to_have_attribute("data-md-color-scheme", scheme)
    expect(body).to_have_css("background-color", DARK if scheme == "slate" else LIGHT)
    expect(page.locator(".kb-tone label:visible")).to_have_text("Nền sáng" if scheme == "slate" else "Nền tối")
    expect(page.get_by_role("radio", checked=True, include_hidden=True)).to_have_value(scheme)


def test_without_a_choice_an_open_page_follows_the_system(site, kinds: dict, visit: Callable) -> None:
    """And the next page too: a visit alone is no choice."""
    page = visit(site.url, color_scheme="light")
    _shows(page, "default")
    page.emulate_media(color_scheme="dark")
    _shows(page, "slate")
    page.goto(site.url + kinds["person"])
    _shows(page, "slate")
    page.emulate_media(color_scheme="light")
    _shows(page, "default")


def test_a_choice_stays(site, kinds: dict, visit: Callable) -> None:
    """On other pages, and whatever becomes of the system."""
    page = visit(site.url, color_scheme="light")
    page.locator(".kb-tone label:visible").click()
    _shows(page, "slate")
    page.goto(site.url + kinds["article"])
    _shows(page, "slate")
    page.emulate_media(color_scheme="dark")
    page.emulate_media(color_scheme="light")
    _shows(page, "slate")
    page.locator(".kb-tone label:visible").click()
    page.reload()
    page.emulate_media(color_scheme="dark")
    _shows(page, "default")


def test_by_keyboard(site, visit: Callable) -> None:
    """Arrow keys choose, as in every group of radio buttons, and Enter takes the other one."""
    page = visit(site.url, color_scheme="light")
    page.get_by_role("radio", name="Nền sáng").focus()
    page.keyboard.press("ArrowDown")
    _shows(page, "slate")
    page.keyboard.press("Enter")
    _shows(page, "default")
    expect(page.get_by_role("radio", name="Nền sáng")).to_be_focused()


def test_the_choice_is_shown_before_anything_else_has_run(site, visit: Callable) -> None:
    """With Material's script still on its way, the page has the chosen colours."""
    page = visit(site.url, color_scheme="light")
    page.locator(".kb-tone label:visible").click()
    held = []
    page.route("**/bundle.*.js", lambda route: held.append(route))  # noqa: PLW0108 - no method of a list, for Playwright
    page.goto(site.url, wait_until="commit")
    expect(page.locator("body")).to_have_css("background-color", DARK)
    expect(page.locator("footer")).to_be_visible()
    assert held
    assert page.evaluate("document.readyState") != "complete"
    held[0].continue_()
    _shows(page, "slate")


def test_archives_of_one_host_keep_a_choice_each(site, serve: Callable, visit: Callable) -> None:
    """Below another address of the host, the choice is kept for that archive alone."""
    address = serve(site.folder.parent)
    page = visit(f"{address}{site.folder.name}/", color_scheme="light")
    page.locator(".kb-tone label:visible").click()
    page.goto(f"{address}{site.folder.name}/cum/")
    _shows(page, "slate")
    assert page.evaluate("Object.keys(localStorage)") == [f"/{site.folder.name}/.__palette"]
