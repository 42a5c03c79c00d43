"""Deleting an account, and the jobs behind profiles."""

from typing import Any

import pytest
from sqlalchemy import func, select
from tests.harness.app import InProcess
from tests.harness.people import PASSWORD, join, register, sign_up_form
from tests.pictures import photo

from rostra.kernel.clock import DAY
from rostra.kernel.errors import NotFound
from rostra.network.accounts.jobs import SweepPictures
from rostra.network.accounts.removal import remove_account
from rostra.network.credentials import sign_in
from rostra.network.credentials.second_factor import begin_totp, new_recovery_codes
from rostra.store.query import query
from rostra.store.tables import metadata

# Rows about nobody in particular, or about the house.
_KEPT = {"oauth_apps", "reserved_names", "instance_settings", "schedules", "jobs"}


async def rows(server: InProcess) -> dict[str, int]:
    async with server.db.read() as reader:
        counts = {
            table.name: int(await reader.value(query(select(func.count()).select_from(table))))
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count and name not in _KEPT}


async def test_nothing_of_a_deleted_account_is_left(quiet: InProcess) -> None:
    program = await register(quiet)
    empty = await rows(quiet)
    alice = await join(quiet, "alice", program)
    files = {"avatar": ("me.png", bytes(photo(64, 64).pngsave_buffer(keep="none")), "image/png")}
    update = "/api/v1/accounts/update_credentials"
    assert (await alice.client.patch(update, files=files)).status_code == 200
    await alice.client.post("/api/v1/markers", json={"home": {"last_read_id": "1"}})
    await alice.client.post("/api/v1/statuses", json={"status": "hello #world"})
    identity = await sign_in.identify(quiet.services, "alice", PASSWORD)
    async with quiet.db.write() as tx:
        await sign_in.open_session(quiet.services, tx, identity, address="", user_agent="")
        await begin_totp(quiet.services, tx, int(alice.id))
        await new_recovery_codes(quiet.services, tx, int(alice.id))
    async with quiet.db.write() as tx:
        await remove_account(quiet.services, tx, int(alice.id))
    await quiet.work()
    left = await rows(quiet)
    left.pop("tags", None)  # the word is not hers
    assert left == empty
    assert [found.key async for found in quiet.services.blobs.list()] == []
    assert (await alice.client.get("/api/v1/accounts/verify_credentials")).status_code == 401
    again = await quiet.client(program.token).post("/api/v1/accounts", json=sign_up_form("a1ice"))
    assert again.json()["details"]["username"][0]["error"] == "ERR_RESERVED"
    with pytest.raises(NotFound):
        async with quiet.db.write() as tx:
            await remove_account(quiet.services, tx, int(alice.id))


async def test_pictures_that_nobody_shows_are_swept(quiet: InProcess) -> None:
    alice = await join(quiet, "alice")
    update = "/api/v1/accounts/update_credentials"
    files: dict[str, Any] = {
        "header": ("sky.png", bytes(photo(64, 64).pngsave_buffer(keep="none")), "image/png")
    }
    await alice.client.patch(update, files=files)
    services = quiet.services
    await services.blobs.put("avatars/aa/aa" + "b" * 30 + ".png", b"left behind", "image/png")
    before = {found.key async for found in services.blobs.list()}
    assert len(before) == 2
    # The files are dated by the machine's clock.
    dates = [found.stored_at async for found in services.blobs.list()]
    quiet.clock.set(max(quiet.clock.now(), *dates) + 3 * DAY)
    async with quiet.db.write() as tx:
        await tx.enqueue("accounts.sweep_pictures", SweepPictures())
    await quiet.work()
    kept = {found.key async for found in services.blobs.list()}
    assert [key.partition("/")[0] for key in kept] == ["headers"]
