"""Decisions: made, agreed to, refused, taken back, read; and what strikes come to."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso
from rostra.api.safety import entities
from rostra.api.safety.common import (
    BASE,
    READ,
    WRITE,
    actor_of,
    category_named,
    decision_entity,
    id_or_none,
)
from rostra.http.params import Id
from rostra.kernel.clock import SECOND
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.kernel.times import read_time
from rostra.network.edge import Reader
from rostra.safety.decisions import access, strikes
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions import undo as undoing
from rostra.safety.decisions.model import (
    PROFILE_FIELDS,
    Action,
    ActionKind,
    Decision,
    DecisionState,
    Ground,
    Ruling,
    SubjectState,
)
from rostra.safety.decisions.strikes import Threshold
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Permission

_MOST = 200
_USUAL = 40
_ACTIONS = {kind.wire: kind for kind in ActionKind}
_GROUNDS = {ground.wire: ground for ground in Ground}
_KINDS = {kind.wire: kind for kind in SubjectKind}


class ActionParams(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do."""

    action: str = ""
    ends_at: str = ""  # ISO 8601
    label: str = ""
    surfaces: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    posts: int = 0  # with `slow`: so many
    per_seconds: int = 0  # within so long


class RulingParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided, and why; `rule_id` is the rule of the house."""

    actions: tuple[ActionParams, ...]
    category: str
    ground: str = "rule"
    rule_id: Id | None = None
    legal_ground: str = ""
    facts: str = ""
    words: str = ""
    note: str = ""
    language: str = "en"
    machine_found: bool = False
    strikes: int = 0


class DecideParams(RulingParams, frozen=True, kw_only=True):
    """What is decided, about what, and why.

    Attributes:
        case_ids: open cases.
        subject_type: without cases: what the ids are of (post, account, media).
        subject_ids: what the team has found itself.
    """

    case_ids: tuple[Id, ...] = ()
    subject_type: str = "post"
    subject_ids: tuple[Id, ...] = ()
    cluster_id: Id | None = None


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which decisions."""

    state: str = ""
    account_id: Id | None = None
    limit: int = _USUAL
    max_id: Id | None = None


class DecisionId(msgspec.Struct, frozen=True):
    """Which decision."""

    id: Id


class SubjectsParams(DecisionId, frozen=True, kw_only=True):
    """Which of the subjects of a decision."""

    limit: int = _USUAL
    offset: int = 0


class UndoParams(DecisionId, frozen=True, kw_only=True):
    """Which decision to take back, why, and whether its cases are to be decided anew."""

    facts: str = ""
    reopen: bool = False


class StrikesParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whose strikes, and how many points more are thought of."""

    account_id: Id
    more: int = 0


def _action(given: ActionParams) -> Action:
    if given.action not in _ACTIONS:
        raise Invalid("actions", f"{given.action[:40]!r} is no action", "ERR_INCLUSION")
    fields = tuple(field for field in given.fields if field in PROFILE_FIELDS)
    if len(fields) != len(given.fields):
        words = ", ".join(sorted(PROFILE_FIELDS))
        raise Invalid("fields", f"must be some of {words}", "ERR_INCLUSION")
    return Action(
        kind=_ACTIONS[given.action],
        ends_at=time_of(given.ends_at),
        label=given.label,
        surfaces=given.surfaces,
        fields=fields,  # type: ignore[arg-type] # they are among them
        posts=given.posts,
        per_ms=given.per_seconds * SECOND,
    )


def time_of(text: str, field: str = "ends_at") -> int:
    """A time (UTC ms); 0 for none.

    Raises:
        Invalid: on the field.
    """
    if not text:
        return 0
    try:
        return read_time(text)
    except ValueError:
        raise Invalid(field, "is no time (ISO 8601)", "ERR_INVALID") from None


def _about(params: DecideParams) -> None:
    if bool(params.case_ids) == bool(params.subject_ids):
        raise Invalid("case_ids", "or subject_ids must be given, not both", "ERR_INVALID")
    if params.subject_type not in _KINDS:
        raise Invalid("subject_type", "is not included in the list", "ERR_INCLUSION")


def ruling_of(params: RulingParams) -> Ruling:
    """The ruling that somebody asks for.

    Raises:
        Invalid: on `ground`, `category`, `actions` or `ends_at`.
    """
    if params.ground not in _GROUNDS:
        raise Invalid("ground", "is not included in the list", "ERR_INCLUSION")
    return Ruling(
        actions=tuple(map(_action, params.actions)),
        category=category_named(params.category),
        ground=_GROUNDS[params.ground],
        clause_id=params.rule_id or 0,
        legal_ground=params.legal_ground,
        facts=params.facts,
        words=params.words,
        note=params.note,
        language=params.language,
        machine_found=params.machine_found,
        strikes=params.strikes,
    )


async def decide(call: Call[DecideParams]) -> entities.Decision:
    """Decide cases, or subjects of which nobody has spoken."""
    params, services = call.params, call.services
    async with services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE)
        _about(params)
        ruling = ruling_of(params)
        if params.case_ids:
            cluster_id = params.cluster_id or 0
            made = await deciding.decide(
                services, tx, actor, ruling, params.case_ids, cluster_id=cluster_id
            )
        else:
            kind = _KINDS[params.subject_type]
            subjects = [Subject(kind, each) for each in params.subject_ids]
            made = await deciding.decide_subjects(services, tx, actor, ruling, subjects)
    return decision_entity(made)


async def list_all(call: Call[ListParams]) -> list[entities.Decision]:
    """Decisions, the newest first; of one account, or in one state."""
    params = call.params
    states = {state.wire: state for state in DecisionState}
    limit, below = max(1, min(params.limit, _MOST)), params.max_id or MAX_BOUND
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.SEE_CASES)
        if params.state and params.state not in states:
            raise Invalid("state", "is not included in the list", "ERR_INCLUSION")
        if params.account_id:
            found = await access.about_account(reader, params.account_id, limit=limit, below=below)
        else:
            state = states.get(params.state)
            found = await access.listed(reader, state=state, limit=limit, below=below)
    return [decision_entity(each) for each in found if actor.sees(each.category)]


async def _seen(call: Call[Any], reader: Reader, decision_id: int) -> Decision:
    """A decision that is theirs to see.

    Raises:
        Forbidden: they are not of the team.
        NotFound: there is none, or not for them.
    """
    actor = await actor_of(call, reader, Permission.SEE_CASES)
    found = await access.one(reader, decision_id)
    if not actor.sees(found.category):
        raise NotFound(f"decision {decision_id} for {actor.account_id}")
    return found


async def show(call: Call[DecisionId]) -> entities.Decision:
    """One decision, and how far it is."""
    async with call.services.db.read() as reader:
        return decision_entity(await _seen(call, reader, call.params.id))


async def subjects(call: Call[SubjectsParams]) -> list[entities.DecisionSubject]:
    """What a decision is about."""
    params = call.params
    async with call.services.db.read() as reader:
        await _seen(call, reader, params.id)
        limit, offset = max(1, min(params.limit, _MOST)), max(0, min(params.offset, 1_000_000))
        found = await access.subjects(reader, params.id, limit=limit, offset=offset)
    return [
        entities.DecisionSubject(
            SubjectKind(each.subject_kind).wire,
            str(each.subject_id),
            str(each.account_id),
            id_or_none(each.case_id),
            SubjectState(each.state).name.lower(),
        )
        for each in found
    ]


async def agree(call: Call[DecisionId]) -> entities.Decision:
    """Be the second person, who lets a proposed decision be carried out."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE_MANY)
        made = await deciding.agree(call.services, tx, actor, call.params.id)
    return decision_entity(made)


async def refuse(call: Call[DecisionId]) -> entities.Decision:
    """Be the second person, who does not; or take one's own proposal back."""
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.DECIDE_MANY)
        await deciding.refuse(call.services, tx, actor, call.params.id)
        return decision_entity(await access.one(tx, call.params.id))


async def undo(call: Call[UndoParams]) -> entities.Decision:
    """Take a decision back; the decision that does it."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.UNDO)
        made = await undoing.undo(
            call.services, tx, actor, params.id, facts=params.facts, reopen=params.reopen
        )
    return decision_entity(made)


async def strikes_of(call: Call[StrikesParams]) -> entities.Strikes:
    """The strikes of a member, and what more of them would come to."""
    params = call.params
    more = max(0, min(params.more, 1_000))
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        found = await strikes.strikes(reader, call.services, params.account_id)
        outlook = await strikes.outlook(reader, call.services, params.account_id, more)
    return entities.Strikes(
        tuple(entities.Strike(str(e.decision_id), e.points, iso(e.until)) for e in found),
        outlook.points,
        outlook.after,
        _threshold(outlook.proposed),
        _threshold(outlook.next),
    )


def _threshold(given: Threshold | None) -> entities.Threshold | None:
    return entities.Threshold(given.points, given.action.wire, given.days) if given else None


def _endpoint(method: str, path: str, handler: Any, **more: Any) -> Endpoint[Any]:
    scopes = READ if method == GET else WRITE
    return Endpoint(method, f"{BASE}{path}", handler, auth=Auth.USER, scopes=scopes, **more)


_ONE: Any = {"params": DecisionId, "answer": entities.Decision}
ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        POST,
        "/decisions",
        decide,
        params=DecideParams,
        answer=entities.Decision,
        summary="Decide cases, or what the team has found itself",
        errors=(404, 409),
        max_body=1 << 22,
    ),
    _endpoint(
        GET,
        "/decisions",
        list_all,
        params=ListParams,
        answer=list[entities.Decision],
        summary="Decisions, the newest first",
    ),
    _endpoint(GET, "/decisions/{id}", show, summary="One decision, and how far it is", **_ONE),
    _endpoint(
        GET,
        "/decisions/{id}/subjects",
        subjects,
        params=SubjectsParams,
        answer=list[entities.DecisionSubject],
        summary="What a decision is about",
    ),
    _endpoint(
        POST,
        "/decisions/{id}/agree",
        agree,
        summary="Be the second person, and agree",
        errors=(409,),
        **_ONE,
    ),
    _endpoint(
        POST,
        "/decisions/{id}/refuse",
        refuse,
        summary="Be the second person, and do not agree",
        errors=(409,),
        **_ONE,
    ),
    _endpoint(
        POST,
        "/decisions/{id}/undo",
        undo,
        params=UndoParams,
        answer=entities.Decision,
        summary="Take a decision back",
        errors=(409,),
    ),
    _endpoint(
        GET,
        "/accounts/{account_id}/strikes",
        strikes_of,
        params=StrikesParams,
        answer=entities.Strikes,
        summary="The strikes of a member, and what more would come to",
    ),
)
