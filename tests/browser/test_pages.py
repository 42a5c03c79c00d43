"""Every sample page in a real browser: no fault of accessibility, no overflow, no complaint."""

from collections.abc import Iterator

import pytest
from tests.browser import axe
from tests.browser.stage import Stage, chromium_missing, stage

RUN = """async () => (await axe.run({resultTypes: ["violations"]})).violations
    .filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => `${v.id}: ` + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "))"""
OVERFLOW = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > wide + 1)
        .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
}"""
SMALL = """() => [...document.querySelectorAll("main button, main summary, .dock a, .topbar a")]
    .filter(e => !e.matches(".alt > summary, .plain-link"))
    .map(e => [e.getBoundingClientRect(), e])
    .filter(([box]) => box.width && (box.height < 43 || box.width < 43))
    .map(([box, e]) => `${box.width}x${box.height} ` + e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def shown() -> Iterator[Stage]:
    if chromium_missing():
        pytest.fail(
            "Chromium is missing. On Debian, as root: apt-get install chromium. "
            "Elsewhere ROSTRA_CHROMIUM names the program."
        )
    with stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def checker() -> str:
    return axe.script()


@pytest.mark.parametrize(("size", "theme"), [("phone", "light"), ("desktop", "dark")])
def test_pages_are_accessible_fit_and_silent(
    shown: Stage, checker: str, size: str, theme: str
) -> None:
    faults: dict[str, list[str]] = {}
    with shown.context(size, theme) as context:
        for name in shown.samples:
            tab, complaints = shown.open(context, name)
            tab.evaluate(checker)
            found = [*tab.evaluate(RUN), *tab.evaluate(OVERFLOW), *complaints]
            if size == "phone":
                found += tab.evaluate(SMALL)
            tab.close()
            if found:
                faults[name] = found
    assert faults == {}


def test_scripts_add_what_they_promise(shown: Stage) -> None:
    with shown.context("desktop", "light") as context:
        tab, complaints = shown.open(context, "compose")
        tab.fill("#text", "a https://example.org/a/long/address/that/counts/as/23 @me@far.example")
        assert tab.inner_text("[data-count]") == "971 characters left"
        assert tab.locator("[data-slot]:visible").count() == 0
        tab.click("[data-pictures] > summary")
        assert tab.locator("[data-slot]:visible").count() == 1
        tab.set_input_files("#picture_1", {"name": "a.png", "mimeType": "image/png", "buffer": b""})
        assert tab.locator("[data-slot]:visible").count() == 2
        tab.click('.theme button[value="dark"]')
        assert tab.get_attribute("html", "data-theme") == "dark"
        tab.close()
        assert [words for words in complaints if "404" not in words] == []


def test_a_menu_closes_on_escape_and_returns_the_focus(shown: Stage) -> None:
    with shown.context("desktop", "light") as context:
        tab, _ = shown.open(context, "home")
        summary = tab.locator(".post .menu > summary").first
        summary.click()
        assert tab.locator("details.menu[open]").count() == 1
        tab.keyboard.press("Escape")
        assert tab.locator("details.menu[open]").count() == 0
        assert summary.evaluate("e => e === document.activeElement")
        tab.close()
