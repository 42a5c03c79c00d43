"""What checks a rule: notes faults at their spot, and what a rule needs and costs."""

import ast
import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn

from rostra.safety.rules.faults import Fault
from rostra.safety.rules.read import DEEPEST, place_of
from rostra.safety.rules.terms import Term
from rostra.safety.rules.vocabulary import Kind, Needs, Vocabulary

RULED_OUT: Final[dict[type[ast.AST], str]] = {
    ast.Lambda: "there are no functions of one's own",
    ast.ListComp: "there are no loops",
    ast.SetComp: "there are no loops",
    ast.DictComp: "there are no loops",
    ast.GeneratorExp: "there are no loops",
    ast.Subscript: "there is nothing to take parts of",
    ast.NamedExpr: "a name is given on a line of its own",
    ast.JoinedStr: "a text stands as it is",
    ast.IfExp: "a choice is written with and, or, not",
}


class Refused(Exception):
    """A part of an expression that is faulty: nothing more is said of what it stands in."""


class Checker:
    """Checks the expressions of one source, and keeps what they need, cost and lack.

    Attributes:
        names: what the source has named so far, by name.
        used: the names that something asks for.
    """

    def __init__(
        self, lines: list[str], vocabulary: Vocabulary, work: "Mapping[type[ast.AST], Work]"
    ) -> None:
        self.lines = lines
        self.work = work
        self.vocabulary = vocabulary
        self.faults: list[Fault] = []
        self.names: dict[str, Term] = {}
        self.used: set[str] = set()
        self.needs = Needs()
        self.cost = 0

    def fault(self, node: ast.AST, words: str) -> None:
        """Note what is wrong here."""
        self.faults.append(Fault(*place_of(self.lines, node), words))

    def refuse(self, node: ast.AST, words: str) -> NoReturn:
        """Note what is wrong here, and give up what it stands in.

        Raises:
            Refused: always.
        """
        self.fault(node, words)
        raise Refused

    def term(self, node: ast.expr, kind: Kind | None = None) -> Term:
        """A checked expression, of this type where one is named.

        Raises:
            Refused: it is faulty; what is wrong is noted.
        """
        work = self.work.get(type(node))
        if work is None:
            self.refuse(node, RULED_OUT.get(type(node), "this can't stand in a rule"))
        self.cost += 1
        made = work(self, node)
        if made.depth > DEEPEST:
            self.refuse(node, f"with the names in it, this is more than {DEEPEST} deep")
        if kind is not None and made.kind is not kind:
            self.refuse(node, f"this is {made.kind}; {kind} is wanted")
        return made

    def terms(self, nodes: Iterable[ast.expr], kind: Kind | None = None) -> list[Term]:
        """Several; all of them are checked before one that is faulty ends it.

        Raises:
            Refused: one of them is faulty.
        """
        made: list[Term] = []
        faulty = False
        for node in nodes:
            try:
                made.append(self.term(node, kind))
            except Refused:
                faulty = True
        if faulty:
            raise Refused
        return made

    def unknown(self, node: ast.AST, what: str, name: str, known: Iterable[str]) -> NoReturn:
        """Refuse a name that nothing has, and say which one may be meant.

        Raises:
            Refused: always.
        """
        near = difflib.get_close_matches(name[:100], list(known), 1)
        meant = f"; {near[0]} may be meant" if near else ""
        self.refuse(node, f"there is no {what} {name[:100]}{meant}")


Work = Callable[[Checker, Any], Term]
