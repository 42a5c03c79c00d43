"""What was reported, as it was seen: a reason first, then what is kept, and the log."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from rostra.http.params import Count, Id
from rostra.http.response import NOT_STORED, Header, Response
from rostra.http.stored import stored
from rostra.kernel.errors import Conflict, Forbidden, Invalid
from rostra.kernel.paging import MAX_BOUND
from rostra.network.edge import Reader
from rostra.network.files.withhold import stored_key
from rostra.network.media.serving import file_type
from rostra.network.posts.model import Visibility
from rostra.safety.categories.facts import facts_of
from rostra.safety.evidence import access, holds
from rostra.safety.evidence.model import Act, Entry, File, Hold, Kept
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import subjects, words
from rostra.web.console.common import HERE, lead, look_of, tabs, who
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.console import HoldLine
from rostra.web.views.console_evidence import (
    EntryView,
    EvidencePage,
    EvidencesPage,
    KeptFile,
    KeptOther,
    KeptView,
)
from rostra.web.views.forms import Form
from rostra.web.views.parts import Pager, PictureView

_HERE: Final = f"{HERE}/evidence"
_LIMIT: Final = 40
_ENTRIES: Final = 100
_SINCE: Final = {"deleted": "Deleted since", "edited": "Edited since", "": ""}
_ACTS: Final = {
    Act.OPENED: "Opened",
    Act.EXTENDED: "Kept for longer",
    Act.RELEASED: "Ended before its time",
    Act.ENDED: "Its time had come",
}
# A file that is shown alone runs nothing, and plays only itself.
_ALONE: Final[Header] = (
    b"content-security-policy",
    b"default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
)


class ListParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which holds: those below this one, the ended ones too."""

    below: Id | None = None
    gone: str = ""


class HoldParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which hold."""

    id: Id


class WhyParams(HoldParams, frozen=True, kw_only=True):
    """Which hold, and why."""

    why: str = ""


class ExtendParams(WhyParams, frozen=True, kw_only=True):
    """Which hold, for how many days from now on, and why."""

    days: Count | None = None


class FileParams(HoldParams, frozen=True, kw_only=True):
    """Which of its files, or the still that stands for it."""

    place: Count | None = None
    still: str = ""


async def of_subject(reader: Reader, actor: Actor, subject: Subject) -> tuple[HoldLine, ...]:
    """What is kept of a subject, for those who may know. Three statements at most."""
    found = await access.listed(reader, actor, subject=subject)
    since = await access.since_then(reader, found[-1]) if found else ""
    # What became of it since the first was taken may have been before the last.
    return tuple(
        _line(each, since if since == "deleted" or each is found[-1] else "") for each in found
    )


def _line(hold: Hold, since: str = "") -> HoldLine:
    return HoldLine(
        url=f"{_HERE}/{hold.id}",
        kind=words.KINDS[SubjectKind(hold.subject_kind)],
        category=facts_of(hold.category).name,
        taken_at=hold.taken_at,
        until=hold.hold_until,
        ordered_until=hold.ordered_until,
        gone_at=hold.gone_at,
        since=_SINCE[since],
    )


async def listed(call: PageCall[ListParams]) -> Response:
    """Holds, the newest first, and what was done with them lately."""
    params = call.params
    async with call.read() as reader:
        actor = await who(call, reader)
        actor.require(Permission.HOLDS)
        found = await access.listed(
            reader,
            actor,
            gone=bool(params.gone),
            below=params.below or MAX_BOUND,
            limit=_LIMIT + 1,
        )
        entries = await _log(call, reader, actor, 0)
    more = len(found) > _LIMIT
    gone = "&gone=1" if params.gone else ""
    older = f"{_HERE}?below={found[_LIMIT - 1].id}{gone}" if more else ""
    page = EvidencesPage(
        tabs=tabs("evidence", actor),
        look=look_of(call.request),
        holds=tuple(map(_line, found[:_LIMIT])),
        entries=entries,
        reads_log=actor.may(Permission.OPENINGS),
        gone=bool(params.gone),
        pager=Pager(older_url=older),
    )
    return await call.page(page)


async def one(call: PageCall[HoldParams]) -> Response:
    """A hold; what it keeps, where the viewer has just opened it."""
    return await _one(call)


async def _one(call: PageCall[Any], form: Form | None = None, which: str = "") -> Response:
    """``form``: what was typed into the form of this name."""
    async with call.read() as reader:
        actor = await who(call, reader)
        hold = await access.one(reader, actor, call.params.id)
        since = "" if hold.gone_at else await access.since_then(reader, hold)
        kept = await access.opened(reader, actor, hold, call.now)
        cases = await access.case_ids(reader, hold)
        entries = await _log(call, reader, actor, hold.id)
    there = not hold.gone_at
    page = EvidencePage(
        tabs=tabs("evidence", actor),
        look=look_of(call.request),
        at=f"{_HERE}/{hold.id}",
        hold=_line(hold, since),
        case_urls=tuple(f"{HERE}/cases/{case_id}" for case_id in cases),
        kept=_kept(kept) if kept else None,
        entries=entries,
        reads_log=actor.may(Permission.OPENINGS),
        can_open=there and kept is None and actor.may(Permission.EVIDENCE),
        can_extend=there and actor.may(Permission.EVIDENCE),
        can_release=there and actor.may(Permission.RELEASE),
        form=form or Form(),
        which=which,
    )
    return await call.page(page, 422 if form else 200)


async def _log(
    call: PageCall[Any], reader: Reader, actor: Actor, hold_id: int
) -> tuple[EntryView, ...]:
    if not actor.may(Permission.OPENINGS):
        return ()
    found = await access.log(reader, actor, evidence_id=hold_id, limit=_ENTRIES)
    seen = await subjects.load(call, reader, (), {each.actor_id for each in found} - {0})
    return tuple(_entry(each, seen.name(each.actor_id)) for each in found)


def _entry(entry: Entry, by: str) -> EntryView:
    return EntryView(
        words=_ACTS[Act(entry.kind)],
        by=by,
        why=entry.why,
        until=entry.until,
        at=entry.created_at,
        url=f"{_HERE}/{entry.evidence_id}",
    )


def _kept(kept: Kept) -> KeptView:
    shot = kept.snapshot
    post = kept.hold.subject_kind == SubjectKind.POST
    others = (("Answers", shot.answers), ("Quotes", shot.quotes))
    return KeptView(
        acct=shot.acct,
        name=shot.display_name,
        text=shot.text,
        warned=shot.spoiler_text,
        language=shot.language,
        visibility=subjects.VISIBILITIES[Visibility(shot.visibility)] if post else "",
        created_at=shot.created_at,
        edited_at=shot.edited_at,
        versions=len(shot.versions),
        options=shot.options,
        lines=tuple((line.name, line.value) for line in shot.lines),
        others=tuple(
            KeptOther(
                label=label,
                acct=other.acct,
                text=other.text,
                warned=other.spoiler_text,
                at=other.created_at,
            )
            for label, other in others
            if other
        ),
        thread_url=f"/posts/{shot.thread_id}" if shot.answers else "",
        files=_files(kept.hold, kept.files),
        fingerprint=kept.hold.fingerprint,
    )


def _files(hold: Hold, files: Sequence[File]) -> tuple[KeptFile, ...]:
    return tuple(
        KeptFile(
            picture=PictureView(
                id=str(each.media_id),
                kind="image" if each.kind in {"avatar", "header"} else each.kind,
                url=(url := f"{_HERE}/{hold.id}/file?place={each.place}"),
                preview_url=f"{url}&still=1" if each.preview_key else url,
                alt=each.description,
                width=each.width,
                height=each.height,
            ),
            sha256=each.sha256,
            size=each.size,
        )
        for each in files
    )


async def open_(call: PageCall[WhyParams]) -> Response:
    """Say why, and look."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await holds.open_(call.services, tx, actor, params.id, params.why)
    except Invalid as error:
        return await _one(call, form_of({"why": params.why}, error), "open")
    return call.redirect(f"{_HERE}/{params.id}")


async def extend(call: PageCall[ExtendParams]) -> Response:
    """Have it kept for longer."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            days = params.days or 0
            await holds.extend(call.services, tx, actor, params.id, days=days, why=params.why)
    except Invalid as error:
        values = {"why": params.why, "days": str(params.days or "")}
        return await _one(call, form_of(values, error), "extend")
    return lead(call, f"{_HERE}/{params.id}", "It is kept for longer.")


async def release(call: PageCall[WhyParams]) -> Response:
    """End it before its time."""
    params = call.params
    here = f"{_HERE}/{params.id}"
    try:
        async with call.services.db.write() as tx:
            actor = await who(call, tx)
            await holds.release(call.services, tx, actor, params.id, params.why)
    except Invalid as error:
        return await _one(call, form_of({"why": params.why}, error), "release")
    except (Conflict, Forbidden) as error:
        return lead(call, here, f"{error.safe}.", good=False)
    return lead(call, here, "It is gone.")


async def file(call: PageCall[FileParams]) -> Response:
    """A file that is kept, or the still that stands for it, for whoever has just opened it."""
    params = call.params
    still = bool(params.still)
    async with call.read() as reader:
        actor = await who(call, reader)
        named = await access.file(
            reader, actor, params.id, params.place or 0, call.now, preview=still
        )
    key, kind = await stored_key(call.services, named), file_type(named)
    tag: Header = (b"etag", f'"{params.id}-{params.place}-{params.still[:1]}"'.encode("ascii"))
    headers = (tag, (b"content-type", kind.encode()), _ALONE, NOT_STORED)
    return await stored(call.services, call.request, key, headers)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, listed, MEMBER, params=ListParams),
    Route(GET, f"{_HERE}/{{id}}", one, MEMBER, params=HoldParams),
    Route(GET, f"{_HERE}/{{id}}/file", file, MEMBER, params=FileParams),
    Route(POST, f"{_HERE}/{{id}}/open", open_, MEMBER, params=WhyParams),
    Route(POST, f"{_HERE}/{{id}}/extend", extend, MEMBER, params=ExtendParams),
    Route(POST, f"{_HERE}/{{id}}/release", release, MEMBER, params=WhyParams),
)
