"""What all commands share: where a server's data and settings are, how to stop with a word."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

from cyclopts import Parameter

from rostra.settings import Settings, SettingsError, load

FAILED = 1


@Parameter(name="*")
@dataclass(frozen=True)
class Where:
    """The options of every command."""

    data: Annotated[
        Path | None,
        Parameter(help="Data directory; without it ROSTRA_DATA_DIR, or ./rostra-data."),
    ] = None
    config: Annotated[
        Path | None,
        Parameter(help="Settings file; without it rostra.toml in the data directory."),
    ] = None

    def arguments(self) -> list[str]:
        """The same options for another command."""
        given = [("--data", self.data), ("--config", self.config)]
        return [part for name, path in given if path for part in (name, str(path))]


def settings_of(where: Where | None) -> Settings:
    """The settings that a command works with; ends the program where one can't be used."""
    where = where or Where()
    try:
        return load(data=where.data, config=where.config)
    except SettingsError as error:
        stop(str(error))


def say(text: str) -> None:
    """Print one line on standard output, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(text: str) -> NoReturn:
    """End the program with a message for people on standard error and status 1."""
    sys.stderr.write(f"rostra: {text}\n")
    raise SystemExit(FAILED)


@contextmanager
def ended_from_outside(status: int) -> Iterator[None]:
    """SIGTERM ends the block as an exception does: what is to be gone afterwards is gone.

    Args:
        status: that the program ends with then.
    """

    def leave(_number: int, _frame: FrameType | None) -> None:
        sys.exit(status)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
