"""HTML of others to HTML that a page may hold.

nh3 parses as a browser does and writes anew what is allowed. Its work grows with the square
of unclosed tags, and (0.3.x) of characters from U+0080 to U+00BF; so what is long, has many
tags or comes out blown up is kept as its text only. One bad post never stops a page
(CVE-2026-50129).
"""

import re
from html import unescape
from typing import Final

import nh3

from rostra.kernel.text.clean import normalise
from rostra.kernel.text.render import escape

MAX_HTML: Final = 64 * 1024
MAX_TAGS: Final = 2_000
_MAX_GROWTH: Final = 8

_TAGS: Final = {
    *("p", "br", "span", "a", "del", "s", "pre", "blockquote", "code", "b", "strong", "u"),
    *("i", "em", "ul", "ol", "li", "ruby", "rt", "rp"),
}
_PAGE_TAGS: Final = _TAGS | {
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "dl", "dt", "dd", "sub", "sup", "small"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption", "abbr"),
}
# Gone with all that is in them; of anything else that is not allowed the text stays.
_DROPPED: Final = {
    *("script", "style", "svg", "math", "iframe", "object", "embed", "applet", "template"),
    *("noscript", "noembed", "noframes", "title", "textarea", "select", "xmp", "plaintext"),
    *("audio", "video", "canvas", "frameset"),
}
_ATTRIBUTES: Final = {
    "*": {"lang"},
    "a": {"href", "class", "translate"},
    "span": {"class", "translate"},
    "p": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}
_PAGE_ATTRIBUTES: Final = _ATTRIBUTES | {
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "abbr": {"title"},
}
_CLASS = re.compile(r"(?:h|p|u|dt|e)-[\w-]{1,40}|mention|hashtag|ellipsis|invisible|quote-inline")
_LANG = re.compile(r"[A-Za-z0-9-]{1,35}")
_NUMBER = re.compile(r"-?[0-9]{1,4}")
_NUMERIC: Final = frozenset({"start", "value", "colspan", "rowspan"})
_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9A-Fa-f]{8,}+);?")
_MARKUP = re.compile(r"<[^<>]*>?")
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h[1-6]|/tr|/blockquote)\b[^<>]*>?", re.IGNORECASE)
_DROPPED_BODY = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)[^>]*>?", re.IGNORECASE | re.DOTALL)


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(word for word in value.split() if _CLASS.fullmatch(word)) or None
    if name == "translate":
        return value if value == "no" else None
    if name == "lang":
        return value if _LANG.fullmatch(value) else None
    if name in _NUMERIC:
        return value if _NUMBER.fullmatch(value) else None
    return value


_POST: Final = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel="nofollow noopener",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
_PAGE: Final = nh3.Cleaner(
    tags=_PAGE_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_PAGE_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener",
)


def post(html: str) -> str:
    """Return what may stand in a timeline: the elements and classes that Mastodon keeps."""
    return _clean(_POST, html)


def page(html: str) -> str:
    """Return what may stand on a page of the operator: headings, lists and tables as well.

    Links may be relative or `mailto:`.
    """
    return _clean(_PAGE, html)


def plain(html: str) -> str:
    """Return the text of HTML, with its entities read; blocks end in a line feed.

    It can hold anything that text can hold: for display it must be escaped.
    """
    text = _BREAK.sub("\n", _DROPPED_BODY.sub("", html))
    text = _MARKUP.sub("", text)
    # Python refuses to read numbers of thousands of digits, and none this long is a character.
    return normalise(unescape(_NO_CHARACTER.sub("\ufffd", text))).strip()


def _clean(cleaner: nh3.Cleaner, html: str) -> str:
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS:
        return escape(plain(html[:MAX_HTML]))
    safe = cleaner.clean(html)
    if len(safe) > _MAX_GROWTH * len(html) + 1024:
        return escape(plain(html))
    return safe
