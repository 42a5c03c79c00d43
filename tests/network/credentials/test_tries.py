"""Tries at a password: what is told of them, and whom they lock out."""

from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.browser import Browser
from tests.harness.people import PASSWORD, Member, join

from rostra.http.limits import Limiter, LimitRules, MemoryCounters
from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import TooManyRequests, Unauthorized
from rostra.network.credentials import changing, passwords, tries
from rostra.outside.mail import MemoryMailer

GUESS = "guess"
WRONG, TOLD, IN = "wrong", "too many", "in"
NEW = "another battery horse"


class Door:
    """Where somebody tries, with counters of its own."""

    def __init__(self, server: InProcess) -> None:
        self.services = server.services
        self.limits = Limiter(MemoryCounters(), LimitRules(), server.clock)

    async def tried(self, login: str, password: str = GUESS, device: str = "") -> str:
        """What one try is answered."""
        try:
            await tries.identify(self.services, self.limits, login, password, device=device)
        except Unauthorized:
            return WRONG
        except TooManyRequests:
            return TOLD
        return IN

    async def guessed(self, login: str, times: int = 11, device: str = "") -> list[str]:
        """What so many wrong ones are answered."""
        return [await self.tried(login, device=device) for _ in range(times)]


@pytest.fixture
def door(rostra: InProcess) -> Door:
    return Door(rostra)


@pytest.fixture
async def alice(rostra: InProcess) -> Member:
    return await join(rostra, "alice")


@pytest.mark.usefixtures("alice")
async def test_no_answer_tells_that_a_name_and_an_address_are_one_members(
    rostra: InProcess, door: Door
) -> None:
    assert await door.guessed("alice") == [WRONG] * 10 + [TOLD]
    # Hers answers as anybody's does, right to the password.
    for login in ("alice@example.org", "bob@example.org", "bob"):
        assert await door.guessed(login) == [WRONG] * 10 + [TOLD]
    rostra.clock.advance(HOUR)
    await door.guessed("alice")
    assert await door.tried("alice@example.org", PASSWORD) == WRONG
    rostra.clock.advance(HOUR)
    assert await door.tried("alice@example.org", PASSWORD) == IN


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("name", ["alice", "nobody"])
async def test_a_login_is_folded_alike_whether_it_is_anybodys_or_not(door: Door, name: str) -> None:
    for login in (f"{name}@example.org", f" {name}@EXAMPLE.org", f"{name}@ｅxample.org"):  # noqa: RUF001 (that is the point)
        assert await door.guessed(login, 3) == [WRONG] * 3
    assert await door.guessed(f"{name}@ｅxample.org", 2) == [WRONG, TOLD]  # noqa: RUF001 (as above)
    assert tries.typed(f"@{name.upper()}") == tries.typed(name)
    assert tries.typed("a@b@c") == tries.typed("A@B@c")


@pytest.mark.usefixtures("alice")
async def test_a_right_password_forgets_the_wrong_ones(door: Door) -> None:
    for _ in range(3):
        assert await door.guessed("alice", 9) == [WRONG] * 9
        assert await door.tried("alice", PASSWORD) == IN


@pytest.mark.usefixtures("alice")
async def test_a_browser_that_was_signed_in_counts_alone(rostra: InProcess, door: Door) -> None:
    identity = await tries.identify(rostra.services, door.limits, "alice", PASSWORD)
    device = tries.device(rostra.services, identity)
    await join(rostra, "bob")
    assert await door.guessed("alice") == [WRONG] * 10 + [TOLD]
    assert await door.tried("alice", PASSWORD) == TOLD
    assert await door.tried("alice", PASSWORD, f"{device[:-4]}AAAA") == TOLD
    assert await door.tried("alice", PASSWORD, device + "x" * 300) == TOLD
    assert await door.tried("alice", device=device) == WRONG
    assert await door.tried("alice@example.org", PASSWORD, device) == IN
    # It counts as well, and is nothing to anybody else.
    assert await door.guessed("alice", device=device) == [WRONG] * 10 + [TOLD]
    assert await door.guessed("bob", device=device) == [WRONG] * 10 + [TOLD]
    rostra.clock.advance(HOUR)
    await door.guessed("alice")
    async with rostra.db.write() as tx:
        new = await passwords.hashed(NEW)
        await changing.change_password(tx, identity.account_id, new)
    assert await door.tried("alice", NEW, device) == TOLD


@pytest.mark.usefixtures("alice")
async def test_a_cookie_of_last_year_tells_nothing(rostra: InProcess, door: Door) -> None:
    identity = await tries.identify(rostra.services, door.limits, "alice", PASSWORD)
    device = tries.device(rostra.services, identity)
    rostra.clock.advance(366 * DAY)
    await door.guessed("alice")
    assert await door.tried("alice", PASSWORD, device) == TOLD


async def test_pages_keep_the_cookie_and_a_letter_starts_anew(
    data_dir: Path, database_url: str
) -> None:
    limits = {"ROSTRA_LIMITS__SCALE": "1", "ROSTRA_LIMITS__TRUSTED": "198.51.100.7"}
    async with running(data_dir, database_url, None, **limits) as server:
        await join(server, "alice")
        async with Browser(server) as own, Browser(server) as other:
            await entered(own, PASSWORD)
            assert own.path == "/home"
            await own.send("/sign-out")
            assert "rostra_session" not in own.client.cookies
            for _ in range(11):
                await entered(other, "guess")
            await entered(other, PASSWORD)
            assert other.page.status_code == 429
            await entered(own, "guess")
            assert own.page.status_code == 401
            await entered(own, PASSWORD)
            assert own.path == "/home"
            await reset(server, other)
            await entered(other, NEW)
            assert other.path == "/home"


async def entered(browser: Browser, password: str) -> None:
    await browser.open("/sign-in")
    await browser.send("/sign-in", login="alice", password=password)


async def reset(server: InProcess, browser: Browser) -> None:
    """Set a new password by a letter."""
    await browser.open("/forgotten")
    await browser.send("/forgotten", email="alice@example.org")
    await server.work()
    assert isinstance(server.mailer, MemoryMailer)
    token = server.mailer.sent[-1].text.partition("/reset?token=")[2].split()[0]
    await browser.open(f"/reset?token={token}")
    await browser.send("/reset", password=NEW, password_again=NEW)
