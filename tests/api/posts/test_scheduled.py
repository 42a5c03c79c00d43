"""Posts that are published later: once, at their time, or their author is told why not."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.harness.app import START_MS
from tests.harness.crowd import Member, Town, good, ids_of
from tests.pictures import photo

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.network.accounts.removal import remove_account
from rostra.network.media.jobs import RemoveOrphans, remove_orphans
from rostra.network.posts.jobs import publish_scheduled
from rostra.network.posts.schedule import PublishScheduled
from rostra.store.tables.posts import media, posts, scheduled_posts

POSTS, LATER = "/api/v1/statuses", "/api/v1/scheduled_statuses"


def at(ms: int) -> str:
    """A time as apps send it."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "Z")


async def plan(
    who: Member,
    due_at: int = START_MS + HOUR,
    status: int = 200,
    *,
    text: str = "Later.",
    **body: Any,
) -> Any:
    """Schedule a post; the answer's body."""
    given = {"status": text, "scheduled_at": at(due_at), **body}
    return good(await who.client.post(POSTS, json=given), status)


async def shown(who: Member) -> list[Any]:
    """What somebody has published, the newest first."""
    found: list[Any] = good(await who.client.get(f"/api/v1/accounts/{who.id}/statuses"))
    return found


async def test_a_post_is_kept_and_published_at_its_time(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(bob, "a question")
    kept = await plan(
        ann,
        text="@bob later #soon",
        spoiler_text="a warning",
        visibility="unlisted",
        language="de",
        in_reply_to_id=first,
    )
    assert kept["scheduled_at"] == at(START_MS + HOUR).replace("Z", ".000Z")
    params = kept["params"]
    assert (params["text"], params["spoiler_text"]) == ("@bob later #soon", "a warning")
    assert (params["visibility"], params["language"]) == ("unlisted", "de")
    assert (params["in_reply_to_id"], params["poll"]) == (first, None)
    assert kept["media_attachments"] == []
    assert good(await ann.client.get(LATER)) == [kept]
    assert good(await ann.client.get(f"{LATER}/{kept['id']}")) == kept
    assert good(await bob.client.get(LATER)) == []
    assert await shown(ann) == []
    town.rostra.clock.advance(HOUR - 1000)
    await town.rostra.work()
    assert await shown(ann) == []
    town.rostra.clock.advance(1000)
    await town.rostra.work()
    [post] = await shown(ann)
    assert (post["visibility"], post["language"]) == ("unlisted", "de")
    assert (post["spoiler_text"], post["in_reply_to_id"]) == ("a warning", first)
    assert post["mentions"][0]["acct"] == "bob"
    assert post["created_at"][:19] == kept["scheduled_at"][:19]
    assert good(await bob.client.get("/api/v1/notifications"))[0]["status"]["id"] == post["id"]
    assert good(await ann.client.get(LATER)) == []
    good(await ann.client.get(f"{LATER}/{kept['id']}"), 404)


TIMES = [
    "9999-12-31T23:59:59-12:00",
    at(START_MS + 101 * 366 * DAY),
    "tomorrow",
    at(START_MS),
    at(START_MS + 5 * MINUTE - 1000),
    at(START_MS - DAY),
    "9" * 40,
]


@pytest.mark.parametrize("time", TIMES)
async def test_bad_times_are_refused(town: Town, time: str) -> None:
    ann = await town.member("ann")
    kept = await plan(ann)
    body = {"status": "x", "scheduled_at": time}
    for answer in (
        await ann.client.post(POSTS, json=body),
        await ann.client.put(f"{LATER}/{kept['id']}", json=body),
    ):
        assert set(good(answer, 422)["details"]) == {"scheduled_at"}
    good(await ann.client.put(f"{LATER}/{kept['id']}"), 422)
    assert good(await ann.client.get(LATER)) == [kept]
    assert await town.count(posts) == 0


async def test_what_could_not_be_posted_is_not_scheduled(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    hidden = await town.post(bob, visibility="private")
    when = at(START_MS + HOUR)
    for body, status in (
        ({"status": ""}, 422),
        ({"status": "x" * 1001}, 422),
        ({"status": "x", "media_ids": ["112345678901234567"]}, 422),
        ({"status": "x", "in_reply_to_id": hidden}, 404),
        ({"status": "x", "poll": {"options": ["a"], "expires_in": 600}}, 422),
    ):
        good(await ann.client.post(POSTS, json={**body, "scheduled_at": when}), status)
    assert await town.count(scheduled_posts) == 0


async def test_there_are_limits_a_day_and_in_all(town: Town) -> None:
    ann = await town.member("ann")
    rows = [{"id": n, "account_id": ann.id, "due_at": START_MS + DAY} for n in range(1, 25)]
    await town.rows(scheduled_posts, rows)
    answers = await asyncio.gather(
        *(
            ann.client.post(POSTS, json={"status": "x", "scheduled_at": at(START_MS + DAY)})
            for _ in range(4)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
    kept = await plan(ann, START_MS + 2 * DAY)
    moved = await ann.client.put(f"{LATER}/{kept['id']}", json={"scheduled_at": at(START_MS + DAY)})
    good(moved, 422)
    far = [{"id": n, "account_id": ann.id, "due_at": n * DAY} for n in range(1000, 1274)]
    await town.rows(scheduled_posts, far)
    assert await town.count(scheduled_posts) == 300
    await plan(ann, START_MS + 3 * DAY, 422)
    good(
        await ann.client.put(f"{LATER}/{kept['id']}", json={"scheduled_at": at(START_MS + 3 * DAY)})
    )


async def test_it_is_moved(town: Town) -> None:
    ann = await town.member("ann")
    kept = await plan(ann)
    for method in ("PUT", "PATCH"):
        body = {"scheduled_at": at(START_MS + 3 * HOUR)}
        moved = good(await ann.client.request(method, f"{LATER}/{kept['id']}", json=body))
        assert (moved["id"], moved["params"]) == (kept["id"], kept["params"])
        assert moved["scheduled_at"] > kept["scheduled_at"]
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await shown(ann) == []
    town.rostra.clock.advance(2 * HOUR)
    await town.rostra.work()
    assert len(await shown(ann)) == 1


async def test_it_is_cancelled(town: Town) -> None:
    ann = await town.member("ann")
    kept = await plan(ann)
    assert good(await ann.client.delete(f"{LATER}/{kept['id']}")) == {}
    good(await ann.client.delete(f"{LATER}/{kept['id']}"), 404)
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await shown(ann) == []
    assert await town.count(scheduled_posts) == 0


async def test_it_is_published_once_however_often_the_job_runs(town: Town) -> None:
    ann = await town.member("ann")
    kept = await plan(ann)
    town.rostra.clock.advance(HOUR)
    job = PublishScheduled(int(kept["id"]), START_MS + HOUR)
    await asyncio.gather(*(publish_scheduled(town.services, job) for _ in range(4)))
    await town.rostra.work()
    assert len(await shown(ann)) == 1


async def test_one_key_schedules_once(town: Town) -> None:
    ann = await town.member("ann")
    headers = {"idempotency-key": "k"}
    body = {"status": "Later.", "scheduled_at": at(START_MS + HOUR)}
    first, second = [good(await ann.client.post(POSTS, json=body, headers=headers)) for _ in "ab"]
    assert first == second
    good(await ann.client.delete(f"{LATER}/{first['id']}"))
    third = good(await ann.client.post(POSTS, json=body, headers=headers))
    assert third["id"] != first["id"]


async def _picture(town: Town, owner: Member) -> str:
    return str((await town.picture(owner, bytes(photo(32, 24).pngsave_buffer())))["id"])


async def test_pictures_wait_with_the_post(town: Town) -> None:
    ann = await town.member("ann")
    pictures = [await _picture(town, ann) for _ in range(2)]
    kept = await plan(ann, START_MS + 3 * DAY, media_ids=pictures[::-1])
    assert ids_of(kept["media_attachments"]) == pictures[::-1]
    # They are neither for another post, nor to be deleted alone, nor forgotten.
    taken = {"status": "now", "media_ids": pictures[:1]}
    good(await ann.client.post(POSTS, json=taken), 422)
    await plan(ann, START_MS + DAY, 422, media_ids=pictures[:1])
    assert (await ann.client.delete(f"/api/v1/media/{pictures[0]}")).status_code in {404, 422}
    town.rostra.clock.advance(2 * DAY)
    await remove_orphans(town.services, RemoveOrphans())
    town.rostra.clock.advance(DAY)
    await town.rostra.work()
    [post] = await shown(ann)
    assert ids_of(post["media_attachments"]) == pictures[::-1]
    assert (await town.anybody.get(post["media_attachments"][0]["url"])).status_code == 200


async def test_pictures_of_a_cancelled_post_are_free_for_a_day(town: Town) -> None:
    ann = await town.member("ann")
    picture = await _picture(town, ann)
    kept = await plan(ann, START_MS + 3 * DAY, media_ids=[picture])
    town.rostra.clock.advance(2 * DAY)
    good(await ann.client.delete(f"{LATER}/{kept['id']}"))
    await remove_orphans(town.services, RemoveOrphans())
    good(await ann.client.post(POSTS, json={"status": "now", "media_ids": [picture]}))
    again = await plan(ann, START_MS + 4 * DAY, media_ids=[await _picture(town, ann)])
    good(await ann.client.delete(f"{LATER}/{again['id']}"))
    town.rostra.clock.advance(DAY + HOUR)
    await remove_orphans(town.services, RemoveOrphans())
    assert await town.count(media) == 1


async def test_a_poll_begins_when_it_is_published(town: Town) -> None:
    ann = await town.member("ann")
    kept = await plan(ann, poll={"options": ["a", "b"], "expires_in": 600, "multiple": True})
    assert kept["params"]["poll"] == {
        "options": ["a", "b"],
        "expires_in": 600,
        "multiple": True,
        "hide_totals": False,
    }
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    [post] = await shown(ann)
    assert post["poll"]["expires_at"] == at(START_MS + HOUR + 10 * MINUTE).replace("Z", ".000Z")


async def test_the_author_is_told_why_it_failed(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(bob, "a question")
    kept = await plan(ann, START_MS + HOUR, in_reply_to_id=first)
    assert kept["failure"] is None
    good(await bob.client.delete(f"{POSTS}/{first}"))
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await shown(ann) == []
    [failed] = good(await ann.client.get(LATER))
    assert failed["failure"] == "What it refers to is no longer there"
    letters = town.rostra.mailer.sent  # type: ignore[attr-defined] # the mailer of tests keeps them
    assert [letter.to for letter in letters] == ["ann@members.example"]
    assert "/scheduled" in letters[0].text
    # It can be tried again, and cancelled.
    body = {"scheduled_at": at(START_MS + 2 * HOUR)}
    moved = good(await ann.client.put(f"{LATER}/{kept['id']}", json=body))
    assert moved["failure"] is None
    good(await ann.client.delete(f"{LATER}/{kept['id']}"))


async def test_nothing_is_published_for_an_account_that_is_gone(town: Town) -> None:
    ann = await town.member("ann")
    await plan(ann, media_ids=[await _picture(town, ann)])
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id, keep_name=False)
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await town.count(scheduled_posts) == await town.count(media) == 0
    assert await town.count(posts) == 0


async def test_a_post_is_moved_within_a_full_day(town: Town) -> None:
    ann = await town.member("ann")
    kept = await plan(ann, START_MS + DAY)
    full = [{"id": n, "account_id": ann.id, "due_at": START_MS + DAY} for n in range(1, 25)]
    await town.rows(scheduled_posts, full)
    await plan(ann, START_MS + DAY, 422)
    later = {"scheduled_at": at(START_MS + DAY + MINUTE)}
    moved = good(await ann.client.put(f"{LATER}/{kept['id']}", json=later))
    assert moved["scheduled_at"] == later["scheduled_at"].replace("Z", ".000Z")


@pytest.mark.postgresql
async def test_a_key_that_is_sent_again_names_what_became_of_it(town: Town) -> None:
    ann = await town.member("ann")
    waits = {"status": "Later.", "scheduled_at": at(START_MS + 10 * MINUTE)}
    key = {"Idempotency-Key": "one"}

    async def sent(**body: Any) -> Any:
        return good(await ann.client.post(POSTS, json=body, headers=key))

    kept = await sent(**waits)
    assert await sent(**waits) == await sent(status="At once.") == kept
    town.rostra.clock.advance(10 * MINUTE)
    await town.rostra.work()
    [post] = await shown(ann)
    later = {**waits, "scheduled_at": at(START_MS + HOUR)}
    assert (await sent(**later))["id"] == (await sent(status="Again."))["id"] == post["id"]
    assert await town.count(posts) == 1
    assert await town.count(scheduled_posts) == 0
