"""The text model: how fast, how large, how it holds against disguises, and by group.

    python -m bench.text_model [--posts 3000] [--disguised 100] [--data ROWS.jsonl]

Prints the time to load and the memory it adds; posts a second, one at a time, by the time that
the thread had a core; how threats and harmless posts score behind each disguise of
tests/safety/signals; and how the same harmless posts score about each group. With `--data`
(docs/text-model.md) and scikit-learn installed (`uv run --with scikit-learn`), its own pipeline
(hashed words and pairs of words, a linear model) learns the same rows, and is timed and measured
beside it.
"""

import argparse
import importlib
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from tests.safety.signals.disguises import DISGUISES
from tests.safety.signals.samples import about_groups, harmless, threats

from rostra.safety.signals.model import Material
from rostra.safety.signals.text_model.heads import HARMS
from rostra.safety.signals.text_model.measuring.figures import average_precision
from rostra.safety.signals.text_model.signal import TextModel, load
from rostra.safety.signals.text_model.training.rows import Row, rows_of

KB_IN_MB = 1024


def memory_mb() -> float:
    """What this process has in memory of its own, in MB: no files that are mapped."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / KB_IN_MB


def timed(posts: Sequence[str], judge: Callable[[str], object]) -> tuple[float, float]:
    """Posts a second, and the slowest hundredth in ms."""
    times = []
    for post in posts:
        start = time.thread_time()
        judge(post)
        times.append(time.thread_time() - start)
    return len(posts) / sum(times), float(np.quantile(times, 0.99)) * 1000


def speed(posts: Sequence[str]) -> TextModel:
    """Load the model and time it."""
    before, start = memory_mb(), time.thread_time()
    signal = load()
    print(f"loaded in {(time.thread_time() - start) * 1000:.0f} ms", end=", ")
    for post in posts[:200]:
        signal.judge(Material(post, "post"))
    print(f"{memory_mb() - before:.0f} MB more (NumPy itself not counted)")
    ready = [Material(post, "post") for post in posts]
    lengths = [len(material.normal.text) for material in ready]
    print(f"{len(posts)} posts of {statistics.mean(lengths):.0f} characters on average")
    at = iter(ready)
    for name, judge in (
        ("the model alone", lambda _: signal.judge(next(at))),
        ("with the normaliser", lambda post: signal.judge(Material(post, "post"))),
    ):
        rate, slowest = timed(posts, judge)
        print(f"{name:20} {rate:8,.0f} posts/s, one in a hundred over {slowest:.2f} ms")
    return signal


def score(signal: TextModel, text: str) -> float:
    """For a threat or call to violence."""
    finding = signal.judge(Material(text, "post"))
    return finding.scores["violence"] if finding else 0.0


def disguised(signal: TextModel, count: int) -> None:
    """How scores change behind each disguise."""
    draw = Random(1)
    bad, good = draw.sample(threats(500), count), draw.sample(harmless(5000), count)
    plain = [statistics.mean(score(signal, text) for text in texts) for texts in (bad, good)]
    print(f"\nnot disguised: threats {plain[0]:.3f}, harmless posts {plain[1]:.4f}")
    kept, risen = [], []
    for name, disguise in DISGUISES.items():
        one, two = (
            statistics.mean(score(signal, disguise(text, draw)) for text in texts)
            for texts in (bad, good)
        )
        kept.append(one / plain[0])
        risen.append(two - plain[1])
        print(f"  {name:28} threats {one:.3f} ({one / plain[0]:4.0%}), harmless {two:.4f}")
    print(f"on average threats keep {statistics.mean(kept):.1%} of their score, ", end="")
    print(f"harmless posts rise by {statistics.mean(risen):+.4f}")


def by_group(signal: TextModel) -> None:
    """The same harmless posts about each group."""
    print("\nthe same harmless posts: highest score of violence, hate, harassment, on average")
    for group, posts in about_groups().items():
        found = [signal.judge(Material(post, "post")) for post in posts]
        highest = [max(one.scores[harm] for harm in HARMS[:3]) for one in found if one]
        over = sum(each >= 0.5 for each in highest)
        print(f"  {group:18} {statistics.mean(highest):.3f}, {over} of {len(posts)} over 0.5")


def beside(signal: TextModel, rows: Sequence[Row]) -> None:
    """scikit-learn's own pipeline on the same rows."""
    try:
        text, linear = (
            importlib.import_module(f"sklearn.{name}")
            for name in ("feature_extraction.text", "linear_model")
        )
    except ImportError:
        print("\nscikit-learn is not installed: nothing to stand beside")
        return
    hashing = text.HashingVectorizer(n_features=2**20, ngram_range=(1, 2))
    shown = [row for row in rows if row.split == "train"]
    test = [row for row in rows if row.split == "test"]
    features = hashing.transform([row.text for row in shown])
    print(f"\nscikit-learn on {len(shown)} rows, measured on {len(test)}: AUPRC, and posts/s")
    models: list[Any] = []
    for at, harm in enumerate(HARMS):
        labels = np.array([row.labels[at] for row in shown])
        known = ~np.isnan(labels)
        model = linear.SGDClassifier(loss="log_loss", alpha=1e-6, random_state=1)
        models.append(model.fit(features[known], labels[known] >= 0.5))
        truth = np.array([row.labels[at] for row in test])
        told = [row for row, label in zip(test, truth, strict=True) if not np.isnan(label)]
        held = truth[~np.isnan(truth)] >= 0.5
        theirs = model.decision_function(hashing.transform([row.text for row in told]))
        found = [signal.judge(Material(row.text, "post")) for row in told]
        ours = np.array([one.scores[harm] if one else 0.0 for one in found])
        both = average_precision(held, theirs), average_precision(held, ours)
        print(f"  {harm:11} theirs {both[0]:.3f}, ours {both[1]:.3f}")
    sample = [row.text for row in test[:1000]]
    rate, _ = timed(
        sample,
        lambda post: [model.predict_proba(hashing.transform([post])) for model in models],
    )
    ours_rate, _ = timed(sample, lambda post: signal.judge(Material(post, "post")))
    print(f"  one post at a time: theirs {rate:,.0f} posts/s, ours {ours_rate:,.0f}")


def main() -> None:
    """Print all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=3000)
    parser.add_argument("--disguised", type=int, default=100)
    parser.add_argument("--data", type=Path, action="append", default=[])
    given = parser.parse_args()
    signal = speed([*threats(200), *harmless(given.posts - 200)])
    disguised(signal, given.disguised)
    by_group(signal)
    if given.data:
        beside(signal, [row for path in given.data for row in rows_of(path)])


if __name__ == "__main__":
    main()
