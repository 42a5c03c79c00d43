"""Rule 10: where streams are, and how one gets in. More is in `tests/api/streaming`."""

from pathlib import Path

import pytest
from tests.harness.app import running
from tests.harness.crowd import Member, Town, good
from tests.harness.streams import Harbour

from rostra.api.streaming.channels import PATHS

OF_ELK = {
    "user": {},
    "user:notification": {},
    "public": {},
    "public:local": {},
    "list": {"list": "1234567890123456789"},
    "hashtag": {"tag": "tea"},
}


async def test_rule_10_both_instance_documents_name_the_streams(
    data_dir: Path, database_url: str
) -> None:
    address = "wss://streams.example"
    async with running(data_dir, database_url, None, ROSTRA_STREAMING__URL=address) as rostra:
        anybody = rostra.client()
        new = good(await anybody.get("/api/v2/instance"))
        old = good(await anybody.get("/api/v1/instance"))
        assert new["configuration"]["urls"]["streaming"] == address
        assert old["urls"]["streaming_api"] == address


async def test_rule_10_one_socket_takes_and_ends_subscriptions(
    town: Town, ada: Member, harbour: Harbour
) -> None:
    made = good(await ada.client.post("/api/v1/lists", json={"title": "a"}))
    wanted = OF_ELK | {"list": {"list": made["id"]}}
    async with harbour.socket(ada.token) as socket:
        for stream, params in wanted.items():
            socket.subscribe(stream, **params)
        await socket.settled()  # none was refused
        post = await town.post(ada, "#tea")
        names = {
            event["stream"][0] for event in await socket.quiet() if event["payload"]["id"] == post
        }
        assert names >= {"user", "public", "public:local", "hashtag"}
        for stream, params in wanted.items():
            socket.unsubscribe(stream, **params)
        await socket.settled()
        await town.post(ada, "#tea again")
        assert await socket.quiet() == []


@pytest.mark.parametrize("way", ["query", "header", "protocol"])
async def test_rule_10_the_token_comes_in_three_ways(
    town: Town, ada: Member, harbour: Harbour, way: str
) -> None:
    headers = {
        "query": {},
        "header": {"authorization": f"Bearer {ada.token}"},
        "protocol": {"sec-websocket-protocol": ada.token},
    }[way]
    given = ada.token if way == "query" else ""
    async with harbour.socket(given, headers, stream="user") as socket:
        post = await town.post(ada)
        assert (await socket.next())["payload"]["id"] == post


@pytest.mark.parametrize("path", sorted(PATHS))
async def test_rule_10_every_stream_has_a_path_of_server_sent_events(
    ada: Member, harbour: Harbour, path: str
) -> None:
    made = good(await ada.client.post("/api/v1/lists", json={"title": "a"}))
    short = path.removeprefix("/api/v1/streaming/")
    query = {"hashtag": {"tag": "tea"}, "list": {"list": made["id"]}}.get(short.split("/")[0], {})
    async with harbour.events(short, ada.token, **query) as events:
        assert events.answer.headers["content-type"].startswith("text/event-stream")
        assert events.answer.headers["access-control-allow-origin"] == "*"
