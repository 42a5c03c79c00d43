"""What the lifeboat answers: pages, pictures, and why it can't do what only the network can."""

from pathlib import Path

import msgspec
from tests.harness.crowd import good
from tests.harness.limits import limit_accounts
from tests.hosting.lifeboat.afloat import Afloat, afloat
from tests.pictures import photo

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.lifeboat import notices
from rostra.hosting.lifeboat.model import piece_key
from rostra.hosting.lifeboat.notices import Notice
from rostra.http.response import Response
from rostra.kernel import ed25519
from rostra.kernel.clock import SECOND
from rostra.web.lifeboat.answers import Answers, Asked

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


async def _ask(boat: Afloat, path: str, method: str = "GET", **more: str) -> Response:
    host = more.pop("host", boat.berth.base_url.partition("://")[2])
    answers = Answers(boat.berth, boat.watch, boat.book)
    return await answers.answer(Asked(method=method, path=path, host=host, **more))


def _header(response: Response, name: str) -> str:
    return next((value.decode() for key, value in response.headers if key.decode() == name), "")


async def _dead(boat: Afloat) -> None:
    """All is told, and then the host leaves no sign any more."""
    await boat.told()
    boat.rostra.clock.advance(60 * SECOND)
    await boat.watch.look()


async def test_while_it_is_away_posts_are_read_at_their_own_addresses(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        picture = await boat.town.picture(alice, photo().jpegsave_buffer(), description="A lake.")
        post = await boat.town.post(alice, "Hello, everybody.", media_ids=[picture["id"]])
        secret = await boat.town.post(alice, "For followers.", visibility="private")
        await _dead(boat)
        status = await _ask(boat, "/")
        assert status.status == 200
        assert b"is away" in status.body
        assert _header(status, "cache-control") == "no-store"
        for path in (f"/@alice/{post}", f"/@ALICE/{post}", f"/users/alice/statuses/{post}"):
            page = await _ask(boat, path)
            assert page.status == 200, path
            assert b"Hello, everybody." in page.body
            assert b"is away at the moment" in page.body
        assert f'rel="canonical" href="{boat.berth.base_url}/@alice/{post}"'.encode() in page.body
        assert b'alt="A lake."' in page.body
        address = page.body.split(b'src="/lifeboat/media/')[1].split(b'"')[0].decode()
        shown = await _ask(boat, f"/lifeboat/media/{address}")
        assert shown.status == 200
        assert _header(shown, "content-type").startswith("image/")
        stray = address.partition("/")[2]
        for name in ("bob", "nobody"):  # who does not show it
            assert (await _ask(boat, f"/lifeboat/media/{name}/{stray}")).status == 404
        assert (await _ask(boat, f"/lifeboat/media/{stray}")).status in {404, 503}
        profile = await _ask(boat, "/@alice")
        assert b"Hello, everybody." in profile.body
        assert b"For followers." not in profile.body
        hidden = await _ask(boat, f"/@alice/{secret}")
        never = await _ask(boat, "/@alice/1234567890123456789")
        assert (hidden.status, hidden.body) == (404, never.body)
        assert (await _ask(boat, "/@nobody")).body == never.body


async def test_what_only_the_network_can_do_is_a_503_that_says_why(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.town.member("alice")
        await _dead(boat)
        for path, method in (("/api/v1/timelines/home", "GET"), ("/oauth/token", "POST")):
            answer = await _ask(boat, path, method)
            assert answer.status == 503
            assert "is away at the moment" in msgspec.json.decode(answer.body)["error"]
            assert int(_header(answer, "retry-after")) > 0
        for path, method in (("/home", "GET"), ("/@alice", "POST"), ("/search", "GET")):
            answer = await _ask(boat, path, method)
            assert answer.status == 503
            assert _header(answer, "content-type").startswith("text/plain")
            assert b"is away at the moment" in answer.body
        answer = await _ask(boat, "/@alice", accept="application/activity+json")
        assert answer.status == 503
        for path in ("/@al%0d%0aice", "/@alice/%00", "//evil.example", "/@../../etc", "/%ff"):
            assert (await _ask(boat, path)).status in {404, 503}, path


async def test_what_has_not_changed_is_not_sent_again(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.town.member("alice")
        await _dead(boat)
        first = await _ask(boat, "/@alice")
        tag = _header(first, "etag")
        boat.rostra.clock.advance(86_400 * SECOND)
        await boat.watch.look()
        again = await _ask(boat, "/@alice", etag=f'W/{tag}, "other"')
        assert (again.status, again.body) == (304, b"")
        assert (await _ask(boat, "/@alice", "HEAD")).status == 200


async def test_while_it_is_here_its_own_pages_are_better(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await boat.town.member("alice")
        await boat.told()
        await boat.watch.look()
        assert b"is here" in (await _ask(boat, "/")).body
        answer = await _ask(boat, "/@alice", host="status.example")
        assert answer.status == 307
        assert _header(answer, "location") == f"{boat.berth.base_url}/@alice"
        # Names lead here already, or still.
        assert (await _ask(boat, "/@alice")).status == 200


async def test_nothing_that_anybody_wrote_becomes_markup(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        changes = {
            "display_name": HOSTILE[:30],
            "note": HOSTILE,
            "fields_attributes[0][name]": HOSTILE,
            "fields_attributes[0][value]": HOSTILE,
        }
        url = "/api/v1/accounts/update_credentials"
        good(await alice.client.patch(url, data=changes))
        picture = await boat.town.picture(alice, photo().jpegsave_buffer(), description=HOSTILE)
        post = await boat.town.post(
            alice, HOSTILE, spoiler_text=HOSTILE, media_ids=[picture["id"]], language="en"
        )
        asking = {"options": [HOSTILE[:50], "No"], "expires_in": 600}
        await boat.town.post(alice, "What?", poll=asking)
        own = ark_keys.kept(data_dir).signing_key
        told = Notice(at=1, text=HOSTILE, key=ed25519.public_of(own).hex())
        await notices.store(boat.stores, told, own)
        await _dead(boat)
        for path in ("/", "/@alice", f"/@alice/{post}"):
            page = await _ask(boat, path)
            assert page.status == 200
            assert b"<script" not in page.body, path
            assert b"<img src=x" not in page.body, path
            assert "script-src" not in (policy := _header(page, "content-security-policy"))
            assert policy.startswith("default-src 'none'")
            assert "frame-ancestors 'none'" in policy


async def test_older_posts_are_a_page_away(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        posts = [await boat.town.post(alice, f"Post number {n:02}.") for n in range(25)]
        await _dead(boat)
        first = await _ask(boat, "/@alice")
        assert (b"number 24." in first.body, b"number 04." in first.body) == (True, False)
        older = f"/@alice/before/{posts[5]}"
        assert older.encode() in first.body
        second = await _ask(boat, older)
        assert (b"number 04." in second.body, b"number 05." in second.body) == (True, False)
        assert b'content="noindex' in second.body


async def test_a_picture_of_a_deleted_post_is_not_shown_though_a_place_still_has_it(
    data_dir: Path,
) -> None:
    async with afloat(data_dir) as boat:
        alice = await boat.town.member("alice")
        picture = await boat.town.picture(alice, photo().jpegsave_buffer())
        gone = await boat.town.post(alice, "Gone.", media_ids=[picture["id"]])
        await _dead(boat)
        (shown,) = (await boat.posts("alice"))[0].pictures
        content = await boat.stores[0].read(piece_key(shown.piece))
        assert content is not None
        path = f"/lifeboat/media/alice/{shown.piece}"
        assert (await _ask(boat, path)).status == 200
        good(await alice.client.delete(f"/api/v1/statuses/{gone}"))
        await _dead(boat)
        await boat.stores[0].put(piece_key(shown.piece), content.content)
        assert (await _ask(boat, path)).status == 404


async def test_programs_are_told_how_it_stands(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        await _dead(boat)
        told = msgspec.json.decode((await _ask(boat, "/lifeboat/status.json")).body)
        assert told["state"] == "away"
        assert told["last_sign_at"] == boat.rostra.clock.now() - 60 * SECOND
        assert told["notices"] == []


async def test_other_posts_are_named_as_long_as_they_can_be_read(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        alice, bob = await boat.town.members("alice", "bob")
        first = await boat.town.post(bob, "First.")
        for fields in ({"quoted_status_id": first}, {"in_reply_to_id": first}):
            await boat.town.post(alice, "Look.", **fields)
        await _dead(boat)
        assert (await _ask(boat, "/@alice")).body.count(f"/@bob/{first}".encode()) == 2
        await limit_accounts(boat.town, bob.id, suspended=True)
        await _dead(boat)
        page = await _ask(boat, "/@alice")
        assert page.body.count(b"Look.") >= 2
        assert b"bob" not in page.body
