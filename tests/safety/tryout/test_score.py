"""Rules asked about posts of the past: what is counted, and that parts make the whole."""

from collections.abc import Sequence
from itertools import groupby

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.ids import floor_at, time_of
from rostra.safety.categories.model import Category
from rostra.safety.rules.rule import read_rule
from rostra.safety.rules.spans import DAY
from rostra.safety.rules.vocabulary import COUNTED_TO, Needs, Vocabulary
from rostra.safety.signals.model import Cost, Finding, Material, Takes
from rostra.safety.tryout.merge import merged
from rostra.safety.tryout.model import Author, Judged, PastPost, Result, Side
from rostra.safety.tryout.moments import Aids, Moments
from rostra.safety.tryout.score import Scorer
from rostra.safety.tryout.spec import Spec

NOW = 1_800_000_000_000
MINUTE = 60_000
BUY = """when("buy" in post.text)
case(category="spam")
catches("buy")
spares("hello")
"""
FLOOD = """when(posts_by(author, "10m") >= 2)
case(category="spam")
catches("a", posts_by(author, "10m") == 2)
spares("a", posts_by(author, "10m") == 1)
"""
CALM = """when(signal("mood").calm > 0.5)
case(category="spam")
catches("a", signal("mood").calm == 0.6)
spares("a", signal("mood").calm == 0.5)
"""
MOOD = Vocabulary({"mood": frozenset({"calm"})}, frozenset({"wares"}))


def author(number: int = 1, **more: object) -> Author:
    return Author(id=number, username=f"member{number}", bot=False, made_at=NOW - 2 * DAY, **more)  # type: ignore[arg-type] # as the test says


def past(at: int, text: str = "hello", by: int = 1, **more: object) -> PastPost:
    base = {
        "text": text, "spoiler": "", "language": "en", "visibility": "public", "sensitive": False,
        "media": 0, "is_reply": False, "edited": False,
    }  # fmt: skip
    return msgspec.convert({"id": floor_at(at) + by, "account_id": by, **base, **more}, PastPost)


def scored(posts: Sequence[PastPost], *sources: str, samples: int = 3) -> Result:
    scorer = Scorer([read_rule(each, Vocabulary()) for each in sources], samples=samples)
    ordered = sorted(posts, key=lambda post: (post.account_id, post.id))
    for number, theirs in groupby(ordered, key=lambda post: post.account_id):
        scorer.add(author(number), list(theirs))
    return scorer.result()


def untimed(result: Result) -> Result:
    """Without what differs from run to run."""
    sides = tuple(msgspec.structs.replace(side, took_ns=0, timed=0) for side in result.sides)
    return msgspec.structs.replace(result, sides=sides)


def test_what_people_decided_is_held_against_the_rule() -> None:
    spam, hate = int(Category.SPAM), int(Category.HATE)
    said = (
        ("buy this", Judged.ACTED, spam),
        ("buy that", Judged.ACTED, hate),
        ("buy mine", Judged.SPARED, 0),
        ("buy yours", Judged.UNKNOWN, 0),
        ("cheap", Judged.ACTED, spam),
        ("a slur", Judged.ACTED, hate),
        ("hello", Judged.SPARED, 0),
    )
    result = scored(
        [
            past(NOW + place, text, judged=judged, category=category)
            for place, (text, judged, category) in enumerate(said)
        ],
        BUY,
    )
    (side,) = result.sides
    assert (result.seen, result.members, result.decided, result.acted) == (7, 1, 6, 4)
    assert (side.caught.posts, side.right, side.wrong) == (4, 2, 1)
    assert (side.sought, side.found) == (2, 1)
    assert (side.precision, side.recall) == (2 / 3, 0.5)
    assert len(side.caught.samples) == 3
    assert all(each.words.startswith("buy") for each in side.caught.samples)
    assert side.micros is not None


def test_where_nobody_decided_the_agreement_is_not_known() -> None:
    (side,) = scored([past(NOW, "buy")], BUY).sides
    assert (side.precision, side.recall) == (None, None)
    assert Side().micros is None


@pytest.mark.parametrize("visibility", ["private", "direct", ""])
def test_what_is_not_for_everybody_counts_and_is_not_shown(visibility: str) -> None:
    few = [past(NOW + place, "buy", by=2, visibility=visibility) for place in range(40)]
    result = scored([past(NOW, "buy", visibility="unlisted"), *few], BUY, BUY)
    for group in (result.sides[0].caught, result.both):
        assert (group.posts, group.members) == (41, 2)
        assert [each.account_id for each in group.samples] == [1]


def test_two_versions_stand_beside_each_other() -> None:
    posts = [past(NOW + place, text) for place, text in enumerate(["buy", "buy", "buy", "hello"])]
    result = scored([*posts, past(NOW, "buy", by=2)], BUY, FLOOD)
    buys, floods = result.sides
    assert (buys.caught.posts, buys.caught.members) == (4, 2)
    assert (floods.caught.posts, floods.caught.members) == (2, 1)
    assert (result.both.posts, result.first_only.posts, result.second_only.posts) == (1, 3, 1)
    assert [each.words for each in result.second_only.samples] == ["hello"]
    with pytest.raises(ValueError, match="not 3"):
        scored(posts, BUY, BUY, BUY)


def test_what_did_not_run_then_is_missing() -> None:
    rule = read_rule(CALM, MOOD)
    scorer = Scorer([rule], samples=1)
    scorer.add(author(), [past(NOW), past(NOW + 1)])
    (side,) = scorer.result().sides
    assert (side.caught.posts, side.skipped) == (0, 2)
    assert side.missing == {"signal.mood.calm": 2}


class Mood:
    """Calm is who says so."""

    name, version, cost, takes = "mood", "1", Cost.MICROSECONDS, Takes.TEXT

    def judge(self, material: Material) -> Finding | None:
        if "calm" not in material.text:
            return None
        return Finding(self.name, self.version, {"calm": 0.9})


def test_signals_and_lists_that_can_answer_still_are_asked() -> None:
    listed = read_rule(
        CALM.replace("when(", 'when(listed(post.text, "wares"), '),
        MOOD,
        {"list.wares": lambda text: "a" in text}.get,
    )
    aids = Aids({"mood": Mood()}, {"wares": lambda text: "shoes" in text})
    scorer = Scorer([listed], samples=2, aids=aids)
    texts = ["calm shoes", "shoes", "calm"]
    scorer.add(author(), [past(NOW + place, text) for place, text in enumerate(texts)])
    (side,) = scorer.result().sides
    assert [each.words for each in side.caught.samples] == ["calm shoes"]
    assert side.skipped == 0


steps = st.integers(0, 20 * MINUTE)
wrote = st.lists(st.tuples(steps, st.integers(1, 3), st.booleans()), max_size=30)


@given(wrote, st.integers(1, 4))
def test_parts_make_the_whole(drawn: list[tuple[int, int, bool]], most: int) -> None:
    """However authors are cut into parts, and posts of one author into pages."""
    posts = [
        past(NOW + step, f"buy {place}" if buys else "hello", by, id=floor_at(NOW + step) + place)
        for place, (step, by, buys) in enumerate(drawn)
    ]
    whole = scored(posts, BUY, FLOOD, samples=most)
    parts = [scored([], BUY, FLOOD, samples=most)] + [
        scored([post for post in posts if post.account_id == number], BUY, FLOOD, samples=most)
        for number in (3, 1, 2)
    ]
    assert untimed(merged(parts, samples=most)) == untimed(whole)
    paged = Scorer([read_rule(each, Vocabulary()) for each in (BUY, FLOOD)], samples=most)
    for post in sorted(posts, key=lambda post: (post.account_id, post.id)):
        paged.add(author(post.account_id), [post])
    assert untimed(paged.result()) == untimed(whole)


@given(wrote, st.lists(steps, max_size=10), st.sampled_from([MINUTE, 10 * MINUTE, DAY]))
def test_counters_are_what_counting_anew_gives(
    drawn: list[tuple[int, int, bool]], reported: list[int], window: int
) -> None:
    ordered = sorted(drawn)
    posts = [
        past(NOW + step, id=floor_at(NOW + step) + place, media=media, is_reply=answers)
        for place, (step, media, answers) in enumerate(ordered)
    ]
    who = author(reported=tuple(sorted(NOW + each for each in reported)), wrote=(NOW - 5,), posts=1)
    names = ("posts_by", "replies_by", "media_by", "reports_on")
    moments = Moments(who, Needs(counters=frozenset((name, window) for name in names)), Aids())
    for place, post in enumerate(posts):
        features, at = moments.of(post).features(), time_of(post.id)
        before = [each for each in posts[:place] if at - window <= time_of(each.id) < at]
        lead = at - window <= NOW - 5
        expected = {
            "posts_by": len(before) + lead,
            "replies_by": sum(each.is_reply for each in before),
            "media_by": sum(each.media > 0 for each in before),
            "reports_on": sum(at - window <= each < at for each in who.reported),
        }
        for name, count in expected.items():
            assert features.get(f"{name}.{window // 1000}s") == count, name
        assert features.get("author.posts") == place + 1


def test_counters_stop_and_people_come_and_go() -> None:
    who = author(
        wrote=tuple(range(NOW - 2_000, NOW)), followers=4, followed=(NOW - 1, NOW + 1), follows=(1,)
    )
    moments = Moments(who, Needs(counters=frozenset({("posts_by", DAY)})), Aids())
    features = moments.of(past(NOW, visibility="")).features()
    assert features.get(f"posts_by.{DAY // 1000}s") == COUNTED_TO
    assert (features.get("author.followers"), features.get("author.following")) == (5, 1)
    assert features.get("author.age_days") == 2.0
    features.get("post.visibility")
    features.get("post.unheard")
    assert features.take_lacked() == ("post.visibility", "post.unheard")


def test_the_text_model_judges_the_past_as_it_would_today() -> None:
    source = CALM.replace("mood", "text_model").replace("calm", "violence")
    spec = Spec((source,), 2, (("text_model", frozenset({"violence"})),))
    scorer = spec.read().scorer()
    scorer.add(author(), [past(NOW, "I will kill you tonight"), past(NOW + 1, "good morning")])
    (side,) = scorer.result().sides
    assert [each.words for each in side.caught.samples] == ["I will kill you tonight"]
    assert side.skipped == 0
