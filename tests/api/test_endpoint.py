from typing import Any, cast

import msgspec
import pytest
from structlog.testing import capture_logs
from tests.api.tiny import BASE, ENDPOINTS, House, who

from rostra.api.answers import render_error
from rostra.api.endpoint import (
    GET,
    Auth,
    Endpoint,
)
from rostra.api.matrices import Case, fill, id_endpoints, owned_endpoints, scope_matrix
from rostra.http.limits import DEFAULT_RULES, Rule
from rostra.kernel.errors import Invalid
from rostra.network.credentials.scopes import KNOWN, covers


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize(
    ("path", "token", "status", "said"),
    [
        ("/api/v1/open", None, 200, 0),
        ("/api/v1/open", "unknown", 200, 0),  # not looked at
        ("/api/v1/maybe", None, 200, 0),
        ("/api/v1/maybe", "reader", 200, 1),
        ("/api/v1/maybe", "app", 200, 0),
        ("/api/v1/maybe", "unknown", 401, "The access token is invalid"),
        ("/api/v1/maybe", "writer", 403, "This action is outside the authorized scopes"),
        ("/api/v1/maybe", "UNCONFIRMED", 200, 0),
        ("/api/v1/maybe", "SUSPENDED", 200, 0),
        ("/api/v1/apps/verify", None, 401, "The access token is invalid"),
        ("/api/v1/apps/verify", "app", 200, 0),
        ("/api/v1/apps/verify", "reader", 200, 1),
        ("/api/v1/apps/verify", "UNAPPROVED", 200, 9),
        ("/api/v1/apps/verify", "SUSPENDED", 403, "Your login is currently disabled"),
        ("/api/v1/pending", "UNCONFIRMED", 200, 9),
        ("/api/v1/pending", "DISABLED", 403, "Your login is currently disabled"),
        ("/api/v1/pending", "app", 422, "This method requires an authenticated user"),
        ("/api/v1/me", None, 401, "The access token is invalid"),
        ("/api/v1/me", "a" * 600, 401, "The access token is invalid"),
        ("/api/v1/me", "app", 422, "This method requires an authenticated user"),
        ("/api/v1/me", "reader", 200, 1),
        ("/api/v1/me", "UNCONFIRMED", 403, "Your login is missing a confirmed e-mail address"),
        ("/api/v1/me", "UNAPPROVED", 403, "Your login is currently pending approval"),
        ("/api/v1/me", "DISABLED", 403, "Your login is currently disabled"),
    ],
)
async def test_who_may_call(
    house: House, path: str, token: str | None, status: int, said: object
) -> None:
    answer = await house.ask("GET", path, token)
    assert answer.status == status
    assert answer.json.get("error", answer.json.get("account")) == said
    assert ("Bearer" in answer.header("www-authenticate")) == (status == 401)


async def test_a_member_without_a_state_is_refused(house: House) -> None:
    assert (await house.ask("GET", "/api/v1/me", "NONE")).status == 403


async def test_other_kinds_of_authorization_are_no_token(house: House) -> None:
    basic = [("authorization", "Basic abc")]
    assert (await house.ask("GET", "/api/v1/me", headers=basic)).status == 401
    assert (await house.ask("GET", "/api/v1/maybe", headers=basic)).status == 200
    assert house.looked_up == []


async def test_a_token_in_the_address_counts_only_where_declared(house: House) -> None:
    assert (await house.ask("GET", "/api/v1/me?access_token=reader")).status == 401
    assert (await house.ask("GET", "/api/v1/streaming?access_token=reader")).json["account"] == 1
    assert (await house.ask("GET", "/api/v1/streaming?access_token[]=reader")).status == 401


async def test_scope_matrix(house: House) -> None:
    off = Rule(0, 1)
    many = House(**dict.fromkeys(DEFAULT_RULES, off))
    seen: list[Case] = []
    for case in scope_matrix([each for each in ENDPOINTS if "burst" not in each.path]):
        token = None if case.scopes is None else f"scopes:{' '.join(case.scopes)}"
        answer = await many.ask(case.method, case.path, token)
        if case.status:
            assert answer.status == case.status, case
        else:
            assert answer.status not in {401, 403}, case
        seen.append(case)
    assert len(seen) > 10 * len(KNOWN)
    assert house.looked_up == []


def test_matrices_name_what_is_in_paths() -> None:
    assert [each.name for each in owned_endpoints(ENDPOINTS)] == ["DELETE /api/v1/statuses/{id}"]
    assert {each.path for each in id_endpoints(ENDPOINTS)} == {"/api/v1/statuses/{id}"}
    assert fill("/@{acct}.rss/{id}", {"acct": "al"}, "7") == "/@al.rss/7"
    assert fill("/static/{name:path}", {"name": "a/b"}) == "/static/a/b"


async def test_ids_in_paths(house: House) -> None:
    assert (await house.ask("GET", "/api/v1/statuses/5")).json == {"id": "5", "content": ""}
    bodies = {
        (answer.status, answer.body)
        for path in ("6", "x", "5%00", "-5", "9" * 40, "nothing/here")
        for answer in [await house.ask("GET", f"/api/v1/statuses/{path}")]
    }
    assert bodies == {(404, b'{"error":"Record not found"}')}


async def test_pages_link_to_their_neighbours(house: House) -> None:
    target = "/api/v1/timelines/home?limit=2&max_id=99&only[]=a%20b&min_id=1"
    answer = await house.ask("GET", target, "reader")
    assert answer.body == b"[2]"
    base = f"{BASE}/api/v1/timelines/home?limit=2&only%5B%5D=a+b"
    assert answer.header("link") == (
        f'<{base}&max_id=7>; rel="next", <{base}&min_id=9>; rel="prev"'
    )
    assert (await house.ask("GET", "/api/v1/timelines/end")).header("link") == ""


@pytest.mark.parametrize("limit", ["x", "-1", "", "1e9", "9" * 99, "[]", "%00", "%ff"])
async def test_garbage_limits(house: House, limit: str) -> None:
    assert (await house.ask("GET", f"/api/v1/timelines/home?limit={limit}", "reader")).status == 200


async def test_bodies_and_queries(house: House) -> None:
    want = {"status": "hi", "media": [1, 2], "poll": {"options": ["a", "b"]}}
    body = msgspec.json.encode({"status": "hi", "media_ids": ["1", "2"],
                                "poll": {"options": ["a", "b"]}})  # fmt: skip
    sent = await house.ask("POST", "/api/v1/statuses", "both", body=body, kind="application/json")
    assert sent.json == want
    form = b"status=hi&media_ids[]=1&media_ids[]=2&poll[options][]=a&poll[options][]=b"
    kind = "application/x-www-form-urlencoded"
    assert (await house.ask("POST", "/api/v1/statuses", "both", body=form, kind=kind)).json == want
    target = f"/api/v1/statuses?{form.decode()}"
    assert (await house.ask("POST", target, "both")).json == want


async def test_what_is_wrong_is_named(house: House) -> None:
    answer = await house.ask(
        "POST", "/api/v1/statuses", "both", body=b'{"poll": {}}', kind="application/json"
    )
    assert answer.status == 422
    assert answer.json == {
        "error": "Validation failed: Status can't be blank, Poll.options can't be blank",
        "details": {
            "status": [{"error": "ERR_BLANK", "description": "can't be blank"}],
            "poll.options": [{"error": "ERR_BLANK", "description": "can't be blank"}],
        },
    }


async def test_uploads_their_cap_and_their_answer(house: House) -> None:
    def form(size: int) -> bytes:
        head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        return head + b"x" * size + b"\r\n--B--\r\n"

    kind = "multipart/form-data; boundary=B"
    answer = await house.ask("POST", "/api/v2/media", "both", body=form(9), kind=kind)
    assert (answer.status, answer.json["content"]) == (202, "x" * 9)
    assert answer.header("content-type") == "text/plain; charset=utf-8"
    assert answer.header("x-own") == "1"
    answer = await house.ask("POST", "/api/v2/media", "both", body=form(6000), kind=kind)
    assert answer.status == 413


async def test_put_is_patch_and_delete_takes_a_body(house: House) -> None:
    for method in ("PUT", "PATCH"):
        assert (await house.ask(method, "/api/v1/profile", "both")).status == 200
    answer = await house.ask(
        "DELETE", "/api/v1/statuses/5", "both", body=b'{"x": 1}', kind="application/json"
    )
    assert answer.body == b"{}"


async def test_fixed_headers(house: House) -> None:
    answer = await house.ask("GET", "/api/v1/me", "reader", headers=[("origin", "https://x.y")])
    assert answer.header("access-control-allow-origin") == "*"
    exposed = answer.header("access-control-expose-headers")
    for name in ("Link", "X-RateLimit-Reset", "X-Request-Id", "Mastodon-Async-Refresh"):
        assert name in exposed
    assert answer.header("deprecation") == "@1700000000"
    assert answer.header("cache-control") == "private, no-store"
    public = await house.ask("GET", "/api/v1/open")
    assert public.header("cache-control") == "public, max-age=60"
    assert public.header("deprecation") == ""


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/statuses/5"])
async def test_preflights(house: House, path: str) -> None:
    answer = await house.ask("OPTIONS", path, headers=[("origin", "https://x.y")])
    assert answer.status == 204
    assert "Authorization" in answer.header("access-control-allow-headers")
    assert "PATCH" in answer.header("access-control-allow-methods")


@pytest.mark.parametrize(("key", "kept"), [("abc", "abc"), ("a" * 300, ""), ("a\x01", "")])
async def test_idempotency_key(house: House, key: str, kept: str) -> None:
    answer = await house.ask("GET", "/api/v1/me", "reader", headers=[("Idempotency-Key", key)])
    assert answer.json["key"] == kept


async def test_rate_headers_and_the_end_of_an_allowance() -> None:
    house = House(api_account=Rule(2, 300))
    first = await house.ask("GET", "/api/v1/me", "reader")
    assert first.header("x-ratelimit-limit") == "2"
    assert first.header("x-ratelimit-remaining") == "1"
    assert first.header("x-ratelimit-reset") == "2025-06-15T15:10:00.000Z"
    await house.ask("GET", "/api/v1/me", "writer")  # refused for its scope, and counted
    over = await house.ask("GET", "/api/v1/me", "reader")
    assert (over.status, over.json) == (429, {"error": "Too many requests"})
    assert int(over.header("retry-after")) > 0
    assert over.header("x-ratelimit-remaining") == "0"
    assert (await house.ask("GET", "/api/v1/me", "both")).status == 200
    house.clock.advance(300_000)
    assert (await house.ask("GET", "/api/v1/me", "reader")).status == 200


async def test_addresses_are_limited_however_tokens_are_guessed() -> None:
    house = House(api_anonymous=Rule(3, 300))
    for token in ("x", "y", "z"):
        assert (await house.ask("GET", "/api/v1/me", token)).status == 401
    for token in ("w", "app"):
        await house.ask("GET", "/api/v1/apps/verify", token)
    assert (await house.ask("GET", "/api/v1/open")).status == 429
    forged = [
        ("x-forwarded-for", "1.2.3.4"),
        ("client-ip", "1.2.3.4"),
        ("forwarded", "for=1.1.1.1"),
    ]
    assert (await house.ask("GET", "/api/v1/open", headers=forged)).status == 429
    assert (await house.ask("GET", "/api/v1/open", client=("192.0.2.8", 1))).status == 200
    house = House(api_address=Rule(1, 300))
    await house.ask("GET", "/api/v1/me", "reader")
    assert (await house.ask("GET", "/api/v1/me", "reader")).status == 429
    assert len(house.looked_up) == 1  # refused before any look-up


async def test_further_limits_of_an_endpoint() -> None:
    house = House(media_account=Rule(1, 60), app_address=Rule(0, 1), delete_account=Rule(1, 60))
    assert (await house.ask("POST", "/api/v2/media", "both")).status == 422
    answer = await house.ask("POST", "/api/v2/media", "both")
    assert (answer.status, answer.header("x-ratelimit-limit")) == (429, "1")
    assert (await house.ask("DELETE", "/api/v1/statuses/5", "both")).status == 200
    assert (await house.ask("DELETE", "/api/v1/statuses/5", "both")).status == 429


async def test_switched_off_limits_say_nothing() -> None:
    house = House(api_anonymous=Rule(0, 1))
    assert (await house.ask("GET", "/api/v1/open")).header("x-ratelimit-limit") == ""


async def test_failures(house: House) -> None:
    unavailable = await house.ask("GET", "/api/v1/fail")
    assert (unavailable.status, unavailable.header("retry-after")) == (503, "30")
    with capture_logs() as logs:
        bug = await house.ask("GET", "/api/v1/burst", headers=[("x-request-id", "rid")])
    assert bug.status == 500
    assert bug.json == {"error": "Something went wrong on our end", "request_id": "rid"}
    assert len(logs) == 1
    assert (await house.ask("GET", "/api/v1/plain")).body == b"plain"


def test_an_error_without_fields_has_no_details() -> None:
    response = render_error(cast("Any", None), Invalid.plain("No"))
    assert response.body == b'{"error":"No"}'


@pytest.mark.parametrize(
    "wrong",
    [
        {"auth": Auth.USER, "scopes": ("read:nothing",)},
        {"auth": Auth.NONE, "scopes": ("read",)},
        {"auth": Auth.USER, "owned": "id"},
    ],
)
def test_a_declaration_that_cannot_be_meant(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"/api/x"):
        Endpoint(GET, "/api/x", who, **wrong)


def test_hierarchy_of_scopes() -> None:
    assert covers(frozenset({"read"}), ["read:statuses"])
    assert covers(frozenset({"follow"}), ["write:blocks"])
    assert not covers(frozenset({"write:statuses"}), ["write"])
    assert not covers(frozenset({"read", "write", "follow", "push"}), ["admin:read:accounts"])
    assert covers(frozenset({"admin:write"}), ["admin:write:reports"])
    assert covers(frozenset(), [])
    assert not covers(frozenset({"nonsense"}), ["read"])
