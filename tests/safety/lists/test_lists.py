"""How a list lives: made, filled, switched, dropped; who may, what is refused, what is found."""

from collections.abc import Awaitable, Callable
from time import process_time
from typing import Any

import pytest
from tests.harness.neighbours import Place
from tests.safety.lists.keeping import ADMIN, in_force, made, put

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.network.credentials.model import Role
from rostra.safety.lists import access, manage
from rostra.safety.lists.entries import Line, day, read, written
from rostra.safety.lists.held import NAME
from rostra.safety.lists.manage import About, Done
from rostra.safety.lists.model import MOST_LISTS, ListKind
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.features import Features
from rostra.safety.rules.place import words
from rostra.safety.rules.terms import MOST_TEXTS, feature, listed
from rostra.safety.rules.vocabulary import Kind
from rostra.safety.signals.model import Cost, Material, Takes
from rostra.safety.team.model import Actor

ABOUT = About(harm="violence", score=80)


async def test_a_list_is_searched_for_from_the_next_post_on(place: Place) -> None:
    before = await in_force(place)
    assert (before.idle, before.names) == (True, frozenset())
    assert before.signal().judge(Material("kill you", "post")) is None
    threats = await made(place, "threats", "phrases", "kill you", "shoot*")
    await made(place, "scams", "domains", "evil.net", harm="spam", score=60)
    lists = await in_force(place)
    assert await in_force(place) is lists
    signal = lists.signal()
    assert (signal.name, signal.cost) == (NAME, Cost.MICROSECONDS)
    assert signal.takes == Takes.TEXT | Takes.LINK
    text = "I will k!ll y0u, see a.evil.net"
    finding = signal.judge(Material(text, "post", links=("https://a.evil.net/",)))
    assert finding is not None
    assert finding.scores == {"violence": 0.8, "spam": 0.6}
    assert [text[span.start : span.end] for span in finding.spans] == ["k!ll y0u", "a.evil.net"]
    assert finding.reason == "threats: kill you; scams: evil.net"
    assert finding.version == str(lists.version) != "0"
    hidden = signal.judge(Material("look", "post", links=("https://evil.net/x",)))
    assert hidden is not None
    assert (hidden.scores, hidden.spans) == ({"spam": 0.6}, ())
    assert signal.judge(Material("a skill of yours", "post")) is None
    async with place.db.write() as tx:
        await manage.drop(place.services, tx, ADMIN, threats.id)
    after = await in_force(place)
    assert after.names == {"scams"}
    assert after.signal().judge(Material("kill you", "post")) is None


async def test_rules_ask_by_name(place: Place) -> None:
    threats = await made(place, "threats", "phrases", "kill you")
    await made(place, "other", "words", "apple")
    lists = await in_force(place)
    assert lists.lookup("threats", "K I L L you") is True
    assert lists.lookup("other", "kill you") is False
    assert lists.lookup("nothing", "kill you") is None
    test = lists.feature("list.threats")
    assert test is not None
    assert (test("kill you"), test("peace")) == (True, False)
    assert lists.feature("post.text") is None
    async with place.db.write() as tx:
        off = About(harm="violence", enabled=False)
        await manage.change(place.services, tx, ADMIN, threats.id, off)
    lists = await in_force(place)
    assert lists.names == {"threats", "other"}
    assert lists.lookup("threats", "kill you") is None
    assert lists.feature("list.threats") is None


async def test_many_links_are_worked_out_once_for_all_rules(place: Place) -> None:
    for name, kind, entry in (("threats", "phrases", "kill you"), ("scams", "domains", "evil.net")):
        await made(place, name, kind, entry)
    lists = await in_force(place)
    for name in ("threats", "scams"):
        links = [f"https://{name}{number}.example/kill" for number in range(400)]
        asked = listed(name, Kind.TEXTS, feature("post.links"))
        times = []
        for _ in range(40):
            features = Features({"post.links": links}, lists.feature)
            began = process_time()
            assert asked(features) is False
            times.append(process_time() - began)
        assert sum(times[1:]) < 8 * times[0]
        assert asked(
            Features({"post.links": [*links, "http://evil.net", "kill.you"]}, lists.feature)
        )


def test_a_list_is_asked_about_so_many_texts_at_most() -> None:
    texts: list[str] = []

    def test(text: str) -> bool:
        texts.append(text)
        return "399" in text

    values = {"post.links": [f"l{number}" for number in range(400)], "list.x": test}
    assert listed("x", Kind.TEXTS, feature("post.links"))(Features(values)) is True
    assert len(texts) == MOST_TEXTS + 1


RULE = '''"""Threats."""
when(listed(post.text, "threats"))
case(category="threat_to_life")
catches("k1ll you")
spares("peace")
'''


async def test_a_rule_is_tried_with_the_lists_that_there_are(place: Place) -> None:
    async with place.db.read() as reader:
        known = await words(place.services, reader)
    with pytest.raises(Faulty, match="there is no list"):
        known.read(RULE)
    await made(place, "threats", "phrases", "kill you")
    async with place.db.read() as reader:
        known = await words(place.services, reader)
    assert known.read(RULE).needs.lists == {"threats"}


async def test_an_entry_ends_by_itself(place: Place) -> None:
    threats = await made(place, "threats", "phrases")
    end = place.clock.now() + 2 * DAY
    lines = [Line(1, "kill you", ends=day(end)), Line(2, "shoot them")]
    async with place.db.write() as tx:
        await manage.put(place.services, tx, ADMIN, threats.id, lines)
    lists = await in_force(place)
    assert lists.lookup("threats", "kill you") is True
    place.clock.advance(3 * DAY)
    assert await in_force(place) is lists
    assert lists.lookup("threats", "kill you") is False
    assert await put(place, threats, "hang them") == Done(added=1, removed=1)


async def test_files_go_out_and_come_back(place: Place) -> None:
    threats = await made(place, "threats", "phrases", "kill you", "shoot them")
    async with place.db.read() as reader:
        kept = await access.all_entries(reader, threats.id)
        assert await access.count(reader, threats.id) == 2
        assert await access.counts(reader) == {threats.id: 2}
    assert [(each.author_id, each.reason) for each in kept] == [(7, "Seen in July")] * 2
    file = written(kept, as_csv=True)
    assert file == "entry,reason,ends\nkill you,Seen in July,\nshoot them,Seen in July,\n"
    assert written(kept, as_csv=False) == "kill you\nshoot them\n"
    other = await made(place, "other", "phrases", "hang them")
    async with place.db.write() as tx:
        lines = read(file, as_csv=True)
        done = await manage.put(place.services, tx, ADMIN, other.id, lines, replace=True)
        again = await manage.put(place.services, tx, ADMIN, other.id, lines)
        assert (done, again) == (Done(added=2, removed=1), Done(known=2))
        (first,) = await access.entries(tx, other.id, limit=1)
        (second,) = await access.entries(tx, other.id, below=first.id)
        assert {first.text, second.text} == {"kill you", "shoot them"}
        gone = await manage.take_text(place.services, tx, ADMIN, other.id, ["kill you "])
        assert gone == Done(removed=1)
        (left,) = await access.all_entries(tx, other.id)
        assert await manage.take(place.services, tx, ADMIN, other.id, [left.id]) == gone
        with pytest.raises(NotFound):
            await manage.take(place.services, tx, ADMIN, other.id, [left.id])
        with pytest.raises(NotFound):
            await manage.take_text(place.services, tx, ADMIN, other.id, ["kill you"])
    assert not (await in_force(place)).lookup("other", "kill you")


async def _faults(place: Place, work: Callable[[Any], Awaitable[Any]]) -> set[str]:
    with pytest.raises(Invalid) as refused:
        async with place.db.write() as tx:
            await work(tx)
    return set(refused.value.details)


async def test_what_is_wrong_is_told_by_field(place: Place) -> None:
    services = place.services
    threats = await made(place, "threats", "phrases")
    bad = About(harm="fun", score=0, note="x" * 501)
    assert await _faults(
        place, lambda tx: manage.make(services, tx, ADMIN, name="No!", kind="x", about=bad)
    ) == {"name", "kind", "harm", "score", "note"}
    assert await _faults(place, lambda tx: manage.change(services, tx, ADMIN, threats.id, bad)) == {
        "harm",
        "score",
        "note",
    }

    async def lines(tx: Any, *given: Line, **more: Any) -> None:
        await manage.put(services, tx, ADMIN, threats.id, given, **more)

    good, wrong = Line(1, "kill you"), Line(2, "?", ends="soon")
    assert await _faults(place, lambda tx: lines(tx, good, wrong)) == {
        "line_2_entry",
        "line_2_ends",
    }
    assert await _faults(place, lines) == {"entries"}
    assert await _faults(place, lambda tx: lines(tx, good, reason="x" * 501)) == {"reason"}
    async with place.db.read() as reader:
        assert await access.count(reader, threats.id) == 0


async def test_there_are_bounds(place: Place) -> None:
    patterns = await made(place, "patterns", "patterns")
    most = ListKind.PATTERNS.most
    assert (await put(place, patterns, *(f"x{at}y" for at in range(most)))).added == most
    with pytest.raises(Conflict):
        await put(place, patterns, "one more")
    for at in range(MOST_LISTS - 1):
        await made(place, f"list{at}", "words")
    with pytest.raises(Conflict):
        await made(place, "another", "words")


async def test_a_name_is_taken_once(place: Place) -> None:
    await made(place, "threats", "phrases")
    with pytest.raises(Conflict):
        await made(place, "threats", "words")
    async with place.db.read() as reader:
        assert (await access.named(reader, "threats")).of is ListKind.PHRASES
        with pytest.raises(NotFound):
            await access.named(reader, "nothing")
        with pytest.raises(NotFound):
            await access.one(reader, 1)


async def test_only_who_screens_may(place: Place) -> None:
    threats = await made(place, "threats", "phrases", "kill you")
    nobody, services = Actor(8, Role.MODERATOR), place.services
    async with place.db.write() as tx:
        for asked in (
            manage.make(services, tx, nobody, name="mine", kind="words", about=ABOUT),
            manage.change(services, tx, nobody, threats.id, ABOUT),
            manage.drop(services, tx, nobody, threats.id),
            manage.put(services, tx, nobody, threats.id, [Line(1, "hang them")]),
            manage.take(services, tx, nobody, threats.id, [1]),
            manage.take_text(services, tx, nobody, threats.id, ["kill you"]),
        ):
            with pytest.raises(Forbidden):
                await asked
        with pytest.raises(NotFound):
            await manage.drop(services, tx, ADMIN, 1)
