"""What tests of stored rules do again and again."""

from typing import Any

from tests.harness.neighbours import Place

from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.safety.edge import Transaction
from rostra.safety.rules import edit, held, switch
from rostra.safety.rules.count import counted
from rostra.safety.rules.features import Features
from rostra.safety.rules.model import Asked, LiveRule, State, StoredRule
from rostra.safety.rules.rule import evaluate
from rostra.safety.states import keep
from rostra.safety.team.model import Actor
from rostra.safety.tryout.begin import keep_done
from rostra.safety.tryout.history import Period
from rostra.safety.tryout.model import Result, Side

LINKS = '''"""Many links."""
when(length(post.links) > 1)
case(category="spam")
catches("https://a.example and https://b.example")
spares("https://a.example")
'''
MORE_LINKS = LINKS.replace("> 1", "> 0").replace('spares("https://a.example")', 'spares("no link")')


def admin(number: int = 7) -> Actor:
    """Somebody who may switch rules."""
    return Actor(number, Role.ADMIN)


def owner(number: int = 7) -> Actor:
    """Somebody who may have a rule go live that was not tried."""
    return Actor(number, Role.OWNER)


async def add(place: Place, name: str = "links", source: str = LINKS, **more: Any) -> StoredRule:
    """A new rule."""
    place.clock.advance(1)
    given = {"name": name, "source": source, "reason": "Spam in July", **more}
    async with place.db.write() as tx:
        return await edit.add(place.services, tx, admin(), **given)


async def change(place: Place, rule: StoredRule, source: str, **more: Any) -> StoredRule:
    """Another source."""
    place.clock.advance(1)
    given = {"version": rule.version, "source": source, "reason": "One is enough", **more}
    async with place.db.write() as tx:
        return await edit.change(place.services, tx, given.pop("actor", admin()), rule.id, **given)


async def to(place: Place, rule: StoredRule, state: State, **more: Any) -> StoredRule:
    """Another state."""
    place.clock.advance(1)
    given = {"version": rule.version, "state": state, "reason": "It is time", **more}
    async with place.db.write() as tx:
        actor = given.pop("actor", admin())
        return await switch.switch(place.services, tx, actor, rule.id, **given)


async def tried(place: Place, source: str = LINKS, back: int = DAY) -> list[str]:
    """Rules that say this were tried on the past, so far back (ms); their names."""
    now = place.clock.now()
    period, found = Period(now - back, now), Result(sides=(Side(),))
    async with place.db.write() as tx:
        return await keep_done(place.services, tx, [source], period, found)


async def live(place: Place, **more: Any) -> StoredRule:
    """A rule that was tried on the past, was in shadow and is live."""
    made = await add(place, **more)
    await tried(place, more.get("source", LINKS))
    return await to(place, await to(place, made, State.SHADOW), State.LIVE)


async def in_force(place: Place) -> tuple[LiveRule, ...]:
    """What every post is asked."""
    async with place.db.read() as reader:
        return await held.HELD.of(place.services, reader, await keep.versions(reader))


async def ask(place: Place, *, by: int = 0, **values: Any) -> frozenset[int]:
    """Ask all rules about a post of a member, or of another one each time; those put back."""
    async with place.db.write() as tx:
        return await ask_in(place, tx, by=by, **values)


async def ask_in(place: Place, tx: Transaction, *, by: int = 0, **values: Any) -> frozenset[int]:
    """The same within a transaction; the first `_` of a feature's name stands for its dot."""
    rules = await held.HELD.of(place.services, tx, await keep.versions(tx))
    known = {name.replace("_", ".", 1): value for name, value in values.items()}
    answers = [Asked(each, evaluate(each.rule, Features(known)).verdict, 2_000) for each in rules]
    return await counted(place.services, tx, by or place.services.ids.next(), answers)
