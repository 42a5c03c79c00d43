"""Passkeys in Chromium, with its virtual device, on a running server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from playwright.sync_api import Page as Tab
from tests.browser.stage import CHROMIUM, FLAGS, patient
from tests.harness.served import Served, free_port

PASSWORD = "correct horse battery"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(context: BrowserContext) -> tuple[Tab, Any]:
    """A tab whose computer has a device for passkeys, and the line to it."""
    tab = context.new_page()
    line = context.new_cdp_session(tab)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return tab, line


def join(tab: Tab, base: str) -> None:
    tab.goto(f"{base}/join")
    tab.fill("#username", "ann")
    tab.fill("#email", "ann@example.org")
    tab.fill("#password", PASSWORD)
    tab.check("[name=agreement]")
    tab.click("main form [type=submit]")
    expect(tab).to_have_url(re.compile("/home"))


@contextmanager
def served(data: Path) -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of a server that answers under a name: passkeys belong to one."""
    port = free_port()
    base = f"http://localhost:{port}"
    given = {"ROSTRA_SERVER__PORT": str(port), "ROSTRA_SITE__BASE_URL": base}
    server = Served(data, **given)
    with server, sync_playwright() as playwright:
        server.ready()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser, base
        browser.close()


def test_made_and_used_in_a_browser(tmp_path: Path) -> None:
    with served(tmp_path / "data") as (browser, base):
        context = patient(browser.new_context())
        tab, _ = with_device(context)
        complaints: list[str] = []
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        join(tab, base)
        tab.goto(f"{base}/settings/passkeys")
        tab.fill("#name", "This computer")
        tab.fill("#current_password", "wrong")
        tab.click("text=Add a passkey >> visible=true >> nth=-1")
        expect(tab.locator("[data-trouble]")).to_have_text("This is wrong.")
        tab.fill("#current_password", PASSWORD)
        tab.click("text=Add a passkey >> visible=true >> nth=-1")
        expect(tab.locator(".rows")).to_contain_text("This computer")
        context.clear_cookies()
        tab.goto(f"{base}/sign-in")
        tab.click("text=Sign in with a passkey")
        expect(tab).to_have_url(re.compile("/home"))
        assert complaints == []


def test_without_script_the_pages_say_so(tmp_path: Path) -> None:
    with served(tmp_path / "data") as (browser, base):
        tab = patient(browser.new_context(java_script_enabled=False)).new_page()
        join(tab, base)
        tab.goto(f"{base}/settings/passkeys")
        expect(tab.locator("[data-without-script]")).to_be_visible()
        expect(tab.locator("[data-passkey] button")).to_be_disabled()
        tab.context.clear_cookies()
        tab.goto(f"{base}/sign-in")
        expect(tab.locator("[data-passkey]")).to_be_hidden()
        tab.fill("#login", "ann")
        tab.fill("#password", PASSWORD)
        tab.click("main form [type=submit] >> visible=true")
        expect(tab).to_have_url(re.compile("/home"))
