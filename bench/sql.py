"""Statements of the benches beside the server that they measure."""

import asyncio
from typing import Any

import asyncpg

BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'rostra'"


def ask(url: str, *statements: str) -> list[Any]:
    """Run statements on PostgreSQL, one after another; the first column of the last answer."""

    async def asking() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            rows: list[Any] = []
            for statement in statements:
                rows = await connection.fetch(statement)
            return [row[0] for row in rows]
        finally:
            await connection.close()

    return asyncio.run(asking())
