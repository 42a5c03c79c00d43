"""Whether the transparency database would take a statement: its documented rules, one by one.

Written from the documentation of its interface and the rules that its source applies; it reads
plain JSON, so that it knows nothing of how our statements are made.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from rostra.safety.categories.dsa import KEYWORDS, OTHER_KEYWORD, DsaCategory
from rostra.safety.transparency import words


class Fault(msgspec.Struct, frozen=True):
    """A field, and what is wrong with it."""

    field: str
    text: str


Check = Callable[[object], str]

_PUID: Final = re.compile(r"[A-Za-z0-9_-]+")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_URL: Final = re.compile(r"https?://[^\s/$.?#][^\s]*")
_EAN13: Final = re.compile(r"[0-9]{13}")
_DECISIONS: Final = (
    "decision_visibility",
    "decision_monetary",
    "decision_provision",
    "decision_account",
)
_ALL_KEYWORDS: Final = (
    frozenset(word for each in KEYWORDS.values() for word in each)
    | {OTHER_KEYWORD}
    | words.LOOSE_KEYWORDS
)


def faults_of(statement: Mapping[str, object]) -> list[Fault]:
    """All that is wrong with one statement; empty: it would be taken."""
    return [*_fields(statement), *_together(statement), *_days(statement)]


def faults_of_batch(payload: Mapping[str, object]) -> dict[int, list[Fault]]:
    """What is wrong with a call for many, by place in it; -1: with the call itself."""
    statements = payload.get("statements")
    if not isinstance(statements, list) or set(payload) != {"statements"}:
        return {-1: [Fault("statements", "is one field with a list of statements")]}
    found: dict[int, list[Fault]] = {}
    if not 1 <= len(statements) <= words.BATCH:
        found[-1] = [Fault("statements", f"are 1 to {words.BATCH} in one call")]
    seen: set[object] = set()
    for place, statement in enumerate(statements):
        if not isinstance(statement, dict):
            found[place] = [Fault("", "is no object")]
            continue
        faults = faults_of(statement)
        puid = statement.get("puid")
        if isinstance(puid, str) and puid in seen:
            faults.append(Fault("puid", "stands in this call twice"))
        seen.add(puid)
        if faults:
            found[place] = faults
    return found


def _fields(statement: Mapping[str, object]) -> Iterator[Fault]:
    for field in _REQUIRED:
        if statement.get(field) in (None, "", []):
            yield Fault(field, "is required")
    for field, value in statement.items():
        check = _CHECKS.get(field)
        if check is None:
            yield Fault(field, "is no field of a statement")
        elif value is not None and (text := check(value)):
            yield Fault(field, text)


def _together(statement: Mapping[str, object]) -> Iterator[Fault]:
    """What one field asks of others."""
    if not any(statement.get(field) for field in _DECISIONS):
        yield Fault("decision_visibility", "or another decision is required")
    for field, value, wanted in _ASKS:
        asked = value in _listed(statement.get(field))
        for other in wanted:
            if asked and not statement.get(other):
                yield Fault(other, f"is required where {field} is {value}")
            elif not asked and statement.get(other) is not None:
                yield Fault(other, f"stands only where {field} is {value}")
    keywords = _listed(statement.get("category_specification"))
    if statement.get("category_specification_other") is not None and OTHER_KEYWORD not in keywords:
        yield Fault("category_specification_other", f"stands only beside {OTHER_KEYWORD}")
    incompatible = statement.get("decision_ground") == words.Ground.INCOMPATIBLE
    if statement.get("incompatible_content_illegal") is not None and not incompatible:
        yield Fault("incompatible_content_illegal", "stands only with the ground of the terms")


_ASKS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("decision_visibility", words.Visibility.OTHER, ("decision_visibility_other",)),
    ("decision_monetary", words.Monetary.OTHER, ("decision_monetary_other",)),
    ("content_type", words.Content.OTHER, ("content_type_other",)),
    (
        "decision_ground",
        words.Ground.ILLEGAL,
        ("illegal_content_legal_ground", "illegal_content_explanation"),
    ),
    (
        "decision_ground",
        words.Ground.INCOMPATIBLE,
        ("incompatible_content_ground", "incompatible_content_explanation"),
    ),
)


def _days(statement: Mapping[str, object]) -> Iterator[Fault]:
    starts = statement.get("application_date")
    for field in _ENDS:
        ends = statement.get(field)
        both = isinstance(ends, str) and isinstance(starts, str)
        if both and not _day("")(ends) and str(ends) < str(starts):
            yield Fault(field, "is before the application date")


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _one_of(values: type[StrEnum] | frozenset[str]) -> Check:
    allowed = frozenset(map(str, values))

    def check(value: object) -> str:
        known = isinstance(value, str) and value in allowed
        return "" if known else f"is not one of {', '.join(sorted(allowed))}"

    return check


def _many_of(values: type[StrEnum] | frozenset[str]) -> Check:
    one = _one_of(values)

    def check(value: object) -> str:
        if not isinstance(value, list):
            return "is no list"
        if len(set(map(str, value))) != len(value):
            return "says something twice"
        return next((text for each in value if (text := one(each))), "")

    return check


def _text(field: str, pattern: re.Pattern[str] | None = None) -> Check:
    longest = words.LONGEST[field]

    def check(value: object) -> str:
        if not isinstance(value, str):
            return "is no text"
        if not value.strip():
            return "is empty"
        if len(value) > longest:
            return f"is longer than {longest} characters"
        return "" if pattern is None or pattern.fullmatch(value) else "has another form"

    return check


def _day(first: str) -> Check:
    def check(value: object) -> str:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            return "is no day such as 2026-01-31"
        try:
            date.fromisoformat(value)
        except ValueError:
            return "is a day that no calendar has"
        return "" if first <= value <= words.LAST_DAY else "is too early or too late"

    return check


def _language(value: object) -> str:
    known = isinstance(value, str) and value in words.LANGUAGE_CODES
    return "" if known else "is no code of ISO 639-1 in capital letters"


def _content_id(value: object) -> str:
    if not isinstance(value, dict) or set(value) != {"EAN-13"}:
        return "holds nothing but EAN-13"
    code = value["EAN-13"]
    return "" if isinstance(code, str) and _EAN13.fullmatch(code) else "is no EAN-13"


_YES_NO: Final = _one_of(frozenset({words.YES, words.NO}))
_END: Final = _day("")
_ENDS: Final = (
    "end_date_visibility_restriction",
    "end_date_monetary_restriction",
    "end_date_service_restriction",
    "end_date_account_restriction",
)
_REQUIRED: Final = (
    "decision_ground",
    "content_type",
    "category",
    "territorial_scope",
    "content_date",
    "application_date",
    "decision_facts",
    "source_type",
    "automated_detection",
    "automated_decision",
    "puid",
)
_CHECKS: Final[dict[str, Check]] = {
    "decision_visibility": _many_of(words.Visibility),
    "decision_visibility_other": _text("decision_visibility_other"),
    "decision_monetary": _one_of(words.Monetary),
    "decision_monetary_other": _text("decision_monetary_other"),
    "decision_provision": _one_of(words.Provision),
    "decision_account": _one_of(words.Account),
    "account_type": _one_of(words.AccountType),
    "decision_ground": _one_of(words.Ground),
    "decision_ground_reference_url": _text("decision_ground_reference_url", _URL),
    "illegal_content_legal_ground": _text("illegal_content_legal_ground"),
    "illegal_content_explanation": _text("illegal_content_explanation"),
    "incompatible_content_ground": _text("incompatible_content_ground"),
    "incompatible_content_explanation": _text("incompatible_content_explanation"),
    "incompatible_content_illegal": _YES_NO,
    "content_type": _many_of(words.Content),
    "content_type_other": _text("content_type_other"),
    "content_id": _content_id,
    "category": _one_of(DsaCategory),
    "category_addition": _many_of(DsaCategory),
    "category_specification": _many_of(_ALL_KEYWORDS),
    "category_specification_other": _text("category_specification_other"),
    "territorial_scope": _many_of(frozenset(words.EEA)),
    "content_language": _language,
    "content_date": _day(words.FIRST_CONTENT_DAY),
    "application_date": _day(words.FIRST_DECISION_DAY),
    **dict.fromkeys(_ENDS, _END),
    "decision_facts": _text("decision_facts"),
    "source_type": _one_of(words.Origin),
    "source_identity": _text("source_identity"),
    "automated_detection": _YES_NO,
    "automated_decision": _one_of(words.Automated),
    "puid": _text("puid", _PUID),
}
