"""Law 3 for quotes: a post that quotes shows nobody what they may not see, on any surface."""

import io
import json
import zipfile
from contextlib import AsyncExitStack
from typing import Any

import pytest
from tests.harness.app import InProcess
from tests.harness.crowd import Town, good
from tests.harness.streams import Harbour, Socket
from tests.law.surfaces import Cast, everything, where
from tests.law.test_archives import made

URL = "/api/v1/statuses"
WORDS = {"name": "quoter", "tag": "quoting", "word": "look"}
STATES = {
    "anonymous": "accepted",
    "stranger": "accepted",
    "blocked": "unauthorized",
    "blocking": "blocked_account",
    "muting": "muted_account",
    "quoter": "accepted",
    "author": "accepted",
}
NAMED = ("author", "quoter", "stranger", "blocked", "blocking", "muting")


class Scene(Cast):
    """An author, somebody who quotes them in public, and everybody who looks at that."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.quoted = self.quoting = ""

    async def play(self) -> "Scene":
        """Let it happen."""
        town = self.town
        for name in NAMED:
            self.viewers[name] = await town.member(name)
            if name not in {"author", "quoter"}:
                await town.follow(self[name], self["quoter"])
        poll = {"options": ["needle tea", "coffee"], "expires_in": 600}
        self.quoted = await town.post(self["author"], "needle", poll=poll)
        await town.block(self["author"], self["blocked"])
        await town.block(self["blocking"], self["author"])
        await town.mute(self["muting"], self["author"])
        await self.quote()
        return self

    async def quote(self) -> None:
        """Quote it (again)."""
        quoting = {"quoted_status_id": self.quoted}
        self.quoting = await self.town.post(self["quoter"], "look #quoting", **quoting)

    async def states(self) -> dict[str, str]:
        """What the quote is to everybody."""
        shown = {
            name: good(await self.client(name).get(f"{URL}/{self.quoting}"))["quote"]
            for name in self.viewers
        }
        for name, quote in shown.items():
            inner = quote["quoted_status"]
            assert (quote["state"] == "accepted") == (inner is not None), name
            assert inner is None or inner["id"] == self.quoted
        return {name: quote["state"] for name, quote in shown.items()}


async def test_no_surface_shows_what_is_quoted_to_those_who_may_not_see_it(town: Town) -> None:
    scene = await Scene(town).play()
    assert await scene.states() == STATES
    ids = [scene.quoted, scene.quoting, *(str(scene[name].id) for name in ("author", "quoter"))]
    for name, viewer in scene.viewers.items():
        found = await everything(town, viewer, ids, WORDS)
        lists = [f"{URL}/{scene.quoting}", "/api/v1/timelines/public", f"/@quoter/{scene.quoting}"]
        lists += ["/api/v1/timelines/tag/quoting"]
        lists += [] if name in {"anonymous", "author"} else ["/api/v1/timelines/home"]
        if name == "blocked":
            assert where(found, "needle") == []
            assert where(found, scene.quoted) == []
        for path in lists:
            assert "#" in found[path], (name, path)
            shown = "needle" in found[path]
            may = STATES[name] == "accepted"
            alone = path.startswith("/api/v1/timelines/public")  # it stands there by itself too
            assert shown == may or (alone and name == "blocking"), (name, path)


async def test_what_few_may_see_is_no_more_told_by_a_quote(town: Town) -> None:
    """Its author quotes it for somebody whom they mention, and who does not follow them."""
    author, follower, named = await town.members("author", "follower", "named")
    await town.follow(follower, author)
    private = await town.post(author, "needle", visibility="private")
    quoting = {"quoted_status_id": private, "visibility": "private"}
    post = await town.post(author, "look @named #quoting", **quoting)
    told = good(await named.client.get(f"{URL}/{post}"))["quote"]
    assert told == {"state": "unauthorized", "quoted_status": None}
    ids = [post, private, str(author.id)]
    found = await everything(town, named, ids, {**WORDS, "name": "author"})
    assert where(found, "needle") == where(found, private) == []
    seen = good(await follower.client.get(f"{URL}/{post}"))["quote"]
    assert seen["quoted_status"]["id"] == private
    await town.unfollow(follower, author)
    good(await follower.client.get(f"{URL}/{post}"), 404)
    for name in (named, follower):
        good(await name.client.get(f"{URL}/{private}/quotes"), 404)


async def test_a_state_that_changes_shows_at_once(town: Town) -> None:
    """Though the post that quotes stays as it is, and has been shown before."""
    scene = await Scene(town).play()
    stranger, author = scene["stranger"], scene["author"]
    for _ in range(2):
        assert (await scene.states())["stranger"] == "accepted"
        await town.mute(stranger, author)
        assert (await scene.states())["stranger"] == "muted_account"
        good(await stranger.client.post(f"/api/v1/accounts/{author.id}/unmute"))
        await town.block(author, stranger)
        assert (await scene.states())["stranger"] == "unauthorized"
        good(await author.client.post(f"/api/v1/accounts/{stranger.id}/unblock"))
    good(await author.client.post(f"{URL}/{scene.quoted}/quotes/{scene.quoting}/revoke"))
    assert set((await scene.states()).values()) == {"revoked"}
    await scene.quote()
    assert await scene.states() == STATES
    good(await author.client.delete(f"{URL}/{scene.quoted}"))
    assert set((await scene.states()).values()) == {"deleted"}


@pytest.mark.parametrize("end", ["revoke", "delete"])
async def test_nobody_sees_what_was_taken_back(town: Town, end: str) -> None:
    scene = await Scene(town).play()
    author = scene["author"]
    if end == "revoke":
        good(await author.client.post(f"{URL}/{scene.quoted}/quotes/{scene.quoting}/revoke"))
    else:
        good(await author.client.delete(f"{URL}/{scene.quoted}"))
    ids = [scene.quoting, str(scene["quoter"].id)]
    for viewer in (scene["quoter"], scene["stranger"]):
        found = await everything(town, viewer, ids, WORDS)
        showing = {path for path in where(found, "needle") if "quoter" in path or path in ids}
        assert showing == set()
        assert "needle" not in found[f"{URL}/{scene.quoting}"]
        assert scene.quoted not in found[f"{URL}/{scene.quoting}"]
        assert "needle" not in found[f"/@quoter/{scene.quoting}"]


async def test_streams_show_each_what_the_api_shows(town: Town, rostra: InProcess) -> None:
    harbour = await Harbour.of(rostra)
    scene = await Scene(town).play()
    third = await town.member("third")
    for name in NAMED:
        await town.follow(scene[name], third)
    await town.act(scene["stranger"], "favourite", scene.quoted)
    poll = f"/api/v1/polls/{scene.quoted}/votes"
    good(await scene["quoter"].client.post(poll, json={"choices": [1]}))
    async with AsyncExitStack() as stack:
        sockets: dict[str, Socket] = {}
        for name in NAMED:
            token = scene[name].token
            socket = await stack.enter_async_context(harbour.socket(token, stream="user"))
            await socket.settled()
            sockets[name] = socket

        async def heard(post_id: str, event: str) -> None:
            for name, socket in sockets.items():
                events = [each for each in await socket.quiet() if each["event"] == event]
                if name == "author" and post_id == scene.quoting:  # follows nobody who quotes
                    assert events == []
                    continue
                shown = good(await scene[name].client.get(f"{URL}/{post_id}"))
                assert [each["payload"] for each in events] == [shown], name

        await scene.quote()
        await heard(scene.quoting, "update")
        outer = await town.post(third, "look there", quoted_status_id=scene.quoting)
        await heard(outer, "update")
        reblog = await town.act(third, "reblog", scene.quoting)
        await heard(reblog["id"], "update")
        author = scene["author"].client
        good(await author.post(f"{URL}/{scene.quoted}/quotes/{scene.quoting}/revoke"))
        await heard(scene.quoting, "status.update")
        assert set((await scene.states()).values()) == {"revoked"}


async def test_an_archive_names_what_is_quoted_if_that_may_be_seen(town: Town) -> None:
    scene = await Scene(town).play()
    quoter, author = scene["quoter"], scene["author"]
    base = town.services.settings.site.base_url

    async def notes() -> list[Any]:
        archive = await made(town, quoter)
        assert isinstance(archive, zipfile.ZipFile)
        text = io.TextIOWrapper(archive.open("outbox.json"), "utf-8").read()
        assert "needle" not in text
        town.rostra.clock.advance(8 * 86_400_000)
        return [each["object"] for each in json.loads(text)["orderedItems"]]

    [note] = await notes()
    assert note["quote"] == f"{base}/users/author/statuses/{scene.quoted}"
    await town.block(author, quoter)
    [note] = await notes()
    assert note["quote"] is None
    good(await author.client.post(f"/api/v1/accounts/{quoter.id}/unblock"))
    good(await author.client.post(f"{URL}/{scene.quoted}/quotes/{scene.quoting}/revoke"))
    [note] = await notes()
    assert note["quote"] is None
    plain = await town.post(quoter, "plain")
    assert "quote" not in next(each for each in await notes() if each["id"].endswith(plain))
