"""A rule is tried on the past from its page in the console, which tells what came of that."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.errors import Conflict
from rostra.safety.rules.faults import Faulty
from rostra.safety.tryout import begin
from rostra.safety.tryout.kept import State, Tryout
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, lead, who
from rostra.web.route import MEMBER, POST, Route
from rostra.web.views.console_screening import RuleTryoutRow

_RULES: Final = f"{HERE}/screening/rules"
TRYOUTS: Final = f"{HERE}/screening/tryouts"
SHOWN: Final = 5
_WORDS: Final = {
    State.WAITING: "Waits for its turn",
    State.RUNNING: "Runs: {done:,} of {total:,} posts",
    State.DONE: "Would have caught {caught:,} of {total:,} posts",
    State.CANCELLED: "Given up",
    State.FAILED: "Failed: {failure}",
}


class OfRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule."""

    id: Id


def rows(found: Iterable[Tryout]) -> list[RuleTryoutRow]:
    """Try-outs as the page of their rule shows them."""
    return [_row(each) for each in found]


def _row(tryout: Tryout) -> RuleTryoutRow:
    result = tryout.found
    words = _WORDS[State(tryout.state)].format(
        done=tryout.done,
        total=tryout.total,
        caught=result.sides[0].caught.posts if result else 0,
        failure=tryout.failure,
    )
    return RuleTryoutRow(
        url=f"{TRYOUTS}/{tryout.id}",
        of=f"Version {tryout.version}" if tryout.version else "Another source",
        words=words,
        since=tryout.since,
        at=ids.time_of(tryout.id),
    )


async def ask(call: PageCall[OfRule]) -> Response:
    """Ask for a try-out of the version that holds, over the last thirty days."""
    url = f"{_RULES}/{call.params.id}"
    try:
        async with call.services.db.write() as tx:
            await begin.begin(call.services, tx, await who(call, tx), call.params.id)
    except Conflict as error:
        return lead(call, url, error.safe, good=False)
    except Faulty as faulty:
        return lead(call, url, f"It is no rule any more: {faulty}", good=False)
    return lead(call, url, "It is tried on the posts of the last thirty days.")


ROUTES: tuple[Route[Any], ...] = (
    Route(POST, f"{_RULES}/{{id}}/tryouts", ask, MEMBER, params=OfRule),
)
