"""Archives that tests bring in: of another network, or made by hand."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.harness.crowd import Member, Town, good

from rostra.network.portability.access import archive_of
from rostra.network.portability.archives import request_archive
from rostra.network.portability.bring_in import Bringing, Done, largest_file
from rostra.network.portability.notes import Left
from rostra.network.portability.old_plan import Plan, Tell, look_through
from rostra.network.portability.packed import opened

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ELSEWHERE = "https://old.example/users/ann"


async def archive(town: Town, who: Member) -> bytes:
    """A member's archive, as the house makes it."""
    async with town.db.write() as tx:
        await request_archive(town.services, tx, who.id)
    await town.rostra.work()
    async with town.db.read() as reader:
        made = await archive_of(reader, who.id, town.rostra.clock.now())
    assert made is not None
    return await town.services.blobs.get(made.blob_key)


def note(number: int, text: str = "Words.", **more: Any) -> dict[str, Any]:
    """A public note of Ann's, elsewhere, with an hour between each and the next."""
    return {
        "id": f"{ELSEWHERE}/statuses/{number}",
        "type": "Note",
        "published": f"2019-05-{1 + number // 24:02}T{number % 24:02}:00:00Z",
        "attributedTo": ELSEWHERE,
        "to": [PUBLIC],
        "cc": [f"{ELSEWHERE}/followers"],
        "content": f"<p>{text}</p>",
        **more,
    }


def create(made: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """That a note was made."""
    return {"type": "Create", "actor": ELSEWHERE, "object": made, **more}


def outbox(*notes: Mapping[str, Any]) -> bytes:
    """`outbox.json` with these notes."""
    listed = [create(each) for each in notes]
    return json.dumps({"type": "OrderedCollection", "orderedItems": listed}).encode()


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """A zip file of these files."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def tarred(path: Path, files: Mapping[str, bytes], others: Sequence[tarfile.TarInfo] = ()) -> Path:
    """A tar.gz of these files, and of other things behind them."""
    with tarfile.open(path, "w:gz") as packed:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
        for each in others:
            packed.addfile(each)
    return path


async def planned(town: Town, who: Member, path: Path, *, again: bool = False) -> Plan:
    """What of it would come in."""
    largest = largest_file(town.services.settings)
    with opened(path, town.services.settings.data_dir, largest) as packed:
        return await look_through(town.services, packed, who.id, again=again)


def _silent(_count: int, _what: str) -> None:
    """Nobody looks."""


async def brought(
    town: Town, who: Member, path: Path, *, again: bool = False, tell: Tell = _silent
) -> tuple[Plan, Done]:
    """Bring it in."""
    largest = largest_file(town.services.settings)
    with opened(path, town.services.settings.data_dir, largest) as packed:
        plan = await look_through(town.services, packed, who.id, again=again)
        done = await Bringing(town.services, packed, who.id, plan, tell).run()
    return plan, done


async def posts_of(who: Member, viewer: Member | None = None) -> list[dict[str, Any]]:
    """Somebody's posts, oldest first, as they or others see them."""
    asking = (viewer or who).client
    found = good(await asking.get(f"/api/v1/accounts/{who.id}/statuses?limit=40"))
    return list(reversed(found))


async def source_of(who: Member, post: Mapping[str, Any]) -> str:
    """The text of a post as it was written."""
    return str(good(await who.client.get(f"/api/v1/statuses/{post['id']}/source"))["text"])


def left(plan: Plan) -> dict[Left, int]:
    """What is left out that is nobody's mistake."""
    return {why: count for why, count in plan.left.items() if count}
