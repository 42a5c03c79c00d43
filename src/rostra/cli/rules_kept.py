"""`rostra rules list, show, log, add, change, bound, switch`: the rules that this place keeps."""

from pathlib import Path
from typing import Annotated, Final, Literal

from cyclopts import App, Parameter

from rostra.cli.common import FAILED, Where, say
from rostra.cli.operators import run, table, written_time
from rostra.cli.rule_files import source_of
from rostra.kernel import ids
from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.network.edge import Services
from rostra.safety.rules import access, edit, held, switch
from rostra.safety.rules.faults import Fault, Faulty
from rostra.safety.rules.model import (
    BY_NAME,
    HOURLY,
    JUMP,
    Bounds,
    LogEntry,
    State,
    StoredRule,
    Tally,
    What,
)
from rostra.safety.team.model import Actor

_OPERATOR: Final = Actor(0, Role.OWNER)
_SHOWN_MS: Final = 7 * DAY

Name = Annotated[str, Parameter(help="The name of a rule.")]
File = Annotated[Path, Parameter(help="A file with the rule.")]
Reason = Annotated[str, Parameter(help="Why; it is kept.")]
Most = Annotated[
    int, Parameter(help="Posts within an hour; a live rule that catches more goes to shadow.")
]
Jump = Annotated[
    int, Parameter(help="Or so many times its own past share; 0: that is not looked at.")
]


def register(app: App) -> None:
    """Add these commands to those of `rostra rules`."""
    for name, command in (
        ("list", list_rules),
        ("show", show),
        ("log", log),
        ("add", add),
        ("change", change),
        ("bound", bound),
        ("switch", switch_rule),
    ):
        app.command(command, name=name)


def list_rules(*, where: Where | None = None) -> None:
    """The rules, their states, and what they caught within the last seven days."""

    async def work(services: Services) -> None:
        since = services.clock.now() - _SHOWN_MS
        async with services.db.read() as reader:
            rules = await access.every(reader)
            spans = await access.days_of(
                reader, [each.id for each in rules], since - since % DAY, span=DAY
            )
            faulty = (await held.in_force(services, reader)).faulty
        heads = ("name", "state", "version", "since (UTC)", "asked", "caught", "skipped", "each")
        table(heads, [_row(each, spans[each.id]) for each in rules])
        for each in rules:
            _told(each.name, faulty.get(each.id, ()))

    run(where, work)


def _row(rule: StoredRule, days: list[Tally]) -> tuple[str, ...]:
    asked = sum(each.asked for each in days)
    spent = sum(each.spent_ns for each in days)
    return (
        rule.name,
        rule.state.wire,
        str(rule.version),
        written_time(rule.state_at),
        f"{asked:,}",
        f"{sum(each.caught for each in days):,}",
        f"{sum(each.skipped for each in days):,}",
        f"{spent / asked / 1_000:.1f} µs" if asked else "-",
    )


def show(
    name: Name,
    *,
    version: Annotated[int, Parameter(help="Which of its versions; 0: the one that holds.")] = 0,
    where: Where | None = None,
) -> None:
    """What a rule says."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            rule = await access.named(reader, name)
            found = await access.version(reader, rule.id, version or rule.version)
        say(found.source.rstrip("\n"))

    run(where, work)


def log(
    name: Annotated[str, Parameter(help="The name of a rule; empty: all of them.")] = "",
    *,
    where: Where | None = None,
) -> None:
    """What became of a rule, or of all of them, the newest first."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            rules = await access.every(reader)
            rule_id = (await access.named(reader, name)).id if name else 0
            lines = await access.log(reader, rule_id)
        names = {each.id: each.name for each in rules}
        heads = ("when (UTC)", "rule", "version", "what", "state", "by", "why")
        table(heads, [_line(each, names) for each in lines])

    run(where, work)


def _line(entry: LogEntry, names: dict[int, str]) -> tuple[str, ...]:
    by_itself = entry.what == What.PUT_BACK
    return (
        written_time(ids.time_of(entry.id)),
        names.get(entry.rule_id, "-"),
        str(entry.version),
        What(entry.what).wire,
        State(entry.state).wire,
        str(entry.actor_id or ("itself" if by_itself else "operator")),
        entry.reason,
    )


def _told(where: Path | str, faults: tuple[Fault, ...] | list[Fault]) -> None:
    for fault in faults:
        say(f"{where}:{fault}")


def add(
    name: Name,
    file: File,
    *,
    reason: Reason,
    most_an_hour: Most = HOURLY,
    jump: Jump = JUMP,
    where: Where | None = None,
) -> None:
    """Check a rule, try it on its examples, and keep it. It is off."""
    source = source_of(file)

    async def work(services: Services) -> None:
        bounds = Bounds(most_an_hour=most_an_hour, jump=jump)
        try:
            async with services.db.write() as tx:
                made = await edit.add(
                    services, tx, _OPERATOR, name=name, source=source, reason=reason, bounds=bounds
                )
        except Faulty as faulty:
            _told(file, faulty.faults)
            raise SystemExit(FAILED) from None
        say(f"{made.name} is kept, and off; `rostra rules try` and shadow show what it catches")

    run(where, work)


def change(
    name: Name,
    file: File,
    *,
    reason: Reason,
    version: Annotated[
        int, Parameter(help="The version that was changed; 0: the one that holds.")
    ] = 0,
    stay_live: Annotated[
        bool, Parameter(help="A live rule stays so, though nobody has tried the new one.")
    ] = False,
    where: Where | None = None,
) -> None:
    """Give a rule another source; a live one goes on in shadow."""
    source = source_of(file)

    async def work(services: Services) -> None:
        try:
            async with services.db.write() as tx:
                rule = await access.named(tx, name)
                made = await edit.change(
                    services,
                    tx,
                    _OPERATOR,
                    rule.id,
                    version=version or rule.version,
                    source=source,
                    reason=reason,
                    stay_live=stay_live,
                )
        except Faulty as faulty:
            _told(file, faulty.faults)
            raise SystemExit(FAILED) from None
        say(f"{made.name}: version {made.version}, {made.state.wire}")

    run(where, work)


def bound(
    name: Name, *, most_an_hour: Most, jump: Jump, reason: Reason, where: Where | None = None
) -> None:
    """Say how much a rule may catch before it is put back to shadow by itself."""

    async def work(services: Services) -> None:
        bounds = Bounds(most_an_hour=most_an_hour, jump=jump)
        async with services.db.write() as tx:
            rule = await access.named(tx, name)
            await edit.bound(services, tx, _OPERATOR, rule.id, bounds=bounds, reason=reason)

    run(where, work)


def switch_rule(
    name: Name,
    state: Annotated[Literal["off", "shadow", "live"], Parameter(help="What it is to be.")],
    *,
    reason: Reason,
    untried: Annotated[
        bool,
        Parameter(
            help="It goes live though this version was not tried on the past, or never in shadow."
        ),
    ] = False,
    where: Where | None = None,
) -> None:
    """Switch a rule off, into shadow, or live."""

    async def work(services: Services) -> None:
        try:
            async with services.db.write() as tx:
                rule = await access.named(tx, name)
                made = await switch.switch(
                    services,
                    tx,
                    _OPERATOR,
                    rule.id,
                    version=rule.version,
                    state=BY_NAME[state],
                    reason=reason,
                    untried=untried,
                )
        except Faulty as faulty:
            _told(name, faulty.faults)
            raise SystemExit(FAILED) from None
        say(f"{made.name}: version {made.version}, {made.state.wire}")

    run(where, work)
