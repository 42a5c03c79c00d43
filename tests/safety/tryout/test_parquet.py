"""History as files: what is read is what was written."""

from pathlib import Path

import pytest
from tests.harness.neighbours import Place
from tests.safety.tryout.test_history import read

from rostra.kernel.lazy import ExtraMissing, extra
from rostra.safety.tryout import history, parquet
from rostra.safety.tryout.history import Period, Shard, Wanted, authored
from rostra.safety.tryout.parallel import Cancelled
from rostra.safety.tryout.parquet import Export, read_piece, written


async def test_what_is_read_is_what_waswritten(
    place: Place, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Authors with all that happened about them, posts in all their forms, in pages."""
    monkeypatch.setattr(history, "MOST_POSTS", 2)
    ann, bob = await place.members("ann", "bob")
    await ann.relate("follow", bob)
    await bob.post("before")
    start = place.clock.now() + 1
    for number in range(3):
        await ann.post(f"post {number} ❤", language="de", visibility="private")
    await bob.post("one", spoiler_text="careful")
    period = Period(start, place.clock.now() + 1)
    stored = await read(place, period)
    shards = [Shard((ann.account_id,), 3), Shard((bob.account_id,), 1)]
    pieces = [
        await written(Export(database_url, period, str(tmp_path)), number, shard)
        for number, shard in enumerate(shards)
    ]
    assert [piece.posts for piece in pieces] == [3, 1]
    found = [pair for piece in pieces for pair in read_piece(tmp_path, piece.number)]
    assert [author for author, _ in found] == [stored[0][0], stored[-1][0]]
    assert [post for _, posts in found for post in posts] == [
        post for _, posts in stored for post in posts
    ]
    async with place.db.read() as reader:
        assert [page async for page in authored(reader, period, shards[1], Wanted())] == found[1:]


def test_what_was_given_up_is_not_taken_for_whole(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        parquet.export(
            sqlite_url,
            Period(0, 1),
            [Shard((1,), 1)] * 9,
            tmp_path / "history",
            processes=1,
            stopped=lambda: True,
        )
    with pytest.raises(parquet.Unreadable, match="not all"):
        parquet.about(tmp_path / "history")


def test_a_library_of_an_extra_is_named_where_it_lacks() -> None:
    assert extra("json", "ray").loads("1") == 1
    with pytest.raises(ExtraMissing, match=r"this needs nowhere\.at_all: install rostra\[ray\]"):
        extra("nowhere.at_all", "ray")
