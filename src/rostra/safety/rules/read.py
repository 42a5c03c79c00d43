"""A rule's source becomes a small tree, or is refused where it is too large, before it is parsed.

What is measured here keeps the parser of Python itself within bounds: brackets, signs and lists are
counted by the tokeniser, which reads from left to right and no further than a rule may be long.
"""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from typing import Final

from rostra.safety.rules.faults import Fault, Faulty

MOST_CHARACTERS: Final = 20_000
MOST_TOKENS: Final = 2_000
MOST_ITEMS: Final = 200  # of a list
DEEPEST: Final = 20  # brackets in brackets, parts of an expression in parts, names in names
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_PREFIXES: Final = frozenset({"-", "+", "~", "not", "await", "lambda"})
_SURROGATE: Final = re.compile("[\ud800-\udfff\0]")
_LAYOUT: Final = frozenset(
    {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}
)


def parsed(source: str) -> ast.Module:
    """The tree of a source, none of whose parts has been looked at.

    Raises:
        Faulty: it is no Python, or larger or deeper than a rule may be.
    """
    _characters(source)
    _size(source[:MOST_CHARACTERS])
    if len(source) > MOST_CHARACTERS:
        raise _at_character(
            source, MOST_CHARACTERS, f"a rule has no more than {MOST_CHARACTERS} characters"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        raise Faulty([Fault(line, max(1, column), error.msg)]) from None
    except (ValueError, RecursionError, MemoryError):
        raise Faulty([Fault(1, 1, "this can't be read: it is too deep or too large")]) from None
    _depth(source, tree)
    return tree


def place_of(lines: list[str], node: ast.AST) -> tuple[int, int]:
    """Line and column of a node, both from 1 on; the parser's columns are bytes."""
    line = getattr(node, "lineno", 1)
    before = lines[line - 1].encode()[: getattr(node, "col_offset", 0)] if lines else b""
    return line, len(before.decode(errors="ignore")) + 1


def lines_of(source: str) -> list[str]:
    """The lines as the parser counts them."""
    return re.split(r"\r\n|\r|\n", source)


def _characters(source: str) -> None:
    found = _SURROGATE.search(source)
    if found is not None:
        raise _at_character(source, found.start(), "this character can't be in a rule")


def _at_character(source: str, place: int, words: str) -> Faulty:
    before = lines_of(source[:place])
    return Faulty([Fault(len(before), len(before[-1]) + 1, words)])


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return  # the parser says it better


def _size(source: str) -> None:
    """Refuse what is too long or too deep for the parser."""
    opened: list[list[int]] = []  # line, column, commas
    signs = 0
    for count, token in enumerate(_tokens(source)):
        line, column = token.start[0], token.start[1] + 1
        if token.type in _LAYOUT:
            continue
        signs = signs + 1 if token.string in _PREFIXES else 0
        if token.string in _OPEN and token.type == tokenize.OP:
            opened.append([line, column, 0])
        elif token.string in _CLOSE and token.type == tokenize.OP and opened:
            opened.pop()
        elif token.string == "," and opened:
            opened[-1][2] += 1
            if opened[-1][2] >= MOST_ITEMS:
                words = f"more than {MOST_ITEMS} items: put them into a named list"
                raise Faulty([Fault(opened[-1][0], opened[-1][1], words)])
        if len(opened) > DEEPEST or signs > DEEPEST:
            raise Faulty([Fault(line, column, f"this is more than {DEEPEST} deep")])
        if count > MOST_TOKENS:
            raise Faulty([Fault(line, column, f"a rule has no more than {MOST_TOKENS} parts")])


def _depth(source: str, tree: ast.Module) -> None:
    """Refuse trees that what walks them could not walk; without recursion."""
    level: list[ast.AST] = [tree]
    for depth in range(DEEPEST + 6):  # a statement, its call and the like come on top
        below = [child for node in level for child in ast.iter_child_nodes(node)]
        if not below:
            return
        if depth == DEEPEST + 5:
            placed = next((node for node in below if hasattr(node, "lineno")), level[0])
            line, column = place_of(lines_of(source), placed)
            raise Faulty([Fault(line, column, f"this is more than {DEEPEST} deep")])
        level = below
