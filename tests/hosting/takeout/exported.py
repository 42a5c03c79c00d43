"""A small town that is exported, imported, and looked at again."""

from pathlib import Path

from tests.harness.app import InProcess
from tests.harness.crowd import Member, Town, good
from tests.pictures import photo

from rostra.hosting.takeout.export import Network, export
from rostra.hosting.takeout.load import Home, Loaded, load
from rostra.hosting.takeout.model import Manifest, Tell
from rostra.hosting.takeout.pack import sink
from rostra.hosting.takeout.unpack import look_through, opened
from rostra.kernel.clock import ManualClock
from rostra.store.blobs import LocalBlobs
from rostra.store.gates import file_gates


def silent(_count: int, _what: str) -> None:
    """Nobody is told."""


async def lived_in(town: Town) -> list[Member]:
    """People who do what people do; alice, bob and carol."""
    alice, bob, carol = people = await town.members("alice", "bob", "carol")
    await town.follow(bob, alice)
    await town.follow(carol, alice)
    await town.block(carol, bob)
    await town.mute(bob, carol)
    picture = await town.picture(alice, photo().jpegsave_buffer(), description="A \u2028 photo")
    first = await town.post(alice, "Hello #world 🌍 zebrafish", media_ids=[picture["id"]])
    await town.post(bob, "@alice an answer", in_reply_to_id=first)
    await town.post(alice, "@carol for you alone", visibility="direct")
    await town.post(alice, "for those who follow", visibility="private", spoiler_text="careful")
    poll = await town.post(
        alice, "Which?", poll={"options": ["tea", 'c"o\\ffee'], "expires_in": 3600}
    )
    good(
        await bob.client.post(
            f"/api/v1/polls/{await _poll_of(bob, poll)}/votes", json={"choices": [0]}
        )
    )
    for verb in ("favourite", "reblog", "bookmark"):
        await town.act(bob, verb, first)
    await town.act(alice, "pin", first)
    good(
        await alice.client.put(
            f"/api/v1/statuses/{first}",
            json={"status": "Edited zebrafish", "media_ids": [picture["id"]]},
        )
    )
    good(await alice.client.post("/api/v1/lists", json={"title": "friends"}))
    good(await bob.client.post("/api/v2/filters", json={"title": "no", "context": ["home"]}))
    good(
        await carol.client.post(
            "/api/v1/reports", json={"account_id": str(bob.id), "status_ids": []}
        )
    )
    await town.rostra.work()
    await town.settle()
    return people


async def _poll_of(who: Member, post: str) -> str:
    return str(good(await who.client.get(f"/api/v1/statuses/{post}"))["poll"]["id"])


async def written(
    url: str,
    data_dir: Path,
    to: Path,
    *recipients: str,
    media: bool = True,
    clock: ManualClock | None = None,
) -> Manifest:
    """Export a database with what lies in its data directory."""
    network = Network(
        data_dir=data_dir,
        database_url=url,
        blobs=LocalBlobs(data_dir / "media"),
        domain="rostra.example",
        clock=clock or ManualClock(1_800_000_000_000),
    )

    def begins(_rows: int) -> Tell:
        return silent

    with sink(to, recipients) as (taken, spool):
        return await export(network, taken, spool, begins, media=media)


async def read_in(export_file: Path, url: str, data_dir: Path, secret: str = "") -> Loaded:
    """Import it into an empty database."""
    home = Home(data_dir=data_dir, database_url=url, blobs=LocalBlobs(data_dir / "media"))
    with opened(export_file, data_dir, secret) as folder:
        return await load(folder, look_through(folder, silent), home, silent)


def open_gates(data_dir: Path) -> None:
    """Open the gates of an imported network, as its operator does; they must be closed."""
    for gate in file_gates(data_dir):
        assert gate.closing() is not None
        gate.open()


def elsewhere(people: list[Member], rostra: InProcess) -> list[Member]:
    """The same members with the same tokens, at another place."""
    return [Member(each.id, each.name, each.token, rostra.client(each.token)) for each in people]
