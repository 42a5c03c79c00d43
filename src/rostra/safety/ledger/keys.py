"""The key that signs the ledger: not in the database, for whoever can write there can't sign."""

import os
import re
import secrets
from pathlib import Path
from typing import Final

from rostra.kernel import ed25519
from rostra.kernel.errors import Unavailable
from rostra.safety.edge import Services

FILE: Final = "ledger.key"
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_keys: dict[Path, bytes] = {}


def private_key(services: Services) -> bytes:
    """The key; made when it is first asked for.

    Raises:
        Unavailable: it can't be read or made.
    """
    settings = services.settings
    if settings.ledger.key:
        return bytes.fromhex(settings.ledger.key)
    path = settings.data_dir / FILE
    if path not in _keys:
        try:
            _keys[path] = _kept(path)
        except (OSError, ValueError) as error:
            safe = "The key of the ledger can't be read"
            raise Unavailable(inside=f"{path}: {error}", safe=safe) from error
    return _keys[path]


def public_key(services: Services) -> bytes:
    """What anybody checks signatures with. Raises as :func:`private_key`."""
    return ed25519.public_of(private_key(services))


def forget(services: Services) -> None:
    """Read the key anew when it is next asked for. Other processes go on with what they know."""
    _keys.pop(services.settings.data_dir / FILE, None)


def read_public(text: str) -> bytes | None:
    """A public key that somebody names in hexadecimal digits; None for anything else."""
    text = text.strip()
    return bytes.fromhex(text) if _HEX.fullmatch(text) else None


def _kept(path: Path) -> bytes:
    """The key in the file, which is made first where it is not there; whoever is first wins."""
    if not path.exists():
        new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, f"{ed25519.new_key().hex()}\n".encode())
            os.fsync(descriptor)
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            os.close(descriptor)
            new.unlink()
    text = path.read_text(encoding="ascii").strip()
    if not _HEX.fullmatch(text):
        raise ValueError("it holds no key")
    return bytes.fromhex(text)
