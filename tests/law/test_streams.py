"""Laws 3 and 6 on streams: what one may not see does not come, and nobody stays who may not."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from tests.harness.app import InProcess
from tests.harness.crowd import EVERYTHING, Member, Town, good
from tests.harness.streams import Connection, Harbour, Socket
from tests.law.test_tokens import APP, ENDINGS, Ending
from tests.law.test_visibility_matrix import MAY_SEE, VISIBILITIES

from rostra.network.credentials.ending import end_everything, end_other_sessions

STREAMS = ("user", "user:notification", "public", "public:local", "direct")
VIEWERS = ("stranger", "follower", "mentioned", "blocked", "moderator", "author")


@pytest.fixture
async def harbour(rostra: InProcess) -> Harbour:
    return await Harbour.of(rostra)


class Scene:
    """Everybody who may or may not see what an author posts, each with every stream there is."""

    def __init__(self, town: Town, harbour: Harbour) -> None:
        self.town = town
        self.harbour = harbour
        self.members: dict[str, Member] = {}
        self.sockets: dict[str, Socket] = {}

    async def open(self, stack: AsyncExitStack) -> None:
        town = self.town
        for name in VIEWERS:
            role = int(name == "moderator")
            self.members[name] = await town.member(name, role=role)
        author = self.members["author"]
        await town.follow(self.members["follower"], author)
        await town.follow(self.members["blocked"], author)
        await town.block(author, self.members["blocked"])
        for name in VIEWERS:
            token = self.members[name].token
            socket = await stack.enter_async_context(self.harbour.socket(token))
            for stream in STREAMS:
                socket.subscribe(stream)
            for stream in ("hashtag", "hashtag:local"):
                socket.subscribe(stream, tag="matrix")
            await socket.settled()
            self.sockets[name] = socket

    async def heard(self) -> dict[str, list[dict[str, object]]]:
        """What everybody hears."""
        return {name: await socket.quiet() for name, socket in self.sockets.items()}


async def test_no_stream_shows_a_post_to_those_who_may_not_see_it(
    town: Town, harbour: Harbour
) -> None:
    async with AsyncExitStack() as stack:
        scene = Scene(town, harbour)
        await scene.open(stack)
        author = scene.members["author"]
        for visibility in VISIBILITIES:
            text = f"needle for @mentioned and @blocked #matrix {visibility}"
            post_id = await town.post(author, text, visibility=visibility)
            first = await scene.heard()
            edit = {"status": f"{text} again"}
            good(await author.client.put(f"/api/v1/statuses/{post_id}", json=edit))
            second = await scene.heard()
            good(await author.client.delete(f"/api/v1/statuses/{post_id}"))
            third = await scene.heard()
            for name in VIEWERS:
                told = f"{first[name]}{second[name]}{third[name]}"
                may = name in MAY_SEE[visibility]
                assert may or ("needle" not in told and post_id not in told), (name, visibility)
            streams = {name: _streams(first[name]) for name in VIEWERS}
            tagged = {"public", "public:local", "hashtag", "hashtag:local"}
            everywhere = tagged if visibility == "public" else set()
            assert streams["stranger"] == streams["moderator"] == everywhere
            inbox = {"direct"} if visibility == "direct" else set()
            assert streams["author"] == everywhere | {"user"} | inbox
            home = set() if visibility == "direct" else {"user"}
            assert streams["follower"] == everywhere | home
            assert streams["mentioned"] == everywhere | {"user", "user:notification"} | inbox
            assert streams["blocked"] == set()
            for name in VIEWERS:
                deleted = _streams(third[name])
                assert deleted == streams[name] - {"user:notification", "direct"} - (
                    {"user"} if name == "mentioned" else set()
                ), (name, visibility)


def _streams(events: list[dict[str, object]]) -> set[str]:
    return {str(event["stream"][0]) for event in events}  # type: ignore[index] # it is a list


async def test_a_stream_shows_what_the_api_shows(town: Town, harbour: Harbour) -> None:
    """Byte for byte the same post for each viewer, whatever they have done with it."""
    async with AsyncExitStack() as stack:
        scene = Scene(town, harbour)
        await scene.open(stack)
        author = scene.members["author"]
        post_id = await town.post(author, "first #matrix")
        await scene.heard()
        await town.act(scene.members["stranger"], "favourite", post_id)
        await town.act(scene.members["moderator"], "bookmark", post_id)
        await town.act(scene.members["follower"], "mute", post_id)
        await town.act(author, "pin", post_id)
        await scene.heard()
        edit = {"status": "second #matrix"}
        good(await author.client.put(f"/api/v1/statuses/{post_id}", json=edit))
        for name, events in (await scene.heard()).items():
            shown = await scene.members[name].client.get(f"/api/v1/statuses/{post_id}")
            assert (shown.status_code == 404) == (events == []), name
            assert all(event["payload"] == shown.json() for event in events), name


async def opened(stack: AsyncExitStack, harbour: Harbour, token: str) -> list[Connection]:
    socket = await stack.enter_async_context(harbour.socket(token, stream="user"))
    events = await stack.enter_async_context(harbour.events("public", token))
    return [socket, events]


async def open_still(connection: Connection) -> bool:
    """Whether nothing ends it within a second."""
    try:
        async with asyncio.timeout(1):
            await connection.ended()
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("end", [each for each, _ in ENDINGS], ids=lambda each: each.__name__)
async def test_streams_end_within_a_second(town: Town, harbour: Harbour, end: Ending) -> None:
    app = good(await town.anybody.post("/api/v1/apps", json=APP))
    seat, bob = await town.members("ann", "bob")
    token = await town.token(seat.id, EVERYTHING, app_id=int(app["id"]))
    ann = Member(seat.id, seat.name, token, town.rostra.client(token))
    async with AsyncExitStack() as stack:
        dying = await opened(stack, harbour, ann.token)
        living = await opened(stack, harbour, bob.token)
        await end(town, ann, app)
        assert all([await each.ended() < 1 for each in dying])
        assert isinstance(living[0], Socket)
        post_id = await town.post(bob, "still here")
        assert (await living[0].next())["payload"]["id"] == post_id


async def test_one_token_dies_alone(town: Town, harbour: Harbour) -> None:
    app = good(await town.anybody.post("/api/v1/apps", json=APP))
    ann = await town.member("ann")
    other = await town.token(ann.id, EVERYTHING, app_id=int(app["id"]))
    async with AsyncExitStack() as stack:
        living = await opened(stack, harbour, ann.token)
        dying = await opened(stack, harbour, other)
        body = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        good(await town.anybody.post("/oauth/revoke", data={**body, "token": other}))
        assert all([await each.ended() < 1 for each in dying])
        assert await open_still(living[0])


async def test_a_browser_that_signs_out_ends_no_stream_of_an_app(
    town: Town, harbour: Harbour
) -> None:
    ann = await town.member("ann")
    await town.browser(ann)
    async with AsyncExitStack() as stack:
        living = await opened(stack, harbour, ann.token)
        async with town.db.write() as tx:
            assert await end_other_sessions(tx, ann.id, 0) == 1
        assert await open_still(living[1])


async def test_everything_ends_at_once(town: Town, harbour: Harbour) -> None:
    ann = await town.member("ann")
    async with AsyncExitStack() as stack:
        dying = await opened(stack, harbour, ann.token)
        async with town.db.write() as tx:
            await end_everything(tx, ann.id)
        assert all([await each.ended() < 1 for each in dying])
