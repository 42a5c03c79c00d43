"""The keys of an ark: one that seals, wrapped to several people; one that signs.

Whoever runs the host has both, in the data directory. Everybody else who shall be able to open the
ark is a recipient of age (https://age-encryption.org): an operator, and a key on paper. No key
stands at the places.
"""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Final

import msgspec
import pyrage

from rostra.hosting.ark.seal import KEY_BYTES
from rostra.kernel import ed25519

FOLDER: Final = "ark"
FILE: Final = "keys.json"


class KeysError(Exception):
    """A key can't be used; the text says which and why."""


class NoKeys(KeysError):
    """There are none: nobody has made an ark here. Not that they can't be read."""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys as the host keeps them. Its text shows none of them.

    Attributes:
        data: what seals, in hexadecimal digits.
        signing: what signs manifests, in hexadecimal digits.
        recipients: of age, for whom it is wrapped.
        wrapped: that and the public half of `signing`; hexadecimal digits.
    """

    data: str
    signing: str
    recipients: tuple[str, ...]
    wrapped: str

    def __repr__(self) -> str:
        """Whose they are."""
        return f"Keys(recipients={self.recipients})"

    @property
    def data_key(self) -> bytes:
        """What seals."""
        return bytes.fromhex(self.data)

    @property
    def signing_key(self) -> bytes:
        """What signs."""
        return bytes.fromhex(self.signing)

    @property
    def public(self) -> str:
        """What checks signatures, in hexadecimal digits."""
        return ed25519.public_of(self.signing_key).hex()

    @property
    def opened(self) -> "Opened":
        """What a recipient's key would open."""
        return Opened(self.data_key, self.public)


def new_paper_key() -> tuple[str, str]:
    """A key for paper: its secret line, and the recipient that belongs to it."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def make(data_dir: Path, recipients: tuple[str, ...]) -> Keys:
    """Make the keys of an ark, wrapped to these recipients, and keep them.

    Raises:
        KeysError: there are keys already, there is nobody to wrap to, or a recipient is none.
        OSError: they can't be written.
    """
    path = data_dir / FOLDER / FILE
    if path.exists():
        raise KeysError(f"there are keys already, in {path}")
    if not recipients:
        raise KeysError("nobody but the host could open it: name a recipient, or have a paper key")
    data, signing = secrets.token_bytes(KEY_BYTES), ed25519.new_key()
    keys = Keys(
        data=data.hex(),
        signing=signing.hex(),
        recipients=recipients,
        wrapped=wrap(data + ed25519.public_of(signing), recipients).hex(),
    )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(keys))
        file.flush()
        os.fsync(file.fileno())
    return keys


def are_there(data_dir: Path) -> bool:
    """Whether the host keeps keys, also where they can't be read."""
    return is_there(data_dir / FOLDER / FILE)


def is_there(path: Path) -> bool:
    """Whether something stands there, also where it is not ours to look at."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def kept(data_dir: Path) -> Keys:
    """The keys that the host keeps.

    Raises:
        NoKeys: there are none.
        KeysError: they can't be read.
    """
    path = data_dir / FOLDER / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Keys)
    except FileNotFoundError as error:
        raise NoKeys("there is no ark yet: `rostra ark init` makes its keys") from error
    except (OSError, msgspec.MsgspecError) as error:
        raise KeysError(f"{path} can't be read: {error}") from error


def wrap(secret: bytes, recipients: tuple[str, ...]) -> bytes:
    """Something for these recipients of age.

    Raises:
        KeysError: one of them is none.
    """
    found = []
    for text in recipients:
        try:
            found.append(pyrage.x25519.Recipient.from_str(text.strip()))
        except pyrage.RecipientError as error:
            raise KeysError(f"{text!r} is no recipient of age (age1…): {error}") from error
    return bytes(pyrage.encrypt(secret, found))


class Opened(msgspec.Struct, frozen=True):
    """What a key of age has opened.

    Attributes:
        data: what seals.
        signer: the public key that signs; hexadecimal digits.
    """

    data: bytes
    signer: str


def unwrap(wrapped: bytes, secret_lines: str) -> Opened:
    """What is wrapped, opened with the secret keys in a text (AGE-SECRET-KEY-1…, # comments).

    Raises:
        KeysError: none of them opens it, or there is none.
    """
    identities = []
    for line in secret_lines.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        with contextlib.suppress(pyrage.IdentityError):
            identities.append(pyrage.x25519.Identity.from_str(line.strip()))
    if not identities:
        raise KeysError("there is no secret key of age (AGE-SECRET-KEY-1…) in it")
    try:
        found = bytes(pyrage.decrypt(wrapped, identities))
    except pyrage.DecryptError as error:
        raise KeysError("this key does not open this ark") from error
    if len(found) != KEY_BYTES + ed25519.KEY_BYTES:
        raise KeysError("what this key opens are no keys of an ark")
    return Opened(found[:KEY_BYTES], found[KEY_BYTES:].hex())
