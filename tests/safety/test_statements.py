"""What members are told of decisions: in the app, by stream and push, by mail, and by link."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.safety.moderating import decide, queue, report, ruling, undo

from rostra.kernel.clock import DAY
from rostra.kernel.paging import Page
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.events import AccountRemoved
from rostra.network.accounts.profile import PreferenceChanges, update_preferences
from rostra.outside.mail import Mail, MemoryMailer
from rostra.safety.cases.model import Case
from rostra.safety.decisions.model import Action, ActionKind, Decision, Ground
from rostra.safety.statements import access, letters, outcomes, words
from rostra.store.query import number, query
from rostra.store.tables.accounts import users

LISTS = "/api/v1/notifications"
GROUPS = "/api/v2/notifications"
_REACHED = query(
    users.update()
    .where(users.c.account_id == number("account"))
    .values(email="bob@example.org", confirmed_at=1, locale="de")
)


async def reported(place: Place, *texts: str) -> tuple[Asker, Asker, list[Case]]:
    """Posts of bob that ann reports; their cases."""
    ann, bob = await place.members("ann", "bob")
    for text in texts:
        post = await bob.post(text)
        await report(ann, bob, post["id"])
    return ann, bob, await queue(place)


async def with_address(place: Place, account_id: int) -> None:
    """Give a member an address that they have confirmed, and German."""
    async with place.db.write() as tx:
        await tx.run(_REACHED, account=account_id)


def letters_of(place: Place) -> list[Mail]:
    """What was sent so far."""
    assert isinstance(place.app.mailer, MemoryMailer)
    return [mail for mail in place.app.mailer.sent if mail.to == "bob@example.org"]


async def told(asker: Asker, path: str = LISTS) -> list[dict[str, Any]]:
    """The warnings among somebody's notifications."""
    found: list[dict[str, Any]] = await asker.get(path, params={"types[]": "moderation_warning"})
    return found


async def test_the_member_is_told_in_the_app(place: Place) -> None:
    ann, bob, (case,) = await reported(place, "You fool")
    await decide(place, [case.id], ruling(ActionKind.REMOVE, words="Be kinder."))
    [note] = await told(bob)
    warning = note["moderation_warning"]
    assert note["account"]["id"] == str(bob.account_id)
    assert warning["action"] == "delete_statuses"
    assert warning["status_ids"] == [str(case.subject_id)]
    assert warning["text"] == "Be kinder.\n\nIt insults somebody by name."
    assert warning["appeal"] is None
    assert warning["target_account"]["acct"] == "bob"
    assert (await bob.get(f"{LISTS}/{note['id']}"))["moderation_warning"] == warning
    groups = await bob.get(GROUPS)
    [group] = groups["notification_groups"]
    assert group["moderation_warning"] == warning
    assert group["type"] == "moderation_warning"
    assert "status_id" not in group
    assert (await bob.get(f"{LISTS}/unread_count"))["count"] == 1
    assert (await bob.get(f"{GROUPS}/unread_count"))["count"] == 1
    assert await told(ann) == []
    await ann.get(f"{LISTS}/{note['id']}", 404)


async def test_several_are_told_each(place: Place) -> None:
    _, bob, cases = await reported(place, "one", "two")
    for case in cases:
        await decide(place, [case.id], ruling(ActionKind.SENSITIVE))
    assert len(await told(bob)) == 2
    await bob.do(f"{LISTS}/clear")
    assert await told(bob) == []
    async with place.db.read() as reader:
        page = await access.page(reader, bob.account_id, _first())
    assert len(page.items) == 2


def _first() -> Page:
    return Page.of(20, default=20, cap=20)


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        (ActionKind.WARN, "none"),
        (ActionKind.SENSITIVE, "mark_statuses_as_sensitive"),
        (ActionKind.HOLD, "delete_statuses"),
        (ActionKind.REACH, "none"),
    ],
)
async def test_actions_have_mastodons_names(place: Place, kind: ActionKind, action: str) -> None:
    _, bob, (case,) = await reported(place, "one")
    await decide(place, [case.id], ruling(kind))
    [note] = await told(bob)
    assert note["moderation_warning"]["action"] == action


async def test_nothing_was_found_and_nobody_is_told(place: Place) -> None:
    _, bob, (case,) = await reported(place, "one")
    await with_address(place, bob.account_id)
    await decide(place, [case.id], ruling(ActionKind.NONE, ground=Ground.NONE, facts=""))
    await place.app.work()
    assert await told(bob) == []
    assert letters_of(place) == []
    async with place.db.read() as reader:
        assert (await access.page(reader, bob.account_id, _first())).items == []


async def test_no_policy_keeps_it_away(place: Place) -> None:
    _, bob, (case,) = await reported(place, "one")
    policy = dict.fromkeys(("for_not_following", "for_not_followers", "for_new_accounts"), "drop")
    await bob.ask("PATCH", f"{GROUPS}/policy", json=policy)
    await decide(place, [case.id], ruling(ActionKind.WARN))
    assert len(await told(bob)) == 1


async def test_a_page_with_warnings_costs_the_same_for_one_and_many(place: Place) -> None:
    _, bob, cases = await reported(place, *map(str, range(6)))
    await decide(place, [cases[0].id], ruling(ActionKind.WARN))
    await place.settle()
    await told(bob)
    with place.app.counted() as one:
        await told(bob)
    for case in cases[1:]:
        await decide(place, [case.id], ruling(ActionKind.WARN))
    await place.settle()
    with place.app.counted() as many:
        assert len(await told(bob)) == 6
    assert many.statements == one.statements


async def test_the_letter_says_what_the_law_asks_for(place: Place) -> None:
    _, bob, (case,) = await reported(place, "You fool")
    await with_address(place, bob.account_id)
    until = place.clock.now() + 3 * DAY
    what = ruling(
        ActionKind.NONE,
        actions=(Action(kind=ActionKind.HOLD, ends_at=until),),
        ground=Ground.LAW,
        legal_ground="Criminal code, 185",
        strikes=2,
    )
    await decide(place, [case.id], what)
    await place.app.work()
    [mail] = letters_of(place)
    assert mail.language == "de"
    for said in (
        "Niemand außer dir sieht es.",
        words.day(until),
        "Beiträge von dir: 1",
        "Criminal code, 185",
        "It insults somebody by name.",
        "Es wurde uns gemeldet.",
        "Keine Maschine hat es gefunden.",
        "Menschen haben es entschieden.",
        "Beschwerde",
        "zählt 2",
        "/settings/moderation/",
    ):
        assert said in mail.text, said
    assert "ann" not in mail.text.split()
    await place.app.work()
    assert len(letters_of(place)) == 1


async def test_a_second_try_sends_nothing_twice(place: Place) -> None:
    _, bob, (case,) = await reported(place, "one")
    await with_address(place, bob.account_id)
    await decide(place, [case.id], ruling(ActionKind.WARN))
    [note] = await told(bob)
    job = letters.Send((int(note["id"]),))
    await letters.send(place.services, job)
    await letters.send(place.services, job)
    await place.app.work()
    assert len(letters_of(place)) == 1


async def test_no_letter_to_an_address_that_nobody_confirmed(place: Place) -> None:
    _, bob, (case,) = await reported(place, "one")
    async with place.db.write() as tx:
        await tx.run(_REACHED, account=bob.account_id)
        user = await accounts_access.user(tx, bob.account_id)
        assert user.email
        unconfirmed = users.update().where(users.c.account_id == number("account"))
        await tx.run(query(unconfirmed.values(confirmed_at=0)), account=bob.account_id)
    await decide(place, [case.id], ruling(ActionKind.WARN))
    await place.app.work()
    assert letters_of(place) == []


async def test_a_decision_that_is_taken_back_says_so(place: Place) -> None:
    _, bob, (case,) = await reported(place, "one")
    made: Decision = await decide(place, [case.id], ruling(ActionKind.REMOVE))
    [note] = await told(bob)
    await undo(place, made.id)
    async with place.db.read() as reader:
        found = await access.one(reader, bob.account_id, int(note["id"]))
    assert found.taken_back
    assert words.told(found, "en", 183).taken_back


async def test_what_was_told_goes_with_the_account(place: Place) -> None:
    ann, bob, (case,) = await reported(place, "one")
    await decide(place, [case.id], ruling(ActionKind.WARN))
    async with place.db.write() as tx:
        await tx.emit(AccountRemoved(bob.account_id))
    async with place.db.read() as reader:
        assert (await access.page(reader, bob.account_id, _first())).items == []
    assert await told(ann) == []


async def test_reporters_hear_by_mail_once_for_a_decision(place: Place) -> None:
    """One letter for what one decision did, in their language, unless they want none."""
    ann, bob, cem = await place.members("ann", "bob", "cem")
    posts = [await bob.post(text) for text in ("one", "two", "three")]
    await with_address(place, ann.account_id)
    for post in posts:
        await report(ann, bob, post["id"])
    await report(cem, bob, posts[0]["id"])  # who has no address
    cases = {case.subject_id: case.id for case in await queue(place)}
    first, second, third = [cases[int(post["id"])] for post in posts]
    await decide(place, [first, second], ruling(ActionKind.REMOVE))
    await place.app.work()
    [mail] = letters_of(place)
    assert mail.subject.startswith("Was aus deiner Meldung geworden ist - ")
    for said in ("2-mal", "Wir haben etwas unternommen.", "Menschen haben", "/settings/reports"):
        assert said in mail.text, said
    assert "widersprechen" not in mail.text
    dismissed = await decide(place, [third], ruling(ActionKind.NONE, ground=0, facts=""))
    await place.app.work()
    [_, mail] = letters_of(place)
    assert "keinen Grund gesehen" in mail.text
    assert "kannst du bis zum" in mail.text
    # A job that runs again sends nothing twice.
    again = outcomes.TellReporters(dismissed.id)
    await outcomes.tell_reporters(place.services, again)
    assert len(letters_of(place)) == 2
    # Decided anew, they hear anew; who wants no letters gets none.
    await undo(place, dismissed.id, reopen=True)
    async with place.db.write() as tx:
        await update_preferences(tx, ann.account_id, PreferenceChanges(report_mails=False))
    await decide(place, [third], ruling(ActionKind.REMOVE))
    await place.app.work()
    assert len(letters_of(place)) == 2
