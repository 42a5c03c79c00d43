"""The text of an HTML letter, and every address in its attributes, in time that grows with it.

Inline elements leave no trace, so an address that is cut up by them comes together again; blocks
end a line. What is hidden from view is read as well: nothing that is written gets lost.
"""

import re
from html import unescape
from typing import Final

_BLOCKS: Final = frozenset(
    {
        *("p", "div", "br", "hr", "tr", "li", "ul", "ol", "table", "blockquote", "h1", "h2"),
        *(
            "h3",
            "h4",
            "h5",
            "h6",
            "pre",
            "section",
            "article",
            "header",
            "footer",
            "title",
            "dl",
            "dt",
            "dd",
            "form",
        ),
    }
)
_CELLS: Final = frozenset({"td", "th"})
_SKIPPED: Final = frozenset({"script", "style"})
_LONGEST_TAG: Final = 16_384
_ATTRIBUTE = re.compile(
    r"\b(href|src|action|content|cite|alt|title|data-[a-z-]{1,40})\s{0,8}=\s{0,8}"
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))",
    re.IGNORECASE,
)
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)")
_NUMBER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9A-Fa-f]{8,}+);?")


def text_of(html: str) -> str:
    """The text, with addresses of links in angle brackets behind the beginning of the link."""
    return "".join(_Walk(html).pieces())


class _Finds:
    """Where a sign comes next; asked with offsets that only grow, it reads a text once."""

    def __init__(self, text: str, sign: str) -> None:
        self._text, self._sign = text, sign
        self._next = -2

    def after(self, offset: int) -> int:
        """The first place at or behind the offset, -1 if there is none."""
        if self._next != -1 and self._next < offset:
            self._next = self._text.find(self._sign, offset)
        return self._next


class _Walk:
    def __init__(self, html: str) -> None:
        self._html = html
        lower = html.translate(_LOWER)
        self._ends = _Finds(html, ">")
        self._comment_ends = _Finds(html, "-->")
        self._closings = {word: _Finds(lower, f"</{word}") for word in _SKIPPED}
        self._out: list[str] = []

    def pieces(self) -> list[str]:
        html, at = self._html, 0
        while (start := html.find("<", at)) >= 0:
            self._text(html[at:start])
            after = self._tag(start)
            if after < 0:
                self._out.append("<")
            at = after if after >= 0 else start + 1
        self._text(html[at:])
        return self._out

    def _text(self, piece: str) -> None:
        if piece:
            self._out.append(unescape(_NUMBER.sub(" ", piece)) if "&" in piece else piece)

    def _tag(self, start: int) -> int:
        """Take the tag that begins here; where reading goes on, -1 if this is no tag."""
        html = self._html
        if html.startswith("<!--", start) and (closed := self._comment_ends.after(start + 4)) >= 0:
            return closed + 3
        name = _NAME.match(html, start + 1)
        end = self._ends.after(start)
        if end < 0:
            return -1
        if name is None:
            return end + 1 if html[start + 1 : start + 2] in {"!", "?", "/"} else -1
        word = name[1].lower()
        if end - start > _LONGEST_TAG:
            self._text(f" {html[start:end]} ")
            return end + 1
        if word in _SKIPPED and html[start + 1] != "/":
            closing = self._closings[word].after(end)
            if closing >= 0:
                closed = self._ends.after(closing)
                return closed + 1 if closed >= 0 else len(html)
        self._mark(word, html[start:end])
        return end + 1

    def _mark(self, word: str, tag: str) -> None:
        if word in _BLOCKS:
            self._out.append("\n")
        elif word in _CELLS:
            self._out.append("\t")
        for found in _ATTRIBUTE.finditer(tag):
            value = unescape(_NUMBER.sub(" ", found[2] or found[3] or found[4] or "")).strip()
            if "/" in value or "@" in value or "." in value:
                self._out.append(f" <{value}> ")


_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
