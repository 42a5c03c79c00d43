"""Whatever members do to each other, the counts are what can be counted."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.harness.neighbours import Place

from rostra.store.query import query_text

VERBS = ("follow", "unfollow", "block", "unblock", "mute", "unmute", "remove_from_followers")
_COUNTS = """SELECT a.id FROM accounts a WHERE
    a.followers_count <> (SELECT COUNT(*) FROM follows f WHERE f.target_id = a.id)
    OR a.following_count <> (SELECT COUNT(*) FROM follows f WHERE f.account_id = a.id)"""
_BOTH = """SELECT b.account_id FROM blocks b JOIN follows f
    ON (f.account_id = b.account_id AND f.target_id = b.target_id)
    OR (f.account_id = b.target_id AND f.target_id = b.account_id)"""
_ORPHANS = """SELECT n.id FROM notifications n WHERE n.kind = 'follow' AND NOT EXISTS (
    SELECT 1 FROM follows f
    WHERE f.account_id = n.from_account_id AND f.target_id = n.account_id)"""
RULES = tuple(query_text(sqlite=text, postgresql=text) for text in (_COUNTS, _BOTH, _ORPHANS))

steps = st.lists(
    st.lists(
        st.tuples(st.sampled_from(VERBS), st.integers(0, 3), st.integers(0, 3)),
        min_size=1,
        max_size=6,
    ),
    max_size=8,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rounds=steps, locked=st.booleans())
async def test_counts_and_rows_agree(
    place: Place,
    rounds: list[list[tuple[str, int, int]]],
    locked: bool,  # noqa: FBT001 (drawn)
) -> None:
    people = await place.members(*(f"m{place.services.ids.next() % 10**12}" for _ in range(4)))
    if locked:
        await people[0].change(locked=True)
    for together in rounds:
        answers = await asyncio.gather(
            *(
                people[one].client.post(f"/api/v1/accounts/{people[two].account_id}/{verb}")
                for verb, one, two in together
            )
        )
        assert {answer.status_code for answer in answers} <= {200, 403, 404}
        waiting = await people[0].get("/api/v1/follow_requests")
        for each in waiting[:1]:
            await people[0].do(f"/api/v1/follow_requests/{each['id']}/authorize")
        async with place.db.read() as reader:
            for rule in RULES:
                assert await reader.all(rule) == []
