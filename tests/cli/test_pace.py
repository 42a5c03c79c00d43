"""`rostra pace`, as a terminal runs it."""

import asyncio
from pathlib import Path

import pytest
from tests.harness.neighbours import place_of
from tests.safety.moderating import report

from rostra.cli.common import Where
from rostra.cli.pace import pace


def test_it_says_what_waits(
    data_dir: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def work() -> None:
        async with place_of(data_dir, database_url) as place:
            ann, bob = await place.members("ann", "bob")
            post = await bob.post("Buy this")
            await report(ann, bob, post["id"], harm="spam")

    if database_url.startswith("postgresql"):
        (data_dir / "rostra.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    asyncio.run(work())
    pace(window="week", where=Where(data=data_dir))
    printed = capsys.readouterr().out
    counts = next(line for line in printed.splitlines() if line.startswith("Spam"))
    assert counts.split() == ["Spam", "0", "0", "1", "0", "-", "-"]
    assert "worst: case" in printed
    assert "Too little is known yet" in printed
