"""A folder on another machine, reached by SFTP: version 3, with what OpenSSH adds to it.

An object is written beside its place, brought to disk (`fsync@openssh.com`, where it is offered),
and then given its name in one step: by a hard link, which fails where the name is taken, or by a
rename that replaces (`posix-rename@openssh.com`). A server without hard links is asked to rename as
version 3 says it, which must not replace; `rostra ark probe` finds out whether that is true.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar, cast

import msgspec

from rostra.hosting.places.model import LARGEST, PlaceFailed, Unsupported, not_marked, too_large
from rostra.hosting.places.port import Stored
from rostra.hosting.places.tree import INCOMING, MARK, MARKED, in_order, may_hold, parts_of
from rostra.kernel.lazy import lazily

if TYPE_CHECKING:
    import asyncssh
else:  # a third of a second that a server without such places never needs
    asyncssh = lazily("asyncssh")

DEADLINE_S: Final = 30.0
PORT: Final = 22
_CONNECT_S: Final = 15.0
_IDLE_S: Final = 30.0
_SLOWEST: Final = 32_768  # bytes a second that a transfer may take beyond the deadline
_MOST_ENTRIES: Final = 1_000_000  # of one folder
_FOLDER: Final = 2  # what kind of file a server says that something is: draft-ietf-secsh-filexfer
T = TypeVar("T")
Work = Callable[["asyncssh.SFTPClient"], Awaitable[T]]


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """How a server is reached, and known again.

    Attributes:
        host: its name or address.
        port: of SSH.
        root: the folder; without a slash at its beginning it lies below where a login arrives.
        user: who signs in.
        secret: a private key, in PEM or OpenSSH's format and without a passphrase; or a password.
        host_key: the public key of the server, `ssh-ed25519 AAAA…`; no other is spoken to.
    """

    host: str
    port: int
    root: str
    user: str
    secret: str
    host_key: str

    def __repr__(self) -> str:
        """The server without the secret."""
        return f"Login({self.user}@{self.host}:{self.port})"


class _Session(msgspec.Struct):
    """A connection, and what is known of the server."""

    connection: "asyncssh.SSHClientConnection"
    sftp: "asyncssh.SFTPClient"
    marked: bool = False
    links: bool = True
    syncs: bool = True


class SftpStore:
    """Files below a folder of a server that was marked. One connection, closed when it idles."""

    def __init__(self, name: str, login: Login, *, deadline_s: float = DEADLINE_S) -> None:
        self._name = name
        self._login = login
        self._deadline_s = deadline_s
        self._opening: asyncio.Task[_Session] | None = None
        self._at_work = 0
        self._idle: asyncio.TimerHandle | None = None

    @property
    def name(self) -> str:
        """What the place is called."""
        return self._name

    async def create(self, key: str, content: bytes) -> bool:
        """Store it if nothing is there; whether it was."""
        path = self._path(key)

        async def create(session: _Session) -> bool:
            new = await self._written(session, content)
            try:
                return await _named(session, new, path)
            finally:
                await _gone(session.sftp, new)

        return await self._do(create, len(content))

    async def put(self, key: str, content: bytes) -> None:
        """Store it, whatever is there."""
        path = self._path(key)

        async def put(session: _Session) -> None:
            new = await self._written(session, content)
            try:
                await _in_its_folder(session, path, lambda: session.sftp.posix_rename(new, path))
            except asyncssh.SFTPOpUnsupported as error:
                why = "it can't replace a file in one step (posix-rename@openssh.com)"
                raise Unsupported(self._name, why) from error
            finally:
                await _gone(session.sftp, new)

        await self._do(put, len(content))

    async def replace(self, key: str, content: bytes, version: str) -> bool:  # noqa: ARG002 (the port's)
        """Never: files know no versions.

        Raises:
            Unsupported: always.
        """
        raise Unsupported(self._name, "SFTP has no conditional updates")

    async def read(self, key: str) -> Stored | None:
        """What is there; None: nothing."""
        path = self._path(key)

        async def read(session: _Session) -> Stored | None:
            try:
                async with session.sftp.open(path, "rb") as file:
                    state = await file.stat()
                    if (state.size or 0) > LARGEST:
                        raise too_large(self._name, state.size or 0)
                    content = await file.read(LARGEST + 1)
            except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                return None
            if len(content) > LARGEST:
                raise too_large(self._name, len(content))
            return Stored(cast("bytes", content), "", round(state.mtime or 0) * 1_000)

        return await self._do(read)

    async def keys(self, prefix: str, *, after: str = "", limit: int = 1_000) -> list[str]:
        """The keys below a prefix, in order."""
        self._path(prefix)

        async def keys(session: _Session) -> list[str]:
            found: list[str] = []
            async for key in self._below(session.sftp, prefix, after):
                if key > after:
                    found.append(key)
                if len(found) >= limit:
                    break
            return found

        return await self._do(keys)

    async def delete(self, key: str) -> None:
        """Remove it; nothing there is as well."""
        path = self._path(key)

        async def delete(session: _Session) -> None:
            await _gone(session.sftp, path)

        await self._do(delete)

    async def mark(self) -> bool:
        """Say that this folder is the place; whether nothing had said so before.

        Raises:
            PlaceFailed: the folder is not there, or can't be written.
        """

        async def mark(session: _Session) -> bool:
            if await session.sftp.exists(self._path(MARK)):
                return False
            async with session.sftp.open(self._path(MARK), "xb") as file:
                await file.write(MARKED)
            return True

        return await self._do(mark, unmarked=True)

    async def close(self) -> None:
        """Close the connection; the next question opens another one."""
        opening, self._opening = self._opening, None
        if self._idle is not None:
            self._idle.cancel()
        if opening is None or opening.cancel():
            return
        if not opening.cancelled() and opening.exception() is None:
            opening.result().connection.close()
            await opening.result().connection.wait_closed()

    def _path(self, key: str) -> str:
        parts = (MARK,) if key == MARK else parts_of(key)
        return "/".join((self._login.root.rstrip("/"), *parts))

    async def _do(
        self, work: Callable[[_Session], Awaitable[T]], size: int = 0, *, unmarked: bool = False
    ) -> T:
        seconds = self._deadline_s + size / _SLOWEST
        self._at_work += 1
        if self._idle is not None:
            self._idle.cancel()
        try:
            async with asyncio.timeout(seconds):
                session = await asyncio.shield(self._opened())
                if not unmarked and not session.marked:
                    await self._look_for_the_mark(session)
                return await work(session)
        except TimeoutError as error:
            self._drop()
            raise PlaceFailed(self._name, f"no answer in {seconds:.0f} s") from error
        except (OSError, ValueError, asyncssh.Error) as error:
            raise PlaceFailed(self._name, self._words(error)) from error
        finally:
            self._at_work -= 1
            if not self._at_work:
                self._idle = asyncio.get_running_loop().call_later(_IDLE_S, self._drop)

    async def _look_for_the_mark(self, session: _Session) -> None:
        if not await session.sftp.exists(self._path(MARK)):
            raise not_marked(self._name, f"{self._login.root} at {self._login.host}")
        session.marked = True

    def _opened(self) -> asyncio.Task[_Session]:
        loop, opening = asyncio.get_running_loop(), self._opening
        if opening is None or opening.get_loop() is not loop or _is_lost(opening):
            opening = self._opening = loop.create_task(self._open())
            opening.add_done_callback(_is_lost)  # whoever waited for it may have given up
        return opening

    async def _open(self) -> _Session:
        login = self._login
        by_key = "-----BEGIN" in login.secret
        connection = await asyncssh.connect(
            login.host,
            login.port,
            username=login.user,
            client_keys=[asyncssh.import_private_key(login.secret)] if by_key else None,
            password=None if by_key else login.secret,
            known_hosts=([asyncssh.import_public_key(login.host_key)], [], []),
            # Nothing of this machine's own: neither its configuration nor its agent and keys.
            config=None,
            agent_path=None,
            gss_host=None,
            preferred_auth=["publickey"] if by_key else ["password", "keyboard-interactive"],
            connect_timeout=_CONNECT_S,
            login_timeout=_CONNECT_S,
            keepalive_interval=_CONNECT_S,
        )
        return _Session(connection, await connection.start_sftp_client())

    def _drop(self) -> None:
        opening, self._opening = self._opening, None
        if opening is not None and not opening.cancel() and not _is_lost(opening):
            opening.result().connection.abort()

    def _words(self, error: Exception) -> str:
        if isinstance(error, asyncssh.HostKeyNotVerifiable):
            return f"{self._login.host} shows another host key than `host_key`"
        if isinstance(error, asyncssh.PermissionDenied):
            return f"{self._login.host} does not let {self._login.user} in"
        return next(iter(str(error).splitlines()), "") or type(error).__name__

    async def _written(self, session: _Session, content: bytes) -> str:
        """Write it beside its place; its path there."""
        new = "/".join((self._login.root.rstrip("/"), INCOMING, secrets.token_hex(8)))

        async def write() -> None:
            async with session.sftp.open(new, "xb") as file:
                await file.write(content)
                if session.syncs:
                    try:
                        await file.fsync()
                    except asyncssh.SFTPOpUnsupported:
                        session.syncs = False

        try:
            await _in_its_folder(session, new, write)
        except BaseException:
            await asyncio.shield(_gone(session.sftp, new))
            raise
        return new

    async def _below(
        self, sftp: "asyncssh.SFTPClient", folder: str, after: str
    ) -> AsyncIterator[str]:
        entries: list[tuple[str, bool]] = []
        try:
            async for each in sftp.scandir(self._path(folder)):
                entries.append((str(each.filename), each.attrs.type == _FOLDER))
                if len(entries) > _MOST_ENTRIES:
                    raise PlaceFailed(self._name, f"{folder} lists without an end")
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPNotADirectory):
            return
        for name, is_folder in in_order(entries):
            key = f"{folder}/{name}"
            if not is_folder:
                yield key
            elif may_hold(key, after):
                async for below in self._below(sftp, key, after):
                    yield below


async def _named(session: _Session, new: str, path: str) -> bool:
    """Give what was written its name, unless the name is taken; whether it was not."""
    sftp = session.sftp
    try:
        if session.links:
            try:
                await _in_its_folder(session, path, lambda: sftp.link(new, path))
            except asyncssh.SFTPOpUnsupported:
                session.links = False
        if not session.links:
            await _in_its_folder(session, path, lambda: sftp.rename(new, path))
    except asyncssh.SFTPError:
        # Version 3 has no word for a name that is taken: it says that something failed.
        if await sftp.exists(path):
            return False
        raise
    return True


async def _in_its_folder(session: _Session, path: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do it; where the folder of a path is missing, make it and do it again."""
    try:
        await work()
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        await session.sftp.makedirs(path.rpartition("/")[0], exist_ok=True)
        await work()


async def _gone(sftp: "asyncssh.SFTPClient", path: str) -> None:
    try:
        await sftp.remove(path)
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        return


def _is_lost(opening: "asyncio.Task[_Session]") -> bool:
    """Whether a connection was never made, or is no more."""
    if not opening.done():
        return False
    failed = opening.cancelled() or opening.exception() is not None
    return failed or opening.result().connection.is_closed()
