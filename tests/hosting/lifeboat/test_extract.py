"""The extract: what it holds follows what anybody may read, and costs what has changed."""

from pathlib import Path

import pytest
from tests.harness.crowd import good
from tests.hosting.lifeboat.afloat import NAMES, afloat
from tests.pictures import photo


async def test_posts_and_pictures_of_a_member_are_in_it(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        picture = await boat.town.picture(alice, photo().jpegsave_buffer(), description="A lake.")
        first = await boat.town.post(alice, "One.", media_ids=[picture["id"]])
        await boat.town.post(alice, "Two.", in_reply_to_id=first, visibility="unlisted")
        await boat.told()
        two, one = await boat.posts("Alice")
        assert (one.html, two.html) == ("<p>One.</p>", "<p>Two.</p>")
        assert two.answers is not None
        assert (two.answers.name, str(two.answers.id), two.unlisted) == ("alice", first, True)
        (shown,) = one.pictures
        assert shown.alt == "A lake."
        kind, content = await boat.book.media("alice", shown.piece)
        assert kind.startswith("image/")
        assert len(content) > 100


async def test_what_is_changed_and_deleted_is_so_there_too(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        picture = await boat.town.picture(alice, photo().jpegsave_buffer())
        kept = await boat.town.post(alice, "Kept.")
        gone = await boat.town.post(alice, "Gone.", media_ids=[picture["id"]])
        await boat.told()
        before = boat.pieces()
        (shown,) = (await boat.posts("alice"))[0].pictures
        assert shown.piece in before
        body = {"status": "Kept, and edited."}
        good(await alice.client.put(f"/api/v1/statuses/{kept}", json=body))
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await boat.told()
        (post,) = await boat.posts("alice")
        assert post.html == "<p>Kept, and edited.</p>"
        # Neither the picture nor the older pieces lie at any place.
        for name in NAMES:
            assert boat.pieces(name) == boat.pieces()
            assert shown.piece not in boat.pieces(name)
        # Root, shard, page and one chunk.
        assert len(boat.pieces()) == 4


async def test_a_new_post_sends_few_pieces(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice, bob = await boat.town.members("alice", "bob")
        for number in range(150):
            await boat.town.post(alice, f"Post {number}.")
        await boat.town.post(bob, "Hello.")
        await boat.told()
        before = boat.pieces()
        await boat.town.post(alice, "One more.")
        await boat.told()
        assert len(boat.pieces() - before) == 4  # root, shard, page, the last chunk
        assert len(before - boat.pieces()) in {3, 4}
        assert (await boat.posts("alice"))[0].html == "<p>One more.</p>"
        assert len(await boat.posts("alice")) == 151


async def test_nothing_changed_sends_nothing(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        post = await boat.town.post(alice)
        head = await boat.told()
        bob = await boat.town.member("bob")
        await boat.told()
        before = boat.pieces()
        await boat.town.act(bob, "favourite", post)  # a count: it is not shown
        boat.rostra.clock.advance(7 * 3_600_000)  # and everybody is looked at again
        again = await boat.told()
        assert boat.pieces() == before
        assert again.place_in_time > head.place_in_time


@pytest.mark.parametrize("lost", ["state", "everything"])
async def test_a_host_that_starts_anew_goes_on(data_dir: Path, lost: str) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        await boat.town.post(alice, "Before.")
        await boat.told()
        before = boat.pieces()
        held = data_dir / "ark" / "lifeboat"
        for path in held.rglob("*"):
            if path.is_file() and (lost == "everything" or path.name == "state.json"):
                path.unlink()
        (boat.places / "south" / "lifeboat").rename(boat.places / "lost")
        boat.feeder = boat.feeder_to(boat.stores)
        await boat.told()
        assert boat.pieces() == before
        assert boat.pieces("south") == before
        assert len(await boat.posts("alice")) == 1


async def test_the_extract_opens_nothing_but_itself(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.town.member("alice")
        head = await boat.told()
        keys = (data_dir / "ark" / "keys.json").read_text()
        assert head.wrapped not in keys
        assert boat.berth.secret not in keys
        assert "AGE-SECRET-KEY" not in (data_dir / "lifeboat.json").read_text()
