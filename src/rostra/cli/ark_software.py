"""`rostra ark software`: the program itself, to be kept beside the paper key."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rostra.cli.common import say, stop
from rostra.hosting.ark.software import write_software


def software(
    file: Annotated[Path, Parameter(help="The archive that is written; a tar.")],
    /,
) -> None:
    """Write what runs here as wheels with a lock file, to install it where no registry is.

    The copies of the ark have the same; this is for the shelf with the paper key, as a copy opens
    only by this program.
    """
    if file.exists():
        stop(f"{file} is there already")
    try:
        wheels = write_software(file)
    except OSError as error:
        stop(f"{error.filename or file}: {error.strerror or error}")
    size = file.stat().st_size / (1 << 20)
    say(f"{file}: {len(wheels):,} wheels, {size:,.1f} MiB; the file README in it says what to do")
