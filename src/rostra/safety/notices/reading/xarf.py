"""A report in XARF version 4: one JSON object. See xarf.org, core schema.

Unknown fields are kept aside, because each type has its own; what the core asks for must be there.
"""

import base64
import binascii
import re
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from rostra.kernel.errors import Invalid
from rostra.safety.notices.reading.model import MAX_LETTER

_MOST_TEXTS: Final = 100_000
_DEPTH: Final = 12
_OF_PEOPLE: Final = frozenset(
    {"reporter", "sender", "xarf_version", "report_id", "timestamp", "category", "type", "tags",
     "evidence_source", "evidence", "legacy_version", "internal", "reporter_reference_id"}
)  # fmt: skip
_PATH = re.compile(r" - at `\$\.?(.*)`$")

Word = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Contact(msgspec.Struct, frozen=True):
    """Who reports, or who sends the report on."""

    org: Annotated[str, Meta(min_length=1, max_length=200)]
    contact: Annotated[str, Meta(min_length=3, max_length=320)]
    domain: Annotated[str, Meta(min_length=1, max_length=253)]


class Evidence(msgspec.Struct, frozen=True):
    """A piece of evidence; the payload is base64."""

    content_type: Annotated[str, Meta(min_length=3, max_length=200)]
    payload: str
    description: str = ""


class Xarf(msgspec.Struct, frozen=True):
    """The core of a report."""

    xarf_version: Annotated[str, Meta(pattern=r"^4\.[0-9]+\.[0-9]+$", max_length=20)]
    report_id: Annotated[str, Meta(min_length=8, max_length=100)]
    timestamp: Annotated[str, Meta(min_length=10, max_length=40)]
    reporter: Contact
    sender: Contact
    source_identifier: Word
    category: Annotated[str, Meta(min_length=1, max_length=60)]
    type: Annotated[str, Meta(min_length=1, max_length=60)]
    evidence: list[Evidence] = []
    description: str = ""
    reporter_reference_id: str = ""


class Report(msgspec.Struct, frozen=True):
    """A report and its texts: `(field, text)`, without those on who sends it."""

    xarf: Xarf
    texts: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


def read_xarf(data: bytes) -> Report:
    """Read a report.

    Raises:
        Invalid: names the field that is missing or wrong; `xarf` for what is no JSON object.
    """
    if len(data) > MAX_LETTER:
        raise Invalid("xarf", f"has {len(data)} bytes, more than {MAX_LETTER}")
    try:
        whole = msgspec.json.decode(data)
        xarf = msgspec.json.decode(data, type=Xarf)
    except msgspec.ValidationError as error:
        raise _named(str(error)) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Invalid("xarf", f"is no JSON: {str(error)[:120]}") from None
    unread: list[str] = []
    texts = [*_texts(whole, unread), *_evidence(xarf, unread)]
    return Report(xarf, tuple(texts), tuple(dict.fromkeys(unread)))


def looks_like_xarf(data: bytes) -> bool:
    """Whether bytes are meant as such a report."""
    return data.lstrip()[:1] == b"{" and b'"xarf_version"' in data


def _named(message: str) -> Invalid:
    """The fault of a field, from the message of msgspec."""
    found = _PATH.search(message)
    missing = re.search(r"missing required field `(\w+)`", message)
    parts = [found[1] if found else "", missing[1] if missing else ""]
    field = ".".join(part for part in parts if part) or "xarf"
    said = "can't be blank" if missing else message[: found.start() if found else None]
    return Invalid(field, said if missing else f"is not valid: {said[0].lower()}{said[1:]}")


def _texts(whole: Any, unread: list[str]) -> list[tuple[str, str]]:
    """All strings of the report, with the field they stand in, without recursion."""
    found: list[tuple[str, str]] = []
    waiting: list[tuple[str, Any, int]] = [
        (name, value, 0) for name, value in whole.items() if name not in _OF_PEOPLE
    ][::-1]
    while waiting:
        name, value, depth = waiting.pop()
        if len(found) >= _MOST_TEXTS or depth > _DEPTH:
            unread.append("fields of the report beyond the limits were not read")
            if len(found) >= _MOST_TEXTS:
                break
        elif isinstance(value, str):
            found.append((name, value))
        elif isinstance(value, dict):
            waiting += [(f"{name}.{key}"[:100], each, depth + 1) for key, each in value.items()]
        elif isinstance(value, list):
            waiting += [(name, each, depth + 1) for each in value[::-1]]
    return found


def _evidence(xarf: Xarf, unread: list[str]) -> list[tuple[str, str]]:
    """Evidence that is text, decoded; all other is named as unread."""
    found: list[tuple[str, str]] = []
    for number, each in enumerate(xarf.evidence):
        field = f"evidence.{number}"
        if each.description:
            found.append((field, each.description))
        if not each.content_type.startswith("text/"):
            unread.append(f"{field} ({each.content_type[:60]}) was not opened")
            continue
        try:
            text = base64.b64decode(each.payload, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            unread.append(f"{field} is no base64 and was not read")
            continue
        found.append((field, text))
    return found
