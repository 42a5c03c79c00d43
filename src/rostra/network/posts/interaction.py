"""Who may answer, favourite and reblog a post: at once, or after its author has agreed.

The wire form is GoToSocial's: docs.gotosocial.org/en/latest/federation/interaction_controls.
"""

from collections.abc import Iterable
from enum import IntEnum, IntFlag
from typing import Self

import msgspec

from rostra.network.posts.model import Visibility


class Kind(IntEnum):
    """What can be done with a post of somebody else's; the wire names are GoToSocial's."""

    FAVOURITE = 0
    REPLY = 1
    REBLOG = 2

    @property
    def wire(self) -> str:
        """GoToSocial's name."""
        return self.name.lower()


class Circle(IntFlag):
    """Sets of people, seen from a post and its author."""

    PUBLIC = 1  # whoever may see the post
    FOLLOWERS = 2
    FOLLOWING = 4  # whom the author follows
    MUTUALS = 8
    MENTIONED = 16  # in the post, or answered by it

    @property
    def wire(self) -> tuple[str, ...]:
        """GoToSocial's names, in one order."""
        return tuple(each.name.lower() for each in Circle if each in self and each.name)

    @classmethod
    def from_wire(cls, names: Iterable[str]) -> Self | None:
        """The sets with these names together; None where one of them is unknown.

        `author` and `me` add nobody: authors always may, and whoever asks is known by the others.
        """
        known = {each.name.lower(): each for each in cls if each.name}
        found = cls(0)
        for name in names:
            if name not in known and name not in _OURSELVES:
                return None
            found |= known.get(name, cls(0))
        return found


NOBODY = Circle(0)
_OURSELVES = frozenset({"author", "me"})
_CIRCLE_BITS = 5
_RULE_BITS = 2 * _CIRCLE_BITS
_SET = 1  # the lowest bit of every packed policy


class Rule(msgspec.Struct, frozen=True):
    """Who may do one thing: some at once, some once the author agrees, all others never."""

    automatic: Circle = Circle.PUBLIC
    manual: Circle = NOBODY

    def tidy(self) -> Self:
        """The same rule without what changes nothing: who may at once need not ask."""
        if Circle.PUBLIC in self.automatic:
            return type(self)()
        manual = self.manual & ~self.automatic
        return type(self)(self.automatic, Circle.PUBLIC if Circle.PUBLIC in manual else manual)

    def holding(self, kind: Kind) -> Self:
        """The rule as it holds for this kind: whom a post mentions may always answer it."""
        automatic = self.automatic
        if Circle.PUBLIC not in automatic and kind is Kind.REPLY:
            automatic |= Circle.MENTIONED
        return type(self)(automatic, self.manual & ~automatic)

    def names(self, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """GoToSocial's names of who may do that at once, and of who asks."""
        rule = self.holding(kind)
        at_once = rule.automatic.wire
        if Circle.PUBLIC not in rule.automatic:
            at_once = ("author", *at_once)
        return at_once, rule.manual.wire


EVERYBODY = Rule()


class InteractionPolicy(msgspec.Struct, frozen=True):
    """Who may do what with a post. Authors always may; whom it mentions may always answer.

    What only few see is not opened by it: the limits of the post's visibility hold as well.
    """

    favourite: Rule = EVERYBODY
    reply: Rule = EVERYBODY
    reblog: Rule = EVERYBODY

    def of(self, kind: Kind) -> Rule:
        """The rule for this kind."""
        return (self.favourite, self.reply, self.reblog)[kind]

    def pack(self) -> int:
        """As it is stored: not 0, also where it is the same as none."""
        packed = _SET
        for kind in Kind:
            rule = self.of(kind).tidy()
            bits = rule.automatic | rule.manual << _CIRCLE_BITS
            packed |= bits << 1 + kind * _RULE_BITS
        return packed

    @classmethod
    def unpack(cls, packed: int) -> Self:
        """The policy that is stored so; 0 is none, by which everybody may do everything."""
        if not packed:
            return cls()
        every = (1 << _CIRCLE_BITS) - 1
        rules = []
        for kind in Kind:
            bits = packed >> 1 + kind * _RULE_BITS
            rules.append(Rule(Circle(bits & every), Circle(bits >> _CIRCLE_BITS & every)))
        return cls(*rules)


OPEN = InteractionPolicy().pack()
"""A policy that was set, and by which everybody may do everything."""

DefaultPolicies = tuple[int, int, int, int]
"""Packed policies for new posts, one for each visibility; 0: none."""

_decode = msgspec.json.Decoder(DefaultPolicies).decode
_encode = msgspec.json.Encoder().encode


def defaults_of(stored: str) -> DefaultPolicies:
    """What a member wants of new posts, as `users.default_interaction_policies` has it."""
    return _decode(stored) if stored else (0, 0, 0, 0)


def stored_defaults(policies: Iterable[int]) -> str:
    """What is stored of a member's wishes, one for each visibility that a draft can have."""
    packed = tuple(told(each) for each in policies)
    assert len(packed) == Visibility.DIRECT + 1  # noqa: S101 (one for each)
    return _encode(packed).decode() if any(packed) else ""


def told(packed: int) -> int:
    """The packed policy, or 0 where it is the same as none."""
    return 0 if packed == OPEN else packed


def kept(current: int, packed: int) -> int:
    """What replaces a packed policy. Whoever was asked once is known by the policy not being 0."""
    return packed if current else told(packed)


class RequestState(IntEnum):
    """What became of a request."""

    OPEN = 0
    ACCEPTED = 1
    REJECTED = 2


class Request(msgspec.Struct, frozen=True):
    """That somebody wants to do something with a post of the owner's. Its id tells when."""

    id: int
    post_id: int
    owner_id: int
    account_id: int
    kind: int  # a `Kind`
    subject_id: int  # the reply or the reblog; 0: a favourite
    visibility: int  # that it is to have
    state: int  # a `RequestState`
    decided_at: int  # UTC ms; 0: open
