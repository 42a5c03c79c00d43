"""What tells of people is taken out, and what explains a decision stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.safety.transparency.personal import without_personal_data

NAMES = ("Maria Schmidt", "@maria.s", "jürgen_k@elsewhere.example", "Öz", "the cat")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.example/@maria/1?x=1#y now", "see [link] now"),
        ("hxxp://evil[.]example/path", "[link]"),
        ("hxxps://evil.example", "[link]"),
        ("www.example.org", "[link]"),
        ("evil.example/login", "[link]"),
        ("he runs example.com and b.co.uk", "he runs [link] and [link]"),
        ("sub.evil[.]example", "[link]"),
        ("mail a.b+c@mail.example please", "mail [mail address] please"),
        ("a.b (at) mail (dot) example", "[mail address]"),
        ("a.b [at] mail.example", "[mail address]"),
        ("@maria and @x@remote.example wrote", "[account] and [account] wrote"),
        ("Maria Schmidt said", "[name] said"),
        ("MARIA  SCHMIDT said", "[name] said"),
        ("Maria said, Schmidt heard", "[name] said, [name] heard"),
        ("maria.s and jürgen_k", "[name] and [name]"),
        ("Öz said", "[name] said"),
        ("the cat sat on the mat", "[name] sat on the mat"),
        ("call +49 170 1234567 or (030) 123 456-78", "call [number] or [number]"),
        ("0170/1234567", "[number]"),
        ("IBAN DE89 3704 0044 0532 0130 00 it is", "IBAN [number] it is"),
        ("from 192.0.2.17 and 2001:db8:0:0::1", "from [number] and [number]"),
        ("post 1169283746519283746", "post [number]"),
        ("tel:+4930123456", "[link]"),
    ],
)
def test_it_is_taken_out(text: str, expected: str) -> None:
    assert without_personal_data(text, NAMES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Two posts called for violence on 2026-11-26, and 12 others repeated it.",
        "Seen on 26.11.2026 and 26/11/2026 12",
        "Rule 3.2: no calls to violence (Art. 16, para. 1, No. 4).",
        "e.g. insults, i.e. z.B. this",
        "It was shown 12,345 times; that is 4.5 % of all.",
        "schmidtish is not a name, nor is mariachi",
        "",
    ],
)
def test_it_stays(text: str) -> None:
    assert without_personal_data(text, ("Maria Schmidt", "A", " ", "@")) == text


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_and_any_names(text: str, names: list[str]) -> None:
    clean = without_personal_data(text, names)
    assert "\x00" not in clean


@given(st.emails())
def test_mail_addresses(address: str) -> None:
    assert address not in without_personal_data(f"write to {address} soon")


@pytest.mark.parametrize(
    "unit", ["a.", "1 ", "@", "a@", "a(at)", "1-", "::", "A1 ", "http:", "(+1"]
)
def test_long_texts_take_no_time(unit: str) -> None:
    before = time.process_time()
    without_personal_data(unit * 20_000, ("a b",))
    assert time.process_time() - before < 2
