"""Server-sent events on every path, and what the usual port says of streams."""

from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town, good
from tests.harness.streams import Harbour, connected
from tests.pictures import photo

from rostra.settings import load

PATHS = (
    "user", "user/notification", "public", "public/local", "public/remote", "hashtag",
    "hashtag/local", "direct",
)  # fmt: skip


async def test_a_post_reaches_every_path_that_it_belongs_to(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    for path in PATHS:
        query = {"tag": "tea"} if path.startswith("hashtag") else {}
        async with harbour.events(path, bob.token, **query) as events:
            assert events.answer.headers["access-control-allow-origin"] == "*"
            post_id = await town.post(ann, "#tea for @bob")
            if path in {"direct", "public/remote"}:
                continue
            event = await events.next()
            kind = "notification" if path == "user/notification" else "update"
            shown = event["payload"]["status"] if kind == "notification" else event["payload"]
            assert (event["event"], shown["id"]) == (kind, post_id)


async def test_only_media(town: Town, harbour: Harbour) -> None:
    ann = await town.member("ann")
    async with (
        harbour.events("public", ann.token, only_media="true") as pictures,
        harbour.events("public/local", ann.token, only_media="0") as everything,
    ):
        plain = await town.post(ann, "words")
        picture = await town.picture(ann, bytes(photo().pngsave_buffer()))
        shown = await town.post(ann, "look", media_ids=[picture["id"]])
        assert (await pictures.next())["payload"]["id"] == shown
        assert [(await everything.next())["payload"]["id"] for _ in "ab"] == [plain, shown]
        good(await ann.client.delete(f"/api/v1/statuses/{shown}"))
        assert await pictures.next() == {"event": "delete", "payload": shown}


async def test_refusals(town: Town, harbour: Harbour) -> None:
    ann = await town.member("ann")
    reading, app = await town.token(ann.id, "read:accounts"), await town.token(0, "read")
    for path, token, status, message in (
        ("user", "", 401, "Missing access token"),
        ("public", "", 401, "Missing access token"),
        ("user", "wrong", 401, "Invalid access token"),
        ("user", app, 401, "Invalid access token"),
        ("user", reading, 401, "Access token does not have the required scopes"),
        ("public", reading, 401, "Access token does not have the required scopes"),
        ("hashtag", ann.token, 400, "Missing tag name parameter"),
        ("list", ann.token, 400, "Missing list name parameter"),
        ("list?list=12", ann.token, 401, "Not authorized to stream this list"),
        ("nonsense", ann.token, 400, "Unknown channel requested"),
        ("", ann.token, 400, "Unknown channel requested"),
    ):
        given = {"authorization": f"Bearer {token}"} if token else {}
        answer = await harbour.ask(f"/api/v1/streaming/{path}", **given)
        assert (answer.status, answer.error) == (status, message), path
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_health_and_preflight(harbour: Harbour) -> None:
    answer = await harbour.ask("/api/v1/streaming/health")
    assert (answer.status, answer.body) == (200, b"OK")
    for method, status in (("OPTIONS", 204), ("HEAD", 401), ("POST", 405), ("DELETE", 405)):
        _, writer, answer = await connected(harbour.port, "/api/v1/streaming/user", method=method)
        writer.close()
        assert answer.status == status
        assert (method == "OPTIONS") == ("access-control-allow-methods" in answer.headers)


async def test_the_usual_port_leads_to_the_streams(rostra: InProcess, town: Town) -> None:
    client = town.anybody
    v2 = good(await client.get("/api/v2/instance"))
    v1 = good(await client.get("/api/v1/instance"))
    address = rostra.services.settings.streaming_url
    assert v2["configuration"]["urls"]["streaming"] == v1["urls"]["streaming_api"] == address
    assert (await client.get("/api/v1/streaming/health")).text == "OK"
    moved = await client.get("/api/v1/streaming/user?a=b")
    assert moved.status_code == 307
    there = address.replace("ws", "http", 1)
    assert moved.headers["location"] == f"{there}/api/v1/streaming/user?a=b"


@pytest.mark.parametrize(
    ("base", "given", "address"),
    [
        ("https://a.example", "", "wss://a.example"),
        ("http://a.example:8080", "", "ws://a.example:8080"),
        ("http://127.0.0.1:8420", "", "ws://127.0.0.1:8422"),
        ("http://[::1]:8420", "", "ws://[::1]:8422"),
        ("https://a.example", "wss://live.a.example/", "wss://live.a.example"),
    ],
)
def test_where_apps_are_sent(base: str, given: str, address: str) -> None:
    settings = load(
        environ={"ROSTRA_SITE__BASE_URL": base, "ROSTRA_STREAMING__URL": given}, data=Path("x")
    )
    assert settings.streaming_url == address
    off = load(environ={"ROSTRA_SITE__BASE_URL": base, "ROSTRA_STREAMING__PORT": "0"})
    assert off.streaming_url == ""


async def test_behind_a_proxy_that_does_not_pass_them_on(data_dir: Path, database_url: str) -> None:
    base = "https://a.example"
    async with running(data_dir, database_url, ROSTRA_SITE__BASE_URL=base) as app:
        answer = await app.client().get("/api/v1/streaming/user")
        assert answer.status_code == 503
        assert "port of their own" in answer.json()["error"]


async def test_without_streams(data_dir: Path, database_url: str) -> None:
    async with running(data_dir, database_url, ROSTRA_STREAMING__PORT="0") as app:
        client = app.client()
        for path in ("", "/user", "/health"):
            assert (await client.get(f"/api/v1/streaming{path}")).status_code == 404
        v2 = good(await client.get("/api/v2/instance"))
        assert "streaming" not in v2["configuration"]["urls"]
        assert good(await client.get("/api/v1/instance"))["urls"] == {}
