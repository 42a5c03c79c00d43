"""What is read of the past: posts as they were, who wrote them, what people decided."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.safety.moderating import decide, queue, report, ruling, undo

from rostra.kernel.ids import time_of
from rostra.network.screening import About, Said, What
from rostra.safety.categories.model import Category
from rostra.safety.decisions.model import ActionKind, DecisionKind, DecisionState, SubjectState
from rostra.safety.rules.vocabulary import Needs, counter_name
from rostra.safety.screening import authors
from rostra.safety.screening.asking import known
from rostra.safety.tryout import history
from rostra.safety.tryout.history import Period, Shard, Wanted, authored, cut, shards, wanted_by
from rostra.safety.tryout.judged import DecisionRow, judgement
from rostra.safety.tryout.model import LEAD_IN, Author, Judged, PastPost
from rostra.safety.tryout.moments import NO_AIDS, Moments

DAY = 86_400_000


async def read(
    place: Place, period: Period, wanted: Wanted | None = None
) -> list[tuple[Author, list[PastPost]]]:
    """All of a period, shard after shard."""
    found: list[tuple[Author, list[PastPost]]] = []
    async with place.db.read() as reader:
        for shard in await shards(reader, period):
            found += [page async for page in authored(reader, period, shard, wanted or Wanted())]
    return found


def by_id(found: Sequence[tuple[Author, list[PastPost]]]) -> dict[str, PastPost]:
    return {str(post.id): post for _, posts in found for post in posts}


async def decided(place: Place, by: Asker, about: Asker, post: Any, *kinds: ActionKind) -> int:
    """Somebody reports a post, and it is decided; the id of the decision."""
    await report(by, about, post["id"])
    (case,) = await queue(place)
    made = await decide(place, [case.id], ruling(*kinds, category=Category.SPAM))
    await place.app.work()
    return made.id


async def test_posts_are_read_as_their_authors_made_them(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    start = place.clock.now()
    plain = await ann.post("hello https://a.example/x", language="de")
    poll = {"options": ["one", "two"], "expires_in": 3600}
    asked = await bob.post("which?", spoiler_text="a choice", poll=poll, visibility="private")
    answer = await bob.post("an answer", in_reply_to_id=plain["id"])
    await bob.react("reblog", plain["id"])
    removed = await bob.post("bad", sensitive=True)
    await decided(place, ann, bob, removed, ActionKind.REMOVE)
    await ann.edit(plain["id"], "changed")
    posts = by_id(await read(place, Period(start, place.clock.now() + 1)))
    assert list(posts) == [each["id"] for each in (plain, asked, answer, removed)]
    one = posts[plain["id"]]
    assert (one.text, one.language, one.edited, one.visibility) == ("changed", "de", True, "public")
    two = posts[asked["id"]]
    assert two.text == "a choice\n\nwhich?\n\none\n\ntwo"
    assert (two.spoiler, two.visibility, two.is_reply) == ("a choice", "private", False)
    assert posts[answer["id"]].is_reply
    gone = posts[removed["id"]]
    assert (gone.visibility, gone.sensitive, gone.judged) == ("public", True, Judged.ACTED)
    assert gone.category == Category.SPAM


async def test_what_people_made_of_posts(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    start = place.clock.now()
    left = await bob.post("left alone")
    await decided(place, ann, bob, left, ActionKind.NONE)
    taken_back = await bob.post("taken back")
    await undo(place, await decided(place, ann, bob, taken_back, ActionKind.SENSITIVE))
    await place.app.work()
    reopened = await bob.post("to be decided anew")
    await undo(place, await decided(place, ann, bob, reopened, ActionKind.SENSITIVE), reopen=True)
    await place.app.work()
    nobody = await bob.post("nobody looked")
    ((author, _),) = found = await read(place, Period(start, place.clock.now() + 1))
    assert {each: post.judged for each, post in by_id(found).items()} == {
        left["id"]: Judged.SPARED,
        taken_back["id"]: Judged.SPARED,
        reopened["id"]: Judged.UNKNOWN,
        nobody["id"]: Judged.UNKNOWN,
    }
    assert (len(author.reported), len(author.decided)) == (3, 1)


async def test_what_was_before_a_period_counts(place: Place) -> None:
    ann, bob, cleo = await place.members("ann", "bob", "cleo")
    await cleo.relate("follow", ann)
    await ann.post("older than any counter")
    place.clock.advance(40 * DAY)
    first = await ann.post("in the lead-in")
    await ann.post("an answer", in_reply_to_id=first["id"])
    place.clock.advance(DAY)
    start = place.clock.now() + 1
    await bob.relate("follow", ann)
    await ann.relate("follow", bob)
    await ann.post("in the period")
    await bob.react("reblog", first["id"])
    period = Period(start, place.clock.now() + 1)
    ((author, posts),) = await read(place, period)
    assert [post.text for post in posts] == ["in the period"]
    assert (author.id, author.username, author.bot) == (ann.account_id, "ann", False)
    assert author.made_at == time_of(ann.account_id)
    assert (author.posts, len(author.wrote), len(author.replied), author.pictured) == (3, 2, 1, ())
    assert (author.followers, len(author.followed)) == (1, 1)
    assert (author.following, len(author.follows)) == (0, 1)
    ((bare, _),) = await read(place, period, wanted_by(Needs()))
    assert (bare.posts, bare.wrote, bare.followers) == (0, (), 0)
    async with place.db.read() as reader:
        assert await shards(reader, Period(start + 9 * DAY, start + 10 * DAY)) == []


async def _now(place: Place, who: Asker, needs: Needs) -> dict[str, Any]:
    """What rules that need this are told of a post that is written now."""
    said = Said(what=What.POST, account_id=who.account_id, parts=("the last",))
    async with place.db.read() as reader:
        author = await authors.read(place.services, reader, who.account_id)
        return await known(place.services, reader, needs, said, About(), author=author)


@pytest.mark.postgresql
async def test_rules_are_told_of_the_past_what_they_were_told_then(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    await bob.post("older than the period", visibility="private")
    await bob.react("reblog", (await ann.post("something"))["id"])
    place.clock.advance(DAY)
    start = place.clock.now()
    many = [await bob.post(f"many {at}") for at in range(3)]
    await report(ann, bob, *(each["id"] for each in many))
    cases = [case.id for case in await queue(place)]
    await decide(place, cases, ruling(ActionKind.SENSITIVE, category=Category.SPAM))
    await place.app.work()
    mistaken = await bob.post("no spam")
    await undo(place, await decided(place, ann, bob, mistaken, ActionKind.SENSITIVE))
    await place.app.work()
    await bob.post("to one", visibility="direct")
    await bob.react("reblog", (await ann.post("something else"))["id"])
    counter = ("decisions_on", DAY)
    needs = Needs(frozenset({"author.posts"}), frozenset({counter}))
    then = await _now(place, bob, needs)
    last = await bob.post("the last")
    ((author, posts),) = [
        each
        for each in await read(place, Period(start, place.clock.now() + 1), wanted_by(needs))
        if each[0].id == bob.account_id
    ]
    moments = Moments(author, needs, NO_AIDS)
    tried = {str(post.id): moments.of(post).features() for post in posts}[last["id"]]
    names = ("author.posts", counter_name(*counter))
    assert [tried.get(name) for name in names] == [then[name] for name in names] == [7, 1]


async def test_who_has_very_many_posts_is_read_in_pages(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And who is deleted between the statements is left out."""
    monkeypatch.setattr(history, "MOST_POSTS", 2)
    monkeypatch.setattr(history, "_PIECE", 3)
    monkeypatch.setattr(history, "_LEAD_PAGE", 2)
    (ann, bob) = await place.members("ann", "bob")
    for number in range(3):
        await ann.post(f"before {number}")
    start = place.clock.now() + 1
    for number in range(5):
        await ann.post(f"post {number}")
    await bob.post("one")
    period = Period(start, place.clock.now() + 1)
    found = await read(place, period)
    texts = [[post.text for post in posts] for _, posts in found]
    assert texts == [["post 0", "post 1"], ["post 2", "post 3"], ["post 4"], ["one"]]
    assert len(found[0][0].wrote) == 3
    async with place.db.read() as reader:
        async for _ in authored(reader, period, Shard((7,), 1), Wanted()):
            pytest.fail("nobody has this id")


def test_authors_are_cut_into_shards_of_about_the_same_work() -> None:
    counts = dict.fromkeys(range(1, 2_000), 3) | {5_000: 20_000, 5_001: 1}
    parts = cut(counts)
    assert [each for part in parts for each in part.authors] == sorted(counts)
    assert max(len(part.authors) for part in parts) == history.MOST_AUTHORS
    alone = [part for part in parts if part.posts > history.MOST_POSTS]
    assert alone == [Shard((5_000,), 20_000)]


def test_what_rules_do_not_ask_for_is_not_read() -> None:
    assert wanted_by(Needs()) == Wanted(0, relations=False, older=False)
    needs = Needs(
        frozenset({"author.posts", "author.following"}),
        frozenset({("posts_by", 5), ("media_by", 9)}),
    )
    assert wanted_by(needs) == Wanted(9, relations=True, older=True)
    assert Wanted().window == LEAD_IN


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, (Judged.ACTED, 14)),
        ({"actions": "[]"}, (Judged.SPARED, 0)),
        ({"actions": "[]", "strikes": 1}, (Judged.ACTED, 14)),
        ({"machine_decided": 1}, None),
        ({"subject_state": SubjectState.TAKEN_BACK}, (Judged.SPARED, 0)),
        ({"state": DecisionState.UNDONE, "undo_actor": 5}, (Judged.SPARED, 0)),
        ({"state": DecisionState.UNDONE, "undo_actor": 0}, None),
        (
            {"state": DecisionState.UNDONE, "undo_actor": 5, "undo_kind": DecisionKind.REOPENING},
            None,
        ),
        (
            {"machine_decided": 1, "state": DecisionState.UNDONE, "undo_actor": 5},
            (Judged.SPARED, 0),
        ),
    ],
)
def test_a_machine_is_right_only_where_a_person_says_so(
    row: dict[str, int], said: tuple[Judged, int] | None
) -> None:
    base: dict[str, Any] = {
        "id": 1, "account_id": 2, "subject_kind": 1, "subject_id": 3, "subject_state": 1,
        "state": 0, "actions": '[{"kind": 6}]', "strikes": 0, "category": 14, "machine_decided": 0,
        "undo_kind": DecisionKind.UNDO, "undo_actor": 0,
    }  # fmt: skip
    assert judgement(DecisionRow(**{**base, **row})) == said
