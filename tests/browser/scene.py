"""A page of a living place as somebody sees it, and what is pressed before it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page as Tab
from tests.browser.town import Town

Act = Callable[[Town, Tab], None]


@dataclass(frozen=True)
class Scene:
    """A page as somebody sees it.

    Attributes:
        path: its address; names in braces are the town's facts.
        who: who is signed in; empty: nobody.
        act: what happens before it is looked at.
        state: what the operator has set before: see `scenes.states`.
    """

    name: str
    path: str
    who: str = ""
    act: Act | None = None
    state: str = ""


def send(button: str) -> Act:
    """Press a button of the page that sends its form as it stands."""

    def act(_town: Town, tab: Tab) -> None:
        tab.eval_on_selector_all("form", "all => all.forEach(form => { form.noValidate = true; })")
        tab.click(button)
        tab.wait_for_load_state()

    return act


def unfold(summary: str) -> Act:
    """Open what is folded."""
    return lambda _town, tab: tab.locator(summary).filter(visible=True).first.click()
