"""`rostra admin rules`: the rules of the place, in their order and in other languages."""

from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import run, table
from rostra.network.edge import Services
from rostra.network.instance import access, rules
from rostra.network.instance.model import RuleWords
from rostra.safety.categories.facts import all_facts, category_of
from rostra.safety.house_rules import harms

rules_app = App(name="rules", help="The rules of the place.")

Hint = Annotated[str, Parameter(help="More words on it.")]


@rules_app.command(name="list")
def list_rules(*, where: Where | None = None) -> None:
    """The rules in their order, and in which languages they are said."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            known = await access.all_rules(reader)
        rows = [
            (str(place), str(rule.id), rule.text, " ".join(sorted(rule.translations)), rule.hint)
            for place, rule in enumerate(known, 1)
        ]
        table(("", "id", "rule", "also in", "hint"), rows)

    run(where, work)


@rules_app.command(name="add")
def add_rule(text: str, *, hint: Hint = "", where: Where | None = None) -> None:
    """Add a rule after the others."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            rule_id = await rules.add_rule(services, tx, text, hint)
        say(f"rule {rule_id} is added")

    run(where, work)


@rules_app.command(name="edit")
def edit_rule(rule_id: int, text: str, *, hint: Hint = "", where: Where | None = None) -> None:
    """Give a rule other words; it stays the same rule, and keeps its words in other languages."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await rules.edit_rule(services, tx, rule_id, text, hint)
        say("changed")

    run(where, work)


@rules_app.command(name="move")
def move_rule(
    rule_id: int,
    place: Annotated[int, Parameter(help="Where it is to stand; 1 is the first.")],
    *,
    where: Where | None = None,
) -> None:
    """Put a rule into another place."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await rules.move_rule(services, tx, rule_id, place)
        say("moved")

    run(where, work)


@rules_app.command(name="translate")
def translate_rule(
    rule_id: int,
    language: Annotated[str, Parameter(help="A code, such as de.")],
    text: Annotated[str, Parameter(help="The rule in it; empty takes it back.")],
    *,
    hint: Hint = "",
    where: Where | None = None,
) -> None:
    """Say a rule in another language; apps show it to those who read that."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await rules.translate_rule(services, tx, rule_id, language, RuleWords(text, hint))
        say("changed")

    run(where, work)


@rules_app.command(name="harm")
def set_harm(
    rule_id: int,
    harm: Annotated[str, Parameter(help="A kind of harm, such as hate; empty: none.")],
    *,
    where: Where | None = None,
) -> None:
    """Say which harm a rule is about: what apps report by it is looked at accordingly."""
    category = category_of(harm) if harm else None
    if harm and category is None:
        stop(f"{harm!r} is no harm: {', '.join(each.slug for each in all_facts())}")

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await harms.set_harm(tx, rule_id, category)
        say("changed")

    run(where, work)


@rules_app.command(name="remove")
def remove_rule(rule_id: int, *, where: Where | None = None) -> None:
    """Remove a rule by its id."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            if not await rules.drop_rule(services, tx, rule_id):
                stop(f"there is no rule {rule_id}")
        say("removed")

    run(where, work)
