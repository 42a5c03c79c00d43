"""Pictures that members let stand for a file are looked for as files are."""

from base64 import b64encode

from tests.harness.crowd import good
from tests.harness.neighbours import Asker, Place
from tests.recordings import sound
from tests.safety.banks.banking import bank, hashes_of, keep, known, matches, picture, show, upload
from tests.safety.moderating import queue

from rostra.safety.banks.items import Given
from rostra.safety.banks.model import HashKind

MEDIA = "/api/v2/media"


async def _cases(place: Place) -> list[int]:
    return sorted(case.subject_id for case in await queue(place))


async def _cover(place: Place, by: Asker, media_id: int, seed: int) -> None:
    files = {"thumbnail": ("x.png", picture(seed), "image/png")}
    good(await by.client.put(f"/api/v1/media/{media_id}", files=files))
    await place.app.work()


async def test_a_harmless_picture_with_a_known_thumbnail_is_met(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    found = await known(place, ann, own, 1)
    media_id = await upload(place, bob, picture(2))
    await _cover(place, bob, media_id, 3)
    assert await matches(place, own) == []
    await _cover(place, bob, media_id, 1)
    (match,) = await matches(place, own)
    assert (match.item_id, match.media_id) == (found.id, media_id)
    assert await _cases(place) == []
    post_id = await show(place, bob, media_id)
    assert await _cases(place) == [post_id]


async def test_a_cover_that_comes_with_a_recording_is_met(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    await known(place, ann, own, 1)
    met = {}
    for seed in (1, 2):
        files = {"file": ("x", sound()), "thumbnail": ("x.jpg", picture(seed, "jpg"))}
        sent = good(await bob.client.post(MEDIA, files=files), 202)
        await place.app.work()
        met[seed] = await show(place, bob, int(sent["id"]))
    assert await _cases(place) == [met[1]]


async def test_a_cover_that_comes_with_an_edit_is_met(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    await known(place, ann, own, 1)
    media_id = await upload(place, bob, picture(2))
    post_id = await show(place, bob, media_id)
    for seed, cases in ((3, []), (1, [post_id])):
        thumbnail = f"data:image/png;base64,{b64encode(picture(seed)).decode()}"
        change = {"id": str(media_id), "thumbnail": thumbnail}
        body = {"status": "x", "media_ids": [str(media_id)], "media_attributes": [change]}
        good(await bob.client.put(f"/api/v1/statuses/{post_id}", json=body))
        await place.app.work()
        assert await _cases(place) == cases


async def test_covers_of_before_are_found_byte_for_byte_when_a_hash_is_added(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    media_id = await upload(place, bob, picture(2))
    await _cover(place, bob, media_id, 1)
    post_id = await show(place, bob, media_id)
    digest = (await hashes_of(place, await upload(place, ann, picture(1)))).sha256
    await keep(place, await bank(place), Given(HashKind.SHA256, digest))
    assert await _cases(place) == [post_id]
