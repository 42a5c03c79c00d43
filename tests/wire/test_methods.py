"""Rules 1 and 3: PUT is PATCH, and deletions and reading may have a body."""

from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good, ids_of
from tests.pictures import photo

from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints

TWINS = sorted({endpoint.path for endpoint in all_endpoints() if len(endpoint.methods) == 2})
BOTH = pytest.mark.parametrize("method", ["PUT", "PATCH"])


async def test_rule_1_put_and_patch_are_one_route_everywhere(ada: Member) -> None:
    assert "/api/v1/profile" in TWINS
    for path in TWINS:
        answers = [await ada.client.request(how, fill(path, {})) for how in ("PUT", "PATCH")]
        assert answers[0].status_code == answers[1].status_code != 405, path


@BOTH
@pytest.mark.parametrize("path", ["/api/v1/accounts/update_credentials", "/api/v1/profile"])
async def test_rule_1_profiles_change_by_both(ada: Member, method: str, path: str) -> None:
    me = good(await ada.client.request(method, path, json={"display_name": method}))
    assert me["display_name"] == method


@BOTH
async def test_rule_1_policies_of_notifications_change_by_both(ada: Member, method: str) -> None:
    new, old = "/api/v2/notifications/policy", "/api/v1/notifications/policy"
    policy = good(await ada.client.request(method, new, json={"for_not_following": "filter"}))
    assert policy["for_not_following"] == "filter"
    former = good(await ada.client.request(method, old, json={"filter_not_following": False}))
    assert former["filter_not_following"] is False


@BOTH
async def test_rule_1_posts_and_lists_change_by_both(town: Town, ada: Member, method: str) -> None:
    post = f"/api/v1/statuses/{await town.post(ada)}"
    edited = good(await ada.client.request(method, post, json={"status": method}))
    assert method in edited["content"]
    made = good(await ada.client.post("/api/v1/lists", json={"title": "a"}))
    path = f"/api/v1/lists/{made['id']}"
    assert good(await ada.client.request(method, path, json={"title": "b"}))["title"] == "b"


@pytest.mark.parametrize("by", ["json", "data", "params"])
async def test_rule_3_a_deletion_reads_its_body_and_its_query(
    town: Town, ada: Member, by: str
) -> None:
    media = await town.picture(ada, bytes(photo().pngsave_buffer()))
    post = await town.post(ada, "a", media_ids=[media["id"]])
    asked: dict[str, Any] = {by: {"delete_media": "true"}}
    good(await ada.client.request("DELETE", f"/api/v1/statuses/{post}", **asked))
    assert (await ada.client.get(f"/api/v1/media/{media['id']}")).status_code == 404


async def test_rule_3_reading_by_json(town: Town, ada: Member) -> None:
    bob = await town.member("bob")
    path = "/api/v1/accounts/relationships"
    told = good(await ada.client.request("GET", path, json={"id": [str(bob.id)]}))
    assert ids_of(told) == [str(bob.id)]
    assert good(await ada.client.request("GET", path, json={})) == []
    bad = await ada.client.request(
        "GET", path, content=b"{", headers={"content-type": "application/json"}
    )
    assert bad.status_code == 400
    ignored = await ada.client.request("GET", path, content=b"id[]=1")
    assert good(ignored) == []


@pytest.mark.parametrize("by", ["json", "data", "params"])
async def test_rule_3_people_leave_a_list_by_body_and_by_query(
    town: Town, ada: Member, by: str
) -> None:
    ben, eve = await town.members("ben", "eve")
    for friend in (ben, eve):
        await town.follow(ada, friend)
    made = good(await ada.client.post("/api/v1/lists", json={"title": "a"}))
    path = f"/api/v1/lists/{made['id']}/accounts"
    people = {"account_ids": [str(ben.id), str(eve.id)]}
    good(await ada.client.post(path, json=people))
    assert len(good(await ada.client.get(path))) == 2
    name = "account_ids" if by == "json" else "account_ids[]"
    asked: dict[str, Any] = {by: {name: [str(ben.id)]}}
    assert good(await ada.client.request("DELETE", path, **asked)) == {}
    assert ids_of(good(await ada.client.get(path))) == [str(eve.id)]
