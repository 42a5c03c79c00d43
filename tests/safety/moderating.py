"""What tests of moderation do again and again."""

from typing import Any

from tests.harness.neighbours import Asker, Place

from rostra.network.credentials.model import Role
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case
from rostra.safety.categories.model import Category
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions import undo as undoing
from rostra.safety.decisions.model import Action, ActionKind, Decision, Ground, Ruling
from rostra.safety.team.model import Actor

REPORTS = "/api/v1/reports"


def moderator(number: int = 1) -> Actor:
    """Somebody of the team."""
    return Actor(number, Role.MODERATOR)


async def report(by: Asker, about: Asker, *post_ids: str, **more: Any) -> dict[str, Any]:
    """Report an account, or posts of it."""
    body = {"account_id": str(about.account_id), "status_ids": list(post_ids), **more}
    found: dict[str, Any] = await by.do(REPORTS, **body)
    return found


async def queue(place: Place, **view: Any) -> list[Case]:
    """The open cases, the worst first."""
    async with place.db.read() as reader:
        return await cases_access.queue(reader, cases_access.View(**view), limit=200)


def ruling(*kinds: ActionKind, **more: Any) -> Ruling:
    """A ruling with these actions."""
    base: dict[str, Any] = {
        "category": Category.HARASSMENT,
        "ground": Ground.RULE,
        "facts": "It insults somebody by name.",
    }
    actions = tuple(Action(kind=kind) for kind in kinds)
    return Ruling(**{"actions": actions, **base, **more})


async def decide(
    place: Place, case_ids: list[int], what: Ruling, actor: Actor | None = None
) -> Decision:
    """Decide cases."""
    async with place.db.write() as tx:
        return await deciding.decide(place.services, tx, actor or moderator(), what, case_ids)


async def undo(place: Place, decision_id: int, **how: Any) -> Decision:
    """Take a decision back."""
    async with place.db.write() as tx:
        return await undoing.undo(place.services, tx, moderator(), decision_id, **how)
