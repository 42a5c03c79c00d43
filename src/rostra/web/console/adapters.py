"""Programs elsewhere that are asked about posts, in the console: whether they answer, how fast."""

from typing import Any, Final

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.safety.adapters import access
from rostra.safety.adapters.access import Doing
from rostra.safety.adapters.model import State
from rostra.safety.team.model import Permission
from rostra.web.call import PageCall
from rostra.web.console.common import look_of, tabs, who
from rostra.web.console.screening_menu import SCREENING, parts
from rostra.web.console.signals_page import took
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console_held import AdaptersPage, AdapterView

_STATES: Final = {
    State.NEW: ("Not asked so far", ""),
    State.ANSWERING: ("Answers", ""),
    State.FAILING: ("Fails", "warn"),
    State.RESTING: ("Left alone for a while", "bad"),
    State.PROBING: ("One question will tell", "warn"),
}
_US_IN_MS: Final = 1_000


async def show(call: PageCall[NoParams]) -> Response:
    """The page."""
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.SEE_CASES)
        found = await access.doing(call.services, reader)
    page = AdaptersPage(
        tabs=tabs("screening", actor),
        parts=parts("adapters", actor),
        look=look_of(call.request),
        adapters=[adapter_view(each, call.now) for each in found],
        days=access.DAYS,
    )
    return await call.page(page)


def adapter_view(doing: Doing, now: int) -> AdapterView:
    """One of them."""
    adapter, circuit, figures = doing.adapter, doing.circuit, doing.figures
    state, tone = _STATES[doing.state]
    return AdapterView(
        name=adapter.name,
        host=doing.host,
        model=adapter.model,
        state=state,
        tone=tone,
        asked=_asked(doing),
        waiting=doing.waiting,
        most_waiting=adapter.most_waiting,
        answered=figures.answered,
        late=figures.late,
        failed=figures.failed,
        given_up=figures.given_up,
        skipped=figures.skipped,
        mean=_took(figures.mean_ms),
        slowest=_took(figures.slowest_ms or None),
        failure=circuit.failure,
        failed_at=circuit.failed_at,
        answered_at=circuit.answered_at,
        retry_at=circuit.retry_at if circuit.retry_at > now else 0,
    )


def _asked(doing: Doing) -> str:
    """Which posts it is asked about."""
    share, kinds = doing.adapter.share, ", ".join(doing.adapter.visibilities)
    if not share:
        return f"What rules send there ({kinds})"
    many = "All posts" if share == 1 else f"{share:.1%} of posts"
    return f"{many} that are {kinds}"


def _took(ms: int | None) -> str:
    return took(None if ms is None else ms * _US_IN_MS)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, f"{SCREENING}/adapters", show, MEMBER, params=NoParams),
)
