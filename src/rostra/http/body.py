"""Bodies: JSON, urlencoded and multipart into one nested dict, within bounds of size and time."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

import msgspec
from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from rostra.http.brackets import MAX_NAMES, Tree, nest
from rostra.http.failures import BadRequest, ClientGone, TooSlow
from rostra.http.request import Request, parse_form
from rostra.kernel.errors import TooLarge, Unsupported

MAX_JSON_NODES: Final = 10_000
MAX_JSON_DEPTH: Final = 16
MAX_FILES: Final = 8
# A container adds a bracket, and commas one less than its values; an empty one is itself a value.
_MOST_MARKS: Final = 2 * MAX_JSON_NODES + 1
_MOST_QUOTES: Final = 4 * MAX_JSON_NODES  # of names and texts
_MOST_OF_A_FORM: Final = 4 << 20  # the longest answer of the notice desk, and more
_LENGTH_DIGITS: Final = 16
_JSON = msgspec.json.Decoder()
_ANNOUNCES_BODY: Final = (b"content-length", b"transfer-encoding", b"content-type")
_TOO_MANY: Final = "The body holds too many values"
_FORM: Final = "application/x-www-form-urlencoded"


class Upload:
    """One file of a multipart body, spooled to disk when large, gone when the request ends."""

    __slots__ = ("content_type", "file", "filename", "size")

    def __init__(self, file: IO[bytes], filename: str, content_type: str, size: int) -> None:
        self.file = file
        self.filename = filename
        self.content_type = content_type
        self.size = size

    def read(self) -> bytes:
        """All its bytes; the file stays open for another reading."""
        self.file.seek(0)
        return self.file.read()


async def read_tree(request: Request, cap: int, *, from_page: bool = False) -> Tree:
    """The parameters in the body; an empty body has none.

    Args:
        request: whose body is read, once.
        cap: the bytes that the route takes.
        from_page: forms alone; files come as such and never in a text.

    Raises:
        BadRequest: the body is not what its content type says.
        TooLarge: more than `cap` bytes.
        TooSlow: not there within the deadline.
        Unsupported: a content type or coding that is not read here.
        ClientGone: the connection closed.
    """
    headers = request.headers
    if headers.keys().isdisjoint(_ANNOUNCES_BODY):
        return {}
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise Unsupported(safe="Compressed request bodies are not accepted")
    kind = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, cap)
    if from_page and kind != _FORM:
        raise Unsupported(safe="Send a form")
    most = _MOST_OF_A_FORM if from_page else request.site.max_text_bytes
    raw = await read_bytes(request, min(cap, max(most, request.site.max_body_bytes)))
    if not raw:
        return {}
    if kind == _FORM:
        return parse_form(raw, cap)
    if kind == "application/json" or kind.endswith("+json"):
        return parse_json(raw)
    raise Unsupported(safe="Send JSON, a form or a multipart form")


def is_json(request: Request) -> bool:
    """Whether the request says that its body is JSON."""
    return request.headers.get(b"content-type", b"").startswith(b"application/json")


async def read_bytes(request: Request, cap: int) -> bytes:
    """The raw body, of at most `cap` bytes; errors as `read_tree`."""
    pieces = [piece async for piece in _pieces(request, cap)]
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def _pieces(request: Request, cap: int) -> AsyncGenerator[bytes, None]:
    """What arrives, piece by piece, under one deadline for all of it (CVE-2023-36461)."""
    declared = request.headers.get(b"content-length", b"")
    # int() of a text of any length is slow work; nobody means 16 digits.
    plain = declared.isdigit()
    if plain and (len(declared) >= _LENGTH_DIGITS or int(declared) > cap):
        raise TooLarge
    expected = int(declared) if plain else cap
    site = request.site
    loop = asyncio.get_running_loop()
    ends = loop.time() + site.body_deadline_s + expected / site.slowest_bytes_s
    size, more = 0, True
    while more:
        try:
            async with asyncio.timeout_at(ends):
                message = await request.receive()
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(piece)
        if size > cap:
            raise TooLarge
        if piece:
            yield piece


def parse_json(raw: bytes) -> Tree:
    """A JSON object, bounded in depth and number of values; NUL characters are dropped.

    Raises:
        BadRequest: not JSON, not UTF-8, lone surrogates, not an object, a bomb.
    """
    if _holds_too_much(raw):
        raise BadRequest(_TOO_MANY)
    try:
        tree = _JSON.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError):
        raise BadRequest("The body is not valid JSON") from None
    if not isinstance(tree, dict):
        raise BadRequest("The body must be a JSON object")
    _measure(tree)
    cleaned: Tree = _without_nul(tree) if b"\\u0000" in raw or b"\0" in raw else tree
    return cleaned


def _holds_too_much(raw: bytes) -> bool:
    """Whether JSON has more values than may be, told before anything is made of them.

    Decoding is what takes time and memory: a second for 5 MB of empty lists. What stands in texts
    does not count, and nothing is refused that :func:`_measure` would let pass.
    """
    if _marks(raw) <= _MOST_MARKS:
        return False
    plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    if plain.count(b'"') > _MOST_QUOTES:
        return True
    return sum(map(_marks, plain.split(b'"')[::2])) > _MOST_MARKS


def _marks(raw: bytes) -> int:
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _measure(tree: Tree) -> None:
    """Count values level by level, without recursion."""
    level: list[Any] = [tree]
    seen = 0
    for _ in range(MAX_JSON_DEPTH):
        below: list[Any] = []
        for value in level:
            seen += len(value)
            if seen > MAX_JSON_NODES:
                raise BadRequest(_TOO_MANY)
            inside = value.values() if isinstance(value, dict) else value
            below += [each for each in inside if isinstance(each, dict | list)]
        if not below:
            return
        level = below
    raise BadRequest("The body nests too deep")


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {key.replace("\0", ""): _without_nul(each) for key, each in value.items()}
    return value


class _Parser(MultiPartParser):
    """Starlette's parser, made to notice a body that breaks off, and how much is not in files.

    Files are spooled to disk; all else stays in memory: names, headers and fields together.
    """

    ended = False
    kept = 0
    most_kept = 0

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """A part of what stands above a field or a file."""
        self._keep(end - start)
        super().on_header_value(data, start, end)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """A part of a field or of a file."""
        if self._current_part.file is None:
            self._keep(end - start)
        super().on_part_data(data, start, end)

    def _keep(self, size: int) -> None:
        self.kept += size
        if self.kept > self.most_kept:
            raise TooLarge

    def on_end(self) -> None:
        """The closing boundary was read."""
        self.ended = True

    def close(self) -> None:
        """Give up what was spooled."""
        for file in self._files_to_close_on_error:
            file.close()


async def _multipart(request: Request, cap: int) -> Tree:
    headers = Headers(raw=[(b"content-type", request.headers[b"content-type"])])
    parser = _Parser(
        headers,
        _pieces(request, cap),
        max_files=MAX_FILES,
        max_fields=MAX_NAMES,
        max_part_size=cap,
    )
    parser.most_kept = min(cap, request.site.max_body_bytes)
    with _readable():
        form = await parser.parse()
        if not parser.ended:
            parser.close()
            raise MultiPartException("It breaks off before its end.")
    pairs: list[tuple[str, Any]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            request.finish.append(value.file.close)
            pairs.append((name.replace("\0", ""), _upload(value)))
        else:
            pairs.append((name.replace("\0", ""), value.replace("\0", "")))
    return nest(pairs)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (MultiPartException, FormParserError, KeyError, ValueError) as error:
        said = error.message if isinstance(error, MultiPartException) else "Invalid multipart data."
        raise BadRequest(f"The form could not be read: {said}") from None


def _upload(part: UploadFile) -> Upload:
    return Upload(part.file, part.filename or "", part.content_type or "", part.size or 0)
