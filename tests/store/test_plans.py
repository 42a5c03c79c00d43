"""No statement that serves a request walks through a whole table on SQLite.

Every statement of the slices is explained against the real schema. What may walk stands
below with its reason; a new one needs a reason as well. PostgreSQL's planner goes by what is in the
tables: there the statements of search are explained over posts with frequent and with rare words.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.harness.statements import statements

from rostra.store.query import Query
from rostra.store.sqlite import connect
from rostra.store.tables import metadata

_TABLE_ANEW = re.compile(r"\(SELECT 1 \nFROM [\w ]+, \w+")
_SCAN = re.compile(r"^SCAN (?!json_each|CONSTANT ROW)(\w+)")


STATEMENTS = dict(statements())

# Walks that are meant: tables of a few rows, and jobs that look at everything now and then.
MEANT = {
    "arrivals": "what was posted within the last second or two",
    "custom_emojis": "as many emoji as an operator has added",
    "instance_settings": "some dozen settings",
    "invites": "the operators' list of invitations",
    "rules": "some dozen rules",
    "screening_lists": "fifty at most",
    "screening_rules": "two hundred at most",
    "screening_states": "one row for each part of what screening goes by",
    "webhooks": "twenty at most",
    "hash_banks": "a hundred at most",
    "message_templates": "two hundred at most",
    "rule_versions": "the newest hundred, or the newest one, along its key",
    "rule_translations": "as many as rules and languages",
    "terms": "one row for each version",
    "reserved_names": "an operator's list",
    "ledger_heads": "one row",
    "surge_terms": "one row for each measure",
    "parties": "a hundred at most",
    "pace_alarms": "at most one row for each category, target and state",
    "case_skips": "what somebody of the team has put aside for some minutes",
    "trusted_flaggers": "those whom an admin has named",
    "reviews": "those that wait to be looked at, in an index of their own: a few thousand at most",
    "standing_decisions": "those that stand now, in an index of their own",
    "trend_publishers": "the hosts that operators have decided on",
}
JOBS = {
    "credentials.queries.DROP_EVERY_SESSION": "`rostra renew`, while nobody is served",
    "credentials.queries.DROP_EVERY_TOKEN": "`rostra renew`, while nobody is served",
    "credentials.queries.DROP_EVERY_CODE": "`rostra renew`, while nobody is served",
    "credentials.queries.DROP_EVERY_LETTER_TOKEN": "`rostra renew`, while nobody is served",
    "credentials.queries.DROP_EVERY_CHALLENGE": "`rostra renew`, while nobody is served",
    "push.queries.DROP_KEY": "`rostra renew`, while nobody is served",
    "push.queries.DROP_EVERY": "`rostra renew`, while nobody is served",
    "announcements.queries.ALL": "the operators' list, by its key",
    "timelines.queries.homes.OVERFULL": "a job, off the event loop",
    "timelines.queries.homes.KEPT_HOMES": "a job, off the event loop",
    "accounts.queries.USED_PICTURES": "a job, off the event loop",
    "credentials.queries.DROP_OLD_SESSIONS": "a job",
    "credentials.queries.DROP_UNUSED_APPS": "a job; codes are those of ten minutes",
    "credentials.queries.DROP_MORE_APP_TOKENS": "a job, over the tokens of apps themselves",
    "portability.queries.archives.KNOWN_FILES": "a job, over at most one archive a member",
    "pace.queries.LOG": "a page for the team, by its key",
    "lists.queries.COUNTS": "a page for the team, along an index",
    "lists.queries.IN_FORCE": "once in each process when a list has changed",
    "rules.queries.LATEST": "a page for the team, by its key",
    "team.queries.TEAM": "the team as a whole: seldom, and never a stranger's doing",
    "ledger.queries.UNRECORDED": "the check of the whole ledger, off the event loop",
    "ledger.queries.UNRECORDED_APPEALS": "the check of the whole ledger, off the event loop",
    "banks.queries.NOT_ON": "hashes that are off, in an index of their own",
    "banks.queries.HOW_MANY_MEDIA": "when the team adds a hash: how far there is to look",
    "accounts.queries.LOCK_OWNERS": "before an owner goes: seldom, and no stranger's doing",
    "adapters.queries.FORGET_OLD": "a job, over no more than may wait for adapters",
    "adapters.queries.FORGET_DAYS": "a job, over one row for each adapter and day",
    "instance.queries.MEMBERS": "figures of the place, kept for ten minutes",
    "instance.queries.POSTS": "figures of the place, kept for ten minutes",
}


@pytest.mark.parametrize(
    ("name", "statement"),
    [pytest.param(n, s, id=n) for n, s in STATEMENTS.items() if s.speaks("sqlite")],
)
def test_no_statement_walks_a_table(
    name: str, statement: Query[Any], sqlite_template: Path
) -> None:
    compiled = statement.compiled("sqlite")
    connection = connect(sqlite_template, read_only=True)
    try:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN " + compiled.sql, [None] * len(compiled.names)
        ).fetchall()
    finally:
        connection.close()
    aliases = _aliases(compiled.sql)
    walked = [match[1] for *_, line in plan if (match := _SCAN.match(str(line)))]
    tables = {aliases.get(name, name) for name in walked} & set(metadata.tables)
    unmeant = tables - set(MEANT)
    assert not unmeant or name in JOBS, (unmeant, compiled.sql)


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_forgets_whom_its_parts_are_about(name: str) -> None:
    """A part that names a table of the whole anew asks of anybody, not of the row at hand."""
    for dialect in ("sqlite", "postgresql"):
        if STATEMENTS[name].speaks(dialect):
            sql = STATEMENTS[name].compiled(dialect).sql
            assert not _TABLE_ANEW.search(sql), sql


async def test_postgresql_takes_and_plans_every_statement(postgres_url: str) -> None:
    """Its tables, columns, types and functions: whatever part of the tests then asks for it."""
    refused: dict[str, str] = {}
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        for name, statement in STATEMENTS.items():
            if not statement.speaks("postgresql"):
                continue
            compiled = statement.compiled("postgresql")
            given = ", ".join(["NULL"] * len(compiled.names))
            try:
                await connection.execute(f"PREPARE asked AS {compiled.sql}")
                await connection.execute("EXPLAIN EXECUTE asked" + (given and f"({given})"))
                await connection.execute("DEALLOCATE asked")
            except asyncpg.PostgresError as error:
                refused[name] = str(error)
    finally:
        await connection.close()
    assert not refused


def _aliases(sql: str) -> dict[str, str]:
    return {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", sql)}


# 20,000 posts: one word that all have, one that half have, one of every twenty, one of a thousand.
_FILL = """INSERT INTO post_search (rowid, document)
    SELECT post, array_to_tsvector(ARRAY['every', 'half' || post % 2, 'part' || post % 20,
        'rare' || post % 1000, 'one' || post]) FROM generate_series(1, 20000) AS post"""
# 20,000 accounts: one beginning that all have, and one of the youngest thousand.
_FILL_ACCOUNTS = """INSERT INTO account_search (rowid, document)
    SELECT account, array_to_tsvector(ARRAY[CASE WHEN account > 19000 THEN 'young' ELSE 'old' END,
        'name' || account]) FROM generate_series(1, 20000) AS account"""
_WALK = {"below": 20_000, "above": 18_000, "match": "'every'"}
_BY_ID = "using post_search_pkey"
SEARCHES: dict[str, tuple[str, dict[str, Any], str]] = {
    "how far": ("FLOOR", {"below": 20_000, "above": 0, "far": 1_999}, _BY_ID),
    "walk": ("WALKED", _WALK, _BY_ID),
    "walk for rare": ("WALKED", _WALK | {"match": "'rare1'"}, _BY_ID),
    **{
        f"index for {word}": (
            "INDEXED",
            {"tokens": f"'{word}'", "match": f"'{word}'", "below": 2**62, "above": 0, "most": 4001},
            "Bitmap Index Scan on ix_post_search_document",
        )
        for word in ("every", "half1", "part1", "rare1", "nobody")
    },
    **{
        f"accounts for {beginning}": (
            "ACCOUNT_MATCHES",
            {"match": f"'{beginning}':*", "limit": 1000},
            "Bitmap Index Scan on ix_account_search_document",
        )
        for beginning in ("name", "name1999", "nobody")
    },
    "among": ("AMONG", {"ids": "[1, 2, 3]", "match": "'every'"}, _BY_ID),
}


def _literal(value: Any) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_searches_take_the_index_that_is_meant(postgres_url: str, mode: str) -> None:
    """Whatever the planner knows of the words, or does not."""
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(_FILL)
        await connection.execute(_FILL_ACCOUNTS)
        await connection.execute("VACUUM (ANALYZE) post_search, account_search")
        await connection.execute(f"SET plan_cache_mode = {mode}")
        for name, (statement, given, way) in SEARCHES.items():
            compiled = STATEMENTS[f"search.queries.{statement}"].compiled("postgresql")
            await connection.execute(f"PREPARE asked AS {compiled.sql}")
            values = ", ".join(map(_literal, compiled.bind(given)))
            rows = await connection.fetch(f"EXPLAIN EXECUTE asked ({values})")
            await connection.execute("DEALLOCATE asked")
            plan = "\n".join(row[0] for row in rows)
            assert way in plan, (name, plan)
            assert "Seq Scan" not in plan, (name, plan)
    finally:
        await connection.close()


async def test_accounts_are_found_among_the_first_and_by_the_index(postgres_url: str) -> None:
    """A beginning of many among the oldest accounts, a rare one wherever it is."""
    compiled = STATEMENTS["search.queries.ACCOUNT_MATCHES"].compiled("postgresql")
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(_FILL_ACCOUNTS)
        for beginning, expected in (
            ("old", range(1, 41)),
            ("young", range(19_001, 19_041)),
            ("name1999", [1_999, *range(19_990, 20_000)]),
            ("nobody", []),
        ):
            given = compiled.bind({"match": f"'{beginning}':*", "limit": 40})
            rows = await connection.fetch(compiled.sql, *given)
            assert [row[0] for row in rows] == list(expected), beginning
    finally:
        await connection.close()


async def _plan(url: str, name: str, given: Mapping[str, Any], *before: str) -> str:
    """How PostgreSQL means to answer a statement, after these have filled its tables."""
    compiled = STATEMENTS[name].compiled("postgresql")
    connection = await asyncpg.connect(url)
    try:
        for sql in before:
            await connection.execute(sql)
        rows = await connection.fetch(f"EXPLAIN {compiled.sql}", *compiled.bind(given))
    finally:
        await connection.close()
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("way", ["newest", "oldest"])
async def test_posts_of_a_link_are_walked_by_its_index(postgres_url: str, way: str) -> None:
    plan = await _plan(
        postgres_url,
        f"timelines.queries.linked.LINKED.{way}",
        {"card": 1, "viewer": 0, "now": 1, "below": 2**62, "above": 0, "limit": 20},
        "INSERT INTO post_cards (post_id, card_id)"
        " SELECT post, post % 50 FROM generate_series(1, 50000) AS post",
        "VACUUM (ANALYZE) post_cards",
    )
    assert "ix_post_cards_card_id_post_id" in plan, plan
    assert "Sort Key: post_cards.post_id" not in plan, plan


_WALKED = {"viewer": 0, "now": 1, "below": 2**62, "above": 0, "limit": 20}
_OF_ONE = {**_WALKED, "account": 7, "exclude_replies": 0, "exclude_reblogs": 0, "only_media": 0}
FEW_OF_MANY: dict[str, tuple[dict[str, Any], str]] = {
    "PUBLIC_MEDIA": (_WALKED, "ix_posts_with_media"),
    "ACCOUNT_MEDIA": (_OF_ONE, "ix_posts_account_with_media"),
    "ACCOUNT_TAG": (
        {**_OF_ONE, "tag": "tea"},
        "ix_post_tags_account_id_tag_id_visibility_post_id",
    ),
}


@pytest.mark.parametrize("way", ["newest", "oldest"])
@pytest.mark.parametrize("name", FEW_OF_MANY)
def test_few_of_many_posts_have_an_index_on_sqlite(
    name: str, way: str, sqlite_template: Path
) -> None:
    """Whatever is left out is not walked through."""
    given, index = FEW_OF_MANY[name]
    compiled = STATEMENTS[f"timelines.queries.reading.{name}.{way}"].compiled("sqlite")
    connection = connect(sqlite_template, read_only=True)
    try:
        asked = "EXPLAIN QUERY PLAN " + compiled.sql
        plan = str(connection.execute(asked, compiled.bind(given)).fetchall())
    finally:
        connection.close()
    assert index in plan, plan


@pytest.mark.parametrize("name", FEW_OF_MANY)
async def test_few_of_many_posts_have_an_index(postgres_url: str, name: str) -> None:
    given, index = FEW_OF_MANY[name]
    plan = await _plan(
        postgres_url,
        f"timelines.queries.reading.{name}.newest",
        given,
        "INSERT INTO accounts (id, username, username_key, domain, created_at)"
        " SELECT n, 'n' || n, 'n' || n, '', 1 FROM generate_series(1, 500) AS n",
        "INSERT INTO posts (id, account_id, media_count)"
        " SELECT n, n % 2 * 7, CAST(n % 1000 = 1 AS int) FROM generate_series(1, 50000) AS n",
        "INSERT INTO public_posts (post_id, account_id) SELECT id, account_id FROM posts",
        "INSERT INTO tags (id, name) SELECT n, 'tag' || n FROM generate_series(1, 500) AS n",
        "INSERT INTO post_tags (tag_id, post_id, account_id)"
        " SELECT n % 500, n, n % 2 * 7 FROM generate_series(1, 50000) AS n",
        "VACUUM (ANALYZE) accounts, posts, public_posts, tags, post_tags",
    )
    assert index in plan, plan
    assert "Seq Scan on posts" not in plan, plan


async def test_familiar_followers_are_looked_up_by_indexes(postgres_url: str) -> None:
    """Whoever is followed by a whole place: no walk through all follows."""
    plan = await _plan(
        postgres_url,
        "relations.queries.FAMILIAR",
        {"viewer": 1, "ids": [2, 3, 4], "each": 250, "limit": 1000},
        "INSERT INTO accounts (id, username, username_key, domain, created_at)"
        " SELECT n, 'n' || n, 'n' || n, '', 1 FROM generate_series(1, 20000) AS n",
        "INSERT INTO follows (account_id, target_id, id)"
        " SELECT 1, n, n FROM generate_series(2, 200) AS n"
        " UNION ALL SELECT n, 2, n + 20000 FROM generate_series(3, 20000) AS n"
        " UNION ALL SELECT n, n % 500 + 5, n + 40000 FROM generate_series(600, 20000) AS n",
        "VACUUM (ANALYZE) accounts, follows",
    )
    assert "WindowAgg" in plan, plan
    assert "Seq Scan on follows" not in plan, plan
    assert "Seq Scan on accounts" not in plan, plan


_DECIDED = "posts.queries.requests.DECIDED_BEFORE", "posts.queries.requests.DROP_DECIDED"


def test_decided_requests_are_found_by_when_they_were_on_sqlite(sqlite_template: Path) -> None:
    """Not through those that are open, however many they are."""
    compiled = STATEMENTS[_DECIDED[0]].compiled("sqlite")
    connection = connect(sqlite_template, read_only=True)
    try:
        plan = str(connection.execute("EXPLAIN QUERY PLAN " + compiled.sql, [1, 500]).fetchall())
    finally:
        connection.close()
    assert "ix_interaction_requests_decided_at (decided_at>? AND decided_at<?)" in plan, plan


async def test_decided_requests_are_found_by_when_they_were(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(
            "INSERT INTO interaction_requests (id, account_id, state, decided_at)"
            " SELECT n, n, n % 2, n % 2 * n FROM generate_series(1, 50000) AS n"
        )
        await connection.execute("VACUUM (ANALYZE) interaction_requests")
        for name, given, index in (
            (_DECIDED[0], {"before": 500}, "ix_interaction_requests_decided_at"),
            (_DECIDED[1], {"ids": list(range(1, 500))}, "pk_interaction_requests"),
        ):
            compiled = STATEMENTS[name].compiled("postgresql")
            rows = await connection.fetch(f"EXPLAIN {compiled.sql}", *compiled.bind(given))
            plan = "\n".join(row[0] for row in rows)
            assert index in plan, plan
            assert "Seq Scan" not in plan, plan
    finally:
        await connection.close()
