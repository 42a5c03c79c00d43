"""The editor of rules for screening: plain as a form, with completion where scripts run."""

from typing import Any, Final

import msgspec

from rostra.http.params import Count, Id
from rostra.http.response import JSON, NOT_STORED, Response
from rostra.kernel.errors import Conflict, Invalid
from rostra.network.edge import Reader
from rostra.safety.rules import access, edit
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.glossary import glossary
from rostra.safety.rules.model import HOURLY, JUMP, Bounds, State
from rostra.safety.rules.place import words
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.common import lead, look_of, tabs, who
from rostra.web.console.screening import LIST, OneRule, whole
from rostra.web.console.screening_menu import parts
from rostra.web.console.sources import source_lines
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_screening import ScreeningEditPage, WordGroup
from rostra.web.views.forms import Form

_BEGIN: Final = '''"""What it is for."""
when(matches(post.text, "a pattern"))
case(category="spam")
catches("a post with a pattern")
spares("another post")
'''


class SourceParams(msgspec.Struct, frozen=True, kw_only=True):
    """A source to be checked."""

    source: str = ""


class NewParams(SourceParams, frozen=True, kw_only=True):
    """A new rule, as typed."""

    name: str = ""
    reason: str = ""
    most_an_hour: str = ""
    jump: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class ChangeParams(SourceParams, frozen=True, kw_only=True):
    """What a rule is to say, and which version was changed for it."""

    id: Id
    version: Count = Count(0)
    reason: str = ""
    stay_live: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {
            "source": self.source,
            "version": str(self.version),
            "reason": self.reason,
            "stay_live": self.stay_live,
        }


async def _writes(call: PageCall[Any], reader: Reader) -> Actor:
    actor = await who(call, reader)
    actor.require(Permission.SCREENING)
    return actor


async def new(call: PageCall[Any]) -> Response:
    """The form for a new rule."""
    values = {"source": _BEGIN, "most_an_hour": str(HOURLY), "jump": str(JUMP)}
    return await _editor(call, Form(values=values))


async def _editor(
    call: PageCall[Any], form: Form, *, rule_id: int = 0, faulty: Faulty | None = None
) -> Response:
    async with call.read() as reader:
        actor = await _writes(call, reader)
        rule = await access.one(reader, rule_id) if rule_id else None
        known = await words(call.services, reader)
        if rule is not None and not form.values:
            now = await access.version(reader, rule.id, rule.version)
            form = Form(values={"source": now.source, "version": str(rule.version)})
    wrong = form.errors or form.message or faulty
    page = ScreeningEditPage(
        tabs=tabs("screening", actor),
        parts=parts("rules", actor),
        look=look_of(call.request),
        name=rule.name if rule else "",
        url=f"{LIST}/{rule.id}/edit" if rule else f"{LIST}/new",
        back=f"{LIST}/{rule.id}" if rule else LIST,
        form=form,
        groups=[
            WordGroup(kind=kind, words=[(each.name, each.form, each.words) for each in found])
            for kind, found in glossary(known)
        ],
        live=rule is not None and rule.state is State.LIVE and actor.may(Permission.UNTRIED),
        lines=source_lines(form.value("source"), faulty.faults) if faulty else (),
    )
    return await call.page(page, 422 if wrong else 200)


def _no_rule(values: dict[str, str]) -> Form:
    return Form(values=values, errors={"source": "This is no rule yet: see below."})


async def add(call: PageCall[NewParams]) -> Response:
    """Keep a new rule; it is off."""
    params = call.params
    try:
        bounds = Bounds(
            most_an_hour=whole("most_an_hour", params.most_an_hour),
            jump=whole("jump", params.jump),
        )
        async with call.services.db.write() as tx:
            made = await edit.add(
                call.services,
                tx,
                await who(call, tx),
                name=params.name,
                source=params.source,
                reason=params.reason,
                bounds=bounds,
            )
    except (Invalid, Conflict) as error:
        return await _editor(call, form_of(params.values(), error))
    except Faulty as faulty:
        return await _editor(call, _no_rule(params.values()), faulty=faulty)
    return lead(
        call, f"{LIST}/{made.id}", "It is kept, and off. Try it on the past, then in shadow."
    )


async def edited(call: PageCall[OneRule]) -> Response:
    """The form with what a rule says now."""
    return await _editor(call, Form(), rule_id=call.params.id)


async def change(call: PageCall[ChangeParams]) -> Response:
    """Keep another version of a rule."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            made = await edit.change(
                call.services,
                tx,
                await who(call, tx),
                params.id,
                version=params.version,
                source=params.source,
                reason=params.reason,
                stay_live=bool(params.stay_live),
            )
    except (Invalid, Conflict) as error:
        return await _editor(call, form_of(params.values(), error), rule_id=params.id)
    except Faulty as faulty:
        form = _no_rule(params.values())
        return await _editor(call, form, rule_id=params.id, faulty=faulty)
    return lead(call, f"{LIST}/{made.id}", f"Version {made.version} holds from now on.")


async def check(call: PageCall[SourceParams]) -> Response:
    """What is wrong with a source, for the editor's script; nothing is kept."""
    async with call.read() as reader:
        await _writes(call, reader)
        known = await words(call.services, reader)
    try:
        rule = known.read(call.params.source.replace("\r\n", "\n"))
        told = {"faults": [], "cost": rule.cost, "examples": len(rule.examples)}
    except Faulty as faulty:
        told = {"faults": faulty.faults}
    return Response(msgspec.json.encode(told), 200, (JSON, NOT_STORED))


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, f"{LIST}/new", new, MEMBER),
    Route(POST, f"{LIST}/new", add, MEMBER, params=NewParams),
    Route(POST, f"{LIST}/check", check, MEMBER, params=SourceParams),
    Route(GET, f"{LIST}/{{id}}/edit", edited, MEMBER, params=OneRule),
    Route(POST, f"{LIST}/{{id}}/edit", change, MEMBER, params=ChangeParams),
)
