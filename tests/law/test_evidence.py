"""Law 6's exception, and its bounds: what was reported is kept, and reaches no member by any way.

A post with a word that stands nowhere else is reported and deleted. The word is left in one table
alone, and in no answer that the author or the reporter gets, who see most. When the
hold ends it is nowhere.
"""

import re
from pathlib import Path

from sqlalchemy import select
from tests.harness.crowd import Town, good
from tests.harness.statements import statements
from tests.law.surfaces import everything, where
from tests.law.test_archives import everything_in, made
from tests.pictures import photo
from tests.safety.moderating import ruling

from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.safety.cases import access as cases_access
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import ActionKind
from rostra.safety.evidence.holds import EndDue, end_due
from rostra.safety.evidence.model import Act
from rostra.safety.team.model import Actor
from rostra.store.query import query
from rostra.store.tables.evidence import evidence, evidence_log

NEEDLE = "Bernsteinzimmer"
WORDS = {"name": "ann", "tag": "amber", "word": "painted"}
HOLDS = query(select(evidence.c.id), int)
LOG = query(select(evidence_log.c.kind), int)
_TABLE = re.compile(r"\b(evidence(?:_\w+)?)\b")
_CHANGE = re.compile(r"(UPDATE|DELETE FROM|INSERT INTO) (evidence\w*)")


async def test_what_is_kept_reaches_nobody_and_ends(town: Town, data_dir: Path) -> None:
    ann, bob = await town.members("ann", "bob")
    data = bytes(photo(64, 48).pngsave_buffer())
    picture = await town.picture(ann, data, description=f"{NEEDLE} painted")
    post_id = await town.post(ann, f"The {NEEDLE} #amber", media_ids=[picture["id"]])
    body = {"account_id": str(ann.id), "status_ids": [post_id], "category": "spam"}
    good(await bob.client.post("/api/v1/reports", json=body))
    good(await ann.client.delete(f"/api/v1/statuses/{post_id}", params={"delete_media": "true"}))
    await town.rostra.work()
    assert set(await town.anywhere(NEEDLE)) == {
        "evidence_texts.content",
        "evidence_files.description",
    }
    kept = _files(data_dir)
    assert len(kept) == 2
    async with town.rostra.db.read() as reader:
        (hold_id,) = await reader.all(HOLDS)
    ids = [post_id, str(ann.id), str(hold_id)]
    for viewer in (ann, bob):
        found = await everything(town, viewer, ids, WORDS)
        for needle in (NEEDLE, *kept):
            assert where(found, needle) == [], viewer
    archive = await made(town, ann)
    assert NEEDLE.encode() not in everything_in(archive)
    addresses = [f"/media/{key}" for key in kept]
    addresses += [picture[size].partition("8420")[2] for size in ("url", "preview_url")]
    for address in addresses:
        assert (await town.anybody.get(address)).status_code == 404
    await _end(town)
    assert await town.anywhere(NEEDLE) == []
    assert not set(kept) & set(_files(data_dir))
    async with town.rostra.db.read() as reader:
        assert await reader.all(HOLDS) == [hold_id]
        assert await reader.all(LOG) == [Act.ENDED]


def _files(data_dir: Path) -> list[str]:
    folder = data_dir / "media"
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


async def _end(town: Town) -> None:
    """Nothing was wrong with it, and its time has come."""
    services, actor = town.services, Actor(1, Role.MODERATOR)
    async with services.db.write() as tx:
        cases = [case.id for case in await cases_access.queue(tx)]
        await decide(services, tx, actor, ruling(ActionKind.NONE, facts=""), cases)
    town.rostra.clock.advance(15 * DAY)
    async with services.db.write() as tx:
        await end_due(services, tx, EndDue())
    await town.rostra.work()


def test_nothing_but_its_slice_reads_it_and_the_log_only_grows() -> None:
    changes = set()
    for name, statement in statements():
        sql = statement.compiled("postgresql").sql if statement.speaks("postgresql") else ""
        if _TABLE.search(sql):
            assert name.startswith("evidence.queries."), name
            changes |= set(_CHANGE.findall(sql))
    assert ("DELETE FROM", "evidence_texts") in changes
    assert {verb for verb, table in changes if table == "evidence_log"} == {"INSERT INTO"}
