"""Statements of reasons from real decisions: all of them would be taken, and name nobody."""

import random
from collections import Counter
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.pictures import photo
from tests.safety.moderating import decide, moderator, queue, report, ruling

from rostra.kernel.clock import DAY, HOUR
from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import Action, ActionKind, Ground, Ruling
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.transparency.validate import faults_of, faults_of_batch

HERE = "/api/rostra/v1/safety/transparency/statements"
DAYS = {"since": "2027-01-01", "until": "2027-12-31"}  # the test's clock stands in January 2027
SECRET = "Quarzgeheimnis"


async def batches(asker: Asker, **more: Any) -> list[dict[str, Any]]:
    """All pages of the export, as they would be sent."""
    found = []
    path: str | None = HERE
    params: dict[str, Any] | None = {**DAYS, **more}
    while path:
        answer = await asker.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
        path, params = answer.links.get("next", {}).get("url"), None
    return found


async def statements(asker: Asker, **more: Any) -> list[dict[str, Any]]:
    return [each for batch in await batches(asker, **more) for each in batch["statements"]]


# What is decided about reporters restricts nothing that anybody posts: it is no statement.
_KINDS = [kind for kind in ActionKind if not kind.of_reporter]


class Chance:
    """Rulings of every kind, the same in every run."""

    def __init__(self, now: int) -> None:
        self._random = random.Random(7)  # noqa: S311 (nothing secret)
        self._now = now
        self.kinds: Counter[int] = Counter()

    def ruling(self, kind: SubjectKind) -> Ruling:
        choose = self._random
        fits = [
            each
            for each in _KINDS
            if each.of_account
            or (
                (each is ActionKind.WITHHOLD) == (kind is SubjectKind.MEDIA)
                and kind is not SubjectKind.ACCOUNT
            )
            or each is ActionKind.NONE
        ]
        taken = choose.sample(fits, choose.randint(1, 2))
        if ActionKind.NONE in taken:
            taken = [ActionKind.NONE]
        self.kinds.update(taken)
        law = choose.random() < 0.3
        return Ruling(
            actions=tuple(self._action(each) for each in taken),
            category=choose.choice(list(Category)),
            ground=Ground.LAW if law else Ground.RULE,
            legal_ground=choose.choice(["§ 130 StGB", "x" * 500]) if law else "",
            facts=choose.choice(
                [
                    "It calls for violence.",
                    f"bob (@bob, {SECRET}@mail.example) wrote https://rostra.example/@bob/1",
                    "word " * 900,
                    "\N{PILE OF POO}" * 3000,
                ]
            ),
            words=choose.choice(["", "Please do not do that.", "long " * 900]),
            source=choose.choice([-1, *Sender]),
            machine_found=choose.random() < 0.5,
            rule_id=choose.choice([0, 0, 5]),
        )

    def _action(self, kind: ActionKind) -> Action:
        endless = kind in {ActionKind.NONE, ActionKind.WARN, ActionKind.DELETE_ACCOUNT}
        slow = kind is ActionKind.SLOW
        never = [] if slow else [0]
        choices = [*never, self._now + 3 * DAY, self._now + 1]
        ends = 0 if endless else self._random.choice(choices)
        return Action(
            kind=kind,
            ends_at=ends,
            label="insult" if kind is ActionKind.LABEL else "",
            surfaces=("web",) if kind is ActionKind.HIDE_ON else (),
            fields=("note",) if kind is ActionKind.FIELDS else (),
            posts=2 if slow else 0,
            per_ms=HOUR if slow else 0,
        )


@pytest.mark.untraced  # the other tests do each of them once
@pytest.mark.slow
async def test_a_thousand_decisions_of_every_kind_would_be_taken(place: Place) -> None:
    bob, mod = await place.member("bob"), await staff(place, "mod")
    files = {"file": ("x.jpg", photo(32, 32).jpegsave_buffer())}
    medium = (await bob.ask("POST", "/api/v2/media", files=files))["id"]
    posts = [await bob.post(f"{SECRET} {at}", language="de") for at in range(20)]
    posts.append(await bob.post("with a picture", media_ids=[medium]))
    subjects = [Subject(SubjectKind.POST, int(post["id"])) for post in posts]
    subjects += [Subject(SubjectKind.ACCOUNT, bob.account_id)] * 8
    chance = Chance(place.clock.now() + 10**9)
    for start in range(0, 1000, 50):
        place.clock.advance(1)
        async with place.db.write() as tx:
            for number in range(start, start + 50):
                subject = subjects[number % len(subjects)]
                what = chance.ruling(SubjectKind(subject.kind))
                await deciding.decide_subjects(place.services, tx, moderator(), what, [subject])
    assert set(chance.kinds) == set(_KINDS) - {ActionKind.WITHHOLD}
    found = await batches(mod)
    assert [faults_of_batch(batch) for batch in found if batch["statements"]] == [
        {} for batch in found if batch["statements"]
    ]
    made = [each for batch in found for each in batch["statements"]]
    assert len(made) > 600
    assert len({each["puid"] for each in made}) == len(made)
    for needle in (SECRET, "@bob", "https://rostra.example/@bob", str(bob.account_id)):
        assert needle not in str(made)


async def test_what_one_says(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    mod = await staff(place, "mod")
    await bob.change(display_name="Robert Tables")
    post = await bob.post("ein Wort", language="de")
    await report(ann, bob, post["id"])
    (case,) = await queue(place)
    what = ruling(
        ActionKind.REMOVE,
        facts="Robert Tables insulted ann; see post 1169283746519283746.",
        category=Category.HARASSMENT,
    )
    await decide(place, [case.id], what)
    (said,) = await statements(mod)
    assert faults_of(said) == []
    assert said["decision_facts"] == "[name] insulted [name]; see post [number]."
    assert said["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
    assert said["content_language"] == "DE"
    assert said["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert said["category"] == "STATEMENT_CATEGORY_CYBER_VIOLENCE"
    assert said["category_specification"] == ["KEYWORD_CYBER_HARASSMENT"]
    assert "url" not in said


async def test_what_needs_no_statement(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    mod = await staff(place, "mod")
    for at, what in enumerate(
        (
            ruling(ActionKind.NONE, ground=Ground.NONE, facts=""),
            ruling(ActionKind.WARN),
            ruling(ActionKind.REMOVE, source=int(Sender.AUTHORITY)),
        )
    ):
        post = await bob.post(f"post {at}")
        await report(ann, bob, post["id"])
        (case,) = await queue(place)
        await decide(place, [case.id], what)
    assert await statements(mod) == []


async def test_an_account_is_stated_once_for_many_posts(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    mod = await staff(place, "mod")
    for at in range(5):
        post = await bob.post(f"post {at}")
        await report(ann, bob, post["id"])
    cases = [case.id for case in await queue(place)]
    await decide(place, cases, ruling(ActionKind.REMOVE, ActionKind.SUSPEND))
    await place.app.work()
    made = await statements(mod, limit=2)
    assert len(made) == 5
    assert [each.get("decision_account") for each in made] == [
        "DECISION_ACCOUNT_SUSPENDED",
        None,
        None,
        None,
        None,
    ]


async def test_who_may_not(place: Place) -> None:
    ann = await place.member("ann")
    await ann.get(HERE, 403, params=DAYS)
    await place.nobody.get(HERE, 401, params=DAYS)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"until": ""}, "until"),
        ({"until": "2026-01-01"}, "until"),
        ({"since": "0001-01-01"}, "since"),
        ({"after": "x"}, "after"),
        ({"after": f"1-1-{2**63}"}, "after"),
    ],
)
async def test_bad_bounds_name_their_field(place: Place, bad: dict[str, str], field: str) -> None:
    mod = await staff(place, "mod")
    answer = await mod.get(HERE, 422, params={**DAYS, **bad})
    assert field in str(answer)


async def test_a_page_takes_as_many_statements_whatever_is_on_it(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    mod = await staff(place, "mod")
    taken = []
    for count in (1, 6):
        for at in range(count):
            post = await bob.post(f"post {at}")
            await report(ann, bob, post["id"])
            (case,) = await queue(place)
            await decide(place, [case.id], ruling(ActionKind.REMOVE))
        await place.settle()
        with place.app.counted() as counted:
            await mod.get(HERE, params=DAYS)
        taken.append(counted.statements)
    assert taken[0] == taken[1] <= 10
