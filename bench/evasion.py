"""What disguises do to the scores of the text model: threats should keep theirs, others too.

    python -m bench.evasion [--threats 500] [--harmless 5000] [--only NAME ...]

Prints, for every way of tests/safety/signals/disguises.py (or those that are named), how much the
violence score of the threats falls on average, of what it is without a disguise, and by how much
of one the harmless posts' score rises; how many of the threats that stand above 0.5 still do, and
how many harmless posts are brought above it; at the end the mean over all ways, which the aim is
about: a tenth at most.
"""

import argparse
import sys
from collections.abc import Sequence
from random import Random
from statistics import fmean

from tests.safety.signals.disguises import DISGUISES, Disguise
from tests.safety.signals.samples import harmless, threats

from rostra.safety.signals.model import Material
from rostra.safety.signals.text_model.signal import TextModel, load

HARM = "violence"
SURE = 0.5


class Scores:
    """Scores of texts, each looked for once: many disguises come off to the same words."""

    def __init__(self, model: TextModel) -> None:
        self._model = model
        self._known: dict[str, float] = {}

    def of(self, texts: Sequence[str], disguise: Disguise | None = None) -> list[float]:
        """The score of each text, as it is or in a disguise; the same chance in every run."""
        found: list[float] = []
        for seed, text in enumerate(texts):
            material = Material(disguise(text, Random(seed)) if disguise else text, "post")
            words = material.normal.text
            if words not in self._known:
                finding = self._model.judge(material)
                self._known[words] = finding.scores[HARM] if finding else 0.0
            found.append(self._known[words])
        return found


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threats", type=int, default=500)
    parser.add_argument("--harmless", type=int, default=5_000)
    parser.add_argument("--only", nargs="+", metavar="NAME", default=list(DISGUISES))
    asked = parser.parse_args()
    unknown = [name for name in asked.only if name not in DISGUISES]
    if unknown:
        sys.exit(f"no such way: {', '.join(unknown)}. There are: {', '.join(DISGUISES)}")
    scores = Scores(load())
    bad, good = threats(asked.threats), harmless(asked.harmless)
    before, calm = scores.of(bad), scores.of(good)
    print(f"{len(bad)} threats: mean {fmean(before):.3f}, {above(before)} above {SURE}")
    print(f"{len(good)} harmless posts: mean {fmean(calm):.3f}, {above(calm)} above {SURE}")
    print(f"{'disguise':34} {'fall':>7} {'above':>6} {'rise':>7} {'above':>6}")
    falls: list[float] = []
    rises: list[float] = []
    for name in asked.only:
        after, stirred = scores.of(bad, DISGUISES[name]), scores.of(good, DISGUISES[name])
        falls.append(1 - fmean(after) / fmean(before))
        rises.append(fmean(stirred) - fmean(calm))
        print(
            f"{name:34} {falls[-1]:7.1%} {above(after):6} {rises[-1]:7.3f} {above(stirred):6}",
            flush=True,
        )
    print(f"{'all, on average':34} {fmean(falls):7.1%} {'':6} {fmean(rises):7.3f}")
    print(f"{'the worst':34} {max(falls):7.1%} {'':6} {max(rises):7.3f}")


def above(found: Sequence[float]) -> int:
    """How many are sure."""
    return sum(score > SURE for score in found)


if __name__ == "__main__":
    main()
