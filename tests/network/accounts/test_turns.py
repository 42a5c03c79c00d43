"""Two who change one account at once take turns: the second goes by what the first has left."""

from collections.abc import Awaitable, Callable

import pytest
from tests.harness.crowd import Town, good
from tests.harness.limits import said
from tests.harness.turns import in_turn
from tests.pictures import photo

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict
from rostra.network.accounts import access, admission, leaving
from rostra.network.accounts.model import AccountState
from rostra.network.accounts.pictures import Picture
from rostra.network.accounts.profile import ProfileChanges, update_profile
from rostra.network.accounts.restrict import AccountLimits, restrict_accounts
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.screening import UNSEEN
from rostra.store.database import Transaction

URL = "/api/v1/accounts/update_credentials"


async def test_what_a_decision_blanks_does_not_come_back_by_an_edit_that_had_begun(
    town: Town,
) -> None:
    ann = await town.member("ann")
    good(await ann.client.patch(URL, data={"note": "needlenote"}))

    async def blank(tx: Transaction) -> None:
        wanted = {ann.id: AccountLimits(fields=("note",))}
        await restrict_accounts(town.services, tx, [ann.id], said(wanted))

    good(await in_turn(town.db, blank, ann.client.patch(URL, data={"display_name": "Ann"})))
    shown = good(await town.anybody.get(f"/api/v1/accounts/{ann.id}"))
    assert (shown["display_name"], shown["note"]) == ("Ann", "")


async def test_of_two_edits_at_once_none_is_lost(town: Town) -> None:
    """What the second does not change is what the first has left: no picture that is deleted."""
    ann = await town.member("ann")
    picture = ("a.jpg", photo(400, 400).jpegsave_buffer(), "image/jpeg")
    good(await ann.client.patch(URL, files={"avatar": picture}))

    async def without_avatar(tx: Transaction) -> None:
        changes = ProfileChanges(avatar=Picture())
        await update_profile(town.services, tx, ann.id, changes, UNSEEN)

    later = ann.client.patch(URL, data={"display_name": "Ann"})
    shown = good(await in_turn(town.db, without_avatar, later))
    assert shown["display_name"] == "Ann"
    assert "static" in shown["avatar"]


async def test_who_was_told_that_they_stay_is_not_deleted(town: Town) -> None:
    await town.member("boss", role=3)
    ann = await town.member("ann")
    async with town.db.write() as tx:
        await leaving.hide_and_leave(town.services, tx, ann.id)
    town.rostra.clock.advance(15 * DAY)

    async def stay(tx: Transaction) -> None:
        await leaving.stay(tx, ann.id)

    async def leave() -> None:
        async with town.db.write() as tx:
            await leaving.leave(town.services, tx, leaving.Leave(ann.id))

    await in_turn(town.db, stay, leave())
    assert good(await ann.client.get("/api/v1/accounts/verify_credentials"))["acct"] == "ann"


@pytest.mark.parametrize("first", ["approve", "confirm"])
async def test_who_is_approved_and_confirms_at_once_is_let_in(town: Town, first: str) -> None:
    services, address = town.services, "ann@members.example"
    seat = Seat(username="ann", email=address, password_hash="", approved=False, confirmed=False)
    async with town.db.write() as tx:
        ann = await seat_member(services, tx, seat)

    async def approve(tx: Transaction) -> None:
        await admission.approve(services, tx, ann)

    async def confirm(tx: Transaction) -> None:
        await admission.confirm_address(services, tx, ann, address)

    async def alone(verb: Callable[[Transaction], Awaitable[None]]) -> None:
        async with town.db.write() as tx:
            await verb(tx)

    one, other = (approve, confirm) if first == "approve" else (confirm, approve)
    await in_turn(town.db, one, alone(other))
    async with town.db.read() as reader:
        account = await access.any_by_id(reader, ann)
    assert account is not None
    assert account.state == AccountState.ACTIVE


@pytest.mark.parametrize("how", ["role", "leaving"])
async def test_of_the_last_two_owners_one_stays(town: Town, how: str) -> None:
    """Also where they do not go at once, but one after the other within the days to think."""
    ann, bob = await town.member("ann", role=3), await town.member("bob", role=3)

    async def goes(tx: Transaction, account_id: int) -> None:
        if how == "role":
            await admission.set_role(tx, account_id, 0)
        else:
            await leaving.hide_and_leave(town.services, tx, account_id)

    async def first(tx: Transaction) -> None:
        await goes(tx, ann.id)

    async def second() -> None:
        async with town.db.write() as tx:
            await goes(tx, bob.id)

    with pytest.raises(Conflict, match="last owner"):
        await in_turn(town.db, first, second())
    with pytest.raises(Conflict, match="last owner"):
        await second()
