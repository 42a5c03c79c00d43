"""What was reported, as it was seen: opened with a reason, and logged. See docs/evidence.md."""

from typing import Any, Final, Literal

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety import evidence_entities as entities
from rostra.api.safety.common import BASE, READ, WRITE, actor_of, id_or_none
from rostra.http.params import Count, Id
from rostra.http.response import NOT_STORED, Response, Stream
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.paging import MAX_BOUND
from rostra.network.files.withhold import stored_key
from rostra.network.posts.model import Visibility
from rostra.safety.categories.facts import facts_of
from rostra.safety.evidence import access, holds
from rostra.safety.evidence.model import Act, Entry, File, Hold, Kept, Other
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Permission

_USUAL: Final = 40
_MOST: Final = 200
_KINDS: Final = {kind.wire: kind for kind in SubjectKind}
_FILE: Final = "application/octet-stream"


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which holds.

    Attributes:
        account_id: whose.
        subject_type: post or account, with `subject_id`.
        gone: those that have ended too.
        below: those before this one.
    """

    account_id: Id | None = None
    subject_type: str = ""
    subject_id: Id | None = None
    gone: bool = False
    below: Id | None = None
    limit: Count | None = None


class LogParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines of the log: those before `below`."""

    below: Id | None = None
    limit: Count | None = None


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which hold."""

    id: Id


class LogOfParams(OneParams, frozen=True, kw_only=True):
    """Of which hold, and which lines: those before `below`."""

    below: Id | None = None
    limit: Count | None = None


class WhyParams(OneParams, frozen=True, kw_only=True):
    """Which hold, and why."""

    why: str = ""


class ExtendParams(WhyParams, frozen=True, kw_only=True):
    """Which hold, for how many days from now on, and why."""

    days: Count | None = None


class FileParams(OneParams, frozen=True, kw_only=True):
    """Which file of which hold."""

    place: Id


def hold_entity(hold: Hold) -> entities.EvidenceHold:
    """A hold."""
    return entities.EvidenceHold(
        id=str(hold.id),
        subject_type=SubjectKind(hold.subject_kind).wire,
        subject_id=str(hold.subject_id),
        account_id=str(hold.account_id),
        category=facts_of(hold.category).slug,
        report_id=str(hold.report_id),
        fingerprint=hold.fingerprint or None,
        taken_at=iso(hold.taken_at),
        hold_until=iso(hold.hold_until),
        ordered_until=iso_or_none(hold.ordered_until),
        gone_at=iso_or_none(hold.gone_at),
    )


def entry_entity(entry: Entry) -> entities.EvidenceEntry:
    """A line of the log."""
    return entities.EvidenceEntry(
        id=str(entry.id),
        evidence_id=str(entry.evidence_id),
        kind=Act(entry.kind).wire,
        actor_id=id_or_none(entry.actor_id),
        why=entry.why,
        until=iso_or_none(entry.until),
        created_at=iso(entry.created_at),
    )


def _file(file: File) -> entities.EvidenceFile:
    return entities.EvidenceFile(
        place=file.place,
        media_id=id_or_none(file.media_id),
        type=file.kind,
        description=file.description,
        blob_key=file.blob_key,
        sha256=file.sha256 or None,
        size=file.size if file.sha256 else None,
    )


def _other(other: Other | None) -> entities.EvidenceOther | None:
    if other is None:
        return None
    return entities.EvidenceOther(
        id=str(other.id),
        acct=other.acct,
        display_name=other.display_name,
        text=other.text,
        spoiler_text=other.spoiler_text,
        created_at=iso(other.created_at),
    )


def kept_entity(kept: Kept) -> entities.Evidence:
    """What a hold keeps."""
    shot = kept.snapshot
    post = kept.hold.subject_kind == SubjectKind.POST
    return entities.Evidence(
        hold=hold_entity(kept.hold),
        acct=shot.acct,
        display_name=shot.display_name,
        text=shot.text,
        spoiler_text=shot.spoiler_text,
        language=shot.language,
        visibility=Visibility(shot.visibility).wire if post else None,
        sensitive=shot.sensitive,
        created_at=iso(shot.created_at),
        edited_at=iso_or_none(shot.edited_at),
        versions=tuple(map(iso, shot.versions)),
        poll_options=shot.options,
        thread_id=id_or_none(shot.thread_id),
        in_reply_to=_other(shot.answers),
        quoted=_other(shot.quotes),
        fields=tuple(
            entities.EvidenceField(name=line.name, value=line.value) for line in shot.lines
        ),
        files=tuple(map(_file, kept.files)),
    )


def _limit(given: int | None) -> int:
    return max(1, min(given or _USUAL, _MOST))


async def list_all(call: Call[ListParams]) -> list[entities.EvidenceHold]:
    """Holds, the newest first."""
    params = call.params
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.HOLDS)
        found = await access.listed(
            reader,
            actor,
            account_id=params.account_id or 0,
            subject=_subject(params),
            gone=params.gone,
            below=MAX_BOUND if params.below is None else params.below,
            limit=_limit(params.limit),
        )
    return [hold_entity(each) for each in found]


def _subject(params: ListParams) -> Subject | None:
    if not params.subject_type:
        return None
    if params.subject_type not in _KINDS:
        raise Invalid("subject_type", "is not included in the list", "ERR_INCLUSION")
    if params.subject_id is None:
        raise Invalid("subject_id", "can't be blank", "ERR_BLANK")
    return Subject(_KINDS[params.subject_type], params.subject_id)


async def show(call: Call[OneParams]) -> entities.EvidenceHold:
    """A hold, without what it keeps."""
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.HOLDS)
        return hold_entity(await access.one(reader, actor, call.params.id))


async def open_(call: Call[WhyParams]) -> entities.Evidence:
    """Look at what a hold keeps; who, when and why is written down."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.EVIDENCE)
        return kept_entity(await holds.open_(call.services, tx, actor, params.id, params.why))


async def file(call: Call[FileParams]) -> Response:
    """A file that is kept, within half an hour of opening it."""
    params, services = call.params, call.services
    async with services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.EVIDENCE)
        named = await access.file(reader, actor, params.id, params.place, services.clock.now())
    key = await stored_key(services, named)
    if not await services.blobs.exists(key):
        raise NotFound(f"the file of evidence {params.id}")
    headers = ((b"content-type", _FILE.encode()), NOT_STORED)
    return Stream(services.blobs.stream(key), 200, headers)


async def extend(call: Call[ExtendParams]) -> entities.EvidenceHold:
    """Have something kept for longer, whatever is decided."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.EVIDENCE)
        return hold_entity(
            await holds.extend(
                call.services, tx, actor, params.id, days=params.days or 0, why=params.why
            )
        )


async def release(call: Call[WhyParams]) -> entities.EvidenceHold:
    """End a hold before its time; what it keeps is deleted."""
    params = call.params
    async with call.services.db.write() as tx:
        actor = await actor_of(call, tx, Permission.RELEASE)
        return hold_entity(await holds.release(call.services, tx, actor, params.id, params.why))


async def log(call: Call[LogParams]) -> list[entities.EvidenceEntry]:
    """What was done with all holds, the newest first."""
    return await _log(call, 0, call.params.below, call.params.limit)


async def log_of(call: Call[LogOfParams]) -> list[entities.EvidenceEntry]:
    """What was done with a hold, the newest first."""
    params = call.params
    return await _log(call, params.id, params.below, params.limit)


async def _log(
    call: Call[Any], evidence_id: int, below: int | None, limit: int | None
) -> list[entities.EvidenceEntry]:
    async with call.services.db.read() as reader:
        actor = await actor_of(call, reader, Permission.OPENINGS)
        found = await access.log(
            reader,
            actor,
            evidence_id=evidence_id,
            below=MAX_BOUND if below is None else below,
            limit=_limit(limit),
        )
    return [entry_entity(each) for each in found]


def _endpoint(
    method: Literal["GET", "POST"], path: str, handler: Any, **more: Any
) -> Endpoint[Any]:
    scopes = READ if method == GET else WRITE
    return Endpoint(
        method, f"{BASE}/evidence{path}", handler, auth=Auth.USER, scopes=scopes, **more
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _endpoint(
        GET,
        "",
        list_all,
        params=ListParams,
        answer=list[entities.EvidenceHold],
        summary="What was reported and is kept",
    ),
    _endpoint(
        GET,
        "/log",
        log,
        params=LogParams,
        answer=list[entities.EvidenceEntry],
        summary="Who opened what was kept, and why",
    ),
    _endpoint(
        GET,
        "/{id}",
        show,
        params=OneParams,
        answer=entities.EvidenceHold,
        summary="That something is kept, and until when",
    ),
    _endpoint(
        POST,
        "/{id}/open",
        open_,
        params=WhyParams,
        answer=entities.Evidence,
        summary="Open what is kept, with a reason",
    ),
    _endpoint(
        GET,
        "/{id}/files/{place}",
        file,
        params=FileParams,
        summary="A file that is kept, for whoever has just opened it",
        content_type=_FILE,
    ),
    _endpoint(
        POST,
        "/{id}/extend",
        extend,
        params=ExtendParams,
        answer=entities.EvidenceHold,
        summary="Have something kept for longer",
    ),
    _endpoint(
        POST,
        "/{id}/release",
        release,
        params=WhyParams,
        answer=entities.EvidenceHold,
        summary="End a hold before its time",
        errors=(409,),
    ),
    _endpoint(
        GET,
        "/{id}/log",
        log_of,
        params=LogOfParams,
        answer=list[entities.EvidenceEntry],
        summary="Who opened something that was kept, and why",
    ),
)
