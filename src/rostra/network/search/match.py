"""A query as a condition on the tokens of a document, for each database and for one at hand."""

from collections.abc import Iterable

import msgspec

from rostra.network.search.words import Row

Part = tuple[str, ...]  # tokens of which a document must have one


class Condition(msgspec.Struct, frozen=True):
    """Which documents are meant: with all of ``wanted``, one of ``any_of``, none ``unwanted``."""

    wanted: tuple[Row, ...] = ()
    unwanted: tuple[tuple[Row, ...], ...] = ()  # each: not all of these rows
    any_of: tuple[str, ...] = ()  # tokens; empty: no matter

    def sqlite(self) -> str:
        """The condition in FTS5's language; empty where nothing is wanted."""
        parts = [_quoted(row) for row in self.wanted]
        if self.any_of:
            parts.append("(" + " OR ".join(_quoted((token,)) for token in self.any_of) + ")")
        if not parts:
            return ""
        negative = "".join(
            " NOT (" + " AND ".join(map(_quoted, group)) + ")" for group in self.unwanted
        )
        return f"({' AND '.join(parts)}){negative}"

    def postgresql(self) -> str:
        """The condition in PostgreSQL's language; empty where there is none.

        It is read from left to right: words first, as whether they are in order costs more.
        """
        rows = [row for row in self.wanted if len(row) > 1]
        words = dict.fromkeys(token for row in self.wanted for token in row)
        parts = [*map(_token, words), *map(_followed, rows)]
        if self.any_of:
            parts.append(_one_of(self.any_of))
        parts += ["!(" + " & ".join(map(_followed, group)) + ")" for group in self.unwanted]
        return " & ".join(parts)

    def parts(self) -> list[Part]:
        """What a document must have at least."""
        single = dict.fromkeys((token,) for row in self.wanted for token in row)
        return [*single, *([self.any_of] if self.any_of else [])]

    def holds(self, document: str) -> bool:
        """Whether it holds for a document as SQLite keeps it: tokens with blanks between them."""
        padded = f" {document} "
        return (
            all(_padded(row) in padded for row in self.wanted)
            and (not self.any_of or any(f" {token} " in padded for token in self.any_of))
            and not any(all(_padded(row) in padded for row in group) for group in self.unwanted)
        )


def all_of(parts: Iterable[Part]) -> str:
    """Such parts in PostgreSQL's language, which all must be there."""
    return " & ".join(map(_one_of, parts))


def _token(token: str) -> str:
    return f"'{token}'"


def _one_of(tokens: Iterable[str]) -> str:
    return f"({' | '.join(map(_token, tokens))})"


def _padded(row: Iterable[str]) -> str:
    return f" {' '.join(row)} "


def _quoted(row: Iterable[str]) -> str:
    return '"' + " ".join(row) + '"'


def _followed(row: Iterable[str]) -> str:
    return f"({' <-> '.join(map(_token, row))})"
