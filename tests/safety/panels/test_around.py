"""What goes with panels: letters, members who are gone, lists that cost the same at any length."""

from pathlib import Path

from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.safety.moderating import moderator, queue, report
from tests.safety.panels.sitting import PANEL, TEAM, seated, time, vote, waiting, with_panels

from rostra.kernel.clock import HOUR
from rostra.network.accounts.events import AccountRemoved
from rostra.network.credentials.model import Role
from rostra.outside.mail import MemoryMailer
from rostra.safety.panels import members
from rostra.store.query import number, query
from rostra.store.tables.accounts import users

_REACHED = query(
    users.update()
    .where(users.c.account_id == number("account"))
    .values(email="cleo@example.org", confirmed_at=1, locale="de")
)


def subjects(place: Place) -> list[str]:
    """What letters were about so far."""
    assert isinstance(place.app.mailer, MemoryMailer)
    for mail in place.app.mailer.sent:
        assert mail.to == "cleo@example.org"
        assert "/settings/panel\n" in mail.text
        assert "bob" not in mail.text
        assert "fool" not in mail.text
    return [mail.subject.partition(" - ")[0] for mail in place.app.mailer.sent]


async def _costs(place: Place, mia: Asker, cleo: Asker) -> list[str]:
    """Lists cost the same, whatever stands in them; what waits for a member."""
    for path, most in ((f"{TEAM}/panels", 4), (f"{TEAM}/panel_members", 6)):
        counts = []
        for limit in (1, 2):
            await mia.get(path)
            await place.settle()
            with place.app.counted() as counted:
                assert len(await mia.get(f"{path}?limit={limit}")) == limit
            counts.append(counted.statements)
        assert counts[0] == counts[1] <= most
    await cleo.get(f"{PANEL}/cases")
    await place.settle()
    with place.app.counted() as counted:
        own = [head["id"] for head in await cleo.get(f"{PANEL}/cases")]
    assert (len(own), counted.statements) == (2, 4)
    with place.app.counted() as counted:
        await cleo.get(f"{PANEL}/cases/{own[0]}")
    assert counted.statements <= 13
    return own


async def _nameless(mia: Asker, ids: list[str]) -> None:
    """The vote of somebody who is gone counts, without their name and words."""
    (agreed,) = [
        each
        for each in [await mia.get(f"{TEAM}/panels/{each}") for each in ids]
        if each["state"] == "agreed"
    ]
    assert (agreed["votes"], agreed["reasons"]) == ({"remove": 3}, [])
    assert sorted(each["account_id"] is None for each in agreed["members"]) == [
        False,
        False,
        True,
    ]


async def test_letters_come_once_and_those_who_go_leave_a_vote(
    data_dir: Path, database_url: str
) -> None:
    few = {"ROSTRA_PANELS__SEATS": "3"}
    async with with_panels(data_dir, database_url, **few) as place:
        mia = await staff(place, "mia", Role.ADMIN)
        cleo, ann, bob = await place.members("cleo", "ann", "bob")
        async with place.db.write() as tx:
            await tx.run(_REACHED, account=cleo.account_id)
            await members.invite(place.services, tx, moderator(), cleo.account_id)
        await place.app.work()
        assert subjects(place) == ["M\u00f6chtest du in Jurys mitentscheiden?"]
        await cleo.ask("PUT", PANEL, json={"daily_limit": 5})
        others = await seated(place, "dan", "eve", daily_limit=5)
        cases = []
        for text in ("You fool", "You fools"):
            post = await bob.post(text)
            await report(ann, bob, post["id"], harm="harassment")
            cases = [str(each.id) for each in await queue(place)]
        first, second = [(await mia.do(f"{TEAM}/panels", case_id=each))["id"] for each in cases]
        await place.app.work()
        await place.app.work()
        asks = subjects(place)[1:]
        assert asks == ["Ein Fall wartet auf deine Stimme"] * 2
        own = await _costs(place, mia, cleo)
        # Whoever is deleted leaves a vote without a name; what waited for them moves on.
        await vote(cleo, own[0], "remove", reason="As Cleo says")
        async with place.db.write() as tx:
            await tx.emit(AccountRemoved(cleo.account_id))
        await time(place, HOUR)
        states = {}
        for each in (first, second):
            states[each] = await mia.get(f"{TEAM}/panels/{each}")
        assert sorted(each["state"] for each in states.values()) == ["running", "split"]
        for who, seat_id in await waiting(others):
            await vote(who, seat_id, "remove")
        await _nameless(mia, list(states))
