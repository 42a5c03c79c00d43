"""The host's letters: what they name becomes cases, and each is answered when all is decided."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from rostra.cli.rehearse.place import Place
from rostra.cli.rehearse.plan import ANSWER_MS
from rostra.cli.rehearse.world import Letter
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import CaseState
from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions import access as decisions_access
from rostra.safety.reports.file import report
from rostra.safety.reports.model import Said
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor


@dataclass(slots=True)
class Open:
    """A letter that came."""

    letter: Letter
    case_ids: set[int] = field(default_factory=set)  # that are not decided yet
    taken: bool = False
    answered_at: int = 0  # UTC ms; 0: not yet


class Mail:
    """The letters of the week."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.letters: list[Open] = []
        self.report_ids: list[int] = []

    async def arrive(self, letter: Letter) -> list[int]:
        """Take a letter in; the cases of what it names and is not removed already."""
        place, found = self._place, Open(letter)
        self.letters.append(found)
        async with place.db.write() as tx:
            for number in letter.posts:
                post_id = place.places.posts[number]
                if await decisions_access.in_force(tx, Subject(SubjectKind.POST, post_id)):
                    continue
                said = Said(
                    source=Sender.PROVIDER,
                    target_account_id=place.places.accounts[place.world.posts[number].author],
                    post_ids=(post_id,),
                    category=Category.VIOLENCE_INCITEMENT,
                    comment=letter.reference,
                    deadline_at=letter.deadline,
                )
                filed = await report(place.services, tx, said)
                self.report_ids.append(filed.row.id)
                cases = await cases_access.cases_of_reports(tx, [filed.row.id])
                found.case_ids.update(cases[filed.row.id])
        return sorted(found.case_ids)

    async def look(self) -> None:
        """See which of the cases are decided by now."""
        waiting = {each for found in self.letters for each in found.case_ids}
        if not waiting:
            return
        async with self._place.db.read() as reader:
            cases = await cases_access.by_ids(reader, sorted(waiting))
        closed = {case.id for case in cases.values() if case.status.state != CaseState.OPEN}
        for found in self.letters:
            found.case_ids -= closed

    def ready(self, actor: Actor) -> tuple[int, Callable[[], Awaitable[None]]] | None:
        """The answer to the first letter of which everything is decided, and how long it takes."""
        del actor
        for found in self.letters:
            if not found.case_ids and not found.taken:
                found.taken = True
                return ANSWER_MS, partial(self._answer, found)
        return None

    async def _answer(self, found: Open) -> None:
        found.answered_at = self._place.clock.now()
