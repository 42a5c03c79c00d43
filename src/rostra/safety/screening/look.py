"""Asks the signals: pure, but for the time that it takes."""

import logging
from collections.abc import Iterable
from time import perf_counter_ns
from typing import Final

from rostra.network.screening import Said
from rostra.safety.copies.sketch import Sketch, sketch_of
from rostra.safety.screening.model import Heard, Seen, heard_of
from rostra.safety.screening.registry import Registry
from rostra.safety.signals.model import AuthorFacts, Cost, Like, Material, NotReady, Signal
from rostra.safety.signals.normal import normalise

SURE_ABOVE: Final = 0.95
SURE_BELOW: Final = 0.05
"""Where the cheap signals have scores, and all of them are beyond these, no other is asked."""

_NS_IN_US: Final = 1_000
_log = logging.getLogger(__name__)


def look_at(registry: Registry, said: Said) -> Seen:
    """What the signals say that need no rows, and what the others are looked up by."""
    began = perf_counter_ns()
    material = material_of(said)
    heard = ask(registry.of_words, material)
    of = _sketched(said, material) if registry.takes_copies else None
    return Seen(said, registry, heard, perf_counter_ns() - began, of)


def _sketched(said: Said, material: Material) -> Sketch | None:
    written = normalise(said.written) if said.beside else material.normal
    return sketch_of(written, material.normal)


def material_of(
    said: Said, author: AuthorFacts | None = None, like: Like | None = None
) -> Material:
    """What is given to signals."""
    return Material(
        text=said.text,
        kind=str(said.what),
        language=said.language,
        author_id=said.account_id,
        links=said.links,
        author=author,
        like=like,
    )


def ask(signals: Iterable[Signal], material: Material) -> tuple[Heard, ...]:
    """What each says of a material, the cheap ones first; the dear ones only where it is unsure."""
    heard: list[Heard] = []
    for signal in signals:
        if signal.cost is Cost.SLOW or (signal.cost > Cost.MICROSECONDS and _sure(heard)):
            continue
        heard.append(_one(signal, material))
    return tuple(heard)


def _sure(heard: Iterable[Heard]) -> bool:
    scores = [each.score for each in heard if each.scores]
    return bool(scores) and (max(scores) >= SURE_ABOVE or max(scores) <= SURE_BELOW)


def _one(signal: Signal, material: Material) -> Heard:
    """What one says. One that breaks keeps nobody from publishing: that is noted, and shown."""
    began = perf_counter_ns()
    try:
        finding = signal.judge(material)
    except NotReady:
        return broken(signal, _us(began))
    except Exception:  # noqa: BLE001 (whatever it is: publishing goes on)
        _log.exception("a signal broke", extra={"signal": signal.name})
        return broken(signal, _us(began))
    if finding is None:
        return Heard(signal.name, signal.version, _us(began))
    return heard_of(finding, _us(began))


def broken(signal: Signal, us: int = 0) -> Heard:
    """That a signal could not answer; what it says of these words is not known."""
    return Heard(signal.name, signal.version, us, failed=True)


def _us(began: int) -> int:
    return (perf_counter_ns() - began) // _NS_IN_US
