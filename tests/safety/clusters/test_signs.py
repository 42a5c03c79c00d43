import pytest

from rostra.safety.clusters.normal import normal
from rostra.safety.clusters.signs import Signs, signs_of, unpacked
from rostra.safety.clusters.words import is_news


def signs(text: str) -> Signs:
    return signs_of(text, normal(text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("According to my aunt they come at noon", "attributes"),
        ("Laut meiner Tante kommen sie um zwölf", "attributes"),
        ("Selon ma tante ils arrivent à midi", "attributes"),
        ("Según mi tía llegan a las doce", "attributes"),
        ("You don't belong here", "negates"),
        ("Du gehörst NIEMALS hierher", "negates"),
        ("Tu n'es jamais d'ici", "negates"),
        ("Tú nunca serás de aquí", "negates"),
        ("What a sh@me", "condemns"),
        ("Eine Schande", "condemns"),
        ("C'est une honte", "condemns"),
        ("Qué vergüenza", "condemns"),
        ("I have reported it", "reports"),
        ("Ich habe es gemeldet", "reports"),
        ("Je l'ai signalé", "reports"),
        ("Lo he denunciado", "reports"),
        ("Look https://www.bbc.co.uk/news/1", "news"),
    ],
)
def test_signs_are_seen_in_four_languages(text: str, name: str) -> None:
    assert getattr(signs(text), name) == 1


def test_a_plain_text_has_none() -> None:
    for text in ("Meet us at noon", "Wir treffen uns", "On se voit à midi", "Quedamos a las dos"):
        assert signs(text) == Signs()


@pytest.mark.parametrize(
    "quoted",
    [
        '"{}"',
        "\u201c{}\u201d",
        "\u201e{}\u201c",
        "\u00ab {} \u00bb",
        "\u00bb{}\u00ab",
        "\u2018{}\u2019",
        "\n> {}\n",
    ],
)
def test_quotation_marks_count_where_words_stand_around_them(quoted: str) -> None:
    words = quoted.format("we meet at the old square")
    assert signs(f"My neighbour has this: {words} and it is late").quoted >= 6
    assert signs(words).quoted == 0


def test_what_is_passed_on_is_not_denied() -> None:
    assert signs("Pass it on! Copy and pass this to everybody").negates == 0
    assert signs("Ce n'est pas vrai, ne partagez pas ça").negates == 2


def test_they_fit_into_one_number() -> None:
    many = signs("never " * 40 + "shame " * 3 + '"a quoted part of this" https://taz.de/x')
    assert many.negates == 15
    assert unpacked(many.packed()) == many
    assert unpacked(0) == Signs()


def test_places_that_report_the_news() -> None:
    assert is_news("bbc.co.uk")
    assert is_news("edition.cnn.com")
    assert not is_news("notbbc.co.uk")
    assert not is_news("com")
    assert not is_news("")
