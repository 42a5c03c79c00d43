"""Rules for screening in a living place: written and switched with a pointer, then looked at."""

from playwright.sync_api import Page as Tab
from tests.browser.scene import Scene, unfold
from tests.browser.town import OPERATOR, Town

_HERE = "/console/screening/rules"


def _completing(_town: Town, tab: Tab) -> None:
    """A word is begun behind what stands there; one line of it is no rule."""
    tab.fill("#source", "when(post.link)\nsigned = auth")
    with tab.expect_response(f"**{_HERE}/check"):
        tab.press("#source", "End")
        tab.type("#source", "o")
    tab.locator(".editor-option").first.wait_for()
    tab.locator(".editor-fault").first.wait_for()


def _sent(_town: Town, tab: Tab) -> None:
    """A rule with faults is sent as browsers without scripts send it."""
    tab.fill("#source", 'when(post.link)\ncase(category="jam")\n')
    tab.fill("#reason", "To see")
    tab.click("#rule [type=submit]")
    tab.locator("[data-editor-plain]").wait_for()


SCREENING = (
    Scene("console-signals", "/console/screening/signals", OPERATOR),
    Scene("console-held", "/console/screening/held", OPERATOR),
    Scene("console-adapters", "/console/screening/adapters", OPERATOR),
    Scene("console-reviews", "/console/screening/reviews", OPERATOR),
    Scene("console-screening", _HERE, OPERATOR),
    Scene("console-screening-new", f"{_HERE}/new", OPERATOR, _completing),
    Scene("console-screening-rule", f"{_HERE}/{{rule}}", OPERATOR, unfold(".more > summary")),
    Scene("console-screening-edit", f"{_HERE}/{{rule}}/edit", OPERATOR, _sent),
    Scene("console-tryouts", f"{_HERE}/{{rule}}/try", OPERATOR),
    Scene("console-tryout", "/console/screening/tryouts/{tryout}", OPERATOR),
    Scene("console-screening-version", f"{_HERE}/{{rule}}/versions/2", OPERATOR),
)
