"""Panels from the invitation to the decision: who is asked, what they see, what their votes do."""

from pathlib import Path
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.safety.moderating import moderator, queue, report, undo
from tests.safety.panels.sitting import (
    PANEL,
    TEAM,
    by_itself,
    seated,
    time,
    vote,
    waiting,
    with_panels,
)

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import Forbidden
from rostra.network.credentials.model import Role
from rostra.safety.appeals.answer import answer
from rostra.safety.appeals.file import appeal
from rostra.safety.statements import access as statements_access
from rostra.safety.team.model import Actor

NAMES = ("cleo", "dan", "eve", "fay", "gus", "hal", "ivy")


async def opened(place: Place, text: str = "You fool", **more: Any) -> tuple[Asker, Asker, str]:
    """A post of bob that ann has reported: both, and the case."""
    ann, bob = await place.members("ann", "bob")
    if more.get("visibility") == "private":
        await ann.relate("follow", bob)
    post = await bob.post(text, **more)
    await report(ann, bob, post["id"], harm="harassment")
    (case,) = await queue(place)
    return ann, bob, str(case.id)


async def _compared(  # noqa: PLR0917 (who is asked, and about whom)
    place: Place, mia: Asker, ada: Asker, decision: Any, first: Asker, other: Asker
) -> None:
    """How votes agree with what was decided, and that it was taken back."""
    summary = await ada.get(f"{TEAM}/panel_summary")
    assert summary["agreement"] == {"compared": 1, "same": 1, "near": 0, "share": 1.0}
    members = {each["account_id"]: each for each in await ada.get(f"{TEAM}/panel_members")}
    assert members[str(first.account_id)]["agreement"]["same"] == 0
    assert members[str(other.account_id)]["agreement"]["same"] == 1
    assert members[str(first.account_id)]["asked"] == {"voted": 1}
    assert all(each["agreement"] is None for each in await mia.get(f"{TEAM}/panel_members"))
    await mia.get(f"{TEAM}/panel_summary", 403)
    # What was taken back had nothing wrong with it.
    await undo(place, int(decision["id"]))
    summary = await ada.get(f"{TEAM}/panel_summary")
    assert summary["agreement"]["same"] == 0


async def _agreed(mia: Asker, ada: Asker, panel_id: str) -> None:
    """What is told of a panel that is over: the votes to the team, who they were to admins."""
    details = await ada.get(f"{TEAM}/panels/{panel_id}")
    assert (details["state"], details["outcome"]) == ("agreed", "sensitive")
    assert details["votes"] == {"none": 1, "sensitive": 4}
    assert details["reasons"] == ["It is banter."]
    assert {each["vote"] for each in details["members"]} == {"none", "sensitive"}
    plain = await mia.get(f"{TEAM}/panels/{panel_id}")
    assert (plain["members"], plain["seed"]) == ([], None)


async def test_a_panel_proposes_and_the_team_decides(data_dir: Path, database_url: str) -> None:
    async with with_panels(data_dir, database_url) as place:
        mia, ada = await staff(place, "mia"), await staff(place, "ada", Role.ADMIN)
        sitting = await seated(place, *NAMES)
        ann, bob, case_id = await opened(place)
        # Who has to do with it, or with its author, is never asked.
        await bob.relate("follow", sitting[0])
        await sitting[1].relate("block", bob)
        panel = await mia.do(f"{TEAM}/panels", case_id=case_id)
        assert (panel["state"], panel["seats"], panel["votes_needed"]) == ("running", 5, 4)
        asked = await waiting(sitting)
        assert {who.username for who, _ in asked} == set(NAMES[2:])
        await mia.do(f"{TEAM}/panels", 409, case_id=case_id)
        # It waits for its panel: nobody is given it, but all see where it is.
        await mia.do(f"{TEAM}/queue/next", 404)
        await mia.do(f"{TEAM}/cases/{case_id}/claim", 409)
        shown = await mia.get(f"{TEAM}/queue")
        assert shown[0]["panel_id"] == panel["id"]
        assert shown[0]["looked_at"]
        (first, seat), *others = asked
        await first.get(f"{PANEL}/cases/{others[0][1]}", 404)
        await first.do(f"{PANEL}/cases/{seat}/vote", 422, choice="suspend")
        await first.do(f"{PANEL}/cases/{seat}/vote", 422, choice="none", reason="x" * 1001)
        await vote(first, seat, "none", reason="It is banter.")
        await first.do(f"{PANEL}/cases/{seat}/vote", 404, choice="remove")
        running = await mia.get(f"{TEAM}/panels/{panel['id']}")
        assert (running["answered"], running["votes"], running["reasons"]) == (1, None, [])
        (own,) = await first.get(f"{PANEL}/votes")
        assert (own["choice"], own["panel_state"], own["outcome"]) == ("none", "running", None)
        for who, each in others:
            await vote(who, each, "sensitive")
        await _agreed(mia, ada, panel["id"])
        # Nothing is done until somebody of the team does it.
        status = await place.nobody.get(f"/api/v1/statuses/{shown[0]['subject_id']}")
        assert status["sensitive"] is False
        taken = await mia.do(f"{TEAM}/queue/next")
        assert (taken["id"], taken["panel_id"], taken["advice_id"]) == (case_id, None, panel["id"])
        decision = await mia.do(
            f"{TEAM}/decisions",
            case_ids=[case_id],
            actions=[{"action": "sensitive"}],
            category="harassment",
            facts="An insult.",
        )
        assert decision["panel_id"] == panel["id"]
        await _compared(place, mia, ada, decision, first, others[0][0])
        (own,) = await first.get(f"{PANEL}/votes")
        assert (own["panel_state"], own["outcome"]) == ("agreed", "sensitive")
        await ann.get(PANEL, 404)


async def test_a_panel_decides_what_it_may(data_dir: Path, database_url: str) -> None:
    settings = {
        "ROSTRA_PANELS__SEATS": "3",
        "ROSTRA_PANELS__VOTES": "2",
        "ROSTRA_PANELS__DECIDES": "sensitive",
        "ROSTRA_PANELS__AUTOMATIC": "harassment",
    }
    async with with_panels(data_dir, database_url, **settings) as place:
        sitting = await seated(place, *NAMES[:3])
        _, bob, case_id = await opened(place, "You fool", visibility="private")
        await by_itself(place)
        assert await waiting(sitting) == []  # only what everybody may see
        post = await bob.post("You liar")
        eve = await place.member("vera")
        await report(eve, bob, post["id"], harm="harassment")
        await by_itself(place)
        (_, seat), (second, two), _ = asked = await waiting(sitting)
        await vote(asked[0][0], seat, "sensitive")
        await vote(second, two, "sensitive")
        assert (await place.nobody.get(f"/api/v1/statuses/{post['id']}"))["sensitive"] is True
        assert [str(case.id) for case in await queue(place)] == [case_id]
        await place.app.work()
        notes = await bob.get("/api/v1/notifications", params={"types[]": "moderation_warning"})
        assert "2 of 2 found" in notes[0]["moderation_warning"]["text"]
        mia = await staff(place, "mia")
        decision = (await mia.get(f"{TEAM}/decisions"))[0]
        assert (decision["actor_id"], decision["automated_decision"]) == (None, False)
        assert decision["panel_id"]
        details = await mia.get(f"{TEAM}/panels/{decision['panel_id']}")
        assert (details["votes"], details["opened_by"]) == ({"sensitive": 2}, None)
        assert await waiting(sitting) == []
        # An appeal is for the team, and for nobody who sat, whoever they are by then.
        statement = notes[0]["moderation_warning"]["id"]
        async with place.db.write() as tx:
            found = await statements_access.one(tx, bob.account_id, int(statement))
            appealed = await appeal(place.services, tx, found, "It was a quote.")
            once = Actor(second.account_id, Role.MODERATOR)
            given: dict[str, Any] = {"uphold": True, "reasons": "It was."}
            with pytest.raises(Forbidden):
                await answer(place.services, tx, once, appealed.id, **given)
            await answer(place.services, tx, moderator(), appealed.id, **given)
        assert (await place.nobody.get(f"/api/v1/statuses/{post['id']}"))["sensitive"] is False


async def test_it_moves_on_by_itself_and_comes_back(data_dir: Path, database_url: str) -> None:
    few = {"ROSTRA_PANELS__SEATS": "3", "ROSTRA_PANELS__VOTES": "2"}
    async with with_panels(data_dir, database_url, **few) as place:
        mia = await staff(place, "mia")
        sitting = await seated(place, *NAMES[:5], daily_limit=1)
        _, bob, case_id = await opened(place)
        panel = await mia.do(f"{TEAM}/panels", case_id=case_id)
        asked = await waiting(sitting)
        assert len(asked) == 3
        # "Not for me" goes to somebody else at once, no answer after a while.
        await asked[0][0].do(f"{PANEL}/cases/{asked[0][1]}/pass")
        await vote(*asked[1], "remove")
        again = await waiting(sitting)
        assert len(again) == 2
        late = next(each for each in again if each in asked)
        await time(place, 6 * HOUR)
        await late[0].do(f"{PANEL}/cases/{late[1]}/vote", 404, choice="remove")
        now = await waiting(sitting)
        assert len(now) == 1
        assert now[0][0] not in {who for who, _ in asked}
        # Nobody is left who was not asked today: it can't come to an outcome any more.
        await now[0][0].ask("DELETE", PANEL)
        details = await mia.get(f"{TEAM}/panels/{panel['id']}")
        assert (details["state"], details["votes"]) == ("split", {"remove": 1})
        (case,) = await queue(place)
        assert (case.status.panel_id, case.status.advice_id) == (0, 0)
        await mia.do(f"{TEAM}/panels", 409, case_id=case_id)  # too few
        # Before its deadline it is back, whatever was answered; whoever wants it back gets it.
        place.clock.advance(DAY)
        more = await seated(place, "kim", "lea", "max", daily_limit=2)
        carla = await place.member("carla")
        other = await bob.post("You liar")
        await report(carla, bob, other["id"], harm="harassment")
        (due,) = [each for each in await queue(place) if str(each.id) != case_id]
        await mia.do(f"{TEAM}/panels", 409, case_id=case_id)  # due too soon
        second = await mia.do(f"{TEAM}/panels", case_id=str(due.id))
        assert second["ends_at"] < (await mia.get(f"{TEAM}/cases/{due.id}"))["case"]["deadline_at"]
        await time(place, 20 * HOUR)
        assert (await mia.get(f"{TEAM}/panels/{second['id']}"))["state"] == "late"
        assert await waiting(more) == []


async def test_the_team_and_what_happens_end_it(data_dir: Path, database_url: str) -> None:
    async with with_panels(data_dir, database_url, ROSTRA_PANELS__SEATS="3") as place:
        mia = await staff(place, "mia")
        sitting = await seated(place, *NAMES[:4], daily_limit=20, languages=["en"])
        ann, bob, _ = await opened(place, language="en")
        cases = [str(case.id) for case in await queue(place)]
        posts = []
        for text in ("You liar", "You ass", "You rat", "You oaf"):
            posts.append((await bob.post(text, language="en"))["id"])
            await report(ann, bob, posts[-1], harm="harassment")
        cases = sorted(str(case.id) for case in await queue(place))
        ids = [(await mia.do(f"{TEAM}/panels", case_id=each))["id"] for each in cases]
        german = await bob.post("Du Depp", language="de")
        await report(ann, bob, german["id"], harm="harassment")
        (last,) = {str(case.id) for case in await queue(place)} - set(cases)
        await mia.do(f"{TEAM}/panels", 409, case_id=last)  # nobody reads German
        await report(ann, bob, german["id"], harm="threat_to_life")
        await mia.do(f"{TEAM}/panels", 422, case_id=last)  # too urgent

        async def state(number: int) -> str:
            return str((await mia.get(f"{TEAM}/panels/{ids[number]}"))["state"])

        back = await mia.do(f"{TEAM}/panels/{ids[0]}/take_back")
        assert (back["panel_id"], await state(0)) == (None, "taken_back")
        await mia.do(f"{TEAM}/panels/{ids[0]}/take_back", 409)
        await mia.do(f"{TEAM}/cases/{cases[0]}/claim")
        await bob.edit(posts[0], "You dear")
        assert await state(1) == "overtaken"
        carla = await place.member("carla")
        await report(carla, bob, posts[1], harm="violence_incitement")
        assert await state(2) == "overtaken"
        await bob.delete(posts[2])
        assert await state(3) == "overtaken"
        await mia.do(
            f"{TEAM}/decisions", case_ids=[cases[4]], actions=[{"action": "none"}], category="other"
        )
        assert await state(4) == "overtaken"
        assert await waiting(sitting) == []
        await mia.do(f"{TEAM}/panels/{ids[4]}/take_back", 409)
        listed = await mia.get(f"{TEAM}/panels", params={"state": "overtaken"})
        assert [each["id"] for each in listed] == sorted(ids[1:], key=int, reverse=True)
        await mia.get(f"{TEAM}/panels", 422, params={"state": "odd"})


async def test_who_sits_says_how_often_and_leaves(data_dir: Path, database_url: str) -> None:
    async with with_panels(data_dir, database_url) as place:
        mia = await staff(place, "mia")
        cleo, dan = await place.members("cleo", "dan")
        path = f"{TEAM}/panel_members/{cleo.account_id}"
        await dan.ask("PUT", path, 403)
        await cleo.ask("PUT", PANEL, 404, json={})
        await mia.ask("PUT", f"{TEAM}/panel_members/{mia.account_id}", 422)
        assert (await mia.ask("PUT", path))["state"] == "invited"
        await mia.ask("PUT", path, 409)
        assert (await cleo.get(PANEL))["state"] == "invited"
        for wrong in ({"daily_limit": 0}, {"daily_limit": 21}, {"languages": ["klingon!"]}):
            await cleo.ask("PUT", PANEL, 422, json=wrong)
        sits = await cleo.ask("PUT", PANEL, json={"daily_limit": 2, "languages": ["EN", "de"]})
        assert (sits["state"], sits["languages"]) == ("sits", ["en", "de"])
        assert await cleo.get(f"{PANEL}/cases") == []
        await cleo.ask("DELETE", PANEL)
        assert (await cleo.get(PANEL))["state"] == "gone"
        await cleo.ask("PUT", PANEL, 404, json={})
        await mia.ask("PUT", path)
        await cleo.ask("PUT", PANEL, json={})
        await mia.ask("DELETE", path)
        await cleo.get(PANEL, 404)
        assert await mia.get(f"{TEAM}/panel_members") == []
