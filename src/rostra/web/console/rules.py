"""The rules of the house: added, worded anew, put in order, dropped, and what each is about."""

from typing import Any, Final

import msgspec

from rostra.http.params import Count, Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid
from rostra.network.edge import Reader, Transaction
from rostra.network.instance import access as instance_access
from rostra.network.instance import rules as verbs
from rostra.network.instance.model import Rule
from rostra.safety.categories.facts import all_facts, category_of, facts_of
from rostra.safety.categories.model import Category
from rostra.safety.house_rules import harms
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.common import HERE, lead, look_of, tabs, who
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console_rules import HouseRulesPage, RuleRow
from rostra.web.views.forms import Form, Option

_HERE: Final = f"{HERE}/rules"


class NewParams(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as typed; `harm` is a category, or empty."""

    text: str = ""
    hint: str = ""
    harm: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {"text": self.text, "hint": self.hint, "harm": self.harm}


class RuleParams(NewParams, frozen=True, kw_only=True):
    """Which rule, how it is to be, and in which place; 0: where it is."""

    id: Id
    place: Count = Count(0)


class OneRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which rule."""

    id: Id


async def _writer(call: PageCall[Any], reader: Reader) -> Actor:
    """Who asks, if the rules are theirs to write."""
    actor = await who(call, reader)
    actor.require(Permission.RULES)
    return actor


async def show(call: PageCall[Any]) -> Response:
    """The rules, in their order."""
    return await _show(call)


async def _show(
    call: PageCall[Any], new: Form | None = None, changed: tuple[int, Form] | None = None
) -> Response:
    async with call.read() as reader:
        actor = await _writer(call, reader)
        rules = await instance_access.all_rules(reader)
        about = await harms.harms(reader, [rule.id for rule in rules])
    wrong, form = changed or (0, Form())
    page = HouseRulesPage(
        tabs=tabs("rules", actor),
        look=look_of(call.request),
        rules=[
            _row(rule, place, about.get(rule.id), form if rule.id == wrong else None)
            for place, rule in enumerate(rules, 1)
        ],
        harms=(
            Option("", "Nothing in particular"),
            *(Option(each.slug, each.name) for each in all_facts()),
        ),
        form=new or Form(),
    )
    return await call.page(page, 422 if new or changed else 200)


def _row(rule: Rule, place: int, about: Category | None, typed: Form | None) -> RuleRow:
    values = {
        "text": rule.text,
        "hint": rule.hint,
        "harm": facts_of(about).slug if about else "",
        "place": str(place),
    }
    return RuleRow(
        id=str(rule.id),
        url=f"{_HERE}/{rule.id}",
        form=typed or Form(values=values),
        open=typed is not None,
        languages=sorted(rule.translations),
    )


async def add(call: PageCall[NewParams]) -> Response:
    """Add a rule after the others."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            await _writer(call, tx)
            category = _harm(params)
            rule_id = await verbs.add_rule(call.services, tx, params.text, params.hint)
            await harms.set_harm(tx, rule_id, category)
    except Invalid as error:
        return await _show(call, new=form_of(params.values(), error))
    return lead(call, _HERE, "It is a rule from now on.")


async def change(call: PageCall[RuleParams]) -> Response:
    """Give a rule other words, another place, another meaning."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            await _writer(call, tx)
            await _changed(call, tx, params)
    except Invalid as error:
        values = params.values() | {"place": str(params.place)}
        return await _show(call, changed=(params.id, form_of(values, error)))
    return lead(call, _HERE, "It is changed. Decisions keep the words that held then.")


async def _changed(call: PageCall[Any], tx: Transaction, params: RuleParams) -> None:
    """Write only what is another: each change of words makes a version."""
    category = _harm(params)
    order = await instance_access.all_rules(tx)
    now = next((rule for rule in order if rule.id == params.id), None)
    if now is None or (now.text, now.hint) != (params.text, params.hint.replace("\r\n", "\n")):
        await verbs.edit_rule(call.services, tx, params.id, params.text, params.hint)
    if params.place and now and order.index(now) + 1 != params.place:
        await verbs.move_rule(call.services, tx, params.id, params.place)
    await harms.set_harm(tx, params.id, category)


def _harm(params: NewParams) -> Category | None:
    category = category_of(params.harm) if params.harm else None
    if params.harm and category is None:
        raise Invalid("harm", "is no category", "ERR_INCLUSION")
    return category


async def drop(call: PageCall[OneRule]) -> Response:
    """Remove a rule; decisions by it keep its words."""
    async with call.services.db.write() as tx:
        await _writer(call, tx)
        await harms.set_harm(tx, call.params.id, None)
        await verbs.drop_rule(call.services, tx, call.params.id)
    return lead(call, _HERE, "It is a rule no more.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, show, MEMBER),
    Route(POST, _HERE, add, MEMBER, params=NewParams),
    Route(POST, f"{_HERE}/{{id}}", change, MEMBER, params=RuleParams),
    Route(POST, f"{_HERE}/{{id}}/drop", drop, MEMBER, params=OneRule),
)
