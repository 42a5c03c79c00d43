"""Mastodon's API for the team: accounts and reports."""

import pytest
from tests.harness.crowd import ids_of
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff

from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials.model import Role

ACCOUNTS = "/api/v1/admin/accounts"
REPORTS = "/api/v1/admin/reports"


async def reported(by: Asker, about: Asker) -> tuple[str, str]:
    """A report of a post; the ids of both."""
    post = await about.post("look at me")
    made = await by.do(
        "/api/v1/reports",
        account_id=str(about.account_id),
        status_ids=[post["id"]],
        comment="Look",
        category="spam",
    )
    return made["id"], post["id"]


async def names(mo: Asker, query: str, *, path: str = ACCOUNTS) -> list[str]:
    """The names of those who are listed."""
    return [each["username"] for each in await mo.get(f"{path}?{query}")]


async def test_an_account_as_the_team_sees_it(place: Place) -> None:
    mo, ann = await staff(place, "mo"), await place.member("ann")
    found = await mo.get(f"{ACCOUNTS}/{ann.account_id}")
    assert found["username"] == "ann"
    assert found["account"]["acct"] == "ann"
    assert found["approved"]
    assert found["confirmed"]
    assert not any(found[name] for name in ("disabled", "silenced", "suspended", "sensitized"))
    await mo.get(f"{ACCOUNTS}/{ann.account_id + 1}", 404)


async def test_accounts_are_listed_by_what_is_asked_for(place: Place) -> None:
    mo = await staff(place, "mo")
    await place.members("ann", "anna", "bob")
    assert await names(mo, "") == ["bob", "anna", "ann", "mo"]
    assert await names(mo, "username=ann") == ["anna", "ann"]
    assert await names(mo, "staff=true") == ["mo"]
    assert await names(mo, "remote=true") == []
    assert await names(mo, "username=an_") == []
    v2 = "/api/v2/admin/accounts"
    assert await names(mo, "permissions=staff", path=v2) == ["mo"]
    assert await names(mo, "origin=remote", path=v2) == []
    assert await names(mo, "status=nonsense", path=v2) == []
    assert await names(mo, "status=active&limit=2", path=v2) == ["bob", "anna"]
    last = (await mo.get(f"{v2}?limit=2"))[-1]
    assert await names(mo, f"max_id={last['id']}", path=v2) == ["ann", "mo"]
    assert await names(mo, f"min_id={last['id']}&limit=1", path=v2) == ["bob"]


async def test_a_list_costs_the_same_however_long(place: Place) -> None:
    mo = await staff(place, "mo")
    await place.members(*(f"member{at}" for at in range(8)))
    counts = []
    for limit in (2, 8):
        await mo.get(f"{ACCOUNTS}?limit={limit}")
        await place.settle()
        with place.app.counted() as counted:
            await mo.get(f"{ACCOUNTS}?limit={limit}")
        counts.append(counted.statements)
    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize(
    ("kind", "flag", "back", "status"),
    [
        ("sensitive", "sensitized", "unsensitive", "sensitized"),
        ("disable", "disabled", "enable", "disabled"),
        ("silence", "silenced", "unsilence", "silenced"),
        ("suspend", "suspended", "unsuspend", "suspended"),
    ],
)
async def test_an_account_is_restricted_and_let_go(
    place: Place, kind: str, flag: str, back: str, status: str
) -> None:
    mo, ann = await staff(place, "mo"), await place.member("ann")
    path = f"{ACCOUNTS}/{ann.account_id}"
    assert await mo.do(f"{path}/action", type=kind, text="Enough") == {}
    assert (await mo.get(path))[flag]
    assert await names(mo, f"status={status}", path="/api/v2/admin/accounts") == ["ann"]
    assert await names(mo, f"{status}=true") == ["ann"]
    freed = await mo.do(f"{path}/{back}")
    assert not freed[flag]
    assert await names(mo, f"{status}=true") == []
    assert (await mo.do(f"{path}/{back}"))["id"] == str(ann.account_id)  # nothing is left to lift


async def test_what_is_lifted_leaves_the_rest(place: Place) -> None:
    mo, ann = await staff(place, "mo"), await place.member("ann")
    path = f"{ACCOUNTS}/{ann.account_id}"
    for kind in ("silence", "sensitive", "silence"):
        await mo.do(f"{path}/action", type=kind)
    freed = await mo.do(f"{path}/unsilence")
    assert (freed["silenced"], freed["sensitized"]) == (False, True)


async def test_a_warning_restricts_nothing(place: Place) -> None:
    mo, ann = await staff(place, "mo"), await place.member("ann")
    before = await mo.get(f"{ACCOUNTS}/{ann.account_id}")
    await mo.do(f"{ACCOUNTS}/{ann.account_id}/action", type="none", text="Careful")
    assert await mo.get(f"{ACCOUNTS}/{ann.account_id}") == before


async def test_nobody_restricts_those_above_them(place: Place) -> None:
    mo, pat = await staff(place, "mo"), await staff(place, "pat")
    boss = await staff(place, "boss", Role.ADMIN)
    owner = await staff(place, "owner", Role.OWNER)
    for who, whom in ((mo, pat), (mo, boss), (mo, mo), (boss, owner), (owner, owner)):
        await who.do(f"{ACCOUNTS}/{whom.account_id}/action", 403, type="suspend")
    await mo.do(f"{ACCOUNTS}/{pat.account_id}/action", 422, type="nonsense")
    await boss.do(f"{ACCOUNTS}/{mo.account_id}/action", type="disable")
    assert (await boss.get(f"{ACCOUNTS}/{mo.account_id}"))["disabled"]


async def test_only_who_is_suspended_can_be_deleted(place: Place) -> None:
    mo, ann = await staff(place, "mo"), await place.member("ann")
    path = f"{ACCOUNTS}/{ann.account_id}"
    await mo.ask("DELETE", path, 403)
    await mo.do(f"{path}/action", type="suspend")
    assert (await mo.ask("DELETE", path))["suspended"]
    assert not (await mo.do(f"{path}/unsuspend"))["suspended"]
    await place.nobody.get(f"/api/v1/accounts/{ann.account_id}")


@pytest.mark.postgresql
async def test_reports_are_listed_and_resolved(place: Place) -> None:
    mo = await staff(place, "mo")
    ann, bob = await place.members("ann", "bob")
    report_id, post_id = await reported(ann, bob)
    (found,) = await mo.get(REPORTS)
    assert found["id"] == report_id
    assert found["comment"] == "Look"
    assert found["account"]["username"] == "ann"
    assert found["target_account"]["account"]["acct"] == "bob"
    assert ids_of(found["statuses"]) == [post_id]
    assert found["assigned_account"] is None
    assert await mo.get(f"{REPORTS}/{report_id}") == found
    mine = await mo.do(f"{REPORTS}/{report_id}/assign_to_self")
    assert mine["assigned_account"]["username"] == "mo"
    assert (await mo.do(f"{REPORTS}/{report_id}/unassign"))["assigned_account"] is None
    changed = await mo.ask("PUT", f"{REPORTS}/{report_id}", json={"category": "legal"})
    assert changed["category"] == "legal"
    await mo.ask("PUT", f"{REPORTS}/{report_id}", 422, json={"category": "nonsense"})
    done = await mo.do(f"{REPORTS}/{report_id}/resolve")
    assert done["action_taken"]
    assert done["action_taken_by_account"]["username"] == "mo"
    assert await mo.get(REPORTS) == []
    assert ids_of(await mo.get(f"{REPORTS}?resolved=true")) == [report_id]
    again = await mo.do(f"{REPORTS}/{report_id}/reopen")
    assert not again["action_taken"]
    assert len(await mo.get("/api/rostra/v1/safety/queue")) == 1
    await mo.get(f"{REPORTS}/{int(report_id) + 1}", 404)


@pytest.mark.postgresql
async def test_reports_by_whom_and_about_whom(place: Place) -> None:
    mo = await staff(place, "mo")
    ann, bob, cem = await place.members("ann", "bob", "cem")
    first, _ = await reported(ann, bob)
    second, _ = await reported(bob, cem)
    third, _ = await reported(ann, cem)
    assert ids_of(await mo.get(f"{REPORTS}?account_id={ann.account_id}")) == [third, first]
    assert ids_of(await mo.get(f"{REPORTS}?target_account_id={cem.account_id}")) == [third, second]
    both = f"account_id={ann.account_id}&target_account_id={cem.account_id}"
    assert ids_of(await mo.get(f"{REPORTS}?{both}")) == [third]
    assert ids_of(await mo.get(f"{REPORTS}?limit=1")) == [third]
    assert ids_of(await mo.get(f"{REPORTS}?max_id={third}")) == [second, first]
    assert ids_of(await mo.get(f"{REPORTS}?min_id={first}&limit=1")) == [second]


async def test_a_page_of_reports_costs_the_same_however_long(place: Place) -> None:
    mo = await staff(place, "mo")
    ann, bob = await place.members("ann", "bob")
    for _ in range(6):
        await reported(ann, bob)
    counts = []
    for limit in (2, 6):
        await mo.get(f"{REPORTS}?limit={limit}")
        await place.settle()
        with place.app.counted() as counted:
            await mo.get(f"{REPORTS}?limit={limit}")
        counts.append(counted.statements)
    assert counts[0] == counts[1] <= 9


async def test_an_action_because_of_a_report_decides_it(place: Place) -> None:
    mo = await staff(place, "mo")
    ann, bob = await place.members("ann", "bob")
    report_id, _ = await reported(ann, bob)
    path = f"{ACCOUNTS}/{bob.account_id}/action"
    await mo.do(f"{ACCOUNTS}/{ann.account_id}/action", 422, type="suspend", report_id=report_id)
    await mo.do(path, type="suspend", report_id=report_id, text="Spam all day")
    found = await mo.get(f"{REPORTS}/{report_id}")
    assert found["action_taken"]
    assert found["target_account"]["suspended"]
    assert await mo.get("/api/rostra/v1/safety/queue") == []
    (made,) = await mo.get("/api/rostra/v1/safety/decisions")
    assert made["facts"] == "Spam all day"
    assert made["category"] == "spam"


async def test_who_waits_is_let_in_or_turned_away(place: Place) -> None:
    mo = await staff(place, "mo")
    waiting: list[int] = []
    for name in ("ann", "bob"):
        place.clock.advance(1)
        seat = Seat(username=name, email="", password_hash="", approved=False)
        async with place.db.write() as tx:
            waiting.append(await seat_member(place.services, tx, seat))
    pending = "/api/v2/admin/accounts?status=pending"
    assert [each["username"] for each in await mo.get(pending)] == ["bob", "ann"]
    first, second = (f"{ACCOUNTS}/{account_id}" for account_id in waiting)
    assert (await mo.do(f"{first}/approve"))["approved"]
    assert (await mo.do(f"{second}/reject"))["username"] == "bob"
    assert await mo.get(pending) == []
    await place.nobody.get(f"/api/v1/accounts/{waiting[0]}")
    await mo.get(second, 404)
    await mo.do(f"{first}/reject", 409)
