"""Whom a member hides, and whom no more: open streams and homes follow at once."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good, ids_of
from tests.harness.streams import Harbour, Socket

from rostra.store.tables.timelines import home

ACCOUNTS = "/api/v1/accounts"


async def undo(who: Member, verb: str, whom: Member) -> None:
    """Unmute, unblock or unfollow somebody."""
    good(await who.client.post(f"{ACCOUNTS}/{whom.id}/{verb}"))


async def heard(socket: Socket) -> set[str]:
    """From which streams something came."""
    return {event["stream"][0] for event in await socket.quiet()}


async def home_of(who: Member) -> list[str]:
    return ids_of(good(await who.client.get("/api/v1/timelines/home")))


@pytest.mark.parametrize("verb", ["mute", "block"])
async def test_who_is_hidden_is_silent_at_once_and_heard_again(
    town: Town, harbour: Harbour, verb: str
) -> None:
    ann, bob, cleo = await town.members("ann", "bob", "cleo")
    for author in (ann, cleo):
        await town.follow(bob, author)
    change: dict[str, Callable[[Member, Member], Awaitable[None]]] = {
        "mute": town.mute,
        "block": town.block,
    }
    async with harbour.socket(bob.token, stream="user") as socket:
        socket.subscribe("public")
        socket.subscribe("hashtag", tag="tea")
        await socket.settled()
        first = await town.post(ann, "one #tea")
        assert await heard(socket) == {"user", "public", "hashtag"}
        by_cleo = await town.act(cleo, "reblog", first)
        assert await heard(socket) == {"user"}
        assert await home_of(bob) == [by_cleo["id"], first]
        await change[verb](bob, ann)
        second = await town.post(ann, "two #tea @bob")
        again = await town.act(cleo, "reblog", second)
        assert await heard(socket) == set()
        assert set(await home_of(bob)).isdisjoint({first, second, by_cleo["id"], again["id"]})
        await undo(bob, f"un{verb}", ann)
        if verb == "block":  # which has ended the follow
            assert await home_of(bob) == [again["id"], by_cleo["id"]]
            await town.follow(bob, ann)
        third = await town.post(ann, "three #tea @bob")
        assert await heard(socket) == {"user", "public", "hashtag"}
        assert await home_of(bob) == [third, again["id"], second, by_cleo["id"], first]


async def test_who_was_blocked_has_a_whole_home_again(town: Town) -> None:
    ann, bob, cleo = await town.members("ann", "bob", "cleo")
    await town.follow(bob, cleo)
    own, other = await town.post(bob, "mine"), await town.post(cleo, "hers")
    reblog = await town.act(cleo, "reblog", await town.post(ann, "words"))
    whole = [reblog["id"], other, own]
    assert await home_of(bob) == whole
    await town.block(ann, bob)
    assert await home_of(bob) == whole[1:]
    await undo(ann, "unblock", bob)
    assert await home_of(bob) == whole


@pytest.mark.postgresql
async def test_a_stranger_changes_nobodys_home_by_blocking(town: Town) -> None:
    """It is neither emptied nor built anew: what hides the other is asked for when it is read."""
    ann, bob, cleo = await town.members("ann", "bob", "cleo")
    for author in (ann, cleo):
        await town.follow(bob, author)
    await town.post(ann, "words")
    own, other = await town.post(bob, "mine"), await town.post(cleo, "hers")
    await undo(bob, "unfollow", ann)
    kept = await town.count(home, home.c.account_id == bob.id)
    for verb in ("block", "unblock", "block"):
        await undo(ann, verb, bob)
        assert await town.count(home, home.c.account_id == bob.id) == kept == 2
    assert await home_of(bob) == [other, own]


async def test_a_mute_that_ends_by_itself_ends_in_open_streams(
    town: Town, harbour: Harbour
) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    good(await bob.client.post(f"{ACCOUNTS}/{ann.id}/mute", json={"duration": 600}))
    async with harbour.socket(bob.token, stream="user") as socket:
        silent = await town.post(ann, "one")
        assert await socket.quiet() == []
        town.rostra.clock.advance(601_000)
        loud = await town.post(ann, "two")
        assert [event["payload"]["id"] for event in await socket.quiet()] == [loud]
    assert await home_of(bob) == [loud, silent]


async def test_notifications_follow_a_mute_at_once(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    async with harbour.socket(bob.token, stream="user:notification") as socket:
        for hidden, notifications in ((False, 1), (True, 0), (False, 1)):
            if hidden:
                await town.mute(bob, ann)
            else:
                await undo(bob, "unmute", ann)
            await town.post(ann, "hello @bob")
            events: list[dict[str, Any]] = await socket.quiet()
            assert len(events) == notifications
