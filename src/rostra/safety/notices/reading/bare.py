"""Names and ids without our host: taken where the letter says what they are.

A number of 19 digits alone, or an `@name`, is anything. It is ours where the line, the head of its
column or the line above its list says post, account or the like.
"""

import re
from collections.abc import Iterator
from typing import Final

from rostra.safety.notices.reading.model import Kind
from rostra.safety.notices.reading.scan import Hit, plausible
from rostra.safety.notices.reading.targets import Target

_BARE = re.compile(
    r"(?<![\w./@#=&?%\\-])(?:@(?P<name>[A-Za-z0-9_]{1,30})(?![\w@])(?!\.\w)"
    r"|(?P<id>\d{19})(?![\w%@/])(?!-\w|\.\d))"
)
_POST_WORDS = re.compile(
    r"\b(?:posts?|post[ _-]?ids?|status(?:es|[ _-]?ids?)?|toots?|beitr(?:ag|\u00e4ge)s?(?:-?ids?)?"
    r"|publicaci(?:\u00f3n|ones)|publications?|contenus?|mensajes?|message[ _-]?ids?"
    r"|content[ _-]?ids?)\b",
    re.IGNORECASE,
)
_ACCOUNT_WORDS = re.compile(
    r"\b(?:users?|user ?names?|accounts?|handles?|profiles?|members?|posters?|nutzer(?:in)?|nutzern"
    r"|benutzer(?:in|konto|konten|name)?|nutzerkont(?:o|en)|kont(?:o|en)|profile?n?|mitglied(?:er)?"
    r"|comptes?|utilisat(?:eur|rice)s?|profils?|usuari[oa]s?|cuentas?|perfil(?:es)?|called|named"
    r"|namens|nomm\u00e9e?|llamad[oa])\b",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\b(?:ticket|case|ref(?:erence|erenz|\.)?|fall|vorgang|aktenzeichen|dossier|expediente|invoice"
    r"|order|tracking|phone|tel|fax|twitter|facebook|instagram|linkedin|follow us|folgen sie"
    r"|suivez|s\u00edguenos|rechnung|kunden-?nr|customer|client)\b",
    re.IGNORECASE,
)
MAX_JUDGED: Final = 100_000  # names and numbers of one text
OVER: Final = Hit(-1, -1, Target(Kind.PAGE), "over")  # said in place of what is over the limit
_WINDOW: Final = 160
_FAR: Final = 400
_PROSE = re.compile(r"[^\W\d_]{4,}.{1,60}[^\W\d_]{4,}.{1,60}[^\W\d_]{4,}")
_LIST_GAP: Final = 3  # lines between two of one list


def bare_hits(text: str, taken: list[tuple[int, int]], received_at: int) -> Iterator[Hit]:
    """Ids and names that stand alone in a folded text, outside of the spans that are taken."""
    spans = iter(taken)
    span = next(spans, None)
    run = _Run(text)
    judged = 0
    for found in _BARE.finditer(text):
        while span is not None and span[1] <= found.start():
            span = next(spans, None)
        if span is not None and span[0] <= found.start():
            continue
        judged += 1
        if judged > MAX_JUDGED:
            yield OVER
            return
        hit = _judge(found, run, received_at)
        if hit is not None:
            yield hit


class _Run:
    """The list that a text is in the middle of, if it is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._upto: dict[Kind, int] = {}

    def goes_on(self, start: int, kind: Kind) -> bool:
        """Whether what begins here continues a list of the same kind."""
        upto = self._upto.get(kind)
        if upto is None or start - upto >= _FAR:
            return False
        between = self.text[upto:start]
        return between.count("\n") <= _LIST_GAP and not _PROSE.search(between)

    def took(self, end: int, kind: Kind) -> None:
        """One of the kind was taken, that ends here."""
        self._upto[kind] = end


def _judge(found: re.Match[str], run: _Run, received_at: int) -> Hit | None:
    kind = Kind.POST if found["id"] else Kind.ACCOUNT
    if kind is Kind.POST and not plausible(int(found["id"]), received_at):
        return None
    words = _POST_WORDS if kind is Kind.POST else _ACCOUNT_WORDS
    start, end = found.span()
    said = _label(run.text, start, words)
    if not (said or (said is None and run.goes_on(start, kind))):
        return None
    run.took(end, kind)
    if kind is Kind.POST:
        return Hit(start, end, Target(kind, id=int(found["id"])), "bare")
    return Hit(start, end, Target(kind, acct=found["name"].lower()), "bare")


def _label(text: str, start: int, words: re.Pattern[str]) -> bool | None:
    """True: what stands before says so; False: it says something else; None: nothing is said."""
    before = text[max(0, start - _WINDOW) : start]
    line_start = before.rfind("\n") + 1
    line = before[line_start:]
    near = line[-48:]
    if _NO_SUBJECT.search(near):
        return False
    if words.search(near):
        return True
    head = _head(before[:line_start].rstrip()) if not re.search(r"[^\W\d_]{3,}", line) else ""
    return True if head and words.search(head) and not _NO_SUBJECT.search(head) else None


def _head(above: str) -> str:
    """The last line above, if it introduces what follows: it ends in a colon, or heads a table."""
    line = above[above.rfind("\n") + 1 :].strip("> ")
    return line if line.endswith(":") or any(sign in line for sign in ",;|\t") else ""
