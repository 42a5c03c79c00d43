"""The job that carries an import out: some lines to a transaction, each exactly once.

The job, what it writes and how far it has come are one transaction: a process that dies has done
a chunk or not, and the next one begins where it ended.
"""

from typing import Final

from msgspec import structs

from rostra.kernel.clock import DAY
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.access import member_state
from rostra.network.credentials.model import MemberState
from rostra.network.edge import Services, Transaction
from rostra.network.portability import imports
from rostra.network.portability.doing import (
    Blocks,
    DayIsOver,
    Doer,
    Domains,
    Follows,
    Mutes,
    Scene,
)
from rostra.network.portability.doing_kept import Bookmarks, Filters, Lists
from rostra.network.portability.import_model import (
    Import,
    ImportState,
    Line,
    Outcome,
    Phase,
    lines_of,
    packed,
)
from rostra.network.portability.imports import ImportSome
from rostra.network.portability.queries import imports as queries
from rostra.network.portability.removing import take_back
from rostra.network.portability.sheets import Kind
from rostra.store.database import the_row
from rostra.store.outbox.kinds import JobKind

DOERS: Final[dict[Kind, type[Doer]]] = {
    Kind.FOLLOWS: Follows,
    Kind.BLOCKS: Blocks,
    Kind.MUTES: Mutes,
    Kind.LISTS: Lists,
    Kind.BOOKMARKS: Bookmarks,
    Kind.FILTERS: Filters,
    Kind.DOMAINS: Domains,
}


async def import_some(services: Services, tx: Transaction, payload: ImportSome) -> None:
    """Carry out a chunk, or take some back of what the file does not name; leave the next job."""
    found = await tx.first(queries.LOCK, one=payload.import_id)
    if found is None or not found.running:
        return  # cancelled, or gone with its owner
    if not await _may_act(tx, found.account_id):
        await imports.end(services, tx, found, ImportState.CANCELLED)
    elif found.phase == Phase.LINES and found.place < found.chunks:
        await _lines(services, tx, found)
    elif found.replaces and found.made + found.same + found.asked:
        await _rest(services, tx, found)
    else:
        await imports.end(services, tx, found, ImportState.DONE)


async def _may_act(tx: Transaction, account_id: int) -> bool:
    """Whether its owner could still do by hand what the file says."""
    account = await accounts_access.any_by_id(tx, account_id)
    if account is None:
        return False
    user = await accounts_access.user(tx, account_id)
    state = member_state(account.state, user.confirmed_at, user.approved_at, user.disabled_at)
    return state is MemberState.ACTIVE


async def _lines(services: Services, tx: Transaction, found: Import) -> None:
    now = services.clock.now()
    if found.day_from + DAY <= now:
        found = structs.replace(found, day_from=now, in_day=0)
    left = max(0, services.settings.accounts.import_follows_a_day - found.in_day)
    scene = Scene(services, tx, found.account_id, replaces=bool(found.replaces), follows_left=left)
    # Chunks are written together with their import.
    chunk = await the_row(tx, queries.CHUNK, one=found.id, place=found.place)
    before = lines_of(chunk)
    after, whole = await _done(scene, found.of, before)
    await tx.run(
        queries.SAVE_CHUNK,
        one=found.id,
        place=found.place,
        new_lines=packed(after),
        new_failed=_count(after, Outcome.FAILED),
    )
    if found.replaces:
        await tx.run_many(
            queries.KEEP,
            [
                {"import_id": found.id, "home_id": home, "thing_id": thing}
                for home, thing in dict.fromkeys(scene.kept)
            ],
        )
    waits_until = 0 if whole else found.day_from + DAY
    found = structs.replace(
        found,
        place=found.place + int(whole),
        in_day=found.in_day + scene.followed,
        waits_until=waits_until,
        **{
            name: getattr(found, name) + _count(after, outcome) - _count(before, outcome)
            for name, outcome in (
                ("made", Outcome.MADE),
                ("same", Outcome.SAME),
                ("asked", Outcome.ASKED),
                ("failed", Outcome.FAILED),
            )
        },
    )
    await imports.save(tx, found)
    await imports.go_on(tx, found, waits_until or None)


async def _done(scene: Scene, kind: Kind, lines: list[Line]) -> tuple[list[Line], bool]:
    """The lines with what has become of them, and whether all are through."""
    waiting = [line for line in lines if line.outcome == Outcome.WAITING]
    unread = [line for line in lines if scene.replaces and line.outcome == Outcome.FAILED]
    if not waiting and not unread:
        return lines, True
    doer = DOERS[kind](scene)
    await doer.ready([*waiting, *unread])
    for line in unread:
        doer.spare(line)
    after = list(lines)
    for place, line in enumerate(lines):
        if line.outcome != Outcome.WAITING:
            continue
        try:
            after[place] = await doer.settled(line, kind.sheet.columns)
        except DayIsOver:
            return after, False
    return after, True


async def _rest(services: Services, tx: Transaction, found: Import) -> None:
    """Take back some of what the file does not name."""
    removed, behind = await take_back(services, tx, found)
    found = structs.replace(
        found,
        phase=Phase.REMOVING,
        removed=found.removed + removed,
        behind=behind,
    )
    if not behind:
        await imports.end(services, tx, found, ImportState.DONE)
        return
    await imports.save(tx, found)
    await imports.go_on(tx, found)


def _count(lines: list[Line], outcome: Outcome) -> int:
    return sum(line.outcome == outcome for line in lines)


JOBS = (JobKind("portability.import_some", ImportSome, import_some, transactional=True),)
