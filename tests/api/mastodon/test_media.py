"""Pictures: taken in, described, shown in posts, removed."""

from pathlib import Path

from tests.harness.crowd import Town, good, ids_of
from tests.pictures import photo

from rostra.kernel.clock import DAY
from rostra.network.media.jobs import RemoveOrphans, remove_orphans
from rostra.store.tables.posts import media

URL = "/api/v1/media"


def _png(width: int = 64, height: int = 48) -> bytes:
    return bytes(photo(width, height).pngsave_buffer())


async def test_an_upload_is_ready_at_once(town: Town) -> None:
    ann = await town.member("ann")
    made = await town.picture(ann, _png(), description="a test card", focus="-0.5,1")
    assert made["type"] == "image"
    assert (made["meta"]["original"]["width"], made["meta"]["original"]["height"]) == (64, 48)
    assert made["meta"]["focus"] == {"x": -0.5, "y": 1.0}
    assert made["description"] == "a test card"
    assert len(made["blurhash"]) >= 6
    for size in ("url", "preview_url"):
        answer = await town.anybody.get(made[size])
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("image/")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        etag = {"if-none-match": answer.headers["etag"]}
        assert (await town.anybody.get(made[size], headers=etag)).status_code == 304
    assert good(await ann.client.get(f"{URL}/{made['id']}")) == made
    files = {"file": ("x", _png(), "image/png")}
    old = await ann.client.post(URL, files=files)
    assert good(old)["url"]
    assert "deprecation" in old.headers


async def test_refusals_name_the_field(town: Town) -> None:
    ann = await town.member("ann")
    good_file = {"file": ("x", _png(), "image/png")}
    for files, fields, name in (
        ({}, {}, "file"),
        ({"file": ("x", b"not a picture", "image/png")}, {}, "file"),
        ({"file": ("x", _png()[:300], "image/png")}, {}, "file"),
        (good_file, {"description": "x" * 1501}, "description"),
    ):
        refusal = good(await ann.client.post("/api/v2/media", files=files, data=fields), 422)
        assert set(refusal["details"]) == {name}
    assert await town.count(media) == 0


async def test_it_can_be_described_until_and_after_it_is_posted(town: Town) -> None:
    ann = await town.member("ann")
    made = await town.picture(ann, _png())
    changed = good(await ann.client.put(f"{URL}/{made['id']}", json={"description": "first"}))
    assert changed["description"] == "first"
    post_id = await town.post(ann, "", media_ids=[made["id"]])
    body = {
        "status": "words",
        "media_ids": [made["id"]],
        "media_attributes": [{"id": made["id"], "description": "second", "focus": "0.25,0"}],
    }
    edited = good(await ann.client.put(f"/api/v1/statuses/{post_id}", json=body))
    assert edited["media_attachments"][0]["description"] == "second"
    assert edited["media_attachments"][0]["meta"]["focus"] == {"x": 0.25, "y": 0.0}
    versions = good(await ann.client.get(f"/api/v1/statuses/{post_id}/history"))
    said = [each["media_attachments"][0]["description"] for each in versions]
    assert said == ["first", "second"]


async def test_pictures_stand_in_the_order_they_were_named_in(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    made = ids_of([await town.picture(ann, _png(32 + at)) for at in range(4)])
    wanted = [made[2], made[0], made[3], made[1]]
    post_id = await town.post(ann, media_ids=wanted)
    post = good(await bob.client.get(f"/api/v1/statuses/{post_id}"))
    assert ids_of(post["media_attachments"]) == wanted
    found = good(await bob.client.get("/api/v1/timelines/public", params={"only_media": "1"}))
    assert ids_of(found) == [post_id]


async def test_a_removed_picture_leaves_no_file(town: Town, data_dir: Path) -> None:
    ann = await town.member("ann")
    made = await town.picture(ann, _png())
    good(await ann.client.delete(f"{URL}/{made['id']}"))
    await town.rostra.work()
    assert (await town.anybody.get(made["url"])).status_code == 404
    good(await ann.client.get(f"{URL}/{made['id']}"), 404)
    posted = await town.picture(ann, _png())
    await town.post(ann, media_ids=[posted["id"]])
    assert (await ann.client.delete(f"{URL}/{posted['id']}")).status_code in {404, 422}
    assert (await town.anybody.get(posted["url"])).status_code == 200
    assert _files(data_dir)


async def test_what_no_post_takes_is_removed_in_the_end(town: Town, data_dir: Path) -> None:
    ann = await town.member("ann")
    await town.picture(ann, _png())
    kept = await town.picture(ann, _png())
    await town.post(ann, media_ids=[kept["id"]])
    files = len(_files(data_dir))
    await remove_orphans(town.services, RemoveOrphans())
    await town.rostra.work()
    assert await town.count(media) == 2
    town.rostra.clock.advance(2 * DAY)
    await remove_orphans(town.services, RemoveOrphans())
    await town.rostra.work()
    assert await town.count(media) == 1
    assert len(_files(data_dir)) == files // 2
    assert (await town.anybody.get(kept["url"])).status_code == 200


def _files(data_dir: Path) -> list[Path]:
    return [path for path in (data_dir / "media").rglob("*") if path.is_file()]


async def test_no_path_leads_out_of_the_folder(town: Town) -> None:
    for key in ("../rostra.sqlite3", "..%2frostra.sqlite3", "media/../../rostra.sqlite3", "x", ""):
        assert (await town.anybody.get(f"/media/{key}")).status_code == 404
