"""What others see of filters."""

from collections.abc import Iterable
from enum import IntEnum, IntFlag
from typing import Self

import msgspec


class Context(IntFlag):
    """Where a filter holds; the names are Mastodon's."""

    HOME = 1  # home and lists
    NOTIFICATIONS = 2
    PUBLIC = 4
    THREAD = 8
    ACCOUNT = 16

    @property
    def names(self) -> tuple[str, ...]:
        """Mastodon's names."""
        return tuple((each.name or "").lower() for each in type(self) if each in self)

    @classmethod
    def of(cls, names: Iterable[str]) -> Self | None:
        """The contexts with these names; None where one is unknown."""
        found = cls(0)
        for name in names:
            if name not in _CONTEXTS:
                return None
            found |= cls(_CONTEXTS[name])
        return found


_CONTEXTS = {(each.name or "").lower(): each.value for each in Context}


class Action(IntEnum):
    """What becomes of a post that a filter matches."""

    WARN = 0  # it is shown after a click
    HIDE = 1  # it is not shown
    BLUR = 2  # its pictures are shown after a click

    @property
    def wire(self) -> str:
        """Mastodon's name."""
        return self.name.lower()

    @classmethod
    def from_wire(cls, name: str) -> Self | None:
        """The action with this name in Mastodon's API; None if there is none."""
        wanted = "BLUR" if name == "blur_media" else name.upper()
        return cls[wanted] if wanted in cls.__members__ and name == name.lower() else None


class Filter(msgspec.Struct, frozen=True):
    """What keywords and single posts are filed under, and what becomes of what they match."""

    id: int
    title: str
    contexts: int
    action: int
    expires_at: int  # UTC ms; 0: never


class Keyword(msgspec.Struct, frozen=True):
    """Words that a filter looks for."""

    id: int
    filter_id: int
    keyword: str
    whole_word: int


class FilteredPost(msgspec.Struct, frozen=True):
    """A single post that a filter matches."""

    id: int
    filter_id: int
    post_id: int


class FilterRules(msgspec.Struct, frozen=True):
    """A filter with all that it looks for."""

    filter: Filter
    keywords: tuple[Keyword, ...] = ()
    posts: tuple[FilteredPost, ...] = ()


class KeywordWish(msgspec.Struct, frozen=True):
    """A keyword as it is wished for: a new one (id 0), a changed or a removed one."""

    id: int = 0
    keyword: str | None = None  # None: as it was
    whole_word: bool | None = None  # None: as it was; of a new one: yes
    remove: bool = False


class FilterWish(msgspec.Struct, frozen=True):
    """What a filter is to be. None: as it was."""

    title: str | None = None
    contexts: tuple[str, ...] | None = None
    action: str | None = None
    expires_in_s: int | None = None
    never_expires: bool = False
    keywords: tuple[KeywordWish, ...] = ()


class Subject(msgspec.Struct, frozen=True):
    """A post that filters are held against; of a reblog the words are its original's."""

    id: int
    text_id: int  # the post whose words count
    text_version: int


class Match(msgspec.Struct, frozen=True):
    """That a filter matches a post, and by what."""

    filter: Filter
    keyword: str = ""  # as the member wrote it; empty: by no keyword
    posts: tuple[int, ...] = ()  # single posts that are filed under the filter
