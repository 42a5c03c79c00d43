"""What Mastodon's clients take for granted, rule by rule; each was found by reading clients."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.harness.answers import check
from tests.harness.app import InProcess, running
from tests.harness.crowd import Member, Town, good, ids_of
from tests.harness.people import OUT_OF_BAND, register, sign_up_form
from tests.pictures import photo

from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints
from rostra.outside.mail import NoMailer

FETCHED_BY_BROWSERS = (
    ("POST", "/oauth/token"),
    ("POST", "/oauth/revoke"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/.well-known/nodeinfo"),
    ("GET", "/nodeinfo/2.0"),
    ("GET", "/.well-known/host-meta"),
    ("GET", "/.well-known/webfinger"),
    ("GET", "/api/v2/instance"),
    ("POST", "/api/v1/statuses"),
)
EXPOSED = {
    "link", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id",
    "mastodon-async-refresh",
}  # fmt: skip


def typed(answer: httpx2.Response, status: int = 200) -> Any:
    """A good answer's body, held against its endpoint's type."""
    body = good(answer, status)
    check(answer.request.method, answer.url.path, status, answer.content)
    return body


def ids_within(value: Any) -> Iterator[tuple[Any, type]]:
    """Every id in an answer that is not null, with its type."""
    if isinstance(value, dict):
        for name, each in value.items():
            if (name == "id" or name.endswith("_id")) and each is not None:
                yield each, type(each)
            yield from ids_within(each)
    elif isinstance(value, list):
        for each in value:
            yield from ids_within(each)


@pytest.fixture
async def rostra(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A server that sends no mail: who signs up is in."""
    async with running(data_dir, database_url, NoMailer()) as server:
        yield server


@pytest.fixture
async def ada(town: Town) -> Member:
    return await town.member("ada")


@pytest.fixture
async def ben(town: Town) -> Member:
    return await town.member("ben")


async def test_rule_1_put_and_patch_are_the_same(ada: Member) -> None:
    paths = {endpoint.path for endpoint in all_endpoints() if len(endpoint.methods) == 2}
    assert "/api/v1/accounts/update_credentials" in paths
    for path in sorted(paths):
        put, patch = [await ada.client.request(how, fill(path, {})) for how in ("PUT", "PATCH")]
        assert put.status_code == patch.status_code != 405, path
    for how in ("PUT", "PATCH"):
        me = await ada.client.request(
            how, "/api/v1/accounts/update_credentials", json={"display_name": how}
        )
        assert typed(me)["display_name"] == how


@pytest.mark.parametrize("kind", ["json", "form", "multipart"])
async def test_rule_2_json_forms_and_multipart(town: Town, ada: Member, kind: str) -> None:
    media = [await town.picture(ada, bytes(photo().pngsave_buffer())) for _ in range(2)]
    ids = ids_of(media)
    path = "/api/v1/statuses"
    if kind == "json":
        answer = await ada.client.post(path, json={"status": "a", "media_ids": ids})
    elif kind == "form":
        answer = await ada.client.post(path, data={"status": "a", "media_ids[]": ids})
    else:
        parts = [("status", (None, "a")), *(("media_ids[]", (None, each)) for each in ids)]
        answer = await ada.client.post(path, files=parts)
    assert ids_of(typed(answer)["media_attachments"]) == ids


@pytest.mark.parametrize("index", ["list", "names", "form"])
async def test_rule_2_fields_and_source_in_every_spelling(ada: Member, index: str) -> None:
    path = "/api/v1/accounts/update_credentials"
    field = {"name": "Home", "value": "Graz"}
    if index == "form":
        values = {
            "fields_attributes[0][name]": "Home",
            "fields_attributes[0][value]": "Graz",
            "source[privacy]": "unlisted",
        }
        answer = await ada.client.patch(path, data=values)
    else:
        fields: Any = [field] if index == "list" else {"0": field}
        body = {"fields_attributes": fields, "source": {"privacy": "unlisted"}}
        answer = await ada.client.patch(path, json=body)
    me = typed(answer)
    assert [(each["name"], each["value"]) for each in me["fields"]] == [("Home", "Graz")]
    assert me["source"]["privacy"] == "unlisted"


async def test_rule_3_delete_reads_body_and_query(town: Town, ada: Member) -> None:
    asked: list[dict[str, Any]] = [
        {"json": {"delete_media": True}},
        {"data": {"delete_media": "true"}},
        {"params": {"delete_media": "true"}},
    ]
    for how in asked:
        media = await town.picture(ada, bytes(photo().pngsave_buffer()))
        post = await town.post(ada, "a", media_ids=[media["id"]])
        typed(await ada.client.request("DELETE", f"/api/v1/statuses/{post}", **how))
        assert (await ada.client.get(f"/api/v1/media/{media['id']}")).status_code == 404, how


@pytest.mark.parametrize("yes", [True, "true", 1, "1", "on"])
async def test_rule_4_spellings_of_true(ada: Member, yes: object) -> None:
    body = {"status": "a", "sensitive": yes, "unknown": {"x": [1]}, "in_reply_to_id": ""}
    post = typed(await ada.client.post("/api/v1/statuses", json=body))
    assert post["sensitive"] is True
    assert post["in_reply_to_id"] is None
    form = {name: str(value).lower() for name, value in body.items()}
    assert typed(await ada.client.post("/api/v1/statuses", data=form))["sensitive"] is True


async def test_rule_4_and_5_ids_are_long_texts_of_one_length_in_order(
    town: Town, ada: Member
) -> None:
    ids = [await town.post(ada, str(number)) for number in range(3)]
    assert {len(each) for each in ids} == {19}
    assert ids == sorted(ids)
    post = typed(await ada.client.get(f"/api/v1/statuses/{ids[0]}"))
    assert {kind for _, kind in ids_within(post)} == {str}
    assert {ids[0], str(ada.id)} <= {each for each, _ in ids_within(post)}
    assert len(str(ada.id)) == 19


async def test_rule_6_links_lead_through_a_list_both_ways(town: Town, ada: Member) -> None:
    ids = [await town.post(ada, str(number)) for number in range(7)][::-1]
    path = "/api/v1/timelines/home"
    first = await ada.client.get(path, params={"limit": 3})
    assert ids_of(typed(first)) == ids[:3]
    assert "max_id=" in first.links["next"]["url"]
    assert "min_id=" in first.links["prev"]["url"]
    second = await ada.client.get(first.links["next"]["url"])
    assert ids_of(typed(second)) == ids[3:6]
    assert ids_of(typed(await ada.client.get(second.links["prev"]["url"]))) == ids[:3]
    forward = await ada.client.get(path, params={"min_id": ids[6], "limit": 2})
    assert ids_of(typed(forward)) == ids[4:6]
    since = await ada.client.get(path, params={"since_id": ids[6], "limit": 2})
    assert ids_of(typed(since)) == ids[:2]


async def test_rule_6_limits_are_capped_and_garbage_is_ignored(town: Town, ada: Member) -> None:
    for number in range(45):
        await town.post(ada, str(number))
    path = "/api/v1/timelines/home"
    for limit, expected in (("1000", 40), ("garbage", 20), ("-1", None), ("9" * 50, 40)):
        posts = typed(await ada.client.get(path, params={"limit": limit}))
        assert expected is None or len(posts) == expected, limit


async def test_rule_6_favourites_page_by_ids_of_their_own(
    town: Town, ada: Member, ben: Member
) -> None:
    posts = [await town.post(ada, str(number)) for number in range(3)]
    for post in (posts[1], posts[2], posts[0]):
        await town.act(ben, "favourite", post)
    seen = []
    url = "/api/v1/favourites?limit=1"
    while True:
        page = await ben.client.get(url)
        seen += ids_of(typed(page))
        if "next" not in page.links:
            break
        url = page.links["next"]["url"]
    assert seen == [posts[0], posts[2], posts[1]]


async def test_rule_7_rate_limits_are_told(ada: Member) -> None:
    answer = await ada.client.get("/api/v1/timelines/home")
    told = {name: value for name, value in answer.headers.items() if "ratelimit" in name}
    if told:  # with limits off in this server there is nothing to tell
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", told["x-ratelimit-reset"])
        assert int(told["x-ratelimit-remaining"]) <= int(told["x-ratelimit-limit"])
    assert answer.headers["x-request-id"]


async def test_rule_7_deprecated_routes_say_so(ada: Member) -> None:
    deprecated = [each for each in all_endpoints() if each.deprecated and each.method == "GET"]
    assert deprecated
    for endpoint in deprecated:
        answer = await ada.client.get(fill(endpoint.path, {}))
        assert answer.headers["deprecation"].startswith("@"), endpoint.name


async def test_rule_7_an_idempotency_key_holds_for_an_hour(town: Town, ada: Member) -> None:
    headers = {"idempotency-key": "one"}

    async def post() -> str:
        answer = await ada.client.post("/api/v1/statuses", json={"status": "a"}, headers=headers)
        return str(typed(answer)["id"])

    first = await post()
    town.rostra.clock.advance(59 * 60 * 1000)
    assert await post() == first
    town.rostra.clock.advance(2 * 60 * 1000)
    assert await post() != first


@pytest.mark.parametrize(("method", "path"), FETCHED_BY_BROWSERS)
async def test_rule_7_browsers_may_ask_from_anywhere(town: Town, method: str, path: str) -> None:
    origin = {"origin": "https://phanpy.example"}
    asked = await town.anybody.options(
        path,
        headers={
            **origin,
            "access-control-request-method": method,
            "access-control-request-headers": "authorization,content-type,idempotency-key",
        },
    )
    assert asked.status_code in {200, 204}
    assert asked.headers["access-control-allow-origin"] == "*"
    assert method in asked.headers["access-control-allow-methods"]
    allowed = asked.headers["access-control-allow-headers"].lower()
    assert allowed == "*" or {"authorization", "content-type"} <= set(re.split(r", *", allowed))
    answer = await town.anybody.request(method, path, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"].lower()
    assert set(re.split(r", *", exposed)) >= EXPOSED


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_rule_8_pictures_are_there_when_the_answer_is(ada: Member, version: str) -> None:
    files = {"file": ("a.png", bytes(photo().pngsave_buffer()), "image/png")}
    answer = await ada.client.post(f"/api/{version}/media", files=files)
    assert answer.status_code in {200, 202}
    made = answer.json()
    got = await ada.client.get(f"/api/v1/media/{made['id']}")
    assert got.status_code in {200, 206}
    assert typed(got)["url"] == made["url"]
    assert (await ada.client.get("/api/v1/media/1887436799999999999")).status_code == 404


async def test_rule_9_errors_have_their_status(town: Town, ada: Member, ben: Member) -> None:
    secret = await town.post(ada, "mine", visibility="direct")
    reading = town.rostra.client(await town.token(ben.id, "read"))
    cases = (
        (town.rostra.client("wrong"), "GET", "/api/v1/timelines/home", 401),
        (town.anybody, "GET", "/api/v1/timelines/home", 401),
        (reading, "POST", "/api/v1/statuses", 403),
        (ben.client, "GET", f"/api/v1/statuses/{secret}", 404),
        (ben.client, "GET", f"/api/v1/statuses/{secret}/context", 404),
        (ben.client, "POST", f"/api/v1/statuses/{secret}/favourite", 404),
        (ben.client, "DELETE", f"/api/v1/statuses/{secret}", 404),
        (ben.client, "GET", "/api/v1/statuses/garbage", 404),
        (ben.client, "GET", "/api/v1/nothing", 404),
        (ada.client, "POST", "/api/v1/statuses", 422),
    )
    for client, method, path, status in cases:
        answer = await client.request(method, path)
        assert answer.status_code == status, (method, path, answer.text)
        assert answer.json()["error"]


async def test_rule_9_validation_names_the_field(town: Town) -> None:
    program = await register(town.rostra)
    form = sign_up_form("not a name", agreement=False)
    answer = await town.rostra.client(program.token).post("/api/v1/accounts", json=form)
    details = good(answer, 422)["details"]
    assert details["username"][0]["error"] == "ERR_INVALID"
    assert details["agreement"][0]["error"] == "ERR_ACCEPTED"
    assert details["username"][0]["description"]


async def test_rule_11_apps_and_tokens(town: Town) -> None:
    for uris in (OUT_OF_BAND, f"https://a.example/cb\n{OUT_OF_BAND}", ["https://a.example/cb"]):
        app = await register(town.rostra, redirect_uris=uris)
        client = town.rostra.client(app.token)
        typed(await client.get("/api/v1/apps/verify_credentials"))
        gone = {"client_id": app.client_id, "client_secret": app.client_secret, "token": app.token}
        typed(await client.post("/oauth/revoke", data=gone))
        assert (await client.get("/api/v1/apps/verify_credentials")).status_code == 401
    metadata = typed(await town.anybody.get("/.well-known/oauth-authorization-server"))
    assert "S256" in metadata["code_challenge_methods_supported"]
    assert {"read", "write", "follow", "push", "profile"} <= set(metadata["scopes_supported"])
    assert metadata["grant_types_supported"] == ["authorization_code", "client_credentials"]


async def test_rule_11_scopes_have_a_hierarchy_and_userinfo(town: Town, ada: Member) -> None:
    reader = town.rostra.client(await town.token(ada.id, "read"))
    assert (await reader.get("/api/v1/notifications")).status_code == 200
    narrow = town.rostra.client(await town.token(ada.id, "read:statuses"))
    assert (await narrow.get("/api/v1/notifications")).status_code == 403
    profile = town.rostra.client(await town.token(ada.id, "profile"))
    info = typed(await profile.get("/oauth/userinfo"))
    assert info["preferred_username"] == "ada"
    typed(await profile.get("/api/v1/accounts/verify_credentials"))


async def test_rule_11_the_password_grant_is_off(town: Town) -> None:
    app = await register(town.rostra)
    asked = {
        "grant_type": "password",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "username": "ada@members.example",
        "password": "x",
    }
    answer = await town.anybody.post("/oauth/token", data=asked)
    assert answer.status_code == 400
    assert answer.json()["error"] == "unsupported_grant_type"


async def test_rule_12_signing_up_gives_a_token_that_works(town: Town) -> None:
    program = await register(town.rostra)
    client = town.rostra.client(program.token)
    token = typed(await client.post("/api/v1/accounts", data=sign_up_form("eve")))
    assert token["token_type"] == "Bearer"
    eve = town.rostra.client(token["access_token"])
    assert typed(await eve.post("/api/v1/statuses", json={"status": "here"}))["id"]


async def test_capabilities_are_told_and_true(town: Town) -> None:
    instance = typed(await town.anybody.get("/api/v2/instance"))
    assert float(instance["version"][:3]) >= 4.3
    assert "compatible; Rostra" in instance["version"]
    assert instance["api_versions"]["mastodon"] >= 1
    assert instance["api_versions"]["rostra"] == 1
    paths = {endpoint.path for endpoint in all_endpoints()}
    promised = {2: "/api/v2/notifications", 8: "/api/v1/profile", 10: "/api/v1/collections"}
    for level, path in promised.items():
        assert instance["api_versions"]["mastodon"] < level or path in paths, path
    node = good(await town.anybody.get("/.well-known/nodeinfo"))
    document = good(await town.anybody.get(node["links"][0]["href"]))
    assert document["software"]["name"] == "rostra"
