"""What Rostra says, in the languages that it knows: gettext catalogues beside the program.

A text is marked where it stands with :func:`noted` and looked up where it is said. The catalogues
(`src/rostra/locale`) are kept by `scripts/translations`, see docs/translations.md.
"""

import gettext
from functools import lru_cache
from importlib import resources
from typing import Final

DOMAIN: Final = "rostra"
LANGUAGES: Final = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""What members may choose; English is what the program itself is written in."""


def noted(text: str) -> str:
    """Mark a text for the catalogues; it is looked up where it is said."""
    return text


def known(locale: str) -> str:
    """The language that is spoken to somebody of this locale (`pt-BR`, `de`, empty)."""
    base = locale.replace("_", "-").partition("-")[0].lower()
    return base if base in LANGUAGES else "en"


def preferred(header: str) -> str:
    """The first language of an `Accept-Language` header that we know; English without one.

    Source: RFC 9110, 12.5.4. Weights are read; what is no language, or not wanted, is left out.
    """
    wished: list[tuple[float, str]] = []
    for part in header[:200].split(","):
        tag, _, weight = part.replace(" ", "").lower().partition(";q=")
        base = tag.partition("-")[0]
        if base in LANGUAGES and (given := _weight(weight)) > 0:
            wished.append((-given, base))
    return min(wished, key=lambda wish: wish[0])[1] if wished else "en"


def _weight(text: str) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.001  # the least that is wanted


def said(locale: str, text: str) -> str:
    """A noted text in a member's language; as it is where the catalogue has none."""
    return _catalogue(known(locale)).gettext(text)


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    file = resources.files("rostra") / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if language == "en" or not file.is_file():
        return gettext.NullTranslations()
    with file.open("rb") as opened:
        return gettext.GNUTranslations(opened)
