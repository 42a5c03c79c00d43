"""Keys that are not in the database: files of the data directory, made when first needed."""

import os
import secrets
from pathlib import Path
from typing import Final

BYTES: Final = 32


def kept(path: Path) -> bytes:
    """The key in the file, which is made first where it is not there; whoever is first wins.

    Raises:
        OSError: it can't be read or made, or is no key.
    """
    if not path.exists():
        new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(BYTES))
            os.fsync(descriptor)
            os.link(new, path)
        except FileExistsError:
            pass
        finally:
            os.close(descriptor)
            new.unlink()
    key = path.read_bytes()
    if len(key) != BYTES:
        raise OSError(f"{path} is not a key")
    return key
