"""What a WebDAV server lists, as RFC 4918 writes it, read without trust in who wrote it."""

from typing import Final
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

_MOST: Final = 1_000_000
_DAV: Final = "DAV: "


class NotListed(ValueError):
    """It is no list; the text says why."""


def listed(body: bytes, folder: str) -> list[tuple[str, bool]]:
    """What lies directly in a folder: (name, whether it is a folder).

    Args:
        body: a `multistatus` document, as an answer to PROPFIND with a depth of 1.
        folder: the path of the folder at the server, not escaped, with a slash at its end.

    Raises:
        NotListed: it is none, or names more than any folder of ours holds.
    """
    reader = _Reader(folder)
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    # Entities can be made to unfold without end, or to name files: there is no use for them here.
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise NotListed(f"its list can't be read: {error}") from error
    if not reader.known:
        raise NotListed("its answer is no list")
    return reader.found


def _refuse(*_given: object) -> None:
    raise NotListed("its list has a document type")


class _Reader:
    """Takes a document element by element."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._href: list[str] | None = None
        self._path = ""
        self._is_folder = False
        self.known = False
        self.found: list[tuple[str, bool]] = []

    def begin(self, name: str, _attributes: dict[str, str]) -> None:
        if name == _DAV + "multistatus":
            self.known = True
        elif name == _DAV + "response":
            self._path, self._is_folder = "", False
        elif name == _DAV + "href":
            self._href = []
        elif name == _DAV + "collection":
            self._is_folder = True

    def text(self, text: str) -> None:
        if self._href is not None:
            self._href.append(text)

    def end(self, name: str) -> None:
        if name == _DAV + "href" and self._href is not None:
            # The first of a response is its own; others name principals and locks.
            self._path = self._path or unquote(urlsplit("".join(self._href).strip()).path)
            self._href = None
        elif name == _DAV + "response":
            self._add()

    def _add(self) -> None:
        if not self._path.startswith(self._folder):
            return
        inside = self._path.removeprefix(self._folder).rstrip("/")
        if inside:  # nothing: the folder itself
            self.found.append((inside, self._is_folder))
        if len(self.found) > _MOST:
            raise NotListed("it lists without an end")
