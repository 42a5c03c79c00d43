"""A browser that sees the sample pages as the server would send them, without any socket."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Request,
    Route,
    expect,
    sync_playwright,
)
from playwright.sync_api import Page as Tab
from tests.harness.patience import PATIENCE_S
from tests.web.pages import every_page
from tests.web.samples import Sample

from rostra.web.csp import content_security_policy
from rostra.web.render import Renderer
from rostra.web.views.shell import Theme

CHROMIUM = os.environ.get("ROSTRA_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ORIGIN = "https://harbour.example"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
THEMES = ("light", "dark")
PATIENCE_MS = 1_000 * PATIENCE_S

expect.set_options(timeout=PATIENCE_MS)


def patient(context: BrowserContext) -> BrowserContext:
    """Wait in its tabs for as long as tests wait, not for half a minute as a driver does."""
    context.set_default_timeout(PATIENCE_MS)
    return context


@contextmanager
def window(
    browser: Browser, size: str, theme: str, storage_state: Any = None
) -> Iterator[BrowserContext]:
    """Open a window of a size, on a device with light or dark colours."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=size == "phone",
        reduced_motion="reduce",
        storage_state=storage_state,
    )
    try:
        yield patient(context)
    finally:
        context.close()


PHONE, DESKTOP = ("phone", "light"), ("desktop", "dark")


class Looks:
    """A tab that is seen as on a phone by day or as on a desktop at night.

    What is opened once is looked at twice; the window is one of a desktop, with light colours.
    """

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._emulation = tab.context.new_cdp_session(tab)
        self.size, _ = PHONE
        self._be(*PHONE)

    def turn(self) -> None:
        """Take on the other look."""
        self._be(*(DESKTOP if self.size == "phone" else PHONE))

    def _be(self, size: str, theme: str) -> None:
        self.size = size
        width, height = SIZES[size]
        touch = {"enabled": size == "phone", "maxTouchPoints": 1}
        self._emulation.send("Emulation.setTouchEmulationEnabled", touch)
        self._tab.set_viewport_size({"width": width, "height": height})
        self._tab.emulate_media(color_scheme="dark" if theme == "dark" else "light")


def listening(context: BrowserContext) -> tuple[Tab, list[str]]:
    """Open an empty tab, and a list that collects what its console complains about."""
    tab = context.new_page()
    complaints: list[str] = []

    def listen(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(said.text)

    tab.on("console", listen)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    return tab, complaints


class Reading:
    """A tab in which one page after another is opened: much cheaper than a tab for each."""

    def __init__(self, context: BrowserContext) -> None:
        self.tab, self.complaints = listening(context)

    def open(self, url: str) -> tuple[Tab, list[str]]:
        """Open a page; the tab, and what the console complains about from this page on."""
        self.tab.once("framenavigated", lambda _: self.complaints.clear())
        self.tab.goto(url)
        return self.tab, self.complaints


class Stage:
    """Answers a browser's requests from the renderer."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.renderer = Renderer()
        self.samples = {sample.name: sample for sample in every_page()}

    @contextmanager
    def context(self, size: str, theme: str) -> Iterator[BrowserContext]:
        """Open a window of a size, on a device with light or dark colours."""
        with window(self.browser, size, theme) as context:
            context.route("**/*", self._answer)
            yield context

    def open(self, context: BrowserContext, name: str) -> tuple[Tab, list[str]]:
        """Open a sample page.

        Returns:
            The tab, and a list that collects what the console complains about.
        """
        return Reading(context).open(self.url(name))

    def url(self, name: str) -> str:
        """The address of a sample page."""
        return f"{ORIGIN}/sample/{name}"

    def _answer(self, route: Route, request: Request) -> None:
        path = request.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith("/static/"):
            found = self.renderer.assets.get(path.removeprefix("/static/"))
            if found is None:
                route.fulfill(status=404, body="")
                return
            route.fulfill(body=found[0].body, content_type=found[0].media_type)
            return
        name = path.removeprefix("/sample/")
        sample = self.samples.get(name)
        if sample is None:
            route.fulfill(status=404, body="", content_type="text/html")
            return
        route.fulfill(
            body=self.renderer.page(sample.shell, sample.page),
            content_type="text/html; charset=utf-8",
            headers={"content-security-policy": content_security_policy()},
        )


def themed(sample: Sample, theme: Theme) -> Sample:
    """Return the sample as a member sees it who chose a theme."""
    return Sample(sample.name, msgspec.structs.replace(sample.shell, theme=theme), sample.page)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser; fails with what to do where there is none."""
    if not Path(CHROMIUM).exists():
        raise FileNotFoundError(
            f"{CHROMIUM} is not there. On Debian, as root: apt-get install chromium. "
            "Elsewhere ROSTRA_CHROMIUM names the program."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def stage() -> Iterator[Stage]:
    """Start a browser for the sample pages."""
    with chromium() as browser:
        yield Stage(browser)
