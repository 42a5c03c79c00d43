"""Counts the work of a call, so that linearity is shown without a clock."""

import sys
from collections.abc import Callable
from types import FrameType


def calls(job: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, are called while `job` runs."""
    count = 0

    def note(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        job()
    finally:
        sys.setprofile(before)
    return count


def grows_linearly(job: Callable[[str], object], piece: str, length: int = 4_000) -> bool:
    """Tell whether eight times the input takes at most about eight times the work."""
    small = (piece * length)[:length]
    large = (piece * 8 * length)[: 8 * length]
    return calls(lambda: job(large)) <= 10 * calls(lambda: job(small)) + 200


HOSTILE = [
    "https://a.bc/(",
    "https://a.bc/()",
    "https://a.bc/",
    "https://a.b",
    "https://a.bc?((((",
    "https://a.bc/!",
    "https://" + "a." * 200 + "bc/",
    "@a",
    "@a@b.",
    "@a.",
    "@" + "a" * 500,
    "#a",
    "#",
    "#\u0301",
    "#\u00b7",
    "#\u0903",
    "#taghttps://",
    ":aa:",
    ":",
    "\U0001f468\u200d",
    "\U0001f1e6",
    "\u1100\u1161",
    "\n\na",
    "&#9",
    "<b>",
]
