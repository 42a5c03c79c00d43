"""Where our hosts stand in a text, and what stands around them.

One pass over the text; around each of our names at most a bounded window is read, so the work
grows with the length of the text and no faster.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from rostra.kernel.ids import floor_at, time_of
from rostra.safety.notices.reading import targets
from rostra.safety.notices.reading.home import Home
from rostra.safety.notices.reading.model import Kind
from rostra.safety.notices.reading.targets import Target

_BACK: Final = 512
_AHEAD: Final = 512
_JOINS: Final = 6
_ASIAN: Final = 0x2E80  # scripts that set no blanks around an address
_STOPS: Final = " \t\n<>\"'`"
_SEGMENT = re.compile(r"[^\s<>\"`]*")
_CONTINUED = re.compile(r"[ \t]{0,8}\n[>| \t]{0,16}(?=\S)")
_ENCODED_END = re.compile(r"%(?:25){0,3}([0-9A-Fa-f]{2})\Z")
_ENCODED_SLASHES = re.compile(r"(?:%(?:25){0,3}2[Ff]){2}\Z|-3[Aa]__\Z|%(?:25){0,3}3[Dd]\Z")
_BROKEN_SCHEME = re.compile(r"https?:/?[-=\\]?[ \t]{0,8}\n[>| \t]{0,16}/{1,2}\Z", re.IGNORECASE)
_USERINFO = re.compile(r"://[^/\s@?#]{0,200}@\Z")
_ELSEWHERE_INSIDE = re.compile(r"(?::[^/\s@]{0,100})?@[\w-]")
_HANDLE = re.compile(r"(?:\A|[^\w.@])@([A-Za-z0-9_]{1,30})@\Z")
_ACCT = re.compile(r"acct(?::|%3[Aa])([A-Za-z0-9_]{1,30})(?:@|%40)\Z")
_LABELLED = re.compile(
    r"(?:user(?:name)?|account|handle|profile|member|nutzer(?:in)?|benutzer(?:in)?|konto|profil"
    r"|mitglied|compte|utilisat(?:eur|rice)|usuari[oa]|cuenta|perfil)[\s:=\"'*_]{1,4}"
    r"([A-Za-z0-9_]{1,30})@\Z",
    re.IGNORECASE,
)
_DEFENDED_PATH = re.compile(r"_-40|__-40|_users_|_media_")


class Hit(NamedTuple):
    """One of our names in a text, and what it leads to; `end` is where reading can go on."""

    start: int
    end: int
    target: Target
    how: str


class _Window(NamedTuple):
    """The piece of a text behind a host that may be read."""

    text: str
    start: int
    end: int


def hits(text: str, place: Home) -> Iterator[Hit]:
    """Everything of ours that a folded text names with our host."""
    near = list(place.pattern.finditer(text))
    reached = 0
    for at, found in enumerate(near):
        if found.start() < reached:
            continue  # part of the path that was just read
        # A path holds our name once more at the most, so no stretch is read over and over.
        limit = near[at + 2].start() if at + 2 < len(near) else len(text)
        since = near[at - 3].start() if at > 2 else 0  # noqa: PLR2004 (the same, backwards)
        hit = _hit(text, found, place, (since, limit))
        if hit is not None:
            reached = hit.end if hit.target.kind is not Kind.PAGE else 0
            yield hit


def _hit(text: str, found: re.Match[str], place: Home, within: tuple[int, int]) -> Hit | None:
    start, end = found.span()
    before = text[max(0, start - _BACK, within[0]) : start]
    if before.endswith(("@", "%40")):
        named = _named(before, text, end)
        if named is not None:
            return Hit(start, end, named, "handle")
    how = _standing(before)
    if how is None or not _ends(text, end, how):
        return None
    target, upto = _target(
        _Window(text, end, min(within[1], end + _AHEAD)), found[0], before, place
    )
    return Hit(start, upto, target, how)


def _named(before: str, text: str, end: int) -> Target | None:
    """An account that is named as `@name@host`, `acct:name@host` or `user name@host`."""
    if not _ends(text, end, "handle"):
        return None
    for form in (_HANDLE, _ACCT, _LABELLED):
        found = form.search(before[-64:])
        if found:
            return Target(Kind.ACCOUNT, acct=found[1].lower())
    return None


def _standing(before: str) -> str | None:
    """How a host stands after this: `address`, `carried` in another address, or not as ours."""
    token = _token(before)
    if token.endswith("//") or _USERINFO.search(token[-240:]):
        outer = token[: token.rfind("//")].rstrip(":")
        return "carried" if _inside(outer) else "address"
    if _ENCODED_SLASHES.search(token[-40:]):
        return "carried"
    if not token or (token.endswith("/") and _BROKEN_SCHEME.search(before[-64:])):
        return "address"
    encoded = _ENCODED_END.search(token[-16:])
    if encoded:
        sign = chr(int(encoded[1], 16))
        return None if sign.isalnum() or sign in "/@.-" else "carried"
    return _after_sign(token)


def _after_sign(token: str) -> str | None:
    """The same for a token that ends in no scheme: its last sign decides."""
    last = token[-1]
    if last == "_":
        return None if token[-2:-1].isalnum() else "address"
    if last in "/@.-" or (last.isalnum() and ord(last) < _ASIAN):
        return None
    return "carried" if "://" in token and last in "=&?#" else "address"


def _inside(outer: str) -> bool:
    """Whether what stands before a scheme is another address that carries it."""
    scheme = outer.rfind("://")
    if scheme < 0:
        return False
    gap = re.search(r"https?\Z", outer, re.IGNORECASE)
    before = outer[: gap.start()] if gap else outer
    return before[-1:] not in {",", ";", "|", ")", "]", "}"}


def _token(before: str) -> str:
    """What stands before without a blank, a quote or a bracket between."""
    return before[max(map(before.rfind, _STOPS)) + 1 :]


def _ends(text: str, end: int, how: str) -> bool:
    """Whether the host ends here and is not the beginning of another."""
    after = text[end : end + 300]
    if not after:
        return True
    first = after[0]
    if first == "_":
        return how == "carried" and _DEFENDED_PATH.match(after) is not None
    if first == "-" or (first.isalnum() and ord(first) < _ASIAN):
        return False
    if first == ".":
        return not after[1:2].isalnum()
    return not (how != "handle" and _ELSEWHERE_INSIDE.match(after))


def _target(window: _Window, host: str, before: str, place: Home) -> tuple[Target, int]:
    """What the path after a host leads to, read over line ends where that completes it."""
    parts = _segments(window)
    first, upto = parts[0]
    if _DEFENDED_PATH.match(first):
        first = first.replace("_", "/").replace("-", "%")
    best = _read(targets.opened(first), host, place)
    if best.kind in {Kind.POST, Kind.MEDIA}:
        return best, upto
    bracketed = _bracketed(window, before)
    if bracketed is not None:
        joined = _read(targets.opened(bracketed[0]), host, place)
        if joined.kind is not Kind.PAGE:
            return joined, bracketed[1]
    whole = first
    for more, reached in parts[1:]:
        for glued in (whole + more, whole.rstrip("-=\\") + more):
            joined = _read(targets.opened(glued), host, place)
            if joined.kind in {Kind.POST, Kind.MEDIA}:
                return joined, reached
        whole = whole.rstrip("=\\") + more
    return _without_emphasis(best, before), upto


def _segments(window: _Window) -> list[tuple[str, int]]:
    """The rest of the line, and the beginnings of the next few, each with where it ends."""
    text, at, limit = window
    found: list[tuple[str, int]] = []
    for _ in range(_JOINS + 1):
        segment = _SEGMENT.match(text, at, limit)
        reached = segment.end() if segment else at
        found.append((text[at:reached], reached))
        going_on = _CONTINUED.match(text, reached, limit)
        if going_on is None:
            break
        at = going_on.end()
    return found


def _bracketed(window: _Window, before: str) -> tuple[str, int] | None:
    """What stands till the closing bracket, line ends taken out (RFC 3986, appendix C)."""
    opening = before.rfind("<")
    if (
        opening < 0
        or re.fullmatch(r"(?:URL:)?\s*(?:https?:\s*//\s*)?", before[opening + 1 :]) is None
    ):
        return None
    text, end, limit = window
    closing = text.find(">", end, limit)
    inner = text[end:closing] if closing >= 0 else ""
    return (re.sub(r"[ \t]*\n[ \t]*", "", inner), closing) if "\n" in inner else None


def _read(path: str, host: str, place: Home) -> Target:
    """The kind of page that a path is."""
    media_host, _, folder = place.media.partition("/")
    plain = re.sub(r"[^\w.-]", "", host).lower().removeprefix("www.")
    if plain == media_host or len(place.hosts) == 1:
        file = targets.stored(re.sub(r"\A:\d{1,5}", "", path), f"/{folder}" if folder else "")
        if file:
            return file
    return (
        targets.post(path)
        or targets.numbered(path)
        or targets.account(path, place.domain)
        or targets.page(path)
    )


def _without_emphasis(target: Target, before: str) -> Target:
    """A name without the underscore that Markdown set around the address."""
    opened_by = re.search(r"(?:\A|[\s(])_(?:https?://)?\Z", before[-20:])
    if opened_by and target.kind is Kind.ACCOUNT and target.acct.endswith("_"):
        return target._replace(acct=target.acct[:-1])
    return target


def plausible(number: int, received_at: int) -> bool:
    """Whether a number of 19 digits can be the id of something that was there by then."""
    return floor_at(_SINCE) <= number and time_of(number) <= received_at + _LATER


_SINCE: Final = 1_451_606_400_000  # 2016: nothing here is older
_LATER: Final = 24 * 3_600_000
