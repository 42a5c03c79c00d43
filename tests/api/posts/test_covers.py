"""Pictures that stand for files of a post, changed with the post (`media_attributes`)."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import running
from tests.harness.crowd import Member, Town, good
from tests.pictures import SECRETS, exif, find_metadata, jpeg_with, photo
from tests.recordings import sound

POSTS = "/api/v1/statuses"
MEDIA = "/api/v1/media"
FIELD = "media_attributes.0.thumbnail"


def png(width: int = 300, height: int = 200) -> bytes:
    return bytes(photo(width, height).pngsave_buffer())


def as_text(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{b64encode(data).decode()}"


def stored(town: Town) -> list[str]:
    folder = Path(town.services.settings.media_store)
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


class Recorded:
    """A post of ann's with a recording of sound that nothing stands for yet."""

    def __init__(self, town: Town, ann: Member, post_id: str, media_id: str) -> None:
        self.town, self.ann, self.post_id, self.media_id = town, ann, post_id, media_id
        self.url = f"{POSTS}/{post_id}"

    def body(self, thumbnail: object, **more: Any) -> dict[str, Any]:
        """An edit with this picture for the recording."""
        change = {"id": self.media_id, "thumbnail": thumbnail}
        return {
            "status": "listen",
            "media_ids": [self.media_id],
            "media_attributes": [change],
        } | more

    async def edit(self, thumbnail: object, status: int = 200) -> Any:
        """Edit it so; the answer's body."""
        return good(await self.ann.client.put(self.url, json=self.body(thumbnail)), status)

    async def seen(self) -> Any:
        """The recording as anybody sees it."""
        return good(await self.town.anybody.get(self.url))["media_attachments"][0]


@pytest.fixture
async def recorded(town: Town) -> Recorded:
    """What most tests here begin with."""
    ann = await town.member("ann")
    sent = good(await ann.client.post("/api/v2/media", files={"file": ("x", sound())}), 202)
    await town.rostra.work()
    post_id = await town.post(ann, "listen", media_ids=[sent["id"]])
    await town.rostra.work()
    return Recorded(town, ann, post_id, sent["id"])


async def test_a_picture_comes_as_text_and_another_takes_its_place(recorded: Recorded) -> None:
    town, bare = recorded.town, await recorded.seen()
    assert (bare["preview_url"], bare["blurhash"]) == (None, None)
    first = (await recorded.edit(as_text(png())))["media_attachments"][0]
    assert first == await recorded.seen()
    assert (first["meta"]["small"]["width"], first["url"]) == (300, bare["url"])
    answer = await town.anybody.get(first["preview_url"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    second = (await recorded.edit(as_text(png(90, 60))))["media_attachments"][0]
    assert (second["meta"]["small"]["width"], second["id"]) == (90, bare["id"])
    await town.rostra.work()
    assert (await town.anybody.get(first["preview_url"])).status_code == 404
    assert (await town.anybody.get(second["preview_url"])).status_code == 200
    assert len(stored(town)) == 2
    kept = await recorded.edit(None)
    assert kept["media_attachments"][0]["preview_url"] == second["preview_url"]
    versions = good(await town.anybody.get(f"{recorded.url}/history"))
    assert len(versions) == 4


@pytest.mark.parametrize("name", ["media_attributes[0][{}]", "media_attributes[][{}]"])
async def test_a_picture_comes_as_a_file_of_a_form(recorded: Recorded, name: str) -> None:
    fields = {"status": "listen", "media_ids[]": recorded.media_id}
    answer = await recorded.ann.client.put(
        recorded.url,
        data=fields | {name.format("id"): recorded.media_id, name.format("description"): "waves"},
        files={name.format("thumbnail"): ("t.png", png(), "image/png")},
    )
    [shown] = good(answer)["media_attachments"]
    assert (shown["meta"]["small"]["width"], shown["description"]) == (300, "waves")
    assert (await recorded.town.anybody.get(shown["preview_url"])).status_code == 200


async def test_what_is_no_picture_is_refused_and_changes_nothing(recorded: Recorded) -> None:
    kept = await recorded.edit(as_text(png()))
    await recorded.town.rostra.work()
    files = stored(recorded.town)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for thumbnail in (
        as_text(svg, "image/svg+xml"),
        as_text(svg),
        as_text(b"<html>", "text/html"),
        as_text(b""),
        as_text(png()[:300]),
        as_text(png(), "image/gif"),  # not what it says it is
        as_text(png()).replace(";base64", ""),
        as_text(png())[:-3] + "???",
        "data:image/png;base64,\u00e9",
        "data:",
        "https://example.org/picture.png",
        "/etc/passwd",
        ["a"],
        {"file": "x"},
        7,
    ):
        refused = await recorded.edit(thumbnail, 422)
        assert set(refused["details"]) == {FIELD}, thumbnail
        assert "thumbnail" in refused["error"]
    for nothing in ("", None):
        shown = (await recorded.edit(nothing))["media_attachments"]
        assert shown == kept["media_attachments"]
    await recorded.town.rostra.work()
    assert stored(recorded.town) == files


async def test_a_picture_has_its_limits(database_url: str, data_dir: Path) -> None:
    small: dict[str, Any] = {
        "ROSTRA_MEDIA__MAX_PICTURE_BYTES": "70000",
        "ROSTRA_MEDIA__MAX_PICTURE_PIXELS": "1000000",
    }
    async with running(data_dir, database_url, **small) as rostra:
        ann = await Town(rostra).member("ann")
        made = await Town(rostra).picture(ann, png(64, 48))
        post_id = await Town(rostra).post(ann, media_ids=[made["id"]])
        change = {"id": made["id"], "thumbnail": as_text(png(64, 48) + b"\0" * 70_000)}
        body = {"status": "x", "media_ids": [made["id"]], "media_attributes": [change]}
        refused = good(await ann.client.put(f"{POSTS}/{post_id}", json=body), 413)
        assert refused["error"] == "The thumbnail is too large (at most 0.07 MB)"
        flat = photo(8, 8).resize(150).pngsave_buffer(compression=9, palette=True, bitdepth=1)
        assert len(flat) < 70_000
        change["thumbnail"] = as_text(bytes(flat))
        refused = good(await ann.client.put(f"{POSTS}/{post_id}", json=body), 422)
        assert set(refused["details"]) == {FIELD}
        change["thumbnail"] = as_text(b"\0" * 2_000_000)
        assert (await ann.client.put(f"{POSTS}/{post_id}", json=body)).status_code == 413
        # So much text is read nowhere, not even where whole videos are.
        body_of_media = {"thumbnail": change["thumbnail"]}
        for url in (f"{MEDIA}/{made['id']}", MEDIA):
            method = "POST" if url == MEDIA else "PUT"
            assert (await ann.client.request(method, url, json=body_of_media)).status_code == 413
        change["thumbnail"] = as_text(png(32, 32))
        good(await ann.client.put(f"{POSTS}/{post_id}", json=body))


async def test_nobody_changes_what_stands_for_anothers_file(recorded: Recorded) -> None:
    town, body = recorded.town, recorded.body(as_text(png()))
    bob = await town.member("bob")
    before, files = await recorded.seen(), stored(town)
    assert (await bob.client.put(recorded.url, json=body)).json() == {"error": "Record not found"}
    own = await town.post(bob)
    refusals = [
        good(await bob.client.put(f"{POSTS}/{own}", json=body | {"media_ids": [media]}), 422)
        for media in (recorded.media_id, "1")
    ]
    assert refusals[0] == refusals[1]
    # Not among the pictures of the post: passed over, however it looks.
    change = {"id": recorded.media_id, "thumbnail": as_text(b"no picture")}
    good(await bob.client.put(f"{POSTS}/{own}", json={"status": "x", "media_attributes": [change]}))
    other = await town.post(recorded.ann)
    good(await recorded.ann.client.put(f"{POSTS}/{other}", json=body), 422)
    await town.rostra.work()
    assert (await recorded.seen(), stored(town)) == (before, files)


async def test_what_fails_later_leaves_no_file(recorded: Recorded) -> None:
    town, before, files = recorded.town, await recorded.seen(), stored(recorded.town)
    other = await town.member("bob")
    theirs = await town.picture(other, png(64, 48))
    more = stored(town)
    body = recorded.body(as_text(png()), media_ids=[recorded.media_id, theirs["id"]])
    good(await recorded.ann.client.put(recorded.url, json=body), 422)
    town.services.write_gate.close("moving")
    await recorded.edit(as_text(png()), 503)
    town.services.write_gate.open()
    assert (await recorded.seen(), stored(town)) == (before, more)
    assert set(files) < set(more)


async def test_a_new_picture_may_bring_another_to_stand_for_it(town: Town) -> None:
    ann = await town.member("ann")
    post_id = await town.post(ann)
    made = [await town.picture(ann, png(64 + at, 48)) for at in range(2)]
    changes = [
        {"id": made[0]["id"], "thumbnail": as_text(png(20, 10))},
        {"id": made[1]["id"], "thumbnail": as_text(b"never looked at")},
        {"id": made[1]["id"], "thumbnail": as_text(png(40, 10))},
    ]
    body = {"status": "x", "media_ids": [each["id"] for each in made], "media_attributes": changes}
    shown = good(await ann.client.put(f"{POSTS}/{post_id}", json=body))["media_attachments"]
    assert [each["meta"]["small"]["width"] for each in shown] == [20, 40]
    await town.rostra.work()
    assert len(stored(town)) == 4


async def test_every_file_may_come_as_text(town: Town) -> None:
    ann = await town.member("ann")
    body = {"file": as_text(png(64, 48)), "thumbnail": as_text(b"<svg/>"), "description": "one"}
    refused = good(await ann.client.post(MEDIA, json=body), 422)
    assert set(refused["details"]) == {"thumbnail"}
    made = good(await ann.client.post(MEDIA, json=body | {"thumbnail": as_text(png(20, 10))}))
    assert (made["meta"]["original"]["width"], made["description"]) == (64, "one")
    change = {"thumbnail": as_text(png(40, 10))}
    shown = good(await ann.client.put(f"{MEDIA}/{made['id']}", json=change))
    assert shown["meta"]["small"]["width"] == 40
    own = "/api/v1/accounts/update_credentials"
    with_avatar = good(await ann.client.patch(own, data={"avatar": as_text(png(50, 50))}))
    assert "/media/" in with_avatar["avatar"]
    refused = good(await ann.client.patch(own, json={"avatar": as_text(b"no picture")}), 422)
    assert set(refused["details"]) == {"avatar"}


async def test_no_place_and_no_owner_come_along(recorded: Recorded) -> None:
    telling = jpeg_with(bytes(photo().jpegsave_buffer()), (0xE1, b"Exif\0\0" + exif()))
    assert find_metadata(telling)
    shown = (await recorded.edit(as_text(telling, "image/jpeg")))["media_attachments"][0]
    content = (await recorded.town.anybody.get(shown["preview_url"])).content
    assert find_metadata(content) == []
    assert not any(secret in content for secret in SECRETS)
