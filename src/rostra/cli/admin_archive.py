"""`rostra admin archive`: a member's own archive, from this network or another, brought in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import STATES, member_named, run
from rostra.cli.progress import Progress
from rostra.network.edge import Services
from rostra.network.portability.bring_in import Bringing, Done, largest_file
from rostra.network.portability.notes import Left
from rostra.network.portability.old_plan import Fault, Plan, look_through
from rostra.network.portability.packed import ArchiveError, Packed, opened, shown

archive_app = App(name="archive", help="Archives that members have brought along.")

_NAMED = 20


@archive_app.command(name="import")
def import_archive(
    name: Annotated[str, Parameter(help="User name or e-mail address.")],
    file: Annotated[
        Path, Parameter(help="The archive: a zip file, or an older one of Mastodon's (tar.gz).")
    ],
    /,
    *,
    dry_run: Annotated[
        bool, Parameter(help="Only tell what would come in, and what not and why.", negative=())
    ] = False,
    again: Annotated[
        bool, Parameter(help="What was deleted here since comes back as well.", negative=())
    ] = False,
    where: Where | None = None,
) -> None:
    """Bring a member's old posts in from their archive, with the time that each had.

    Nobody is told of them: no notification, no home, no stream, no trend. Reblogs, direct posts,
    polls and replies to others are left out. What came in before does not come in twice: a run that
    was ended goes on where it was.
    """

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            member = await member_named(reader, name)
        if member.account.state:
            stop(f"{name} is {STATES[member.account.state]}: nothing is brought in")
        settings = services.settings
        try:
            with opened(file, settings.data_dir, largest_file(settings)) as packed:
                await _bring(services, packed, member.account.id, dry_run=dry_run, again=again)
        except ArchiveError as error:
            stop(str(error))

    run(where, work)


async def _bring(
    services: Services, packed: Packed, account_id: int, *, dry_run: bool, again: bool
) -> None:
    read = Progress(0)
    plan = await look_through(services, packed, account_id, again=again, tell=read.add)
    read.end(f"{plan.items:,} items of {shown(plan.actor) or 'nobody'}")
    say(f"to bring in: {_told(plan)}")
    done = Done()
    if not dry_run:
        bringing = Progress(len(plan.posts))
        done = await Bringing(services, packed, account_id, plan, bringing.add).run()
        bringing.end(f"{done.posts:,} posts with {done.files:,} files are here now")
        say(f"brought in: {done.posts:,} posts with {done.files:,} files")
    _tell_left(plan, plan.faults + done.faults)
    if dry_run:
        say("nothing was written")


def _told(plan: Plan) -> str:
    told = f"{len(plan.posts):,} posts with {plan.files:,} files"
    if not plan.posts:
        return told
    first, last = (
        datetime.fromtimestamp(post.at / 1000, UTC).date()
        for post in (plan.posts[0], plan.posts[-1])
    )
    return f"{told}, {first} to {last}"


def _tell_left(plan: Plan, faults: list[Fault]) -> None:
    for left in Left:
        if plan.left[left]:
            say(f"left out: {plan.left[left]:,} {left}")
    if faults:
        say(f"left out: {len(faults):,} that can't be brought in:")
    for fault in faults[:_NAMED]:
        say(f"  {fault}")
    if len(faults) > _NAMED:
        say(f"  and {len(faults) - _NAMED:,} more")
