"""Media that decisions withhold: their files, their attachments, and what taking it back does."""

from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good
from tests.harness.limits import URL, everything_stored, limit, limit_accounts, limit_media
from tests.pictures import photo

from rostra.store.tables.files import withheld_files


async def _posted(town: Town, author: Member, text: str = "Look.") -> tuple[str, Any]:
    picture = await town.picture(author, photo().jpegsave_buffer(), description="a boat")
    return await town.post(author, text, media_ids=[picture["id"]]), picture


async def _fetched(town: Town, picture: Any) -> set[int]:
    paths = [picture[name].partition("8420")[2] for name in ("url", "preview_url")]
    return {(await town.anybody.get(path)).status_code for path in paths}


async def test_a_medium_is_withheld_and_shown_again(town: Town) -> None:
    ann = await town.member("ann")
    post, picture = await _posted(town, ann)
    before, there = await everything_stored(town), await _blobs(town)
    assert await _fetched(town, picture) == {200}
    await limit_media(town, int(picture["id"]), withheld=True)
    await town.rostra.work()
    assert await _fetched(town, picture) == {404}
    [shown] = good(await town.anybody.get(f"{URL}/{post}"))["media_attachments"]
    assert (shown["type"], shown["url"], shown["preview_url"]) == ("unknown", None, None)
    assert shown["description"] == "a boat"
    page = (await town.anybody.get(f"/@ann/{post}")).text
    assert "Withheld by the moderators" in page
    assert picture["url"] not in page
    for path in (f"/@ann/{post}/embed", "/@ann.rss", f"/api/oembed?url=http://x/@ann/{post}"):
        assert picture["url"] not in (await town.anybody.get(path)).text, path
    restricted = await everything_stored(town)
    await limit_media(town, int(picture["id"]), withheld=True)
    await town.rostra.work()
    assert await everything_stored(town) == restricted
    await limit_media(town, int(picture["id"]))
    await town.rostra.work()
    assert await _fetched(town, picture) == {200}
    assert await everything_stored(town) == before
    assert await _blobs(town) == there


async def _blobs(town: Town) -> set[str]:
    found = set()
    for folder in ("media/", "withheld/", "avatars/", "headers/"):
        found |= {each.key async for each in town.services.blobs.list(folder)}
    return found


@pytest.mark.parametrize("limits", [{"held": True}, {"removed": True}], ids="-".join)
async def test_files_of_hidden_posts_are_withheld(town: Town, limits: dict[str, Any]) -> None:
    ann = await town.member("ann")
    post, picture = await _posted(town, ann)
    before = await everything_stored(town)
    await limit(town, post, **limits)
    await town.rostra.work()
    assert await _fetched(town, picture) == {404}
    # For another reason as well: it stays as long as there is one.
    await limit_media(town, int(picture["id"]), withheld=True)
    await limit(town, post)
    await town.rostra.work()
    assert await _fetched(town, picture) == {404}
    await limit_media(town, int(picture["id"]))
    await town.rostra.work()
    assert await _fetched(town, picture) == {200}
    assert await everything_stored(town) == before


async def test_files_of_who_is_suspended_are_withheld(town: Town) -> None:
    ann = await town.member("ann")
    _, picture = await _posted(town, ann)
    await limit_accounts(town, ann.id, suspended=True)
    await town.rostra.work()
    assert await _fetched(town, picture) == {404}
    await limit_accounts(town, ann.id)
    await town.rostra.work()
    assert await _fetched(town, picture) == {200}


async def test_what_is_deleted_while_it_is_withheld_is_gone(town: Town) -> None:
    """And is not given back to be posted again."""
    ann = await town.member("ann")
    for query in ("", "?delete_media=true"):
        post, _ = await _posted(town, ann)
        await limit(town, post, held=True)
        await town.rostra.work()
        assert await _blobs(town)
        good(await ann.client.delete(f"{URL}/{post}{query}"))
        await town.rostra.work()
        assert await _blobs(town) == set()
        assert await town.count(withheld_files) == 0


async def test_before_the_job_has_run_it_can_be_taken_back(town: Town) -> None:
    ann = await town.member("ann")
    post, picture = await _posted(town, ann)
    before = await everything_stored(town)
    await limit(town, post, removed=True)
    await limit(town, post)
    await limit(town, post, held=True)
    await limit(town, post)
    await town.rostra.work()
    assert await _fetched(town, picture) == {200}
    assert await everything_stored(town) == before
