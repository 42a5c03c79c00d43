"""Law 2, moderation: a decision about many that is killed in between is done once for each."""

import time
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest
from tests.harness.patience import PATIENCE_S
from tests.harness.served import Served
from tests.safety.moderating import moderator, ruling

from rostra.app import App, Ports, build
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.posts.model import Draft
from rostra.network.posts.prepare import prepare
from rostra.network.posts.publish import publish
from rostra.network.posts.screened import screened
from rostra.safety.cases import access as cases_access
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import ActionKind
from rostra.safety.decisions.undo import undo
from rostra.safety.reports import file
from rostra.safety.reports.model import Said
from rostra.settings import Moderation, load
from rostra.store.migrate import migrate_sqlite

POSTS = 1_700  # four chunks
AT_ONCE = 100

pytestmark = pytest.mark.slow


def _app(data: Path) -> App:
    """The house without its jobs: they are left to a server that is killed."""
    settings = msgspec.structs.replace(
        load(data=data), moderation=Moderation(two_persons_above=POSTS)
    )
    return build(settings, Ports(alone=True))


async def _flood(data: Path) -> int:
    """Four authors, all of whose posts were reported, and a decision that waits; its id."""
    migrate_sqlite(data / "rostra.sqlite3")
    app = _app(data)
    services = app.services
    async with services.db.write() as tx:
        people = [
            await seat_member(
                services, tx, Seat(username=f"member{at}", email="", password_hash="")
            )
            for at in range(5)
        ]
    *authors, reporter = people
    for author in authors:
        ids: list[int] = []
        for start in range(0, POSTS // len(authors), AT_ONCE):
            async with services.db.write() as tx:
                for at in range(start, min(start + AT_ONCE, POSTS // len(authors))):
                    prepared = prepare(services.settings, Draft(text=f"copy {at}"))
                    draft = await screened(services, author, prepared)
                    ids.append(await publish(services, tx, author, draft))
        for start in range(0, len(ids), AT_ONCE):
            said = Said(
                reporter_id=reporter,
                target_account_id=author,
                post_ids=tuple(ids[start : start + AT_ONCE]),
            )
            async with services.db.write() as tx:
                await file.report(services, tx, said)
    async with services.db.write() as tx:
        cases = await cases_access.queue(tx, limit=POSTS)
        made = await decide(
            services, tx, moderator(), ruling(ActionKind.REMOVE), [case.id for case in cases]
        )
    await services.db.close()
    return made.id


async def _taken_back(data: Path, decision_id: int) -> int:
    """A decision that takes it back, and waits; its id."""
    app = _app(data)
    async with app.services.db.write() as tx:
        made = await undo(app.services, tx, moderator(), decision_id, reopen=True)
    await app.services.db.close()
    return made.id


def _done(data: Path, decision_id: int) -> tuple[int, int]:
    """How many subjects are done, and the state."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        database.set_busy_timeout(300_000)
        ((count, state),) = database.execute(
            "SELECT done_count, state FROM decisions WHERE id = ?", (decision_id,)
        )
    return int(count), int(state)


def _let_leases_end(data: Path) -> None:
    """As if so much time had passed: what a dead worker held is free."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        database.set_busy_timeout(300_000)
        database.execute("UPDATE jobs SET run_at = 0 WHERE lease <> 0")


def _serve_until(data: Path, decision_id: int, least: int) -> None:
    """Let a server work until so many are done, and kill it."""
    until = time.monotonic() + PATIENCE_S
    with Served(data) as served:
        served.ready()
        while _done(data, decision_id)[0] < least:
            assert time.monotonic() < until, served.output.read_text()[-2000:]
            time.sleep(0.005)
        served.kill()
    _let_leases_end(data)


def _check(data: Path, decision_id: int, *, hidden: bool) -> int:
    """What is done is done whole, for each subject once; how many are as they are to be."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        rows = database.execute(
            """SELECT s.state,
                      (SELECT count(*) FROM restrictions r WHERE r.decision_id = s.decision_id
                       AND r.subject_id = s.subject_id),
                      (SELECT count(*) FROM restrictions r WHERE r.decision_id = s.decision_id
                       AND r.subject_id = s.subject_id AND r.ended_at = 0),
                      (SELECT visibility FROM posts p WHERE p.id = s.subject_id),
                      (SELECT state FROM cases c WHERE c.id = s.case_id)
               FROM decision_subjects s WHERE s.decision_id = ?""",
            (decision_id,),
        ).fetchall()
        counts = database.execute(
            """SELECT count(*) FROM accounts a WHERE a.statuses_count <> (SELECT count(*)
               FROM posts p WHERE p.account_id = a.id AND p.visibility < 3)"""
        ).fetchall()
        told = database.execute(
            "SELECT count(*) - count(DISTINCT account_id) FROM statements"
        ).fetchall()
    assert len(rows) == POSTS
    whole: dict[object, tuple[int, ...]] = {
        0: (0, 0, 0, 0),  # to do: nothing, public, open
        1: (1, 1, 7, 1),  # done: restricted once, removed, decided
        3: (1, 0, 0, 0),  # taken back: ended, public, open again
    }
    assert [row for row in rows if tuple(row[1:]) != whole[row[0]]] == []
    assert counts == [(0,)], "counters differ from what they count"
    assert told == [(0,)], "a member was told twice"
    return sum(row[0] == (1 if hidden else 3) for row in rows)


async def test_a_decision_about_many_survives_kills(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    decision_id = await _flood(data)
    assert _check(data, decision_id, hidden=True) == 0
    for least in (1, 501, POSTS):
        _serve_until(data, decision_id, least)
        assert _check(data, decision_id, hidden=True) >= least
    assert _done(data, decision_id)[1] == 0
    undo_id = await _taken_back(data, decision_id)
    for least in (1, 501, POSTS):
        _serve_until(data, undo_id, least)
        assert _check(data, decision_id, hidden=False) >= least
    assert _done(data, decision_id)[1] == 4
