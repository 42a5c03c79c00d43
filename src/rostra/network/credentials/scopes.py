"""The one table of OAuth scopes: which exist, and which a granted scope covers.

Source: https://docs.joinmastodon.org/api/oauth-scopes/ (Mastodon 4.5).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_READ: Final = (
    "accounts", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes",
    "notifications", "search", "statuses",
)  # fmt: skip
_WRITE: Final = (
    "accounts", "blocks", "bookmarks", "conversations", "favourites", "filters", "follows",
    "lists", "media", "mutes", "notifications", "reports", "statuses",
)  # fmt: skip
_ADMIN: Final = (
    "accounts", "reports", "domain_allows", "domain_blocks", "ip_blocks",
    "email_domain_blocks", "canonical_email_blocks",
)  # fmt: skip
# What the legacy scope `follow` stands for.
_FOLLOW: Final = ("blocks", "follows", "mutes")


def _grants() -> dict[str, frozenset[str]]:
    """Every scope, with all the scopes that holding it gives."""
    table: dict[str, frozenset[str]] = {}
    families = {"read": _READ, "write": _WRITE, "admin:read": _ADMIN, "admin:write": _ADMIN}
    for family, areas in families.items():
        children = frozenset(f"{family}:{area}" for area in areas)
        table |= {child: frozenset({child}) for child in children}
        table[family] = children | {family}
    table["admin"] = table["admin:read"] | table["admin:write"] | {"admin"}
    table["follow"] = frozenset(f"{verb}:{area}" for verb in ("read", "write") for area in _FOLLOW)
    table["follow"] |= {"follow"}
    table["push"] = frozenset({"push"})
    table["profile"] = frozenset({"profile"})  # who is signed in, and nothing else (Mastodon 4.3)
    return table


GRANTS: Final = _grants()
KNOWN: Final = frozenset(GRANTS)
DEFAULT: Final = frozenset({"read"})


@lru_cache(maxsize=4096)
def expand(granted: frozenset[str]) -> frozenset[str]:
    """All that the granted scopes give together; unknown names give nothing."""
    return frozenset[str]().union(*(GRANTS.get(scope, frozenset()) for scope in granted))


def covers(granted: frozenset[str], needed: Iterable[str]) -> bool:
    """Whether a token with `granted` may do what asks for one of `needed`.

    Several needed scopes are alternatives, as in Mastodon; none needed: any token will do.
    """
    needed = tuple(needed)
    return not needed or not expand(granted).isdisjoint(needed)


def parse(text: str) -> frozenset[str] | None:
    """The scopes of a space-separated list; None when one of them is unknown."""
    scopes = frozenset(text.replace("+", " ").split())
    return scopes if scopes <= KNOWN else None


def within(asked: frozenset[str], allowed: frozenset[str]) -> bool:
    """Whether the allowed scopes give every asked one: an app gets no more than it declared."""
    return asked <= expand(allowed)


def show(scopes: Iterable[str]) -> str:
    """The list as it stands in answers: space-separated, always in the same order."""
    return " ".join(sorted(scopes))
