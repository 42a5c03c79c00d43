"""Members report; what they report becomes cases."""

from typing import Any

import pytest
from tests.harness.neighbours import Place
from tests.safety.moderating import REPORTS, decide, queue, report, ruling

from rostra.kernel.clock import DAY
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import Page
from rostra.network.accounts.events import AccountRemoved
from rostra.network.instance import rules
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions.model import ActionKind
from rostra.safety.house_rules import harms
from rostra.safety.reports import access
from rostra.safety.reports.model import Record
from rostra.safety.reports.weight import weight_of
from rostra.safety.subjects import Subject, SubjectKind


async def test_a_member_reports_posts_and_each_has_a_case(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    first, second = [await bob.post(text) for text in ("one", "two")]
    told = await report(ann, bob, first["id"], second["id"], comment=" Look ", category="spam")
    assert told["comment"] == "Look"
    assert told["category"] == "spam"
    assert told["action_taken"] is False
    assert told["action_taken_at"] is None
    assert told["status_ids"] == [first["id"], second["id"]]
    assert told["target_account"]["id"] == str(bob.account_id)
    cases = await queue(place)
    assert {case.subject for case in cases} == {
        Subject(SubjectKind.POST, int(post["id"])) for post in (first, second)
    }
    for case in cases:
        assert case.account_id == bob.account_id
        assert case.status.category == Category.SPAM
        assert case.status.reports_count == 1
        assert case.status.weight == 1_000


async def test_without_posts_the_account_is_meant(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    told = await report(ann, bob, harm="impersonation")
    assert told["category"] == "violation"
    (case,) = await queue(place)
    assert case.subject == Subject(SubjectKind.ACCOUNT, bob.account_id)
    assert case.status.category == Category.IMPERSONATION


async def test_reports_of_the_same_join_its_open_case(place: Place) -> None:
    ann, bob, cem = await place.members("ann", "bob", "cem")
    post = await bob.post("one")
    await report(ann, bob, post["id"], category="spam")
    (before,) = await queue(place)
    await report(cem, bob, post["id"], harm="threat_to_life")
    (case,) = await queue(place)
    assert case.id == before.id
    assert case.status.reports_count == 2
    assert case.status.weight == 2_000
    assert case.status.category == Category.THREAT_TO_LIFE
    assert case.rank < before.rank - 300 * DAY


async def test_a_report_on_what_was_decided_says_so(place: Place) -> None:
    ann, bob, cem = await place.members("ann", "bob", "cem")
    post, other = [await bob.post(text) for text in ("one", "two")]
    first = await report(ann, bob, post["id"], harm="spam")
    assert first["decided_before_at"] is None
    (old,) = await queue(place)
    place.clock.advance(DAY)
    made = await decide(place, [old.id], ruling(ActionKind.NONE, ground=0, facts=""))
    place.clock.advance(DAY)
    again = await report(cem, bob, post["id"], other["id"], harm="spam")
    assert again["decided_before_at"] < again["created_at"]
    new, fresh = sorted(await queue(place), key=lambda case: case.subject_id != int(post["id"]))
    assert (new.id != old.id, new.status.decision_id, fresh.status.decision_id) == (
        True,
        made.id,
        0,
    )
    assert "decided_before" in {reason.name for reason in new.why}
    assert "decided_before" not in {reason.name for reason in fresh.why}
    async with place.db.read() as reader:
        [opened, *_] = await cases_access.events(reader, new.id)
        closed = await cases_access.one(reader, old.id)
    assert (opened.other_id, opened.decision_id) == (old.id, made.id)
    assert opened.decided_at == closed.status.decided_at
    # It is open once, whoever joins it; decided anew, it is marked as decided, not as before.
    await decide(place, [new.id], ruling(ActionKind.REMOVE))
    async with place.db.read() as reader:
        decided = await cases_access.one(reader, new.id)
    assert "decided_before" not in {reason.name for reason in decided.why}


async def test_saying_it_again_adds_no_weight(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    post = await bob.post("one")
    for _ in range(3):
        await report(ann, bob, post["id"])
    (case,) = await queue(place)
    assert case.status.reports_count == 3
    assert case.status.weight == 1_000


async def test_what_apps_report_by_rules_goes_by_what_those_are_about(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    async with place.db.write() as tx:
        kind, law, vague = [
            await rules.add_rule(place.services, tx, text) for text in ("Be kind", "Obey", "Be")
        ]
        await harms.set_harm(tx, kind, Category.HARASSMENT)
        await harms.set_harm(tx, law, Category.THREAT_TO_LIFE)
        with pytest.raises(NotFound):
            await harms.set_harm(tx, 1, Category.SPAM)
    for named, meant in (
        ((vague,), Category.OTHER),
        ((vague, kind), Category.HARASSMENT),
        ((kind, law), Category.THREAT_TO_LIFE),
    ):
        post = await bob.post("one")
        ids = [str(each) for each in named]
        told = await report(ann, bob, post["id"], category="violation", rule_ids=ids)
        assert told["category"] == "violation"
        by_subject = {case.subject_id: case for case in await queue(place)}
        assert by_subject[int(post["id"])].status.category == meant
    async with place.db.write() as tx:
        await harms.set_harm(tx, law, None)
        assert await harms.harms(tx, [kind, law]) == {kind: Category.HARASSMENT}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"comment": "x" * 1_001}, "comment"),
        ({"category": "nonsense"}, "category"),
        ({"harm": "nonsense"}, "harm"),
        ({"rule_ids": [str(10**18 + n) for n in range(51)]}, "rule_ids"),
        ({"status_ids": [str(10**18 + n) for n in range(101)]}, "status_ids"),
    ],
)
async def test_bad_reports_name_the_field(place: Place, given: dict[str, Any], field: str) -> None:
    ann, bob = await place.members("ann", "bob")
    body = {"account_id": str(bob.account_id), **given}
    answer = await ann.do(REPORTS, 422, **body)
    assert field in answer["details"]
    assert await queue(place) == []
    await ann.do(REPORTS, account_id=str(bob.account_id))
    assert len(await queue(place)) == 1


async def test_nobody_reports_what_they_do_not_see(place: Place) -> None:
    ann, bob, cem = await place.members("ann", "bob", "cem")
    hidden = await bob.post("for followers", visibility="private")
    other = await cem.post("of somebody else")
    mine = await bob.post("seen")
    for wrong in (hidden, other):
        body = {"account_id": str(bob.account_id), "status_ids": [wrong["id"]]}
        await ann.do(REPORTS, 404, **body)
    await ann.do(REPORTS, 404, account_id=str(bob.account_id + 1))
    await place.nobody.do(REPORTS, 401, account_id=str(bob.account_id))
    assert await queue(place) == []
    await report(ann, bob, mine["id"])
    assert len(await queue(place)) == 1


async def test_a_report_of_what_was_decided_opens_a_new_case(place: Place) -> None:
    ann, bob, cem = await place.members("ann", "bob", "cem")
    post = await bob.post("one")
    first = await report(ann, bob, post["id"])
    (case,) = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    async with place.db.read() as reader:
        row = (await access.one(reader, int(first["id"]))).row
    assert row.state == 2
    await report(cem, bob, post["id"])
    (again,) = await queue(place)
    assert again.id != case.id


async def test_a_reporter_who_is_gone_is_nobody(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    post = await bob.post("one")
    told = await report(ann, bob, post["id"])
    async with place.db.write() as tx:
        await tx.emit(AccountRemoved(ann.account_id))
    async with place.db.read() as reader:
        row = (await access.one(reader, int(told["id"]))).row
        assert await access.listed(reader, Page(40), reporter_id=ann.account_id) == []
    assert (row.account_id, row.target_account_id) == (0, bob.account_id)
    assert len(await queue(place)) == 1


def test_the_weight_of_a_report_follows_from_earlier_ones() -> None:
    weights = [weight_of(Sender.MEMBER, Record(*counts)) for counts in ((5, 0), (0, 5), (3, 2))]
    assert weights == [1_000] * 3  # too few to know anything
    assert weight_of(Sender.MEMBER, Record(64, 0)) == 2_000
    assert weight_of(Sender.MEMBER, Record(0, 64)) == 0
    assert weight_of(Sender.MEMBER, Record(0, 6)) > weight_of(Sender.MEMBER, Record(0, 12)) > 0
    assert weight_of(Sender.MEMBER, Record(100, 100)) == 1_000
    assert weight_of(Sender.TRUSTED_FLAGGER, Record()) == 5_000
