"""Words to members that are written once and used often: ours, and those of the house."""

from typing import Any, Final

import msgspec

from rostra.api.endpoint import DELETE, GET, PUT, Auth, Call, Empty, Endpoint
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, category_named
from rostra.safety.categories.facts import all_facts
from rostra.safety.house_rules import messages, templates
from rostra.safety.house_rules.templates import Template
from rostra.safety.team.model import Permission

_HERE: Final = f"{BASE}/templates"


class MessageTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """Words to a member; `places` stand in braces and are to be filled before they are sent."""

    name: str
    language: str
    title: str
    text: str
    places: tuple[str, ...]
    categories: tuple[str, ...]  # none: for any
    own: bool  # written by the house


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """For which category, in which language; without: all categories, English."""

    category: str = ""
    language: str = "en"


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which one."""

    name: str
    language: str


class PutParams(OneParams, frozen=True, kw_only=True):
    """Its words, and what they are for; no categories: for any."""

    title: str = ""
    text: str = ""
    categories: tuple[str, ...] = ()


def _told(template: Template, *, own: bool) -> MessageTemplate:
    return MessageTemplate(
        name=template.name,
        language=template.language,
        title=template.title,
        text=template.text,
        places=templates.unfilled(template.text),
        categories=messages.slugs(template.categories),
        own=own,
    )


async def index(call: Call[ListParams]) -> list[MessageTemplate]:
    """One of each name, in this language where it is written in it."""
    params = call.params
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        own = await messages.own(reader)
    wanted = (
        [category_named(params.category)]
        if params.category
        else [each.category for each in all_facts()]
    )
    found = {
        each.name: each
        for category in wanted
        for each in templates.fitting(category, params.language, own)
    }
    return [_told(each, own=each in own) for each in found.values()]


async def put(call: Call[PutParams]) -> MessageTemplate:
    """Add a template, or give it other words; one named as ours takes its place."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.RULES)
        wanted = Template(
            name=params.name,
            language=params.language,
            title=params.title,
            text=params.text,
            categories=messages.of_slugs(params.categories),
        )
        made = await messages.put(call.services, tx, wanted, by_id=actor.account_id)
    return _told(made, own=True)


async def retire(call: Call[OneParams]) -> Empty:
    """Take a template of the house away."""
    async with call.services.db.write() as tx:
        await actor_of(call, tx, Permission.RULES)
        await messages.retire(tx, call.params.name, call.params.language)
    return Empty()


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        _HERE,
        index,
        auth=Auth.USER,
        scopes=READ,
        params=ListParams,
        answer=list[MessageTemplate],
        errors=(422,),
        summary="Words to members that are used often",
    ),
    Endpoint(
        PUT,
        f"{_HERE}/{{name}}/{{language}}",
        put,
        auth=Auth.USER,
        scopes=WRITE,
        params=PutParams,
        answer=MessageTemplate,
        errors=(409, 422),
        summary="Write words of the house",
    ),
    Endpoint(
        DELETE,
        f"{_HERE}/{{name}}/{{language}}",
        retire,
        auth=Auth.USER,
        scopes=WRITE,
        params=OneParams,
        answer=Empty,
        summary="Retire words of the house",
    ),
)
