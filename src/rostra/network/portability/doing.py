"""Carries out the lines of a file, a class for each kind. Each line goes the way of the verb.

So nothing can be brought in that could not be done by hand: who is locked is asked, who blocks the
member is not there, and every limit holds.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar, Final

import msgspec
from msgspec import structs

from rostra.kernel.errors import Invalid, RostraError
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import AccountRow
from rostra.network.edge import Services, Transaction
from rostra.network.portability.import_model import Line, Outcome
from rostra.network.relations import access as relations_access
from rostra.network.relations import shun
from rostra.network.relations.follow import follow
from rostra.network.relations.model import Relation, Wish
from rostra.network.relations.pair import lock_all

ELSEWHERE: Final = "is not on this place, which speaks with no other"
NOBODY: Final = "is nobody here"
YOURSELF: Final = "is yourself"


class Scene(msgspec.Struct):
    """Where lines are carried out, and what came of it.

    Attributes:
        services: the house's parts.
        tx: the transaction of the chunk.
        account_id: whose import it is.
        replaces: whether what the file does not say is taken back.
        follows_left: how many may be newly followed today.
        followed: how many were.
        kept: what the lines named: where it stands (a list, a filter; 0), and what.
    """

    services: Services
    tx: Transaction
    account_id: int
    replaces: bool = False
    follows_left: int = 0
    followed: int = 0
    kept: list[tuple[int, int]] = []

    @property
    def now(self) -> int:
        """UTC ms."""
        return self.services.clock.now()


class Refused(Exception):
    """A line can't be carried out.

    Attributes:
        why: what is told; the column is the first unless another is named.
    """

    def __init__(self, why: str, column: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.column = column


class DayIsOver(Exception):
    """Nobody more may be followed today."""


class Doer(ABC):
    """Carries out lines of one kind."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    @abstractmethod
    async def ready(self, lines: Sequence[Line]) -> None:
        """Look up what the lines need, all at once."""

    @abstractmethod
    async def do(self, line: Line) -> Outcome:
        """Carry one line out.

        Raises:
            Refused: it can't be.
            DayIsOver: not today.
        """

    @abstractmethod
    def spare(self, line: Line) -> None:
        """Let stay what a line names that could not be read, or not be carried out."""

    async def settled(self, line: Line, columns: Sequence[str]) -> Line:
        """The line with what has become of it. Raises DayIsOver."""
        try:
            async with self.scene.tx.savepoint():
                return structs.replace(line, outcome=await self.do(line))
        except Refused as refused:
            field, why = columns[refused.column], refused.why
        except Invalid as error:
            field, why = _said(error, columns)
        except RostraError as error:
            field, why = columns[0], error.safe
        self.spare(line)
        return structs.replace(line, outcome=Outcome.FAILED, field=field, why=why)


def _said(error: Invalid, columns: Sequence[str]) -> tuple[str, str]:
    for name, faults in error.details.items():
        known = {column.casefold(): column for column in columns}
        return known.get(name.replace("_", " ").casefold(), columns[0]), faults[0]["description"]
    return columns[0], error.safe


def flag(cell: str) -> bool | None:
    """A cell that says yes or no; None: nothing."""
    return None if not cell else cell == "true"


class People(Doer):
    """What all kinds share whose lines name accounts.

    Attributes:
        place: which cell names the account.
        hidden_too: whether those count as well who block the member.
        locks: whether the kind changes what is between accounts.
    """

    place: ClassVar[int] = 0
    hidden_too: ClassVar[bool] = False
    locks: ClassVar[bool] = True
    _found: dict[str, AccountRow]
    between: dict[int, Relation]

    async def ready(self, lines: Sequence[Line]) -> None:
        """Find the accounts, lock them, and see how the member stands to them."""
        scene = self.scene
        settings = scene.services.settings
        names = (accounts_access.local_username(settings, line.cells[self.place]) for line in lines)
        viewer = 0 if self.hidden_too else scene.account_id
        self._found = await accounts_access.by_usernames(
            scene.tx, [name for name in names if name], viewer
        )
        ids = [row.id for row in self._found.values()]
        if self.locks:
            await lock_all(scene.tx, [scene.account_id, *ids])
        relations = await relations_access.relationships(
            scene.tx, scene.account_id, ids, now=scene.now
        )
        self.between = {relation.id: relation for relation in relations}

    def whom(self, line: Line) -> Relation:
        """How the member stands to the account of a line.

        Raises:
            Refused: there is none for this member.
        """
        settings = self.scene.services.settings
        name = accounts_access.local_username(settings, line.cells[self.place])
        if name is None:
            raise Refused(ELSEWHERE, self.place)
        row = self._found.get(name.lower())
        if row is None or row.id not in self.between:
            raise Refused(NOBODY, self.place)
        return self.between[row.id]

    def spare(self, line: Line) -> None:
        """Whoever is named stays as they are to the member."""
        with suppress(Refused):
            self.other(line)

    def other(self, line: Line) -> Relation:
        """As :meth:`whom`, but not the member."""
        relation = self.whom(line)
        if relation.id == self.scene.account_id:
            raise Refused(YOURSELF, self.place)
        self.scene.kept.append((0, relation.id))
        return relation


class Follows(People):
    """Following, or asking those who are locked."""

    async def do(self, line: Line) -> Outcome:
        """Follow, ask, or change what a follow brings."""
        scene = self.scene
        was = self.other(line)
        if was.blocking:
            raise Refused("is blocked by you")
        known = was.following or was.requested
        wish = self._wish(line, was if known else None)
        if wish is None:
            return Outcome.SAME
        if not known and scene.followed >= scene.follows_left:
            raise DayIsOver
        now = await follow(scene.services, scene.tx, scene.account_id, was.id, wish)
        self.between[was.id] = now
        if known:
            return Outcome.SAME
        scene.followed += 1
        return Outcome.MADE if now.following else Outcome.ASKED

    def _wish(self, line: Line, was: Relation | None) -> Wish | None:
        """What the line wants of the follow; None: it is so already."""
        reblogs, notify = flag(line.cells[1]), flag(line.cells[2])
        codes = tuple(sorted({code for code in line.cells[3].split(", ") if code}))
        languages = codes if codes or self.scene.replaces else None
        if was is not None and (
            reblogs in {None, was.showing_reblogs}
            and notify in {None, was.notifying}
            and languages in {None, was.languages}
        ):
            return None
        return Wish(reblogs, notify, languages)


class Blocks(People):
    """Blocking."""

    hidden_too = True

    async def do(self, line: Line) -> Outcome:
        """Block."""
        was = self.other(line)
        if was.blocking:
            return Outcome.SAME
        scene = self.scene
        self.between[was.id] = await shun.block(scene.services, scene.tx, scene.account_id, was.id)
        return Outcome.MADE


class Mutes(People):
    """Muting, for good where nobody is muted yet."""

    hidden_too = True

    async def do(self, line: Line) -> Outcome:
        """Mute; a mute that is there keeps its end."""
        scene = self.scene
        was = self.other(line)
        hide = flag(line.cells[1])
        hide = (was.muting_notifications if was.muting else True) if hide is None else hide
        if was.muting and was.muting_notifications == hide:
            return Outcome.SAME
        left_ms = was.muting_expires_at - scene.now if was.muting_expires_at else 0
        self.between[was.id] = await shun.mute(
            scene.services,
            scene.tx,
            scene.account_id,
            was.id,
            notifications=hide,
            duration_s=max(1, left_ms // 1000) if left_ms else 0,
        )
        return Outcome.SAME if was.muting else Outcome.MADE


class Domains(Doer):
    """Domains can't be blocked by a place that speaks with no other."""

    async def ready(self, lines: Sequence[Line]) -> None:
        """Nothing is needed."""

    def spare(self, line: Line) -> None:
        """There is nothing that could stay."""

    async def do(self, line: Line) -> Outcome:
        """Say so."""
        del line
        raise Refused("can't be blocked: this place speaks with no other")
