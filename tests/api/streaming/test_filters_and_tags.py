"""Filters, followed hashtags and conversations hold in streams as they do elsewhere."""

from tests.harness.crowd import Town, good
from tests.harness.streams import Harbour


async def test_filters_are_told_and_marked(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    for reader in (bob, eve):
        await town.follow(reader, ann)
    async with (
        harbour.socket(bob.token, stream="user") as of_bob,
        harbour.socket(eve.token, stream="user") as of_eve,
    ):
        body = {
            "title": "Tea",
            "context": ["home"],
            "keywords_attributes": [{"keyword": "tea", "whole_word": True}],
        }
        good(await bob.client.post("/api/v2/filters", json=body))
        assert await of_bob.next() == {"stream": ["user"], "event": "filters_changed"}
        post_id = await town.post(ann, "a cup of tea for @bob")
        events = [await of_bob.next(), await of_bob.next()]
        shown = good(await bob.client.get(f"/api/v1/statuses/{post_id}"))
        assert shown["filtered"][0]["keyword_matches"] == ["tea"]
        for event in events:
            told = event["payload"]
            assert (told["status"] if event["event"] == "notification" else told) == shown
        assert (await of_eve.next())["payload"]["filtered"] == []
        other = await town.post(ann, "coffee")
        for socket in (of_bob, of_eve):
            heard = (await socket.next())["payload"]
            assert (heard["id"], heard["filtered"]) == (other, [])


async def test_followed_hashtags_come_home(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    good(await bob.client.post("/api/v1/tags/tea/follow"))
    async with (
        harbour.socket(bob.token, stream="user") as of_bob,
        harbour.socket(eve.token, stream="user") as of_eve,
    ):
        await town.post(ann, "#tea for few", visibility="unlisted")
        kept = await town.post(ann, "#tea")
        post_id = await town.post(ann, "more #tea")
        assert [e["payload"]["id"] for e in await of_bob.quiet()] == [kept, post_id]
        good(await ann.client.delete(f"/api/v1/statuses/{post_id}"))
        assert await of_bob.next() == {"stream": ["user"], "event": "delete", "payload": post_id}
        assert await of_eve.quiet() == []


async def test_conversations_come_by_their_own_stream(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    async with (
        harbour.socket(bob.token, stream="direct") as of_bob,
        harbour.events("direct", ann.token) as of_ann,
        harbour.socket(eve.token, stream="direct") as of_eve,
    ):
        post_id = await town.post(ann, "@bob psst", visibility="direct")
        event = await of_bob.next()
        inbox = good(await bob.client.get("/api/v1/conversations"))
        assert (event["event"], event["stream"]) == ("conversation", ["direct"])
        assert event["payload"] == inbox[0]
        assert event["payload"]["last_status"]["id"] == post_id
        assert (await of_ann.next())["payload"]["last_status"]["id"] == post_id
        await town.mute(bob, ann)
        await town.post(ann, "@bob again", visibility="direct")
        assert await of_bob.quiet() == []
        assert await of_eve.quiet() == []


async def test_what_the_policy_sets_aside_is_not_told(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    policy = {"for_not_following": "filter"}
    good(await bob.client.patch("/api/v2/notifications/policy", json=policy))
    async with harbour.socket(bob.token, stream="user:notification") as socket:
        await town.post(ann, "@bob hello")
        assert await socket.quiet() == []
        await town.follow(bob, ann)
        await town.post(ann, "@bob hello again")
        assert [event["event"] for event in await socket.quiet()] == ["notification"]
