"""Who wrote what a link leads to: named by the page, allowed by the member, seen by the viewer."""

import json
from typing import Any

import pytest
from tests.harness.crowd import Member, good
from tests.harness.streets import POSTS, Streets

from rostra.network.accounts.removal import remove_account
from rostra.network.credentials.ending import end_everything

PROFILE = "/api/v1/profile"


def naming(streets: Streets, handle: str) -> str:
    handle = handle.replace("HERE", streets.town.services.settings.domain)
    return f'<title>Essay</title><meta name="fediverse:creator" content="{handle}">'


async def allow(who: Member, *domains: str) -> Any:
    answer = await who.client.patch(PROFILE, json={"attribution_domains": list(domains)})
    return good(answer)["attribution_domains"]


async def author(streets: Streets, who: Member, handle: str, host: str = "site.test") -> Any:
    path = f"/{len(streets.site.pages)}"
    streets.site.page(path, naming(streets, handle))
    card = await streets.card(who, streets.site.url(path, host))
    assert card["title"] == "Essay"
    authors = card["authors"]
    return authors[0]["account"] if authors else None


async def test_a_member_who_lists_the_site_is_its_author(streets: Streets) -> None:
    town = streets.town
    wanda, ann = await town.members("wanda", "ann")
    assert await allow(wanda, "SITE.test") == ["site.test"]
    found = await author(streets, ann, "@wanda@HERE")
    whole = good(await town.anybody.get(f"/api/v1/accounts/{wanda.id}"))
    assert found == whole
    assert (await author(streets, ann, "Wanda@HERE", "blog.site.test"))["id"] == str(wanda.id)


@pytest.mark.parametrize(
    ("listed", "handle", "host"),
    [
        (["other.test"], "@wanda@HERE", "site.test"),
        (["blog.site.test"], "@wanda@HERE", "site.test"),
        (["site.test"], "@wanda@HERE", "evilsite.test"),
        (["site.test"], "@wanda@elsewhere.example", "site.test"),
        (["site.test"], "@nobody@HERE", "site.test"),
        (["site.test"], "@wanda", "site.test"),
        (["site.test"], "wanda@HERE@site.test", "site.test"),
        ([], "@wanda@HERE", "site.test"),
    ],
)
async def test_neither_side_alone_is_enough(
    streets: Streets, listed: list[str], handle: str, host: str
) -> None:
    wanda, ann = await streets.town.members("wanda", "ann")
    await allow(wanda, *listed)
    assert await author(streets, ann, handle, host) is None


async def test_the_address_that_answers_counts(streets: Streets) -> None:
    town, site = streets.town, streets.site
    wanda, ann = await town.members("wanda", "ann")
    await allow(wanda, "site.test")
    claims = naming(streets, "@wanda@HERE") + '<link rel="canonical" href="http://site.test/">'
    site.page("/there", claims)
    site.pages["/jump"] = (302, site.url("/there", "thief.test"), b"")
    card = await streets.card(ann, site.url("/jump"))
    assert (card["title"], card["authors"]) == ("Essay", [])


@pytest.mark.postgresql
async def test_consent_taken_back_counts_for_what_is_shown(streets: Streets) -> None:
    town, site = streets.town, streets.site
    wanda, ann = await town.members("wanda", "ann")
    await allow(wanda, "site.test", "other.test")
    post = await town.post(ann, site.page("/a", naming(streets, "@wanda@HERE")))
    await streets.work()

    async def shown() -> Any:
        return good(await ann.client.get(f"{POSTS}/{post}"))["card"]["authors"]

    assert (await shown())[0]["account"]["username"] == "wanda"
    await allow(wanda, "site.test")
    await streets.work()
    assert (await shown())[0]["account"]["username"] == "wanda"
    await allow(wanda)
    await streets.work()
    assert await shown() == []


async def test_an_author_exists_for_whom_their_account_exists(streets: Streets) -> None:
    town, site = streets.town, streets.site
    wanda, ann, bob = await town.members("wanda", "ann", "bob")
    await allow(wanda, "site.test")
    url = site.page("/a", naming(streets, "@wanda@HERE"))
    post = await town.post(ann, url)
    await streets.work()
    await town.block(wanda, bob)

    async def seen(client: Any) -> Any:
        return good(await client.get(f"{POSTS}/{post}"))["card"]["authors"][0]["account"]

    for _ in range(2):  # in either order of what the cache has seen
        assert (await seen(ann.client))["username"] == "wanda"
        assert (await seen(town.anybody))["username"] == "wanda"
        assert await seen(bob.client) is None
    timeline = good(await bob.client.get("/api/v1/timelines/public"))
    assert [each["card"]["authors"][0]["account"] for each in timeline] == [None]
    reblog = good(await ann.client.post(f"{POSTS}/{post}/reblog"))
    assert reblog["reblog"]["card"]["authors"][0]["account"]["username"] == "wanda"
    async with town.db.write() as tx:
        await end_everything(tx, wanda.id)
        await remove_account(town.services, tx, wanda.id)
    await streets.work()
    assert await seen(ann.client) is None
    assert [c for c in await town.anywhere(wanda.id) if c.startswith("cards")] == []


async def test_authors_cost_a_list_two_statements(streets: Streets) -> None:
    town, site = streets.town, streets.site
    people = await town.members("wanda", "willi", "ann")
    for number, who in enumerate(people[:2]):
        await allow(who, "site.test")
        await town.post(people[2], site.page(f"/{number}", naming(streets, f"@{who.name}@HERE")))
    await streets.work()
    good(await town.anybody.get("/api/v1/timelines/public"))
    await town.settle()
    with town.rostra.counted() as counted:
        shown = good(await town.anybody.get("/api/v1/timelines/public"))
    names = [each["card"]["authors"][0]["account"]["username"] for each in shown]
    assert names == ["willi", "wanda"]
    assert counted.statements <= 3


async def test_text_of_members_opens_no_place_for_accounts(streets: Streets) -> None:
    wanda, ann = await streets.town.members("wanda", "ann")
    await allow(wanda, "site.test")
    url = streets.site.page("/a", naming(streets, "@wanda@HERE"))
    forged = f"\x00{ann.id}\x00 \\u0000{ann.id}\\u0000 {url}"
    post = await streets.town.post(ann, forged)
    await streets.work()
    shown = good(await ann.client.get(f"{POSTS}/{post}"))
    assert json.dumps(shown).count(f'"username": "{wanda.name}"') == 1
    assert f"\\u0000{ann.id}\\u0000" in shown["content"]


async def test_the_list_of_sites_is_checked(streets: Streets) -> None:
    wanda = await streets.town.member("wanda")
    given = ["https://Blog.example/path", "*.example.org", "blog.example", " ", "münchen.example"]
    known = ["blog.example", "example.org", "xn--mnchen-3ya.example"]
    assert await allow(wanda, *given) == known
    own = good(await wanda.client.get("/api/v1/accounts/verify_credentials"))
    assert own["source"]["attribution_domains"] == known
    for bad in (["no domain"], ["com"], ["127.0.0.1"], ["javascript://a.example"], ["a.b"] * 101):
        answer = await wanda.client.patch(PROFILE, json={"attribution_domains": bad})
        assert answer.status_code == 422, bad
        assert "attribution_domains" in answer.text
    mixed = ["a.example", " ", "no domain", "b.example", "x" * 99]
    answer = await wanda.client.patch(PROFILE, json={"attribution_domains": mixed})
    told = [fault["description"] for fault in answer.json()["details"]["attribution_domains"]]
    assert told == [
        "line 3 is not a domain: “no domain”",
        f"line 5 is not a domain: “{'x' * 59}…”",
    ]
    form = await wanda.client.patch(
        "/api/v1/accounts/update_credentials", data={"attribution_domains[]": ["a.example", ""]}
    )
    assert good(form)["source"]["attribution_domains"] == ["a.example"]
    assert good(await wanda.client.patch(PROFILE, json={"note": "x"}))["attribution_domains"] == [
        "a.example"
    ]
    emptied = await wanda.client.patch(PROFILE, data={"attribution_domains[]": ""})
    assert good(emptied)["attribution_domains"] == []
