"""Finding keywords in a post, as Mastodon finds them, in time that grows with the text alone.

No pattern is made of what members write: a keyword is looked for as it stands, without regard to
case. As a whole word it must not continue a word, nor be continued by one, on the side where it
begins or ends with a letter, a mark, a digit or a low line itself.
"""

import unicodedata
from bisect import bisect_right
from functools import lru_cache

import msgspec

MAX_TEXT = 20_000  # characters of a post that are looked through


def folded(text: str) -> str:
    """A text in the form in which it is looked through."""
    return text[:MAX_TEXT].casefold()


class Needle(msgspec.Struct, frozen=True):
    """A keyword, ready to be looked for."""

    keyword: str  # as it was written
    folded: str
    starts: bool = False  # no word may run into it
    ends: bool = False  # no word may run on from it

    @classmethod
    def of(cls, keyword: str, *, whole_word: bool) -> "Needle":
        """The keyword as it is looked for."""
        text = keyword.casefold()
        return cls(
            keyword, text, whole_word and _in_word(text[0]), whole_word and _in_word(text[-1])
        )


class Haystack:
    """The words of one post."""

    __slots__ = ("_breaks", "text")

    def __init__(self, text: str) -> None:
        """Take a text that is folded already."""
        self.text = text
        self._breaks: list[int] | None = None

    def holds(self, needle: Needle) -> bool:
        """Whether the keyword stands in the post."""
        text = self.text
        at = text.find(needle.folded)
        if at < 0 or not (needle.starts or needle.ends):
            return at >= 0
        size = len(needle.folded)
        while at >= 0:
            end = at + size
            if needle.starts and at and _in_word(text[at - 1]):
                # Nothing can begin before this word is over.
                at = self._after_word(at)
            elif needle.ends and end < len(text) and _in_word(text[end]):
                at += 1
            else:
                return True
            at = text.find(needle.folded, at)
        return False

    def _after_word(self, at: int) -> int:
        if self._breaks is None:
            self._breaks = [i for i, char in enumerate(self.text) if not _in_word(char)]
        following = bisect_right(self._breaks, at)
        return self._breaks[following] if following < len(self._breaks) else len(self.text)


@lru_cache(maxsize=4096)
def _in_word(char: str) -> bool:
    """Whether a character is part of a word: letter, mark, decimal digit, connector."""
    category = unicodedata.category(char)
    return category[0] in "LM" or category in {"Nd", "Nl", "Pc"}
