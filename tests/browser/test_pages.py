"""Every sample page in a real browser: no fault of accessibility, no overflow, no complaint."""

from collections.abc import Iterator

import pytest
from tests.browser.checks import Checked, faults, prepare
from tests.browser.stage import ORIGIN, Looks, Reading, Stage, stage


@pytest.fixture(scope="module")
def shown() -> Iterator[Stage]:
    with stage() as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(3600)  # some two hundred pages, one after another
def test_pages_are_accessible_fit_and_silent(shown: Stage) -> None:
    wrong: dict[str, list[str]] = {}
    with shown.context("desktop", "light") as context:
        checked = Checked(context)
        for name in shown.samples:
            _, complaints = checked.open(shown.url(name))
            found = [*checked.faults(), *complaints]
            if found:
                wrong[name] = found
    assert wrong == {}


def test_a_tab_takes_on_looks(shown: Stage) -> None:
    seen = """() => [innerWidth, matchMedia("(pointer: coarse)").matches,
        matchMedia("(prefers-color-scheme: dark)").matches, navigator.maxTouchPoints]"""
    with shown.context("desktop", "light") as context:
        tab, _ = shown.open(context, "home")
        looks = Looks(tab)
        assert tab.evaluate(seen) == [390, True, False, 1]
        looks.turn()
        assert tab.evaluate(seen) == [1280, False, True, 0]
        looks.turn()
        tab.goto(shown.url("compose"))
        assert tab.evaluate(seen) == [390, True, False, 1]


def test_what_is_wrong_is_found(shown: Stage) -> None:
    with shown.context("phone", "light") as context:
        wrong = (
            '<!doctype html><html lang="en"><title>Wrong</title><main><h1>Wrong</h1>'
            '<p style="color: #bbb; background: #fff">Faint</p><img src="data:," width="600">'
            '<p><button style="outline: 0; height: 20px">Tiny</button></p></main></html>'
        )
        context.route("**/wrong", lambda route: route.fulfill(body=wrong, content_type="text/html"))
        reading = Reading(context)
        prepare(reading.tab)
        tab, _ = reading.open(f"{ORIGIN}/wrong")
        found = "\n".join(faults(tab, "phone"))
        for kind in ("color-contrast: ", "image-alt: ", "<img", "Tiny"):
            assert kind in found
        assert found.count("Tiny") == 2  # too small, and nothing shows the focus
        tab.close()


def test_each_page_is_heard_by_itself(shown: Stage) -> None:
    with shown.context("phone", "light") as context:
        loud = "<!doctype html><title>Loud</title><script>console.error('Ouch')</script>"
        context.route("**/loud", lambda route: route.fulfill(body=loud, content_type="text/html"))
        reading = Reading(context)
        heard = [
            list(reading.open(url)[1])
            for url in (shown.url("home"), f"{ORIGIN}/loud", shown.url("home"), f"{ORIGIN}/loud")
        ]
        assert heard == [[], ["Ouch"], [], ["Ouch"]]


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
