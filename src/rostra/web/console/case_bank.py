"""The files of a case go into a bank of hashes, so that they are found when they come again."""

from collections.abc import Sequence
from typing import Any, Final

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Conflict, Invalid
from rostra.network.edge import Reader
from rostra.network.media import access as media_access
from rostra.network.media.model import Media
from rostra.safety.banks import access, items
from rostra.safety.cases.model import Case
from rostra.safety.subjects import SubjectKind
from rostra.safety.team.model import Permission
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, OneParams, case_for, lead, look_of, tabs, who
from rostra.web.faults import form_of, sentence
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_banks import CaseBankPage, CaseFile
from rostra.web.views.forms import Form, Option

_HERE: Final = f"{HERE}/cases/{{id}}/bank"


class BankParams(OneParams, frozen=True, kw_only=True):
    """Which files of which case, into which bank, and why."""

    bank: Id | None = None
    media: tuple[Id, ...] = ()
    reason: str = ""


async def show(call: PageCall[OneParams]) -> Response:
    """Choose files and a bank."""
    return await _show(call, Form())


async def _show(call: PageCall[Any], form: Form) -> Response:
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.BANKS)
        case = await case_for(reader, actor, call.params.id)
        files = await _files(reader, case)
        banks = await access.every(reader)
    page = CaseBankPage(
        tabs=tabs("queue", actor),
        look=look_of(call.request),
        case_url=f"{HERE}/cases/{case.id}",
        files=[CaseFile(id=str(each.id), words=each.description) for each in files],
        banks=[Option(str(each.id), each.name) for each in banks],
        form=form,
    )
    return await call.page(page, 422 if form.errors else 200)


async def _files(reader: Reader, case: Case) -> Sequence[Media]:
    """The files that the subject of a case has."""
    about = case.subject
    if about.kind == SubjectKind.MEDIA:
        return list((await media_access.by_ids(reader, [about.id])).values())
    if about.kind == SubjectKind.POST:
        return (await media_access.by_posts(reader, [about.id])).get(about.id, [])
    return ()


async def add(call: PageCall[BankParams]) -> Response:
    """Add the files to the bank."""
    params = call.params
    here = f"{HERE}/cases/{params.id}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            actor.require(Permission.BANKS)
            case = await case_for(tx, actor, params.id)
            theirs = {each.id for each in await _files(tx, case)}
            added = 0
            for media_id in _chosen(params, theirs):
                made = await items.add_medium(
                    call.services,
                    tx,
                    params.bank or 0,
                    media_id,
                    reason=params.reason,
                    by_id=actor.account_id,
                )
                added += len(made)
    except Conflict as error:
        return lead(call, here, sentence(error.safe), good=False)
    except Invalid as error:
        form = form_of({"bank": str(params.bank or ""), "reason": params.reason}, error)
        return await _show(call, form)
    said = f"{added} hashes are looked for from now on." if added else "They were there already."
    return lead(call, here, said)


def _chosen(params: BankParams, theirs: set[int]) -> list[int]:
    chosen: list[int] = [each for each in params.media if each in theirs]
    if not chosen:
        raise Invalid("media", "Choose a file of this case", "ERR_BLANK")
    return chosen


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, show, MEMBER, OneParams),
    Route(POST, _HERE, add, MEMBER, BankParams),
)
