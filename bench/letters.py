"""`python -m bench.letters`: how well the corpus of letters is read.

Every letter in `tests/safety/notices/corpus` has a file beside it that says what must be found.
Recall and precision are of addresses: posts, accounts and media that a letter is about.
"""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from rostra.safety.notices.reading.home import home
from rostra.safety.notices.reading.model import Form, Reading
from rostra.safety.notices.reading.read import read_letter, read_text

CORPUS: Final = Path(__file__).parent.parent / "tests" / "safety" / "notices" / "corpus"
PLACE: Final = home("https://rostra.example", "", "https://rostra.example/media")


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be found in a letter.

    Attributes:
        received: ISO 8601.
        subjects: names of addresses, such as `post:1163…`, sorted.
        elsewhere: hosts of all addresses that are not ours, sorted.
        reference: the main one; empty if there is none.
        concern: the likeliest; empty: any.
        left_out: something stays unread, and that must be said.
        faults: something is wrong with its form, and that must be said.
        held_out: written after the reader was finished.
    """

    received: str
    subjects: list[str]
    reference: str
    deadline: str
    named: bool
    sender: str
    language: str
    concern: str
    elsewhere: list[str]
    look_alikes: list[str]
    mentioned: list[str] = []
    left_out: bool = False
    faults: bool = False
    held_out: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """How one letter was read; `wrong` names what is not as expected."""

    name: str
    expected: Expected
    reading: Reading
    missed: list[str]
    invented: list[str]
    wrong: list[str]


def letters() -> list[Path]:
    """All letters of the corpus."""
    return sorted(path for path in CORPUS.iterdir() if not path.name.endswith(".expected.json"))


def expected(path: Path) -> Expected:
    """What must be found in a letter."""
    beside = path.parent / f"{path.name.rsplit('.', 1)[0]}.expected.json"
    return msgspec.json.decode(beside.read_bytes(), type=Expected)


def utc_ms(iso: str) -> int:
    """A time in ISO 8601 as UTC ms."""
    return int(datetime.fromisoformat(iso).timestamp() * 1000)


def read(path: Path) -> Reading:
    """Read a letter of the corpus as the desk would: a mail, a report, or pasted text."""
    received = utc_ms(expected(path).received)
    data = path.read_bytes()
    if path.suffix == ".txt":
        return read_text(data.decode("utf-8"), PLACE, received)
    return read_letter(data, PLACE, received)


def judge(path: Path) -> Outcome:
    """Read a letter and compare."""
    wanted, reading = expected(path), read(path)
    found = [address.name for address in reading.addresses]
    missed = sorted(set(wanted.subjects) - set(found))
    invented = sorted(set(found) - set(wanted.subjects))
    return Outcome(path.name, wanted, reading, missed, invented, _wrong(wanted, reading))


def _wrong(wanted: Expected, reading: Reading) -> list[str]:
    alike = sorted({each.host for each in reading.elsewhere if each.look_alike})
    pairs: dict[str, tuple[object, object]] = {
        "reference": (wanted.reference, (*reading.references, "")[0]),
        "deadline": (utc_ms(wanted.deadline), reading.deadline.at),
        "named": (wanted.named, reading.deadline.named),
        "sender": (wanted.sender, reading.sender.kind.name),
        "language": (wanted.language, reading.language),
        "concern": (wanted.concern, (*reading.concerns, "")[0] if wanted.concern else ""),
        "elsewhere": (wanted.elsewhere, sorted({each.host for each in reading.elsewhere})),
        "look_alikes": (wanted.look_alikes, alike),
        "mentioned": (wanted.mentioned, sorted(each.name for each in reading.mentioned)),
        "left_out": (wanted.left_out, bool(reading.left_out)),
        "faults": (wanted.faults, bool(reading.faults)),
    }
    return [
        f"{what}: {is_!r}, not {should!r}" for what, (should, is_) in pairs.items() if should != is_
    ]


class Figures(msgspec.Struct, frozen=True):
    """Shares from 0 to 1 over some letters."""

    letters: int
    addresses: int
    recall: float
    precision: float
    right: dict[str, float]


def figures(outcomes: list[Outcome]) -> Figures:
    """Recall and precision of addresses, and the share of letters with each other thing right."""
    wanted = sum(len(each.expected.subjects) for each in outcomes)
    missed = sum(len(each.missed) for each in outcomes)
    invented = sum(len(each.invented) for each in outcomes)
    found = wanted - missed
    names = ("reference", "deadline", "sender", "language", "concern", "elsewhere")
    right = {
        name: sum(not any(w.startswith(f"{name}:") for w in each.wrong) for each in outcomes)
        / max(1, len(outcomes))
        for name in names
    }
    return Figures(
        len(outcomes), wanted, found / max(1, wanted), found / max(1, found + invented), right
    )


def main() -> int:
    """Print what is wrong with each letter, and the figures; 1 where an address is wrong."""
    started = time.perf_counter()
    outcomes = [judge(path) for path in letters()]
    took = time.perf_counter() - started
    for each in outcomes:
        for label, names in (("missed", each.missed), ("invented", each.invented)):
            if names:
                print(f"{each.name}: {label} {', '.join(names[:5])} ({len(names)})")
        for fault in each.wrong:
            print(f"{each.name}: {fault[:200]}")
    held_out = [each for each in outcomes if each.expected.held_out]
    for label, some in (("all letters", outcomes), ("of these, written last", held_out)):
        told = figures(some)
        print(
            f"{label}: {told.letters} letters, {told.addresses} addresses,"
            f" recall {told.recall:.1%}, precision {told.precision:.1%}; right: "
            + ", ".join(f"{name} {share:.1%}" for name, share in told.right.items())
        )
    forms = sorted({Form(each.reading.form).name.lower() for each in outcomes})
    print(f"read in {took:.2f} s; forms: {', '.join(forms)}")
    return 1 if any(each.missed or each.invented for each in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
