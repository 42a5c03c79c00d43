"""What came or went about a letter, exactly: on a page, and as a file."""

from typing import Any, Final

from rostra.http.response import NOT_STORED, Response
from rostra.network.edge import Reader
from rostra.safety.notices import access
from rostra.safety.notices.model import Message
from rostra.web.call import PageCall
from rostra.web.console import letter_words as told
from rostra.web.console import subjects
from rostra.web.console.common import HERE, OneParams, look_of, tabs
from rostra.web.console.letters import desk
from rostra.web.console.subjects import Seen
from rostra.web.route import GET, MEMBER, Route
from rostra.web.views.console_desks import MessagePage

_RAW: Final = 200_000


async def _message(call: PageCall[Any], reader: Reader) -> tuple[Message, bytes, Seen]:
    found, raw = await access.message(reader, call.params.id)
    return found, raw, await subjects.load(call, reader, (), {found.actor_id} - {0})


async def exactly(call: PageCall[OneParams]) -> Response:
    """What came or went, every byte that can be shown."""
    async with call.read() as reader:
        actor = await desk(call, reader)
        found, raw, seen = await _message(call, reader)
    page = MessagePage(
        tabs=tabs("letters", actor),
        look=look_of(call.request),
        message=told.message(found, seen.name(found.actor_id)),
        letter_url=f"{HERE}/letters/{found.notice_id}",
        raw=raw[:_RAW].decode("utf-8", "replace").replace("\0", "�"),
        cut=len(raw) > _RAW,
        download_url=f"{told.MESSAGES}/{found.id}/file",
    )
    return await call.page(page)


async def as_file(call: PageCall[OneParams]) -> Response:
    """The same as a file, byte for byte."""
    async with call.read() as reader:
        await desk(call, reader)
        found, raw, _ = await _message(call, reader)
    name = f"letter-{found.notice_id}-{found.id}.eml"
    response = Response(raw, 200, ((b"content-type", b"application/octet-stream"), NOT_STORED))
    response.add("content-disposition", f'attachment; filename="{name}"')
    return response


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, f"{told.MESSAGES}/{{id}}", exactly, MEMBER, params=OneParams),
    Route(GET, f"{told.MESSAGES}/{{id}}/file", as_file, MEMBER, params=OneParams),
)
