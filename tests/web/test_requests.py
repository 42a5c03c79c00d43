"""Whom a member hears of, and requests of those who are set aside, by plain forms."""

from typing import Any

from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.web.conftest import Streets

POLICY, REQUESTS = "/settings/notifications", "/notifications/requests"


async def strangers(streets: Streets, ada: Member, browser: Browser, *names: str) -> list[Any]:
    """Set strangers aside and let these write; the requests, the latest first."""
    await browser.open(POLICY)
    await browser.send(POLICY, None, for_not_following="filter")
    for name in names:
        stranger, _ = await streets.member(name)
        await streets.town.post(stranger, f"Hello @ada, says <b>{name}</b>")
        await streets.town.post(stranger, "Hello @ada, again")
    await streets.rostra.work()
    return list((await ada.client.get("/api/v1/notifications/requests")).json())


async def test_the_policy(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    await browser.open(POLICY)
    await browser.send(POLICY, None, for_new_accounts="drop", for_private_mentions="filter")
    assert "Your policy is saved." in browser.text
    kept = (await ada.client.get("/api/v2/notifications/policy")).json()
    assert (kept["for_new_accounts"], kept["for_private_mentions"]) == ("drop", "filter")
    assert kept["for_not_following"] == "accept"
    assert browser.form(POLICY).fields["for_new_accounts"] == "drop"
    await browser.send(POLICY, None, for_new_accounts="shout")
    assert browser.page.status_code == 422
    assert "not included in the list" in browser.text


async def test_look_accept_and_dismiss(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    assert "No requests" in (await browser.open(REQUESTS)).text
    [of_eve, of_bob] = await strangers(streets, ada, browser, "bob", "eve")
    assert "2 people set aside" in (await browser.open("/notifications")).text
    await browser.open(REQUESTS)
    assert "2 notifications" in browser.text
    assert "Hello" in browser.text
    await browser.open(f"{REQUESTS}/{of_bob['id']}")
    assert "&lt;b&gt;bob" in browser.text
    assert "eve" not in browser.text.partition("<main")[2].partition("</main")[0]
    await browser.send(f"{REQUESTS}/accept", None)
    assert browser.path == REQUESTS
    assert "You hear of them from now on." in browser.text
    assert (await browser.open(f"{REQUESTS}/{of_bob['id']}")).status_code == 404
    assert "says" in (await browser.open("/notifications")).text
    assert "1 person set aside" in browser.text
    await browser.open(f"{REQUESTS}/{of_eve['id']}")
    await browser.send(f"{REQUESTS}/dismiss", None)
    assert "No requests" in browser.text
    assert "set aside" not in (await browser.open("/notifications")).text


async def test_all_of_a_page_at_once(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    _, other = await streets.member("other")
    found = await strangers(streets, ada, browser, "bob", "eve")
    ids = [each["id"] for each in found]
    await other.open(REQUESTS)
    token = other.form("/sign-out").fields["csrf_token"]
    for verb in ("accept", "dismiss"):  # somebody else's: of no effect
        await other.client.post(f"{REQUESTS}/{verb}", data={"csrf_token": token, "ids[]": ids})
    assert (await other.open(f"{REQUESTS}/{ids[0]}")).status_code == 404
    await browser.open(REQUESTS)
    token = browser.form("/sign-out").fields["csrf_token"]
    await browser.client.post(f"{REQUESTS}/accept", data={"csrf_token": token, "ids[]": ids})
    assert (await ada.client.get("/api/v1/notifications/requests")).json() == []
    assert len((await ada.client.get("/api/v1/notifications")).json()) == 4


async def test_what_they_cost(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    spent = []
    for names in (("bob", "eve"), ("ida", "noor")):
        await strangers(streets, ada, browser, *names)
        with streets.rostra.counted() as counted:
            await browser.open(REQUESTS)
        spent.append(counted.statements)
    assert spent[0] == spent[1]
