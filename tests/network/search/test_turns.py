"""Who indexes many posts anew and who deletes or edits one of them at once take turns."""

import pytest
from tests.harness.crowd import Town, good
from tests.harness.turns import in_turn

from rostra.network.posts.delete import delete
from rostra.network.search.index import MarkPosts, mark_posts
from rostra.store.database import Transaction
from rostra.store.query import query_text

_DOCUMENTS = query_text(
    sqlite="SELECT text FROM post_search",
    postgresql="SELECT CAST(document AS text) FROM post_search",
    into=str,
)


@pytest.mark.postgresql
async def test_words_that_are_deleted_do_not_come_back_into_the_index(town: Town) -> None:
    ann = await town.member("ann")
    gone, kept = await town.post(ann, "quokka"), await town.post(ann, "numbat")

    async def delete_one(tx: Transaction) -> None:
        await delete(town.services, tx, ann.id, int(gone))

    await in_turn(town.db, delete_one, mark_posts(town.services, MarkPosts(ann.id)))
    async with town.db.read() as reader:
        [document] = await reader.all(_DOCUMENTS)
    assert "numbat" in document
    good(await ann.client.put(f"/api/v1/statuses/{kept}", json={"status": "wombat"}))
    async with town.db.read() as reader:
        [document] = await reader.all(_DOCUMENTS)
    assert "wombat" in document
    assert "numbat" not in document
