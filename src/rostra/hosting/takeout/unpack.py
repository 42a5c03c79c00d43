"""An export is opened, and looked through before anything is done with it."""

import contextlib
import hashlib
import os
import shutil
import stat
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec
import pyrage

from rostra.hosting.signed import UNREADABLE
from rostra.hosting.takeout.model import (
    FORMAT,
    MANIFEST,
    VERSION,
    File,
    Manifest,
    Medium,
    TakeoutError,
    Tell,
    checked_path,
    lines_in,
    media_path,
)
from rostra.hosting.takeout.passing import passing
from rostra.store.blobs import is_key
from rostra.store.migrate import revisions

_PIECE: Final = 1 << 20
_SEALED: Final = b"age-encryption.org/"
_LONGEST_MANIFEST: Final = 16 << 20
# No link is followed, and no pipe waited for.
_AS_IT_IS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def opened(export: Path, room: Path, secret_lines: str = "") -> Iterator[Path]:
    """The folder of an export; what is one file is unpacked into a folder that is gone afterwards.

    Args:
        export: a folder, a tar archive, or a sealed one.
        room: where a folder can be made.
        secret_lines: secret keys of age, one of which opens it.

    Raises:
        TakeoutError: it is none of these, or can't be opened with any of the keys.
        OSError: it can't be read, or not be unpacked.
    """
    if export.is_dir():
        yield export
        return
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    with passing(room, ".importing-") as folder:
        with export.open("rb") as file:
            sealed = file.read(len(_SEALED)) == _SEALED
            file.seek(0)
            with _unsealed(file, secret_lines) if sealed else contextlib.nullcontext(file) as plain:
                _unpack(plain, folder)
        yield folder


def _unpack(file: IO[bytes], folder: Path) -> None:
    """Write the files of a tar archive into a folder: plain ones, of names that there can be."""
    try:
        with tarfile.open(fileobj=file, mode="r|") as tar:
            for member in tar:
                # A sparse file could be far larger than what there is of it.
                if not member.isreg() or member.issparse():
                    raise TakeoutError(f"{member.name[:80]!r} is no plain file")
                path = folder / checked_path(member.name)
                content = tar.extractfile(member)
                if content is not None:
                    _write(content, path)
    except (tarfile.TarError, FileExistsError) as error:
        raise TakeoutError(f"this is no export: {error}") from error


def _write(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, _PIECE)


@contextmanager
def _unsealed(file: IO[bytes], secret_lines: str) -> Iterator[IO[bytes]]:
    """What a sealed file holds, read as it is opened."""
    identities = []
    for line in secret_lines.splitlines():
        with contextlib.suppress(pyrage.IdentityError):
            identities.append(pyrage.x25519.Identity.from_str(line.strip()))
    if not identities:
        raise TakeoutError("it is sealed: name a file with a secret key of age, --key")
    outlet, inlet = os.pipe()
    faults: list[Exception] = []

    def unseal() -> None:
        with contextlib.suppress(BrokenPipeError), os.fdopen(inlet, "wb") as writer:
            try:
                pyrage.decrypt_io(file, writer, identities)
            except Exception as error:  # noqa: BLE001 (told where it is waited for)
                faults.append(error)

    thread = threading.Thread(target=unseal, name="rostra-unseal")
    thread.start()
    try:
        with os.fdopen(outlet, "rb", buffering=_PIECE) as reader:
            yield reader
            while reader.read(_PIECE):  # what comes behind the archive is opened as well
                pass
    except TakeoutError:
        if not faults:
            raise
    finally:
        thread.join()
    if faults:
        raise TakeoutError(f"it does not open: {faults[0]}")


def look_through(folder: Path, tell: Tell) -> Manifest:
    """Check every hash of an export.

    Args:
        folder: with it.
        tell: is called with bytes that were read since the last call, and what comes next.

    Raises:
        TakeoutError: it was made by a newer program, or something in it is not what it was.
        OSError: it can't be read.
    """
    manifest = _manifest(folder)
    for file in (*(each for each in manifest.tables), *manifest.files, manifest.media):
        _check(folder, file, tell)
    count = size = 0
    for medium in media_of(folder, manifest):
        count, size = count + 1, size + medium.size
        if manifest.media.held:
            path = media_path(medium.sha256)
            _check(folder, File(path=path, size=medium.size, sha256=medium.sha256), tell)
    if (count, size) != (manifest.media.count, manifest.media.content_bytes):
        raise TakeoutError(f"{manifest.media.path} does not list what the manifest has counted")
    return manifest


def media_of(folder: Path, manifest: Manifest) -> Iterator[Medium]:
    """The list of media; raises TakeoutError at one that is none."""
    decode = msgspec.json.Decoder(Medium).decode
    with (folder / manifest.media.path).open("rb") as file:
        for number, line in enumerate(lines_in(file, manifest.media.path), 1):
            try:
                medium = decode(line)
            except UNREADABLE as error:
                told = f"{manifest.media.path}, line {number}: {error}"
                raise TakeoutError(told) from error
            if not is_key(medium.key):
                raise TakeoutError(f"{manifest.media.path}, line {number}: no key of a medium")
            yield medium


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    if not path.is_file():
        raise TakeoutError("this is no export, or one that was cut short: it has no manifest.json")
    try:
        with path.open("rb") as file:
            found = msgspec.json.decode(file.read(_LONGEST_MANIFEST), type=Manifest)
    except UNREADABLE as error:
        raise TakeoutError(f"{MANIFEST}: {error}") from error
    if found.format != FORMAT:
        raise TakeoutError(f"{MANIFEST}: the format is {found.format[:40]!r}, not {FORMAT}")
    if found.version > VERSION or found.revision not in revisions():
        told = f"version {found.version}, schema {found.revision}"
        raise TakeoutError(f"a newer Rostra than this has made it ({told})")
    return found


def _check(folder: Path, file: File, tell: Tell) -> None:
    """A file is what the manifest says of it."""
    hashed, size = hashlib.sha256(), 0
    try:
        descriptor = os.open(folder / checked_path(file.path), _AS_IT_IS)
    except OSError as error:
        raise TakeoutError(f"{file.path} is missing: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as content:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise TakeoutError(f"{file.path} is no plain file")
        while piece := content.read(_PIECE):
            hashed.update(piece)
            size += len(piece)
            tell(len(piece), file.path)
    if size != file.size or hashed.hexdigest() != file.sha256:
        raise TakeoutError(f"{file.path} is not what it was when it was exported")
