"""Statements of every kind pass the documented rules; the rules refuse what they must."""

import copy
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.safety.categories.dsa import KEYWORDS, DsaCategory
from rostra.safety.categories.model import Category
from rostra.safety.transparency import words
from rostra.safety.transparency.statement import (
    Effect,
    Reasons,
    batches,
    encoded,
    puid,
    statement_of,
)
from rostra.safety.transparency.validate import faults_of, faults_of_batch

DAY = 86_400_000
NOW = 1_795_000_000_000  # 2026
TEXTS = st.one_of(st.text(max_size=80), st.sampled_from(["", "  ", "x" * 9000, "word " * 2000]))
EFFECTS = st.builds(
    Effect,
    visibility=st.lists(st.sampled_from(words.Visibility), unique=True, max_size=3).map(tuple),
    other=st.just("shown behind a warning"),
    account=st.one_of(st.none(), st.sampled_from(words.Account)),
    visibility_ends=st.sampled_from([0, NOW + DAY, NOW - DAY, 10**15, 10**18]),
    account_ends=st.sampled_from([0, NOW + 30 * DAY]),
).filter(lambda effect: effect.is_any)
REASONS = st.builds(
    Reasons,
    decision_id=st.integers(1, 2**62),
    subject_kind=st.integers(1, 3),
    subject_id=st.integers(1, 2**62),
    effect=EFFECTS,
    category=st.one_of(st.sampled_from(Category), st.integers(0, 99)),
    by_law=st.booleans(),
    clause=TEXTS,
    clause_text=TEXTS,
    legal_ground=TEXTS,
    facts=TEXTS,
    explanation=TEXTS,
    rules_url=st.sampled_from(["", "https://rostra.example/rules"]),
    content=st.lists(
        st.sampled_from([each for each in words.Content if each is not words.Content.OTHER]),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(tuple),
    language=st.sampled_from(["", "en", "de", "zh-CN", "gsw", "nb", "x"]),
    made_at=st.sampled_from([0, 1, NOW - DAY, NOW]),
    applied_at=st.integers(NOW, NOW + 400 * DAY),
    origin=st.sampled_from(words.Origin),
    machine_found=st.booleans(),
    machine_decided=st.booleans(),
    names=st.just(("Maria Schmidt",)),
)


def plain(reasons: Reasons) -> dict[str, Any]:
    """The statement as the database would read it."""
    decoded: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(statement_of(reasons)))
    return decoded


@given(REASONS)
def test_every_statement_would_be_taken(reasons: Reasons) -> None:
    # Where `OTHER` is not among what was done, there is nothing to say of it.
    if words.Visibility.OTHER not in reasons.effect.visibility:
        effect = msgspec.structs.replace(reasons.effect, other="")
        reasons = msgspec.structs.replace(reasons, effect=effect)
    assert faults_of(plain(reasons)) == []


GOOD = plain(
    Reasons(
        decision_id=1,
        subject_kind=1,
        subject_id=2,
        effect=Effect(visibility=(words.Visibility.REMOVED,), visibility_ends=NOW + DAY),
        category=Category.HATE,
        by_law=False,
        clause="No hate",
        facts="Maria Schmidt (@maria, maria@mail.example) wrote https://rostra.example/@maria/1.",
        language="en",
        made_at=NOW - DAY,
        applied_at=NOW,
        names=("Maria Schmidt",),
    )
)


def test_what_one_looks_like() -> None:
    assert faults_of(GOOD) == []
    assert {
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "No hate",
        "incompatible_content_explanation": "[name] ([account], [mail address]) wrote [link]",
        "incompatible_content_illegal": "No",
        "content_type": ["CONTENT_TYPE_TEXT"],
        "category": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "category_specification": ["KEYWORD_HATE_SPEECH"],
        "territorial_scope": list(words.EEA),
        "content_language": "EN",
        "content_date": "2026-11-17",
        "application_date": "2026-11-18",
        "end_date_visibility_restriction": "2026-11-19",
        "decision_facts": "[name] ([account], [mail address]) wrote [link]",
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": puid(1, 1, 2),
    } == GOOD


LEFT_OUT = object()
BAD: list[tuple[str, Any, str]] = [
    ("decision_visibility", LEFT_OUT, "decision_visibility"),
    ("decision_visibility", "DECISION_VISIBILITY_CONTENT_REMOVED", "decision_visibility"),
    ("decision_visibility", ["DECISION_VISIBILITY_CONTENT_GONE"], "decision_visibility"),
    ("decision_visibility", ["DECISION_VISIBILITY_OTHER"], "decision_visibility_other"),
    ("decision_visibility_other", "why", "decision_visibility_other"),
    ("decision_monetary", "DECISION_MONETARY_OTHER", "decision_monetary_other"),
    ("decision_monetary", "money", "decision_monetary"),
    ("decision_provision", "DECISION_PROVISION_SOME", "decision_provision"),
    ("decision_account", ["DECISION_ACCOUNT_SUSPENDED"], "decision_account"),
    ("account_type", "ACCOUNT_TYPE_BOT", "account_type"),
    ("decision_ground", LEFT_OUT, "decision_ground"),
    ("decision_ground", "DECISION_GROUND_ILLEGAL_CONTENT", "illegal_content_legal_ground"),
    ("decision_ground_reference_url", "rules", "decision_ground_reference_url"),
    (
        "decision_ground_reference_url",
        f"https://a.example/{'x' * 500}",
        "decision_ground_reference_url",
    ),
    ("illegal_content_explanation", "why", "illegal_content_explanation"),
    ("incompatible_content_ground", LEFT_OUT, "incompatible_content_ground"),
    ("incompatible_content_ground", "x" * 501, "incompatible_content_ground"),
    ("incompatible_content_explanation", "x" * 2001, "incompatible_content_explanation"),
    ("incompatible_content_illegal", "Maybe", "incompatible_content_illegal"),
    ("incompatible_content_illegal", False, "incompatible_content_illegal"),
    ("content_type", [], "content_type"),
    ("content_type", ["CONTENT_TYPE_TEXT", "CONTENT_TYPE_TEXT"], "content_type"),
    ("content_type", ["CONTENT_TYPE_OTHER"], "content_type_other"),
    ("content_id", {"ISBN": "1"}, "content_id"),
    ("content_id", {"EAN-13": "123"}, "content_id"),
    ("category", "STATEMENT_CATEGORY_PIRACY", "category"),
    ("category", None, "category"),
    ("category_addition", ["STATEMENT_CATEGORY_PIRACY"], "category_addition"),
    ("category_specification", ["KEYWORD_PIRACY"], "category_specification"),
    ("category_specification_other", "words", "category_specification_other"),
    ("territorial_scope", ["DE", "US"], "territorial_scope"),
    ("territorial_scope", LEFT_OUT, "territorial_scope"),
    ("content_language", "en", "content_language"),
    ("content_language", "QQ", "content_language"),
    ("content_date", "1999-12-31", "content_date"),
    ("content_date", "2026-11-17-13", "content_date"),
    ("content_date", LEFT_OUT, "content_date"),
    ("application_date", "2019-12-31", "application_date"),
    ("application_date", "2026-02-30", "application_date"),
    ("application_date", "2038-01-02", "application_date"),
    ("end_date_visibility_restriction", "2026-11-17", "end_date_visibility_restriction"),
    ("end_date_account_restriction", "soon", "end_date_account_restriction"),
    ("decision_facts", "", "decision_facts"),
    ("decision_facts", "   ", "decision_facts"),
    ("decision_facts", "x" * 5001, "decision_facts"),
    ("source_type", "SOURCE_HEARSAY", "source_type"),
    ("source_identity", "x" * 501, "source_identity"),
    ("automated_detection", True, "automated_detection"),
    ("automated_decision", "Yes", "automated_decision"),
    ("puid", "with space", "puid"),
    ("puid", "x" * 501, "puid"),
    ("puid", 7, "puid"),
    ("url", "https://a.example", "url"),
]


@pytest.mark.parametrize(("field", "value", "named"), BAD)
def test_what_is_refused_names_its_field(field: str, value: object, named: str) -> None:
    bad = copy.deepcopy(GOOD)
    if value is LEFT_OUT:
        del bad[field]
    else:
        bad[field] = value
    assert named in {fault.field for fault in faults_of(bad)}


def test_the_lengths_are_reached() -> None:
    for field, longest in words.LONGEST.items():
        if field in GOOD:
            assert faults_of({**GOOD, field: "x" * longest}) == []


def test_a_call_takes_a_hundred() -> None:
    many = [
        statement_of(
            Reasons(
                decision_id=1,
                subject_kind=1,
                subject_id=number,
                effect=Effect(account=words.Account.SUSPENDED),
                category=Category.SPAM,
                by_law=False,
                applied_at=NOW,
            )
        )
        for number in range(250)
    ]
    calls = list(batches(many))
    assert [len(call["statements"]) for call in calls] == [100, 100, 50]
    for call in calls:
        payload = msgspec.json.decode(encoded(call["statements"]))
        assert faults_of_batch(payload) == {}
    whole = msgspec.json.decode(encoded(many))
    assert set(faults_of_batch(whole)) == {-1}
    assert set(faults_of_batch({"statements": []})) == {-1}
    assert set(faults_of_batch({"statements": {}})) == {-1}
    assert set(faults_of_batch({"statements": [GOOD, copy.deepcopy(GOOD), 7]})) == {1, 2}
    assert list(batches([])) == []


def test_names_of_statements_are_their_own() -> None:
    made = Counter(
        puid(decision, kind, subject)
        for decision in range(1, 5)
        for kind in (1, 2, 3)
        for subject in range(1, 20)
    )
    assert set(made.values()) == {1}


def test_keywords_stand_with_their_category() -> None:
    for category in Category:
        statement = plain(
            Reasons(
                decision_id=1,
                subject_kind=1,
                subject_id=1,
                effect=Effect(visibility=(words.Visibility.LABELLED,)),
                category=category,
                by_law=False,
                applied_at=NOW,
            )
        )
        allowed = KEYWORDS[DsaCategory(statement["category"])]
        assert set(statement.get("category_specification", ())) <= set(allowed)
        assert statement["category"] != DsaCategory.NOT_SPECIFIED, "our own rules say what is wrong"
