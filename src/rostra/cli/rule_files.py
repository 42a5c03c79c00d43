"""Rules in files, as the commands of `rostra rules` read them."""

from pathlib import Path

from rostra.cli.common import say, stop
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.read import MOST_CHARACTERS
from rostra.safety.rules.rule import Rule, read_rule
from rostra.safety.rules.vocabulary import Vocabulary

_MOST_BYTES = 4 * MOST_CHARACTERS + 4


def source_of(path: Path) -> str:
    """What a file says, or somewhat more of it than a rule may have; ends the program else."""
    try:
        with path.open("rb") as file:
            read = file.read(_MOST_BYTES)
    except OSError as error:
        stop(f"{path}: {error.strerror}")
    # A character that the limit has cut is beyond what a rule may have.
    return read.decode(errors="replace")


def rule_of(path: Path, vocabulary: Vocabulary) -> Rule | None:
    """The rule in a file; None where it is faulty: what is wrong is printed."""
    try:
        return read_rule(source_of(path), vocabulary)
    except Faulty as faulty:
        for fault in faulty.faults:
            say(f"{path}:{fault}")
        return None
