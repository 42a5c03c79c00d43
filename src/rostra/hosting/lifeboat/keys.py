"""The keys of the lifeboat: what seals the extract stays with the network, what opens it does not.

`rostra lifeboat init` makes them. The network keeps the data key of the extract and for whom it is
wrapped, in its data directory, so that it moves along with it. The lifeboat is given a file of its
own, its *berth*: whose extract it shows, who signs, and the one secret key that opens it.
"""

import os
import secrets
from pathlib import Path
from typing import Final

import msgspec
import pyrage

from rostra.hosting.ark.keys import KeysError, new_paper_key, wrap
from rostra.hosting.ark.seal import KEY_BYTES
from rostra.kernel import ed25519

FILE: Final = "lifeboat.json"


class FeedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What the network keeps. Its text shows no key.

    Attributes:
        data: what seals the extract; hexadecimal digits.
        recipient: of age, who opens it.
        wrapped: `data` for the recipient; hexadecimal digits.
    """

    data: str
    recipient: str
    wrapped: str

    def __repr__(self) -> str:
        """For whom they are."""
        return f"FeedKeys(recipient={self.recipient!r})"

    @property
    def data_key(self) -> bytes:
        """What seals."""
        return bytes.fromhex(self.data)


class Berth(msgspec.Struct, frozen=True, kw_only=True):
    """What a lifeboat is given. Its text shows no secret.

    Attributes:
        domain: whose extract it shows.
        base_url: the address of the network, without a slash at the end.
        title: what the network is called, until a head says so.
        signer: the public key of the ark, in hexadecimal digits; nothing else is believed.
        notices: the public key of the operator's notices.
        secret: of age; opens the extract.
    """

    domain: str
    base_url: str
    title: str
    signer: str
    notices: str
    secret: str

    def __repr__(self) -> str:
        """Whose it is."""
        return f"Berth(domain={self.domain!r})"


def make(data_dir: Path) -> tuple[FeedKeys, str]:
    """Make the keys of the extract and keep them; beside them the secret of the lifeboat.

    Raises:
        KeysError: there are keys already.
        OSError: they can't be written.
    """
    made, secret = new()
    keep(data_dir, made)
    return made, secret


def new() -> tuple[FeedKeys, str]:
    """Keys of an extract that nobody keeps yet, and the secret of its lifeboat."""
    secret, recipient = new_paper_key()
    data = secrets.token_bytes(KEY_BYTES)
    wrapped = wrap(data, (recipient,)).hex()
    return FeedKeys(data=data.hex(), recipient=recipient, wrapped=wrapped), secret


def keep(data_dir: Path, made: FeedKeys, *, again: bool = False) -> None:
    """Keep the keys of the extract.

    Args:
        data_dir: of the network.
        made: the keys.
        again: in the place of those that are there; the extract is made anew with them.

    Raises:
        KeysError: there are keys already.
        OSError: they can't be written.
    """
    path = data_dir / FILE
    if path.exists() and not again:
        raise KeysError(
            f"there is a lifeboat already: its keys are in {path} "
            "(--again makes new ones, and the lifeboat there is of no use any more)"
        )
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    write_secret(fresh, msgspec.json.encode(made))
    fresh.replace(path)


def kept(data_dir: Path) -> FeedKeys | None:
    """The keys of the extract; None: this network has no lifeboat.

    Raises:
        KeysError: they can't be read.
    """
    path = data_dir / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=FeedKeys)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise KeysError(f"{path} can't be read: {error}") from error


def berth_from(path: Path) -> Berth:
    """What a lifeboat was given.

    Raises:
        KeysError: the file is none of a lifeboat.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Berth)
    except (OSError, msgspec.MsgspecError) as error:
        raise KeysError(f"{path} is no file of a lifeboat: {error}") from error


def unwrap(wrapped: str, secret: str) -> bytes:
    """The data key of an extract, opened with the lifeboat's secret.

    Raises:
        KeysError: it does not open it.
    """
    try:
        identity = pyrage.x25519.Identity.from_str(secret.strip())
        found = bytes(pyrage.decrypt(bytes.fromhex(wrapped), [identity]))
    except (pyrage.IdentityError, pyrage.DecryptError, ValueError) as error:
        raise KeysError("the key of this lifeboat does not open the extract") from error
    if len(found) != KEY_BYTES:
        raise KeysError("what the key of this lifeboat opens is no key of an extract")
    return found


def new_notice_key() -> tuple[str, str]:
    """A key that signs notices, and its public half; hexadecimal digits."""
    private = ed25519.new_key()
    return private.hex(), ed25519.public_of(private).hex()


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, and that was not there.

    Raises:
        OSError: it is there, or can't be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
