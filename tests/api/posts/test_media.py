"""Pictures: taken in, described, attached by their owner only, served safely, removed."""

from pathlib import Path
from typing import Any

import pytest
from tests.harness.crowd import Town, good, ids_of
from tests.harness.turns import in_turn
from tests.pictures import animated, photo

from rostra.kernel.errors import Unavailable
from rostra.network.media import upload
from rostra.network.media.attach import attach
from rostra.network.media.jobs import RemoveOrphans, remove_orphans
from rostra.network.media.upload import Details
from rostra.store.blobs import new_key
from rostra.store.database import Transaction
from rostra.store.tables.posts import media

URL = "/api/v1/media"
POSTS = "/api/v1/statuses"


def png(width: int = 64, height: int = 48) -> bytes:
    return bytes(photo(width, height).write_to_buffer(".png"))


def stored(town: Town) -> list[Path]:
    folder = Path(town.services.settings.media_store)
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_an_upload_is_described_and_ready(town: Town) -> None:
    ann = await town.member("ann")
    shown = await town.picture(ann, png(1000, 500), description=" A  hill\n", focus="-0.5,0.25")
    assert (shown["type"], shown["description"]) == ("image", "A  hill")
    assert shown["meta"]["original"] == {
        "width": 1000,
        "height": 500,
        "size": "1000x500",
        "aspect": 2.0,
    }
    assert shown["meta"]["focus"] == {"x": -0.5, "y": 0.25}
    assert len(shown["blurhash"]) > 6
    assert good(await ann.client.get(f"{URL}/{shown['id']}")) == shown


@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v2/media"])
async def test_both_versions_take_every_kind(town: Town, path: str) -> None:
    ann = await town.member("ann")
    moving = bytes(animated().write_to_buffer(".webp"))
    for suffix in (".jpg", ".png", ".webp", ".gif", ".avif"):
        data = moving if suffix == ".webp" else bytes(photo(64, 48).write_to_buffer(suffix))
        shown = good(await ann.client.post(path, files={"file": ("x", data)}))
        for key in ("url", "preview_url"):
            answer = await town.anybody.get(shown[key])
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("image/")


async def test_what_is_no_picture_is_refused(town: Town) -> None:
    ann = await town.member("ann")
    cases: list[tuple[Any, int]] = [
        (b"", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422),
        (b'{"@context": "https://www.w3.org/ns/activitystreams"}', 422),
        (png()[:200], 422),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 17 * 1024 * 1024, 413),
    ]
    for data, status in cases:
        files = {"file": ("x.png", data, "image/png")}
        answer = await ann.client.post("/api/v2/media", files=files)
        assert answer.status_code == status, (data[:20], answer.text)
    good(await ann.client.post("/api/v2/media", json={"file": "text"}), 422)
    assert good(await ann.client.post("/api/v2/media"), 422)["details"].keys() == {"file"}
    too_long = {"description": "x" * 1501}
    files = {"file": ("x.png", png(), "image/png")}
    good(await ann.client.post("/api/v2/media", files=files, data=too_long), 422)
    assert stored(town) == []
    assert await town.count(media) == 0


@pytest.mark.parametrize(
    ("given", "focus"),
    [
        ("0.1,0.2", (0.1, 0.2)),
        ("7,-7", (1, -1)),
        ("nonsense", (0, 0)),
        ("1", (0, 0)),
        ("nan,nan", (0, 0)),
        ("inf,0", (0, 0)),
        ("1,2,3", (0, 0)),
    ],
)
async def test_a_focus_is_kept_within_the_picture(
    town: Town, given: str, focus: tuple[float, float]
) -> None:
    ann = await town.member("ann")
    shown = await town.picture(ann, png(), focus=given)
    assert tuple(shown["meta"]["focus"].values()) == focus


async def test_a_picture_is_its_owners_alone(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    shown = await town.picture(ann, png(), description="ann's")
    url = f"{URL}/{shown['id']}"
    for method in ("GET", "PUT", "DELETE"):
        for address in (url, f"{URL}/1", f"{URL}/x"):
            answer = await bob.client.request(method, address, json={"description": "bob's"})
            assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})
    body = {"status": "mine", "media_ids": [shown["id"]]}
    refusals = [
        good(await bob.client.post(POSTS, json=body | {"media_ids": [media_id]}), 422)
        for media_id in (shown["id"], "1")
    ]
    assert refusals[0] == refusals[1]
    post = await town.post(bob)
    good(await bob.client.put(f"{POSTS}/{post}", json=body), 422)
    assert good(await ann.client.get(url)) == shown


async def test_a_picture_hangs_on_one_post_and_is_then_edited_with_it(town: Town) -> None:
    ann = await town.member("ann")
    pictures = [await town.picture(ann, png(), description=f"{n}") for n in range(3)]
    order = [pictures[n]["id"] for n in (2, 0, 1)]
    shown = good(await ann.client.post(POSTS, json={"status": "", "media_ids": order}))
    assert ids_of(shown["media_attachments"]) == order
    good(await ann.client.post(POSTS, json={"status": "x", "media_ids": order[:1]}), 422)
    good(await ann.client.put(f"{URL}/{order[0]}", json={"description": "x"}), 404)
    good(await ann.client.delete(f"{URL}/{order[0]}"), 422)
    body = {
        "status": "now with words",
        "media_ids": [order[1], order[0]],
        "media_attributes": [
            {"id": order[0], "description": "anew", "focus": "0.5,0.5"},
            {"id": order[2], "description": "gone"},
        ],
    }
    edited = good(await ann.client.put(f"{POSTS}/{shown['id']}", json=body))
    assert [(m["id"], m["description"]) for m in edited["media_attachments"]] == [
        (order[1], "0"),
        (order[0], "anew"),
    ]
    history = good(await ann.client.get(f"{POSTS}/{shown['id']}/history"))
    described = [[m["description"] for m in v["media_attachments"]] for v in history]
    assert described == [["2", "0"], ["0", "anew"]]


async def test_a_picture_can_be_described_and_removed_before_it_is_posted(town: Town) -> None:
    ann = await town.member("ann")
    shown = await town.picture(ann, png())
    url = f"{URL}/{shown['id']}"
    for method in ("PUT", "PATCH"):
        edited = good(await ann.client.request(method, url, data={"description": method}))
        assert edited["description"] == method
    assert good(await ann.client.put(url, json={"focus": "1,1"}))["description"] == "PATCH"
    good(await ann.client.put(url, json={"description": "x" * 1501}), 422)
    assert good(await ann.client.put(url, json={"description": ""}))["description"] is None
    assert good(await ann.client.delete(url)) == {}
    good(await ann.client.get(url), 404)
    await town.rostra.work()
    assert stored(town) == []


async def test_what_no_post_takes_is_removed_after_a_day(town: Town) -> None:
    ann = await town.member("ann")
    forgotten = await town.picture(ann, png())
    used = await town.picture(ann, png())
    good(await ann.client.post(POSTS, json={"status": "", "media_ids": [used["id"]]}))
    for hours, left in ((23, 4), (2, 2)):
        town.rostra.clock.advance(hours * 3_600_000)
        await remove_orphans(town.services, RemoveOrphans())
        await town.rostra.work()
        assert len(stored(town)) == left
    good(await ann.client.get(f"{URL}/{forgotten['id']}"), 404)
    good(await ann.client.get(f"{URL}/{used['id']}"))


async def test_a_crash_between_row_and_file_leaves_nothing_for_good(town: Town) -> None:
    ann = await town.member("ann")
    picture = await upload.process(town.services, png())
    town.services.write_gate.close("moving")
    with pytest.raises(Unavailable):
        async with town.db.write():
            pass
    assert stored(town) == []
    town.services.write_gate.open()
    async with town.db.write() as tx:
        await upload.add(town.services, tx, ann.id, picture, Details())
    await town.services.blobs.put(picture.key, b"half of it", "image/png")
    town.rostra.clock.advance(25 * 3_600_000)
    await remove_orphans(town.services, RemoveOrphans())
    await town.rostra.work()
    assert stored(town) == []
    assert await town.count(media) == 0


async def test_pictures_are_served_as_nothing_but_pictures(town: Town) -> None:
    ann = await town.member("ann")
    shown = await town.picture(ann, png())
    answer = await town.anybody.get(shown["url"])
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]
    head = await town.anybody.head(shown["url"])
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.content))
    tag = answer.headers["etag"]
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        same = await town.anybody.get(shown["url"], headers={"if-none-match": given})
        assert (same.status_code, same.content) == (304, b"")
    other = await town.anybody.get(shown["url"], headers={"if-none-match": '"other"'})
    assert other.status_code == 200
    good(await ann.client.delete(f"{URL}/{shown['id']}"))
    await town.rostra.work()
    for headers in ({}, {"if-none-match": tag}):
        assert (await town.anybody.get(shown["url"], headers=headers)).status_code == 404


async def test_nothing_else_of_the_store_is_served(town: Town) -> None:
    keys = [new_key("exports", "zip"), new_key("exports", "png"), new_key("media", "json")]
    for key in keys:
        await town.services.blobs.put(key, b"private", "application/octet-stream")
    odd = ["media/../rostra.sqlite3", "%2e%2e/rostra.sqlite3", "media/.incoming/x.png", "x", ""]
    for key in [*keys, *odd]:
        assert (await town.anybody.get(f"/media/{key}")).status_code == 404


@pytest.mark.postgresql
async def test_what_a_post_shows_is_not_described_by_who_had_not_seen_it_there(town: Town) -> None:
    ann = await town.member("ann")
    picture = await town.picture(ann, png(), description="a hill")

    async def publish(tx: Transaction) -> None:
        await attach(tx, ann.id, 7, [int(picture["id"])])

    body = {"description": "something else"}
    refused = await in_turn(town.db, publish, ann.client.put(f"{URL}/{picture['id']}", json=body))
    good(refused, 404)
    assert await town.count(media, media.c.description == "a hill") == 1
