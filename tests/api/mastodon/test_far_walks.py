"""Lists that leave much out: what is old is found, and no page is looked for to the end."""

from typing import Any

import pytest
from sqlalchemy import select
from tests.harness.crowd import Town, good, ids_of
from tests.pictures import photo

from rostra.store.query import query
from rostra.store.tables.posts import post_tags, post_texts, posts, public_posts, tags

LOOKED_AT = 5_000  # posts of an account, for one page
LOOKED_AT_OF_TAG = 1_000  # posts with a hashtag, for one page


async def _answers(town: Town, author_id: int, first: int, count: int) -> None:
    """So many answers to somebody else, with ids from ``first`` on, which stand in public too."""
    rows: list[dict[str, Any]] = [
        {"id": n, "account_id": author_id, "in_reply_to_account_id": 7, "thread_id": n}
        for n in range(first, first + count)
    ]
    await town.rows(posts, rows)
    await town.rows(
        post_texts, [{"post_id": row["id"], "text": "t", "html": "<p>t</p>"} for row in rows]
    )
    await town.rows(public_posts, [{"post_id": row["id"], "account_id": author_id} for row in rows])


@pytest.mark.postgresql
async def test_what_is_old_is_found_by_its_index(town: Town) -> None:
    ann = await town.member("ann")
    picture = await town.picture(ann, photo(64, 64).jpegsave_buffer())
    old = await town.post(ann, "old #Tag", media_ids=[picture["id"]])
    private = await town.post(ann, "#tag", visibility="private")
    await _answers(town, ann.id, int(private) + 1, LOOKED_AT - 1)
    path = f"/api/v1/accounts/{ann.id}/statuses"

    async def ids(where: str = path, **query: str) -> list[str]:
        return ids_of(good(await town.anybody.get(where, params=query)))

    assert await ids(only_media="true") == [old]
    assert await ids(tagged="tag") == [old]
    assert await ids(tagged="tag", only_media="true", exclude_replies="true") == [old]
    assert await ids("/api/v1/timelines/public", only_media="true") == [old]
    assert await ids("/api/v1/timelines/public", only_media="true", max_id=old) == []
    before = str(int(old) - 1)
    assert await ids("/api/v1/timelines/public", only_media="true", min_id=before) == [old]
    assert await ids(only_media="true", min_id=before) == [old]
    assert await ids(tagged="tag", min_id=before) == [old]
    assert await ids(exclude_replies="true", min_id=before) == [old]
    assert ids_of(good(await ann.client.get(path, params={"tagged": "tag"}))) == [private, old]
    # So many are looked at: the private one is the last of them.
    assert await ids(exclude_replies="true") == []
    newest = str(int(private) + LOOKED_AT)
    assert await ids(exclude_replies="true", max_id=str(int(newest) - 1)) == [old]


@pytest.mark.postgresql
async def test_several_hashtags_are_not_looked_for_to_the_end(town: Town) -> None:
    ann = await town.member("ann")
    old = await town.post(ann, "old #tea")
    both = await town.post(ann, "#tea #coffee")
    async with town.db.read() as reader:
        known = dict(await reader.all(query(select(tags.c.name, tags.c.id))))
    first = int(both) + 1
    await _answers(town, ann.id, first, LOOKED_AT_OF_TAG)
    carried = range(first, first + LOOKED_AT_OF_TAG)
    await town.rows(
        post_tags,
        [
            {"tag_id": tag_id, "post_id": n, "account_id": ann.id}
            for tag_id in known.values()
            for n in carried
        ],
    )

    async def ids(**query: str) -> list[str]:
        return ids_of(good(await town.anybody.get("/api/v1/timelines/tag/tea", params=query)))

    assert await ids(**{"none[]": "coffee"}) == []
    assert await ids(**{"none[]": "coffee", "max_id": str(first + 1)}) == [old]
    assert await ids(**{"none[]": "coffee", "min_id": str(int(old) - 1)}) == [old]
    assert await ids(**{"all[]": "coffee", "limit": "1"}) == [str(carried[-1])]
    assert await ids(**{"any[]": "coffee", "max_id": str(first)}) == [both, old]
