"""What rules hold has its decision whatever else catches it, and its end whatever is decided."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.neighbours import Place
from tests.harness.staff import staff
from tests.safety.flooding import FLOOD, doing, told
from tests.safety.moderating import decide, moderator, queue, ruling, undo
from tests.safety.rules.keeping import live
from tests.safety.screening.listener import judged_by
from tests.safety.screening.test_rules import (
    BASE,
    CASE,
    HOLD,
    MARKED,
    RULE,
    decisions,
    let_time_pass,
    seen,
)

from rostra.kernel.clock import HOUR
from rostra.kernel.errors import Conflict
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials.model import Role
from rostra.network.posts.events import PostHeld, PostPublished
from rostra.outside.mail import Mail, MemoryMailer
from rostra.safety.cases import work
from rostra.safety.cases.signal import signalled
from rostra.safety.categories.model import Category
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import ActionKind
from rostra.safety.edge import Services, Transaction
from rostra.safety.holding import settle
from rostra.safety.holding.words import MOST_NOTE
from rostra.safety.standing.cluster import decide_cluster
from rostra.safety.standing.stand import let_stand
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import query
from rostra.store.tables.screening import rule_holds


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    """A place without signals and rules."""
    async with judged_by(data_dir, database_url) as made:
        yield made


async def in_force(place: Place, post: dict[str, Any]) -> set[int]:
    """What holds for a post now."""
    async with place.db.read() as reader:
        subject = Subject(SubjectKind.POST, int(post["id"]))
        return {each.action for each in await decisions_access.in_force(reader, subject)}


@pytest.mark.parametrize("other", [CASE, MARKED])
@pytest.mark.parametrize("names", [("alpha", "omega"), ("omega", "alpha")])
async def test_it_is_held_whatever_other_rules_ask_for(
    place: Place, names: tuple[str, str], other: str
) -> None:
    ann, bob, mod = *(await place.members("ann", "bob")), await staff(place, "mod")
    published = place.told(PostPublished)
    rule = await live(place, name=names[0], source=HOLD)
    await live(place, name=names[1], source=other)
    post = await ann.post("cheap pills for @bob")
    assert post["moderation"] == "held"
    assert not await seen(bob, post)
    assert published == []
    assert await bob.get("/api/v1/notifications") == []
    assert ActionKind.HOLD in await in_force(place, post)
    assert post["moderation_label"].startswith("It waits until somebody has looked at it")
    made = await decisions(place, post)
    assert rule.id in {each.rule_id for each in made}
    assert len(made) == (1 if other == CASE else 2)
    found = await mod.get(f"{BASE}/screening/holds")
    assert [each["post_id"] for each in found["holds"]] == [post["id"]]
    [case] = await queue(place)
    assert case.status.waits
    await decide(place, [case.id], ruling(ActionKind.NONE))
    assert await seen(bob, post)
    assert [event.post_id for event in published] == [int(post["id"])]


async def test_what_somebody_has_spoken_of_is_held_and_its_case_goes_on(place: Place) -> None:
    """Law 4: what is written as held has its decision, whoever was there first."""

    async def speak(services: Services, tx: Transaction, event: PostHeld) -> None:
        subject = Subject(SubjectKind.POST, event.post_id)
        await signalled(services, tx, subject, Category.SPAM, "It is known")

    place.db.ties.hooks.on(PostHeld, speak)  # type: ignore[attr-defined] # both databases have it
    ann, bob = await place.members("ann", "bob")
    rule = await live(place, source=HOLD)
    post = await ann.post("cheap pills")
    assert not await seen(bob, post)
    assert [each.rule_id for each in await decisions(place, post)] == [rule.id]
    [case] = await queue(place)
    assert case.status.waits
    await decide(place, [case.id], ruling(ActionKind.NONE))
    assert await seen(bob, post)


@pytest.mark.parametrize("kind", [ActionKind.REMOVE, ActionKind.HOLD])
async def test_nothing_is_left_of_it_once_somebody_has_decided(
    place: Place, kind: ActionKind
) -> None:
    ann, bob, mod = *(await place.members("ann", "bob")), await staff(place, "mod")
    published = place.told(PostPublished)
    await live(place, source=HOLD)
    post = await ann.post("cheap pills")
    [case] = await queue(place)
    made = await decide(place, [case.id], ruling(kind))
    assert not await seen(bob, post)
    assert published == []
    assert await in_force(place, post) == {kind}
    found = await mod.get(f"{BASE}/screening/holds")
    assert (found["waiting"], found["settled"]["kept"]) == (0, 1)
    await undo(place, made.id)
    assert await seen(bob, post)
    assert await in_force(place, post) == set()
    assert [event.post_id for event in published] == [int(post["id"])]


async def test_it_waits_as_long_as_another_rule_holds_it(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    for name in ("alpha", "omega"):
        await live(place, name=name, source=HOLD)
    post = await ann.post("cheap pills")
    one, other = await decisions(place, post)
    await undo(place, one.id)
    assert not await seen(bob, post)
    [case] = await queue(place)
    assert case.status.waits
    await undo(place, other.id)
    assert await seen(bob, post)
    [case] = await queue(place)
    assert not case.status.waits


async def test_it_waits_when_a_limit_of_the_same_rule_ends(place: Place) -> None:
    ann, bob, mod = *(await place.members("ann", "bob")), await staff(place, "mod")
    both = (
        'hold(category="spam", within="12h", message="It waits.")\n'
        'limit(ends="1h", category="spam", message="It is shown less.")'
    )
    await live(place, source=RULE.format(both))
    post = await ann.post("cheap pills")
    await let_time_pass(place, 2 * HOUR)
    assert await in_force(place, post) == {ActionKind.HOLD}
    assert (await mod.get(f"{BASE}/screening/holds"))["waiting"] == 1
    await let_time_pass(place, 11 * HOUR)
    assert await seen(bob, post)
    found = await mod.get(f"{BASE}/screening/holds")
    assert (found["waiting"], found["settled"]["let_go"]) == (0, 1)


async def test_many_are_let_go_some_at_a_time(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "AT_ONCE", 2)
    ann, bob = await place.members("ann", "bob")
    await live(place, source=HOLD)
    posts = [await ann.post(f"cheap pills {at}") for at in range(5)]
    cases = [case.id for case in await queue(place)]
    await decide(place, cases, ruling(ActionKind.NONE))
    assert [await seen(bob, post) for post in posts].count(True) == 2
    await place.app.work()
    assert all([await seen(bob, post) for post in posts])


_HOLDS = query(rule_holds.select())


async def test_a_hold_that_ended_long_ago_is_forgotten(place: Place) -> None:
    ann = await place.member("ann")
    await live(place, source=HOLD)
    await ann.post("cheap pills")
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    place.clock.advance(settle.KEPT_MS - HOUR)
    waiting = await ann.post("more cheap pills")
    for kept in (2, 1):
        async with place.db.write() as tx:
            await settle.tidy(place.services, tx, settle.Tidy())
            left = [row[1] for row in await tx.all(_HOLDS)]
        assert (int(waiting["id"]) in left, len(left)) == (True, kept)
        place.clock.advance(2 * HOUR)


class Unsteady(MemoryMailer):
    """Loses the line before its second letter."""

    tried = 0

    async def send(self, mail: Mail) -> None:
        """Fails once."""
        self.tried += 1
        if self.tried == 2:
            raise ConnectionError
        await super().send(mail)


async def test_a_letter_that_is_tried_again_repeats_no_other(
    database_url: str, data_dir: Path
) -> None:
    mailer = Unsteady()
    async with judged_by(data_dir, database_url, mailer=mailer) as place:
        for name in ("mo", "flo"):
            seat = Seat(
                username=name, email=f"{name}@example.org", password_hash="", role=Role.MODERATOR
            )
            async with place.db.write() as tx:
                await seat_member(place.services, tx, seat)
        ann = await place.member("ann")
        await live(place, source=RULE.format('notify("Offers of pills")'))
        await ann.post("cheap pills")
        for _ in range(4):
            place.clock.advance(HOUR)
            await place.app.work()
        assert sorted(mail.to for mail in mailer.sent) == ["flo@example.org", "mo@example.org"]


async def test_a_decision_that_stands_ends_the_hold_of_what_it_decides(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    harmless = ruling(ActionKind.NONE)
    made = await doing(place, decide_cluster, moderator(), harmless, cases[0].cluster_id)
    until = place.clock.now() + 12 * HOUR
    await doing(place, let_stand, moderator(), made.decision.id, ends_at=until, most=9)
    rule = HOLD.replace("pills", "rope")
    await live(place, source=rule)
    mod = await staff(place, "mod")
    held = await (await place.member("eve")).post(FLOOD)
    assert held["moderation"] == "held"
    await place.app.work()
    assert await seen(place.nobody, held)
    assert await queue(place) == []
    found = await mod.get(f"{BASE}/screening/holds")
    assert (found["waiting"], found["settled"]["released"]) == (0, 1)


async def test_what_waits_is_no_part_of_another_case(place: Place) -> None:
    ann = await place.member("ann")
    await live(place, source=HOLD)
    for at in range(2):
        await ann.post(f"cheap pills {at}")
    one, other = await queue(place)
    with pytest.raises(Conflict) as refused:
        await doing(place, work.merge, one.id, other.id, 1)
    assert refused.value.code == "waits"


@pytest.mark.parametrize("letter", ["\u095c", "\u09dc"])
async def test_a_message_may_be_in_letters_that_are_kept_as_two(place: Place, letter: str) -> None:
    ann = await place.member("ann")
    message = (letter * 183)[:183]
    await live(
        place, source=RULE.format(f'hold(category="spam", within="12h", message="{message}")')
    )
    post = await ann.post("cheap pills")
    assert post["moderation"] == "held"
    async with place.db.read() as reader:
        subject = Subject(SubjectKind.POST, int(post["id"]))
        (held,) = await decisions_access.in_force(reader, subject)
    assert len(held.what.label) <= MOST_NOTE
