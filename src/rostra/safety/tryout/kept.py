"""Try-outs that were asked for in the console or the API: how far they are, what came of them."""

from enum import IntEnum

import msgspec

from rostra.safety.tryout.model import Group, Result

_decode = msgspec.json.Decoder(Result).decode


class State(IntEnum):
    """How far a try-out is; the numbers stand in rows."""

    WAITING = 0
    RUNNING = 1
    DONE = 2
    CANCELLED = 3
    FAILED = 4

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self >= State.DONE


class Tryout(msgspec.Struct, frozen=True, kw_only=True):
    """One try-out. Times are UTC ms, 0: not yet.

    Attributes:
        rule_id: of a kept rule.
        version: of it; 0: another source, which is not kept with the rule.
        source: what is tried.
        against: the version beside which it is tried; 0: none.
        against_source: what that says.
        since: the first moment of the period.
        until: the first moment after it.
        actor_id: who asked for it.
        state: a `State`.
        total: posts that there are to try; 0: not counted yet.
        done: posts that were tried.
        result: JSON of a `Result`, whose samples are without words; empty: there is none.
        failure: why it could not be done.
    """

    id: int
    rule_id: int
    version: int
    source: str
    against: int
    against_source: str
    since: int
    until: int
    actor_id: int
    state: int = State.WAITING
    total: int = 0
    done: int = 0
    result: str = ""
    failure: str = ""
    ended_at: int = 0

    @property
    def sources(self) -> tuple[str, ...]:
        """What is tried, and beside what."""
        return (self.source, self.against_source) if self.against else (self.source,)

    @property
    def found(self) -> Result | None:
        """What came of it."""
        return _decode(self.result) if self.result else None


def alone(result: Result) -> Result:
    """The same of the first rule, as if it had been tried alone."""
    only: Result = msgspec.structs.replace(
        result, sides=result.sides[:1], both=Group(), first_only=Group(), second_only=Group()
    )
    return only


def encoded(result: Result) -> str:
    """A result as it is kept: posts that are deleted leave no word behind."""
    sides = tuple(
        msgspec.structs.replace(side, caught=_wordless(side.caught)) for side in result.sides
    )
    kept = msgspec.structs.replace(
        result,
        sides=sides,
        both=_wordless(result.both),
        first_only=_wordless(result.first_only),
        second_only=_wordless(result.second_only),
    )
    return msgspec.json.encode(kept).decode()


def _wordless(group: Group) -> Group:
    samples = tuple(msgspec.structs.replace(each, words="") for each in group.samples)
    return msgspec.structs.replace(group, samples=samples)
