"""What people remove is known again, until it is taken back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, update
from tests.harness.neighbours import Asker, Place, place_of
from tests.safety.copies.test_sketch import FLOOD, NO_BAND, OTHER, of
from tests.safety.moderating import decide, moderator, queue, report, ruling, undo
from tests.safety.screening.listener import Listener, judged_by

from rostra.kernel.clock import DAY
from rostra.network.posts.delete import delete
from rostra.safety.categories.model import Category
from rostra.safety.copies.jobs import KEPT, Tidy, tidy
from rostra.safety.copies.recall import recall
from rostra.safety.copies.signal import CopiesSignal
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions import release
from rostra.safety.decisions.model import ActionKind, Decision
from rostra.safety.screening import access
from rostra.safety.signals.model import Like, Material, Takes
from rostra.safety.standing.learn import Learn, learn
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import query
from rostra.store.tables.copies import copy_texts

SPAM = ruling(ActionKind.REMOVE, category=Category.SPAM, facts="The same text many times.")


@pytest.fixture
async def place(data_dir: Path, database_url: str) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as running:
        yield running


async def like(place: Place, text: str) -> Like | None:
    async with place.db.read() as reader:
        return await recall(reader, of(text))


async def failed_on(place: Place, text: str) -> dict[str, bool]:
    """Somebody posts this; which signals broke on it."""
    who = await place.member(f"w{place.services.ids.next() % 10**9}")
    post = await who.post(text)
    async with place.db.read() as reader:
        [shown] = await access.of_subject(reader, Subject(SubjectKind.POST, int(post["id"])))
    return {each.signal: each.failed for each in shown.judgement.heard}


SPOIL = query(update(copy_texts).values(bins=bindparam("bins")))


async def removed(place: Place, *texts: str, by: list[Asker] | None = None) -> Decision:
    """Members post these, somebody reports them, and one decision removes them."""
    if by is None:
        by = [await place.member(f"m{place.services.ids.next() % 10**9}") for _ in texts]
    eve = await place.member(f"e{place.services.ids.next() % 10**9}")
    for who, text in zip(by, texts, strict=True):
        await report(eve, who, (await who.post(text))["id"])
    made = await decide(place, [case.id for case in await queue(place)], SPAM)
    await place.app.work()
    return made


async def test_a_copy_of_what_was_removed_is_known(place: Place) -> None:
    await removed(place, FLOOD, FLOOD.replace("noon", "nine"), FLOOD.upper())
    found = await like(place, f"{FLOOD} Pass it on")
    assert found is not None
    assert (found.category, found.count) == (Category.SPAM, 3)
    assert found.alike > 0.8
    assert await like(place, OTHER) is None


async def test_a_text_without_bands_is_published_and_known(place: Place) -> None:
    await removed(place, NO_BAND, NO_BAND.upper())
    assert await like(place, NO_BAND) == Like(Category.SPAM, 2, 1.0)
    assert await like(place, f"{NO_BAND} too") is None


CHOICES = {
    "options": [" ".join(f"{way}{at}word" for at in range(5)) for way in ("u", "v", "w", "x")],
    "expires_in": 3600,
}


@pytest.mark.parametrize(("first", "then"), [({}, {"poll": CHOICES}), ({"poll": CHOICES}, {})])
async def test_what_stands_beside_a_text_makes_no_other_text_of_it(
    data_dir: Path, database_url: str, first: dict[str, Any], then: dict[str, Any]
) -> None:
    """Neither where it is removed, nor where it is said again."""
    async with judged_by(data_dir, database_url, CopiesSignal()) as place:
        ann, bob, eve = await place.members("ann", "bob", "eve")
        await report(eve, ann, (await ann.post(FLOOD, **first))["id"])
        await decide(place, [case.id for case in await queue(place)], SPAM)
        await place.app.work()
        post = await bob.post(FLOOD, **then)
        async with place.db.read() as reader:
            [shown] = await access.of_subject(reader, Subject(SubjectKind.POST, int(post["id"])))
        assert shown.judgement.heard[0].scores == {"spam": 0.88}


async def test_a_post_that_says_all_beside_its_text_is_known_by_that(
    data_dir: Path, database_url: str
) -> None:
    async with judged_by(data_dir, database_url, CopiesSignal()) as place:
        ann, bob, eve = await place.members("ann", "bob", "eve")
        await report(eve, ann, (await ann.post("Which?", poll=CHOICES))["id"])
        await decide(place, [case.id for case in await queue(place)], SPAM)
        await place.app.work()
        post = await bob.post("Which?", poll=CHOICES)
        async with place.db.read() as reader:
            [shown] = await access.of_subject(reader, Subject(SubjectKind.POST, int(post["id"])))
        assert shown.judgement.heard[0].scores == {"spam": 0.88}


async def test_a_bad_row_keeps_nobody_from_posting(data_dir: Path, database_url: str) -> None:
    known = Listener(name="account", takes=Takes.ACCOUNT)
    async with judged_by(data_dir, database_url, CopiesSignal(), known) as place:
        await removed(place, FLOOD, NO_BAND)
        assert await failed_on(place, FLOOD) == {"copies": False, "account": False}
        async with place.db.write() as tx:
            await tx.run(SPOIL, bins=b"short")
        assert await failed_on(place, FLOOD) == {"copies": True, "account": False}


async def test_what_is_taken_back_is_forgotten(place: Place) -> None:
    first = await removed(place, FLOOD)
    second = await removed(place, FLOOD, OTHER)
    assert (await like(place, FLOOD) or Like(0, 0, 0)).count == 2
    await undo(place, first.id)
    await place.app.work()
    assert (await like(place, FLOOD) or Like(0, 0, 0)).count == 1
    await undo(place, second.id)
    await place.app.work()
    assert await like(place, FLOOD) is None
    assert await like(place, OTHER) is None


async def test_what_is_taken_back_is_forgotten_where_its_author_has_deleted_it(
    place: Place,
) -> None:
    ann, eve = await place.members("ann", "eve")
    post = await ann.post(FLOOD)
    await report(eve, ann, post["id"])
    made = await decide(place, [case.id for case in await queue(place)], SPAM)
    await place.app.work()
    assert await like(place, FLOOD) is not None
    async with place.db.write() as tx:
        await delete(place.services, tx, ann.account_id, int(post["id"]))
    await place.app.work()
    assert await like(place, FLOOD) is not None
    await undo(place, made.id)
    await place.app.work()
    assert await like(place, FLOOD) is None


async def test_what_is_taken_back_before_anybody_looked_is_not_learnt(place: Place) -> None:
    """Whichever of the two jobs comes first."""
    ann, eve = await place.members("ann", "eve")
    await report(eve, ann, (await ann.post(FLOOD))["id"])
    made = await decide(place, [case.id for case in await queue(place)], SPAM)
    await undo(place, made.id)
    async with place.db.read() as reader:
        decision = await decisions_access.one(reader, made.id)
    await learn(place.services, Learn(decision.undone_by))
    await learn(place.services, Learn(made.id))
    await place.app.work()
    assert await like(place, FLOOD) is None


async def test_a_decision_over_many_teaches_by_jobs_and_one_member_is_released(
    place: Place,
) -> None:
    members = [await place.member(f"flood{at}") for at in range(23)]
    made = await removed(place, *[f"{FLOOD} {at}" for at in range(23)], by=members)
    assert (await like(place, FLOOD) or Like(0, 0, 0)).count == 23
    async with place.db.write() as tx:
        whole = await decisions_access.one(tx, made.id)
        await release.release(
            place.services, tx, moderator(2), whole, members[4].account_id, facts="A quote."
        )
    await place.app.work()
    assert (await like(place, FLOOD) or Like(0, 0, 0)).count == 22


@pytest.mark.parametrize("kind", [ActionKind.SENSITIVE, ActionKind.NONE])
async def test_only_what_is_removed_is_remembered(place: Place, kind: ActionKind) -> None:
    ann, bob = await place.members("ann", "bob")
    await report(ann, bob, (await bob.post(FLOOD))["id"])
    await decide(place, [case.id for case in await queue(place)], ruling(kind))
    await place.app.work()
    assert await like(place, FLOOD) is None


async def test_the_same_job_again_counts_nothing_twice(place: Place) -> None:
    made = await removed(place, FLOOD)
    async with place.db.write() as tx:
        for _ in range(2):
            await tx.enqueue("standing.learn", Learn(made.id))
    await place.app.work()
    assert (await like(place, FLOOD) or Like(0, 0, 0)).count == 1


async def test_what_was_removed_long_ago_is_forgotten(place: Place) -> None:
    await removed(place, FLOOD)
    place.clock.advance(KEPT - DAY)
    async with place.db.write() as tx:
        await tidy(place.services, tx, Tidy())
    assert await like(place, FLOOD) is not None
    place.clock.advance(2 * DAY)
    async with place.db.write() as tx:
        await tidy(place.services, tx, Tidy())
    assert await like(place, FLOOD) is None


def test_the_signal_says_what_it_was_removed_as_and_how_often() -> None:
    signal = CopiesSignal()

    def found(**known: float) -> tuple[dict[str, float], str]:
        given = {"category": Category.SPAM, "count": 12, "alike": 1.0, **known}
        finding = signal.judge(Material("x", "post", like=Like(**given)))  # type: ignore[arg-type] # numbers
        assert finding is not None
        return finding.scores, finding.reason

    assert signal.judge(Material("x", "post")) is None
    assert found() == (
        {"spam": 0.98},
        "Like 12 posts that were removed as “Spam”; 100% of it is the same.",
    )
    assert found(alike=0.7)[0] == {"spam": 0.7}
    assert found(count=1) == (
        {"spam": 0.88},
        "Like a post that was removed as “Spam”; 100% of it is the same.",
    )
    assert found(category=Category.VIOLENCE_INCITEMENT)[0] == {"violence": 0.98}
    assert found(category=Category.FRAUD_SCAM)[0] == {"fraud_scam": 0.98}
