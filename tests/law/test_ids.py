"""Law 7: ids tell nothing and can't be guessed; outside they are strings of one length."""

import itertools
import random
import re
from collections.abc import Iterator
from typing import Any

from tests.harness.crowd import Town, good
from tests.law.surfaces import paths, reads

from rostra.kernel import ids
from rostra.kernel.clock import DAY

GUESSES = 10_000
AT_ONCE = 40
ID = re.compile(r"\d{19}")


async def test_ten_thousand_guesses_find_nothing(town: Town) -> None:
    """Counting up, neighbours of what is known, and numbers from the days that were posted in."""
    author, guesser = await town.members("author", "guesser")
    known = []
    for _ in range(50):
        town.rostra.clock.advance(DAY // 5)
        known.append(int(await town.post(author)))
    tries = _guesses(known)
    found = []
    for at in range(0, GUESSES, AT_ONCE):
        asked: Any = [("id[]", str(guess)) for guess in tries[at : at + AT_ONCE]]
        found += good(await guesser.client.get("/api/v1/statuses", params=asked))
        found += good(await guesser.client.get("/api/v1/accounts", params=asked))
    assert found == []
    seen: Any = [("id[]", str(post_id)) for post_id in known[:AT_ONCE]]
    assert len(good(await guesser.client.get("/api/v1/statuses", params=seen))) == AT_ONCE
    for guess in tries[::50]:
        for path in (f"/api/v1/statuses/{guess}", f"/api/v1/accounts/{guess}"):
            assert (await town.anybody.get(path)).status_code == 404


def _guesses(known: list[int]) -> list[int]:
    """What a scraper would try. No other post of the test lies in a known one's millisecond."""
    chance = random.Random(7)  # noqa: S311 (the same guesses in every run)
    counted = list(range(2000))
    near = [post_id + step for post_id in known for step in range(-40, 41) if step]
    near = [each for each in near if ids.time_of(each) in set(map(ids.time_of, known))]
    wide = [chance.randrange(known[0], known[-1]) for _ in range(GUESSES)]
    tries = [each for each in (*counted, *near, *wide) if each not in known]
    return tries[:GUESSES]


async def test_ids_of_one_millisecond_have_no_order(town: Town) -> None:
    """Whoever knows one id and its time knows none of the others made then."""
    made = [town.services.ids.next() for _ in range(1000)]
    assert {ids.time_of(each) for each in made} <= set(
        range(town.rostra.clock.now(), town.rostra.clock.now() + 2)
    )
    steps = {later - earlier for earlier, later in itertools.pairwise(made)}
    assert len(steps) > 900
    assert made != sorted(made)


async def test_every_id_outside_is_a_string_of_one_length(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    post_id = await town.post(ann, "hello @bob #tag")
    await town.post(bob, "re @ann", in_reply_to_id=post_id)
    for verb in ("favourite", "bookmark", "reblog"):
        await town.act(bob, verb, post_id)
    await town.rostra.work()
    seen = 0
    for endpoint in reads():
        for path in paths(endpoint, [post_id, str(ann.id)], {"hashtag": "tag"}):
            answer = await bob.client.get(path, params={"acct": "ann", "id[]": post_id, "q": "ann"})
            if answer.status_code == 200 and "json" in answer.headers["content-type"]:
                for key, value in _ids(answer.json()):
                    assert isinstance(value, str), (path, key, value)
                    assert ID.fullmatch(value), (path, key, value)
                    seen += 1
    assert seen > 40


_OTHERS = {"client_id", "last_read_id", "most_recent_notification_id", "key_id"}


def _ids(document: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(document, list):
        for each in document:
            yield from _ids(each)
    elif isinstance(document, dict):
        for key, value in document.items():
            if key == "role":
                continue  # numbered as Mastodon numbers its own: nothing of ours
            if (key == "id" or key.endswith("_id")) and value is not None:
                # A group's newest id is a number in Mastodon, and typed clients read no text there.
                # A key's is made of the key.
                if key not in _OTHERS:
                    yield key, value
            else:
                yield from _ids(value)
