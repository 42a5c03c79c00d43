"""`rostra parties`: on whom the place depends, who else could do it, when that was rehearsed."""

import getpass
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import day, run, table, time_of
from rostra.hosting.parties import note as verbs
from rostra.hosting.parties.ledger import ledger
from rostra.hosting.parties.model import Kind, Noted
from rostra.hosting.places.file import PlacesError
from rostra.network.edge import Services

app = App(name="parties", help="Outside parties: who they are, their seconds, their rehearsals.")

OfKind = Annotated[Kind, Parameter(help="What the party does.")]
Party = Annotated[str, Parameter(help="Who it is.")]
By = Annotated[str, Parameter(help="Who says so; empty: the name of your login.")]


@app.command(name="list")
def list_parties(*, where: Where | None = None) -> None:
    """Every party, and what is missing or overdue.

    Places, the owner of the machine and the mail server are known from settings; a drill that
    finds all well rehearses the places.
    """

    async def work(services: Services) -> None:
        try:
            async with services.db.read() as reader:
                lines = await ledger(services.settings, reader, services.clock.now())
        except PlacesError as error:
            stop(str(error))
        rows = [
            (
                line.kind.value,
                line.party or "-",
                line.second or "-",
                day(line.rehearsed_at),
                line.noted_by or ("settings" if line.party else "-"),
                "; ".join(line.faults) or "ok",
            )
            for line in lines
        ]
        table(("what", "party", "second", "rehearsed", "noted by", "state"), rows)

    run(where, work)


@app.command(name="set")
def set_party(
    kind: OfKind,
    party: Party,
    /,
    *,
    second: Annotated[str, Parameter(help="Who does it where this one is lost.")] = "",
    note: Annotated[
        str, Parameter(help="What helps on the bad day: the contract, whom to call.")
    ] = "",
    by: By = "",
    where: Where | None = None,
) -> None:
    """Note a party; what was noted of it before is replaced, but for its rehearsal."""

    async def work(services: Services) -> None:
        given = Noted(kind=kind, party=party, second=second, note=note, noted_by=_author(by))
        async with services.db.write() as tx:
            await verbs.note(services, tx, given)
        say(f"{party} is noted for {kind.value}")

    run(where, work)


@app.command
def rehearsed(
    kind: OfKind,
    party: Party,
    /,
    *,
    on: Annotated[str, Parameter(help="The day (UTC): 2026-05-31; empty: today.")] = "",
    by: By = "",
    where: Where | None = None,
) -> None:
    """Note that the second of a party did its work, once, for real."""

    async def work(services: Services) -> None:
        at = time_of(on) or services.clock.now()
        given = Noted(kind=kind, party=party, rehearsed_at=at, noted_by=_author(by))
        async with services.db.write() as tx:
            await verbs.rehearsed(services, tx, given)
        say(f"{party} was rehearsed on {day(at)}")

    run(where, work)


@app.command
def drop(kind: OfKind, party: Party, /, *, where: Where | None = None) -> None:
    """Forget what was noted of a party."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await verbs.drop(tx, kind, party)
        say(f"{party} is not noted any more")

    run(where, work)


def _author(by: str) -> str:
    return by or getpass.getuser()
