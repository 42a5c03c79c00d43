"""A feedback report (ARF): the machine's part of a complaint by mail. RFC 5965, section 3."""

import re
from typing import Final

import msgspec

_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,60}):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_REQUIRED: Final = ("feedback-type", "user-agent", "version")
_MOST: Final = 20_000  # fields


class Feedback(msgspec.Struct, frozen=True):
    """The fields that matter here.

    Attributes:
        kind: abuse, fraud, virus, other, not-spam, or one of a later standard.
        uris: what is complained of.
        original_from: who sent the message that is enclosed.
        incidents: how often, 1 where it is not said.
        faults: required fields that are missing or not as they must be, a sentence each.
    """

    kind: str
    version: str
    user_agent: str
    uris: tuple[str, ...]
    domains: tuple[str, ...]
    original_from: str
    incidents: int
    faults: tuple[str, ...]


def read_feedback(text: str) -> Feedback:
    """Read the fields of a `message/feedback-report`, whose lines end in line feeds."""
    fields: dict[str, list[str]] = {}
    for count, found in enumerate(_FIELD.finditer(text)):
        if count >= _MOST:
            break
        value = " ".join(found[2].split())
        fields.setdefault(found[1].lower(), []).append(value)
    faults = [
        f"the feedback report has no {name} field" for name in _REQUIRED if name not in fields
    ]
    version = _first(fields, "version")
    if version and version != "1":
        faults.append(f"the feedback report has version {version[:20]}; 1 is known")
    incidents = _first(fields, "incidents")
    if incidents and not re.fullmatch(r"[0-9]{1,9}", incidents):
        faults.append("the feedback report has an Incidents field that is no number")
        incidents = ""
    return Feedback(
        kind=_first(fields, "feedback-type").lower()[:40],
        version=version[:20],
        user_agent=_first(fields, "user-agent")[:200],
        uris=tuple(re.sub(r"\s", "", uri) for uri in fields.get("reported-uri", ())),
        domains=tuple(fields.get("reported-domain", ())),
        original_from=_first(fields, "original-mail-from")[:320],
        incidents=int(incidents or 1),
        faults=tuple(faults),
    )


def _first(fields: dict[str, list[str]], name: str) -> str:
    return (fields.get(name) or [""])[0]
