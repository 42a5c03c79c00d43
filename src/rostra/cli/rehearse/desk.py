"""What people of the team do next, in one way or the other; each thing with how long it takes.

Both ways use the verbs that the console uses. The plain list knows no order but that of arrival and
looks at one report after the other; one about a post on which something is decided already is
closed with it and costs nothing.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple, Protocol

from rostra.cli.rehearse.mail import Mail
from rostra.cli.rehearse.place import Place
from rostra.cli.rehearse.plan import DECISION_MS, READ_MS, Way
from rostra.cli.rehearse.world import NOTHING_WRONG
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict
from rostra.network.credentials.model import Role
from rostra.safety.cases import access as cases_access
from rostra.safety.cases import work
from rostra.safety.cases.model import Case, CaseState
from rostra.safety.categories.model import Category
from rostra.safety.clusters import access as clusters_access
from rostra.safety.clusters.compare import Place as Standing
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import Action, ActionKind, Decision, DecisionState, Ruling
from rostra.safety.edge import Transaction
from rostra.safety.standing import access as standing_access
from rostra.safety.standing.cluster import decide_cluster
from rostra.safety.standing.stand import let_stand
from rostra.safety.team.model import Actor

_STANDS_MS: Final = 7 * DAY
_STANDS_FOR: Final = 5_000
_ON_A_PAGE: Final = 20  # outliers that are read at once; so many are decided within a request


class Work(NamedTuple):
    """Something that somebody does now: it is done so many ms later."""

    takes: int
    finish: Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Counts:
    """What people have done."""

    decisions: int = 0  # of cases that were read, one or a page of a cluster's outliers
    read: int = 0  # those cases
    clusters: int = 0  # decisions over many
    seconds: int = 0  # yes of a second person
    answers: int = 0
    busy_ms: int = 0
    by_time: list[int] = field(default_factory=list)  # when each decision was made

    @property
    def human(self) -> int:
        """All decisions that a person made."""
        return self.decisions + self.clusters + self.seconds


class Desk(Protocol):
    """A way to work."""

    counts: Counts

    def came(self, case_ids: Sequence[int]) -> None:
        """A report has come: these are its cases."""
        ...

    async def next(self, person: int) -> Work | None:
        """What somebody (0 to 2) does now; None: there is nothing to do."""
        ...


def really(place: Place, case: Case) -> int:
    """What is the matter with a post (a `Category`), or `NOTHING_WRONG`."""
    return place.world.posts[place.places.number_of[case.subject_id]].really


def ruling(place: Place, case: Case) -> Ruling:
    """What is decided about a case: people see what is really the matter, and are never wrong."""
    found = really(place, case)
    if found == NOTHING_WRONG:
        return Ruling(
            actions=(Action(kind=ActionKind.NONE),), category=Category(case.status.category)
        )
    return Ruling(
        actions=(Action(kind=ActionKind.REMOVE),),
        category=Category(found),
        facts="It was read and breaks a rule of this house.",
        strikes=1,
    )


class _Team:
    """What both ways share."""

    def __init__(self, place: Place, mail: Mail) -> None:
        self._place, self._mail = place, mail
        self.counts = Counts()

    def _actor(self, person: int) -> Actor:
        return Actor(self._place.places.team[person], Role.MODERATOR)

    def _answer(self, person: int) -> Work | None:
        """A letter of which everything is decided is answered."""
        answer = self._mail.ready(self._actor(person))
        if answer is None:
            return None
        self.counts.answers += 1
        return Work(*answer)

    def _look(self, person: int, case: Case) -> Work:
        async def finish() -> None:
            async with self._place.db.write() as tx:
                await self._decide(tx, person, [case])

        return Work(DECISION_MS, finish)

    async def _decide(self, tx: Transaction, person: int, cases: Sequence[Case]) -> None:
        """Decide about cases of which the same is true, each of which was read."""
        services, actor = self._place.services, self._actor(person)
        self.counts.decisions += 1
        self.counts.read += len(cases)
        self.counts.by_time.append(services.clock.now())
        what = ruling(self._place, cases[0])
        await deciding.decide(services, tx, actor, what, [case.id for case in cases])


class PlainList(_Team):
    """Reports in the order in which they came."""

    def __init__(self, place: Place, mail: Mail) -> None:
        super().__init__(place, mail)
        self._list: deque[int] = deque()

    def came(self, case_ids: Sequence[int]) -> None:
        """Put them at the end."""
        self._list.extend(case_ids)

    async def next(self, person: int) -> Work | None:
        """The oldest report that is open."""
        answer = self._answer(person)
        if answer is not None:
            return answer
        services, actor_id = self._place.services, self._actor(person).account_id
        while self._list:
            case_id = self._list.popleft()
            try:
                async with self._place.db.write() as tx:
                    case = await work.claim(services, tx, case_id, actor_id)
            except Conflict:  # decided already, or somebody looks at it
                continue
            return self._look(person, case)
        return None


class Proposed(NamedTuple):
    """A decision that waits for somebody else's yes."""

    decision_id: int
    person: int
    cluster_id: int


class Queue(_Team):
    """Rostra's queue by harm, and clusters decided once, for later copies too."""

    def __init__(self, place: Place, mail: Mail) -> None:
        super().__init__(place, mail)
        self._proposed: list[Proposed] = []

    def came(self, case_ids: Sequence[int]) -> None:
        """The queue is in the database."""

    async def next(self, person: int) -> Work | None:
        """What waits for one's yes, and then the worst case that nobody looks at."""
        first = self._answer(person) or self._second(person)
        if first is not None:
            return first
        services, actor_id = self._place.services, self._actor(person).account_id
        waiting = {each.cluster_id for each in self._proposed}
        while True:
            async with self._place.db.write() as tx:
                case = await work.claim_next(services, tx, actor_id)
                if case is None:
                    return None
                if case.cluster_id in waiting and await _is_member(tx, case):
                    await work.skip(services, tx, case.id, actor_id)
                    continue
                others = await self._outliers_beside(tx, person, case)
            return self._look_at(person, [case, *others])

    async def _outliers_beside(self, tx: Transaction, person: int, case: Case) -> list[Case]:
        """Where an outlier was taken: the others of its cluster, which its page shows beside it."""
        if not case.cluster_id or await _is_member(tx, case):
            return []
        services, actor_id = self._place.services, self._actor(person).account_id
        now = services.clock.now()
        placed = await clusters_access.cases_of(tx, case.cluster_id, Standing.OUTLIER, limit=200)
        known = await cases_access.by_ids(tx, [each.case_id for each in placed])
        free = [each.id for each in known.values() if each.id != case.id and _is_free(each, now)]
        return [
            await work.claim(services, tx, case_id, actor_id)
            for case_id in sorted(free)[: _ON_A_PAGE - 1]
        ]

    def _look_at(self, person: int, cases: Sequence[Case]) -> Work:
        if len(cases) == 1:
            return self._look(person, cases[0])

        async def finish() -> None:
            alike: dict[int, list[Case]] = {}
            for case in cases:
                alike.setdefault(really(self._place, case), []).append(case)
            for some in alike.values():
                async with self._place.db.write() as tx:
                    await super(Queue, self)._decide(tx, person, some)

        return Work(DECISION_MS + READ_MS * (len(cases) - 1), finish)

    def _second(self, person: int) -> Work | None:
        for proposed in self._proposed:
            if proposed.person != person:
                self._proposed.remove(proposed)
                return Work(DECISION_MS, partial(self._agree, person, proposed))
        return None

    async def _agree(self, person: int, proposed: Proposed) -> None:
        services, actor = self._place.services, self._actor(person)
        self.counts.seconds += 1
        self.counts.by_time.append(services.clock.now())
        async with self._place.db.write() as tx:
            decision = await deciding.agree(services, tx, actor, proposed.decision_id)
            await self._let_stand(tx, actor, decision)

    async def _decide(self, tx: Transaction, person: int, cases: Sequence[Case]) -> None:
        """A member of a cluster stands for all of it, an outlier for itself."""
        services, actor = self._place.services, self._actor(person)
        (case,) = (await cases_access.by_ids(tx, [case.id for case in cases])).values()
        if really(self._place, case) == NOTHING_WRONG or not await _is_member(tx, case):
            await super()._decide(tx, person, [case])
            return
        self.counts.clusters += 1
        self.counts.by_time.append(services.clock.now())
        what = ruling(self._place, case)
        over = await decide_cluster(services, tx, actor, what, case.cluster_id)
        if over.decision.state == DecisionState.PROPOSED:
            self._proposed.append(Proposed(over.decision.id, person, case.cluster_id))
        else:
            await self._let_stand(tx, actor, over.decision)

    async def _let_stand(self, tx: Transaction, actor: Actor, decision: Decision) -> None:
        services = self._place.services
        now = services.clock.now()
        before = await standing_access.of_cluster(tx, decision.cluster_id)
        if before is None or not before.stands(now):
            ends_at = now + _STANDS_MS
            await let_stand(services, tx, actor, decision.id, ends_at=ends_at, most=_STANDS_FOR)


def _is_free(case: Case, now: int) -> bool:
    status = case.status
    return status.state == CaseState.OPEN and not status.proposed_id and not status.held_at(now)


async def _is_member(tx: Transaction, case: Case) -> bool:
    """Whether it is one of those that a decision over its cluster is about."""
    if not case.cluster_id:
        return False
    return (await clusters_access.places(tx, [case.id]))[case.id].place == Standing.MEMBER


class Takeover(_Team):
    """The list at first, and from a moment on the queue, with all that the list has left."""

    def __init__(self, place: Place, mail: Mail) -> None:
        super().__init__(place, mail)
        self._before, self._after = PlainList(place, mail), Queue(place, mail)
        self._before.counts = self._after.counts = self.counts
        self._at = place.world.plan.begins(Way.TAKEOVER)

    def came(self, case_ids: Sequence[int]) -> None:
        """Both are told."""
        self._before.came(case_ids)
        self._after.came(case_ids)

    async def next(self, person: int) -> Work | None:
        """As the list has it, and later as the queue."""
        now = self._place.clock.now()
        return await (self._before if now < self._at else self._after).next(person)


DESKS: dict[Way, Callable[[Place, Mail], Desk]] = {
    Way.LIST: PlainList,
    Way.ROSTRA: Queue,
    Way.TAKEOVER: Takeover,
    Way.SCREENED: Queue,
}
