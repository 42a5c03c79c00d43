"""`rostra admin flagger`: members and addresses whose reports go first."""

from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say
from rostra.cli.operators import member_named, run, table
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Services
from rostra.safety.reports import flaggers

flagger_app = App(name="flagger", help="Trusted flaggers, whose reports go first.")


@flagger_app.command(name="list")
def list_flaggers(*, where: Where | None = None) -> None:
    """Who is trusted."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            known = await flaggers.listed(reader)
            people = [await accounts_access.any_by_id(reader, each.account_id) for each in known]
        rows = [
            (str(each.id), f"@{who.username}" if who else each.address, each.name)
            for each, who in zip(known, people, strict=True)
        ]
        table(("id", "who", "known as"), rows)

    run(where, work)


@flagger_app.command(name="add")
def add_flagger(
    who: Annotated[str, Parameter(help="A mail address, a mail domain, or @username.")],
    *,
    name: Annotated[str, Parameter(help="Whom the team knows them as.")] = "",
    where: Where | None = None,
) -> None:
    """Trust a member, an address outside, or everybody of a mail domain."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            if who.startswith("@"):
                account = (await member_named(tx, who.removeprefix("@"))).account
                made = await flaggers.add(
                    services, tx, added_by=0, account_id=account.id, name=name
                )
            else:
                made = await flaggers.add(services, tx, added_by=0, address=who, name=name)
        say(f"trusted flagger {made.id} is added")

    run(where, work)


@flagger_app.command(name="remove")
def remove_flagger(flagger_id: int, *, where: Where | None = None) -> None:
    """Trust a flagger no more than others, by the id in the list."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await flaggers.remove(tx, flagger_id)
        say("removed")

    run(where, work)
