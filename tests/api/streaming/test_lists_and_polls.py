"""Lists in streams, and posts that ask something."""

from typing import Any

import pytest
from tests.harness.crowd import Town, good
from tests.harness.streams import Harbour


@pytest.mark.postgresql
async def test_a_list_brings_its_members_posts_to_its_owner(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    for member in (ann, eve):
        await town.follow(bob, member)
    made = good(await bob.client.post("/api/v1/lists", json={"title": "Tea"}))["id"]
    body = {"account_ids": [str(ann.id)]}
    good(await bob.client.post(f"/api/v1/lists/{made}/accounts", json=body))
    refused = await harbour.ask(
        f"/api/v1/streaming/list?list={made}", authorization=f"Bearer {eve.token}"
    )
    assert (refused.status, refused.error) == (401, "Not authorized to stream this list")
    async with (
        harbour.socket(bob.token) as socket,
        harbour.events("list", bob.token, list=made) as events,
    ):
        socket.subscribe("list", list=made)
        await socket.settled()
        await town.post(eve, "not in it")
        private = await town.post(ann, "in it", visibility="private")
        heard = await socket.next()
        assert heard["stream"] == ["list", made]
        shown = good(await bob.client.get(f"/api/v1/timelines/list/{made}"))
        assert heard["payload"] == shown[0] == (await events.next())["payload"]
        good(await ann.client.delete(f"/api/v1/statuses/{private}"))
        gone = await socket.next()
        assert gone == {"stream": ["list", made], "event": "delete", "payload": private}
        assert await socket.quiet() == []
        good(await bob.client.delete(f"/api/v1/lists/{made}"))
        await town.post(ann, "there is no list any more")
        assert await socket.quiet() == []


async def test_an_exclusive_list_keeps_posts_out_of_home(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    body: dict[str, Any] = {"title": "Apart", "exclusive": True}
    made = good(await bob.client.post("/api/v1/lists", json=body))["id"]
    added = {"account_ids": [str(ann.id)]}
    good(await bob.client.post(f"/api/v1/lists/{made}/accounts", json=added))
    async with harbour.socket(bob.token, stream="user") as socket:
        socket.subscribe("list", list=made)
        await socket.settled()
        await town.post(ann, "words")
        assert [event["stream"] for event in await socket.quiet()] == [["list", made]]


async def test_each_sees_their_own_votes(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    poll = {"options": ["tea", "coffee"], "expires_in": 3600}
    post_id = await town.post(ann, "What?", poll=poll)
    good(await bob.client.post(f"/api/v1/polls/{post_id}/votes", json={"choices": [1]}))
    reblogger = await town.member("reblogger")
    for reader in (ann, bob, eve):
        await town.follow(reader, reblogger)
    async with (
        harbour.socket(ann.token, stream="user") as of_ann,
        harbour.socket(bob.token, stream="user") as of_bob,
        harbour.socket(eve.token, stream="user") as of_eve,
    ):
        reblog = await town.act(reblogger, "reblog", post_id)
        for socket, reader, own in ((of_bob, bob, [1]), (of_eve, eve, []), (of_ann, ann, [])):
            events = [await socket.next()]
            if events[0]["event"] == "notification":
                events = [await socket.next()]
            shown = good(await reader.client.get(f"/api/v1/statuses/{reblog['id']}"))
            assert events[0]["payload"] == shown
            assert shown["reblog"]["poll"]["own_votes"] == own


async def test_results_come_while_people_vote(town: Town, harbour: Harbour) -> None:
    ann, *voters = await town.members("ann", "bob", "eve", "cleo")
    watching = await town.member("watching")
    await town.follow(watching, ann)
    poll = {"options": ["tea", "coffee"], "expires_in": 3600}
    post_id = await town.post(ann, "What?", poll=poll)
    async with (
        harbour.socket(watching.token, stream="user") as socket,
        harbour.socket(voters[0].token, stream="public") as of_voter,
    ):
        for voter in voters:
            good(await voter.client.post(f"/api/v1/polls/{post_id}/votes", json={"choices": [0]}))
        await town.rostra.work()
        assert await socket.quiet() == []  # gathered for some seconds
        town.rostra.clock.advance(10_000)
        await town.rostra.work()
        for heard, reader in ((socket, watching), (of_voter, voters[0])):
            [event] = await heard.quiet()
            shown = good(await reader.client.get(f"/api/v1/statuses/{post_id}"))
            assert (event["event"], event["payload"]) == ("status.update", shown)
            assert (shown["poll"]["votes_count"], shown["edited_at"]) == (3, None)
        assert shown["poll"]["own_votes"] == [0]
        town.rostra.clock.advance(600_000)
        await town.rostra.work()
        assert await socket.quiet() == []
        town.rostra.clock.advance(3_600_000)
        await town.rostra.work()
        [ended] = await socket.quiet()
        assert (ended["event"], ended["payload"]["poll"]["expired"]) == ("status.update", True)


async def test_hidden_results_and_private_polls_stay_so(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    for reader in (bob, eve):
        await town.follow(reader, ann)
    poll = {"options": ["tea", "coffee"], "expires_in": 3600, "hide_totals": True}
    post_id = await town.post(ann, "What?", poll=poll, visibility="private")
    async with (
        harbour.socket(bob.token, stream="user") as socket,
        harbour.socket(eve.token, stream="user") as hiding,
    ):
        good(await bob.client.post(f"/api/v1/polls/{post_id}/votes", json={"choices": [1]}))
        await town.mute(eve, ann)
        town.rostra.clock.advance(10_000)
        await town.rostra.work()
        [event] = await socket.quiet()
        shown = event["payload"]["poll"]
        assert [option["votes_count"] for option in shown["options"]] == [None, None]
        assert (shown["voters_count"], shown["own_votes"]) == (1, [1])
        assert await hiding.quiet() == []
        good(await ann.client.delete(f"/api/v1/statuses/{post_id}"))
        assert [event["event"] for event in await socket.quiet()] == ["delete"]
        town.rostra.clock.advance(10_000)
        await town.rostra.work()
        assert await socket.quiet() == []
