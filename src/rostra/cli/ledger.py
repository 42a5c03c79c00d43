"""`rostra ledger`: check the record of decisions, and sign its end."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.operators import file_text, run, written_time
from rostra.kernel import ed25519
from rostra.network.edge import Services
from rostra.safety.ledger import audit, checkpoints, keys, sign
from rostra.safety.ledger.checkpoints import Checkpoint

app = App(name="ledger", help="The record of decisions: check it, sign its end.")

_SHOWN = 50


@app.command
def verify(
    *,
    kept: Annotated[
        tuple[Path, ...],
        Parameter(help="A file with checkpoints that somebody kept; may be given several times."),
    ] = (),
    key: Annotated[
        tuple[str, ...],
        Parameter(help="A public key of before, as 64 hexadecimal digits."),
    ] = (),
    where: Where | None = None,
) -> None:
    """Read the whole ledger again: is anything changed, gone, added, or in another place?

    Says what, and in which line. Status 1 where something is wrong. Only a checkpoint that was kept
    elsewhere shows that the end was cut off, or all of it written anew.
    """
    more_keys = [_public(text) for text in key]
    points = [point for path in kept for point in _points(path)]
    own = (checkpoints.read_text(text) for text in sign.copies(settings_of(where).data_dir))
    points += [point for point in own if point is not None]

    async def work(services: Services) -> None:
        found = await audit.audit(services, more_keys=more_keys, kept=points)
        for finding in found.findings[:_SHOWN]:
            say(f"line {finding.seq}: {finding.fault.value}: {finding.text}")
        if len(found.findings) > _SHOWN:
            say(f"and {len(found.findings) - _SHOWN} more")
        head = found.head
        say(f"{head.seq} lines, the last of {written_time(head.at)} with hash {head.hash.hex()}")
        say(
            f"{found.records} records are what was written down, {found.erased} are erased; "
            f"{found.points} checkpoints, the newest covers line {found.covered}"
        )
        if found.findings:
            stop(f"{len(found.findings)} things are wrong")
        say("nothing is wrong")

    run(where, work)


@app.command
def checkpoint(*, where: Where | None = None) -> None:
    """Sign the end of the ledger now, and print what was signed. Keep it elsewhere."""

    async def work(services: Services) -> None:
        point = await sign.sign_now(services)
        if point is None:
            stop("the ledger has no line yet")
        say(checkpoints.whole_text(point).rstrip("\n"))

    run(where, work)


@app.command(name="key")
def show_key(*, where: Where | None = None) -> None:
    """Print the public key, with which anybody can check the checkpoints."""

    async def work(services: Services) -> None:
        public = keys.public_key(services)
        say(f"{public.hex()}  key {ed25519.key_id(public)} of {sign.origin(services)}")

    run(where, work)


def _public(text: str) -> bytes:
    public = keys.read_public(text)
    if public is None:
        stop(f"{text!r} is no public key: 64 hexadecimal digits")
    return public


def _points(path: Path) -> list[Checkpoint]:
    found = []
    for text in sign.split(file_text(path)):
        point = checkpoints.read_text(text)
        if point is None:
            stop(f"{path} holds something that is no checkpoint: {text[:60]!r}")
        found.append(point)
    return found
