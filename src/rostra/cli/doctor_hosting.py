"""What `rostra doctor` says of leaving the host: the fence, and copies elsewhere."""

import time

from rostra.cli.ark_copies import told_of_media
from rostra.cli.findings import Finding, Findings
from rostra.hosting.ark.jobs import Last, last
from rostra.hosting.ark.log.installation import is_sent
from rostra.hosting.ark.log.state import LogState, told
from rostra.hosting.drill.results import standing
from rostra.hosting.fence.installation import lease_of, places_of
from rostra.hosting.places.file import PlacesError, shared_parties
from rostra.settings import Settings

_LATE_MS = 60_000


async def fence(settings: Settings) -> Findings:
    """Whether a copy could write beside this installation, and whether this one may write."""
    if settings.hosting.places is None:
        advice = "`hosting.places` names stores elsewhere; see docs/fence.md"
        yield Finding("ok", "fence", "none: nothing keeps a copy from writing as well", advice)
        return
    try:
        lease = lease_of(settings)
        places = places_of(settings)
    except (OSError, PlacesError) as error:
        yield Finding("fail", "fence", str(error), "correct the file that `hosting.places` names")
        return
    for sentence in shared_parties(places, settings.hosting.party):
        advice = "a place of another party helps where this one is lost"
        yield Finding("warn", "places", sentence, advice)
    if lease is not None and lease.holds():
        yield Finding("ok", "fence", f"held by epoch {lease.term().epoch}")
    else:
        advice = "`rostra fence status` asks the places who holds it"
        yield Finding("warn", "fence", "not held: this installation is read-only", advice)


async def copies(settings: Settings) -> Findings:
    """Whether there are copies elsewhere that are new enough."""
    if settings.hosting.places is None:
        return
    advice = "`rostra ark init`, then `rostra ark copy`; see docs/ark.md"
    known = last(settings.data_dir)
    if known.why:
        yield Finding("warn", "ark", f"the last copy came to nothing: {known.why}", advice)
    if not known.mark:
        yield Finding("warn", "ark", "there is no copy elsewhere", advice)
        return
    hours = (time.time() * 1_000 - known.made_at) / 3_600_000
    old = settings.hosting.copy_hours and hours > 2 * settings.hosting.copy_hours
    text = f"the newest copy is {hours:.1f} h old, at {', '.join(known.places)}"
    yield Finding("warn" if old else "ok", "ark", text, "`rostra ark copy`" if old else "")
    async for finding in _log(settings, known):
        yield finding
    for sentence in told_of_media(settings, int(time.time() * 1_000)):
        yield Finding("warn", "ark", sentence, "is a server running? `rostra ark status`")
    for name, why in known.failed.items():
        yield Finding("warn", "ark", f"{name} has not got it: {why}", "`rostra ark probe`")
    for fault in known.stays:
        text = f"copies that are too old, with what was deleted since, stay: {fault}"
        yield Finding("warn", "ark", text, "let the keys of the place delete; `rostra ark prune`")


async def _log(settings: Settings, known: Last) -> Findings:
    """Whether what is written gets elsewhere within seconds."""
    if not is_sent(settings):
        advice = "`hosting.log_s` sends what is written at once (SQLite)"
        yield Finding("warn", "ark", "what is written after it is not sent", advice)
        return
    now, standing = int(time.time() * 1_000), LogState(settings.data_dir).standing()
    if standing is None:
        yield Finding("warn", "ark", "the log was never sent", "start the server again")
        return
    late = standing.lag_ms(now) > _LATE_MS
    for number, sentence in enumerate(told(standing, now)):
        if late or number:
            yield Finding("warn", "ark", sentence, "`rostra ark status`")
        else:
            yield Finding("ok", "ark", sentence)
    names = [place.name for place in places_of(settings)]
    if not known.carries(standing.run, names):
        why = standing.begun_why if standing.run != known.run else "too few places have the last"
        text = f"log: it needs a new copy, because {why}"
        yield Finding("warn", "ark", text, "the server makes one; `rostra ark copy`")


async def drills(settings: Settings) -> Findings:
    """Whether the newest copy was a network when it was last tried, and when that was."""
    if settings.hosting.places is None or not last(settings.data_dir).mark:
        return
    now = round(time.time() * 1_000)
    known = standing(settings.data_dir, now, settings.hosting.drill_hours)
    advice = "" if known.good else "`rostra drill`; see docs/drill.md"
    yield Finding("ok" if known.good else "warn", "drill", known.text, advice)
