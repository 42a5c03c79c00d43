"""The note that the making of the demo's place leaves in the data directory."""

import os
from pathlib import Path

import msgspec

_NAME = "demo.json"


class SignIn(msgspec.Struct, frozen=True):
    """Somebody whose password is told."""

    role: str
    username: str
    email: str
    password: str


class Made(msgspec.Struct, frozen=True):
    """What came of it."""

    posts: int
    members: int
    sign_ins: list[SignIn]


def read_note(data_dir: Path) -> Made | None:
    """What was made in this data directory; None: nothing."""
    path = data_dir / _NAME
    return msgspec.json.decode(path.read_bytes(), type=Made) if path.exists() else None


def write_note(data_dir: Path, made: Made) -> None:
    """Leave the note; nobody else may read it."""
    path = data_dir / _NAME
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(made), indent=1))
