"""Uploads meet hashes; posts that show them get a case, and nothing is restricted."""

import random

import pytest
from tests.harness.neighbours import Asker, Place
from tests.pictures import waves
from tests.safety.banks.banking import (
    bank,
    change,
    count,
    hashes_of,
    item,
    keep,
    known,
    matches,
    picture,
    show,
    upload,
)
from tests.safety.banks.test_matcher import turned
from tests.safety.moderating import queue

from rostra.kernel.clock import DAY
from rostra.network.media.jobs import RemoveOrphans, remove_orphans
from rostra.safety.banks import access, items, look_back, manage
from rostra.safety.banks.items import Given
from rostra.safety.banks.model import Bank, Hashes, HashKind, ItemState, LookBackState
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import EventKind
from rostra.safety.categories.model import Category
from rostra.safety.subjects import SubjectKind
from rostra.store.tables.banks import hash_bank_items, hash_matches


async def _posts_of_cases(place: Place) -> list[int]:
    cases = await queue(place)
    assert all(case.subject_kind == SubjectKind.POST for case in cases)
    return sorted(case.subject_id for case in cases)


async def test_a_picture_that_is_known_opens_a_case_of_its_post(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place, category="hate", wish="remove")
    found = await known(place, ann, own, 1)
    met = await upload(place, bob, picture(1, "jpg"))
    assert await queue(place) == []  # nobody sees it yet
    post_id = await show(place, bob, met)
    (case,) = await queue(place)
    assert (case.subject_id, case.status.category) == (post_id, Category.HATE)
    async with place.db.read() as reader:
        events = await cases_access.events(reader, case.id)
    (told,) = [each for each in events if each.kind == EventKind.SIGNALLED]
    assert "bank own" in told.words
    assert "its keepers wish: remove" in told.words
    (match,) = await matches(place, own)
    assert (match.item_id, match.media_id, match.post_id) == (found.id, met, post_id)
    assert (await item(place, found.id)).matches_count == 1
    shown = await ann.get(f"/api/v1/statuses/{post_id}")  # law 5: a machine restricts nothing
    assert shown["media_attachments"][0]["url"]


async def test_a_post_that_is_quicker_than_the_job_is_found_by_it(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    await known(place, ann, own, 1)
    met = await upload(place, bob, picture(1), work=False)
    post_id = await show(place, bob, met)
    assert await _posts_of_cases(place) == [post_id]


async def test_other_pictures_and_empty_ones_meet_nothing(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    await known(place, ann, own, 1)
    flat = bytes(waves(1, 64, 64).linear(0, 128).cast("uchar").write_to_buffer(".png"))
    for data in (picture(2), flat):
        await show(place, bob, await upload(place, bob, data))
    assert await queue(place) == []
    assert await matches(place, own) == []


async def test_a_file_is_told_byte_for_byte_where_it_is_no_picture_to_tell(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    flat = bytes(waves(1, 64, 64).linear(0, 128).cast("uchar").write_to_buffer(".png"))
    digest = (await hashes_of(place, await upload(place, ann, flat))).sha256
    await keep(place, own, Given(HashKind.SHA256, digest), look=False)
    post_id = await show(place, bob, await upload(place, bob, flat))
    assert await _posts_of_cases(place) == [post_id]


async def test_what_is_switched_off_meets_nothing(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    found = await known(place, ann, own, 1)

    async def cases_of_another() -> int:
        await show(place, bob, await upload(place, bob, picture(1)))
        return len(await queue(place))

    async def switch(*, on: bool, until: int = 0) -> None:
        async with place.db.write() as tx:
            await items.switch(place.services, tx, found.id, on=on, reason="x", until=until)

    assert await cases_of_another() == 1
    await switch(on=False)
    assert await cases_of_another() == 1
    await switch(on=False, until=place.clock.now() + DAY)
    assert await cases_of_another() == 1
    place.clock.advance(DAY)
    assert await cases_of_another() == 2
    await change(place, own, enabled=False)
    assert await cases_of_another() == 2
    await change(place, own, share=0)
    assert await cases_of_another() == 2
    await change(place, own)
    assert await cases_of_another() == 7  # and what came meanwhile is looked at


async def test_a_share_is_of_files_and_the_same_for_each(place: Place) -> None:
    own = await bank(place, share=0.25)
    chance = random.Random(3)  # noqa: S311 (the same in every run)
    hashes = [Given(HashKind.PDQ, chance.randbytes(32)) for _ in range(400)]
    await keep(place, own, *hashes, look=False)
    async with place.db.read() as reader:
        banks = await access.held(place.services, reader)
    asked = [Hashes(pdq=each.hash) for each in hashes]
    met = [bool(banks.match(each, place.clock.now())) for each in asked]
    assert 60 < sum(met) < 140
    assert met == [bool(banks.hits(each, place.clock.now())) for each in asked]


async def test_a_finding_says_how_sure_and_of_what(place: Place) -> None:
    own, other = await bank(place), await bank(place, "other", "hate")
    chance = random.Random(4)  # noqa: S311 (the same in every run)
    look = chance.randbytes(32)
    await keep(place, own, Given(HashKind.PDQ, turned(look, 31, chance)), look=False)
    await keep(place, other, Given(HashKind.PDQ, look), look=False)
    async with place.db.read() as reader:
        banks = await access.held(place.services, reader)
    finding = banks.match(Hashes(pdq=look), place.clock.now())
    assert finding is not None
    assert finding.scores == {"spam": pytest.approx(0.9), "hate": 1.0}
    assert finding.signal == "banks"
    assert banks.match(Hashes(pdq=chance.randbytes(32)), place.clock.now()) is None


async def _spread(place: Place, who: list[Asker], seed: int) -> list[int]:
    return [await show(place, each, await upload(place, each, picture(seed))) for each in who]


async def test_a_hash_that_meets_too_many_members_is_switched_off(place: Place) -> None:
    (ann,) = await place.members("ann")
    own = await bank(place)
    found = await known(place, ann, own, 1)
    most = place.services.settings.moderation.hash_members_a_day
    crowd = await place.members(*(f"m{number}" for number in range(most + 3)))
    posts = await _spread(place, crowd[:most], 1)
    assert (await item(place, found.id)).state == ItemState.ON
    await _spread(place, crowd[most:], 1)
    off = await item(place, found.id)
    assert off.state == ItemState.QUARANTINED
    assert f"{most + 1} members" in off.reason
    assert await _posts_of_cases(place) == sorted(posts)  # the queue got no more of it
    async with place.db.read() as reader:
        assert [each.id for each in await access.quarantined(reader)] == [found.id]
    async with place.db.write() as tx:
        await items.switch(place.services, tx, found.id, on=True, by_id=ann.account_id)
    await place.app.work()
    assert len(await queue(place)) == most + 3  # vetted: what was left out is found again
    await _spread(place, [ann], 1)
    assert (await item(place, found.id)).vetted_by == ann.account_id
    assert len(await queue(place)) == most + 4


async def test_one_member_alone_quarantines_nothing(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    found = await known(place, ann, own, 1)
    for _ in range(place.services.settings.moderation.hash_members_a_day + 2):
        await upload(place, bob, picture(1))
    assert (await item(place, found.id)).state == ItemState.ON


async def test_earlier_uploads_are_found_when_a_hash_is_added(place: Place) -> None:
    (bob,) = await place.members("bob")
    first = await show(place, bob, await upload(place, bob, picture(1)))
    alone = await upload(place, bob, picture(1, "jpg"))
    await show(place, bob, await upload(place, bob, picture(2)))
    own = await bank(place)
    found = await hashes_of(place, alone)
    await keep(place, own, Given(HashKind.PDQ, found.pdq))
    assert await _posts_of_cases(place) == [first]
    assert len(await matches(place, own)) == 2
    async with place.db.read() as reader:
        (back,) = await access.look_backs(reader, own.id)
    assert (back.state, back.seen_count, back.total_count) == (LookBackState.DONE, 3, 3)
    assert back.found_count == 2
    second = await show(place, bob, alone)
    assert await _posts_of_cases(place) == [first, second]


async def _added(place: Place, which: Bank, found: bytes) -> None:
    """Add a hash, and leave the jobs."""
    place.clock.advance(1)
    async with place.db.write() as tx:
        await items.add(place.services, tx, which.id, [Given(HashKind.PDQ, found)])


async def test_what_waits_to_look_back_goes_as_far_as_the_newest_upload(place: Place) -> None:
    (ann,) = await place.members("ann")
    own = await bank(place)
    await upload(place, ann, picture(1))
    await _added(place, own, random.Random(5).randbytes(32))  # noqa: S311 (the same in every run)
    second = await upload(place, ann, picture(2), work=False)
    await _added(place, own, (await hashes_of(place, second)).pdq)
    async with place.db.read() as reader:
        (back,) = await access.look_backs(reader, own.id)
    await look_back.go_on(place.services, look_back.LookFurther(back.id))
    assert [match.media_id for match in await matches(place, own)] == [second]
    async with place.db.read() as reader:
        (back,) = await access.look_backs(reader, own.id)
    assert (back.state, back.seen_count, back.total_count) == (LookBackState.DONE, 2, 2)


async def test_what_has_begun_to_look_back_is_left_alone(place: Place) -> None:
    """It has read what it looks for already, though it has looked at nothing yet."""
    (ann,) = await place.members("ann")
    own = await bank(place)
    first = await upload(place, ann, picture(1))
    await _added(place, own, random.Random(5).randbytes(32))  # noqa: S311 (the same in every run)
    async with place.db.write() as tx:
        (back,) = await access.look_backs(tx, own.id)
        await look_back.begin(place.services, tx, back.id)
    await _added(place, own, (await hashes_of(place, first)).pdq)
    async with place.db.read() as reader:
        other, same = await access.look_backs(reader, own.id)
    assert (same.id, other.begun_at) == (back.id, 0)
    await place.app.work()
    assert [match.media_id for match in await matches(place, own)] == [first]


async def test_looking_back_can_be_stopped(place: Place) -> None:
    (ann,) = await place.members("ann")
    media_id = await upload(place, ann, picture(1))
    own = await bank(place)
    async with place.db.write() as tx:
        found = await access.hashes_of(tx, media_id)
        await items.add(place.services, tx, own.id, [Given(HashKind.PDQ, found.pdq)])
        (back,) = await access.look_backs(tx, own.id)
        ended = await look_back.cancel(place.services, tx, back.id, own.id)
        assert ended.state == LookBackState.CANCELLED
    await place.app.work()
    assert await matches(place, own) == []


async def test_a_match_goes_with_its_file(place: Place) -> None:
    """Law 6, by every way on which a file goes."""
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    await known(place, ann, own, 1)
    alone, orphan, shown = [await upload(place, bob, picture(1)) for _ in range(3)]
    post_id = await show(place, bob, shown)
    assert {each.media_id for each in await matches(place, own)} == {alone, orphan, shown}
    await bob.ask("DELETE", f"/api/v1/media/{alone}")
    assert {each.media_id for each in await matches(place, own)} == {orphan, shown}
    await bob.ask("DELETE", f"/api/v1/statuses/{post_id}", params={"delete_media": "true"})
    assert {each.media_id for each in await matches(place, own)} == {orphan}
    place.clock.advance(3 * DAY)
    await remove_orphans(place.services, RemoveOrphans())
    assert await matches(place, own) == []


async def test_a_draft_that_takes_the_picture_again_is_told_again(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    await known(place, ann, own, 1)
    met = await upload(place, bob, picture(1))
    first = await show(place, bob, met)
    await bob.delete(str(first))
    second = await show(place, bob, met)
    assert second in [case.subject_id for case in await queue(place)]


async def test_a_bank_goes_with_all_that_it_has(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    own = await bank(place)
    await known(place, ann, own, 1)
    await upload(place, bob, picture(1))
    async with place.db.write() as tx:
        await manage.remove(place.services, tx, own.id)
    await place.app.work()
    await show(place, bob, await upload(place, bob, picture(1)))
    assert await queue(place) == []
    async with place.db.read() as reader:
        assert await access.every(reader) == []
        for table in (hash_bank_items, hash_matches):
            assert await reader.first(count(table)) == (0,)
