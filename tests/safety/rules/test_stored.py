"""How a rule lives: added, changed, in shadow, live; who may, what is refused, what is written."""

from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import running
from tests.harness.neighbours import Place
from tests.safety.moderating import moderator
from tests.safety.rules.keeping import (
    LINKS,
    MORE_LINKS,
    add,
    admin,
    change,
    in_force,
    live,
    owner,
    to,
    tried,
)

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.safety.rules import access, edit, held, switch
from rostra.safety.rules.events import RuleSwitched
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.model import MOST_IN_FORCE, Bounds, State, StoredRule, What
from rostra.store.query import number, query
from rostra.store.tables.screening_rules import screening_rule_versions, screening_rules


async def test_a_rule_is_off_until_somebody_tries_it(place: Place) -> None:
    made = await add(place)
    assert (made.state, made.version, made.bounds) == (State.OFF, 1, Bounds())
    assert await in_force(place) == ()
    shadowed = await to(place, made, State.SHADOW)
    (rule,) = await in_force(place)
    assert (rule.rule_id, rule.version, rule.name) == (made.id, 1, "links")
    assert (rule.state, rule.switched_on_by, rule.rule.description) == (
        State.SHADOW,
        7,
        "Many links.",
    )
    told = place.told(RuleSwitched)
    assert await tried(place) == ["links"]
    await to(place, shadowed, State.LIVE)
    assert told == [RuleSwitched(made.id, 1, int(State.LIVE), 7)]
    (rule,) = await in_force(place)
    assert rule.state is State.LIVE
    async with place.db.read() as reader:
        log = await access.log(reader, made.id)
        (version,) = await access.versions(reader, made.id)
    assert [(What(each.what), State(each.state), each.actor_id, each.reason) for each in log] == [
        (What.SWITCHED, State.LIVE, 7, "It is time"),
        (What.SWITCHED, State.SHADOW, 7, "It is time"),
        (What.ADDED, State.OFF, 7, "Spam in July"),
    ]
    assert (version.source, version.reason, version.author_id) == (LINKS, "Spam in July", 7)
    assert version.shadowed_at == shadowed.state_at
    off = await to(place, made, State.OFF)
    assert await in_force(place) == ()
    assert (await to(place, made, State.OFF)).state_at == off.state_at


async def test_nothing_goes_live_that_was_not_tried_on_the_past_and_in_shadow(place: Place) -> None:
    made = await add(place)
    await refused(place, made, "never_tried", "never tried on the past and never in shadow")
    await to(place, made, State.SHADOW)
    await refused(place, made, "never_tried", "was never tried on the past:")
    await tried(place, MORE_LINKS)
    await refused(place, made, "never_tried", "was never tried on the past:")
    assert await tried(place, back=DAY - 1) == ["links"]
    await refused(place, made, "never_tried", "was never tried on the past:")
    assert await tried(place) == ["links"]
    assert (await to(place, made, State.LIVE)).state is State.LIVE
    changed = await change(place, made, MORE_LINKS)
    await refused(place, changed, "never_tried", "was never tried on the past:")
    await to(place, await change(place, changed, LINKS), State.OFF)
    async with place.db.read() as reader:
        now = await access.version(reader, made.id, 3)
        assert await access.lacks(reader, now) == (), "the same was tried, and it was in shadow"


async def test_what_was_tried_alone_goes_live_after_shadow(place: Place) -> None:
    made = await add(place)
    await tried(place)
    await refused(place, made, "never_in_shadow", "was never in shadow:")
    await to(place, made, State.SHADOW)
    assert (await to(place, made, State.LIVE)).state is State.LIVE


async def refused(place: Place, rule: StoredRule, code: str, words: str) -> None:
    with pytest.raises(Conflict) as raised:
        await to(place, rule, State.LIVE)
    assert raised.value.code == code
    assert words in raised.value.safe


async def test_an_owner_may_say_why_not_and_the_log_says_so(place: Place) -> None:
    made, why = await add(place), "The flood is on, and it names one address"
    with pytest.raises(Invalid, match="not tried first"):
        await to(place, made, State.LIVE, untried=True, reason="because", actor=owner())
    with pytest.raises(Forbidden):
        await to(place, made, State.LIVE, untried=True, reason=why)
    at_once = await to(place, made, State.LIVE, untried=True, reason=why, actor=owner())
    assert at_once.state is State.LIVE
    async with place.db.read() as reader:
        (line, *_) = await access.log(reader, made.id)
    assert (line.what, line.actor_id, line.reason) == (What.UNTRIED, 7, why)


async def test_a_live_rule_that_is_changed_goes_on_in_shadow(place: Place) -> None:
    made = await live(place)
    changed = await change(place, made, MORE_LINKS)
    assert (changed.version, changed.state) == (2, State.SHADOW)
    (rule,) = await in_force(place)
    assert (rule.version, rule.state) == (2, State.SHADOW)
    await tried(place, MORE_LINKS)
    again = await to(place, changed, State.LIVE)
    with pytest.raises(Invalid, match="not tried first"):
        await change(place, again, LINKS, stay_live=True, reason="back", actor=owner())
    why = "The old one was right"
    with pytest.raises(Forbidden):
        await change(place, again, LINKS, stay_live=True, reason=why)
    back = await change(place, again, LINKS, stay_live=True, reason=why, actor=owner())
    assert (back.version, back.state) == (3, State.LIVE)
    async with place.db.read() as reader:
        versions = await access.versions(reader, made.id)
        assert (await access.version(reader, made.id, 2)).source == MORE_LINKS
        with pytest.raises(NotFound):
            await access.version(reader, made.id, 9)
    assert [(each.number, bool(each.shadowed_at)) for each in versions] == [
        (3, False),
        (2, True),
        (1, True),
    ]
    assert (await change(place, back, LINKS.replace("\n", "\r\n"))).version == 3


async def test_two_who_change_the_same_rule_do_not_overwrite_each_other(place: Place) -> None:
    made = await add(place)
    await change(place, made, MORE_LINKS)
    with pytest.raises(Conflict) as raised:
        await change(place, made, LINKS.replace("Many", "Some"))
    assert raised.value.safe.endswith("version 2 holds")
    with pytest.raises(Conflict) as raised:
        await to(place, made, State.SHADOW)
    assert raised.value.code == "changed_since"


async def test_what_is_no_rule_is_not_kept(place: Place) -> None:
    with pytest.raises(Faulty, match=r"2:13: there is no feature post\.link;"):
        await add(place, source=LINKS.replace("post.links", "post.link"))
    made = await add(place)
    with pytest.raises(Faulty, match="5:1: this is caught; it must be spared"):
        await change(place, made, LINKS.replace("> 1", "> 0"))
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": "No"}, "Name must be small letters"),
        ({"reason": " "}, "Reason can't be blank"),
        ({"reason": "x" * 501}, "Reason is too long"),
        ({"bounds": Bounds(most_an_hour=0, jump=1)}, "Most an hour must .* Jump must be 0"),
    )
    for more, words in wrong:
        with pytest.raises(Invalid, match=words):
            await add(place, **{"name": "other", **more})
    with pytest.raises(Conflict) as raised:
        await add(place)
    assert raised.value.code == "name_taken"
    async with place.db.read() as reader:
        assert [each.version for each in await access.every(reader)] == [1]
        assert (await access.named(reader, "links")) == made
        with pytest.raises(NotFound):
            await access.named(reader, "other")


async def test_moderators_do_not_write_rules(place: Place) -> None:
    made = await add(place)
    async with place.db.write() as tx:
        given = (place.services, tx, moderator(), made.id)
        with pytest.raises(Forbidden):
            await edit.add(*given[:3], name="x", source=LINKS, reason="x")
        with pytest.raises(Forbidden):
            await edit.change(*given, version=1, source=LINKS, reason="x")
        with pytest.raises(Forbidden):
            await edit.bound(*given, bounds=Bounds(), reason="x")
        with pytest.raises(Forbidden):
            await switch.switch(*given, version=1, state=State.SHADOW, reason="x")
        for verb in (
            edit.bound(place.services, tx, admin(), 1, bounds=Bounds(), reason="x"),
            switch.switch(place.services, tx, admin(), 1, version=1, state=State.OFF, reason="x"),
        ):
            with pytest.raises(NotFound):
                await verb


async def test_bounds_are_changed_with_a_reason(place: Place) -> None:
    made = await live(place)
    bounds = Bounds(most_an_hour=3, jump=0)
    place.clock.advance(1)
    async with place.db.write() as tx:
        await edit.bound(
            place.services, tx, admin(), made.id, bounds=bounds, reason="It is a small place"
        )
    (rule,) = await in_force(place)
    assert (rule.bounds, rule.state) == (bounds, State.LIVE)
    async with place.db.read() as reader:
        log = await access.log(reader, limit=1)
    assert (log[0].what, log[0].reason) == (What.BOUNDED, "It is a small place")


_SPOIL = query(screening_rule_versions.update().values(source="when(post.gone)"))
_REST = query(screening_rules.update().where(screening_rules.c.id == number("id")).values(state=0))
_FORCE = query(screening_rules.update().values(state=1))


async def test_a_rule_that_is_none_any_more_stops_no_other(place: Place) -> None:
    made = await add(place, name="spoilt")
    async with place.db.write() as tx:
        await tx.run(_SPOIL)
    with pytest.raises(Faulty):
        await to(place, made, State.SHADOW)
    async with place.db.write() as tx:
        await tx.run(_FORCE)
    await live(place)
    assert [each.name for each in await in_force(place)] == ["links"]
    async with place.db.read() as reader:
        (fault, *_) = (await held.in_force(place.services, reader)).faulty[made.id]
    assert (fault.line, fault.column) == (1, 6)


async def test_no_more_rules_are_asked_than_posts_can_bear(place: Place) -> None:
    made = [await add(place, name=f"rule{number}") for number in range(MOST_IN_FORCE + 1)]
    async with place.db.write() as tx:
        await tx.run(_FORCE)
        await tx.run(_REST, id=made[-1].id)
    with pytest.raises(Conflict) as raised:
        await to(place, made[-1], State.SHADOW)
    assert raised.value.code == "too_many"
    await to(place, made[0], State.OFF)
    assert (await to(place, made[-1], State.SHADOW)).state is State.SHADOW


SCORED = """
when(signal("account").spam > 0.8)
case(category="spam")
catches("buy", signal("account").spam == 0.9)
spares("buy", signal("account").spam == 0.2)
skips("buy")
"""


async def test_rules_ask_the_signals_of_the_place(data_dir: Path, database_url: str) -> None:
    judging = "account,copies"
    async with running(data_dir, database_url, ROSTRA_SCREENING__SIGNALS=judging) as app:
        place = Place(app)
        await live(place, source=SCORED)
        (rule,) = await in_force(place)
        assert rule.rule.needs.signals == {"account"}
        with pytest.raises(Faulty, match="there is no signal accounts; account may be meant"):
            await add(place, name="other", source=SCORED.replace("account", "accounts"))
        with pytest.raises(Faulty, match="there is no score of account terrorism"):
            await add(place, name="other", source=SCORED.replace(".spam", ".terrorism"))
        of_what = SCORED.replace('"account").spam', '"copies").terrorism')
        await add(place, name="removed", source=of_what)
