"""Domains and addresses in a text, also where they are written so that programs miss them.

A listed domain stands for all below it; a listed address for all that begins with it. A host is
compared as it looks: in its own script or as `xn--`, with letters of other scripts that look like
those of the listed one, with `[.]` or ` dot ` for its points. A path is compared as servers read
it: `//bad`, `/./%62ad` and `/x/../bad;y` are `/bad`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from rostra.kernel.text.domains import listed_domain
from rostra.kernel.text.marks import MARKS
from rostra.safety.lists.phrases import Hit
from rostra.safety.signals.chars import CHARACTERS
from rostra.safety.signals.trail import Edit, Edited

_POINT: Final = re.compile(
    r"\s?[\[({]\s?(?:\.|dot|punkt|point)\s?[\])}]\s?|\s(?:dot|punkt)\s|[\u3002\uff0e\uff61]",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_HOST: Final = re.compile(rf"[^\W_][\w.{MARKS}-]*(?::\d{{1,5}})?(?:[/\\][^\s<>\"]*)?")
_PORT: Final = re.compile(r":\d{1,5}\Z")
_FEWEST_LABELS: Final = 2
_MOST_LABELS: Final = 12
_LONGEST: Final = 253
_ENDS: Final = ".,;:!?'\")]}>"
_BEHIND_PATH: Final = "/?;#"


class Address(NamedTuple):
    """A host as it looks, and what of a page stands behind it; `/` for nothing."""

    host: str
    path: str


def looks(host: str) -> str:
    """A host as it looks: in its own script, in letters that look like these; empty for none."""
    if not 0 < len(host) <= _LONGEST:
        return ""
    labels = [_label(label) for label in host.rstrip(".").split(".")]
    fine = _FEWEST_LABELS <= len(labels) <= _MOST_LABELS and all(labels)
    return ".".join(labels) if fine and not labels[-1].isdecimal() else ""


def _label(label: str) -> str:
    written = label.lower()
    if written.startswith("xn--"):
        try:
            written = written.removeprefix("xn--").encode().decode("punycode")
        except UnicodeError:
            return written
    return written.translate(CHARACTERS).strip(" .")


def listed(text: str) -> str:
    """An entry as it is compared: `example.com`, or `example.com/bad`; empty for none."""
    given = _POINT.sub(".", text.strip())
    bare = re.sub(r"^h(?:tt|xx|XX)ps?://", "", given, flags=re.IGNORECASE)
    host, slash, path = bare.partition("/")
    domain = listed_domain(_PORT.sub("", host).removeprefix("www."))
    seen = looks(domain) if domain else ""
    path = _path(path.rstrip("/*"))
    return (f"{seen}/{path}" if slash and path else seen) if seen else ""


def _path(written: str) -> str:
    """A path as servers read it, without the slash before it; what is behind a `?` as it is."""
    path, mark, asked = written.partition("#")[0].partition("?")
    parts: list[str] = []
    for part in unquote(path).replace("\\", "/").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts) + mark + unquote(asked)


def _below(path: str, listed: str) -> bool:
    """Whether a path is the listed one, or lies below it."""
    if not path.startswith(listed):
        return False
    behind = path[len(listed) : len(listed) + 1]
    return not behind or behind in _BEHIND_PATH or (behind == "&" and "?" in listed)


class Hosts:
    """All entries of lists of domains.

    Args:
        entries: each as `listed` makes them.
    """

    def __init__(self, entries: Sequence[str]) -> None:
        self._known: dict[str, list[tuple[str, int]]] = {}
        for which, entry in enumerate(entries):
            host, _, path = entry.partition("/")
            self._known.setdefault(host, []).append((_path(path), which))

    def find(self, text: str) -> Iterator[Hit]:
        """Where one of them, or something below it, is written."""
        if not self._known:
            return
        edits = [
            Edit(found.start(), found.end(), "" if _HIDDEN.match(found[0]) else ".", whole=True)
            for found in re.finditer(f"{_POINT.pattern}|{_HIDDEN.pattern}", text, re.IGNORECASE)
        ]
        step = Edited(edits)
        for found in _HOST.finditer(step.apply(text) if edits else text):
            written = found[0].rstrip(_ENDS)
            host, _, path = written.replace("\\", "/").partition("/")
            if "." not in host:
                continue
            start, end = found.start(), found.start() + len(written)
            span = step.back(start, end) if edits else (start, end)
            for which in self._of(_PORT.sub("", host), path):
                yield Hit(which, *span)

    def of_link(self, url: str) -> Iterator[int]:
        """Which of them an address is of."""
        if not self._known:
            return
        try:
            parts = urlsplit(url.replace("\\", "/"))
            host = parts.hostname or ""
        except ValueError:
            return
        query = f"?{parts.query}" if parts.query else ""
        yield from self._of(host, parts.path.removeprefix("/") + query)

    def _of(self, host: str, path: str) -> Iterator[int]:
        seen, read = looks(host), _path(path)
        while "." in seen:
            for listed_path, which in self._known.get(seen, ()):
                if not listed_path or _below(read, listed_path):
                    yield which
            seen = seen.partition(".")[2]
