"""What the commands of `rostra admin` share: an open server, its errors in words, passwords.

They work on the database itself, so they work while the server runs and while it does not.
"""

import asyncio
import getpass
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from rostra.app import build
from rostra.cli.common import Where, say, settings_of, stop
from rostra.hosting.fence.fence import FenceError
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import PlaceFailed
from rostra.kernel.errors import Invalid, RostraError
from rostra.network.accounts import access
from rostra.network.accounts.access import Member
from rostra.network.credentials import passwords
from rostra.network.edge import Reader, Services
from rostra.store.migrate import migrate
from rostra.store.schema import HEAD, current_revision, failures

ROLES = {"member": 0, "moderator": 1, "admin": 2, "owner": 3}
ROLE_NAMES = {number: name for name, number in ROLES.items()}
STATES = {0: "active", 1: "waiting", 2: "suspended", 3: "disabled", 4: "leaving"}

Work = Callable[[Services], Awaitable[None]]


def run(where: Where | None, work: Work) -> None:
    """Do something with the server's parts; a refusal ends the program with its reason."""
    try:
        asyncio.run(_run(where, work))
    except Invalid as error:
        stop("; ".join(_reasons(error)) or error.safe)
    except RostraError as error:
        stop(error.safe)
    except (PlacesError, PlaceFailed, FenceError) as error:
        stop(f"`hosting.places`: {error}")
    except failures() as error:
        stop(f"the database can't be reached: {error}\n  `rostra doctor` looks for the cause.")


def _reasons(error: Invalid) -> list[str]:
    return [
        f"{field} {entry['description']}"
        for field, entries in error.details.items()
        for entry in entries
    ]


async def _run(where: Where | None, work: Work) -> None:
    async with _opened(where) as services:
        await work(services)


@asynccontextmanager
async def _opened(where: Where | None) -> AsyncIterator[Services]:
    settings = settings_of(where)
    url = settings.database_url
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    revision = await current_revision(url)
    if revision is None:
        await migrate(url)
    elif revision != HEAD:
        stop(f"the database has schema {revision}, this program {HEAD}: run `rostra migrate`")
    app = build(settings)
    await app.start(jobs=False)
    try:
        await app.keep_fence()
        yield app.services
    finally:
        await app.close()


async def member_named(reader: Reader, name: str) -> Member:
    """The account with this user name, or with this e-mail address; ends the program else."""
    user = await access.user_by_login(reader, name)
    account = await access.any_by_id(reader, user.account_id) if user else None
    if user is None or account is None:
        stop(f"there is no account {name!r} here")
    return Member(account, user)


async def chosen_password(services: Services, *, ask: bool, username: str, email: str = "") -> str:
    """A password that is typed in (or the first line of standard input), or one made up.

    Ends the program where it cannot be used.
    """
    if not ask:
        return secrets.token_urlsafe(12)
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Once more: "):
            stop("the two are not the same")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    faults = passwords.faults(services.settings, password, username=username, email=email)
    if faults:
        stop(f"the password {faults[0].message}")
    return password


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads, in columns."""
    lines = [heads, *rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        say("  ".join(cells).rstrip())


def day(ms: int) -> str:
    """The date of UTC milliseconds; a dash for never."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d}" if ms else "-"


def written_time(ms: int) -> str:
    """The minute of UTC milliseconds; a dash for none."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M}" if ms else "-"


def time_of(text: str) -> int:
    """A day or a time of a day (UTC ms); 0 for an empty text; ends the program for others."""
    if not text:
        return 0
    try:
        at = datetime.fromisoformat(text)
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        stop(f"{text!r} is not a day or a time: 2026-05-31, 2026-05-31T18:00")


def file_text(path: Path) -> str:
    """The text of a file; ends the program where it can't be read."""
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{path} can't be read: {error}")
