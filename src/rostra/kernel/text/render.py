"""Text to HTML, in the form that Mastodon's clients know.

Nothing of the input reaches the output but escaped. Sources: Mastodon 4.x `TextFormatter`,
Rails `simple_format`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from rostra.kernel.text import entities, graphemes
from rostra.kernel.text.clean import one_line
from rostra.kernel.text.entities import Entity, Kind

SHOWN_URL: Final = 30
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
)
_URL_PREFIX = re.compile(r"https?://(?:www\.(?=[^/?#]*\.))?", re.IGNORECASE | re.ASCII)
_HOST_END = re.compile(r"[/?#]|$")
_PARAGRAPHS = re.compile(r"\n{2,}")
_REL: Final = "nofollow noopener"


class Links(NamedTuple):
    """Where the words of a text lead.

    Attributes:
        mentions: address of the profile by handle in lower case (`bob`, `bob@example.org`);
            a handle that is not in it stays text.
        tag_url: makes the address of a tag's page from the tag as written.
    """

    mentions: Mapping[str, str]
    tag_url: Callable[[str], str]


def escape(text: str) -> str:
    """Return text that is safe between tags and inside quoted attributes."""
    return text.translate(_ESCAPES)


def post_html(text: str, links: Links, found: Sequence[Entity] | None = None) -> str:
    """Return the HTML of a post or a biography; an empty text for one of blanks only.

    A blank line ends a paragraph, a line end is a `<br />`. Give normalised text; `found`
    saves finding the entities again.
    """
    if not text.strip():
        return ""
    html = _linked(text, entities.extract(text) if found is None else found, links, _REL)
    paragraphs = _PARAGRAPHS.split(html.strip("\n"))
    return "".join("<p>" + part.replace("\n", "<br />") + "</p>" for part in paragraphs)


def field_html(value: str, links: Links) -> str:
    """Return the HTML of a profile field's value: one line, links marked `rel="me"`."""
    line = one_line(value)
    return _linked(line, entities.extract(line), links, f"{_REL} me")


def excerpt(text: str, limit: int) -> str:
    """Return the first `limit` characters of a text on one line; `…` stands for the rest."""
    line = one_line(text)
    if graphemes.count(line) <= limit:
        return line
    head = graphemes.cut(line, max(0, limit - 1))
    at_word = head.rpartition(" ")[0]
    # Break at a word, unless that loses a third (or the script has no blanks).
    if 3 * len(at_word) >= 2 * len(head):
        head = at_word
    return head.rstrip() + "\u2026"


def _linked(text: str, found: Sequence[Entity], links: Links, rel: str) -> str:
    ambiguous = _ambiguous(found, links.mentions)
    pieces: list[str] = []
    end = 0
    for entity in found:
        if entity.kind is Kind.EMOJI:
            continue
        pieces.append(escape(text[end : entity.start]))
        if entity.kind is Kind.URL:
            pieces.append(_url(entity.value, rel))
        elif entity.kind is Kind.MENTION:
            pieces.append(_mention(entity.value, links.mentions, ambiguous))
        else:
            pieces.append(_hashtag(entity.value, links.tag_url(entity.value)))
        end = entity.end
    pieces.append(escape(text[end:]))
    return "".join(pieces)


def _url(url: str, rel: str) -> str:
    """Hide the scheme and all past 30 characters, but never a part of the host.

    A host cut short could pass for another one (CVE-2023-36462).
    """
    prefix_match = _URL_PREFIX.match(url)
    prefix = prefix_match.group() if prefix_match else ""
    rest = url[len(prefix) :]
    host_end = _HOST_END.search(rest)
    shown_length = max(SHOWN_URL, host_end.start() if host_end else 0)
    shown, hidden = rest[:shown_length], rest[shown_length:]
    style = "ellipsis" if hidden else ""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="{rel}" translate="no">'
        f'<span class="invisible">{escape(prefix)}</span>'
        f'<span class="{style}">{escape(shown)}</span>'
        f'<span class="invisible">{escape(hidden)}</span></a>'
    )


def _mention(handle: str, known: Mapping[str, str], ambiguous: frozenset[str]) -> str:
    url = known.get(handle.lower())
    if url is None:
        return escape("@" + handle)
    name = handle.partition("@")[0]
    shown = handle if name.lower() in ambiguous else name
    return (
        f'<span class="h-card" translate="no"><a href="{escape(url)}" class="u-url mention">'
        f"@<span>{escape(shown)}</span></a></span>"
    )


def _hashtag(tag: str, url: str) -> str:
    return (
        f'<a href="{escape(url)}" class="mention hashtag" rel="tag">#<span>{escape(tag)}</span></a>'
    )


def _ambiguous(found: Sequence[Entity], known: Mapping[str, str]) -> frozenset[str]:
    """Names that lead to more than one profile in this text; they show their domains."""
    targets: dict[str, set[str]] = {}
    for entity in found:
        if entity.kind is Kind.MENTION:
            handle = entity.value.lower()
            if handle in known:
                targets.setdefault(handle.partition("@")[0], set()).add(known[handle])
    return frozenset(name for name, urls in targets.items() if len(urls) > 1)
