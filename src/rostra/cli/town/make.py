"""Make the demo's place in an empty database: `python -m rostra.cli.town.make --data DIR`.

A program of its own, so that the server which `rostra demo` starts afterwards does not carry what
only the making needs: the drawing library, the texts, the whole place in memory.
"""

import asyncio
import random
import sys
from pathlib import Path

import msgspec
import pyvips

from rostra.app import Ports, build
from rostra.cli.common import Where, settings_of, stop
from rostra.cli.progress import Progress
from rostra.cli.town import draw
from rostra.cli.town.compose import Said, Town
from rostra.cli.town.note import Made, SignIn, write_note
from rostra.cli.town.rows import tables
from rostra.cli.town.sink import open_sink
from rostra.cli.town.world import Person, Picture, World, link_up
from rostra.kernel import crypto
from rostra.kernel.clock import SECOND
from rostra.network.addresses import addresses
from rostra.network.credentials import passwords
from rostra.network.edge import Services
from rostra.network.instance import rules
from rostra.network.instance import settings as place_settings
from rostra.network.polls.jobs import ClosePoll
from rostra.network.trends.count import CountAccount
from rostra.network.trends.rank import Rank
from rostra.settings import Settings
from rostra.store.blobs import new_key

_DRAWING_AT_A_TIME = 4
_OWNER = 3
_COUNTED_WITHIN_MS = 5 * SECOND  # after the start
_PLACE = {
    "title": "Saltmarsh",
    "description": "Sixty people, one estuary, too many opinions about bread. A made-up town that "
    "shows what Rostra is like when somebody lives in it.",
    "contact_username": "marta",
    "contact_email": "town@saltmarsh.example",
    "authority_contact_email": "law@saltmarsh.example",
    "contact_languages": ["en", "de"],
    "child_safety_contact_name": "Marta, who is invented",
    "child_safety_contact_email": "children@saltmarsh.example",
    "languages": ["en", "de", "fr", "es", "nl", "pt", "it", "pl"],
    "extended_description": "Everybody here is invented, and so is everything they say. Sign in as "
    "one of them, post, reply, break things: it is your copy.",
    "trends_unreviewed": True,  # nobody sits here to look at them first
}
_RULES = (
    ("Talk to people as you would across a table.", "Disagree with what is said, not with who."),
    ("What you would not hang on the library door, put behind a content warning.", ""),
    ("Nobody's address, workplace or child without their yes.", ""),
    ("Say when a picture was made by a machine, or by you.", ""),
    ("No selling, except jam.", "And pepper sauce, on Saturdays."),
)


class Painter:
    """Draws, and has the pictures stored as uploads are: by the child process, in variants."""

    def __init__(self, services: Services, rng: random.Random, progress: Progress) -> None:
        self._services = services
        self._rng = rng
        self._progress = progress
        self._room = asyncio.Semaphore(_DRAWING_AT_A_TIME)

    async def paint_all(self, people: list[Person], said: list[Said]) -> None:
        """Every avatar, some headers, and the pictures of posts."""
        avatars = [self._avatar(person) for person in people]
        headers = [self._header(person) for person in people[::3]]
        pictures = [self._picture(each) for each in said if each.picture]
        await asyncio.gather(*avatars, *headers, *pictures)

    async def _avatar(self, person: Person) -> None:
        drawing = draw.face(self._rng)
        if person.bot:
            drawing = draw.landscape(self._rng, 400, 400)
        person.avatar_key = await self._crop(drawing, "avatar")

    async def _header(self, person: Person) -> None:
        person.header_key = await self._crop(draw.landscape(self._rng, 1500, 500), "header")

    async def _crop(self, drawing: draw.Drawing, kind: str) -> str:
        images = self._services.images
        async with self._room:
            data = await asyncio.to_thread(encoded, drawing.svg)
            made = await (images.avatar(data) if kind == "avatar" else images.header(data))
            key = await self._keep(f"{kind}s", made.original.data, made.original.mime)
        self._progress.add(10, "drawing")
        return key

    async def _picture(self, said: Said) -> None:
        drawing = draw.KINDS[said.picture](self._rng)
        async with self._room:
            data = await asyncio.to_thread(encoded, drawing.svg)
            made = await self._services.images.attachment(data)
            large, small = made.original, made.variants["small"]
            said.piece.pictures = (
                Picture(
                    id=said.piece.id - 1,
                    description=drawing.alt,
                    blob_key=await self._keep("media", large.data, large.mime),
                    preview_key=await self._keep("media", small.data, small.mime),
                    mime=large.mime,
                    width=large.width,
                    height=large.height,
                    preview_width=small.width,
                    preview_height=small.height,
                    size=len(large.data) + len(small.data),
                    blurhash=made.blurhash,
                ),
            )
        self._progress.add(10, "drawing")

    async def _keep(self, folder: str, data: bytes, mime: str) -> str:
        suffix = {"image/jpeg": "jpg"}.get(mime, mime.partition("/")[2])
        key = new_key(folder, suffix)
        await self._services.blobs.put(key, data, mime)
        return key


def encoded(svg: str) -> bytes:
    """The drawing as a JPEG."""
    image = pyvips.Image.svgload_buffer(svg.encode()).flatten(background=[255, 255, 255])
    data: bytes = image.jpegsave_buffer(Q=92)
    return data


async def make(settings: Settings) -> Made:
    """Fill the empty, migrated database; what it came to.

    Raises:
        SystemExit: there are members already.
    """
    images = msgspec.structs.replace(settings.images, children=2)
    settings = msgspec.structs.replace(settings, images=images)
    app = build(settings, Ports(alone=True))
    services = app.services
    sink = await open_sink(settings.database_url)
    try:
        if await sink.members():
            stop(f"{settings.data_dir} has members already: the demo needs a --data of its own")
        rng = random.Random()  # noqa: S311 (a made-up place, nothing secret)
        town = Town(addresses(settings), services.clock.now(), rng)
        world = town.make()
        told = await _admit(world.people, settings)
        drawn = len(world.people) * 4 // 3 + sum(bool(said.picture) for said in town.said)
        progress = Progress(drawn * 10 + len(world.posts) // 2)
        await Painter(services, rng, progress).paint_all(world.people, town.said)
        link_up(world)
        await sink.begin()
        for rows in tables(world, rng):
            await sink.write(rows)
            progress.add(rows.size // 40, rows.table)
        await sink.finish()
        await _found(services, world)
        progress.end(f"{len(world.posts):,} posts by {len(world.people)} members")
    finally:
        await sink.close()
        await app.close()
    return Made(len(world.posts), len(world.people), told)


async def _admit(people: list[Person], settings: Settings) -> list[SignIn]:
    """Passwords for the operator and for one member."""
    host = settings.domain.partition(":")[0]
    host = host if "." in host and not host[-1].isdigit() else "saltmarsh.example"
    told = []
    for person, role in ((people[0], "operator"), (people[1], "member")):
        password = crypto.new_invite_code()
        person.email = f"{person.username}@{host}"
        person.password_hash = await passwords.hashed(password)
        person.role = _OWNER if role == "operator" else 0
        told.append(SignIn(role, person.username, person.email, password))
    return told


async def _found(services: Services, world: World) -> None:
    """What the operators say of the place; what it talks about is counted, and polls will end."""
    async with services.db.write() as tx:
        await place_settings.change(services, tx, _PLACE)
        for text, hint in _RULES:
            await rules.add_rule(services, tx, text, hint)
        for person in world.people:
            await tx.enqueue("trends.count_account", CountAccount(person.id))
        counted = services.clock.now() + _COUNTED_WITHIN_MS
        await tx.enqueue("trends.rank", Rank(), run_at=counted)
        for post in world.posts:
            if post.poll is not None and post.poll.ends_at > world.now:
                ends_at = post.poll.ends_at
                await tx.enqueue("polls.close", ClosePoll(post.id, ends_at), run_at=ends_at)


def main() -> None:
    """Make the place and leave a note of who can sign in."""
    given = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    data, config = given.get("--data"), given.get("--config")
    where = Where(Path(data) if data else None, Path(config) if config else None)
    settings = settings_of(where)
    write_note(settings.data_dir, asyncio.run(make(settings)))


if __name__ == "__main__":
    main()
