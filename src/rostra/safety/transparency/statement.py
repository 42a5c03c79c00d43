"""A statement of reasons as the transparency database takes it, and how it is made from a decision.

One statement is one decision on one subject. What people wrote is published without what tells of
people: `personal` takes it out, then the texts are cut to their lengths.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

import msgspec

from rostra.safety.categories.dsa import DsaCategory
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Category
from rostra.safety.transparency import words
from rostra.safety.transparency.personal import without_personal_data

NOTHING_WRITTEN = "No more was written down than the rule that it rests on."


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of the interface, by their names there. What is not given is left out."""

    decision_visibility: tuple[str, ...] = ()
    decision_visibility_other: str = ""
    decision_account: str = ""
    decision_ground: str
    decision_ground_reference_url: str = ""
    illegal_content_legal_ground: str = ""
    illegal_content_explanation: str = ""
    incompatible_content_ground: str = ""
    incompatible_content_explanation: str = ""
    incompatible_content_illegal: str = ""
    content_type: tuple[str, ...]
    content_type_other: str = ""
    category: str
    category_specification: tuple[str, ...] = ()
    territorial_scope: tuple[str, ...]
    content_language: str = ""
    content_date: str
    application_date: str
    end_date_visibility_restriction: str = ""
    end_date_account_restriction: str = ""
    decision_facts: str
    source_type: str
    automated_detection: str
    automated_decision: str
    puid: str


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision did, in the database's words. Ends in UTC ms, 0: none."""

    visibility: tuple[words.Visibility, ...] = ()
    other: str = ""  # what `Visibility.OTHER` is
    account: words.Account | None = None
    visibility_ends: int = 0
    account_ends: int = 0

    @property
    def is_any(self) -> bool:
        """Whether there is anything to state."""
        return bool(self.visibility) or self.account is not None


class Reasons(msgspec.Struct, frozen=True, kw_only=True):
    """A decision on one subject, as much of it as a statement needs. Times in UTC ms."""

    decision_id: int
    subject_kind: int
    subject_id: int
    effect: Effect
    category: int
    by_law: bool
    clause: str = ""  # the title of the rule
    clause_text: str = ""
    legal_ground: str = ""
    facts: str = ""
    explanation: str = ""
    rules_url: str = ""
    content: tuple[words.Content, ...] = (words.Content.TEXT,)
    content_other: str = ""
    language: str = ""
    made_at: int = 0
    applied_at: int = 0
    origin: words.Origin = words.Origin.VOLUNTARY
    machine_found: bool = False
    machine_decided: bool = False
    names: tuple[str, ...] = ()  # of the people whom the texts may name


def puid(decision_id: int, subject_kind: int, subject_id: int) -> str:
    """The name of a statement: always the same, and it tells nobody which post it is about."""
    said = f"rostra statement {decision_id} {subject_kind} {subject_id}".encode()
    return f"{decision_id:x}-{hashlib.sha256(said).hexdigest()[:32]}"


def statement_of(reasons: Reasons) -> Statement:
    """The statement that is sent."""
    facts = facts_of(reasons.category)
    effect = reasons.effect
    applied = _day(reasons.applied_at, words.FIRST_DECISION_DAY)
    return Statement(
        decision_visibility=tuple(effect.visibility),
        decision_visibility_other=_text(reasons, effect.other, 500),
        decision_account=effect.account or "",
        decision_ground=words.Ground.ILLEGAL if reasons.by_law else words.Ground.INCOMPATIBLE,
        decision_ground_reference_url="" if reasons.by_law else reasons.rules_url,
        **_ground(reasons),
        content_type=tuple(reasons.content),
        content_type_other=_text(reasons, reasons.content_other, 500),
        category=_category(facts.dsa, reasons),
        category_specification=facts.keywords,
        territorial_scope=words.EEA,
        content_language=_language(reasons.language),
        content_date=_day(reasons.made_at or reasons.applied_at, words.FIRST_CONTENT_DAY),
        application_date=applied,
        end_date_visibility_restriction=_end(effect.visibility_ends, applied),
        end_date_account_restriction=_end(effect.account_ends, applied),
        decision_facts=_text(reasons, reasons.facts, 5000) or NOTHING_WRITTEN,
        source_type=reasons.origin,
        automated_detection=words.YES if reasons.machine_found else words.NO,
        automated_decision=words.Automated.FULLY
        if reasons.machine_decided
        else words.Automated.NOT,
        puid=puid(reasons.decision_id, reasons.subject_kind, reasons.subject_id),
    )


def batches(statements: Iterable[Statement]) -> Iterator[dict[str, list[Statement]]]:
    """Calls of as many statements as the interface takes in one."""
    left = iter(statements)
    while batch := list(islice(left, words.BATCH)):
        yield {"statements": batch}


def _ground(reasons: Reasons) -> dict[str, str]:
    why = _text(reasons, reasons.explanation or reasons.facts, 2000)
    if reasons.by_law:
        law = _text(reasons, reasons.legal_ground, 500) or facts_of(reasons.category).name
        return {
            "illegal_content_legal_ground": law,
            "illegal_content_explanation": why or NOTHING_WRITTEN,
        }
    clause = _text(reasons, reasons.clause, 500) or facts_of(reasons.category).name
    return {
        "incompatible_content_ground": clause,
        "incompatible_content_explanation": why
        or _text(reasons, reasons.clause_text, 2000)
        or NOTHING_WRITTEN,
        "incompatible_content_illegal": words.NO,
    }


def _category(found: DsaCategory, reasons: Reasons) -> str:
    """A notice may leave open what it is about, a rule of ours can't."""
    open_one = found is DsaCategory.NOT_SPECIFIED or reasons.category == Category.OTHER
    if not open_one:
        return found
    return DsaCategory.NOT_SPECIFIED if reasons.by_law else DsaCategory.TERMS


def _text(reasons: Reasons, text: str, longest: int) -> str:
    clean = " ".join(without_personal_data(text, reasons.names).split())
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "\u2026"


def _language(code: str) -> str:
    short = code.partition("-")[0].upper()
    return short if short in words.LANGUAGE_CODES else ""


def _day(at: int, first: str) -> str:
    day = datetime.fromtimestamp(max(at, 0) / 1000, UTC).date().isoformat()
    return min(max(day, first), words.LAST_DAY)


def _end(at: int, applied: str) -> str:
    """The day of an end; none that is further away than the database thinks."""
    if at <= 0:
        return ""
    try:
        day = datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return ""
    return "" if day > words.LAST_DAY else max(day, applied)


def encoded(statements: Sequence[Statement]) -> bytes:
    """One call, as it is sent."""
    return msgspec.json.encode({"statements": statements})


def plain(statement: Statement) -> dict[str, object]:
    """The statement as whoever gets it would read it."""
    decoded: dict[str, object] = msgspec.json.decode(msgspec.json.encode(statement))
    return decoded
