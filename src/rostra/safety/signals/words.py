"""What is done to whole words: put together, turned round, and read with letters for digits.

Every function answers the edits that it would make, in order. All of them take time that grows
with the length of the text and no faster.
"""

import re
from itertools import pairwise
from typing import Final

from rostra.safety.signals.contractions import contracted_to, contraction
from rostra.safety.signals.leet import (
    alone,
    is_word,
    signs_inside,
    unmasked,
    unrepeated,
    with_signs,
    without_digits,
)
from rostra.safety.signals.lexicon import (
    COMMON,
    CONTRACTED,
    KNOWN,
    LOADED,
    LONGEST,
    PAIRS,
    is_joinable,
    mirror_of,
)
from rostra.safety.signals.runs import boundaries, spaced
from rostra.safety.signals.trail import Edit

SHIELD: Final = "\ue000"
"""Stands for a link or a name while words are read."""

_SHIELDS: Final = re.compile(f"{SHIELD}+")
_CHUNK: Final = re.compile(r"[^ \n]+")
_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LINE: Final = re.compile(r"[^\n]+")

_DOT_INSIDE: Final = re.compile(r"\.\w")
_ADDRESS: Final = re.compile(
    r"@\w|[\w.+-]{1,64}@[\w-]{1,63}\.[\w-]"
    r"|(?:[\w-]{1,63}\.){1,4}(?:com|org|net|edu|gov|info|io|app|dev|social)(?![\w.-])"
    r"|(?:[\w-]{1,63}\.){1,4}[a-z]{2,10}/"
)
_FOR_BLANK: Final = re.compile(r"(?<=[^\W_])[._](?=[^\W_])|(?<=[,;:!?\"')])_|_(?=[(\"'])")
_ENDS: Final = ".,;:!?\"'()[]{}<>*_~#\u2026"
_CLITICS: Final = frozenset(("ll", "re", "s", "t", "m", "d", "ve"))

# Where points stand in a line: before its words if all of it is written backwards.
_BEFORE: Final = re.compile(r"(?<![^\s])[.,!?;:](?=[^\W_])")
_BEHIND: Final = re.compile(r"(?<=[^\W_])[.,!?;:](?![^\s])")

_SHORTEST_MIRRORED: Final = 4
_SHORTEST_RUN_TOGETHER: Final = 8
_TWO: Final = 2
_MANY: Final = 5  # words that don't follow each other by chance
_SHORTEST_TOGETHER: Final = 6  # of what stands in a sentence without blanks
_SHORTEST_SENTENCE: Final = 20
_NUMBER: Final = re.compile(r"(\d+)")
_FEWEST_MIRRORED: Final = 2
_FEWEST_BLANKS: Final = 2
_FEWEST_READ: Final = 2
_READ_SHARE: Final = 3  # of this many words one must be written with signs
_SHORTEST_WORD: Final = 3
_HALF: Final = 2  # of this many words one must be known backwards


def shielded(text: str) -> tuple[str, list[str]]:
    """The text with links and names under signs, as long as they are, and what they are."""
    if "@" not in text and "://" not in text and not _DOT_INSIDE.search(text):
        return text, []
    kept: list[str] = []

    def cover(chunk: re.Match[str]) -> str:
        written = chunk[0]
        if "://" not in written and (not _ADDRESS.match(written) or is_word(written)):
            return written
        kept.append(written)
        return SHIELD * len(written)

    return _CHUNK.sub(cover, text), kept


def unshielded(text: str, kept: list[str]) -> str:
    """The text with what `shielded` took away; it is in the same order still."""
    rest = iter(kept)
    return _SHIELDS.sub(lambda _: next(rest), text) if kept else text


def mirrored(text: str) -> list[Edit]:
    """Lines that are written backwards, or whose words are."""
    edits: list[Edit] = []
    if sum(map(bool, map(mirror_of, _LETTERS.findall(text)))) < _FEWEST_MIRRORED:
        return edits
    for line in _LINE.finditer(text):
        words = [word for word in _LETTERS.findall(line[0]) if len(word) >= _SHORTEST_WORD]
        turned = sum(map(bool, map(mirror_of, words)))
        known = sum(word in KNOWN for word in words)
        if turned < _FEWEST_MIRRORED or turned <= known or turned * _HALF < len(words):
            continue
        back = [word[::-1] for word in words]
        whole = _pairs(back[::-1]) + len(_BEFORE.findall(line[0]))
        if SHIELD not in line[0] and whole >= _pairs(back) + len(_BEHIND.findall(line[0])):
            edits.append(Edit(line.start(), line.end(), line[0][::-1], mirrored=True))
        else:
            edits += [
                Edit(found.start(), found.end(), found[0][::-1], mirrored=True)
                for found in _LETTERS.finditer(text, line.start(), line.end())
                if found[0] != found[0][::-1]
            ]
    return edits


def _pairs(words: list[str]) -> int:
    return sum(f"{one} {two}" in PAIRS for one, two in pairwise(words))


def signs(text: str) -> list[Edit]:
    """Words that are known once their signs, stars and digits are read as letters."""
    edits: list[Edit] = []
    for line in _LINE.finditer(text):
        chunks = list(_CHUNK.finditer(text, line.start(), line.end()))
        found = {at: read for at, chunk in enumerate(chunks) if (read := _as_word(chunk[0]))}
        if len(found) >= _FEWEST_READ and len(found) * _READ_SHARE >= len(chunks):
            found |= {
                at: read
                for at, chunk in enumerate(chunks)
                if at not in found and chunk[0] not in KNOWN and (read := alone(chunk[0]))
            }
        for at in sorted(found):
            edits += _moved(found[at], chunks[at].start())
    return edits


def _as_word(chunk: str) -> list[Edit]:
    if chunk in KNOWN or chunk[0] == SHIELD:
        return []
    if chunk.isalpha():
        word = unrepeated(chunk)
        return [Edit(0, len(chunk), word, whole=True)] if word != chunk and word in KNOWN else []
    found = contraction(chunk) or unmasked(chunk) or with_signs(chunk)
    if found:
        return found
    pieces = list(_WORD.finditer(chunk))
    if len(pieces) != 1 or pieces[0][0].isalpha():
        return []
    plain = without_digits(pieces[0][0])
    return [Edit(*pieces[0].span(), plain, whole=True)] if plain in KNOWN else []


def _moved(edits: list[Edit], by: int) -> list[Edit]:
    return [edit._replace(start=by + edit.start, end=by + edit.end) for edit in edits]


def chunks(text: str) -> list[Edit]:
    """What stands between two blanks: punctuation in a word, hidden letters, words run together."""
    edits: list[Edit] = []
    for chunk in _CHUNK.finditer(text):
        written = chunk[0]
        if written in KNOWN or written[0] == SHIELD:
            continue
        if not written.isalpha():
            found = signs_inside(written) or _in_pieces(written)
            if found:
                edits += _moved(found, chunk.start())
                continue
        together = _together(written)
        for word in _WORD.finditer(text, chunk.start(), chunk.end()):
            if word[0] not in KNOWN and (new := _said(text, word, together=together)) != word[0]:
                kept = all(a == b or not b.isalpha() for a, b in zip(new, word[0], strict=False))
                edits.append(Edit(word.start(), word.end(), new, whole=not kept))
    return edits


def _together(chunk: str) -> bool:
    """Whether so long a row of signs and strange letters is a sentence without its blanks."""
    if len(chunk) < _SHORTEST_SENTENCE or chunk.strip(_ENDS).isalpha():
        return False
    strange = sum(len(word) for word in _LETTERS.findall(chunk) if word not in KNOWN)
    return strange * _HALF >= len(chunk)


def _said(text: str, word: re.Match[str], *, together: bool) -> str:
    """What one word reads as, where it stands: behind an apostrophe it may begin with its end."""
    start, written = word.start(), word[0]
    if start and text[start - 1] == "'":
        end = contracted_to(text, start - 1)
        rest = text[end : word.end()] if end else ""
        if rest:
            return f"{text[start:end]} {rest if rest in KNOWN else _read(rest, together=together)}"
    return _read(written, together=together)


def _in_pieces(chunk: str) -> list[Edit]:
    """`mur-der`, `i.will.kill`: punctuation in a word, or in the place of a blank."""
    pieces = list(_WORD.finditer(chunk))
    if len(pieces) < 2:  # noqa: PLR2004 (a piece is not in pieces)
        return []
    start, end = pieces[0].start(), pieces[-1].end()
    words = [piece[0] for piece in pieces]
    if "'" in chunk[start:end] and words[-1] in _CLITICS:
        return []
    gaps = [(one.end(), two.start()) for one, two in pairwise(pieces)]
    known = all(word in KNOWN for word in words)
    joined = "".join(words)
    if not known or (len(words) == 2 and chunk[gaps[0][0] : gaps[0][1]] == "-"):  # noqa: PLR2004 (one hyphen)
        read = joined if joined in KNOWN or known else _read(joined)
        if len(read) < _SHORTEST_WORD or read not in KNOWN:
            pass
        elif read == joined:
            return [Edit(here, there, "") for here, there in gaps]
        else:
            return [Edit(start, end, read, whole=True)]
    return _set_apart(chunk, words)


def _set_apart(chunk: str, words: list[str]) -> list[Edit]:
    """`i_will.kill.you`: points and lines for blanks, between words most of which are known."""
    found = list(_FOR_BLANK.finditer(chunk))
    if len(found) < _FEWEST_BLANKS or sum(word in KNOWN for word in words) * 2 <= len(words):
        return []
    return [Edit(each.start(), each.end(), " ") for each in found]


def _read(word: str, *, together: bool = False) -> str:
    """One unknown word of letters and digits, without digits for letters and repeated letters.

    Args:
        word: what is read.
        together: it belongs to a sentence without blanks.
    """
    if word.isalpha():
        plain = word
    else:
        plain = without_digits(word)
        if not plain.isalpha():
            return _around_numbers(word) if together else plain
    if plain not in KNOWN:
        plain = unrepeated(plain)
    if plain in KNOWN:
        return plain
    if len(plain) >= _SHORTEST_MIRRORED and mirror_of(plain) in LOADED:
        return mirror_of(plain)
    if together:
        return _apart(plain)
    if len(plain) >= _SHORTEST_RUN_TOGETHER:
        return spaced(plain, boundaries(plain))
    return plain


def _apart(part: str) -> str:
    """A part of a sentence without blanks with blanks, where it is made of words."""
    if len(part) < _SHORTEST_TOGETHER:
        return part
    read = spaced(part, boundaries(part, apart=True))
    found = read.split(" ")
    if len(found) == _TWO and any(word not in COMMON and word not in LOADED for word in found):
        return part if min(map(len, found)) < _SHORTEST_WORD else read
    broken = any(len(word) < _SHORTEST_WORD and word not in KNOWN for word in found)
    return part if broken and len(found) < _MANY else read


def _around_numbers(word: str) -> str:
    """`inyear11hit`: the words before, between and behind the numbers, with blanks between."""
    parts = [part for part in _NUMBER.split(word) if part]
    return " ".join(part if part in KNOWN or not part.isalpha() else _apart(part) for part in parts)


def split_words(text: str) -> list[Edit]:
    """`ki ll`: two or three pieces that are a known word together and not all words alone."""
    edits: list[Edit] = []
    words = list(_LETTERS.finditer(text))
    strange = [word[0] not in KNOWN for word in words]
    if not any(strange):
        return edits
    at = 0
    while at < len(words) - 1:
        count = _pieces(text, words, at) if any(strange[at : at + 3]) else 0
        run = words[at : at + count]
        edits += [Edit(one.end(), two.start(), "") for one, two in pairwise(run)]
        at += max(1, count)
    return edits


def _pieces(text: str, words: list[re.Match[str]], at: int) -> int:
    """How many pieces from here on are one word; 0 for none."""
    joined = words[at][0]
    if joined in _CLITICS and text[words[at].start() - 1 : words[at].start()] == "'":
        return 0
    strange = joined not in KNOWN
    for index in (at + 1, at + 2):
        if index >= len(words) or len(joined) > LONGEST:
            return 0
        before, word = words[index - 1], words[index]
        if word.start() - before.end() != 1 or text[before.end()] != " ":
            return 0
        joined += word[0]
        strange = strange or word[0] not in KNOWN
        if strange and (is_joinable(joined) or _contracted(text, joined, word.end())):
            return index - at + 1
    return 0


def _contracted(text: str, joined: str, end: int) -> bool:
    """Whether a word that is put together is the beginning of a contraction."""
    return text[end : end + 1] == "'" and any(
        f"{joined}{text[end:behind]}" in CONTRACTED for behind in (end + 2, end + 3)
    )


def blanks(text: str) -> list[Edit]:
    """Rows of blanks as one; none at the ends."""
    edits: list[Edit] = []
    for found in re.finditer(r"[ \n]{2,}|^[ \n]|[ \n]\Z", text):
        if not found.start() or found.end() == len(text):
            edits.append(Edit(found.start(), found.end(), ""))
        else:
            edits.append(Edit(found.start(), found.end(), "\n" if "\n" in found[0] else " "))
    return edits
