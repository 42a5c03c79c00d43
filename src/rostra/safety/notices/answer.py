"""The draft of an answer: for each address what was done and why, with times."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from rostra.kernel.text.clean import one_line
from rostra.network.instance import access as instance_access
from rostra.safety.decisions.model import Action, ActionKind, Ground
from rostra.safety.edge import Reader, Services
from rostra.safety.notices import access, queries
from rostra.safety.notices.model import AddressState, NamedAddress, Notice
from rostra.safety.notices.words import WORDS, Words
from rostra.safety.subjects import Subject, SubjectKind

LONGEST_SUBJECT: Final = 200  # of any letter that goes out
_LISTED: Final = 2_000  # addresses that are spelt out
_CLOSED: Final = frozenset(
    {
        ActionKind.REMOVE,
        ActionKind.HOLD,
        ActionKind.WITHHOLD,
        ActionKind.SUSPEND,
        ActionKind.DELETE_ACCOUNT,
    }
)


class Draft(msgspec.Struct, frozen=True):
    """An answer as it could be sent; ``open_count``: addresses that nobody has decided on."""

    to: str
    subject: str
    text: str
    language: str
    open_count: int


class _Outcome(msgspec.Struct, frozen=True):
    """The last decision on a subject."""

    actions: tuple[Action, ...]
    ground: int
    clause: str
    legal_ground: str
    facts: str
    at: int


async def draft(services: Services, reader: Reader, notice_id: int, language: str = "") -> Draft:
    """The answer to a letter as far as things are decided; seven statements at the most.

    Args:
        services: the place.
        reader: any.
        notice_id: the letter.
        language: empty: the letter's own, English where we don't speak it.

    Raises:
        NotFound: there is no such letter.
    """
    notice = await access.one(reader, notice_id)
    addresses = await access.every_address(reader, notice_id)
    judged = await _judged(reader, addresses)
    outcomes = await _outcomes(reader, addresses, judged)
    place = await instance_access.settings(services, reader)
    spoken = language or notice.language
    words = WORDS.get(spoken, WORDS["en"])
    named = [each for each in addresses if not each.enclosed]
    ours = [each for each in named if each.state != AddressState.NOT_OURS]
    lines = [_line(words, each, outcomes.get(each.place)) for each in _to_tell(named)]
    body = [
        words.greeting,
        words.received.format(received=_time(notice.received_at)),
        words.heading if ours else words.nothing_named,
        *(["\n".join(lines)] if lines else []),
        *(
            ["\n".join(words.unread.format(what=each) for each in notice.unread)]
            if notice.unread
            else []
        ),
        words.close,
        words.signed.format(title=place.title),
    ]
    waiting = sum(
        each.state in {AddressState.WAITING, AddressState.FOUND} and each.place not in outcomes
        for each in ours
    )
    return Draft(
        to=notice.answer_to,
        subject=subject_of(notice),
        text="\n\n".join(body) + "\n",
        language=spoken if spoken in WORDS else "en",
        open_count=waiting,
    )


def subject_of(notice: Notice) -> str:
    """The subject of an answer: the letter's own, on one line, with the reference in it."""
    given = one_line(notice.subject)
    given = "".join(char for char in given if char.isprintable())
    subject = given if given.lower().startswith("re:") else f"Re: {given}".strip()
    reference = "".join(char for char in one_line(notice.reference) if char.isprintable())
    if reference in subject[:LONGEST_SUBJECT]:
        return subject[:LONGEST_SUBJECT]
    room = LONGEST_SUBJECT - len(reference) - 1
    return f"{subject[:room]} {reference}"


def _to_tell(named: Sequence[NamedAddress]) -> list[NamedAddress]:
    """What the answer speaks of: ours all; of others none where there is something of ours."""
    ours = [each for each in named if each.state != AddressState.NOT_OURS]
    return (ours or list(named))[:_LISTED]


async def _judged(reader: Reader, addresses: Sequence[NamedAddress]) -> dict[int, Subject]:
    """What is decided on for each address, by its place: a file is judged with its post."""
    case_ids = sorted({each.case_id for each in addresses if each.case_id})
    rows = await reader.all(queries.CASES, ids=case_ids) if case_ids else []
    of_case = {case_id: Subject(kind, subject_id) for case_id, kind, subject_id in rows}
    own = {each.place: Subject(each.subject_kind, each.subject_id) for each in addresses}
    return own | {
        each.place: of_case[each.case_id] for each in addresses if each.case_id in of_case
    }


async def _outcomes(
    reader: Reader, addresses: Sequence[NamedAddress], judged: dict[int, Subject]
) -> dict[int, _Outcome]:
    """The last decision on each address, by its place."""
    ids: dict[int, set[int]] = {kind: set() for kind in SubjectKind}
    for each in addresses:
        subject = judged[each.place]
        if subject.kind and subject.id:
            ids[subject.kind].add(subject.id)
        if each.account_id:
            ids[SubjectKind.ACCOUNT].add(each.account_id)
    found: dict[Subject, _Outcome] = {}
    for kind, some in ids.items():
        if some:
            rows = await reader.all(queries.DECIDED, ids=sorted(some), kind=int(kind))
            for subject_id, actions, ground, clause, law, facts, made_at, applied_at in rows:
                done = msgspec.json.decode(actions, type=tuple[Action, ...])
                outcome = _Outcome(done, ground, clause, law, facts, applied_at or made_at)
                found[Subject(kind, subject_id)] = outcome
    made = ((each.place, _outcome(found, judged[each.place], each)) for each in addresses)
    return {place: outcome for place, outcome in made if outcome is not None}


def _outcome(
    found: dict[Subject, _Outcome], subject: Subject, address: NamedAddress
) -> _Outcome | None:
    """What was decided; a suspended account takes all that is its own with it."""
    own = found.get(subject)
    account = found.get(Subject(SubjectKind.ACCOUNT, address.account_id))
    if own is None and account is not None and _closes(account):
        return account
    return own


def _closes(outcome: _Outcome) -> bool:
    return any(action.kind in _CLOSED for action in outcome.actions)


def _line(words: Words, address: NamedAddress, outcome: _Outcome | None) -> str:
    said = [_state(words, address, outcome)]
    if outcome is not None:
        if outcome.ground == Ground.RULE and outcome.clause:
            said.append(words.rule.format(clause=one_line(outcome.clause)))
        if outcome.ground == Ground.LAW and outcome.legal_ground:
            said.append(words.law.format(ground=one_line(outcome.legal_ground)))
        if outcome.facts:
            said.append(words.facts.format(facts=one_line(outcome.facts)))
    return "\n".join((f"- {one_line(address.url)}", *(f"  {each}" for each in said)))


def _state(words: Words, address: NamedAddress, outcome: _Outcome | None) -> str:
    if outcome is not None:
        restricting = [a for a in outcome.actions if ActionKind(a.kind).restricts]
        form = (
            words.removed if _closes(outcome) else words.restricted if restricting else words.kept
        )
        names = ", ".join(ActionKind(action.kind).wire for action in restricting)
        return form.format(at=_time(outcome.at), actions=names)
    if address.state == AddressState.GONE and address.gone_at:
        return words.gone_since.format(at=_time(address.gone_at))
    return {
        AddressState.WAITING: words.waiting,
        AddressState.FOUND: words.open,
        AddressState.GONE: words.gone,
        AddressState.UNKNOWN: words.unknown,
        AddressState.NOT_OURS: words.not_ours,
    }[AddressState(address.state)]


def _time(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
