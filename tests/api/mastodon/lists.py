"""A member all of whose lists are full, and what must stand in each."""

from collections.abc import Sequence
from typing import NamedTuple

from tests.harness.asking import ASK
from tests.harness.crowd import LOCK, Member, Town, good

from rostra.api.endpoint import Endpoint
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints


class Lists(NamedTuple):
    """Whose lists, and how many items each path has."""

    viewer: Member
    sizes: dict[str, int]


# Paged endpoints that have nothing to list yet.
EMPTY = ("GET /api/v1/domain_blocks",)
# Not one list but three, of which search pages by offset; one that would put more into home; one
# that needs a link that trends; and groups of notifications, requests, the inbox and votes on a
# panel, which have tests of their own.
OTHERS = (
    "GET /api/v2/search",
    "GET /api/rostra/v1/panel/votes",
    "GET /api/v1/conversations",
    "GET /api/v1/timelines/direct",
    "GET /api/v1/timelines/link",
    "GET /api/v1/followed_tags",
    "GET /api/v2/notifications",
    "GET /api/v2/notifications/{group_key}/accounts",
    "GET /api/v1/notifications/requests",
)


async def _list_of(town: Town, owner: Member, members: list[Member]) -> str:
    """A list of these members, who also stand on the owner's profile; its id."""
    made = good(await owner.client.post("/api/v1/lists", json={"title": "All"}))["id"]
    for member in members:
        town.rostra.clock.advance(1)
        body = {"account_ids": [str(member.id)]}
        good(await owner.client.post(f"/api/v1/accounts/{member.id}/endorse"))
        good(await owner.client.post(f"/api/v1/lists/{made}/accounts", json=body))
    return str(made)


async def _shunned_and_asking(town: Town, owner: Member, others: Sequence[Member]) -> None:
    """A third of the others are blocked, a third muted, and a third ask to follow."""
    async with town.db.write() as tx:
        await tx.run(LOCK, account=owner.id)
    for at, other in enumerate(others):
        town.rostra.clock.advance(1)
        if at % 3 == 0:
            await town.block(owner, other)
        elif at % 3 == 1:
            await town.mute(owner, other)
        else:
            await town.follow(other, owner)


async def fill_lists(town: Town, most: int, name: str = "vera") -> Lists:
    """Fill every list of a new member with ``most`` items or more, each by another account."""
    vera = await town.member(name)
    friends = [await town.member(f"{name}_friend{at}") for at in range(most)]
    others = [await town.member(f"{name}_other{at}") for at in range(3 * most)]
    for friend in friends:
        await town.follow(friend, vera)
        await town.follow(vera, friend)
    post = await town.post(vera, "to be liked")
    for friend in friends:
        await town.post(vera, "one of many")
        await later(town, vera)
        theirs = await town.post(friend, f"hello @{name} #{name}")
        await _liked(town, vera, friend, theirs, post)
        await quoted(town, f"{friend.name}_x", post)
    await _asked(town, vera, friends, post)
    await _shunned_and_asking(town, vera, others)
    made = await _list_of(town, vera, friends)
    await town.rostra.work()
    sizes = {
        "/api/v1/timelines/home": 3 * most + 1,
        f"/api/v1/timelines/list/{made}": 2 * most,
        "/api/v1/timelines/public": 2 * most + 1,
        f"/api/v1/timelines/tag/{name}": most,
        f"/api/v1/accounts/{vera.id}/statuses": most + 1,
        f"/api/v1/accounts/{vera.id}/followers": most,
        f"/api/v1/accounts/{vera.id}/following": most,
        f"/api/v1/statuses/{post}/favourited_by": most,
        f"/api/v1/statuses/{post}/reblogged_by": most,
        f"/api/v1/statuses/{post}/quotes": most,
        "/api/v1/favourites": most,
        "/api/v1/bookmarks": most,
        "/api/v1/scheduled_statuses": most,
        "/api/v1/interaction_requests": most,
        f"/api/v1/lists/{made}/accounts": most,
        f"/api/v1/accounts/{vera.id}/endorsements": most,
        "/api/v1/endorsements": most,
        "/api/v1/blocks": most,
        "/api/v1/mutes": most,
        "/api/v1/follow_requests": most,
        "/api/v1/notifications": 6 * most,  # mention, follow, request, favourite, reblog, quote
    }
    _all_told(sizes, {"hashtag": name, "list": made, "post": post, "account": str(vera.id)})
    return Lists(vera, sizes)


def _all_told(sizes: dict[str, int], ids: dict[str, str]) -> None:
    """Nothing that pages is left out."""
    kinds = {
        "/api/v1/lists/": "list",
        "/api/v1/timelines/list/": "list",
        "/api/v1/statuses/": "post",
    }
    for endpoint in paged():
        kind = next((kinds[start] for start in kinds if endpoint.path.startswith(start)), "account")
        path = fill(endpoint.path, {"hashtag": ids["hashtag"], "id": ids[kind]})
        assert path in sizes or endpoint.name in (*EMPTY, *OTHERS), f"{path}: say what stands in it"


async def _liked(town: Town, vera: Member, friend: Member, theirs: str, post: str) -> None:
    """Two people like what the other has posted."""
    for verb in ("favourite", "bookmark"):
        await town.act(vera, verb, theirs)
    for verb in ("favourite", "reblog"):
        await town.act(friend, verb, post)


async def _asked(town: Town, vera: Member, friends: Sequence[Member], post: str) -> None:
    """Everybody answers a post whose author wants to be asked from now on."""
    body = {"interaction_policy": {"can_reply": ASK}}
    good(await vera.client.put(f"/api/v1/statuses/{post}/interaction_policy", json=body))
    for friend in friends:
        await town.post(friend, "may I", in_reply_to_id=post)


async def quoted(town: Town, name: str, post_id: str) -> None:
    """A stranger quotes a post."""
    stranger = await town.member(name)
    await town.post(stranger, "look", quoted_status_id=post_id, visibility="unlisted")


async def later(town: Town, author: Member) -> None:
    """Schedule a post."""
    town.rostra.clock.advance(1)
    body = {"status": "later", "scheduled_at": "2030-01-01T00:00:00Z"}
    good(await author.client.post("/api/v1/statuses", json=body))


def paged() -> list[Endpoint]:  # type: ignore[type-arg] # of whatever parameters
    """Every endpoint that answers a member with a page of a list.

    Those for the team have their own tests in `tests/api/safety` and `tests/api/admin`.
    """
    return [
        endpoint
        for endpoint in all_endpoints()
        if endpoint.method == "GET"
        and "max_id" in endpoint.params.__struct_fields__
        and not any(scope.startswith("admin") for scope in endpoint.scopes)
    ]
