"""Old posts are judged as new ones are; what is held and then released goes into the past."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.crowd import Town, good
from tests.harness.neighbours import Place
from tests.network.portability.brought import brought, note, outbox, posts_of, zipped
from tests.safety.moderating import decide, queue, ruling
from tests.safety.rules.keeping import live
from tests.safety.screening.listener import Listener, judged_by
from tests.safety.screening.test_rules import HOLD, decisions

from rostra.network.posts.events import PostBroughtIn, PostPublished
from rostra.safety.decisions.model import ActionKind
from rostra.store.tables.posts import post_mentions
from rostra.store.tables.timelines import home

LISTENER = Listener({"kill": {"violence": 0.99}})


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    """A place with a signal, and no rule."""
    async with judged_by(data_dir, database_url, LISTENER) as made:
        yield made


async def test_what_is_found_makes_a_case_and_restricts_nothing(
    place: Place, tmp_path: Path
) -> None:
    town = Town(place.app)
    ann, bob = await town.members("ann", "bob")
    path = zipped(tmp_path / "a.zip", {"outbox.json": outbox(note(1, "I kill you"), note(2))})
    await brought(town, ann, path)
    await town.rostra.work()
    assert "I kill you" in LISTENER.texts
    old, _ = await posts_of(ann, bob)
    [case] = await queue(place)
    assert case.subject.id == int(old["id"])
    assert await decisions(place, old) == []


async def test_what_a_rule_holds_is_released_into_the_past(place: Place, tmp_path: Path) -> None:
    town = Town(place.app)
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    await town.rostra.work()
    await live(place, source=HOLD)
    published, released = place.told(PostPublished), place.told(PostBroughtIn)
    listed = [note(1, "cheap pills for @bob"), note(2, inReplyTo=note(1)["id"]), note(3)]
    path = zipped(tmp_path / "a.zip", {"outbox.json": outbox(*listed)})
    _, done = await brought(town, ann, path)
    assert done.posts == 2
    assert [each.item for each in done.faults] == [2]  # nobody answers what is held
    held, other = await posts_of(ann)
    assert held["moderation"] == "held"
    assert [each["id"] for each in await posts_of(ann, bob)] == [other["id"]]
    [made] = await decisions(place, held)
    assert [each.kind for each in made.done] == [ActionKind.HOLD]
    [case] = await queue(place)
    await decide(place, [case.id], ruling(ActionKind.NONE))
    await town.rostra.work()
    first = (await posts_of(ann, bob))[0]
    assert (first["id"], first["created_at"][:10], first["mentions"]) == (
        held["id"],
        "2019-05-01",
        [],
    )
    assert published == []
    assert [str(each.post_id) for each in released] == [other["id"], held["id"]]
    assert good(await bob.client.get("/api/v1/notifications")) == []
    assert not await town.count(post_mentions) + await town.count(home)
    _, done = await brought(town, ann, path)
    assert (done.posts, done.faults) == (1, [])
