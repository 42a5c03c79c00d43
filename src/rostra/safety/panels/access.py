"""Loads panels: for a member what waits for them, without names; for the team what came of it."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from rostra.kernel.errors import NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.network.media.model import Media, State
from rostra.network.polls import access as polls_access
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import PostBody
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case
from rostra.safety.decisions.model import Action, DecisionState
from rostra.safety.edge import Reader, Services
from rostra.safety.panels import model, queries
from rostra.safety.panels.agreement import Agreement, Compared, agreement
from rostra.safety.panels.anonymous import Hider, Names, distinct
from rostra.safety.panels.model import (
    Member,
    MemberState,
    Panel,
    PanelState,
    Seat,
    SeatState,
)

MOST_COMPARED = 5_000
_actions = msgspec.json.Decoder(tuple[Action, ...])


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, video or recording of a post, its description without names."""

    media: Media
    description: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """All that a seat is shown of a case. Nothing in it says whose it is, or who reported it."""

    seat: Seat
    category: int
    language: str
    warned: str  # the content warning
    text: str
    options: tuple[str, ...]  # of a poll
    attachments: tuple[Attachment, ...]
    rules: tuple[str, ...]  # of the house, which reports have named
    answers: bool  # it answers another post
    quotes: bool


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What a panel has found, for the team."""

    panel: Panel
    votes: dict[int, int]
    reasons: tuple[str, ...]
    rule_id: int  # of the house, the first that reports have named


async def member(reader: Reader, account_id: int) -> Member:
    """Somebody who was invited, as they see themselves.

    Raises:
        NotFound: they were not, or were taken off.
    """
    found = await reader.first(queries.MEMBER, account=account_id)
    if found is None or found.state == MemberState.TAKEN_OFF:
        raise NotFound(f"{account_id} is not invited to panels")
    return found


async def waiting(services: Services, reader: Reader, account_id: int) -> list[Seat]:
    """What waits for a member's vote, the oldest first. One statement."""
    now = services.clock.now()
    return await reader.all(queries.WAITING, account=account_id, now=now, limit=model.MAX_DAILY)


async def seat(services: Services, reader: Reader, account_id: int, seat_id: int) -> Seat:
    """A seat that waits for this member.

    Raises:
        NotFound: they have none such, or its time is over.
    """
    found = await reader.first(queries.SEAT, id=seat_id, account=account_id)
    if (
        found is None
        or found.state != SeatState.WAITING
        or found.until <= services.clock.now()
        or (await member(reader, account_id)).state != MemberState.SITS
    ):
        raise NotFound(f"seat {seat_id} of {account_id}")
    return found


async def shown(services: Services, reader: Reader, found: Seat) -> Shown:
    """What a seat is shown of its case.

    Raises:
        NotFound: the panel is over, or the case is nothing for panels any more.
    """
    panel = await reader.first(queries.ONE, id=found.panel_id)
    case = await cases_access.one(reader, panel.case_id) if panel else None
    if panel is None or case is None or panel.state != PanelState.RUNNING:
        raise NotFound(f"panel {found.panel_id} is over")
    if model.why_not(services.settings.panels, case):
        raise NotFound(f"case {case.id} is nothing for panels")
    post_id = case.subject_id
    row = (await posts_access.rows(reader, 0, [post_id])).get(post_id)
    body = (await posts_access.bodies(reader, [post_id])).get(post_id) if row else None
    if row is None or body is None:
        raise NotFound(f"post {post_id} is not for everybody")
    hider = Hider(await _names(services, reader, case, body, row.in_reply_to_account_id))
    polls = await polls_access.of_posts(
        reader, 0, [post_id] if row.poll else [], now=services.clock.now()
    )
    options = polls[post_id].options if post_id in polls else ()
    rules = await reader.all(queries.RULES_OF_CASE, case=case.id)
    return Shown(
        seat=found,
        category=case.status.category,
        language=body.language,
        warned=hider.hide(body.spoiler_text),
        text=hider.hide(body.text),
        options=tuple(hider.hide(option.title) for option in options),
        attachments=tuple(
            Attachment(media=each, description=hider.hide(each.description))
            for each in body.media
            if each.state == State.READY and not each.limits
        ),
        rules=tuple(text for _, text in rules),
        answers=row.in_reply_to_id != 0,
        quotes=bool(row.quote),
    )


async def _names(
    services: Services, reader: Reader, case: Case, body: PostBody, answered_id: int
) -> Names:
    """How the author and those whom the post names are called."""
    others = [each.account_id for each in body.mentions]
    ids = list(dict.fromkeys([case.account_id, *others, *([answered_id] if answered_id else [])]))
    spelled: dict[int, tuple[str, ...]] = {}
    for account_id, username, domain, display_name in await reader.all(queries.NAMES, ids=ids):
        spelled[account_id] = distinct((username, f"{username}@{domain}", display_name))
    return Names(
        author=spelled.get(case.account_id, ()),
        others=tuple(spelled[each] for each in ids[1:] if each in spelled),
        here=services.settings.domain.partition(":")[0],
    )


async def voted(
    reader: Reader, account_id: int, *, limit: int = 40, below: int = MAX_BOUND
) -> list[tuple[Seat, Panel]]:
    """What a member has voted, the newest first, and the panels. Two statements."""
    seats = await reader.all(queries.VOTED, account=account_id, limit=limit, below=below)
    panels = await by_ids(reader, [each.panel_id for each in seats])
    return [(each, panels[each.panel_id]) for each in seats if each.panel_id in panels]


async def by_ids(reader: Reader, ids: Sequence[int]) -> dict[int, Panel]:
    """Those of the panels that there are. One statement."""
    if not ids:
        return {}
    return {each.id: each for each in await reader.all(queries.BY_IDS, ids=ids)}


async def one(reader: Reader, panel_id: int) -> Panel:
    """A panel, for the team.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.ONE, id=panel_id)
    if found is None:
        raise NotFound(f"panel {panel_id}")
    return found


async def of_case(reader: Reader, case_id: int) -> Panel | None:
    """The last panel that a case was with, for the team."""
    return await reader.first(queries.OF_CASE, case=case_id)


async def sat(reader: Reader, panel_id: int, account_id: int) -> bool:
    """Whether a member has sat on a panel. One statement."""
    seats = (await seats_of(reader, [panel_id]))[panel_id]
    return any(each.account_id == account_id for each in seats)


async def advice(reader: Reader, case: Case) -> Advice | None:
    """What a panel has found about a case; None: none has. Three statements at most."""
    panel = (await by_ids(reader, [case.status.advice_id])).get(case.status.advice_id)
    if panel is None:
        return None
    seats = (await seats_of(reader, [panel.id]))[panel.id]
    rules = await reader.all(queries.RULES_OF_CASE, case=case.id)
    return Advice(
        panel=panel,
        votes=model.tally(seats),
        reasons=tuple(each.reason for each in seats if each.reason),
        rule_id=rules[0][0] if rules else 0,
    )


async def listed(
    reader: Reader, *, state: PanelState | None = None, limit: int = 40, below: int = MAX_BOUND
) -> list[Panel]:
    """Panels, the newest first; ``state`` None: all."""
    wanted = -1 if state is None else int(state)
    return await reader.all(queries.LISTED, state=wanted, limit=limit, below=below)


async def seats_of(reader: Reader, panel_ids: Iterable[int]) -> dict[int, list[Seat]]:
    """The seats of panels, in the order in which they were drawn. One statement."""
    ids = list(panel_ids)
    found: dict[int, list[Seat]] = {each: [] for each in ids}
    if ids:
        for each in await reader.all(queries.SEATS, ids=ids):
            found[each.panel_id].append(each)
    return found


async def members(reader: Reader, *, limit: int = 200, after: int = 0) -> list[Member]:
    """Those who are invited or sit, in the order of their ids. One statement."""
    return await reader.all(queries.MEMBERS, limit=limit, after=after)


async def asked(reader: Reader, account_ids: Sequence[int]) -> dict[int, Counter[int]]:
    """How often members were asked, by what became of it (`SeatState`). One statement."""
    found: dict[int, Counter[int]] = {each: Counter() for each in account_ids}
    if account_ids:
        rows = await reader.all(queries.ASKED_OF_MEMBERS, ids=list(account_ids))
        for account_id, state, number in rows:
            found[account_id][state] = number
    return found


async def agreements(reader: Reader) -> tuple[Agreement, dict[int, Agreement]]:
    """How panels, and each of their members, agree with what the team decided later.

    Of the newest 5,000 panels and votes. Two statements.
    """
    whole = await reader.all(queries.PANELS_COMPARED, limit=MOST_COMPARED)
    by_member: dict[int, list[Compared]] = {}
    for account_id, *row in await reader.all(queries.SEATS_COMPARED, limit=MOST_COMPARED):
        by_member.setdefault(account_id, []).append(_compared(*row))
    return agreement(_compared(*row) for _, *row in whole), {
        account_id: agreement(votes) for account_id, votes in by_member.items() if account_id
    }


def _compared(vote: int, actions: str, state: int) -> Compared:
    undone = state in {DecisionState.UNDONE, DecisionState.BEING_UNDONE}
    return Compared(vote, [each.kind for each in _actions.decode(actions)], undone)
