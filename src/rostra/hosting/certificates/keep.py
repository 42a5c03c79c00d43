"""Where certificates lie: each with its key in a folder of its own, and a link to the newest.

The link is replaced in one step, so that a web server never reads the key of one and the chain of
another. Nothing here is part of the ark: a host makes keys of its own.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from rostra.store.alone import alone

CURRENT: Final = "current"
CHAIN: Final = "fullchain.pem"
KEY: Final = "privkey.pem"
UNTOLD: Final = "untold"


class CertificateError(Exception):
    """A certificate can't be had; the text says which setting it is about, and what helps."""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate.

    Attributes:
        names: it is for.
        begins_at: UTC ms.
        ends_at: UTC ms.
    """

    names: tuple[str, ...]
    begins_at: int
    ends_at: int

    def is_due(self, now: int) -> bool:
        """Whether a third of its life is left, or less."""
        return now >= self.ends_at - (self.ends_at - self.begins_at) // 3


def parsed(chain: str) -> Certificate:
    """The certificate at the beginning of a chain.

    Raises:
        CertificateError: there is none.
    """
    try:
        leaf = x509.load_pem_x509_certificates(chain.encode())[0]
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound) as error:
        raise CertificateError("what the authority sent is no certificate") from error
    return Certificate(
        names=tuple(sorted(names.get_values_for_type(x509.DNSName))),
        begins_at=round(leaf.not_valid_before_utc.timestamp() * 1_000),
        ends_at=round(leaf.not_valid_after_utc.timestamp() * 1_000),
    )


def belongs(chain: str, key: bytes) -> bool:
    """Whether a chain begins with the certificate of a key."""
    leaf = x509.load_pem_x509_certificates(chain.encode())[0]
    return leaf.public_key() == load_pem_private_key(key, None).public_key()


def new_key() -> bytes:
    """A key, P-256 as PEM."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Folder:
    """The folder of certificates."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def current(self) -> Path:
        """Where the newest lies: what a web server is told."""
        return self.path / CURRENT

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether nobody else makes a certificate here, until the block ends; raises OSError."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(self.path / "lock") as mine:
            yield mine

    def newest(self) -> Certificate | None:
        """The newest, if there is one with its key."""
        try:
            chain = (self.current / CHAIN).read_text(encoding="utf-8")
            key = (self.current / KEY).read_bytes()
            return parsed(chain) if belongs(chain, key) else None
        except (OSError, ValueError, CertificateError):
            return None

    def account(self, name: str) -> bytes:
        """The key of an account, made where there is none, as PEM. Lasts before it returns."""
        path = self.path / f"account-{name}.pem"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            key = new_key()
            _write(path, key)
            return key

    def untold(self) -> Path | None:
        """The file that says that the web server was not told of the newest; None: it was.

        Whoever has told it removes that file. It belongs to one certificate: one that is kept
        meanwhile has another.
        """
        try:
            path = self.current.resolve(strict=True) / UNTOLD
        except OSError:
            return None
        return path if path.exists() else None

    def keep(self, mark: str, chain: str, key: bytes) -> None:
        """Make this the newest, in one step that lasts before it returns.

        The one before it stays, which a web server that was not told yet may still read. All else
        goes. The web server counts as not told, see `untold`.

        Args:
            mark: names it, as no other.
            chain: the certificate and those above it, as PEM.
            key: of it, as PEM.

        Raises:
            OSError: it can't be written.
        """
        folder = self.path / f"at-{mark}"
        folder.mkdir(mode=0o700, exist_ok=True)
        _write(folder / KEY, key)
        _write(folder / CHAIN, chain.encode())
        _write(folder / UNTOLD, b"")
        former = self.current.resolve().name
        link = self.path / f".{CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)
        link.replace(self.current)
        _settle(self.path)
        for old in self.path.glob("at-*"):
            if old.name not in {folder.name, former}:
                shutil.rmtree(old, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _settle(path.parent)


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
