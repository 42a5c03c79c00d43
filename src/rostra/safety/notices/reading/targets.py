"""What a path on one of our hosts leads to.

Posts have ids of 19 digits and stored files keys of a fixed shape, so they show themselves where
they end, even if a letter has broken them over lines.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import unquote

from rostra.kernel.text.names import normalise_domain
from rostra.safety.notices.reading.model import Kind

ID_DIGITS: Final = 19
_DECODED: Final = 3  # an address inside of an address inside of an address
_LONGEST: Final = 600
_NAME = r"[A-Za-z0-9_]{1,30}"
_AWAY = r"[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*+"
_DOMAIN = r"(?:[\w-]{1,63}\.)+[\w-]{2,63}"
_WHO = rf"(?:(?P<name>{_NAME})|(?P<away>{_AWAY})@(?P<domain>{_DOMAIN}))"
_HEAD = r"(?::\d{1,5})?/++(?:(?:web|deck|embed|interact)/)?+"
_ID = rf"(?P<id>\d{{{ID_DIGITS}}})(?!\d)"
_POST = re.compile(
    rf"{_HEAD}(?:@{_WHO}/++(?:statuses/|posts/)?+{_ID}"
    rf"|users/{_NAME}/statuses/++(?P<id2>\d{{{ID_DIGITS}}})(?!\d)"
    rf"|(?:api/v\d/)?(?:posts|statuses|status|notes)/++(?P<id3>\d{{{ID_DIGITS}}})(?!\d))"
)
_NUMBERED = re.compile(rf"{_HEAD}(?:api/v\d/)?(?:admin/)?(?P<what>accounts|media)/++{_ID}")
_ACCOUNT = re.compile(
    rf"{_HEAD}(?:@|users/)(?:(?P<away>{_AWAY})@(?P<domain>{_DOMAIN})"
    rf"|(?P<name>{_NAME}))(?![A-Za-z0-9_@]|-[A-Za-z0-9])"
)
_BROKEN_POST = re.compile(r"/++(?:statuses/)?\d")
_KEY = re.compile(r"/++(?P<key>[a-z]+/[a-z2-7]{2}/[a-z2-7]{32}\.[a-z0-9]{2,5})(?![a-z0-9])")
_PATH = re.compile(r"(?::\d{1,5})?(?P<path>[/?#][^\s<>\"'`|\])}]*)?")


class Target(NamedTuple):
    """What was read, and how far."""

    kind: Kind
    id: int = 0
    acct: str = ""
    key: str = ""
    path: str = ""

    @property
    def same(self) -> tuple[Kind, int, str, str, str]:
        """What tells it from others: a post is its id, whoever's page it is shown on."""
        if self.kind is Kind.POST:
            return (self.kind, self.id, "", "", "")
        return (self.kind, self.id, self.acct, self.key, self.path)


def opened(text: str) -> str:
    """Percent signs read, as often as they were written over each other; slashes put right."""
    text = text[:_LONGEST]
    for _ in range(_DECODED):
        if "%" not in text:
            break
        text = unquote(text, errors="replace")
    return text.replace("\\", "/")


def post(path: str) -> Target | None:
    """The post that an opened path leads to."""
    found = _POST.match(path)
    if found is None:
        return None
    number = found["id"] or found["id2"] or found["id3"]
    return Target(Kind.POST, id=int(number), acct=(found["name"] or "").lower())


def numbered(path: str) -> Target | None:
    """An account or a medium named by its number."""
    found = _NUMBERED.match(path)
    if found is None:
        return None
    kind = Kind.ACCOUNT if found["what"] == "accounts" else Kind.MEDIA
    return Target(kind, id=int(found["id"]))


def stored(path: str, folder: str) -> Target | None:
    """The stored file; `folder` is the path before its key, such as `/media`."""
    if not path.startswith(folder):
        return None
    found = _KEY.match(path[len(folder) :])
    return None if found is None else Target(Kind.MEDIA, key=found["key"])


def account(path: str, own_domain: str) -> Target | None:
    """The account whose page, list of followers or feed it is."""
    found = _ACCOUNT.match(path)
    if found is None or _BROKEN_POST.match(path, found.end()):
        return None
    if found["name"]:
        return Target(Kind.ACCOUNT, acct=found["name"].lower())
    domain = normalise_domain(found["domain"].rstrip(".")) or ""
    name = found["away"].lower()
    return Target(Kind.ACCOUNT, acct=name if domain == own_domain else f"{name}@{domain}")


def page(path: str) -> Target:
    """Any other page; the path without what ends a sentence."""
    found = _PATH.match(path)
    bare = (found["path"] or "") if found else ""
    return Target(Kind.PAGE, path=bare.rstrip(".,;:!?*_~")[:200] or "/")
