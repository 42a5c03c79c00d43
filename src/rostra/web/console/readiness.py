"""What stores, hosts and laws ask for, for those who keep the record."""

from itertools import groupby
from typing import Any

from rostra.hosting.parties.ledger import ledger
from rostra.hosting.parties.model import WORDS, Line
from rostra.hosting.places.file import PlacesError
from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.safety.team.model import Permission
from rostra.safety.transparency import readiness
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, look_of, tabs, who
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console_readiness import AskedView, PartyView, ReadinessPage


async def show(call: PageCall[NoParams]) -> Response:
    """Each line with its evidence, or with what is missing."""
    async with call.read() as reader:
        actor = await who(call, reader)
        if not actor.may(Permission.RECORD):
            raise NotFound(f"readiness for {actor.account_id}")
        parties = await _parties(call, reader)
    lines = await readiness.now(call.services)
    page = ReadinessPage(
        tabs=tabs("readiness", actor),
        look=look_of(call.request),
        asked=[
            AskedView(source, list(some))
            for source, some in groupby(lines, lambda each: each.source)
        ],
        missing=sum(bool(each.missing) for each in lines),
        parties=[_party(each) for each in parties],
    )
    return await call.page(page)


async def _parties(call: PageCall[NoParams], reader: Reader) -> list[Line]:
    try:
        return await ledger(call.services.settings, reader, call.now)
    except PlacesError:  # what is wrong with the file is for whoever can read it: `rostra doctor`
        return []


def _party(line: Line) -> PartyView:
    return PartyView(
        what=WORDS[line.kind],
        party=line.party,
        second=line.second,
        rehearsed_at=line.rehearsed_at,
        noted_by=line.noted_by,
        noted_at=line.noted_at,
        faults=line.faults,
    )


ROUTES: tuple[Route[Any], ...] = (Route(GET, f"{HERE}/readiness", show, MEMBER),)
