"""HTML of a post elsewhere to the text that somebody may have written.

Links whose words do not show where they lead get their address behind them, and a name gets the
place that it belongs to: `@ann` elsewhere is nobody of that name here.
"""

import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from rostra.kernel.text.sanitise import MAX_HTML, plain

_PARAGRAPHS = re.compile(r"</(?:p|div|blockquote|ul|ol|pre)>\s*(?=<)", re.IGNORECASE)
# No link is in another: what has no end is looked at up to the next one.
_LINK = re.compile(r"<a\b([^<>]{0,4000})>((?:(?!</?a\b).){0,4000}+)</a>", re.IGNORECASE | re.DOTALL)
_GAP = re.compile(r"\n{3,}")
_HREF = re.compile(r"\bhref=(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_NAME: Final = re.compile(r"@\w[\w.-]{0,100}")


def as_written(html: str) -> str:
    """Return the text of a post's HTML: paragraphs with an empty line between them.

    It can hold anything that text can hold. What is longer than a page may be is cut: it is far too
    long for a post.
    """
    text = _LINK.sub(_link, html[:MAX_HTML])
    return _GAP.sub("\n\n", plain(_PARAGRAPHS.sub("</p><br>", text)))


def _link(found: re.Match[str]) -> str:
    """The words of a link, with what they do not tell of where it leads."""
    words = plain(found[2])
    named = _HREF.search(found[1])
    href = unescape(named[1] or named[2] or "") if named else ""
    host = _host(href)
    if not host or words.startswith("#"):
        return found[2]
    if _NAME.fullmatch(words):
        return f"{_escaped(words)}@{_escaped(host)}"
    shown = words.removeprefix("https://").removeprefix("http://").rstrip("/…")
    if shown and shown in href:
        return _escaped(href)
    return f"{_escaped(words)} ({_escaped(href)})"


def _host(href: str) -> str:
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} else ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
