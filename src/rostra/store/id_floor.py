"""From when on a restored copy gives ids: none that the installation before it may have given."""

import os
from pathlib import Path
from typing import Final

FILE: Final = "ids-since"


def read(data_dir: Path) -> int:
    """UTC ms that no id is older than; 0: it was never restored.

    Raises:
        ValueError: the file holds something else.
    """
    try:
        return int((data_dir / FILE).read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0


def raise_to(data_dir: Path, at_ms: int) -> None:
    """Give no id older than this from the next start on. Lasts before it returns.

    Raises:
        OSError: it can't be written.
    """
    if at_ms <= read(data_dir):
        return
    new = data_dir / f".{FILE}"
    with new.open("w", encoding="ascii") as file:
        file.write(f"{at_ms}\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(data_dir / FILE)
