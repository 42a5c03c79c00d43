"""The settings of what is one's own: an archive to take along, and old posts that go."""

from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import NOT_STORED, Response, Stream
from rostra.kernel.errors import Conflict, Invalid, NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.media import access as media_access
from rostra.network.portability import access as portability_access
from rostra.network.portability import cleanup
from rostra.network.portability.archives import drop_archive, request_archive
from rostra.network.portability.model import CleanupRule
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.pages.settings_files import tables, tabs
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.settings import CleanupPage, DownloadPage

_HERE: Final = "/settings/data"
_FLAGS: Final = (
    "active",
    "keep_direct",
    "keep_pinned",
    "keep_polls",
    "keep_media",
    "keep_favourited",
    "keep_bookmarked",
)
_COUNTS: Final = ("min_favourites", "min_reblogs")


class OneParams(msgspec.Struct, frozen=True):
    """Which archive."""

    id: Id


class CleanupParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which old posts go, and which are kept; a box that is not ticked is not sent."""

    active: bool = False
    min_age: str = ""
    keep_direct: bool = False
    keep_pinned: bool = False
    keep_polls: bool = False
    keep_media: bool = False
    keep_favourited: bool = False
    keep_bookmarked: bool = False
    min_favourites: str = ""
    min_reblogs: str = ""


async def data(call: PageCall[Any]) -> Response:
    """What can be taken along, and the archive that is made or ready."""
    async with call.read() as reader:
        row = await accounts_access.public(reader, call.viewer_id, call.viewer_id)
        pictures = await media_access.attached_count(reader, call.viewer_id)
        archive = await portability_access.archive_of(reader, call.viewer_id, call.now)
    page = DownloadPage(
        posts=row.statuses_count,
        pictures=pictures,
        tabs=tabs(_HERE),
        tables=await tables(call),
        archive=str(archive.id) if archive and archive.ready else "",
        ready_at=archive.ready_at if archive else 0,
        ready_bytes=archive.size if archive else 0,
        expires_at=archive.expires_at if archive else 0,
        pending=archive is not None and not archive.ready,
    )
    return await call.page(page)


async def make(call: PageCall[Any]) -> Response:
    """Have an archive made."""
    call.count("archive_account")
    try:
        async with call.services.db.write() as tx:
            await request_archive(call.services, tx, call.viewer_id)
    except Conflict as error:
        return call.redirect(_HERE, flash=f"{error.safe}.", tone="info")
    return call.redirect(_HERE, flash="Your archive is being made.")


async def download(call: PageCall[OneParams]) -> Response:
    """Hand one's own archive out, piece by piece."""
    services = call.services
    async with call.read() as reader:
        archive = await portability_access.ready_archive(
            reader, call.viewer_id, call.params.id, call.now
        )
        account = await accounts_access.public(reader, call.viewer_id, call.viewer_id)
    if not await services.blobs.exists(archive.blob_key):
        raise NotFound(f"the file of archive {archive.id}")
    pieces = services.blobs.stream(archive.blob_key)
    response = Stream(pieces, 200, ((b"content-type", b"application/zip"), NOT_STORED))
    response.add("content-length", str(archive.size))
    name = f"{account.username}-{services.settings.domain.partition(':')[0]}.zip"
    response.add("content-disposition", f'attachment; filename="{name}"')
    return response


async def drop(call: PageCall[OneParams]) -> Response:
    """Delete one's own archive before its time."""
    async with call.services.db.write() as tx:
        await drop_archive(call.services, tx, call.viewer_id, call.params.id)
    return call.redirect(_HERE, flash="The archive is deleted.")


async def cleanup_form(call: PageCall[Any]) -> Response:
    """The member's rule for old posts as it is."""
    async with call.read() as reader:
        rule = await cleanup.rule_of(reader, call.viewer_id)
    values = {name: "1" if getattr(rule, name) else "" for name in _FLAGS}
    values |= {name: str(getattr(rule, name) or "") for name in _COUNTS}
    values["min_age"] = str(rule.min_age_days)
    return await call.page(CleanupPage(form=Form(values=values)))


async def cleanup_save(call: PageCall[CleanupParams]) -> Response:
    """Change the rule, or show what is wrong with it."""
    params = call.params
    rule = CleanupRule(
        call.viewer_id,
        min_age_days=_number(params.min_age),
        **{name: int(getattr(params, name)) for name in _FLAGS},
        **{name: _number(getattr(params, name) or "0") for name in _COUNTS},
    )
    try:
        async with call.services.db.write() as tx:
            await cleanup.set_rule(tx, rule)
    except Invalid as error:
        typed = {name: "1" if getattr(params, name) else "" for name in _FLAGS}
        typed |= {name: getattr(params, name) for name in (*_COUNTS, "min_age")}
        return await call.page(CleanupPage(form=form_of(typed, error)), 422)
    said = "From the next hour on old posts are deleted." if rule.active else "No post is deleted."
    return call.redirect("/settings/cleanup", flash=said)


def _number(text: str) -> int:
    """A number as it was typed; -1, which nothing accepts, for anything else."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else -1  # noqa: PLR2004 (digits)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, data, MEMBER, unbound=True),
    Route(POST, _HERE, make, MEMBER),
    Route(GET, "/settings/cleanup", cleanup_form, MEMBER),
    Route(POST, "/settings/cleanup", cleanup_save, MEMBER, CleanupParams),
    Route(GET, f"{_HERE}/archives/{{id}}", download, MEMBER, OneParams, unbound=True),
    Route(POST, f"{_HERE}/archives/{{id}}/delete", drop, MEMBER, OneParams),
)
