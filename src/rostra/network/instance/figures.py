"""How many there are and what goes on, for the pages and documents that show it."""

import asyncio
from weakref import WeakKeyDictionary

import msgspec

from rostra.kernel import ids
from rostra.kernel.clock import DAY, MINUTE
from rostra.network.edge import Database, Reader, Services
from rostra.network.instance import queries

_KEPT_MS = 10 * MINUTE
_WEEK = 7 * DAY
_WEEKS = 12
_MONTH_DAYS = 30
_HALFYEAR_DAYS = 180
# The Unix epoch was a Thursday; Mastodon's weeks start on Monday.
_MONDAY_OFFSET = 3 * DAY


class Week(msgspec.Struct, frozen=True):
    """What happened in one week that starts at ``starts_at`` (UTC ms)."""

    starts_at: int
    posts: int
    sign_ins: int
    registrations: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the place, at most ten minutes old."""

    counted_at: int
    members: int
    active_month: int
    active_halfyear: int
    posts: int


class _Known:
    """What a process has counted of one database."""

    def __init__(self) -> None:
        self.figures: Figures | None = None
        self.weeks: tuple[Week, ...] = ()
        self.weeks_counted_at = 0
        self.counting = asyncio.Lock()  # all who ask meanwhile wait for the one who counts


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


async def figures(services: Services) -> Figures:
    """Members, those seen lately, and posts; counted off the event loop, by one at a time.

    It takes a connection of its own, so nobody asks who holds one.
    """
    known = _known.setdefault(services.db, _Known())
    async with known.counting:
        now = services.clock.now()
        if known.figures is None or now - known.figures.counted_at >= _KEPT_MS:
            known.figures = await _counted(services, now)
        return known.figures


async def _counted(services: Services, now: int) -> Figures:
    async def count(reader: Reader) -> Figures:
        today = now // DAY
        month = await reader.value(queries.SEEN_SINCE, day=today - _MONTH_DAYS)
        halfyear = await reader.value(queries.SEEN_SINCE, day=today - _HALFYEAR_DAYS)
        return Figures(
            counted_at=now,
            members=int(await reader.value(queries.MEMBERS, nowhere="")),
            active_month=int(month),
            active_halfyear=int(halfyear),
            posts=int(await reader.value(queries.POSTS, nowhere="")),
        )

    return await services.db.slowly(count)


async def weeks(services: Services) -> tuple[Week, ...]:
    """The last twelve weeks, the running one first; counted as :func:`figures` are."""
    known = _known.setdefault(services.db, _Known())
    async with known.counting:
        now = services.clock.now()
        if not known.weeks or now - known.weeks_counted_at >= _KEPT_MS:
            known.weeks, known.weeks_counted_at = await _weeks_until(services, now), now
        return known.weeks


async def _weeks_until(services: Services, now: int) -> tuple[Week, ...]:
    this_week = now - (now + _MONDAY_OFFSET) % _WEEK

    async def count(reader: Reader) -> tuple[Week, ...]:
        return tuple([await _week(reader, this_week - back * _WEEK) for back in range(_WEEKS)])

    return await services.db.slowly(count)


async def _week(reader: Reader, starts_at: int) -> Week:
    bounds = {"since": ids.floor_at(starts_at), "until": ids.floor_at(starts_at + _WEEK)}
    sessions = await reader.value(queries.SIGN_INS_BETWEEN, **bounds)
    apps = await reader.value(queries.APP_SIGN_INS_BETWEEN, **bounds)
    return Week(
        starts_at=starts_at,
        posts=int(await reader.value(queries.POSTS_BETWEEN, **bounds)),
        sign_ins=int(sessions) + int(apps),
        registrations=int(await reader.value(queries.JOINED_BETWEEN, nowhere="", **bounds)),
    )
