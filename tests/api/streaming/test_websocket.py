"""The one WebSocket: letting in, subscribing, events in Mastodon's form."""

import json
from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good
from tests.harness.streams import Harbour, connected, upgrade

UPDATE = {"event": "update"}


async def read(client: Any, path: str) -> Any:
    return good(await client.get(path))


async def test_a_post_reaches_followers_and_the_public(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    async with harbour.socket(bob.token, stream="user") as socket:
        socket.subscribe("public")
        await socket.settled()
        post_id = await town.post(ann, "Live!")
        events = [await socket.next(), await socket.next()]
        shown = await read(bob.client, f"/api/v1/statuses/{post_id}")
        assert sorted(event["stream"] for event in events) == [["public"], ["user"]]
        for event in events:
            assert event["event"] == "update"
            assert event["payload"] == shown
        assert await socket.quiet() == []


async def test_the_payload_is_a_string(town: Town, harbour: Harbour) -> None:
    ann = await town.member("ann")
    async with harbour.socket(ann.token, stream="user") as socket:
        await town.post(ann, 'With "quotes" \\ and\nlines é 🎉')
        kind, raw = await socket.frame()
        message = json.loads(raw)
        assert kind == 1
        assert list(message) == ["stream", "event", "payload"]
        assert isinstance(message["payload"], str)
        assert "lines é 🎉" in json.loads(message["payload"])["content"]


@pytest.mark.parametrize("way", ["query", "header", "protocol"])
async def test_the_token_comes_in_three_ways(town: Town, harbour: Harbour, way: str) -> None:
    ann = await town.member("ann")
    headers = {
        "query": {},
        "header": {"authorization": f"Bearer {ann.token}"},
        "protocol": {"sec-websocket-protocol": ann.token},
    }[way]
    given = ann.token if way == "query" else ""
    async with harbour.socket(given, headers, stream="user") as socket:
        agreed = ann.token if way == "protocol" else None
        assert socket.answer.headers.get("sec-websocket-protocol") == agreed
        post_id = await town.post(ann)
        assert (await socket.next())["payload"]["id"] == post_id


async def test_subscriptions_begin_and_end(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    async with harbour.socket(bob.token) as socket:
        await town.post(ann, "unheard")
        await harbour.caught_up()
        socket.subscribe("public:local")
        socket.subscribe("public:local")
        await socket.settled()
        heard = await town.post(ann, "heard once")
        assert (await socket.next())["payload"]["id"] == heard
        socket.unsubscribe("public:local")
        socket.unsubscribe("hashtag", tag="never")
        await socket.settled()
        await town.post(ann, "unheard again")
        assert await socket.quiet() == []


async def test_hashtags_come_by_the_name_they_were_asked_for(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    async with harbour.socket(bob.token) as socket:
        socket.subscribe("hashtag", tag="ÉtÉ")
        socket.subscribe("hashtag:local", tag=["ete"])
        await socket.settled()
        await town.post(ann, "no tag")
        await town.post(ann, "#ete for few", visibility="unlisted")
        post_id = await town.post(ann, "in #été!")
        events = [await socket.next(), await socket.next()]
        assert [e["payload"]["id"] for e in events] == [post_id, post_id]
        assert [e["stream"] for e in events] == [["hashtag", "ÉtÉ"], ["hashtag:local", "ete"]]
        await town.act(ann, "favourite", post_id)
        good(await ann.client.delete(f"/api/v1/statuses/{post_id}"))
        gone = [await socket.next(), await socket.next()]
        assert [(e["event"], e["payload"]) for e in gone] == [("delete", post_id)] * 2


async def test_public_streams_hold_what_public_timelines_hold(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    first = await town.post(ann, "first")
    await harbour.caught_up()
    names = ("public", "public:local", "public:remote", "public:media", "public:local:media")
    async with harbour.socket(eve.token) as socket:
        for name in names:
            socket.subscribe(name)
        await socket.settled()
        await town.post(bob, "an answer", in_reply_to_id=first)
        await town.post(ann, "unlisted", visibility="unlisted")
        await town.act(bob, "reblog", first)
        own = await town.post(ann, "an answer to myself", in_reply_to_id=first)
        events = await socket.quiet()
        assert {e["payload"]["id"] for e in events} == {own}
        assert [e["stream"] for e in events] == [["public"], ["public:local"]]


async def test_edits_and_deletions(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    post_id = await town.post(ann, "before")
    async with harbour.socket(bob.token, stream="user") as socket:
        good(await ann.client.put(f"/api/v1/statuses/{post_id}", json={"status": "after"}))
        edited = await socket.next()
        assert edited["event"] == "status.update"
        assert edited["payload"] == await read(bob.client, f"/api/v1/statuses/{post_id}")
        assert "after" in edited["payload"]["content"]
        good(await ann.client.delete(f"/api/v1/statuses/{post_id}"))
        gone = await socket.next()
        assert gone == {"stream": ["user"], "event": "delete", "payload": post_id}


async def test_reblogs_are_shown_with_what_the_viewer_did(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    for reader in (bob, eve):
        await town.follow(reader, ann)
    original = await town.post(await town.member("cleo"), "read this")
    await town.act(bob, "favourite", original)
    async with (
        harbour.socket(bob.token, stream="user") as of_bob,
        harbour.socket(eve.token, stream="user") as of_eve,
    ):
        reblog = await town.act(ann, "reblog", original)
        for socket, reader, favourited in ((of_bob, bob, True), (of_eve, eve, False)):
            event = await socket.next()
            assert event["payload"]["reblog"]["favourited"] is favourited
            assert event["payload"] == await read(reader.client, f"/api/v1/statuses/{reblog['id']}")
        await town.act(ann, "unreblog", original)
        assert (await of_eve.next())["payload"] == reblog["id"]


async def notified(town: Town, harbour: Harbour, bob: Member, stream: str) -> dict[str, Any]:
    ann = await town.member("ann")
    async with harbour.socket(bob.token, stream=stream) as socket:
        post_id = await town.post(ann, "@bob hello")
        event = await socket.next()
        listed = (await read(bob.client, "/api/v1/notifications"))[0]
        assert event["event"] == "notification"
        assert event["payload"] == listed
        assert event["payload"]["status"]["id"] == post_id
        return event


async def test_notifications_come_by_both_streams(town: Town, harbour: Harbour) -> None:
    bob = await town.member("bob")
    assert (await notified(town, harbour, bob, "user:notification"))["stream"] == [
        "user:notification"
    ]


async def test_notifications_come_by_the_members_own_stream(town: Town, harbour: Harbour) -> None:
    bob = await town.member("bob")
    assert (await notified(town, harbour, bob, "user"))["stream"] == ["user"]


async def test_a_token_for_posts_alone_hears_no_notifications(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    posts_only = await town.token(bob.id, "read:statuses")
    await town.follow(bob, ann)
    async with harbour.socket(posts_only, stream="user") as socket:
        post_id = await town.post(ann, "@bob hello")
        assert [e["payload"]["id"] for e in await socket.quiet()] == [post_id]
        socket.subscribe("user:notification")
        assert await socket.next() == {
            "error": "Access token does not have the required scopes",
            "status": 401,
        }


async def test_what_can_not_be_subscribed_to_is_told(town: Town, harbour: Harbour) -> None:
    ann = await town.member("ann")
    async with harbour.socket(ann.token) as socket:
        socket.subscribe("nonsense")
        socket.subscribe("hashtag")
        socket.subscribe("list")
        socket.subscribe("list", list="1887436799999999999")
        socket.say("no json")
        socket.say("[]")
        socket.say({"type": "dance"})
        socket.say({"type": "subscribe", "stream": {"a": 1}})
        errors = await socket.quiet()
        assert [(e["error"], e["status"]) for e in errors] == [
            ("Unknown stream type", 400),
            ("Missing tag name parameter", 400),
            ("Missing list name parameter", 400),
            ("Not authorized to stream this list", 401),
            ("Unknown stream type", 400),
        ]


async def test_who_is_refused_is_told_in_a_header(town: Town, harbour: Harbour) -> None:
    ann, pending = await town.member("ann"), await town.member("pending", waiting=True)
    narrow = await town.token(ann.id, "write")
    for token, status, message in (
        ("", 401, "Missing access token"),
        ("wrong", 401, "Invalid access token"),
        ("x" * 5000, 401, "Invalid access token"),
        (pending.token, 403, "Your login is currently pending approval"),
    ):
        path = f"/api/v1/streaming?access_token={token}"
        _, writer, answer = await connected(harbour.port, path, headers=upgrade())
        writer.close()
        assert (answer.status, answer.headers["x-error-message"]) == (status, message)
        assert (answer.body, answer.headers["content-type"][:10]) == (b"", "text/plain")
    async with harbour.socket(narrow) as socket:
        socket.subscribe("public")
        assert (await socket.next())["status"] == 401


async def test_what_no_parser_takes_is_passed_over(town: Town, harbour: Harbour) -> None:
    ann = await town.member("ann")
    async with harbour.socket(ann.token, stream="user") as socket:
        socket.say("[" * 4_000)
        await socket.settled()
        post_id = await town.post(ann)
        assert (await socket.next())["payload"]["id"] == post_id


async def test_a_failure_ends_no_subscribing(
    town: Town, harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await town.member("ann")
    made = good(await ann.client.post("/api/v1/lists", json={"title": "friends"}))

    async def broken(*_given: object) -> None:
        raise OSError("the disk is gone")

    async with harbour.socket(ann.token, stream="user") as socket:
        with monkeypatch.context() as patched:
            patched.setattr("rostra.network.lists.access.own", broken)
            socket.subscribe("list", list=made["id"])
            (told,) = await socket.quiet()
            assert told == {"error": "Something went wrong on our end", "status": 500}
        socket.subscribe("list", list=made["id"])
        await socket.settled()
