"""What was reported is kept as it was seen, opened with a reason, and gone when its time comes."""

import hashlib
from datetime import datetime
from typing import Any

from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.pictures import photo
from tests.safety.moderating import decide, queue, report, ruling
from tests.safety.test_appeals import answered, object_to

from rostra.kernel.clock import DAY, MINUTE
from rostra.network.accounts.removal import remove_account
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.decisions.model import ActionKind
from rostra.safety.evidence import holds, keep
from rostra.safety.reports.events import Reported
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.appoint import set_duties
from rostra.safety.team.model import Duty

HOLDS = "/api/rostra/v1/safety/evidence"
WHY: dict[str, Any] = {"why": "The appeal speaks of a picture"}


async def _picture(owner: Asker, width: int = 64) -> Any:
    files = {"file": ("p.png", bytes(photo(width, 48).pngsave_buffer()), "image/png")}
    return await owner.ask("POST", "/api/v2/media", files=files, data={"description": "a boat"})


async def _file(place: Place, url: str) -> bytes | None:
    answer = await place.nobody.client.get(url.partition("8420")[2])
    assert answer.status_code in {200, 404}
    return answer.content if answer.status_code == 200 else None


async def _blobs(place: Place) -> set[str]:
    return {each.key async for each in place.services.blobs.list()}


async def _open(mod: Asker, hold: dict[str, Any]) -> Any:
    return await mod.do(f"{HOLDS}/{hold['id']}/open", **WHY)


async def _of_post(mod: Asker, post: dict[str, Any]) -> Any:
    return await mod.get(HOLDS, params={"subject_type": "post", "subject_id": post["id"]})


async def _later(place: Place, ms: int) -> None:
    """Let time pass, and what is due end."""
    place.clock.advance(ms)
    async with place.db.write() as tx:
        await holds.end_due(place.services, tx, holds.EndDue())
    await place.app.work()


async def test_a_post_is_kept_as_it_was_seen(place: Place) -> None:
    ann, bob, cem = await place.members("ann", "bob", "cem")
    mod, other = [await staff(place, name) for name in ("mod", "other")]
    asked = await cem.post("Who is a fool?")
    quoted = await cem.post("I like boats")
    picture = await _picture(bob)
    post = await bob.post(
        "You are, @cem",
        spoiler_text="Rude",
        language="en",
        in_reply_to_id=asked["id"],
        quoted_status_id=quoted["id"],
        media_ids=[picture["id"]],
    )
    seen = await _file(place, picture["url"])
    assert seen
    await report(ann, bob, post["id"], category="violation")
    await report(cem, bob, post["id"], category="violation")
    await bob.edit(post["id"], "Harmless now")
    await report(ann, bob, post["id"], category="violation")
    await bob.delete(post["id"])
    await cem.delete(asked["id"])
    await place.app.work()
    assert await _file(place, picture["url"]) is None
    after, before = await _of_post(mod, post)
    assert await mod.get(HOLDS, params={"account_id": bob.account_id}) == [after, before]
    assert (await _open(mod, after))["text"] == "Harmless now"
    kept = await _open(mod, before)
    assert kept["hold"]["fingerprint"] == before["fingerprint"] != after["fingerprint"]
    told = [kept[name] for name in ("acct", "text", "spoiler_text", "language", "visibility")]
    assert told == ["bob", "You are, @cem", "Rude", "en", "public"]
    assert kept["in_reply_to"]["text"] == "Who is a fool?"
    assert kept["thread_id"] == asked["id"]
    assert (kept["quoted"]["acct"], kept["quoted"]["text"]) == ("cem", "I like boats")
    (file,) = kept["files"]
    assert (file["type"], file["description"]) == ("image", "a boat")
    assert file["media_id"] == picture["id"]
    assert file["sha256"] == hashlib.sha256(seen).hexdigest()
    assert file["size"] == len(seen)
    at = f"{HOLDS}/{before['id']}/files/1"
    assert (await mod.client.get(at)).content == seen
    # Whoever has not said why, or not lately, gets nothing.
    await other.get(at, 404)
    await mod.get(at.replace("/1", "/2"), 404)
    place.clock.advance(31 * MINUTE)
    await mod.get(at, 404)


async def test_polls_private_parents_and_profiles(place: Place) -> None:
    ann, bob, cem = await place.members("ann", "bob", "cem")
    mod = await staff(place, "mod")
    secret = await cem.post("Between us, @bob", visibility="direct")
    answer = await bob.post(
        "@ann @cem vote",
        in_reply_to_id=secret["id"],
        poll={"options": ["x", "y"], "expires_in": 600},
    )
    await report(ann, bob, answer["id"])
    avatar = bytes(photo(64, 64).pngsave_buffer())
    await bob.client.patch(
        "/api/v1/accounts/update_credentials",
        data={"display_name": "Bobby", "note": "Buy here", "fields_attributes[0][name]": "Shop",
              "fields_attributes[0][value]": "example.org"},
        files={"avatar": ("a.png", avatar, "image/png")},
    )  # fmt: skip
    url = (await ann.get(f"/api/v1/accounts/{bob.account_id}"))["avatar"]
    shown = await _file(place, url)
    await report(ann, bob)
    await bob.change(display_name="Robert", note="")
    async with place.db.write() as tx:
        await remove_account(place.services, tx, bob.account_id)
    await place.app.work()
    assert await _file(place, url) is None
    profile, post = await mod.get(HOLDS)
    kept = await _open(mod, post)
    assert kept["poll_options"] == ["x", "y"]
    assert kept["in_reply_to"] is None  # which ann could not see
    kept = await _open(mod, profile)
    assert profile["subject_type"] == "account"
    assert (kept["display_name"], kept["text"]) == ("Bobby", "Buy here")
    assert kept["fields"] == [{"name": "Shop", "value": "example.org"}]
    assert [each["type"] for each in kept["files"]] == ["avatar"]
    assert (await mod.client.get(f"{HOLDS}/{profile['id']}/files/1")).content == shown
    await _later(place, 91 * DAY)
    assert len(await mod.get(HOLDS)) == 2  # its cases are open
    for case in await queue(place):
        await decide(place, [case.id], ruling(ActionKind.NONE, facts=""))
    await _later(place, 15 * DAY)
    assert await mod.get(HOLDS) == []
    assert await _blobs(place) == set()


async def test_who_opens_it_is_written_down_and_who_may_do_what(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    mod, admin = await staff(place, "mod"), await staff(place, "boss", Role.ADMIN)
    await report(ann, bob, (await bob.post("one"))["id"])
    (hold,) = await admin.get(HOLDS)
    at = f"{HOLDS}/{hold['id']}"
    for why, code in (("  ", "ERR_BLANK"), ("x" * 501, "ERR_TOO_LONG")):
        answer = await mod.do(f"{at}/open", 422, why=why)
        assert answer["details"]["why"][0]["error"] == code
    for days in (None, 0, 3651):
        assert "days" in (await mod.do(f"{at}/extend", 422, days=days, **WHY))["details"]
    await mod.do(f"{at}/open", **WHY)
    longer = await mod.do(f"{at}/extend", days=400, why="Police order 12/26")
    assert longer["hold_until"] == longer["ordered_until"] > hold["hold_until"]
    await mod.do(f"{at}/extend", days=1, why="A mistake")
    assert await mod.get(at) == longer
    await mod.get(f"{at}/log", 403)
    await mod.get(f"{HOLDS}/log", 403)
    await mod.do(f"{at}/release", 403, **WHY)
    entries = await admin.get(f"{at}/log")
    assert [(each["kind"], each["actor_id"], each["why"]) for each in entries] == [
        ("extended", str(mod.account_id), "A mistake"),
        ("extended", str(mod.account_id), "Police order 12/26"),
        ("opened", str(mod.account_id), WHY["why"]),
    ]
    for given, field in (
        ({"subject_type": "boat"}, "subject_type"),
        ({"subject_type": "post"}, "subject_id"),
    ):
        assert field in (await mod.get(HOLDS, 422, params=given))["details"]


async def test_an_auditor_reads_the_log_and_an_admin_ends_a_hold(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    mod, admin = await staff(place, "mod"), await staff(place, "boss", Role.ADMIN)
    auditor = await staff(place, "audit", Role.MEMBER)
    async with place.db.write() as tx:
        await set_duties(tx, auditor.account_id, Duty.AUDITOR | Duty.REVIEWER, [Category.SPAM])
    post, spam = await bob.post("one"), await bob.post("two")
    await report(ann, bob, post["id"])
    await report(ann, bob, spam["id"], category="spam")
    of_spam, hold = await admin.get(HOLDS)
    at = f"{HOLDS}/{hold['id']}"
    longer = await mod.do(f"{at}/extend", days=400, why="Police order 12/26")
    # An auditor with some categories: those alone, no content.
    assert await auditor.get(HOLDS) == [of_spam]
    assert await auditor.get(f"{HOLDS}/{of_spam['id']}/log") == []
    assert await auditor.get(f"{HOLDS}/log") == []
    await auditor.get(at, 404)
    await auditor.get(f"{at}/log", 404)
    await auditor.do(f"{HOLDS}/{of_spam['id']}/open", 403, **WHY)
    # It ends before its time only where nothing is open about it.
    await admin.do(f"{at}/release", 409, **WHY)
    cases = await queue(place)
    await decide(place, [case.id for case in cases], ruling(ActionKind.NONE, facts=""))
    assert (await admin.get(at))["hold_until"] == longer["hold_until"]
    gone = await admin.do(f"{at}/release", why="The victim asks for it")
    assert (gone["fingerprint"], gone["ordered_until"]) == (None, longer["ordered_until"])
    assert gone["gone_at"] == gone["hold_until"]
    await mod.do(f"{at}/open", 404, **WHY)
    assert [each["id"] for each in await admin.get(HOLDS)] == [of_spam["id"]]
    assert len(await admin.get(HOLDS, params={"gone": "true"})) == 2
    (last, *_) = await admin.get(f"{HOLDS}/log")
    assert (last["kind"], last["evidence_id"]) == ("released", hold["id"])


async def _until(mod: Asker, post: dict[str, Any]) -> int:
    """Days from when it was taken to when it goes."""
    (hold,) = await _of_post(mod, post)
    return (_ms(hold["hold_until"]) - _ms(hold["taken_at"])) // DAY


def _ms(iso: str) -> int:
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


async def test_how_long_it_is_kept(place: Place) -> None:
    ann, bob, cem = await place.members("ann", "bob", "cem")
    mod = await staff(place, "mod")
    harms = ("spam", "terrorism", "child_abuse", "hate")
    posts = {harm: await bob.post(f"about {harm}") for harm in harms}
    pictures = [await _picture(bob, 60 + at) for at in range(2)]
    stays, goes = [await bob.post("look", media_ids=[each["id"]]) for each in pictures]
    for harm, post in posts.items():
        await report(ann, bob, post["id"], harm=harm)
    await report(ann, bob, stays["id"], goes["id"], category="spam")
    assert [await _until(mod, post) for post in posts.values()] == [90, 183, 365, 90]
    await report(cem, bob, posts["spam"]["id"], harm="child_abuse")
    assert await _until(mod, posts["spam"]) == 365
    cases = {case.subject_id: case.id for case in await queue(place)}
    hate = cases[int(posts["hate"]["id"])]
    await decide(place, [hate], ruling(ActionKind.REMOVE, category=Category.HATE))
    assert await _until(mod, posts["hate"]) == 183
    founded = cases[int(posts["terrorism"]["id"])]
    await decide(place, [founded], ruling(ActionKind.REMOVE, category=Category.CHILD_ABUSE))
    assert await _until(mod, posts["terrorism"]) == 365
    nothing = [cases[int(post["id"])] for post in (stays, goes, posts["child_abuse"])]
    await decide(place, nothing, ruling(ActionKind.NONE, facts=""))
    assert await _until(mod, goes) == 14
    await bob.ask("DELETE", f"/api/v1/statuses/{goes['id']}", params={"delete_media": "true"})
    await place.app.work()
    assert [await _file(place, each["url"]) is None for each in pictures] == [False, True]
    assert len(await _blobs(place)) == 4
    await _later(place, 13 * DAY)
    assert len(await mod.get(HOLDS)) == 6
    await _later(place, 2 * DAY)
    assert len(await mod.get(HOLDS)) == 3
    # What is still shown is not deleted with the hold.
    assert await _file(place, pictures[0]["url"])
    assert len(await _blobs(place)) == 2
    # An appeal that is open keeps it, and so does a case.
    await place.app.work()
    made = await object_to(place, bob)
    await _later(place, 400 * DAY)
    assert len(await mod.get(HOLDS)) == 2
    await answered(place, made.id, uphold=False)
    await _later(place, DAY)
    (left,) = await mod.get(HOLDS)
    assert left["subject_id"] == posts["spam"]["id"]
    # What is reported again after its end is kept again.
    await report(ann, bob, stays["id"])
    assert len(await mod.get(HOLDS)) == 2


async def test_files_outlive_a_withheld_post_and_a_new_draft(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    mod = await staff(place, "mod")
    pictures = [await _picture(bob, 60 + at) for at in range(2)]
    held, redrafted = [await bob.post("look", media_ids=[each["id"]]) for each in pictures]
    seen = [await _file(place, each["url"]) for each in pictures]
    await report(ann, bob, held["id"], redrafted["id"])
    await place.app.work()
    cases = {case.subject_id: case.id for case in await queue(place)}
    await decide(place, [cases[int(held["id"])]], ruling(ActionKind.HOLD))
    await place.app.work()
    await bob.ask("DELETE", f"/api/v1/statuses/{held['id']}", params={"delete_media": "true"})
    again = await bob.delete(redrafted["id"])
    await place.app.work()
    urls = [each["url"] for each in (*pictures, *again["media_attachments"])]
    assert [bool(await _file(place, url)) for url in urls] == [False, False, True]
    for post, content in zip((held, redrafted), seen, strict=True):
        (hold,) = await _of_post(mod, post)
        await _open(mod, hold)
        assert (await mod.client.get(f"{HOLDS}/{hold['id']}/files/1")).content == content


async def test_many_posts_cost_as_many_statements_as_two(place: Place) -> None:
    ann, bob = await place.members("ann", "bob")
    asked, quoted = await ann.post("Who?"), await ann.post("Boats")

    async def statements(count: int) -> int:
        subjects = []
        for number in range(count):
            more: dict[str, Any] = {"media_ids": [(await _picture(bob))["id"]]}
            more |= {"in_reply_to_id": asked["id"], "quoted_status_id": quoted["id"]}
            asks = {"poll": {"options": ["x", "y"], "expires_in": 600}}
            post = await bob.post("look", **(more if number % 2 else asks))
            kept = (
                {name: more[name] for name in more if name == "media_ids"} if number % 2 else asks
            )
            body = {"status": f"look {number}", **kept}
            await bob.ask("PUT", f"/api/v1/statuses/{post['id']}", json=body)
            subjects.append(Subject(SubjectKind.POST, int(post["id"])))
        await place.app.work()
        async with place.db.write() as tx:
            with place.app.counted() as counted:
                for _ in range(2):  # the second time all is kept already
                    await keep.reported(
                        place.services,
                        tx,
                        Reported(
                            report_id=1,
                            source=0,
                            reporter_id=ann.account_id,
                            target_account_id=bob.account_id,
                            category=Category.SPAM,
                            weight=0,
                            subjects=tuple(subjects),
                            deadline_at=0,
                        ),
                    )
        assert len(await mod.get(HOLDS, params={"limit": 200})) >= count
        return counted.statements

    mod = await staff(place, "mod")
    assert await statements(8) == await statements(2) == 21
