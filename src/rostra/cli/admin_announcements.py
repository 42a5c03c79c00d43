"""`rostra admin announcements`: what the operators tell everybody."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say
from rostra.cli.operators import file_text, run, table, time_of, written_time
from rostra.network.announcements import access, keep
from rostra.network.announcements.model import Words
from rostra.network.edge import Services

announcements_app = App(name="announcements", help="What the operators tell everybody.")

Text = Annotated[str, Parameter(help="The words; empty, where a file has them.")]
File = Annotated[Path | None, Parameter(help="A file with the words.")]
Starts = Annotated[
    str, Parameter(help="When it starts what it tells of: 2026-05-31, or 2026-05-31T18:00 (UTC).")
]
Ends = Annotated[str, Parameter(help="When that ends; from then on nobody is shown it.")]
Days = Annotated[bool, Parameter(help="It is told of whole days, the last one included.")]
At = Annotated[str, Parameter(help="From when on it is shown (UTC); empty: at once.")]


@announcements_app.command(name="list")
def list_announcements(*, where: Where | None = None) -> None:
    """The newest 500, shown or not, with how many reacted."""

    async def work(services: Services) -> None:
        now = services.clock.now()
        async with services.db.read() as reader:
            found = await access.every(reader)
            given = await access.reactions(reader, 0, [each.id for each in found])
        rows = [
            (
                str(each.id),
                each.state_at(now),
                written_time(each.publish_at),
                written_time(each.over_at),
                str(sum(reaction.count for reaction in given.get(each.id, ()))),
                " ".join(each.text.split())[:60],
            )
            for each in found
        ]
        table(("id", "state", "from", "until", "reactions", "text"), rows)

    run(where, work)


@announcements_app.command(name="add")
def add_announcement(
    text: Text = "",
    *,
    file: File = None,
    starts: Starts = "",
    ends: Ends = "",
    all_day: Days = False,
    at: At = "",
    draft: Annotated[bool, Parameter(help="Show it to nobody yet.")] = False,
    where: Where | None = None,
) -> None:
    """Tell something to everybody, at once or from a time on; prints its id."""
    words = Words(file_text(file) if file else text, time_of(starts), time_of(ends), all_day)
    begins = time_of(at)

    async def work(services: Services) -> None:
        publish_at = 0 if draft else begins or services.clock.now()
        async with services.db.write() as tx:
            made = await keep.create(services, tx, words, publish_at=publish_at)
        say(f"announcement {made} {_told(draft=draft, at=at)}")

    run(where, work)


def _told(*, draft: bool, at: str) -> str:
    if draft:
        return "is kept; nobody sees it yet"
    return f"is shown from {at} on" if at else "is shown"


@announcements_app.command(name="edit")
def edit_announcement(
    announcement_id: int,
    text: Text = "",
    *,
    file: File = None,
    starts: Starts = "",
    ends: Ends = "",
    all_day: Days = False,
    where: Where | None = None,
) -> None:
    """Say something else in its place; the times are set anew as well."""
    words = Words(file_text(file) if file else text, time_of(starts), time_of(ends), all_day)

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await keep.change(services, tx, announcement_id, words)
        say("changed")

    run(where, work)


@announcements_app.command(name="publish")
def publish_announcement(announcement_id: int, *, at: At = "", where: Where | None = None) -> None:
    """Show a draft, or one that was withdrawn, at once or from a time on."""
    begins = time_of(at)

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await keep.publish(services, tx, announcement_id, publish_at=begins)
        say(_told(draft=False, at=at))

    run(where, work)


@announcements_app.command(name="withdraw")
def withdraw_announcement(announcement_id: int, *, where: Where | None = None) -> None:
    """Show it to nobody any more; it stays as a draft."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await keep.withdraw(services, tx, announcement_id)
        say("withdrawn")

    run(where, work)


@announcements_app.command(name="remove")
def remove_announcement(announcement_id: int, *, where: Where | None = None) -> None:
    """Delete it with its reactions."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await keep.remove(services, tx, announcement_id)
        say("removed")

    run(where, work)
