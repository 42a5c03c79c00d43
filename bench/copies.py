"""How fast a text is looked for among very many that people have removed, on SQLite.

    python -m bench.copies [--texts 1000000] [--asked 2000] [--dir DIR]

What is stored are sketches of random numbers, which is what sketches of different texts are to each
other; one in a thousand is of a real sentence. A tenth of the questions are copies of those with a
word changed. Printed: the sketch of a text, the look-up, both together; median and 99 % of the time
that the core works for it.
"""

import argparse
import asyncio
import random
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.harness.neighbours import Place, place_of

from rostra.safety.categories.model import Category
from rostra.safety.copies.recall import recall
from rostra.safety.copies.sketch import BANDS, BINS, Sketch, sketch
from rostra.safety.signals.normal import normalise
from rostra.store.migrate import migrate
from rostra.store.query import insert
from rostra.store.sqlite import connect
from rostra.store.tables.copies import copy_keys, copy_texts

_US = 1_000_000
_TEXT, _KEY = insert(copy_texts), insert(copy_keys)
_SPAM = int(Category.SPAM)
_NUMBERS = """WITH RECURSIVE number(n) AS
    (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n < :last) """
_RANDOM_TEXTS = f"""INSERT INTO copy_texts (id, category, count, bins, last_at)
    {_NUMBERS} SELECT n, :category, 3, randomblob(:bytes), 0 FROM number"""  # noqa: S608 (our own words)
_RANDOM_KEYS = f"""INSERT INTO copy_keys (key, text_id)
    {_NUMBERS} SELECT :begin | (random() & ((1 << 54) - 1)) AS key, n FROM number ORDER BY key"""  # noqa: S608 (our own words)
_WORDS = (
    "morning",
    "market",
    "river",
    "coffee",
    "people",
    "bread",
    "garden",
    "window",
    "music",
    "letter",
    "winter",
    "summer",
    "bridge",
    "street",
    "paper",
    "green",
    "yellow",
    "little",
    "never",
    "always",
    "because",
    "through",
    "another",
    "between",
    "against",
    "children",
    "teacher",
    "doctor",
    "station",
    "evening",
    "kitchen",
    "mountain",
    "village",
    "question",
    "answer",
    "story",
    "money",
    "family",
    "weather",
)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--texts", type=int, default=1_000_000)
    arguments.add_argument("--asked", type=int, default=2_000)
    arguments.add_argument("--dir", type=Path)
    given = arguments.parse_args()
    with TemporaryDirectory(dir=given.dir) as folder:
        asyncio.run(_measure(Path(folder), given.texts, given.asked))


def _sentence(chance: random.Random) -> list[str]:
    return [chance.choice(_WORDS) for _ in range(30)]


def _sketch(words: list[str]) -> Sketch:
    made = sketch(normalise(" ".join(words)))
    assert made is not None
    return made


async def _measure(folder: Path, count: int, asked: int) -> None:
    chance = random.Random(1)
    url = f"sqlite:///{folder / 'rostra.sqlite3'}"
    await migrate(url)
    async with place_of(folder, url) as place:
        begun = time.perf_counter()
        file = folder / "rostra.sqlite3"
        known = await fill(place, file, count, chance)
        size = file.stat().st_size / 1e6
        took = time.perf_counter() - begun
        print(f"{count:,} texts: {size:,.0f} MB, filled in {took:.0f} s")
        await _ask(place, known, asked, chance)


async def fill(place: Place, file: Path, count: int, chance: random.Random) -> list[list[str]]:
    """The real sentences as they are stored; of the others random bins, and keys in order."""
    known = [_sentence(chance) for _ in range(max(1, count // 1000))]
    async with place.db.write() as tx:
        for at, words in enumerate(known, 1):
            made = _sketch(words)
            await tx.run(_TEXT, id=at, category=_SPAM, count=3, bins=made.bins, last_at=0)
            await tx.run_many(_KEY, [{"key": key, "text_id": at} for key in made.keys])
    connection = connect(file)
    try:
        between = {"first": len(known) + 1, "last": count}
        connection.execute(_RANDOM_TEXTS, {**between, "category": _SPAM, "bytes": 4 * BINS})
        for band in range(BANDS):
            connection.execute(_RANDOM_KEYS, {**between, "begin": 1 << 58 | band << 54})
    finally:
        connection.close()
    return known


async def _ask(place: Place, known: list[list[str]], asked: int, chance: random.Random) -> None:
    made, looked, both, found, copies = [], [], [], 0, 0
    for at in range(asked):
        words = list(chance.choice(known)) if at % 10 == 0 else _sentence(chance)
        words[chance.randrange(len(words))] = "changed"
        normal = normalise(" ".join(words))
        async with place.db.read() as reader:
            begun = time.thread_time()
            of = sketch(normal)
            between = time.thread_time()
            like = await recall(reader, of)
            ended = time.thread_time()
        copies += at % 10 == 0
        found += like is not None and at % 10 == 0
        made.append((between - begun) * _US)
        looked.append((ended - between) * _US)
        both.append((ended - begun) * _US)
    print(f"{found} of {copies} copies with a word changed were found")
    for name, times in (("sketch", made), ("look-up", looked), ("together", both)):
        high = sorted(times)[int(len(times) * 0.99)]
        print(f"{name:10} median {median(times):5.0f} µs, 99 % within {high:5.0f} µs")


if __name__ == "__main__":
    main()
