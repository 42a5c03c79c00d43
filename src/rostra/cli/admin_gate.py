"""`rostra admin gate`: stop writes, jobs, or all that leaves the server, and let it go on again.

Works without the database and on a running server: the gates are files that all its processes see.
"""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from rostra.cli.common import Where, say, settings_of, stop
from rostra.store.gates import (
    EVERY_CHANNEL,
    Closing,
    EgressGate,
    Gate,
    WriteGate,
    file_channels,
    file_gates,
    jobs_gate,
)

gate_app = App(name="gate", help="Stop writes, jobs, or all that leaves the server.")

Which = Annotated[
    Literal["write", "egress", "jobs"],
    Parameter(
        help="`write`: every change. `egress`: mail, fetches and all else that goes out."
        " `jobs`: no job begins; those that run go on."
    ),
]
Channel = Annotated[
    str, Parameter(help="Only this part of what goes out: `mail` or `fetch`, for instance.")
]
_LONGEST_WAIT = 86_400


@gate_app.command
def status(*, where: Where | None = None) -> None:
    """Say whether the gates are open, and why one is closed. Status 1 where one is closed."""
    folder, write, egress = _gates(where)
    closed = [_told("write", write.closing()), _told("egress", egress.closing())]
    if egress.closing() is None:
        channels = file_channels(folder)
        closed += [_told(f"egress {name}", egress.closing(name)) for name in channels]
    closed.append(_told("jobs", _jobs(folder).closing()))
    if any(closed):
        raise SystemExit(1)


@gate_app.command
def close(
    which: Which,
    *,
    message: Annotated[str, Parameter(help="Why; a sentence that everybody may read.")],
    wait: Annotated[int, Parameter(help="Seconds after which clients may ask again.")] = 60,
    channel: Channel = EVERY_CHANNEL,
    where: Where | None = None,
) -> None:
    """Close a gate for all processes at once. It stays closed until it is opened.

    Reads go on. A write is answered with 503, the message and `Retry-After`; jobs wait.
    """
    text = " ".join(message.split())
    if not text:
        stop("say why with --message: it is what members read")
    if not 1 <= wait <= _LONGEST_WAIT:
        stop(f"--wait is a number of seconds from 1 to {_LONGEST_WAIT}")
    folder, write, egress = _gates(where)
    if which != "egress":
        _no_channel(channel)
        (write if which == "write" else _jobs(folder)).close(text, wait)
    else:
        _channel(egress, channel)
        egress.close(text, wait, channel=channel)
    _told(f"{which} {channel}".strip(), Closing(text, wait))


@gate_app.command(name="open")
def open_gate(
    which: Which, *, channel: Channel = EVERY_CHANNEL, where: Where | None = None
) -> None:
    """Open a gate again. A channel that was closed by itself is opened by itself."""
    folder, write, egress = _gates(where)
    if which != "egress":
        _no_channel(channel)
        (write if which == "write" else _jobs(folder)).open()
    else:
        _channel(egress, channel)
        egress.open(channel=channel)
    _told(f"{which} {channel}".strip(), None)


def _gates(where: Where | None) -> tuple[Path, WriteGate, EgressGate]:
    folder = settings_of(where).data_dir
    if not folder.is_dir():
        stop(f"there is no data directory {folder}; name it with --data")
    try:
        return folder, *file_gates(folder)
    except OSError as error:
        stop(f"{folder / 'gates'} can't be used: {error.strerror}")


def _jobs(folder: Path) -> Gate:
    try:
        return jobs_gate(folder)
    except OSError as error:
        stop(f"{folder / 'gates'} can't be used: {error.strerror}")


def _no_channel(channel: str) -> None:
    if channel:
        stop("only what goes out has channels; each other gate is one")


def _channel(egress: EgressGate, channel: str) -> None:
    try:
        egress.closing(channel)
    except ValueError as error:
        stop(str(error))


def _told(name: str, closing: Closing | None) -> bool:
    """Say how a gate is; whether it is closed."""
    if closing is None:
        say(f"{name}: open")
        return False
    say(f"{name}: closed ({closing.reason}; ask again after {closing.retry_after_s} s)")
    return True
