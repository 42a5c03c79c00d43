"""One rehearsal in one way: events in the order of time, each through the verbs of the house."""

import heapq
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from rostra.cli.rehearse.desk import DESKS
from rostra.cli.rehearse.mail import Mail
from rostra.cli.rehearse.measure import Left, Outcome, measured
from rostra.cli.rehearse.place import Place, opened
from rostra.cli.rehearse.plan import PEOPLE, START, Plan, Way, next_start, on_duty
from rostra.cli.rehearse.screened import Screener
from rostra.cli.rehearse.world import Letter, Told, make
from rostra.kernel.errors import NotFound
from rostra.safety.cases import access as cases_access
from rostra.safety.categories.model import Category, Sender
from rostra.safety.reports.file import report
from rostra.safety.reports.model import Said

Happening = Callable[[], Awaitable[None]]


class Rehearsal:
    """The week of one team."""

    def __init__(self, place: Place, way: Way) -> None:
        self._place, self._way = place, way
        self._plan = place.world.plan
        self._mail = Mail(place)
        self._desk = DESKS[way](place, self._mail)
        self._screener = Screener(place) if way is Way.SCREENED else None
        self._idle = set(range(PEOPLE))
        self._heap: list[tuple[int, int, Happening]] = []
        self._count = 0
        self.report_ids: list[int] = []
        self.too_late = 0

    async def run(self) -> None:
        """From the first minute to the last."""
        world = self._place.world
        if self._screener is not None:
            for number, post in enumerate(world.posts):
                if post.at >= START:
                    self._at(post.at, partial(self._written, self._screener, number))
        for told in world.told:
            self._at(told.at, partial(self._told, told))
        for letter in world.letters:
            self._at(letter.at, partial(self._letter, letter))
        for person in range(PEOPLE):
            self._at(next_start(self._plan.shifts, person, START - 1), self._nothing)
        while self._heap and self._heap[0][0] < self._plan.end:
            at, _, happen = heapq.heappop(self._heap)
            self._place.clock.set(at)
            await happen()
            await self._place.work()
            await self._staff()
        self._place.clock.set(self._plan.end)

    def _at(self, at: int, happen: Happening) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, happen))

    async def _nothing(self) -> None:
        """A shift begins."""

    async def _staff(self) -> None:
        """Whoever is there and has nothing to do takes what comes next."""
        now = self._place.clock.now()
        for person in sorted(self._idle):
            if not on_duty(self._plan.shifts, person, now):
                continue
            work = await self._desk.next(person)
            if work is None:
                return
            self._idle.discard(person)
            self._desk.counts.busy_ms += work.takes
            self._at(now + work.takes, partial(self._done, person, work.finish))

    async def _done(self, person: int, finish: Happening) -> None:
        await finish()
        await self._place.work()
        await self._mail.look()
        self._idle.add(person)
        now, shifts = self._place.clock.now(), self._plan.shifts
        if not on_duty(shifts, person, now):
            self._at(next_start(shifts, person, now), self._nothing)

    async def _written(self, screener: Screener, number: int) -> None:
        self._desk.came(await screener.written(number))

    async def _told(self, told: Told) -> None:
        place, places = self._place, self._place.places
        plain = told.category is Category.OTHER
        said = Said(
            source=Sender.MEMBER,
            reporter_id=places.accounts[told.reporter],
            target_account_id=places.accounts[place.world.posts[told.post].author],
            post_ids=(places.posts[told.post],),
            category=None if plain else told.category,
            wire_category="violation" if plain else "",
        )
        try:
            async with place.db.write() as tx:
                filed = await report(place.services, tx, said)
                cases = await cases_access.cases_of_reports(tx, [filed.row.id])
        except NotFound:  # it is removed: nobody sees it any more
            self.too_late += 1
            return
        self.report_ids.append(filed.row.id)
        self._desk.came(cases[filed.row.id])

    async def _letter(self, letter: Letter) -> None:
        self._desk.came(await self._mail.arrive(letter))

    async def outcome(self) -> Outcome:
        """What came of it."""
        screener = self._screener
        left = Left(
            report_ids=[*self.report_ids, *self._mail.report_ids],
            too_late=self.too_late,
            letters=self._mail.letters,
            counts=self._desk.counts,
            case_ids=screener.case_ids if screener else [],
            alarms=screener.alarms() if screener else 0,
        )
        return await measured(self._place, self._plan.begins(self._way), left)


async def rehearse(plan: Plan, way: Way, path: Path | None = None) -> Outcome:
    """Go through the week in one way, in an empty folder; in a temporary one without."""
    world = make(plan)
    async with opened(plan, world, path) as place:
        rehearsal = Rehearsal(place, way)
        await rehearsal.run()
        return await rehearsal.outcome()
