"""What is done to whole words: put together, turned round, and read with letters for digits.

Every function answers the edits that it would make, in order. All of them take time that grows
with the length of the text and no faster.
"""

import re
from itertools import pairwise
from typing import Final

from rostra.safety.signals.lexicon import (
    JOINABLE,
    KNOWN,
    LOADED,
    LONGEST,
    MASKED,
    MIRRORED,
    PAIRS,
    PARTS,
    SQUEEZED,
    squeezed,
)
from rostra.safety.signals.trail import Edit

SHIELD: Final = "\ue000"
"""Stands for a link or a name while words are read."""

_SHIELDS: Final = re.compile(f"{SHIELD}+")
_CHUNK: Final = re.compile(r"[^ \n]+")
_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LINE: Final = re.compile(r"[^\n]+")

# Not what belongs to a letter: vowels of many scripts are marks, and no part of a word to `re`.
_SIGN: Final = (
    r"[!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u205e\u2190-\u2bff\u3001-\u303f\U0001f000-\U0001faff]"
)
_BETWEEN: Final = rf"(?: {_SIGN} |{_SIGN}| )"
_SINGLES: Final = re.compile(rf"(?<![^\W_])[^\W_](?:{_BETWEEN}[^\W_](?![^\W_])){{2,}}")

_DOT_INSIDE: Final = re.compile(r"\.\w")
_ADDRESS: Final = re.compile(
    r"@\w|[\w.+-]{1,64}@[\w-]{1,63}\.[\w-]"
    r"|(?:[\w-]{1,63}\.){1,4}(?:com|org|net|edu|gov|info|io|app|dev|social)(?![\w.-])"
    r"|(?:[\w-]{1,63}\.){1,4}[a-z]{2,10}/"
)

_SIGNS: Final = "@$!|+"
_AS_I: Final = str.maketrans("0134578@$!|+", "oieastbasilt")
_AS_L: Final = str.maketrans("0134578@$!|+", "oleastbaslit")
_HAS_SIGN: Final = re.compile(r"[@$!|+]")
_EDGES: Final = ".,;:!?\"'()[]{}<>*_~-#\u2026\u00bf\u00a1\u00ab\u00bb\u201c\u201d\u201e"
_CLITICS: Final = frozenset(("ll", "re", "s", "t", "m", "d", "ve"))

_THRICE: Final = re.compile(r"([^\W\d_])\1{2,}")
_TWICE: Final = re.compile(r"(?:(.)\1)+")
_LONE_DIGIT: Final = re.compile(r"(?<=[^\W\d_])[0134578](?=[^\W\d_])")
_MASK: Final = re.compile(r"[^\W\d_]+(?:[*#.\-_\u00b7\u2022]+[^\W\d_]+)+")
_ANY_MASK: Final = re.compile(r"[#.\-_\u00b7\u2022]")

_SHORTEST_MASKED: Final = 4
_SHORTEST_MIRRORED: Final = 4
_SHORTEST_RUN_TOGETHER: Final = 8
_LONGEST_RUN_TOGETHER: Final = 400
_LETTERS_A_DIGIT: Final = 3
_FEWEST_MIRRORED: Final = 2
_LONGEST_JOINED: Final = 2_000
_SHARE: Final = 3  # of this many words one must be known backwards


def shielded(text: str) -> tuple[str, list[str]]:
    """The text with links and names under signs, as long as they are, and what they are."""
    if "@" not in text and "://" not in text and not _DOT_INSIDE.search(text):
        return text, []
    kept: list[str] = []

    def cover(chunk: re.Match[str]) -> str:
        if "://" not in chunk[0] and not _ADDRESS.match(chunk[0]):
            return chunk[0]
        kept.append(chunk[0])
        return SHIELD * len(chunk[0])

    return _CHUNK.sub(cover, text), kept


def unshielded(text: str, kept: list[str]) -> str:
    """The text with what `shielded` took away; it is in the same order still."""
    rest = iter(kept)
    return _SHIELDS.sub(lambda _: next(rest), text) if kept else text


def mirrored(text: str) -> list[Edit]:
    """Lines that are written backwards, or whose words are."""
    edits: list[Edit] = []
    if sum(map(MIRRORED.__contains__, _LETTERS.findall(text))) < _FEWEST_MIRRORED:
        return edits
    for line in _LINE.finditer(text):
        words = _LETTERS.findall(line[0])
        turned = sum(word in MIRRORED for word in words)
        known = sum(word in KNOWN for word in words)
        if turned < _FEWEST_MIRRORED or turned <= known or turned * _SHARE < len(words):
            continue
        back = [word[::-1] for word in words]
        if SHIELD not in line[0] and _pairs(back[::-1]) >= _pairs(back):
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


def letter_by_letter(text: str) -> list[Edit]:
    """Words whose letters stand apart: `k i l l`, `k.i.l.l`; several of them are told apart."""
    edits: list[Edit] = []
    for run in _SINGLES.finditer(text):
        places = [found.start() for found in _WORD.finditer(text, run.start(), run.end())]
        joined = "".join(text[at] for at in places)
        if sum(char.isalpha() for char in joined) < _FEWEST_MIRRORED:
            continue
        spaces = _boundaries(_as_letters(joined))
        for index, (here, there) in enumerate(pairwise(places), 1):
            edits.append(Edit(here + 1, there, " " if index in spaces else ""))
    return edits


def _as_letters(word: str) -> str:
    return word.translate(_AS_I) if any(char.isdigit() for char in word) else word


def _boundaries(joined: str) -> frozenset[int]:
    """Where known words end in a row of letters that is nothing else; fewest words win."""
    if len(joined) > _LONGEST_JOINED:
        return frozenset()
    best: list[tuple[int, int] | None] = [(0, 0), *([None] * len(joined))]
    for end in range(1, len(joined) + 1):
        for start in range(max(0, end - LONGEST), end):
            before = best[start]
            if before is None or joined[start:end] not in KNOWN:
                continue
            ours = (before[0] + 1, start)
            known = best[end]
            if known is None or ours[0] < known[0]:
                best[end] = ours
    found: set[int] = set()
    at = len(joined)
    while (step := best[at]) and at:
        at = step[1]
        found.add(at)
    return frozenset(found - {0}) if not at else frozenset()


def chunks(text: str) -> list[Edit]:
    """What stands between two blanks: signs for letters, punctuation in a word, hidden letters."""
    edits: list[Edit] = []
    for chunk in _CHUNK.finditer(text):
        written = chunk[0]
        if written in KNOWN or written[0] == SHIELD:
            continue
        if not written.isalpha():
            found = _with_signs(written) or _in_pieces(written)
            if found:
                start = chunk.start()
                edits += [
                    edit._replace(start=start + edit.start, end=start + edit.end) for edit in found
                ]
                continue
        for word in _WORD.finditer(text, chunk.start(), chunk.end()):
            if word[0] not in KNOWN and (new := _read(word[0])) != word[0]:
                kept = all(a == b or not b.isalpha() for a, b in zip(new, word[0], strict=False))
                edits.append(Edit(word.start(), word.end(), new, whole=not kept))
    return edits


def _with_signs(chunk: str) -> list[Edit]:
    """`k!ll`, `a$$`: a sign for a letter, where a known word comes out."""
    if not _HAS_SIGN.search(chunk):
        return []
    right, left = chunk.rstrip(_EDGES), chunk.lstrip(_EDGES)
    for core in (right.lstrip(_EDGES), right, left, chunk):
        if not _HAS_SIGN.search(core) or sum(char.isalpha() for char in core) < 1:
            continue
        start = chunk.index(core)
        for table in (_AS_I, _AS_L):
            word = core.translate(table)
            word = word if word in KNOWN else _squeezed(word)
            if word in KNOWN:
                return [Edit(start, start + len(core), word)]
    inner = re.sub(r"(?<=[^\W\d_])[@$!|+](?=[^\W\d_])", _sign, chunk)
    return [] if inner == chunk else [Edit(0, len(chunk), inner)]


def _sign(found: re.Match[str]) -> str:
    return found[0].translate(_AS_I)


def _in_pieces(chunk: str) -> list[Edit]:
    """`mur-der`, `k*ll`: punctuation in a word, or in the place of a letter."""
    pieces = list(_WORD.finditer(chunk))
    if len(pieces) < 2:  # noqa: PLR2004 (a piece is not in pieces)
        return []
    start, end = pieces[0].start(), pieces[-1].end()
    words = [piece[0] for piece in pieces]
    if "'" in chunk[start:end] and words[-1] in _CLITICS:
        return []
    joined = "".join(words)
    if not all(word in KNOWN for word in words):
        read = joined if joined in KNOWN else _read(joined)
        if read in KNOWN:
            gaps = pairwise(pieces)
            if read == joined:
                return [Edit(one.end(), two.start(), "") for one, two in gaps]
            return [Edit(start, end, read, whole=True)]
    core = chunk[start:end]
    if _MASK.fullmatch(core) and ("*" in core or len(core) >= _SHORTEST_MASKED):
        word = MASKED.get(_ANY_MASK.sub("*", core))
        if word:
            return [Edit(start, end, word)]
    return []


def _read(word: str) -> str:
    """One unknown word of letters and digits, without digits for letters and repeated letters."""
    if word.isalpha():
        plain = word
    else:
        plain = _digits(word)
        if not plain.isalpha():
            return plain
    if plain not in KNOWN:
        plain = _squeezed(plain)
    if plain in KNOWN:
        return plain
    if len(plain) >= _SHORTEST_MIRRORED and MIRRORED.get(plain) in LOADED:
        return MIRRORED[plain]
    if _SHORTEST_RUN_TOGETHER <= len(plain) <= _LONGEST_RUN_TOGETHER:
        ends = sorted(_boundaries(plain))
        if ends:
            cuts = [0, *ends, len(plain)]
            return " ".join(plain[a:b] for a, b in pairwise(cuts))
    return plain


def _digits(word: str) -> str:
    """`h4te` is a word; `2024`, `b4` and `4th` are what they are."""
    letters = sum(char.isalpha() for char in word)
    if letters < _FEWEST_MIRRORED:
        return word
    for table in (_AS_I, _AS_L):
        plain = word.translate(table)
        if plain in KNOWN or (plain.isalpha() and _squeezed(plain) in KNOWN):
            return plain
    if (len(word) - letters) * _LETTERS_A_DIGIT <= letters:
        return _LONE_DIGIT.sub(_sign, word)
    return word


def _squeezed(word: str) -> str:
    """`kiiiill`, `hhaattee`: the known word, or else every long run as one letter."""
    if _THRICE.search(word):
        return SQUEEZED.get(squeezed(word)) or _THRICE.sub(r"\1", word)
    if len(word) >= _SHORTEST_MASKED and _TWICE.fullmatch(word):
        return SQUEEZED.get(squeezed(word)) or word[::2]
    return word


def split_words(text: str) -> list[Edit]:
    """`ki ll`: two or three pieces that are a known word together and not all words alone."""
    edits: list[Edit] = []
    if PARTS.isdisjoint(_LETTERS.findall(text)):
        return edits
    words = list(_LETTERS.finditer(text))
    at = 0
    while at < len(words) - 1:
        count = _pieces(text, words, at)
        run = words[at : at + count]
        edits += [Edit(one.end(), two.start(), "") for one, two in pairwise(run)]
        at += max(1, count)
    return edits


def _pieces(text: str, words: list[re.Match[str]], at: int) -> int:
    """How many pieces from here on are one word; 0 for none."""
    joined = words[at][0]
    strange = joined not in KNOWN
    for index in (at + 1, at + 2):
        if index >= len(words) or len(joined) > LONGEST:
            return 0
        before, word = words[index - 1], words[index]
        if word.start() - before.end() != 1 or text[before.end()] != " ":
            return 0
        joined += word[0]
        strange = strange or word[0] not in KNOWN
        if strange and joined in JOINABLE:
            return index - at + 1
    return 0


def blanks(text: str) -> list[Edit]:
    """Rows of blanks as one; none at the ends."""
    edits: list[Edit] = []
    for found in re.finditer(r"[ \n]{2,}|^[ \n]|[ \n]\Z", text):
        if not found.start() or found.end() == len(text):
            edits.append(Edit(found.start(), found.end(), ""))
        else:
            edits.append(Edit(found.start(), found.end(), "\n" if "\n" in found[0] else " "))
    return edits
