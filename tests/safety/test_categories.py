"""Every category has all its facts, and they agree with each other."""

from itertools import pairwise

import pytest

from rostra.safety.categories.dsa import KEYWORDS, OTHER_KEYWORD, DsaCategory
from rostra.safety.categories.facts import (
    FROM_MASTODON,
    HOUR,
    ORDINARY,
    all_facts,
    category_of,
    decision_within,
    facts_of,
    first_look_within,
)
from rostra.safety.categories.model import (
    Category,
    CategoryFacts,
    MastodonCategory,
    Sender,
    Severity,
)


def test_each_category_has_its_facts_in_order() -> None:
    assert [facts.category for facts in all_facts()] == list(Category)
    assert all(first < second for first, second in pairwise(Category))


@pytest.mark.parametrize("facts", all_facts(), ids=lambda facts: facts.slug)
def test_facts_agree(facts: CategoryFacts) -> None:
    assert set(facts.keywords) <= set(KEYWORDS[facts.dsa])
    assert 0 < facts.first_look <= facts.decision <= ORDINARY
    assert facts.name
    assert facts.explanation.endswith(".")
    assert category_of(facts.slug) is facts.category
    if facts.severity is Severity.CRITICAL:
        assert facts.first_look == HOUR
    if (
        facts.tell_authority
        or facts.mastodon is MastodonCategory.LEGAL
        or facts.severity is Severity.CRITICAL
    ):
        assert not facts.panels, "panels see nothing urgent and nothing illegal"


def test_the_words_of_the_transparency_database() -> None:
    assert len(DsaCategory) == 16
    assert set(KEYWORDS) == set(DsaCategory)
    keywords = [keyword for each in KEYWORDS.values() for keyword in each]
    assert len(keywords) == len(set(keywords))
    assert OTHER_KEYWORD not in keywords


def test_a_number_nobody_knows_is_other() -> None:
    assert facts_of(0).category is Category.OTHER
    assert facts_of(999).category is Category.OTHER
    assert facts_of(int(Category.SPAM)).category is Category.SPAM
    assert category_of("nonsense") is None


def test_every_word_of_mastodon_leads_somewhere() -> None:
    assert set(FROM_MASTODON) == set(MastodonCategory)
    assert all(
        facts_of(ours).mastodon is theirs
        for theirs, ours in FROM_MASTODON.items()
        if theirs != "violation"
    )


def test_letters_are_looked_at_within_four_hours_and_never_later_than_others() -> None:
    for category in Category:
        for sender in Sender:
            look, decide = first_look_within(category, sender), decision_within(category, sender)
            assert look <= facts_of(category).first_look
            assert decide <= facts_of(category).decision
            if sender.writes_letters:
                assert look <= 4 * HOUR
    assert first_look_within(Category.TERRORISM, Sender.AUTHORITY) == HOUR
    assert [sender.writes_letters for sender in Sender] == [False] * 4 + [True] * 4
