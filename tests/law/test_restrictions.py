"""Law 3 for what decisions restrict, on every surface, and that they can be taken back.

What is held is for its author alone, what is removed and whoever is suspended for nobody.
"""

from contextlib import AsyncExitStack

import pytest
from tests.harness.app import InProcess
from tests.harness.crowd import Town, good
from tests.harness.limits import limit, limit_accounts
from tests.harness.streams import Harbour, Socket
from tests.law.surfaces import Cast, everything, told_apart, where
from tests.law.test_archives import everything_in, made
from tests.pictures import photo

URL = "/api/v1/statuses"
NAMED = ("author", "stranger", "follower", "mentioned", "blocked", "moderator")
WORDS = {"name": "author", "tag": "limited", "word": "coffee"}
VISIBILITIES = ("public", "private", "direct")
FATES = ("held", "removed")


class Scene(Cast):
    """Somebody whose posts are restricted, and everybody who looks at that."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.posts: dict[str, str] = {}

    async def play(self) -> "Scene":
        """Everything is said, and done with what is said."""
        town = self.town
        for name in NAMED:
            self.viewers[name] = await town.member(name, role=int(name == "moderator"))
        author, follower = self["author"], self["follower"]
        found = {"indexable": True, "discoverable": True}
        good(await author.client.patch("/api/v1/accounts/update_credentials", json=found))
        await town.follow(follower, author)
        await town.block(author, self["blocked"])
        # Pages begin and end with what is seen: the ids at their ends are places to go on from.
        await town.post(author, "Good morning.")
        self.first = await town.post(self["stranger"], "What is there to say? #limited")
        for fate in FATES:
            for visibility in VISIBILITIES:
                await self._say(f"needle{fate}{visibility}", visibility)
            await self._react(self.posts[f"needle{fate}public"])
        await town.post(self["stranger"], "Well said. #limited")
        await town.post(author, "Good night.")
        await town.rostra.work()
        return self

    async def _say(self, word: str, visibility: str) -> None:
        town, author = self.town, self["author"]
        text = f"{word} coffee for @mentioned #limited https://example.org/{word}"
        more: dict[str, object] = {}
        if visibility == "public":
            picture = await town.picture(author, photo().jpegsave_buffer(), description=word)
            more = {"media_ids": [picture["id"]], "in_reply_to_id": self.first}
        elif visibility == "private":
            more = {"poll": {"options": [f"{word} tea", "coffee"], "expires_in": 600}}
        self.posts[word] = await town.post(author, text, visibility=visibility, **more)

    async def _react(self, post: str) -> None:
        town = self.town
        for verb in ("favourite", "bookmark", "reblog"):
            await town.act(self["follower"], verb, post)
        await town.act(self["author"], "pin", post)
        await town.post(self["follower"], "Look at this.", quoted_status_id=post)

    async def restrict(self) -> None:
        """One half is held, the other removed."""
        for fate in FATES:
            ids = [post for word, post in self.posts.items() if fate in word]
            await limit(self.town, *ids, **{fate: True})
        await self.town.rostra.work()

    async def restore(self) -> None:
        """All of it is taken back."""
        await limit(self.town, *self.posts.values())
        await self.town.rostra.work()

    def hidden_from(self, name: str) -> dict[str, str]:
        """The posts that a viewer may not see."""
        own = name == "author"
        return {word: at for word, at in self.posts.items() if "removed" in word or not own}


async def test_no_surface_shows_what_is_hidden(town: Town) -> None:
    scene = await Scene(town).play()
    ids = [*scene.posts.values(), scene.first, str(scene["author"].id)]
    await scene.restrict()
    leaks = []
    for name, viewer in scene.viewers.items():
        found = await everything(town, viewer, ids, WORDS)
        for word, post_id in scene.hidden_from(name).items():
            leaks += [(name, word, path) for path in where(found, word)]
            leaks += [(name, word, path) for path in where(found, post_id)]
        for word in scene.posts.keys() - scene.hidden_from(name).keys():
            assert word in found[f"{URL}/{scene.posts[word]}"], (name, word)
        counted = good(await scene.client(name).get(f"{URL}/{scene.first}"))
        assert counted["replies_count"] == 0, name
    assert leaks == []


async def test_what_is_hidden_answers_like_one_that_never_was(town: Town) -> None:
    scene = await Scene(town).play()
    await scene.restrict()
    for name in scene.viewers:
        hidden = scene.hidden_from(name).values()
        assert await told_apart(scene.client(name), hidden) == [], name


async def test_everybody_finds_again_what_they_found(town: Town) -> None:
    scene = await Scene(town).play()
    ids = [*scene.posts.values(), scene.first, str(scene["author"].id)]
    looking = {name: scene.viewers[name] for name in ("anonymous", "follower", "author")}
    before = {name: await everything(town, viewer, ids, WORDS) for name, viewer in looking.items()}
    await scene.restrict()
    await scene.restore()
    for name, viewer in looking.items():
        found = await everything(town, viewer, ids, WORDS)
        lost = {
            path
            for word in scene.posts
            for path in where(before[name], word)
            if word not in found[path]
        }
        # Nothing is told anew: a notification that was read in passing stays so.
        assert {path for path in lost if "unread" not in path} == set(), name


@pytest.mark.parametrize("who", [name for name in NAMED if name != "author"])
async def test_no_surface_shows_who_is_suspended(town: Town, who: str) -> None:
    scene = await Scene(town).play()
    author = scene["author"]
    ids = [*scene.posts.values(), scene.first, str(author.id)]
    await limit_accounts(town, author.id, suspended=True)
    await town.rostra.work()
    found = await everything(town, scene[who], ids, WORDS)
    leaks = [(word, path) for word in scene.posts for path in where(found, word)]
    leaks += [(word, path) for word, at in scene.posts.items() for path in where(found, at)]
    leaks += [("author", path) for path in where(found, str(author.id))]
    assert leaks == []
    hidden = [str(author.id), *scene.posts.values()]
    assert await told_apart(scene.client(who), hidden) == []


async def test_streams_hear_that_it_is_gone(town: Town, rostra: InProcess) -> None:
    """Those who could see it, and nobody else; and nothing when it comes back."""
    harbour = await Harbour.of(rostra)
    scene = await Scene(town).play()
    async with AsyncExitStack() as stack:
        sockets: dict[str, Socket] = {}
        for name in NAMED:
            socket = await stack.enter_async_context(harbour.socket(scene[name].token))
            for stream in ("user", "public", "direct"):
                socket.subscribe(stream)
            socket.subscribe("hashtag", tag="limited")
            await socket.settled()
            sockets[name] = socket
        await scene.restrict()
        heard = {name: str(await socket.quiet()) for name, socket in sockets.items()}
        for word, post in scene.posts.items():
            told = {name for name, text in heard.items() if post in text}
            if "public" in word:
                assert told == set(NAMED) - {"blocked"}, word
            elif "private" in word:
                assert {"author", "follower"} <= told <= {"author", "follower", "mentioned"}, word
            else:
                assert told <= {"author", "mentioned"}, word
        assert not any("needle" in text for text in heard.values())
        await scene.restore()
        heard = {name: str(await socket.quiet()) for name, socket in sockets.items()}
        assert not any(post in text for text in heard.values() for post in scene.posts.values())


async def test_archives_hold_ones_own_words_alone(town: Town) -> None:
    scene = await Scene(town).play()
    await scene.restrict()
    archives = {name: everything_in(await made(town, scene[name])) for name in NAMED}
    for name, held in archives.items():
        for word in scene.posts:
            assert (word.encode() in held) == (name == "author"), (name, word)
