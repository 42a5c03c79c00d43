"""A letter as it came over the wire, taken apart with bounds: headers, texts, what stays closed.

Headers are read by the standard library's `email`; the parts are cut here, one after the other,
because a letter may nest them without end. What is deeper or more than the limits is not lost: it
is read as plain text, and that is said.
"""

import base64
import binascii
import codecs
import itertools
import quopri
import re
from collections.abc import Iterator
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Final

import msgspec

from rostra.safety.notices.reading.markup import text_of
from rostra.safety.notices.reading.model import MAX_LETTER

MAX_PARTS: Final = 200
MAX_DEPTH: Final = 8
MAX_HEADERS: Final = 256 * 1024  # bytes of one part's
MAX_HEADER: Final = 4_096
_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_CHARSETS = re.compile(
    r"(?:utf-?8|utf-?16|utf-?32|us-ascii|ascii|latin-?1|iso-?8859|windows-|cp\d|koi8|gb|big5|euc"
    r"|shift_?jis|sjis|iso-2022|mac)",
    re.IGNORECASE,
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_TEXT_NAMES: Final = (".txt", ".csv", ".tsv", ".log", ".json", ".eml", ".md", ".xml", ".html")
_TEXT_TYPES: Final = frozenset(
    {"application/json", "application/xarf+json", "application/xml", "application/csv",
     "message/feedback-report", "text/rfc822-headers", "message/delivery-status"}
)  # fmt: skip


class Part(msgspec.Struct, frozen=True):
    """One text of a letter.

    Attributes:
        name: `text`, `html`, or the name of the attachment.
        kind: the content type.
        enclosed: it belongs to a message that is enclosed as evidence.
        attached: it came as a file.
    """

    name: str
    kind: str
    text: str
    enclosed: bool
    attached: bool


class Letter(msgspec.Struct, frozen=True):
    """A letter taken apart.

    Attributes:
        headers: the first value of each, decoded, by name in lower case.
        enclosed_from: the sender of an enclosed message, if there is one.
        unread: what was not read, a sentence each.
        faults: what was wrong with its form.
    """

    headers: dict[str, str]
    kind: str
    parts: tuple[Part, ...]
    enclosed_from: str
    unread: tuple[str, ...]
    faults: tuple[str, ...]


class _Open(msgspec.Struct):
    """A part that is still to be cut."""

    data: bytes
    depth: int
    enclosed: bool
    name: str = ""


class _Cutter:
    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.unread: list[str] = []
        self.faults: list[str] = []
        self.enclosed_from = ""
        self._seen = 0

    def run(self, data: bytes) -> tuple[Message, str]:
        """Cut all of it; the outermost headers and content type."""
        headers, body = _split(data)
        waiting = [*self._cut(headers, body, _Open(b"", 0, enclosed=False))][::-1]
        while waiting:
            here = waiting.pop()
            self._seen += 1
            if self._seen > MAX_PARTS or here.depth > MAX_DEPTH:
                self._raw(here)
                continue
            inner_headers, inner = _split(here.data)
            waiting += [*self._cut(inner_headers, inner, here)][::-1]
        return headers, _kind(headers)

    def _raw(self, here: _Open) -> None:
        over = "deeper than" if here.depth > MAX_DEPTH else "more parts than"
        said = f"the letter has {over} the limit; what is over it was read as plain text"
        if said not in self.faults:
            self.faults.append(said)
        text = _decoded(here.data, "utf-8")
        self.parts.append(Part("rest", "text/plain", text, here.enclosed, attached=True))

    def _cut(self, headers: Message, body: bytes, here: _Open) -> Iterator[_Open]:
        kind = _kind(headers)
        if kind.startswith("multipart/"):
            boundary = _parameter(headers, "boundary")
            pieces = _pieces(body, boundary) if boundary else []
            if pieces:
                if any(unclosed for _, unclosed in pieces):
                    self.faults.append("a part that is never closed was read to the end")
                for piece, _ in pieces:
                    yield _Open(piece, here.depth + 1, here.enclosed)
                return
            self.faults.append("a multipart letter without the parts it announces was read as text")
            self._leaf(headers, body, "text/plain", here)
            return
        if kind in {"message/rfc822", "message/global"}:
            inner = _transferred(headers, body)
            if not self.enclosed_from:
                self.enclosed_from = header_text(_split(inner)[0].get("From", ""))
            self._enclosed_subject(inner)
            yield _Open(inner, here.depth + 1, enclosed=True)
            return
        self._leaf(headers, body, kind, here)

    def _enclosed_subject(self, inner: bytes) -> None:
        subject = header_text(_split(inner)[0].get("Subject", ""))
        if subject:
            self.parts.append(
                Part("enclosed subject", "text/plain", subject, enclosed=True, attached=True)
            )

    def _leaf(self, headers: Message, body: bytes, kind: str, here: _Open) -> None:
        name = _file_name(headers)
        attached = bool(name) or "attachment" in str(headers.get("Content-Disposition", ""))[:40]
        readable = kind.startswith("text/") or kind in _TEXT_TYPES or kind.endswith("+json")
        if not readable and not name.lower().endswith(_TEXT_NAMES):
            if body.strip():
                self.unread.append(
                    f"the attachment {name or 'without a name'} ({kind}, {len(body)} bytes as sent)"
                    " was not opened"
                )
            return
        text = _decoded(_transferred(headers, body), _parameter(headers, "charset"))
        if kind == "text/html":
            text = text_of(text)
        elif kind == "text/plain" and _parameter(headers, "format").lower() == "flowed":
            text = unflowed(text, delsp=_parameter(headers, "delsp").lower() == "yes")
        shown = name or ("html" if kind == "text/html" else "text")
        self.parts.append(Part(shown[:100], kind, text, here.enclosed, attached))


def take_apart(data: bytes) -> Letter:
    """Read the bytes of a letter; anything can be read, what is odd is among its faults."""
    cutter = _Cutter()
    if len(data) > MAX_LETTER:
        cutter.unread.append(
            f"the letter has {len(data)} bytes; only the first {MAX_LETTER} were read"
        )
        data = data[:MAX_LETTER]
    headers, kind = cutter.run(data)
    first: dict[str, str] = {}
    for name, value in headers.items():
        first.setdefault(name.lower()[:80], header_text(value))
    return Letter(
        first, kind, tuple(cutter.parts), cutter.enclosed_from,
        tuple(cutter.unread), tuple(dict.fromkeys(cutter.faults)),
    )  # fmt: skip


def header_text(value: object) -> str:
    """A header as it is meant to be read: encoded words decoded, on one line, at most 4 kB."""
    raw = str(value)[:MAX_HEADER]
    raw = raw.encode("ascii", "surrogateescape").decode("utf-8", "replace") if _odd(raw) else raw
    if "=?" in raw:
        try:
            pieces = decode_header(raw.replace("\r", "").replace("\n", ""))
        except (HeaderParseError, ValueError, binascii.Error):
            pieces = [(raw, None)]
        raw = "".join(
            each if isinstance(each, str) else _decoded(each, charset or "utf-8")
            for each, charset in pieces
        )
    return " ".join(raw.split())


def sent_at(value: str) -> tuple[int, int | None]:
    """A Date header as UTC ms and its zone in minutes; 0 and None if it can't be read."""
    try:
        when = parsedate_to_datetime(value[:100])
        offset = when.utcoffset()
        stamp = int(when.timestamp() * 1000) if offset is not None else 0
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0, None
    return (stamp, int(offset.total_seconds() // 60)) if offset is not None else (0, None)


def unflowed(text: str, *, delsp: bool) -> str:
    """Lines that were broken for show joined again (RFC 3676); quoted ones only with their like."""
    out: list[str] = []
    depth_before, open_ = -1, False
    for line in text.replace("\r\n", "\n").split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        flows = bare.endswith(" ") and bare != "-- "
        shown = bare[:-1] if flows and delsp else bare
        if open_ and depth == depth_before and bare != "-- ":
            out.append(shown)
        else:
            out.append(("\n" if depth_before >= 0 else "") + "> " * depth + shown)
        depth_before, open_ = depth, flows
    return "".join(out)


def _odd(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text)


def _split(data: bytes) -> tuple[Message, bytes]:
    """The headers of a part, bounded, and its body."""
    found = _BLANK_LINE.search(data, 0, MAX_HEADERS)
    if found is None:
        head, body = (data, b"") if len(data) < MAX_HEADERS else (data[:MAX_HEADERS], data)
    else:
        head, body = data[: found.start()], data[found.end() :]
    try:
        return BytesHeaderParser(policy=compat32).parsebytes(head), body
    except (MessageError, ValueError):
        return Message(), data


def _kind(headers: Message) -> str:
    given = str(headers.get("Content-Type", ""))[:200].partition(";")[0].strip().lower()
    return given if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,60}", given) else "text/plain"


def _parameter(headers: Message, name: str) -> str:
    value = str(headers.get("Content-Type", ""))[:MAX_HEADER]
    found = re.search(
        rf"(?:;|\s){name}\*?\s{{0,8}}=\s{{0,8}}(?:\"([^\"]{{1,200}})\"|([^\s;\"]{{1,200}}))",
        value,
        re.IGNORECASE,
    )
    return (found[1] or found[2] or "").strip() if found else ""


def _file_name(headers: Message) -> str:
    shown = f"{headers.get('Content-Disposition', '')};{headers.get('Content-Type', '')}"[
        :MAX_HEADER
    ]
    found = re.search(
        r"\b(?:file)?name\*?\s{0,4}=\s{0,4}(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", shown
    )
    name = header_text(found[1] or found[2]) if found else ""
    return re.sub(r"[^\w .()+-]", "_", name)[:100]


def _pieces(body: bytes, boundary: str) -> list[tuple[bytes, bool]]:
    """The parts between boundaries, each with whether it is never closed."""
    mark = re.escape(boundary.encode("utf-8", "replace"))
    edge_of = re.compile(rb"(?:\A|\r?\n)--" + mark + rb"(--)?[ \t]{0,64}(?=\r?\n|\Z)")
    edges = list(itertools.islice(edge_of.finditer(body), MAX_PARTS + 1))
    made: list[tuple[bytes, bool]] = []
    for at, edge in enumerate(edges):
        if edge[1]:
            rest = body[edge.end() :]
            if at + 1 == len(edges) and rest.strip():
                made.append((b"\n" + rest, False))
            continue
        last = at + 1 == len(edges)
        piece = body[edge.end() : len(body) if last else edges[at + 1].start()]
        made.append((re.sub(rb"\A\r?\n", b"", piece), last))
    before = body[: edges[0].start()] if edges else b""
    if before.strip():
        made.append((b"\n" + before, False))
    return made


def _transferred(headers: Message, body: bytes) -> bytes:
    """The body without its transfer encoding; what is broken is taken as far as it goes."""
    encoding = str(headers.get("Content-Transfer-Encoding", ""))[:40].strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        clean = _NOT_BASE64.sub(b"", body).rstrip(b"=").replace(b"=", b"")
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    return body


def _decoded(data: bytes, charset: str) -> str:
    """Bytes as text: in the charset that is said, in UTF-8, or byte by byte."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if charset and _CHARSETS.match(charset) and "utf" not in charset.lower():
        try:
            return data.decode(charset, "replace")
        except (LookupError, ValueError):
            pass
    if charset.lower().startswith(("utf-16", "utf-32", "utf16", "utf32")):
        return data.decode(charset if "-" in charset else "utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
