"""What was found in words, as it is judged and as it is kept."""

from zlib import crc32

import msgspec

from rostra.network.screening import Look, Said, Verdict
from rostra.safety.copies.sketch import Sketch
from rostra.safety.rules.outcome import Effect, EffectKind
from rostra.safety.screening.registry import EMPTY, Registry
from rostra.safety.signals.model import Finding, Span


class Heard(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a signal said, or that it had nothing to say.

    Attributes:
        signal: its name.
        version: of what it judged by.
        us: what that took, in microseconds.
        failed: it broke; nothing is known of these words by it.
        scores, spans, reason, targets: as in `Finding`.
    """

    signal: str
    version: str
    us: int
    failed: bool = False
    scores: dict[str, float] = {}
    spans: tuple[Span, ...] = ()
    reason: str = ""
    targets: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """The highest of its scores, from 0 to 1."""
        return max(self.scores.values(), default=0.0)


class Caught(msgspec.Struct, frozen=True):
    """A rule that has caught words.

    Attributes:
        live: it does what it asks for; else it is in shadow, and this is all that happens.
        actor_id: who switched it on; 0: somebody at a terminal.
        description: what it is for, in its own words.
        effects: what it asks for.
    """

    rule_id: int
    version: int
    name: str
    live: bool
    actor_id: int
    description: str
    effects: tuple[Effect, ...]

    def asks(self, kind: EffectKind) -> bool:
        """Whether it does this."""
        return self.live and any(each.kind is kind for each in self.effects)


class Told(msgspec.Struct, frozen=True):
    """A rule that has caught words, as it is kept."""

    rule_id: int
    version: int
    name: str
    live: bool
    effects: tuple[str, ...]


class Seen(Look, frozen=True):
    """What the signals that need no database said of words."""

    said: Said | None = None
    registry: Registry = EMPTY
    heard: tuple[Heard, ...] = ()
    spent_ns: int = 0
    sketch: Sketch | None = None


class Judged(Verdict, frozen=True):
    """All that was found in words that are published now."""

    said: Said | None = None
    registry: Registry = EMPTY
    heard: tuple[Heard, ...] = ()
    caught: tuple[Caught, ...] = ()
    cost_us: int = 0


class Judgement(msgspec.Struct, frozen=True):
    """A judgement as it is stored. Times are UTC ms."""

    id: int
    subject_kind: int
    subject_id: int
    account_id: int
    what: str
    checksum: int  # of the words that were judged
    registry: int  # the newest version of what was judged by
    score: int  # the highest one, in thousandths
    findings: str  # JSON: see `heard`
    rules: str  # JSON: see `told`
    cost_us: int
    created_at: int

    @property
    def heard(self) -> tuple[Heard, ...]:
        """What each signal said."""
        return _heard(self.findings)

    @property
    def told(self) -> tuple[Told, ...]:
        """The rules that caught it."""
        return _told(self.rules)


_heard = msgspec.json.Decoder(tuple[Heard, ...]).decode
_told = msgspec.json.Decoder(tuple[Told, ...]).decode


def heard_of(finding: Finding, us: int) -> Heard:
    """A finding as it is kept."""
    return Heard(
        finding.signal,
        finding.version,
        us,
        scores=finding.scores,
        spans=finding.spans,
        reason=finding.reason,
        targets=finding.targets,
    )


def told_of(caught: Caught) -> Told:
    """A rule as it is kept."""
    kinds = tuple(str(each.kind) for each in caught.effects)
    return Told(caught.rule_id, caught.version, caught.name, caught.live, kinds)


def checksum(text: str) -> int:
    """Tells whether words are those that were judged."""
    return crc32(text.encode(errors="replace"))
