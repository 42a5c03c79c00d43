"""The catalogues: whole in every language, compiled, and read by what members speak."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from rostra.outside.translations import LANGUAGES, known, preferred, said

ROOT = Path(__file__).parent.parent.parent
OTHERS = [language for language in LANGUAGES if language != "en"]
_NAMES = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every text that the program marks."""
    script: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "translations"))
    return {message.id for message in script["collected"]() if message.id}


def _folder(language: str) -> Path:
    return ROOT / "src" / "rostra" / "locale" / language / "LC_MESSAGES"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str, texts: set[str]) -> None:
    with (_folder(language) / "rostra.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    messages = [message for message in catalogue if message.id]
    assert {message.id for message in messages} == texts, "run: scripts/translations"
    for message in messages:
        assert message.string, message.id
        assert not message.fuzzy, message.id
        names, translated = _NAMES.findall(str(message.id)), _NAMES.findall(str(message.string))
        assert sorted(names) == sorted(translated), message.string
    with (_folder(language) / "rostra.mo").open("rb") as source:
        compiled = read_mo(source)
    found = {message.id: message.string for message in compiled if message.id}
    assert found == {message.id: message.string for message in messages}, (
        "run: scripts/translations"
    )


def test_texts_are_found(texts: set[str]) -> None:
    assert {"Hello {name},", "Confirm your address"} <= texts
    assert said("de", "Confirm your address") == "Bestätige deine Adresse"
    assert said("en", "Confirm your address") == "Confirm your address"
    assert said("de", "never marked") == "never marked"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("fr_CA", "fr"),
        ("pt-BR", "en"),
        ("", "en"),
        ("../x", "en"),
        ("DE", "de"),
        ("de_AT.UTF-8", "de"),
        ("es-419", "es"),
        ("tlh", "en"),
        ("deu", "en"),
        ("-de", "en"),
        ("x-de", "en"),
        ("de\x00", "en"),
        ("d" * 5000, "en"),
    ],
)
def test_locales_are_led_to_a_language(locale: str, language: str) -> None:
    assert known(locale) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-CH, en;q=0.8", "de"),
        ("pt, fr;q=0.5, es;q=0.7", "es"),
        ("*", "en"),
        ("en;q=x, es;q=0.1", "es"),
        ("fr;q=x", "fr"),
        ("de;q=0", "en"),
        ("de;q=0, fr; q=0.2", "fr"),
        ("DE ; Q=0.3, es;q=nan", "de"),
        ("", "en"),
    ],
)
def test_browsers_wishes(header: str, language: str) -> None:
    assert preferred(header) == language


@given(st.text(max_size=300))
def test_any_header_is_read(header: str) -> None:
    assert preferred(header) in LANGUAGES
    assert known(header) in LANGUAGES
