"""Quotes by plain forms: written, looked at, allowed or not, taken back."""

from tests.web.conftest import Streets


async def test_quote_look_and_take_back(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    _, other = await streets.member("bob")
    first = await streets.town.post(ada, "The sea <b>today</b>")
    await other.open(f"/@ada/{first}")
    assert f'href="/compose?quote={first}"' in other.text
    await other.open(f"/compose?quote={first}")
    assert "The sea" in other.text
    await other.send("/compose", None, text="Look at this")
    post = other.path.rpartition("/")[2]
    for each in (browser, other, streets.visitor()):
        page = (await each.open(f"/@bob/{post}")).text
        assert "Look at this" in page
        assert "The sea &lt;b&gt;today" in page
        assert ("/unquote" in page) == (each is browser)
    assert "quoted your post" in (await browser.open("/notifications")).text
    await browser.open(f"/@bob/{post}")
    await browser.send(f"/posts/{first}/unquote")
    assert "Your post is no longer quoted there." in browser.text
    assert "taken out by its author" in (await other.open(f"/@bob/{post}")).text
    assert "The sea" not in other.text


async def test_who_may_quote_is_chosen_with_the_post(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    _, other = await streets.member("bob")
    await browser.open("/compose")
    await browser.send("/compose", None, text="Mine alone", quote_policy="nobody")
    post = browser.path.rpartition("/")[2]
    await other.open(f"/@ada/{post}")
    assert f"/compose?quote={post}" not in other.text
    await other.open(f"/compose?quote={post}")
    await other.send("/compose", None, text="Look")
    assert other.page.status_code == 422
    assert "does not let you quote it" in other.text
    await browser.open(f"/posts/{post}/edit")
    assert '<option value="nobody" selected>' in browser.text
    await browser.send(f"/posts/{post}/edit", None, quote_policy="public")
    shown = (await ada.client.get(f"/api/v1/statuses/{post}")).json()
    assert shown["quote_approval"]["automatic"] == ["public"]
