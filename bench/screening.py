"""What screening adds to a post, all of it: text undone, model, lists, look-up of copies, rules.

    python -m bench.screening [--texts 1000000] [--posts 2000] [--rules 50] [--dir DIR]

A place on SQLite whose people have removed so many texts, with so many live rules and three lists
of a thousand phrases each. Posts are looked at before the transaction, judged in it and noted, as
the verbs do it; the posts themselves are written beforehand, so that what is timed is screening
alone. One in a hundred is a threat, so that cases are opened. Printed: the time that the core works
for a post and the time that passes, posts a second on one core, the memory of its own that the
process gains and what it takes to load; beside it the text model alone, and a pipeline of
scikit-learn (words and pairs of words, weighed; logistic regression) that has learned from the same
sentences, if that is installed.
"""

import argparse
import asyncio
import importlib
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from tests.harness.app import running
from tests.harness.neighbours import Asker, Place
from tests.safety.rules.keeping import admin, owner
from tests.safety.signals.samples import harmless, threats

from bench.copies import fill
from bench.text_model import memory_mb, timed
from rostra.network.screening import About as AboutPost
from rostra.network.screening import Said, What
from rostra.safety.lists import manage
from rostra.safety.lists.entries import read
from rostra.safety.lists.manage import About
from rostra.safety.rules import edit, switch
from rostra.safety.rules.model import State
from rostra.safety.signals.model import Material
from rostra.safety.signals.text_model.signal import load
from rostra.store.migrate import migrate

Times = np.ndarray[tuple[int], np.dtype[np.float64]]
_SIGNALS = "account,copies,text_model"
_PHRASES = 1_000
_WARM = 200
_ONE_IN = 100
_SHOWN = 5_000
_HOUR = 3_600_000  # ms
_MS = 1_000.0


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--texts", type=int, default=1_000_000)
    arguments.add_argument("--posts", type=int, default=2_000)
    arguments.add_argument("--rules", type=int, default=50)
    arguments.add_argument("--dir", type=Path)
    given = arguments.parse_args()
    with TemporaryDirectory(dir=given.dir) as folder:
        asyncio.run(_measure(Path(folder), given.texts, given.posts, given.rules))


async def _measure(folder: Path, texts: int, posts: int, rules: int) -> None:
    url = f"sqlite:///{folder / 'rostra.sqlite3'}"
    await migrate(url)
    before = memory_mb()
    async with running(folder, url, None, ROSTRA_SCREENING__SIGNALS=_SIGNALS) as app:
        place = Place(app)
        member = await place.member("alice")
        await fill(place, folder / "rostra.sqlite3", texts, Random(1))
        await _lists(place)
        await _rules(place, rules)
        begun = time.perf_counter()
        await _judge(
            place, member, "The first one loads what is needed.", await _post(place, member)
        )
        print(f"the first post: {time.perf_counter() - begun:.2f} s (loads lists and rules)")
        draw = Random(2)
        written = [*threats(posts // _ONE_IN), *harmless(posts - posts // _ONE_IN)]
        draw.shuffle(written)
        ids = [await _post(place, member) for _ in written]
        for text in written[:_WARM]:
            await _judge(place, member, text, 0)
        core, passed = [], []
        clocks = np.median([_now() - _now() for _ in range(_WARM)], axis=0)  # below zero
        for post_id, text in zip(ids, written, strict=True):
            spent, waited = await _judge(place, member, text, post_id) + 2 * clocks
            core.append(spent)
            passed.append(waited)
        print(f"{posts:,} posts; {texts:,} texts removed before, {rules} rules, 3 lists")
        print("| | p50 ms | p99 ms | posts/s on one core |\n| --- | ---: | ---: | ---: |")
        for name, times in (("the core works", core), ("is added to a post", passed)):
            p50, p99 = (float(np.quantile(times, at)) * _MS for at in (0.5, 0.99))
            print(f"| {name} | {p50:.2f} | {p99:.2f} | {len(times) / sum(times):,.0f} |")
        print(f"memory: {memory_mb() - before:.0f} MB more than without the application")
        _beside(written)


def _beside(written: Sequence[str]) -> None:
    """The text model alone, and scikit-learn's own pipeline, one post at a time."""
    model = load()
    rate, slowest = timed(written, lambda post: model.judge(Material(post, "post")))
    print(f"text model with the normaliser: {rate:,.0f} posts/s, p99 {slowest:.2f} ms")
    try:
        text, linear = (
            importlib.import_module(f"sklearn.{name}")
            for name in ("feature_extraction.text", "linear_model")
        )
    except ImportError:
        print("scikit-learn is not installed: nothing to stand beside")
        return
    bad, good = threats(), harmless(_SHOWN, seed=3)
    words = text.TfidfVectorizer(ngram_range=(1, 2))
    learned = linear.LogisticRegression(max_iter=200)
    learned.fit(words.fit_transform([*bad, *good]), [1] * len(bad) + [0] * len(good))
    rate, slowest = timed(written, lambda post: learned.predict_proba(words.transform([post])))
    print(f"scikit-learn, one score: {rate:,.0f} posts/s, p99 {slowest:.2f} ms")


# Kinds of rules that people write: condition, a post that is caught, one that is not.
_KINDS = (
    (
        'author.age_days < 7, length(post.links) > 3, posts_by(author, "10m") >= {n}',
        (
            '"https://a.example https://b.example https://c.example https://d.example", '
            'author.age_days == 1, posts_by(author, "10m") == 60'
        ),
        '"nothing", author.age_days == 1, posts_by(author, "10m") == 60',
    ),
    (
        'matches(post.text, "cheap (followers|likes) number {n}")',
        '"cheap likes number {n}"',
        '"good morning"',
    ),
    (
        'signal("text_model").violence > 0.99, length(post.text) > {n}',
        (
            '"words that are more than fifty characters long, so that they are", '
            'signal("text_model").violence == 1'
        ),
        '"words", signal("text_model").violence == 0',
    ),
    (
        'listed(post.text, "phrases1"), author.age_days < {n}',
        '"phrase number 5 of 1", author.age_days == 0',
        '"good morning", author.age_days == 0',
    ),
    (
        'author.followers < 3, post.is_reply, replies_by(author, "1h") > {n}',
        '"words", author.followers == 0, post.is_reply == True, replies_by(author, "1h") == 99',
        '"words", author.followers == 9, post.is_reply == True, replies_by(author, "1h") == 99',
    ),
)


async def _rules(place: Place, count: int) -> None:
    """Live rules; none of them catches anything of what is posted here."""
    services = place.services
    async with place.db.write() as tx:
        for number in range(1, count + 1):
            condition, caught, spared = (
                part.replace("{n}", str(number)) for part in _KINDS[number % len(_KINDS)]
            )
            source = (
                f'"""Number {number}."""\nwhen({condition})\ncase(category="spam")\n'
                f"catches({caught})\nspares({spared})\n"
            )
            made = await edit.add(
                services, tx, admin(), name=f"rule{number}", source=source, reason="To be measured"
            )
            await switch.switch(
                services,
                tx,
                owner(),
                made.id,
                version=1,
                state=State.LIVE,
                reason="To be measured, and so not tried before",
                untried=True,
            )


async def _lists(place: Place) -> None:
    """Three lists of phrases."""
    async with place.db.write() as tx:
        for number in range(1, 4):
            about = About(harm="spam")
            made = await manage.make(
                place.services, tx, admin(), name=f"phrases{number}", kind="phrases", about=about
            )
            lines = "\n".join(f"phrase number {at} of {number}" for at in range(_PHRASES))
            entries = read(lines, as_csv=False)
            await manage.put(place.services, tx, admin(), made.id, entries, reason="Bench")


async def _post(place: Place, author: Asker) -> int:
    """The id of a post that is there to be judged; hours apart, so that no limit is met."""
    place.app.clock.advance(_HOUR)
    return int((await author.post("Words."))["id"])


async def _judge(place: Place, author: Asker, text: str, post_id: int) -> Times:
    """All that a verb does to have a post judged, but for writing the post; 0: not noted.

    The transaction is there without screening too: what it takes to begin and to end is left out.

    Returns:
        Seconds that the core worked, and seconds that passed.
    """
    services = place.services
    said = Said(what=What.POST, account_id=author.account_id, parts=(text,), language="en")
    began = _now()
    look = services.screen.look(said)
    looked = _now()
    async with place.db.write() as tx:
        inside = _now()
        verdict = await services.screen.judge(tx, said, AboutPost(language="en"), look)
        if post_id:
            await services.screen.note(tx, verdict, post_id)
        done = _now()
    return looked - began + done - inside


def _now() -> Times:
    """The core's time of this thread and the clock's."""
    return np.array((time.thread_time(), time.perf_counter()))


if __name__ == "__main__":
    main()
