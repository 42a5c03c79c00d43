"""What the team decided, and who may come in: as it was last, whatever the copy says."""

from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select
from tests.harness.app import InProcess
from tests.harness.crowd import Member, Town, good
from tests.hosting.journal.afloat import Noted, gone_on_with, noted

from rostra.kernel.clock import DAY, SECOND
from rostra.kernel.errors import Invalid
from rostra.network.accounts import access
from rostra.network.accounts.leaving import hide_and_leave
from rostra.network.accounts.model import AccountState
from rostra.network.accounts.removal import remove_account
from rostra.network.credentials import second_factor
from rostra.network.credentials.ending import end_everything
from rostra.network.instance import access as instance
from rostra.network.instance import invites
from rostra.network.trends.model import Decision
from rostra.network.trends.publishers import decide_publisher
from rostra.safety.decisions import access as decisions
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import query
from rostra.store.tables.trends import trend_publishers

TEAM = "admin:read admin:write read write follow"


@pytest.fixture
async def place(data_dir: Path) -> AsyncIterator[Noted]:
    """A place whose acts are noted."""
    async with noted(data_dir) as it:
        yield it


@pytest.fixture
def town(place: Noted) -> Town:
    """People for it."""
    return Town(place.rostra)


async def _state(restored: InProcess, who: Member) -> AccountState | None:
    async with restored.db.read() as reader:
        account = await access.any_by_id(reader, who.id)
    return None if account is None else AccountState(account.state)


async def test_a_suspension_and_one_that_was_lifted(
    place: Noted, town: Town, tmp_path: Path
) -> None:
    mona = await town.member("mona", role=1, granted=TEAM)
    alice, bob = await town.members("alice", "bob")
    post = await town.post(alice)
    action = f"/api/v1/admin/accounts/{bob.id}/action"
    good(await mona.client.post(action, json={"type": "suspend", "text": "Words for Bob."}))
    await place.copy()
    good(await mona.client.post(f"/api/v1/admin/accounts/{bob.id}/unsuspend"))
    action = f"/api/v1/admin/accounts/{alice.id}/action"
    good(await mona.client.post(action, json={"type": "suspend", "text": "Words for Alice."}))
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        anybody = restored.client()
        assert (await anybody.get(f"/api/v1/statuses/{post}")).status_code == 404
        assert await _state(restored, alice) is AccountState.SUSPENDED
        assert await _state(restored, bob) is AccountState.ACTIVE
        assert good(await anybody.get(f"/api/v1/accounts/{bob.id}"))["acct"] == "bob"
        async with restored.db.read() as reader:
            [held] = await decisions.in_force(reader, Subject(SubjectKind.ACCOUNT, alice.id))
            made = await decisions.one(reader, held.decision_id)
        assert (made.actor_id, made.words) == (mona.id, "")
        # It is a decision as any other: it can be taken back.
        mona_there = restored.client(mona.token)
        good(await mona_there.post(f"/api/v1/admin/accounts/{alice.id}/unsuspend"))
        assert good(await anybody.get(f"/api/v1/statuses/{post}"))["id"] == post


async def test_a_freeze_that_is_lifted_lets_its_member_in(
    place: Noted, town: Town, tmp_path: Path
) -> None:
    mona = await town.member("mona", role=1, granted=TEAM)
    alice = await town.member("alice")
    await place.copy()
    action = f"/api/v1/admin/accounts/{alice.id}/action"
    good(await mona.client.post(action, json={"type": "disable", "text": "Words for Alice."}))
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        async with restored.db.read() as reader:
            assert (await access.user(reader, alice.id)).disabled_at
        mona_there = restored.client(mona.token)
        good(await mona_there.post(f"/api/v1/admin/accounts/{alice.id}/enable"))
        async with restored.db.read() as reader:
            assert (await access.user(reader, alice.id)).disabled_at == 0


async def test_what_must_not_trend_does_not(place: Noted, town: Town, tmp_path: Path) -> None:
    await place.copy()
    async with town.db.write() as tx:
        await decide_publisher(town.services, tx, "shop.example", Decision.REJECTED)
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored, restored.db.read() as reader:
        kept = await reader.all(query(select(trend_publishers.c.host, trend_publishers.c.decision)))
    assert ("shop.example", Decision.REJECTED) in kept


async def test_accounts_that_were_deleted_or_are_leaving(
    place: Noted, town: Town, tmp_path: Path
) -> None:
    alice, bob, carol = await town.members("alice", "bob", "carol")
    await town.follow(carol, alice)
    post = await town.post(alice)
    await place.copy()
    async with town.db.write() as tx:
        await remove_account(town.services, tx, alice.id)
        await hide_and_leave(town.services, tx, bob.id)
        await end_everything(tx, bob.id)
    await place.rostra.work()
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        await restored.work()
        assert await _state(restored, alice) is None
        assert await _state(restored, bob) is AccountState.LEAVING
        anybody = restored.client()
        assert (await anybody.get(f"/api/v1/statuses/{post}")).status_code == 404
        assert (await anybody.get("/api/v1/accounts/lookup?acct=alice")).status_code == 404
        assert good(await anybody.get(f"/api/v1/accounts/{carol.id}"))["following_count"] == 0
        answer = await restored.client(bob.token).get("/api/v1/timelines/home")
        assert answer.status_code == 401
        assert await Town(restored).anywhere("alice") == []
        restored.clock.advance(60 * DAY)
        await restored.work()
        assert await _state(restored, bob) is None


async def test_who_may_come_in(place: Noted, town: Town, tmp_path: Path) -> None:
    alice = await town.member("alice", role=2)
    browser = await town.browser(alice)
    async with town.db.write() as tx:
        code = await invites.create_invite(town.services, tx, owner_id=alice.id)
    other = await town.token(alice.id, "read")
    await place.copy()
    async with town.db.write() as tx:
        [made] = await instance.invites(tx, alice.id)
        await invites.revoke_invite(town.services, tx, invite_id=made.id, owner_id=alice.id)
        await end_everything(tx, alice.id)
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        for token in (alice.token, other):
            answer = await restored.client(token).get("/api/v1/timelines/home")
            assert answer.status_code == 401
        client = restored.client()
        client.cookies.update(browser.cookies)
        assert (await client.get("/settings/profile")).status_code == 303
        with pytest.raises(Invalid):
            async with restored.db.write() as tx:
                await invites.redeem_invite(restored.services, tx, code)


async def test_the_second_step_as_it_was_last(place: Noted, town: Town, tmp_path: Path) -> None:
    alice, bob = await town.members("alice", "bob")
    services, db = town.services, town.db
    await _two_steps(town, alice)
    codes = await _two_steps(town, bob)
    await place.copy()
    async with db.write() as tx:
        # One has another app now, and other codes; the other has used one.
        await second_factor.disable_totp(tx, alice.id)
    again = await _two_steps(town, alice)
    async with db.write() as tx:
        await second_factor.check_code(services, tx, bob.id, codes[0])
        secret = (await access.user(tx, alice.id)).totp_secret
    await place.send()
    await place.restore(tmp_path / "to")
    async with gone_on_with(tmp_path / "to") as restored:
        async with restored.db.write() as tx:
            assert (await access.user(tx, alice.id)).totp_secret == secret
            await second_factor.check_code(restored.services, tx, alice.id, again[0])
            assert await second_factor.codes_left(tx, alice.id) == len(again) - 1
            assert await second_factor.codes_left(tx, bob.id) == len(codes) - 1
        with pytest.raises(Invalid):
            async with restored.db.write() as tx:
                await second_factor.check_code(restored.services, tx, bob.id, codes[0])


async def _two_steps(town: Town, who: Member) -> tuple[str, ...]:
    """Switch the second step on; the recovery codes."""
    async with town.db.write() as tx:
        waiting = await second_factor.begin_totp(town.services, tx, who.id)
        code = pyotp.TOTP(waiting.secret).at(town.services.clock.now() // SECOND)
        return await second_factor.confirm_totp(town.services, tx, who.id, code)
