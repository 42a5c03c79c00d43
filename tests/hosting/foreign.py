"""Servers of other people's making, in threads and tasks of a test: WebDAV and SFTP."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import asyncssh
from cheroot.wsgi import Server as WebServer
from wsgidav.fs_dav_provider import FilesystemProvider
from wsgidav.wsgidav_app import WsgiDAVApp

from rostra.hosting.places.model import Place

USER: Final = "ark"
PASSWORD: Final = "correct horse"


@contextlib.contextmanager
def webdav(folder: Path, *, honest: bool = True) -> Iterator[str]:
    """WsgiDAV over a folder; its address.

    Its own check and move are two steps, so moves wait for each other here. One that is not honest
    ignores `Overwrite: F`, and says that all went well.
    """
    users = {USER: {"password": PASSWORD}}
    inner = WsgiDAVApp(
        {
            "provider_mapping": {"/dav": FilesystemProvider(str(folder))},
            "simple_dc": {"user_mapping": {"*": users}},
            "http_authenticator": {"accept_digest": False, "default_to_digest": False},
            "logging": {"enable": False},
            "verbose": 0,
            "hotfixes": {},
            "property_manager": False,
            "lock_storage": False,
        }
    )
    moving = threading.Lock()

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "MOVE":
            return list(inner(environ, start))
        if not honest:
            environ["HTTP_OVERWRITE"] = "T"
        with moving:
            return list(inner(environ, start))

    server = WebServer(("127.0.0.1", 0), app, numthreads=8)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}/dav"
    finally:
        server.stop()
        thread.join()


def of_webdav(address: str, name: str = "cloud", password: str = PASSWORD) -> Place:
    """A folder there as a place."""
    return Place(name=name, party="x", store=address, account=USER, credentials=password)


class _Doors(asyncssh.SSHServer):
    """Lets one user in by a password; keys are in a file of the server's."""

    def password_auth_supported(self) -> bool:
        """It is."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Whether it is the one."""
        return (username, password) == (USER, PASSWORD)


class WithoutLinks(asyncssh.SFTPServer):
    """A server without hard links, whose rename replaces nothing."""

    def link(self, oldpath: bytes, newpath: bytes) -> None:  # noqa: ARG002 (the library's)
        """It can't."""
        raise asyncssh.SFTPOpUnsupported("no links")


class Lying(WithoutLinks):
    """A server whose rename replaces what is there, against what version 3 says."""

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """Replace."""
        self.posix_rename(oldpath, newpath)


class Sftp:
    """An SFTP server over a folder.

    Attributes:
        port: it listens there.
        host_key: its public key.
        key: a private key that it lets in.
    """

    def __init__(self, port: int, host_key: str, key: str) -> None:
        self.port = port
        self.host_key = host_key
        self.key = key

    def place(self, folder: str = "/place", name: str = "cellar", secret: str = PASSWORD) -> Place:
        """A folder there as a place."""
        return Place(
            name=name,
            party="x",
            store=f"sftp://127.0.0.1:{self.port}{folder}",
            account=USER,
            credentials=secret,
            host_key=self.host_key,
        )


@contextlib.asynccontextmanager
async def sftp(
    folder: Path, kind: type[asyncssh.SFTPServer] = asyncssh.SFTPServer
) -> AsyncIterator[Sftp]:
    """A server of asyncssh whose root is a folder."""
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    key = asyncssh.generate_private_key("ssh-ed25519")
    allowed = asyncssh.import_authorized_keys(key.export_public_key().decode())

    def served(channel: "asyncssh.SSHServerChannel[bytes]") -> asyncssh.SFTPServer:
        return kind(channel, chroot=str(folder).encode())

    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=_Doors,
        server_host_keys=[host_key],
        authorized_client_keys=allowed,
        sftp_factory=served,
    )
    try:
        public = host_key.export_public_key().decode().strip()
        yield Sftp(server.get_port(), public, key.export_private_key().decode())
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0)
