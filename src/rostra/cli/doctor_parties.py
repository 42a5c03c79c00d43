"""What `rostra doctor` says of the parties that the place depends on."""

import time

from rostra.app import Ports, build
from rostra.cli.findings import Finding, Findings
from rostra.hosting.parties.ledger import known_of, lines, noted
from rostra.hosting.parties.model import WORDS, Line, Noted
from rostra.hosting.places.file import PlacesError
from rostra.settings import Settings
from rostra.store.schema import HEAD, current_revision, failures


async def parties(settings: Settings) -> Findings:
    """Who has no second, and what was not rehearsed for long.

    Silent on what nobody has begun: an installation without places and without a note.
    """
    try:
        known = known_of(settings)
    except PlacesError:  # the line on the fence says so
        return
    found = await _noted(settings)
    if not found and not known.stores:
        advice = "`rostra parties set`; see docs/parties.md"
        yield Finding("ok", "parties", "nobody is noted: no party has a second", advice)
        return
    wrong = False
    for line in lines(known, found, round(time.time() * 1_000)):
        if line.faults:
            wrong = True
            yield Finding("warn", "parties", _told(line), f"`rostra parties set {line.kind.value}`")
    if not wrong:
        yield Finding("ok", "parties", "each has a second, and was rehearsed")


def _told(line: Line) -> str:
    name = f": {line.party}" if line.party else ""
    return f"{WORDS[line.kind]}{name}: {'; '.join(line.faults)}"


async def _noted(settings: Settings) -> list[Noted]:
    try:
        if await current_revision(settings.database_url) != HEAD:
            return []
        app = build(settings, Ports(alone=True))
        try:
            async with app.services.db.read() as reader:
                return await noted(reader)
        finally:
            await app.close()
    except failures():
        return []
