"""Words to members: every name in every language, places found and filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.safety.categories.model import Category
from rostra.safety.house_rules import templates


def test_each_template_is_there_in_each_language_with_as_many_places() -> None:
    names = {each.name for category in Category for each in templates.fitting(category, "en")}
    assert names == {"rule", "person", "violence", "noise", "owned"}
    for name in names:
        english = templates.find(name, "en")
        assert english is not None
        for language in templates.LANGUAGES:
            found = templates.find(name, language)
            assert found is not None
            assert found.language == language
            assert len(templates.unfilled(found.text)) == len(templates.unfilled(english.text))
            known = templates.KNOWN.intersection(templates.unfilled(found.text))
            assert known == templates.KNOWN.intersection(templates.unfilled(english.text))


def test_a_language_that_nobody_wrote_falls_back_to_english() -> None:
    found = templates.find("rule", "fi")
    assert found is not None
    assert found.language == "en"
    assert templates.find("gossip", "en") is None


def test_templates_fit_their_categories() -> None:
    spam = {each.name for each in templates.fitting(Category.SPAM, "de")}
    assert spam == {"rule", "noise"}
    assert {each.language for each in templates.fitting(Category.HATE, "fr")} == {"fr"}


def test_places_are_filled_where_there_is_something_for_them() -> None:
    text = "{place}: {rule}, {why}, {why}"
    assert templates.unfilled(text) == ("place", "rule", "why")
    half = templates.filled(text, {"place": "Estuary", "rule": ""})
    assert half == "Estuary: {rule}, {why}, {why}"
    assert templates.unfilled(half) == ("rule", "why")


@pytest.mark.parametrize("text", ["{}", "{ \n }", "no {", "} no", f"{{{'x' * 61}}}"])
def test_what_is_no_place(text: str) -> None:
    assert templates.unfilled(text) == ()


@given(st.text(), st.text(alphabet=st.characters(exclude_characters="{}"), min_size=1))
def test_what_is_filled_has_no_place_left(text: str, value: str) -> None:
    values = dict.fromkeys(templates.unfilled(text), value)
    assert templates.unfilled(templates.filled(text, values)) == ()
