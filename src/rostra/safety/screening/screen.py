"""The screen that the network asks."""

import asyncio
import logging
import struct
from collections.abc import Sequence
from time import perf_counter_ns
from typing import Final

from rostra.network.screening import PASSED, About, Look, Said, Verdict, What
from rostra.safety.copies.recall import recall
from rostra.safety.edge import Services, Transaction
from rostra.safety.rules.count import counted
from rostra.safety.rules.model import LiveRule, State
from rostra.safety.rules.outcome import EffectKind, Outcome
from rostra.safety.rules.outcome import Verdict as RuleVerdict
from rostra.safety.screening import authors, keep
from rostra.safety.screening.asking import Found, known
from rostra.safety.screening.asking import ask as ask_rules
from rostra.safety.screening.look import ask, broken, look_at, material_of
from rostra.safety.screening.model import Caught, Heard, Judged, Seen
from rostra.safety.screening.registry import Registries, Registry
from rostra.safety.signals.model import AuthorFacts, Signal, Takes

_NS_IN_US: Final = 1_000
_BY_A_ROW: Final = (LookupError, TypeError, ValueError, ArithmeticError, struct.error)
"""What a row that is not as it should be can raise. What the database itself raises ends the
transaction, whoever catches it."""

_log = logging.getLogger(__name__)


class Screening:
    """Implements `rostra.network.screening.Screen`.

    Args:
        built_in: signals that are there wherever this process runs.
    """

    def __init__(self, built_in: Sequence[Signal] = ()) -> None:
        self.registries = Registries(built_in)
        self._services: Services | None = None
        self._making = asyncio.Lock()

    def bind(self, services: Services) -> None:
        """Give the parts of the house, once they are composed."""
        self._services = services

    @property
    def services(self) -> Services:
        """The parts of the house."""
        assert self._services is not None  # noqa: S101 (composed before anything is asked)
        return self._services

    async def ready(self) -> None:
        """See `Screen`. One small statement; many that come at once make what is new once."""
        async with self.services.db.read() as reader:
            if await self.registries.is_current(self.services, reader):
                return
        async with self._making, self.services.db.read() as reader:
            await self.registries.current(self.services, reader)

    @property
    def idle(self) -> bool:
        """See `Screen`."""
        return self.registries.lately(self.services).idle

    def look(self, said: Said) -> Look:
        """See `Screen`."""
        return look_at(self.registries.lately(self.services), said)

    async def judge(self, tx: Transaction, said: Said, about: About, look: Look) -> Verdict:
        """See `Screen`."""
        registry = await self.registries.current(self.services, tx)
        if registry.idle:
            return PASSED
        seen = _seen(registry, said, look)
        heard, spent_ns = seen.heard, seen.spent_ns
        author = None
        if registry.asks_author:
            author = await authors.read(self.services, tx, said.account_id)
        if registry.of_rows:
            facts = None
            if registry.takes_account:
                facts = await authors.facts(self.services, tx, said, author)
            answers, took_ns = await _of_rows(tx, registry, seen, said, facts)
            heard += answers
            spent_ns += took_ns
        caught: tuple[Caught, ...] = ()
        if registry.rules:
            began = perf_counter_ns()
            caught = await self._ask_rules(tx, registry, said, about, heard, author=author)
            spent_ns += perf_counter_ns() - began
        return Judged(
            hold=said.what is What.POST and any(each.asks(EffectKind.HOLD) for each in caught),
            said=said,
            registry=registry,
            heard=heard,
            caught=caught,
            cost_us=spent_ns // _NS_IN_US,
        )

    async def _ask_rules(
        self,
        tx: Transaction,
        registry: Registry,
        said: Said,
        about: About,
        heard: tuple[Heard, ...],
        *,
        author: authors.Author | None,
    ) -> tuple[Caught, ...]:
        """The rules that caught it. One that has caught too much by this is in shadow from now."""
        values = await known(self.services, tx, registry.needs, said, about, author=author)
        answers = ask_rules(registry.rules, values, Found(said.text, heard, registry.lookup))
        back = await counted(self.services, tx, said.account_id, [asked for asked, _ in answers])
        return tuple(
            caught_by(asked.rule, outcome, live=asked.rule.rule_id not in back)
            for asked, outcome in answers
            if outcome.verdict is RuleVerdict.CAUGHT
        )

    async def note(self, tx: Transaction, verdict: Verdict, post_id: int = 0) -> None:
        """See `Screen`."""
        if isinstance(verdict, Judged):
            await keep.keep(self.services, tx, verdict, post_id)


def caught_by(rule: LiveRule, outcome: Outcome, *, live: bool) -> Caught:
    """What a rule asks for; ``live``: it is not put back to shadow by this."""
    return Caught(
        rule_id=rule.rule_id,
        version=rule.version,
        name=rule.name,
        live=live and rule.state is State.LIVE,
        actor_id=rule.switched_on_by,
        description=rule.rule.description,
        effects=outcome.effects,
    )


async def _of_rows(
    tx: Transaction, registry: Registry, seen: Seen, said: Said, facts: AuthorFacts | None
) -> tuple[tuple[Heard, ...], int]:
    """What the signals say that know the author and what was removed; how long that took, in ns.

    A look at what was removed that breaks keeps nobody from publishing: that is noted, and shown.
    """
    signals, like = registry.of_rows, None
    failed: tuple[Heard, ...] = ()
    if registry.takes_copies:
        try:
            like = await recall(tx, seen.sketch)
        except _BY_A_ROW:
            _log.exception("what was removed before can't be compared with")
            failed = tuple(broken(each) for each in signals if each.takes & Takes.COPIES)
            signals = tuple(each for each in signals if not each.takes & Takes.COPIES)
    began = perf_counter_ns()
    heard = ask(signals, material_of(said, facts, like))
    return (*heard, *failed), perf_counter_ns() - began


def _seen(registry: Registry, said: Said, before: Look) -> Seen:
    """What was looked at before, if it is these words and by what judges now."""
    if isinstance(before, Seen) and before.registry is registry and before.said == said:
        return before
    return look_at(registry, said)
