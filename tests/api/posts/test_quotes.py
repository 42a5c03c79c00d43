"""Quotes: with consent, seen by those who may see both posts, and gone with either."""

from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good, ids_of

from rostra.network.accounts.removal import remove_account
from rostra.store.tables.posts import quotes

URL = "/api/v1/statuses"


async def quote(town: Town, who: Member, post_id: str, status: int = 200, **fields: Any) -> Any:
    """Quote a post; the answer's body."""
    town.rostra.clock.advance(1)
    body = {"status": "Look:", "quoted_status_id": post_id, **fields}
    return good(await who.client.post(URL, json=body), status)


async def seen(who: Any, post_id: str) -> tuple[str, str | None]:
    """The state of a quote, and the text of what is quoted, as somebody sees it."""
    found = good(await who.get(f"{URL}/{post_id}"))["quote"]
    inner = found["quoted_status"]
    return found["state"], inner["content"] if inner else None


async def told(who: Member, kind: str) -> list[str]:
    """The posts of somebody's notifications of a kind."""
    found = good(await who.client.get("/api/v1/notifications", params={"types[]": [kind]}))
    return [each["status"]["id"] for each in found]


async def test_a_post_is_quoted(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    first = await town.post(ann, "needle")
    plain = good(await bob.client.get(f"{URL}/{first}"))
    assert plain["quote"] is None
    assert plain["quote_approval"] == {
        "automatic": ["public"],
        "manual": [],
        "current_user": "automatic",
    }
    nobodys = good(await town.anybody.get(f"{URL}/{first}"))["quote_approval"]
    assert nobodys["current_user"] == "denied"
    post = await quote(town, bob, first)
    assert post["quote"]["state"] == "accepted"
    inner = post["quote"]["quoted_status"]
    assert (inner["id"], inner["content"], inner["quotes_count"]) == (first, "<p>needle</p>", 1)
    assert await told(ann, "quote") == [post["id"]]
    assert ids_of(good(await eve.client.get(f"{URL}/{first}/quotes"))) == [post["id"]]
    for who in (ann.client, eve.client, town.anybody):
        assert await seen(who, post["id"]) == ("accepted", "<p>needle</p>")
    # Through a reblog, in a timeline, and of a reblog.
    reblog = await town.act(eve, "reblog", post["id"])
    assert reblog["quote"] is None
    assert reblog["reblog"]["quote"]["quoted_status"]["id"] == first
    home = good(await eve.client.get("/api/v1/timelines/public"))
    assert home[0]["quote"]["quoted_status"]["id"] == first
    second = await town.act(eve, "reblog", first)
    assert (await quote(town, bob, second["id"]))["quote"]["quoted_status"]["id"] == first


async def test_a_quote_within_a_quote_is_told_by_its_id(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(ann, "needle")
    second = (await quote(town, bob, first))["id"]
    third = await quote(town, ann, second)
    inner = third["quote"]["quoted_status"]["quote"]
    assert inner == {"state": "accepted", "quoted_status_id": first}
    await town.block(bob, ann)
    assert await seen(bob.client, second) == ("blocked_account", None)


@pytest.mark.postgresql
async def test_who_may_quote_is_the_authors_to_say(town: Town) -> None:
    ann, friend, other = await town.members("ann", "friend", "other")
    await town.follow(friend, ann)
    open_to = {"public": (friend, other, ann), "followers": (friend, ann), "nobody": (ann,)}
    for policy, allowed in open_to.items():
        body = {"status": "x", "quote_approval_policy": policy}
        post = good(await ann.client.post(URL, json=body))["id"]
        for who in (ann, friend, other):
            shown = good(await who.client.get(f"{URL}/{post}"))["quote_approval"]
            assert shown["automatic"] == ([policy] if policy != "nobody" else [])
            assert shown["current_user"] == ("automatic" if who in allowed else "denied")
            answer = await quote(town, who, post, 200 if who in allowed else 422)
            if who not in allowed:
                assert set(answer["details"]) == {"quoted_status_id"}
    good(await ann.client.post(URL, json={"status": "x", "quote_approval_policy": "few"}), 422)


async def test_the_policy_is_changed_and_has_a_default(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    body: dict[str, Any] = {"source": {"quote_policy": "nobody"}}
    good(await ann.client.patch("/api/v1/accounts/update_credentials", json=body))
    post = await town.post(ann)
    await quote(town, bob, post, 422)
    path = f"{URL}/{post}/interaction_policy"
    for method, policy in (("PUT", "public"), ("PATCH", "followers"), ("PUT", "public")):
        body = {"quote_approval_policy": policy}
        changed = good(await ann.client.request(method, path, json=body))
        assert changed["quote_approval"]["automatic"] == [policy]
        assert changed["edited_at"] is None
    await quote(town, bob, post)
    for body in ({}, {"quote_approval_policy": "few"}):
        refused = good(await ann.client.put(path, json=body), 422)
        assert set(refused["details"]) == {"quote_approval_policy"}
    good(await bob.client.put(path, json={"quote_approval_policy": "nobody"}), 404)
    edited = {"status": "y", "quote_approval_policy": "nobody"}
    shown = good(await ann.client.put(f"{URL}/{post}", json=edited))
    assert shown["quote_approval"]["automatic"] == []
    kept = good(await ann.client.put(f"{URL}/{post}", json={"status": "z"}))
    assert kept["quote_approval"]["automatic"] == []


async def test_what_few_may_see_only_its_author_quotes_for_the_same_few(town: Town) -> None:
    ann, friend, other = await town.members("ann", "friend", "other")
    await town.follow(friend, ann)
    body = {"status": "needle", "visibility": "private", "quote_approval_policy": "public"}
    private = good(await ann.client.post(URL, json=body))["id"]
    await quote(town, friend, private, 422)
    await quote(town, other, private, 404)
    again = await quote(town, ann, private, visibility="public")
    assert again["visibility"] == "private"
    direct = await town.post(ann, "@friend psst", visibility="direct")
    for who in (ann, friend):
        await quote(town, who, direct, 422)
    good(await town.anybody.get(f"{URL}/{again['id']}"), 404)
    assert good(await ann.client.get(f"{URL}/{private}"))["quotes_count"] == 0


async def test_a_quote_tells_nobody_what_they_may_not_see(town: Town) -> None:
    ann, bob, hated = await town.members("ann", "bob", "hated")
    first = await town.post(ann, "needle")
    post = (await quote(town, bob, first))["id"]
    await town.block(ann, hated)
    assert await seen(hated.client, post) == ("unauthorized", None)
    text = (await hated.client.get(f"{URL}/{post}")).text
    assert "needle" not in text
    assert first not in text
    outer = (await quote(town, bob, post))["id"]
    text = (await hated.client.get(f"{URL}/{outer}")).text
    assert first not in text
    good(await hated.client.get(f"{URL}/{first}/quotes"), 404)
    browser = await town.browser(hated)
    page = (await browser.get(f"/@bob/{post}")).text
    assert "needle" not in page
    assert "not for everybody" in page


async def test_whom_the_viewer_blocks_or_mutes_is_not_shown_in_quotes(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    first = await town.post(ann, "needle")
    post = (await quote(town, bob, first))["id"]
    await town.mute(eve, ann)
    assert await seen(eve.client, post) == ("muted_account", None)
    await town.block(eve, ann)
    assert await seen(eve.client, post) == ("blocked_account", None)
    assert first not in (await eve.client.get(f"{URL}/{post}")).text
    assert await seen(bob.client, post) == ("accepted", "<p>needle</p>")


async def test_consent_is_taken_back(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    first = await town.post(ann, "needle")
    post = (await quote(town, bob, first))["id"]
    path = f"{URL}/{first}/quotes/{post}/revoke"
    for who in (bob, eve):
        good(await who.client.post(path), 404)
    good(await ann.client.post(f"{URL}/{first}/quotes/{first}/revoke"), 404)
    revoked = good(await ann.client.post(path))
    assert revoked["id"] == post
    assert revoked["quote"] == {"state": "revoked", "quoted_status": None}
    assert await seen(bob.client, post) == ("revoked", None)
    good(await ann.client.post(path), 404)
    assert good(await ann.client.get(f"{URL}/{first}"))["quotes_count"] == 0
    assert good(await ann.client.get(f"{URL}/{first}/quotes")) == []
    good(await bob.client.delete(f"{URL}/{post}"))
    assert good(await ann.client.get(f"{URL}/{first}"))["quotes_count"] == 0


async def test_either_post_can_be_deleted(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(ann, "needle")
    post = (await quote(town, bob, first))["id"]
    other = (await quote(town, bob, first))["id"]
    good(await bob.client.delete(f"{URL}/{other}"))
    assert good(await ann.client.get(f"{URL}/{first}"))["quotes_count"] == 1
    assert await told(ann, "quote") == [post]
    good(await ann.client.delete(f"{URL}/{first}"))
    for _ in range(2):
        assert await seen(bob.client, post) == ("deleted", None)
        await town.rostra.work()
    assert await town.anywhere(int(first)) == []
    assert await town.count(quotes) == 1
    good(await bob.client.delete(f"{URL}/{post}"))
    assert await town.count(quotes) == 0


async def test_an_edit_is_told_to_those_who_quote(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    first = await town.post(ann, "needle")
    post = (await quote(town, bob, first))["id"]
    out = (await quote(town, eve, first))["id"]
    good(await ann.client.post(f"{URL}/{first}/quotes/{out}/revoke"))
    for text in ("once", "twice"):
        good(await ann.client.put(f"{URL}/{first}", json={"status": text}))
    assert await told(bob, "quoted_update") == [post]
    assert await told(eve, "quoted_update") == []
    assert await seen(bob.client, post) == ("accepted", "<p>twice</p>")
    # An edit of the post that quotes keeps what it quotes.
    edited = good(await bob.client.put(f"{URL}/{post}", json={"status": "See:"}))
    assert edited["quote"]["quoted_status"]["id"] == first


async def test_a_removed_account_is_quoted_no_more(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = (await quote(town, bob, await town.post(ann, "needle")))["id"]
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id, keep_name=False)
    assert (await seen(bob.client, post))[1] is None
    await town.rostra.work()
    assert await seen(bob.client, post) == ("deleted", None)
    assert await town.anywhere(ann.id) == []


async def test_statements_do_not_grow_with_the_quotes(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    first = await town.post(ann)
    path, counted = "/api/v1/timelines/public", set()
    for _ in range(5):
        await quote(town, bob, first, status=200)
        good(await eve.client.get(path))
        with town.rostra.counted() as found:
            good(await eve.client.get(path))
        counted.add(found.statements)
    assert counted == {4}  # two without quotes


async def test_a_quote_can_be_scheduled(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(ann)
    at = "2027-01-15T10:00:00Z"
    kept = await quote(town, bob, first, scheduled_at=at, quote_approval_policy="nobody")
    assert kept["params"]["quoted_status_id"] == first
    town.rostra.clock.advance(3 * 3_600_000)
    await town.rostra.work()
    [post] = good(await ann.client.get(f"{URL}/{first}/quotes"))
    assert post["quote_approval"]["automatic"] == []
