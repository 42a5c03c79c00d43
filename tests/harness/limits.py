"""What decisions do to posts, accounts and media, for tests, and all that is stored."""

from typing import Any

from sqlalchemy import select
from tests.harness.crowd import Town

from rostra.network.posts.restrict import PostLimits, restrict_posts
from rostra.store.query import query
from rostra.store.tables import metadata

# Jobs come and go, and a version only ever rises.
_PASSING = frozenset({"jobs", "schedules"})


async def limit(town: Town, *post_ids: str, **limits: Any) -> None:
    """Restrict posts to this, in one transaction; nothing named: as they were."""
    wanted = dict.fromkeys(map(int, post_ids), PostLimits(**limits))
    async with town.db.write() as tx:
        await restrict_posts(town.services, tx, wanted)


async def everything_stored(town: Town) -> dict[str, list[Any]]:
    """Every row of every table, versions left out, in the order of all columns."""
    await town.settle()
    found = {}
    async with town.db.read() as reader:
        for table in metadata.sorted_tables:
            if table.name not in _PASSING:
                columns = [column for column in table.columns if column.name != "version"]
                found[table.name] = sorted(await reader.all(query(select(*columns))))
    return found
