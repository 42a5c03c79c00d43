"""Words that many posts have, words that few have, and both together: found at a bounded cost.

SQLite finds all of it. PostgreSQL walks through the newest posts or asks its index; the tests make
its limits small, so that some posts lie beyond each of them.
"""

import pytest
from tests.harness.neighbours import Asker, Place

from rostra.network.search import candidates, finding
from rostra.store.query import as_tuple, query_for

PATH = "/api/v2/search"
POSTS = 60
WORDS = {"every": 1, "even": 2, "third": 3, "seldom": 29, "rare": 57}


async def posts(asker: Asker, q: str, **params: int) -> list[int]:
    """The numbers of the posts that are found."""
    asked = {"q": q, "type": "statuses", "limit": 40, **params}
    found = await asker.get(PATH, params=asked)
    return [
        int(status["content"].partition(" number")[2].partition("<")[0])
        for status in found["statuses"]
    ]


def expected(*words: str) -> list[int]:
    """The numbers of those that have all of the words, newest first."""
    return [n for n in reversed(range(POSTS)) if all(n % WORDS[word] == 0 for word in words)]


async def written(place: Place) -> Asker:
    """Somebody who has written so many posts, and agreed to be found."""
    ann = await place.member("ann")
    await ann.change(indexable=True)
    for number in range(POSTS):
        words = [word for word, every in WORDS.items() if number % every == 0]
        await ann.post(f"{' '.join(words)} number{number}")
    return ann


async def count(place: Place) -> None:
    """Have the database count how frequent words are, as it does by itself from time to time."""
    if place.db.dialect == "postgresql":
        async with place.db.write() as tx:
            await tx.run(query_for("postgresql", "ANALYZE post_search", as_tuple))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_FIRST_WALK", 5)
    monkeypatch.setattr(candidates, "_WIDEST_WALK", 10)
    monkeypatch.setattr(candidates, "_SHORT_WALK", 12)


@pytest.mark.parametrize("counted", [False, True])
async def test_frequent_and_seldom_words_are_found(place: Place, *, counted: bool) -> None:
    ann = await written(place)
    if counted:
        await count(place)
    for words in (
        ["every"], ["even"], ["seldom"], ["rare"], ["even", "third"], ["even", "seldom"],
        ["every", "rare"], ["third", "rare"], ["even", "rare"],
    ):  # fmt: skip
        assert await posts(ann, " ".join(words)) == expected(*words)[:40], words
    assert await posts(ann, "even", offset=25) == expected("even")[25:]
    assert await posts(ann, '"even third"') == expected("even", "third")
    assert await posts(ann, '"third even"') == await posts(ann, "nobody every") == []
    assert await posts(ann, "every -even -third") == [
        n for n in expected("every") if n % 2 and n % 3
    ]
    assert await posts(ann, "seldom from:ann") == [58, 29, 0]
    assert await posts(ann, "seldom from:ann in:library -rare") == [58, 29]


@pytest.mark.parametrize("counted", [False, True])
async def test_a_frequent_word_before_and_after_a_post(place: Place, *, counted: bool) -> None:
    ann = await written(place)
    if counted:
        await count(place)
    answer = await ann.get(PATH, params={"q": "rare", "type": "statuses"})
    ids = [status["id"] for status in answer["statuses"]]
    assert await posts(ann, "every", max_id=int(ids[0])) == expected("every")[3:43]
    assert await posts(ann, "even", max_id=int(ids[0]), min_id=int(ids[1])) == (
        [n for n in expected("even") if 0 < n < 57]
    )


async def test_what_the_bounds_of_postgresql_leave_out(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are all frequent are found together among the newest posts, and no further."""
    monkeypatch.setattr(candidates, "_MOST_INDEXED", 3)
    monkeypatch.setattr(finding, "LONGEST_WALK", 20)
    ann = await written(place)
    await count(place)
    bounded = place.db.dialect == "postgresql"
    together = expected("even", "third")
    assert await posts(ann, '"even third"') == (
        [n for n in together if n >= POSTS - 20] if bounded else together
    )
    # What is rare is found however old it is, and from an older post the search goes on.
    assert await posts(ann, "rare every") == [57, 0]
    answer = await ann.get(PATH, params={"q": "seldom", "type": "statuses"})
    older = int(answer["statuses"][1]["id"])
    assert await posts(ann, "even third", max_id=older) == (
        [n for n in together if 9 <= n < 29] if bounded else [n for n in together if n < 29]
    )


async def test_a_word_that_has_become_frequent_since_it_was_counted(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is left as soon as it gives more than it was said to."""
    monkeypatch.setattr(candidates, "_MOST_INDEXED", 4)
    monkeypatch.setattr(candidates, "_UNKNOWN", 0.0)
    ann = await written(place)
    assert await posts(ann, "every -number59 -even") == [
        n for n in expected("every") if n % 2 and n != 59
    ]


async def test_the_count_of_a_search_on_postgresql(place: Place) -> None:
    """Statements: no more for a rare word than the walk, the figures and the index."""
    ann = await written(place)
    await count(place)
    await posts(ann, "rare")
    with place.app.counted() as searching:
        assert await posts(ann, "rare every") == [57, 0]
    assert searching.statements <= (6 if place.db.dialect == "sqlite" else 9)
