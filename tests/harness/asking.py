"""Posts whose authors want to be asked, and what waits for them."""

from typing import Any

from tests.harness.crowd import Member, Town, good

POSTS, REQUESTS = "/api/v1/statuses", "/api/v1/interaction_requests"
ASK = {"always": ["author"], "with_approval": ["public"]}
NEVER = {"always": ["author"], "with_approval": []}
ASKING = {"can_reply": ASK, "can_favourite": ASK, "can_reblog": ASK}
COUNTS = ("replies_count", "favourites_count", "reblogs_count")
CLOSED = {"can_reply": NEVER, "can_favourite": NEVER, "can_reblog": NEVER}


async def asking(town: Town, author: Member, text: str = "Ask me.", **fields: Any) -> str:
    """A post whose author wants to be asked before anything is done with it."""
    return await town.post(author, text, **{"interaction_policy": ASKING, **fields})


async def waiting(who: Member, **params: Any) -> list[Any]:
    """What waits for somebody's answer, the latest first."""
    found: list[Any] = good(await who.client.get(REQUESTS, params=params))
    return found


async def decide(who: Member, verb: str, request_id: str, status: int = 200) -> Any:
    """`authorize` or `reject`; the answer's body."""
    return good(await who.client.post(f"{REQUESTS}/{request_id}/{verb}"), status)


async def decide_all(who: Member, verb: str) -> None:
    """Decide all that waits for somebody in the same way, the oldest first."""
    for each in reversed(await waiting(who)):
        await decide(who, verb, each["id"])


async def one(who: Any, post_id: str, status: int = 200) -> Any:
    """A post as a client sees it."""
    return good(await who.get(f"{POSTS}/{post_id}"), status)


async def counts(who: Any, post_id: str) -> tuple[int, ...]:
    """How many replies, favourites and reblogs a post shows."""
    shown = await one(who, post_id)
    return tuple(shown[each] for each in COUNTS)


async def notes(who: Member, **params: Any) -> list[str]:
    """The kinds of somebody's notifications."""
    found = good(await who.client.get("/api/v1/notifications", params=params))
    return [each["type"] for each in found]
