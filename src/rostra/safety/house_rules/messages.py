"""Words to members that admins write for their own house: added, changed, retired."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.kernel.text import clean
from rostra.kernel.text.language import normalise_language
from rostra.safety.categories.facts import all_facts, facts_of
from rostra.safety.categories.model import Category
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.house_rules import queries
from rostra.safety.house_rules.templates import Template

MOST: Final = 200
MAX_TITLE: Final = 80
MAX_TEXT: Final = 5_000
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_encode = msgspec.json.Encoder().encode


async def own(reader: Reader) -> list[Template]:
    """What the house has written itself (200 at most). One statement."""
    return await reader.all(queries.MESSAGES, limit=MOST)


async def put(services: Services, tx: Transaction, wanted: Template, *, by_id: int) -> Template:
    """Add a template, or give it other words. One named as ours takes its place.

    Raises:
        Invalid: on `name`, `language`, `title` or `text`: also where braces hold no place.
        Conflict: there are as many as there may be.
    """
    made = _checked(wanted)
    known = await own(tx)
    if len(known) >= MOST and not any(_same(each, made.name, made.language) for each in known):
        raise Conflict("templates", safe=f"There are {MOST} already", code="too_many")
    await tx.run(
        queries.PUT_MESSAGE,
        name=made.name,
        language=made.language,
        title=made.title,
        text=made.text,
        categories=_encode(sorted(made.categories)).decode(),
        updated_by=by_id,
        updated_at=services.clock.now(),
    )
    return made


async def retire(tx: Transaction, name: str, language: str) -> None:
    """Take a template of the house away; where it stood in the place of ours, that is back.

    Raises:
        NotFound: the house has written none with this name in this language.
    """
    if not await tx.run(queries.DROP_MESSAGE, template=name, spoken=language):
        raise NotFound(f"template {name} {language}", safe=f"there is no template {name[:40]!r}")


def _same(template: Template, name: str, language: str) -> bool:
    return (template.name, template.language) == (name, language)


def _checked(wanted: Template) -> Template:
    title, text = clean.one_line(wanted.title), clean.normalise(wanted.text).strip()
    language = normalise_language(wanted.language)
    if not _NAME.fullmatch(wanted.name):
        raise Invalid("name", "must be small letters, digits and _, 40 at most", "ERR_INVALID")
    if not language:
        raise Invalid("language", "is not a language this place knows", "ERR_INCLUSION")
    for field, value, most in (("title", title, MAX_TITLE), ("text", text, MAX_TEXT)):
        if not value:
            raise Invalid(field, "can't be blank", "ERR_BLANK")
        if len(value) > most:
            raise Invalid(field, f"is too long (most: {most} characters)", "ERR_TOO_LONG")
    if re.search(r"[{}]", re.sub(r"\{[^{}\n]{1,60}\}", "", text)):
        raise Invalid("text", "holds a brace that is no {place} to be filled", "ERR_INVALID")
    return msgspec.structs.replace(wanted, language=language, title=title, text=text)


def slugs(categories: Sequence[int] | frozenset[Category]) -> tuple[str, ...]:
    """The names of categories in the API, in their order."""
    return tuple(each.slug for each in all_facts() if each.category in {*categories})


def of_slugs(names: Sequence[str]) -> frozenset[Category]:
    """The categories of these names.

    Raises:
        Invalid: one of them is none.
    """
    known = {facts_of(each).slug: each for each in Category}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Invalid("categories", f"{unknown[0][:40]!r} is no category", "ERR_INCLUSION")
    return frozenset(known[name] for name in names)
