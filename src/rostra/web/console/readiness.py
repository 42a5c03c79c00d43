"""What stores, hosts and laws ask for, for those who keep the record."""

from itertools import groupby
from typing import Any

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.safety.team.model import Permission
from rostra.safety.transparency import readiness
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, look_of, tabs, who
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console_readiness import AskedView, ReadinessPage


async def show(call: PageCall[NoParams]) -> Response:
    """Each line with its evidence, or with what is missing."""
    async with call.read() as reader:
        actor = await who(call, reader)
    if not actor.may(Permission.RECORD):
        raise NotFound(f"readiness for {actor.account_id}")
    lines = await readiness.now(call.services)
    page = ReadinessPage(
        tabs=tabs("readiness", actor),
        look=look_of(call.request),
        asked=[
            AskedView(source, list(some))
            for source, some in groupby(lines, lambda each: each.source)
        ],
        missing=sum(bool(each.missing) for each in lines),
    )
    return await call.page(page)


ROUTES: tuple[Route[Any], ...] = (Route(GET, f"{HERE}/readiness", show, MEMBER),)
