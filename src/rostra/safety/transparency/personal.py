"""Taking personal data out of what people wrote about people, before it is published.

Names that we know of, handles, mail addresses, links, numbers of telephones, accounts and machines.
It rather takes too much than too little: what is left explains a decision, it doesn't tell a story.
"""

import re
from collections.abc import Iterable
from typing import Final

LINK: Final = "[link]"
MAIL: Final = "[mail address]"
HANDLE: Final = "[account]"
NUMBER: Final = "[number]"
NAME: Final = "[name]"

_LONGEST: Final = 20_000  # what is read of a text; more is cut off unread
_SHORTEST_PART: Final = 3
_FEWEST_DIGITS, _MOST_DIGITS = 6, 40

_LINKS: Final = re.compile(
    r"(?:[a-z][a-z0-9+.\-]{1,15}|hxxps?)(?:://|\[:\]//)\S+"
    r"|(?:www\.|mailto:|tel:|acct:|did:)\S+"
    r"|(?<![\w@.\-])(?:[\w\-]{1,63}(?:\.|\[\.\])){1,8}[^\W\d_]{2,24}/\S*",
    re.IGNORECASE,
)
_MAILS: Final = re.compile(
    r"(?<![^\s<>()\[\]\"',;:])[^\s@<>()\[\]\"',;:]{1,64}"
    r"(?:@|\s{0,3}[\[({]\s{0,3}(?:at|ät)\s{0,3}[\])}]\s{0,3})"
    r"[\w\-]{1,63}(?:(?:\.|\s{0,3}[\[({]\s{0,3}(?:dot|punkt|\.)\s{0,3}[\])}]\s{0,3})[\w\-]{1,63}){1,8}",
    re.IGNORECASE,
)
_HANDLES: Final = re.compile(r"(?<![\w.])@[\w.\-]{1,64}(?:@[\w.\-]{1,255})?")
_HOSTS: Final = re.compile(
    r"(?<![\w@.\-])(?:[\w\-]{1,63}(?:\.|\[\.\])){1,8}[^\W\d_]{2,24}(?![\w\-])"
)
_ADDRESSES: Final = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4})(?![\w:])",
    re.IGNORECASE,
)
_IBANS: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}\b")
_NUMBERS: Final = re.compile(r"(?<![\w])(?:\+|\(\+?)?\d(?:[\s().\-/]{0,3}\d){5,39}(?!\w)")
_DAYS: Final = re.compile(r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})(?:[ ,]{1,2}\d{1,2})?")
_WORDS: Final = re.compile(r"[^\W\d_][\w'\u2019\-]+")
# Not every dot between letters is a host: what stands behind sentences and versions stays.
_NO_HOST: Final = re.compile(r"[A-Za-z]{1,2}\.[A-Za-z]{1,2}\.?|\d+(?:\.\d+)+\w{0,2}")


def without_personal_data(text: str, names: Iterable[str] = ()) -> str:
    """The text, with a word in brackets wherever it told of somebody.

    `names` are those of the people whom it may be about: display names, handles.
    """
    text = text[:_LONGEST].replace("\x00", "")
    text = _LINKS.sub(LINK, text)
    text = _MAILS.sub(MAIL, text)
    text = _HANDLES.sub(HANDLE, text)
    text = _ADDRESSES.sub(NUMBER, text)
    text = _IBANS.sub(NUMBER, text)
    text = _NUMBERS.sub(_number, text)
    text = _HOSTS.sub(_host, text)
    known = _pattern(names)
    return text if known is None else known.sub(NAME, text)


def _number(found: re.Match[str]) -> str:
    digits = sum(char.isdigit() for char in found[0])
    stays = digits < _FEWEST_DIGITS or _DAYS.fullmatch(found[0])
    return found[0] if stays else NUMBER


def _host(found: re.Match[str]) -> str:
    return found[0] if _NO_HOST.fullmatch(found[0]) else LINK


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Whole names, and the words of them that are written like names."""
    wanted: set[str] = set()
    for name in names:
        whole = " ".join(name.strip().lstrip("@").split())
        if len(whole) > 1:
            wanted.add(whole)
        wanted.update(
            word
            for word in _WORDS.findall(whole)
            if len(word) >= _SHORTEST_PART and (word[0].isupper() or word == whole)
        )
        handle = whole.partition("@")[0]
        if len(handle) > 1:
            wanted.add(handle)
    if not wanted:
        return None
    longest_first = sorted(wanted, key=lambda word: (-len(word), word))
    either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
