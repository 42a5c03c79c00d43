"""Pages read in a child process each, seen from the server: bytes in, a `Page` out."""

import asyncio
import codecs
import re
import subprocess
import sys
from collections.abc import Sequence

import msgspec
import structlog

from rostra.outside.pages.model import MOST_BYTES, Page

CHILD = (sys.executable, "-I", "-m", "rostra.outside.pages.child")
"""The command of a child; megabytes and seconds are added to it."""

_MEGABYTES = 512
_SECONDS = 3
_DEADLINE_S = 20.0  # a machine that has much to do starts children slowly
_AT_ONCE = 2
_ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NAMED = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:-]{2,30})""")
_LOOKED_THROUGH = 2048
_log = structlog.get_logger("rostra.pages")


class PageReader:
    """Reads foreign pages; holds nothing that needs closing."""

    def __init__(self, *, command: Sequence[str] = CHILD) -> None:
        """Prepare; `command` is what to start, tests put a faulty one here."""
        self._command = (*command, str(_MEGABYTES), str(_SECONDS))
        self._room: asyncio.Semaphore | None = None

    async def read(self, body: bytes, content_type: str = "") -> Page:
        """What a page says of itself: nothing at all where it can't be read within the limits."""
        html = body[:MOST_BYTES].decode(charset_of(body, content_type), "replace")
        self._room = self._room or asyncio.Semaphore(_AT_ONCE)
        async with self._room:
            return await asyncio.to_thread(self._ask, html.encode("utf-8", "replace"))

    def _ask(self, html: bytes) -> Page:
        try:
            done = subprocess.run(  # noqa: S603 (a fixed command, nothing from outside in it)
                self._command,
                input=html,
                capture_output=True,
                timeout=_DEADLINE_S,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
                check=True,
            )
            return msgspec.json.decode(done.stdout, type=Page)
        except (subprocess.SubprocessError, OSError, msgspec.MsgspecError) as error:
            _log.info("page_not_read", error=type(error).__name__)
            return Page()


def charset_of(body: bytes, content_type: str) -> str:
    """The encoding of a page: by its mark, its Content-Type, its beginning; else UTF-8."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    named = _NAMED.search(content_type.encode("latin-1", "replace").lower()) or _NAMED.search(
        body[:_LOOKED_THROUGH].lower()
    )
    try:
        found = codecs.lookup(named[1].decode()) if named else None
    except LookupError:
        return "utf-8"
    # Only what turns bytes into text: Python also knows codecs such as zip and rot13.
    return found.name if found and found._is_text_encoding else "utf-8"  # noqa: SLF001 (told nowhere else)
