"""Laws 3 and 6 for what waits for an approval, or was refused one, on every surface.

A waiting reply is for its author and for whoever is asked, a refused one for its author alone; a
waiting favourite or reblog is told to nobody but these.
"""

from contextlib import AsyncExitStack

import pytest
from tests.harness.app import InProcess
from tests.harness.asking import ASKING, REQUESTS, asking, decide, decide_all, waiting
from tests.harness.crowd import Town, good
from tests.harness.push_service import let_out, push_service
from tests.harness.streams import Harbour, Socket
from tests.law.surfaces import Cast, everything, told_apart, where
from tests.law.test_archives import everything_in, made
from tests.law.test_push import Phones

URL = "/api/v1/statuses"
NAMED = ("asked", "author", "stranger", "follower", "mentioned", "blocked", "moderator")
MAY_SEE = {"needlewaiting": {"author", "asked"}, "needlerefused": {"author"}}
WORDS = {"name": "author", "tag": "held", "word": "coffee"}
STREAMS = ("user", "user:notification", "public", "public:local", "direct")


class Scene(Cast):
    """Somebody who wants to be asked, somebody who answers, and everybody who looks at that."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.post = ""
        self.replies: dict[str, str] = {}

    async def meet(self) -> "Scene":
        """Everybody is there, and the post to answer."""
        town = self.town
        for name in NAMED:
            self.viewers[name] = await town.member(name, role=int(name == "moderator"))
        for name in ("follower", "blocked", "asked"):
            await town.follow(self[name], self["author"])
        await town.follow(self["follower"], self["asked"])
        await town.block(self["author"], self["blocked"])
        self.post = await asking(town, self["asked"], "ask #held")
        return self

    async def answer(self, word: str) -> str:
        """A reply that waits."""
        text = f"{word} for @mentioned and @blocked #held https://example.org/{word}"
        poll = {"options": [f"{word} tea", "coffee"], "expires_in": 600}
        self.replies[word] = await self.town.post(
            self["author"], text, in_reply_to_id=self.post, poll=poll
        )
        return self.replies[word]

    async def play(self) -> "Scene":
        """One that is refused, and one that waits."""
        await self.meet()
        await self.answer("needlerefused")
        await decide_all(self["asked"], "reject")
        await self.answer("needlewaiting")
        await self.town.rostra.work()
        return self

    def hidden_from(self, name: str) -> dict[str, str]:
        """The replies that a viewer may not see."""
        return {word: self.replies[word] for word in MAY_SEE if name not in MAY_SEE[word]}


async def test_no_surface_shows_what_is_held(town: Town) -> None:
    scene = await Scene(town).play()
    ids = [*scene.replies.values(), scene.post, str(scene["author"].id), str(scene["asked"].id)]
    leaks = []
    for name, viewer in scene.viewers.items():
        found = await everything(town, viewer, ids, WORDS)
        for word, post_id in scene.hidden_from(name).items():
            leaks += [(name, path) for path in where(found, word)]
            leaks += [(name, path) for path in where(found, post_id)]
        for word in set(scene.replies) - set(scene.hidden_from(name)):
            assert word in found[f"{URL}/{scene.replies[word]}"], (name, word)
            assert word in found[f"{URL}/{scene.post}/context"], (name, word)
        counted = good(await scene.client(name).get(f"{URL}/{scene.post}"))
        assert counted["replies_count"] == 0
    assert leaks == []


async def test_what_is_held_answers_like_one_that_never_was(town: Town) -> None:
    scene = await Scene(town).play()
    for name in scene.viewers:
        hidden = scene.hidden_from(name).values()
        assert await told_apart(scene.client(name), hidden) == [], name


async def test_timelines_hold_nothing_that_is_held(town: Town) -> None:
    """Not even those of the two who may see it; homes that are built anew as well."""
    scene = await Scene(town).play()
    await town.act(scene["author"], "reblog", scene.post)
    await town.follow(scene["stranger"], scene["author"])
    await town.follow(scene["asked"], scene["author"])
    paths = ("home", "public", "tag/held", "direct")
    for name, viewer in scene.viewers.items():
        for path in paths if viewer else paths[1:3]:
            answer = await scene.client(name).get(f"/api/v1/timelines/{path}")
            assert "needle" not in answer.text, (name, path)
            assert "pending" not in answer.text, (name, path)
        if name != "author":
            of_author = await scene.client(name).get(
                f"/api/v1/accounts/{scene['author'].id}/statuses"
            )
            assert "needle" not in of_author.text, name
            assert scene.post not in of_author.text, name


async def test_a_waiting_favourite_or_reblog_is_told_to_nobody(town: Town) -> None:
    scene = await Scene(town).meet()
    author = scene["author"]
    reblog = (await town.act(author, "reblog", scene.post))["id"]
    await town.act(author, "favourite", scene.post)
    await town.rostra.work()
    requests = [each["id"] for each in await waiting(scene["asked"])]
    ids = [scene.post, str(scene["asked"].id), str(author.id), *requests]
    for name, viewer in scene.viewers.items():
        if name == "author":
            continue
        found = await everything(town, viewer, ids, {**WORDS, "name": "asked"})
        shown = good(await scene.client(name).get(f"{URL}/{scene.post}"))
        assert (shown["favourites_count"], shown["reblogs_count"]) == (0, 0), name
        assert where(found, reblog) == [], name
        for path in (f"{URL}/{scene.post}/favourited_by", f"{URL}/{scene.post}/reblogged_by"):
            assert found[path].endswith("[]"), (name, path)
        told = {path for each in requests for path in where(found, each)}
        own = {REQUESTS} if name == "asked" else set()
        assert {path for path in told if path.startswith("/api/")} == own, name


async def test_streams_and_devices_hear_nothing_of_it(town: Town, rostra: InProcess) -> None:
    """Not when it is written, edited, refused or deleted; and all once it is released."""
    harbour = await Harbour.of(rostra)
    scene = await Scene(town).meet()
    others = ("stranger", "follower", "mentioned", "blocked", "moderator")
    async with AsyncExitStack() as stack:
        phones = Phones(town, await stack.enter_async_context(push_service()))
        let_out(town.services, phones.service)
        await phones.give(*(scene[name] for name in NAMED))
        sockets: dict[str, Socket] = {}
        for name in NAMED:
            socket = await stack.enter_async_context(harbour.socket(scene[name].token))
            for stream in STREAMS:
                socket.subscribe(stream)
            socket.subscribe("hashtag", tag="held")
            await socket.settled()
            sockets[name] = socket

        async def heard() -> dict[str, str]:
            rung = await phones.rung()
            found = {name: str(await socket.quiet()) for name, socket in sockets.items()}
            for name, message in rung:
                found[name] += message["body"]
            return found

        await heard()
        for verb in ("reject", "authorize"):
            held = await scene.answer("needle")
            edit = {"status": "needle again for @mentioned #held"}
            good(await scene["author"].client.put(f"{URL}/{held}", json=edit))
            found = await heard()
            assert {name for name, text in found.items() if "needle" in text} <= {"asked"}
            await decide_all(scene["asked"], verb)
            found = await heard()
            told = {name for name, text in found.items() if "needle" in text}
            if verb == "authorize":
                assert {"author", "mentioned"} <= told
            else:
                assert told == {"author"}  # who is shown that it was refused
            good(await scene["author"].client.delete(f"{URL}/{held}"))
            found = await heard()
            if verb == "reject":
                assert all(held not in found[name] for name in others)


async def test_search_finds_nothing_that_is_held(town: Town) -> None:
    scene = await Scene(town).play()
    author = scene["author"]
    fields = {"indexable": True, "discoverable": True}
    good(await author.client.patch("/api/v1/accounts/update_credentials", json=fields))
    await town.rostra.work()  # indexes the posts of the account anew
    for name in NAMED:
        for query in ("needlewaiting", "needlerefused", "from:author", "has:poll"):
            answer = await scene[name].client.get("/api/v2/search", params={"q": query})
            assert good(answer)["statuses"] == [], (name, query)
    await decide_all(scene["asked"], "authorize")
    await town.rostra.work()
    found = good(await scene["stranger"].client.get("/api/v2/search?q=needlewaiting"))
    assert [each["id"] for each in found["statuses"]] == [scene.replies["needlewaiting"]]


async def test_archives_hold_ones_own_alone(town: Town) -> None:
    scene = await Scene(town).play()
    archives = {name: everything_in(await made(town, scene[name])) for name in NAMED}
    for name, held in archives.items():
        for word in MAY_SEE:
            assert (word.encode() in held) == (name == "author"), (name, word)


@pytest.mark.parametrize("ends", ["block", "delete"])
async def test_whoever_is_asked_loses_sight_with_the_reason_for_it(town: Town, ends: str) -> None:
    scene = await Scene(town).play()
    held = scene.replies["needlewaiting"]
    [request] = await waiting(scene["asked"])
    if ends == "block":
        await town.block(scene["author"], scene["asked"])
    else:
        good(await scene["asked"].client.delete(f"{URL}/{scene.post}"))
        await town.rostra.work()
    good(await scene["asked"].client.get(f"{URL}/{held}"), 404)
    await decide(scene["asked"], "authorize", request["id"], 404)
    ids = [*scene.replies.values(), scene.post, request["id"]]
    found = await everything(town, scene["asked"], ids, WORDS)
    assert where(found, "needlewaiting") == []


async def test_the_policy_of_a_hidden_post_tells_nothing(town: Town) -> None:
    """What one may not see can't be answered, favourited or reblogged: 404, whatever is set."""
    ann, eve = await town.members("ann", "eve")
    for policy in (ASKING, None):
        post = await town.post(ann, visibility="private", interaction_policy=policy)
        for verb in ("favourite", "reblog"):
            good(await eve.client.post(f"{URL}/{post}/{verb}"), 404)
        good(await eve.client.post(URL, json={"status": "re", "in_reply_to_id": post}), 404)
    assert await waiting(ann) == []
