"""Forms as data: what was typed, what is wrong with it, what can be chosen."""

from collections.abc import Mapping, Sequence

import msgspec

from rostra.outside.translations import LANGUAGES as SPOKEN


class Option(msgspec.Struct, frozen=True):
    """One choice of a select or a radio group."""

    value: str
    label: str
    hint: str = ""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """The values of a form and what is wrong with them.

    Passwords are never put back into `values` by a handler.
    """

    values: Mapping[str, str] = {}
    errors: Mapping[str, str] = {}
    """One sentence for each field that is wrong."""
    message: str = ""
    """What is wrong with the form as a whole."""

    def value(self, name: str) -> str:
        """Return what the field holds, or an empty string."""
        return self.values.get(name, "")

    def checked(self, name: str) -> bool:
        """Tell whether a checkbox is ticked."""
        return self.values.get(name, "") not in {"", "0", "false"}

    def error(self, name: str) -> str:
        """Return what is wrong with the field, or an empty string."""
        return self.errors.get(name, "")


VISIBILITIES: Sequence[Option] = (
    Option("public", "Public", "Everyone can see it, and it is listed"),
    Option("unlisted", "Quiet", "Everyone can see it, timelines don't list it"),
    Option("private", "Followers", "Only people who follow you"),
    Option("direct", "Mentioned", "Only people you mention"),
)

# In a select there is room for two words.
VISIBILITIES_SHORT: Sequence[Option] = (
    Option("public", "Public", "everyone"),
    Option("unlisted", "Quiet", "not in timelines"),
    Option("private", "Followers", "nobody else"),
    Option("direct", "Mentioned", "nobody else"),
)

LOCALES: Sequence[Option] = tuple(Option(code, name) for code, name in SPOKEN.items())
"""Languages in which the house itself speaks to members."""

POLICIES: Sequence[Option] = (
    Option("public", "Everyone"),
    Option("followers", "People who follow you"),
    Option("nobody", "Nobody else"),
)

LANGUAGES: Sequence[Option] = (
    Option("en", "English"),
    Option("ar", "العربية"),
    Option("ca", "Català"),
    Option("cs", "Čeština"),
    Option("da", "Dansk"),
    Option("de", "Deutsch"),
    Option("el", "Ελληνικά"),
    Option("es", "Español"),
    Option("fa", "فارسی"),
    Option("fi", "Suomi"),
    Option("fr", "Français"),
    Option("he", "עברית"),
    Option("hi", "हिन्दी"),
    Option("hu", "Magyar"),
    Option("id", "Bahasa Indonesia"),
    Option("it", "Italiano"),
    Option("ja", "日本語"),
    Option("ko", "한국어"),
    Option("nl", "Nederlands"),
    Option("no", "Norsk"),
    Option("pl", "Polski"),
    Option("pt", "Português"),
    Option("ro", "Română"),
    Option("ru", "Русский"),
    Option("sv", "Svenska"),
    Option("th", "ไทย"),
    Option("tr", "Türkçe"),
    Option("uk", "Українська"),
    Option("vi", "Tiếng Việt"),
    Option("zh", "中文"),
)
