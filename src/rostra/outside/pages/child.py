"""The process that reads one page: `python -I -m rostra.outside.pages.child MEGABYTES SECONDS`.

HTML comes on standard input, a `Page` as JSON goes to standard output. The parser is a library in
C, and nesting can make any real parser slow: both are why this is a process of its own, which the
kernel ends when it asks for too much.
"""

import os
import resource
import sys
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

from rostra.outside.limits import lower
from rostra.outside.pages.model import LONGEST, MOST_BYTES, Page

_NICE = 10
_MOST_METAS = 200
_MOST_SCRIPTS = 10
_OEMBED = 'link[rel="alternate"][type="application/json+oembed"]'
_ARTICLES = frozenset(
    {"article", "newsarticle", "blogposting", "reportagenewsarticle", "webpage", "videoobject"}
)


def main() -> None:
    """Read one page and say what was found."""
    os.nice(_NICE)
    lower(resource.RLIMIT_AS, int(sys.argv[1]) << 20)
    lower(resource.RLIMIT_CPU, int(sys.argv[2]))
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_NOFILE, 16)
    html = sys.stdin.buffer.read(MOST_BYTES * 4)
    sys.stdout.buffer.write(msgspec.json.encode(read(html.decode("utf-8", "replace"))))


def read(html: str) -> Page:
    """What a page says of itself."""
    tree = LexborHTMLParser(html)
    metas: dict[str, str] = {}
    for node in tree.css("meta")[:_MOST_METAS]:
        given = node.attributes
        name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
        value = given.get("content") or ""
        if name and value:
            metas.setdefault(name[:100], value[:LONGEST])
    title, root = tree.css_first("title"), tree.css_first("html")
    link = tree.css_first(_OEMBED)
    return Page(
        title=title.text()[:LONGEST] if title else "",
        language=((root.attributes.get("lang") or "") if root else "")[:35],
        metas=metas,
        oembed=((link.attributes.get("href") or "") if link else "")[:LONGEST],
        article=_article(tree),
    )


def _article(tree: LexborHTMLParser) -> dict[str, str]:
    for node in tree.css('script[type="application/ld+json"]')[:_MOST_SCRIPTS]:
        try:
            told = msgspec.json.decode(node.text().strip().encode("utf-8", "replace"))
        except (msgspec.DecodeError, RecursionError):
            continue
        for each in _things(told):
            return _known(each)
    return {}


def _things(told: Any) -> list[dict[str, Any]]:
    """The articles in a document of JSON-LD: alone, in a list, or in a graph."""
    listed = told.get("@graph", [told]) if isinstance(told, dict) else told
    found = listed[:50] if isinstance(listed, list) else []
    return [each for each in found if isinstance(each, dict) and _is_article(each.get("@type"))]


def _is_article(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(each, str) and each.lower() in _ARTICLES for each in kinds)


def _known(thing: dict[str, Any]) -> dict[str, str]:
    found = {
        "headline": _text(thing.get("headline") or thing.get("name")),
        "description": _text(thing.get("description")),
        "author": _text(thing.get("author"), "name"),
        "publisher": _text(thing.get("publisher"), "name"),
        "published": _text(thing.get("datePublished")),
        "image": _text(thing.get("image") or thing.get("thumbnailUrl"), "url"),
    }
    return {name: value for name, value in found.items() if value}


def _text(value: Any, inside: str = "") -> str:
    """A text, the first of several, or a property of the thing that stands for it."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if inside and isinstance(value, dict):
        value = value.get(inside)
    return value[:LONGEST] if isinstance(value, str) else ""


if __name__ == "__main__":
    main()
