"""Files that take the place of all there was: what goes, what stays, and what is told of it."""

import pytest
from tests.harness.crowd import good
from tests.web.conftest import Streets
from tests.web.files import HEADS, addresses, bring_in, lines, relation, send, table

from rostra.store.tables.portability import import_kept


@pytest.mark.parametrize("mode", ["merge", "replace"])
async def test_in_place_of_what_there_was(streets: Streets, mode: str) -> None:
    ada, browser = await streets.member("ada")
    people = await streets.town.members(*(f"friend{number}" for number in range(50)))
    for each in people[:45]:
        await streets.town.follow(ada, each)
    given = lines(["Account address"], *([each.name] for each in people[40:]))
    assert await send(browser, "follows", given, mode) == 200
    told = "You have 45 now. What the file does not name is taken away in the end: 40 people as"
    assert (told in browser.text) == (mode == "replace")
    page = await bring_in(streets, browser, "follows", given, mode)
    assert "5 new" in page
    assert ("40 taken away" in page) == (mode == "replace")
    await browser.open("/settings/import")
    assert ("Done, 40 taken away" in browser.text) == (mode == "replace")
    kept = {address for address, *_ in await table(browser, "follows")}
    assert kept == set(addresses(streets, *(people[40:] if mode == "replace" else people)))
    assert await streets.town.count(import_kept) == 0


async def test_whoever_is_named_stays_whatever_the_line_says(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    people = await streets.town.members("bob", "cat", "dan")
    for each in people:
        await streets.town.follow(ada, each)
        await streets.town.mute(ada, each)
    good(await ada.client.post("/api/v2/filters", json={"title": "Films", "context": ["home"]}))
    given = lines(HEADS["follows"], ["bob", "perhaps", "", ""], ["cat", "", "", "en"])
    page = await bring_in(streets, browser, "follows", given, "replace")
    assert ("1 taken away" in page, "1 not done" in page) == (True, True)
    assert [(await relation(ada, each))["following"] for each in people] == [True, True, False]
    given = lines(HEADS["mutes"], ["bob", "perhaps"], ["cat", "no"], ["dan", ""])
    page = await bring_in(streets, browser, "mutes", given, "replace")
    assert ("0 taken away" in page, "2 there already" in page) == (True, True)
    given = lines(HEADS["filters"], ["Films", "nowhere", "", "", "", ""], ["New", "home"])
    page = await bring_in(streets, browser, "filters", given, "replace")
    assert ("0 taken away" in page, "1 new" in page) == (True, True)
    assert len(good(await ada.client.get("/api/v2/filters"))) == 2


@pytest.mark.postgresql
async def test_what_would_go_is_told_before_the_yes(streets: Streets) -> None:
    """Of every kind as much as goes then, and nothing of it before."""
    ada, browser = await streets.member("ada")
    bob, cat, dan = people = await streets.town.members("bob", "cat", "dan")
    for each in people:
        await streets.town.follow(ada, each)
        await streets.town.block(ada, await streets.town.member(f"{each.name}2"))
        await streets.town.mute(ada, each)
    mute = {"duration": 60}
    good(await ada.client.post(f"/api/v1/accounts/{dan.id}/mute", json=mute))
    for title in ("Crew", "Crew", "Far"):
        list_id = good(await ada.client.post("/api/v1/lists", json={"title": title}))["id"]
        ids = {"account_ids": [str(bob.id), str(cat.id)]}
        good(await ada.client.post(f"/api/v1/lists/{list_id}/accounts", json=ids))
        streets.rostra.clock.advance(1)
    posts = [await streets.town.post(bob, "Words") for _ in range(3)]
    for post in posts:
        await streets.town.act(ada, "bookmark", post)
    reblog = good(await cat.client.post(f"/api/v1/statuses/{posts[1]}/reblog"))["id"]
    for title in ("Films", "Sports"):
        words = [{"keyword": "one"}, {"keyword": "two"}]
        body = {"title": title, "context": ["home"], "keywords_attributes": words}
        good(await ada.client.post("/api/v2/filters", json=body))
    base = streets.rostra.services.settings.site.base_url
    streets.rostra.clock.advance(61_000)
    for kind, given, told, gone in (
        ("mutes", "bob\nnobody\n", "1 person", 1),
        ("blocks", "bob2\n@CAT2\n", "1 person", 1),
        ("lists", "Crew,bob\nNone,cat\n", "3 lists or members of them", 3),
        ("bookmarks", f"{base}/@cat/{reblog}\nx\n", "2 bookmarks", 2),
        ("filters", "Films,home,,,two,\n", "2 filters or keywords of them", 2),
        ("follows", "bob\ncat\ndan\n", "0 people", 0),
    ):
        assert await send(browser, kind, given, "replace") == 200
        assert f"taken away in the end: {told} as things stand" in browser.text, kind
        place = browser.path
        await browser.send(f"{place}/confirm")
        await streets.rostra.work()
        await browser.open(place)
        assert f"{gone} taken away" in browser.text, kind
    assert await send(browser, "domain_blocks", "a.example\n", "replace") == 200
    assert "in the end: 0 entries as things stand" in browser.text


async def test_a_file_of_which_no_line_holds_takes_nothing_away(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob = await streets.town.member("bob")
    await streets.town.follow(ada, bob)
    given = "someone@elsewhere.example\nnobody\n"
    page = await bring_in(streets, browser, "follows", given, "replace")
    assert "No line could be done, so nothing was taken away." in page
    assert "is not on this place, which speaks with no other" in page
    assert "is nobody here" in page
    assert len(await table(browser, "follows")) == 1
