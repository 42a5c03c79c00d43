"""The lifeboat as plain files: the same pages, written where they have changed."""

from pathlib import Path

from tests.harness.crowd import good
from tests.hosting.lifeboat.afloat import Afloat, afloat
from tests.pictures import photo

from rostra.kernel.clock import SECOND
from rostra.web.lifeboat.answers import Answers
from rostra.web.lifeboat.folder import Folder, Written


async def _write(boat: Afloat, root: Path) -> Written:
    await boat.told()
    boat.rostra.clock.advance(60 * SECOND)
    await boat.watch.look()
    answers = Answers(boat.berth, boat.watch, boat.book, still=True)
    return await Folder(root, answers, boat.book).write()


async def test_files_follow_the_extract(data_dir: Path, tmp_path: Path) -> None:
    root = tmp_path / "site"
    async with afloat(data_dir) as boat:
        alice, bob = await boat.town.members("alice", "bob")
        picture = await boat.town.picture(alice, photo().jpegsave_buffer())
        first = await boat.town.post(alice, "First.", media_ids=[picture["id"]])
        hidden = await boat.town.post(alice, "Hidden.", visibility="private")
        for number in range(22):
            await boat.town.post(bob, f"Bob {number:02}.")
        await _write(boat, root)
        page = (root / "@alice" / first / "index.html").read_text()
        assert "First." in page
        for address in page.split('="/')[1:]:
            file = address.partition('"')[0]
            assert (root / file).exists() or (root / file / "index.html").exists(), file
        assert not (root / "@alice" / hidden).exists()
        (older,) = (root / "@bob" / "before").glob("*/index.html")
        assert "Bob 01." in older.read_text()
        assert "is away" in (root / "index.html").read_text()
        assert len(list((root / "lifeboat" / "media" / "alice").iterdir())) == 1

        before = (root / "@bob" / "index.html").stat().st_mtime_ns
        good(await alice.client.delete(f"/api/v1/statuses/{first}"))
        done = await _write(boat, root)
        assert done.removed == 2  # the page and the picture
        assert not list((root / "@alice").glob("*/index.html"))
        assert [p for p in (root / "lifeboat" / "media").rglob("*") if p.is_file()] == []
        assert (root / "@bob" / "index.html").stat().st_mtime_ns == before
