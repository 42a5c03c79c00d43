"""Law 3, ownership: what is somebody's own does not exist for a second member."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.harness.asking import asking, waiting
from tests.harness.crowd import Member, Town, good
from tests.law.surfaces import MADE_UP, without
from tests.pictures import photo

from rostra.api.endpoint import Auth
from rostra.api.matrices import fill, owned_endpoints
from rostra.api.routes import all_endpoints

# Paths that name what is everybody's: who may see it may do this with it.
COMMON = (
    "/api/v1/accounts/{id}",
    "/api/v1/statuses/{id}",
    "/api/v1/polls/{id}",
    "/api/v1/timelines/tag/{hashtag}",
    "/api/v1/tags/{",
    "/api/v1/announcements/{id}/",
    "/api/v1/follow_requests/{account_id}/",  # names the one who asks, for the one asked
    "/api/v1/instance/",
    "/api/v1/annual_reports/",  # names a year
    "/api/v1/suggestions/{account_id}",  # names somebody whom the member may see
    "/.well-known/",
    # Whose a case of a panel is, and that it does not exist for others: test_panels.py.
    "/api/rostra/v1/panel/cases/",
    # For the team alone, whoever is meant: test_team_only.py.
    "/api/rostra/v1/safety/",
    "/api/v1/admin/",
    "/api/v2/admin/",
)
BODY = {
    "status": "taken over",
    "description": "taken over",
    "title": "taken over",
    "keyword": "taken over",
    "quote_approval_policy": "nobody",
    "interaction_policy": {"can_reply": {"always": []}},
    "scheduled_at": "2031-01-01T00:00:00Z",
}


async def _post(town: Town, owner: Member, other: Member) -> str:
    return await town.post(owner, f"as it was, says @{other.name}")


async def _picture(town: Town, owner: Member, _other: Member) -> str:
    data = bytes(photo(32, 24).pngsave_buffer())
    return str((await town.picture(owner, data, description="as it was"))["id"])


async def _notification(town: Town, owner: Member, other: Member) -> str:
    await town.post(other, f"hello @{owner.name}")
    await town.rostra.work()
    return str(good(await owner.client.get("/api/v1/notifications"))[0]["id"])


async def _list(_town: Town, owner: Member, _other: Member) -> str:
    return str(good(await owner.client.post("/api/v1/lists", json={"title": "as it was"}))["id"])


async def _featured_tag(_town: Town, owner: Member, _other: Member) -> str:
    shown = good(await owner.client.get("/api/v1/featured_tags"))
    body = {"name": f"harbour{len(shown)}"}
    return str(good(await owner.client.post("/api/v1/featured_tags", json=body))["id"])


async def _request(town: Town, owner: Member, _other: Member) -> str:
    policy = "/api/v2/notifications/policy"
    good(await owner.client.put(policy, json={"for_not_following": "filter"}))
    # Somebody else each time: whoever was accepted is never set aside again.
    stranger = await town.member(f"stranger{town.rostra.clock.now() % 1_000_000}")
    await town.post(stranger, f"hello @{owner.name}")
    good(await owner.client.put(policy, json={"for_not_following": "accept"}))
    return str(good(await owner.client.get("/api/v1/notifications/requests"))[0]["id"])


async def _group(town: Town, owner: Member, other: Member) -> str:
    await town.post(other, f"hello @{owner.name}")
    found = good(await owner.client.get("/api/v2/notifications"))
    return str(found["notification_groups"][0]["group_key"])


async def _scheduled(_town: Town, owner: Member, _other: Member) -> str:
    body = {"status": "as it was", "scheduled_at": "2030-01-01T00:00:00Z"}
    return str(good(await owner.client.post("/api/v1/statuses", json=body))["id"])


async def _conversation(town: Town, owner: Member, other: Member) -> str:
    await town.post(owner, f"@{other.name} psst", visibility="direct")
    return str(good(await owner.client.get("/api/v1/conversations"))[0]["id"])


async def _asked(town: Town, owner: Member, other: Member) -> str:
    await town.act(other, "favourite", await asking(town, owner))
    return str((await waiting(owner))[0]["id"])


Maker = Callable[[Town, Member, Member], Awaitable[str]]


async def _filter(_town: Town, owner: Member, _other: Member) -> str:
    body = {"title": "as it was", "context": ["home"], "keywords_attributes": [{"keyword": "it"}]}
    return str(good(await owner.client.post("/api/v2/filters", json=body))["id"])


async def _keyword(_town: Town, owner: Member, _other: Member) -> str:
    body = {"phrase": "as it was", "context": ["home"]}
    return str(good(await owner.client.post("/api/v1/filters", json=body))["id"])


async def _filtered_post(town: Town, owner: Member, other: Member) -> str:
    body = {"status_id": await town.post(other)}
    path = f"/api/v2/filters/{await _filter(town, owner, other)}/statuses"
    return str(good(await owner.client.post(path, json=body))["id"])


MAKERS: dict[str, Maker] = {
    "/api/v2/filters/keywords/": _keyword,
    "/api/v2/filters/statuses/": _filtered_post,
    "/api/v2/filters/": _filter,
    "/api/v1/filters/": _keyword,
    "/api/v1/statuses/": _post,
    "/api/v1/media/": _picture,
    "/api/v1/interaction_requests/": _asked,
    "/api/v1/notifications/requests/": _request,
    "/api/v1/notifications/": _notification,
    "/api/v2/notifications/": _group,
    "/api/v1/scheduled_statuses/": _scheduled,
    "/api/v1/lists/": _list,
    "/api/v1/conversations/": _conversation,
    "/api/v1/featured_tags/": _featured_tag,
    "/api/v1/timelines/list/": _list,
}


def _maker(path: str) -> Maker:
    found = [maker for prefix, maker in MAKERS.items() if path.startswith(prefix)]
    assert found, f"{path}: tell MAKERS how to make one"
    return found[0]


async def test_a_second_member_cannot_touch_it(town: Town) -> None:
    """404 with the body of an id that never was, and nothing has changed for the owner."""
    ann, bob = await town.members("ann", "bob")
    tried = 0
    for endpoint in owned_endpoints(all_endpoints()):
        for method in endpoint.methods:
            own = await _maker(endpoint.path)(town, ann, bob)
            body = _body(method, await town.post(bob))
            before = await _seen(ann, endpoint.path, own)
            answers = []
            for each in (own, MADE_UP):
                path = fill(endpoint.path, {endpoint.owned: each}, each)
                answer = await bob.client.request(method, path, **body)
                answers.append((answer.status_code, without(answer.text, (each,))))
            assert answers[0] == answers[1], (method, endpoint.path)
            assert answers[0][0] == 404, (method, endpoint.path, answers[0])
            assert await _seen(ann, endpoint.path, own) == before, (method, endpoint.path)
            path = fill(endpoint.path, {endpoint.owned: own}, own)
            mine = await ann.client.request(method, path, **body)
            assert mine.status_code == 200, (method, endpoint.path, mine.text)
            tried += 1
    assert tried >= 8


async def _seen(owner: Member, path: str, own: str) -> Any:
    prefix = path.partition("{")[0]
    if prefix in {"/api/v1/featured_tags/", "/api/v1/conversations/"}:  # listed, never shown alone
        return good(await owner.client.get(prefix.rstrip("/")))
    return good(await owner.client.get(f"{prefix}{own}"))


def _body(method: str, post_id: str) -> dict[str, Any]:
    return {} if method in {"GET", "DELETE"} else {"json": {**BODY, "status_id": post_id}}


async def test_every_endpoint_that_names_something_says_whose() -> None:
    unclear = [
        endpoint.name
        for endpoint in all_endpoints()
        if endpoint.path_params
        and endpoint.auth in {Auth.USER, Auth.USER_PENDING}
        and not endpoint.owned
        and not endpoint.path.startswith(COMMON)
    ]
    assert unclear == []


async def test_pictures_of_others_cannot_be_attached(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    picture = await _picture(town, ann, bob)
    refusals = []
    for media_id in (picture, MADE_UP):
        body = {"status": "mine", "media_ids": [media_id]}
        refusals.append(good(await bob.client.post("/api/v1/statuses", json=body), 422))
    assert refusals[0] == refusals[1]
    post_id = await town.post(ann, "hers", media_ids=[picture])
    for member, status in ((bob, 422), (ann, 422)):
        body = {"status": "again", "media_ids": [picture]}
        good(await member.client.post("/api/v1/statuses", json=body), status)
    post = good(await bob.client.get(f"/api/v1/statuses/{post_id}"))
    assert [each["id"] for each in post["media_attachments"]] == [picture]
