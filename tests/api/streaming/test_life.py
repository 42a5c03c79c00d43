"""Limits, what is hidden, and what streams hear of other slices."""

from pathlib import Path
from typing import Any

from tests.harness.app import running
from tests.harness.crowd import Town, good
from tests.harness.streams import Harbour, connected, upgrade

from rostra.network.live.model import TOPIC, Signal, packed


async def test_who_is_hidden_is_not_heard(town: Town, harbour: Harbour) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    for reader in (bob, eve):
        await town.follow(reader, ann)
    await town.mute(bob, ann)
    async with (
        harbour.socket(bob.token, stream="user") as muting,
        harbour.socket(eve.token, stream="user") as hearing,
    ):
        for socket in (muting, hearing):
            socket.subscribe("public")
            socket.subscribe("hashtag", tag="tea")
            await socket.settled()
        await town.post(ann, "#tea @bob @eve")
        assert len(await hearing.quiet()) == 4
        assert await muting.quiet() == []
        await town.block(eve, ann)
        await town.post(ann, "#tea again")
        assert await hearing.quiet() == []


async def test_reblogs_of_who_is_hidden_are_not_heard(town: Town, harbour: Harbour) -> None:
    ann, bob, eve, cleo = await town.members("ann", "bob", "eve", "cleo")
    original = await town.post(cleo, "words")
    for reader in (bob, eve):
        await town.follow(reader, ann)
    await town.block(cleo, bob)
    await town.mute(eve, cleo)
    async with (
        harbour.socket(bob.token, stream="user") as blocked,
        harbour.socket(eve.token, stream="user") as muting,
    ):
        reblog = await town.act(ann, "reblog", original)
        assert await blocked.quiet() == []
        await town.act(ann, "unreblog", original)
        assert await blocked.quiet() == []  # not even that it is gone
        assert [e["payload"] for e in await muting.quiet()] == [reblog["id"]]


async def test_homes_take_what_home_timelines_take(town: Town, harbour: Harbour) -> None:
    ann, bob, dan, eve = await town.members("ann", "bob", "dan", "eve")
    await town.follow(bob, ann, reblogs=False, languages=["de"])
    await town.follow(bob, dan)
    friend = await town.post(dan, "words", visibility="direct")
    await town.post(dan, "more words", in_reply_to_id=friend, visibility="direct")
    strange = await town.post(eve, "words")
    async with harbour.socket(bob.token, stream="user") as socket:
        await town.act(ann, "reblog", strange)
        await town.post(ann, "@eve words", in_reply_to_id=strange, language="de")
        await town.post(ann, "english", language="en")
        german = await town.post(ann, "deutsch", language="de")
        assert [e["payload"]["id"] for e in await socket.quiet()] == [german]
        assert [p["id"] for p in good(await bob.client.get("/api/v1/timelines/home"))] == [german]


async def test_a_muted_thread_brings_no_notifications(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    post_id = await town.post(bob, "a thread")
    await town.act(bob, "mute", post_id)
    async with harbour.socket(bob.token, stream="user") as socket:
        await town.post(ann, "@bob re", in_reply_to_id=post_id)
        await town.act(ann, "favourite", post_id)
        assert await socket.quiet() == []
        await town.act(bob, "unmute", post_id)
        await town.post(ann, "@bob again", in_reply_to_id=post_id)
        assert [e["event"] for e in await socket.quiet()] == ["notification"]


async def test_signals_of_other_slices(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    bus = town.services.bus
    async with (
        harbour.socket(ann.token, stream="user") as of_ann,
        harbour.events("user", bob.token) as of_bob,
        harbour.socket(bob.token, stream="direct") as direct,
    ):
        bus.publish(TOPIC, b"of another version")
        bus.publish(TOPIC, packed(Signal("filters_changed", account_ids=(bob.id,))))
        bus.publish(TOPIC, packed(Signal("announcement", '{"id":"1"}')))
        talk = Signal("announcement.reaction", '{"id":"2"}', (bob.id,), "direct")
        bus.publish(TOPIC, packed(talk))
        assert await of_bob.next() == {"event": "filters_changed", "payload": "undefined"}
        for stream in (of_ann, of_bob):
            event = await stream.next()
            assert (event["event"], event["payload"]) == ("announcement", {"id": "1"})
        assert await direct.next() == {
            "stream": ["direct"], "event": "announcement.reaction", "payload": {"id": "2"},
        }  # fmt: skip
        assert await of_ann.quiet() == []
        bus.publish(TOPIC, packed(Signal("filters_changed", account_ids=(ann.id,))))
        assert await of_ann.next() == {"stream": ["user"], "event": "filters_changed"}


async def test_limits(data_dir: Path, database_url: str) -> None:
    environ: dict[str, Any] = {
        "ROSTRA_LIMITS__SCALE": "1",
        "ROSTRA_STREAMING__PER_ACCOUNT": "2",
        "ROSTRA_STREAMING__PER_ADDRESS": "3",
    }
    async with running(data_dir, database_url, **environ) as rostra:
        town = Town(rostra)
        harbour = await Harbour.of(rostra)
        ann, bob = await town.members("ann", "bob")
        async with (
            harbour.socket(ann.token) as socket,
            harbour.events("public", ann.token),
        ):
            refused = await harbour.ask(
                "/api/v1/streaming/user", authorization=f"Bearer {ann.token}"
            )
            assert (refused.status, refused.error) == (429, "Too many open streams")
            assert refused.headers["retry-after"] == "60"
            async with harbour.events("public", bob.token):
                path = f"/api/v1/streaming?access_token={bob.token}"
                _, writer, answer = await connected(harbour.port, path, headers=upgrade())
                writer.close()
                assert answer.status == 429
                assert answer.headers["x-error-message"].endswith("from this address")
            for number in range(51):
                socket.subscribe("hashtag", tag=f"tag{number}")
            assert await socket.quiet() == [{"error": "Too many subscriptions", "status": 400}]
        async with harbour.socket(ann.token):
            for _ in range(600):
                answer = await harbour.ask("/api/v1/streaming/user")
                if answer.status == 429:
                    break
            assert answer.status == 429


async def test_a_crowd_is_looked_up_aside(town: Town, harbour: Harbour) -> None:
    """More viewers than are looked up on the loop."""
    ann = await town.member("ann")
    names = [f"member{number}" for number in range(205)]
    crowd = await town.members(*names)
    sockets = []
    for member in crowd:
        path = f"/api/v1/streaming?access_token={member.token}&stream=public"
        sockets.append(await connected(harbour.port, path, headers=upgrade()))
    post_id = await town.post(ann, "to all of you")
    for reader, writer, answer in sockets:
        assert answer.status == 101
        await reader.readexactly(4)
        assert post_id.encode() in await reader.readuntil(post_id.encode())
        writer.close()
