"""What is typed and what is counted when a limit is used up: posts, and pictures one by one."""

from pathlib import Path
from typing import Any

import httpx2
from tests.harness.app import running
from tests.harness.crowd import Town, good
from tests.pictures import photo
from tests.web.conftest import Streets

HERE = "198.51.100.0/24"


def png() -> bytes:
    return bytes(photo(300, 200).pngsave_buffer())


def named(*names: str) -> dict[str, Any]:
    return {name: ("a.png", png(), "image/png") for name in names}


async def test_who_has_used_up_their_posts_keeps_what_they_typed(
    data_dir: Path, sqlite_url: str
) -> None:
    limits = {"ROSTRA_LIMITS__SCALE": "0.005", "ROSTRA_LIMITS__TRUSTED": HERE}
    async with running(data_dir, sqlite_url, None, **limits) as server:
        _, browser = await Streets(server).member("ada")
        for at in range(2):
            await browser.open("/compose")
            await browser.send("/compose", text=f"number {at}")
        edit = f"/posts/{browser.path.rpartition('/')[2]}/edit"
        await browser.open("/compose")
        answer = await browser.send("/compose", text="words that took me an hour")
        assert answer.status_code == 429
        assert browser.form("/compose").fields["text"] == "words that took me an hour"
        await browser.open(edit)
        answer = await browser.send(edit, text="and an edit that took another")
        assert answer.status_code == 429
        assert browser.form(edit).fields["text"] == "and an edit that took another"


async def test_pictures_count_one_by_one_wherever_they_are_processed(
    data_dir: Path, sqlite_url: str
) -> None:
    limits = {"ROSTRA_LIMITS__SCALE": "0.1", "ROSTRA_LIMITS__TRUSTED": HERE}
    async with running(data_dir, sqlite_url, None, **limits) as server:
        ann = await Town(server).member("ann")
        client = ann.client
        first = good(await client.post("/api/v2/media", files=named("file")))
        post = {"status": "look", "media_ids": [first["id"]]}
        post = good(await client.post("/api/v1/statuses", json=post))
        second = good(await client.post("/api/v2/media", files=named("file")))
        profile = "/api/v1/accounts/update_credentials"
        assert await status(client.patch(profile, files=named("avatar"))) == 200
        # Three of three are used up.
        changes = {"status": "look", "media_ids[]": first["id"]}
        changes |= {"media_attributes[][id]": first["id"]}
        cover = named("media_attributes[][thumbnail]")
        for asked in (
            client.patch(profile, files=named("header")),
            client.patch("/api/v1/profile", files=named("avatar")),
            client.put(f"/api/v1/media/{second['id']}", files=named("thumbnail")),
            client.put(f"/api/v1/statuses/{post['id']}", data=changes, files=cover),
        ):
            assert await status(asked) == 429
        for free in (
            client.patch(profile, data={"note": "words are free"}),
            client.put(f"/api/v1/media/{second['id']}", data={"description": "a wall"}),
            client.put(f"/api/v1/statuses/{post['id']}", data=changes),
        ):
            assert await status(free) == 200
        server.clock.advance(30 * 60_000)
        both = client.patch(profile, files=named("avatar", "header"))
        assert await status(both) == 200
        thumbnail = client.post("/api/v2/media", files=named("file", "thumbnail"))
        assert await status(thumbnail) == 429


async def status(asked: Any) -> int:
    answer: httpx2.Response = await asked
    return answer.status_code
