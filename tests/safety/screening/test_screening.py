"""What is said is judged before it is seen; what is found is kept, and restricts nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.harness.neighbours import Place
from tests.safety.moderating import queue, report
from tests.safety.screening.listener import Broken, Listener, judged_by

from rostra.kernel.clock import DAY
from rostra.network.posts.model import Draft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.screened import screened
from rostra.safety.cases.rank import rank_of
from rostra.safety.categories.model import Category
from rostra.safety.screening import access
from rostra.safety.screening.access import Shown
from rostra.safety.screening.forget import Tidy
from rostra.safety.screening.look import SURE_ABOVE
from rostra.safety.signals.model import Cost, Takes
from rostra.safety.states import keep as states
from rostra.safety.states.keep import Part
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import query
from rostra.store.tables.screening import screening_judgements

THREAT = "i will kill you"
HARM = {"kill": {"violence": 0.97, "hate": 0.2}, "stupid": {"harassment": 0.6}}
COUNT = query(select(func.count()).select_from(screening_judgements), int)


@pytest.fixture
def listener() -> Listener:
    """What judges."""
    return Listener(HARM)


@pytest.fixture
async def place(database_url: str, data_dir: Path, listener: Listener) -> AsyncIterator[Place]:
    """A place where it judges."""
    async with judged_by(data_dir, database_url, listener) as made:
        yield made


async def of_post(place: Place, post: dict[str, Any]) -> list[Shown]:
    async with place.db.read() as reader:
        return await access.of_subject(reader, Subject(SubjectKind.POST, int(post["id"])))


async def count(place: Place) -> int:
    async with place.db.read() as reader:
        return int(await reader.value(COUNT))


async def test_what_is_found_is_kept_with_the_post(place: Place) -> None:
    ann = await place.member("ann")
    post = await ann.post("Yes: k1ll them all", spoiler_text="careful")
    [shown] = await of_post(place, post)
    [heard] = shown.judgement.heard
    assert (heard.signal, heard.version, heard.score) == ("listener", "1", 0.97)
    assert shown.text == "careful\n\nYes: k1ll them all"
    assert [(each.text, each.weight) for each in shown.passages(heard)] == [
        ("careful\n\nYes: ", 0.0),
        ("k1ll", 1.0),
        (" them all", 0.0),
    ]
    assert shown.judgement.score == 970
    assert shown.judgement.account_id == ann.account_id


async def test_what_passes_is_counted_too(place: Place) -> None:
    ann = await place.member("ann")
    post = await ann.post("a fine day")
    [shown] = await of_post(place, post)
    assert [each.scores for each in shown.judgement.heard] == [{}]
    assert await queue(place) == []


async def test_a_score_above_the_threshold_opens_a_case_and_restricts_nothing(
    place: Place,
) -> None:
    ann, bob = await place.members("ann", "bob")
    post = await ann.post(THREAT)
    assert (await bob.get(f"/api/v1/statuses/{post['id']}"))["visibility"] == "public"
    [case] = await queue(place)
    assert case.subject == Subject(SubjectKind.POST, int(post["id"]))
    assert case.status.category == Category.VIOLENCE_INCITEMENT
    assert case.status.score == 970
    [reason] = [each for each in case.why if each.name == "signals"]
    assert reason.sooner_ms > 0


async def test_a_score_below_the_threshold_opens_none(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("you are stupid")
    assert await queue(place) == []


async def test_a_threshold_can_be_switched_off(
    database_url: str, data_dir: Path, listener: Listener
) -> None:
    environ = {"ROSTRA_SCREENING__VIOLENCE": "0"}
    async with judged_by(data_dir, database_url, listener, **environ) as place:
        ann = await place.member("ann")
        post = await ann.post(THREAT)
        assert await queue(place) == []
        assert len(await of_post(place, post)) == 1


async def test_a_sure_score_comes_before_an_unsure_one(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    plain = await ann.post("a fine day")
    await report(bob, ann, plain["id"], category="violation")
    [case] = await queue(place)
    rank, _ = rank_of(case.status)
    ranks = []
    for score in (0, 500, 1000):
        status = type(case.status)(**{**_fields(case.status), "score": score})
        ranks.append(rank_of(status)[0])
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == rank > ranks[1] > ranks[2]


def _fields(status: Any) -> dict[str, Any]:
    return {name: getattr(status, name) for name in status.__struct_fields__}


async def test_an_edit_is_judged_and_joins_the_case(place: Place) -> None:
    ann = await place.member("ann")
    post = await ann.post("a fine day")
    await ann.edit(post["id"], THREAT)
    newest, oldest = await of_post(place, post)
    assert (newest.judgement.what, oldest.judgement.what) == ("edit", "post")
    assert newest.text == THREAT
    assert not oldest.text, "these words are gone"
    assert len(await queue(place)) == 1


async def test_the_words_of_a_poll_are_judged(place: Place, listener: Listener) -> None:
    ann = await place.member("ann")
    poll = {"options": ["tea", "kill"], "expires_in": 3600}
    post = await ann.post("what now?", poll=poll)
    assert listener.texts == ["what now?\n\ntea\n\nkill"]
    [shown] = await of_post(place, post)
    assert shown.judgement.score == 970
    assert shown.text == "what now?\n\ntea\n\nkill"


async def test_a_profile_is_judged_once_its_words_change(place: Place, listener: Listener) -> None:
    ann = await place.member("ann")
    await ann.change(display_name="Ann", note=THREAT)
    assert listener.texts == [f"ann\n\nAnn\n\n{THREAT}"]
    await ann.change(locked=True)
    assert len(listener.texts) == 2, "it is looked at"
    assert await count(place) == 1, "nothing else is said"
    [case] = await queue(place)
    assert case.subject == Subject(SubjectKind.ACCOUNT, ann.account_id)
    async with place.db.read() as reader:
        [shown] = await access.of_subject(reader, case.subject)
    assert shown.text == f"ann\n\nAnn\n\n{THREAT}"


async def test_it_goes_with_the_post(place: Place) -> None:
    ann = await place.member("ann")
    post = await ann.post(THREAT)
    kept = await ann.post("a fine day")
    await ann.delete(post["id"])
    assert await of_post(place, post) == []
    assert len(await of_post(place, kept)) == 1


async def test_it_goes_when_its_days_are_over(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post(THREAT)
    place.clock.advance(80 * DAY)
    await ann.post("a fine day")
    place.clock.advance(11 * DAY)
    async with place.db.write() as tx:
        await tx.enqueue("screening.tidy", Tidy())
    await place.app.work()
    assert await count(place) == 1


async def test_other_words_than_those_looked_at_are_judged(
    place: Place, listener: Listener
) -> None:
    """What is judged is what is written, whatever was looked at before."""
    ann = await place.member("ann")
    services = place.services
    harmless = await screened(
        services, ann.account_id, prepare(services.settings, Draft(text="a fine day"))
    )
    other = prepare(services.settings, Draft(text=THREAT))
    swapped = type(harmless)(other, harmless.look)
    async with place.db.write() as tx:
        post_id = await publish(services, tx, ann.account_id, swapped)
    assert listener.texts == ["a fine day", THREAT]
    [shown] = await of_post(place, {"id": post_id})
    assert shown.judgement.score == 970


async def test_what_changed_meanwhile_judges_anew(place: Place, listener: Listener) -> None:
    ann = await place.member("ann")
    services = place.services
    draft = await screened(services, ann.account_id, prepare(services.settings, Draft(text=THREAT)))
    async with place.db.write() as tx:
        await states.changed(services, tx, Part.LISTS)
    async with place.db.write() as tx:
        post_id = await publish(services, tx, ann.account_id, draft)
    assert listener.texts == [THREAT, THREAT]
    [shown] = await of_post(place, {"id": post_id})
    assert shown.judgement.registry > 0


async def test_a_signal_that_breaks_keeps_nobody_from_posting(
    database_url: str, data_dir: Path, listener: Listener
) -> None:
    broken = Broken(name="broken")
    async with judged_by(data_dir, database_url, broken, listener) as place:
        ann = await place.member("ann")
        post = await ann.post(THREAT)
        [shown] = await of_post(place, post)
        told = {each.signal: (each.failed, each.score) for each in shown.judgement.heard}
        assert told == {"broken": (True, 0.0), "listener": (False, 0.97)}


@pytest.mark.parametrize(
    ("score", "asked"), [(SURE_ABOVE, 0), (0.5, 1), (0.01, 0)], ids=["sure", "unsure", "harmless"]
)
async def test_dear_signals_are_asked_where_cheap_ones_are_unsure(
    database_url: str, data_dir: Path, score: float, asked: int
) -> None:
    cheap = Listener({"kill": {"violence": score}})
    dear = Listener(HARM, name="dear", cost=Cost.MILLISECONDS)
    slow = Listener(HARM, name="slow", cost=Cost.SLOW)
    async with judged_by(data_dir, database_url, slow, dear, cheap) as place:
        ann = await place.member("ann")
        await ann.post(THREAT)
        assert (len(dear.heard), len(slow.heard)) == (asked, 0)


async def test_signals_of_accounts_know_the_author(database_url: str, data_dir: Path) -> None:
    knowing = Listener(takes=Takes.TEXT | Takes.ACCOUNT)
    async with judged_by(data_dir, database_url, knowing) as place:
        ann, bob = await place.members("ann", "bob")
        await bob.relate("follow", ann)
        await ann.post("one")
        place.clock.advance(DAY)
        await ann.post("two")
        await ann.post("three")
        author = knowing.heard[-1].author
        assert author is not None
        assert (author.posts, author.burst, author.followers, author.following) == (2, 1, 1, 0)
        assert author.age > DAY


async def test_the_same_said_to_many_in_private_is_seen(database_url: str, data_dir: Path) -> None:
    knowing = Listener(takes=Takes.TEXT | Takes.ACCOUNT)
    async with judged_by(data_dir, database_url, knowing) as place:
        ann, *others = await place.members("ann", "bob", "cem", "dan")
        for each in others:
            await ann.post(f"@{each.username} look at this offer", visibility="direct")
        author = knowing.heard[-1].author
        assert author is not None
        assert (author.posts, author.alike, author.reached) == (0, 2, 3)


async def test_where_nothing_judges_nothing_is_kept(database_url: str, data_dir: Path) -> None:
    async with judged_by(data_dir, database_url) as place:
        ann = await place.member("ann")
        await ann.post("first")
        with place.app.counted() as nothing:
            await ann.post(THREAT)
        assert await count(place) == 0
    async with judged_by(data_dir, database_url, Listener(HARM)) as place:
        cat = await place.member("cat")
        await cat.post("first")
        with place.app.counted() as judged:
            await cat.post("a fine day")
    assert judged.statements == nothing.statements + 1, "a row, and no more"


async def test_other_words_beside_a_text_make_no_other_text(
    database_url: str, data_dir: Path
) -> None:
    listener = Listener(takes=Takes.ACCOUNT)
    async with judged_by(data_dir, database_url, listener) as place:
        ann = await place.member("ann")
        for number in range(3):
            options = {"options": [f"yes {number}", "no"], "expires_in": 3600}
            await ann.post("Come to the old market tonight", poll=options)
        alike = [each.author.alike for each in listener.heard if each.author]
        assert alike == [0, 1, 2]
