import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.safety.clusters.normal import LINK, MOST_CHARACTERS, fold_word, normal

PLAIN = "Meet at the station and bring what you have"


@pytest.mark.parametrize(
    "written",
    [
        "MEET AT THE STATION, AND BRING WHAT YOU HAVE!!!",
        "meeeet at the stationnn and briiing what you have",
        "M33t 4t th3 st@t1on and br!ng wh4t y0u h@ve",
        "M\u0435\u0435t \u0430t the st\u0430ti\u043en \u0430nd bring wh\u0430t y\u043eu have",
        "Me\u200bet a\u00adt the sta\u2060tion and br\u200ding what you have",
        "\uff2d\uff45\uff45\uff54 \uff41\uff54 \uff54\uff48\uff45 station and bring what you have",
        "\U0001d40c\U0001d41e\U0001d41e\U0001d42d at the station and bring what you have",
        "🅼🅴🅴🆃 at the station and bring what you have",
        "M.e.e.t at the s t a t i o n and bring what you have",
        "Méét át thé stàtîon and bríng whät you hâve",
        "@ines @bo@a.example Meet at the station and bring what you have #now #go 🔥",
        "#go Meet at the #station and bring what you have https://a.example/x?y=1",
        "Meet at the station and bring what you have bit.ly/3xZ",
        "Meet at the station and bring what you have hxxps://a.example/x",
    ],
)
def test_what_floods_vary_is_taken_out(written: str) -> None:
    assert normal(written).joined == normal(PLAIN).joined


def test_other_words_stay_other_words() -> None:
    assert normal("Meet at the harbour and bring what you have").joined != normal(PLAIN).joined


def test_links_numbers_and_words() -> None:
    made = normal("Win 4,300 now: https://www.A.example/x and shop.example/y?z")
    assert made.words == ("win", "0", "0", "now", LINK, "and", LINK)
    assert made.joined == "win00nowand"
    assert made.hosts == ("a.example", "shop.example")


def test_a_text_of_a_link_or_hashtags_alone_is_those() -> None:
    assert normal("look: https://evil.example/1").joined == "iokevil.example"
    assert normal("#HangThem #All").joined == "hangthemai"
    assert normal("https://[oops/").hosts == ("",)


def test_letters_written_apart_are_one_word() -> None:
    assert normal("k i l l e r").words == (fold_word("killer"),)
    assert normal("is it a b").words == ("is", "it", "a", "b")


@given(st.text())
def test_it_takes_any_text_and_is_bounded(text: str) -> None:
    made = normal(text)
    assert len(made.joined) <= MOST_CHARACTERS + sum(map(len, made.hosts))
    assert normal(text) == made


def test_work_is_bounded_by_what_is_looked_at() -> None:
    assert len(normal("\ufdfa" * 100_000).joined) <= MOST_CHARACTERS
    assert len(normal("word " * 100_000).words) <= MOST_CHARACTERS
