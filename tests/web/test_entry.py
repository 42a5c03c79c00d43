"""Coming in and going out by plain forms."""

from httpx2 import Response
from tests.harness.browser import Browser
from tests.web.conftest import Streets

PASSWORD = "a long password of mine"


async def joined(streets: Streets, name: str) -> tuple[Browser, Response]:
    """Somebody who has joined through the page."""
    browser = streets.visitor()
    await browser.open("/join")
    fields = browser.form("/join").fields
    answer = await browser.send(
        "/join",
        username=name,
        email=f"{name}@example.org",
        password=PASSWORD,
        agreement="1",
        terms_version=fields.get("terms_version", ""),
    )
    return browser, answer


async def test_joining_signs_in(streets: Streets) -> None:
    browser, answer = await joined(streets, "ada")
    assert answer.status_code in {200, 403}
    first = browser.client.cookies.get("rostra_session")
    assert first
    assert "no-store" in answer.headers["cache-control"]


async def test_wrong_names_and_wrong_passwords_look_the_same(streets: Streets) -> None:
    await joined(streets, "ada")
    seen = []
    for login in ("ada", "nobody"):
        browser = streets.visitor()
        await browser.open("/sign-in")
        answer = await browser.send("/sign-in", login=login, password="wrong wrong wrong")
        assert answer.status_code == 401
        assert not browser.client.cookies.get("rostra_session")
        seen.append("is wrong" in answer.text)
    assert seen == [True, True]
