"""Finds addresses, mentions, hashtags and emoji shortcodes in a post.

One pass from left to right: at each sign that can start something, the first rule that fits
takes its span, so spans never overlap. Every rule reads what it takes and at most a bounded
piece more, so the work grows with the length of the text and no faster.

Sources: Mastodon 4.x `Account::MENTION_RE`, `Tag::HASHTAG_RE`, `CustomEmoji::SCAN_RE`, its
`Extractor`, and twitter-text's `valid_url` as Mastodon changes it.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

from rostra.kernel.text.marks import MARKS

MAX_HASHTAG: Final = 100
MAX_HANDLE: Final = 255


class Kind(Enum):
    """What a span of text is."""

    URL = "url"
    MENTION = "mention"
    HASHTAG = "hashtag"
    EMOJI = "emoji"


class Entity(NamedTuple):
    """A span of text that means something: `text[start:end]`.

    `value` is the address, the handle without its first `@`, the tag without its sign, or
    the shortcode without colons; always as written.
    """

    kind: Kind
    start: int
    end: int
    value: str


class Limits(NamedTuple):
    """How many of each kind are taken; later ones stay plain text. Addresses have no limit."""

    mentions: int = 100
    hashtags: int = 60
    emoji: int = 100


DEFAULT_LIMITS: Final = Limits()
NO_LIMITS: Final = Limits(1 << 62, 1 << 62, 1 << 62)

# White space, angle brackets and characters that turn the direction or hide end an address.
_URL_STOP = "\\s<>\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\uffff"
_TRIGGER = re.compile(r"https?://|[@#\uff03:]", re.IGNORECASE | re.ASCII)
_PAREN_OR_STOP = re.compile(rf"[(){_URL_STOP}]")
_URL_CHUNK = re.compile(rf"[^(){_URL_STOP}]*+")
# Marks belong to letters: a name in Hindi has its vowels as marks.
_LABEL = rf"[^\W_](?:[\w{MARKS}-]{{0,61}}(?:[^\W_]|[{MARKS}]))?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[^\W\d_][\w{MARKS}-]{{1,62}}+(?::[0-9]{{1,5}}(?!\d))?")
_URL_END_PATH = "?!*\"'\u300c\u300d<>;:=,.$%[]~&|@"
_URL_END_QUERY = "!?*'();:+$%[].,~|@^\""

_MENTION = re.compile(r"@[A-Za-z0-9_]++(?:[.-]++[A-Za-z0-9_]++)*+")
_MENTION_DOMAIN = re.compile(rf"@[\w{MARKS}]++(?:[.-]++[\w{MARKS}]++)*+")
# twitter-text's end_mention_match: what follows shows that this was no mention.
_NOT_A_MENTION = re.compile("[@\uff20\u00c0-\u024f]|://")

_HASHTAG_SEPARATORS = "\u00b7\u30fb\u200c"
_HASHTAG_RUN = re.compile(f"[\\w{_HASHTAG_SEPARATORS}]*+")
_LATIN = str.maketrans(
    dict(zip("\u00f0\u0111\u0127\u0131\u0142\u014b\u00f8\u0167", "ddhilnot", strict=True))
)
_SHORTCODE = re.compile(r":([A-Za-z0-9_]{2,}+):")


def extract(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Entity]:
    """Return all entities of a text, in order, without overlaps.

    Give text that `clean.normalise` made: offsets count its code points.
    """
    found: list[Entity] = []
    closing = _closing_parens(text) if "://" in text and "(" in text else {}
    room = {
        Kind.URL: len(text),
        Kind.MENTION: limits.mentions,
        Kind.HASHTAG: limits.hashtags,
        Kind.EMOJI: limits.emoji,
    }
    end = 0
    for trigger in _TRIGGER.finditer(text):
        start = trigger.start()
        if start < end:
            continue
        entity = _entity_at(text, start, trigger.end(), closing)
        if entity is not None and room[entity.kind] > 0:
            room[entity.kind] -= 1
            found.append(entity)
            end = entity.end
    return found


def mentions(entities: Sequence[Entity]) -> list[str]:
    """Return the handles mentioned, each once, in order; case as first written."""
    first: dict[str, str] = {}
    for entity in entities:
        if entity.kind is Kind.MENTION:
            first.setdefault(entity.value.lower(), entity.value)
    return list(first.values())


def hashtags(entities: Sequence[Entity]) -> list[str]:
    """Return the tags used, each once by `hashtag_key`, in order; as first written."""
    first: dict[str, str] = {}
    for entity in entities:
        if entity.kind is Kind.HASHTAG:
            first.setdefault(hashtag_key(entity.value), entity.value)
    return list(first.values())


def hashtag_key(name: str) -> str:
    """Return the form under which a tag is filed: `#Ébène` and `#ebene` are one.

    Compatibility forms, case and the accents of Latin letters fold; other scripts keep their
    marks, which are vowels there. As Mastodon's HashtagNormalizer. Folding twice changes
    nothing.
    """
    # A compatibility form can stand for 18 characters; beyond this it is no tag of ours.
    lower = unicodedata.normalize("NFKC", name[: 20 * MAX_HASHTAG]).lower()
    if lower.isascii():
        return lower
    folded: list[str] = []
    latin = False
    for char in unicodedata.normalize("NFD", lower.translate(_LATIN)):
        if unicodedata.combining(char):
            if latin:
                continue
        else:
            latin = char.isascii() and char.isalpha()
        folded.append(char)
    return unicodedata.normalize("NFKC", "".join(folded))


def is_hashtag(name: str) -> bool:
    """Tell whether the whole name, without its sign, is a valid tag."""
    return 0 < len(name) <= MAX_HASHTAG and _hashtag_end(name, 0) == len(name)


def _entity_at(text: str, start: int, after: int, closing: dict[int, int]) -> Entity | None:
    sign = text[start]
    if sign == "@":
        return _mention_at(text, start)
    if sign == ":":
        return _emoji_at(text, start)
    if after - start > 1:
        return _url_at(text, start, after, closing)
    return _hashtag_at(text, start)


def _url_at(text: str, start: int, after: int, closing: dict[int, int]) -> Entity | None:
    if start and (text[start - 1] in "@$#\uff20\uff03" or text[start - 1].isalnum()):
        return None
    host = _HOST.match(text, after, after + 260)
    if host is None:
        return None
    end = host.end()
    if text[end : end + 1] in {"/", "?", "#"}:
        end = _trimmed(text, end, _body_end(text, end, closing))
    return Entity(Kind.URL, start, end, text[start:end])


def _body_end(text: str, start: int, closing: dict[int, int]) -> int:
    """Find where path and query stop: parentheses belong to them only in pairs."""
    end = start
    while True:
        chunk = _URL_CHUNK.match(text, end)
        end = chunk.end() if chunk else end
        close = closing.get(end)
        if close is None:
            return end
        end = close + 1


def _trimmed(text: str, start: int, end: int) -> int:
    """Leave the full stop, comma or quote after an address to the sentence around it."""
    query = text.find("?", start, end)
    while end > start:
        char = text[end - 1]
        in_query = 0 <= query < end - 1
        if char == ")" or char not in (_URL_END_QUERY if in_query else _URL_END_PATH):
            break
        end -= 1
    return end


def _closing_parens(text: str) -> dict[int, int]:
    """Pair each "(" with its ")", for pairs with nothing between that ends an address."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in _PAREN_OR_STOP.finditer(text):
        char = found.group()
        if char == "(":
            opened.append(found.start())
        elif char == ")":
            if opened:
                pairs[opened.pop()] = found.start()
        else:
            opened.clear()
    return pairs


def _mention_at(text: str, start: int) -> Entity | None:
    if start and (text[start - 1] in "=/" or _is_word(text[start - 1])):
        return None
    name = _MENTION.match(text, start)
    if name is None:
        return None
    domain = _MENTION_DOMAIN.match(text, name.end())
    end = domain.end() if domain else name.end()
    if end - start > MAX_HANDLE or _NOT_A_MENTION.match(text, end):
        return None
    return Entity(Kind.MENTION, start, end, text[start + 1 : end])


def _hashtag_at(text: str, start: int) -> Entity | None:
    if start and (text[start - 1] in "=/)" or text[start - 1].isalnum()):
        return None
    end = _hashtag_end(text, start + 1)
    if text.startswith("://", end):
        # "#taghttps://…": the scheme is not part of the tag.
        name = text[start + 1 : end].lower()
        end -= next((len(scheme) for scheme in ("https", "http") if name.endswith(scheme)), 0)
    if not 0 < end - start - 1 <= MAX_HASHTAG:
        return None
    return Entity(Kind.HASHTAG, start, end, text[start + 1 : end])


def _hashtag_end(text: str, start: int) -> int:
    """Return where the tag that begins at `start` ends; `start` itself if there is none.

    A tag begins and ends with a word character, and has a letter somewhere or a separator
    inside: `#1·2` is one, `#12` is none.
    """
    end = start
    while True:
        run = _HASHTAG_RUN.match(text, end)
        end = run.end() if run else end
        if end >= len(text) or not _is_word(text[end]):
            break
        end += 1
    name = text[start:end].rstrip(_HASHTAG_SEPARATORS)
    if not name or name[0] in _HASHTAG_SEPARATORS:
        return start
    separated = any(char == "_" or char in _HASHTAG_SEPARATORS for char in name[1:-1])
    return start + len(name) if separated or any(map(_is_alphabetic, name)) else start


def _emoji_at(text: str, start: int) -> Entity | None:
    if start and (text[start - 1] == ":" or text[start - 1].isalnum()):
        return None
    code = _SHORTCODE.match(text, start)
    if code is None:
        return None
    after = text[code.end() : code.end() + 1]
    if after == ":" or after.isalnum():
        return None
    return Entity(Kind.EMOJI, start, code.end(), code.group(1))


def _is_word(char: str) -> bool:
    """Ruby's `[[:word:]]`: letter, mark, digit or connector."""
    return char == "_" or char.isalnum() or unicodedata.category(char) in {"Mn", "Mc", "Me", "Pc"}


def _is_alphabetic(char: str) -> bool:
    """Ruby's `[[:alpha:]]`, near enough: letters, letter numbers and vowel signs."""
    return char.isalpha() or unicodedata.category(char) in {"Nl", "Mc"}
