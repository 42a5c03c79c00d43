"""What strangers can leave here: apps with short addresses, and a few tokens that are used."""

import pytest
from tests.harness.app import InProcess
from tests.harness.crowd import Town

from rostra.kernel.clock import DAY, HOUR
from rostra.network.credentials import apps
from rostra.network.credentials.ending import revoke_app
from rostra.network.credentials.letters import Sweep
from rostra.network.credentials.seen import settle
from rostra.network.credentials.tokens import issue_token

OOB = "urn:ietf:wg:oauth:2.0:oob"
KNOWN = "/api/v1/apps/verify_credentials"


class Program:
    """An app that asks for tokens of its own."""

    def __init__(self, server: InProcess, made: dict[str, str]) -> None:
        self.server = server
        self.made = made

    async def token(self) -> str:
        self.server.clock.advance(1)  # ids of one millisecond stand in no order
        form = {
            "grant_type": "client_credentials",
            "client_id": self.made["client_id"],
            "client_secret": self.made["client_secret"],
        }
        async with self.server.client() as client:
            answer = await client.post("/oauth/token", data=form)
        return str(answer.json()["access_token"])

    async def works(self, token: str) -> bool:
        async with self.server.client(token) as client:
            return (await client.get(KNOWN)).status_code == 200

    async def knows(self) -> bool:
        """Whether it is still known here."""
        async with self.server.db.read() as reader:
            found = await apps.app_by_client(
                reader, self.made["client_id"], self.made["client_secret"]
            )
        return found is not None


async def registered(server: InProcess) -> Program:
    async with server.client() as client:
        asked = {"client_name": "App", "redirect_uris": OOB}
        return Program(server, (await client.post("/api/v1/apps", json=asked)).json())


async def later(server: InProcess, ms: int) -> None:
    """Some time passes, and what has expired is removed."""
    await settle(server.services)  # the day of a visit is written
    server.clock.advance(ms)
    async with server.db.write() as tx:
        await tx.enqueue("credentials.sweep", Sweep())
    await server.work()


@pytest.mark.postgresql
async def test_tokens_of_apps_go_that_nobody_uses(rostra: InProcess) -> None:
    program = await registered(rostra)
    used, unused = await program.token(), await program.token()
    for _ in range(2):
        await later(rostra, 16 * DAY)
        assert await program.works(used)
    assert await program.works(used)
    assert not await program.works(unused)


@pytest.mark.postgresql
async def test_an_app_keeps_its_newest_tokens(rostra: InProcess) -> None:
    program, other = await registered(rostra), await registered(rostra)
    theirs = await other.token()
    tokens = [await program.token() for _ in range(23)]
    await later(rostra, HOUR)
    assert [await program.works(token) for token in tokens] == [False] * 3 + [True] * 20
    assert await other.works(theirs)


async def test_addresses_of_an_app_are_bounded_together(rostra: InProcess) -> None:
    long = [f"https://app.example/{at}{'x' * 1000}" for at in range(4)]
    async with rostra.client() as client:
        for uris, status in ((long, 200), ([*long, "https://app.example/back"], 422)):
            asked = {"client_name": "App", "redirect_uris": uris}
            answer = await client.post("/api/v1/apps", json=asked)
            assert answer.status_code == status
    assert "redirect_uris" in answer.json()["details"]


@pytest.mark.postgresql
async def test_apps_go_that_nobody_lets_in(rostra: InProcess) -> None:
    member = await Town(rostra).member("alice")
    unused, asking, used = [await registered(rostra) for _ in range(3)]
    token = await asking.token()  # its own
    async with rostra.db.write() as tx:
        app = await apps.app_by_client(tx, used.made["client_id"], used.made["client_secret"])
        assert app is not None
        given = await issue_token(
            rostra.services, tx, app_id=app.id, account_id=int(member.id), granted=frozenset()
        )
    assert [await each.knows() for each in (unused, asking, used)] == [True] * 3
    await later(rostra, DAY - HOUR)
    assert await unused.knows()
    await later(rostra, 2 * HOUR)
    assert [await each.knows() for each in (unused, asking, used)] == [False, True, True]
    # What posts were written with stays known when nobody uses it any more.
    async with rostra.db.write() as tx:
        await revoke_app(tx, int(member.id), app.id)
    assert given.token_id
    await later(rostra, 40 * DAY)
    assert [await each.knows() for each in (asking, used)] == [False, True]
    assert not await asking.works(token)
