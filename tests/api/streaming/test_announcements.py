"""Announcements in the `user` streams of everybody."""

import pytest
from tests.harness.crowd import Town, good
from tests.harness.streams import Harbour

from rostra.kernel.clock import HOUR
from rostra.network.announcements import keep
from rostra.network.announcements.model import Words

PATH = "/api/v1/announcements"


@pytest.mark.postgresql
async def test_everybody_hears_of_an_announcement(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    services, clock = town.services, town.rostra.clock
    async with (
        harbour.socket(ann.token, stream="user") as of_ann,
        harbour.socket(bob.token, stream="user") as of_bob,
        harbour.socket(bob.token, stream="public") as public,
    ):
        async with town.db.write() as tx:
            made = await keep.create(
                services,
                tx,
                Words("@ann opens the harbour", ends_at=clock.now() + 2 * HOUR),
                publish_at=clock.now(),
            )
        [shown] = good(await ann.client.get(PATH))
        assert shown.pop("read") is False
        for socket in (of_ann, of_bob):
            heard = await socket.next()
            assert heard == {"stream": ["user"], "event": "announcement", "payload": shown}
        for member in (ann, bob):
            good(await member.client.put(f"{PATH}/{made}/reactions/👍"))
        assert await of_ann.quiet() == []
        clock.advance(HOUR)
        await town.rostra.work()
        reaction = {"name": "👍", "count": 2, "announcement_id": str(made)}
        assert [each["payload"] for each in await of_bob.quiet()] == [reaction]
        for member in (ann, bob):
            good(await member.client.delete(f"{PATH}/{made}/reactions/👍"))
        clock.advance(HOUR - 1)
        await town.rostra.work()
        [told] = await of_bob.quiet()
        assert told["event"] == "announcement.reaction"
        assert told["payload"] == reaction | {"count": 0}
        clock.advance(1)
        await town.rostra.work()
        [told] = await of_bob.quiet()
        assert told == {"stream": ["user"], "event": "announcement.delete", "payload": str(made)}
        assert await public.quiet() == []


async def test_what_is_gone_meanwhile_is_not_told(town: Town, harbour: Harbour) -> None:
    ann = await town.member("ann")
    services, now = town.services, town.rostra.clock.now()
    async with harbour.socket(ann.token, stream="user") as socket:
        async with town.db.write() as tx:
            made = await keep.create(services, tx, Words("Soon"), publish_at=now)
            await keep.withdraw(services, tx, made)
        assert [each["event"] for each in await socket.quiet()] == ["announcement.delete"]
