"""How well copies of a flood are told from what speaks about it, and how fast.

    python -m bench.clusters [--cases 100000] [--texts FILE] [--flood 5000]

Prints, for the floods of tests/safety/clusters/corpus (those that thresholds were chosen on, and
those written afterwards): precision and recall of membership and of outliers; MinHash beside
SimHash at every threshold; signatures a second; and a look-up among so many cases, in memory. FILE
has one text a line, as JSON, of no floods: what is taken for a copy of another one is counted.
"""

import argparse
import asyncio
import hashlib
import json
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.harness.neighbours import Place, place_of
from tests.safety.clusters.corpus import Example, Part, floods, varied, written

from rostra.safety.cases.events import CaseOpened
from rostra.safety.clusters import access, join, pictures
from rostra.safety.clusters.compare import Content, Relation, content_of, relate
from rostra.safety.clusters.compare import Place as Spot
from rostra.safety.clusters.normal import normal
from rostra.safety.clusters.signature import PIECE, overlap, pieces_of
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.migrate import migrate
from rostra.store.query import insert
from rostra.store.tables.posts import post_texts, posts
from rostra.store.tables.safety import cases

_POST = insert(posts, ("id", "account_id"))
_TEXT = insert(post_texts, ("post_id", "text"))
_CASE = insert(cases, ("id", "subject_kind", "subject_id", "account_id"))
NAMES = {Spot.MEMBER: "member", Spot.OUTLIER: "outlier", Spot.TURNED: "outlier"}
MARKS = 2


class Index:
    """Leaders by their keys, as the database has them."""

    def __init__(self) -> None:
        self.by_key: dict[int, list[int]] = defaultdict(list)
        self.contents: list[Content] = []

    def add(self, content: Content) -> None:
        """Keep a leader."""
        for key in content.kept:
            self.by_key[key].append(len(self.contents))
        self.contents.append(content)

    def find(self, content: Content, most: int = 24) -> dict[int, Relation]:
        """What the content belongs to, by the number of the leader."""
        shared: Counter[int] = Counter()
        marks: Counter[int] = Counter()
        for key in content.asked:
            for number in self.by_key.get(key, ())[:200]:
                shared[number] += 1
                marks[number] += key >> 61 == MARKS
        found = {}
        for number, _ in shared.most_common(most):
            leader = self.contents[number].traits
            relation = relate(leader, content.traits, shared_marks=marks[number])
            if relation is not None:
                found[number] = relation
        return found


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=100_000)
    arguments.add_argument("--texts", type=Path)
    arguments.add_argument("--flood", type=int, default=0, help="copies that join, on SQLite")
    asked = arguments.parse_args()
    if asked.flood:
        with TemporaryDirectory(prefix="rostra-clusters-") as folder:
            asyncio.run(flood(Path(folder), asked.flood))
        return
    quality("tuned", 100)
    quality("held-out", 100)
    methods()
    speed(asked.cases)
    if asked.texts:
        unrelated([json.loads(line) for line in asked.texts.read_text().splitlines()])


def quality(part: Part, variations: int) -> None:
    """Look every text up among the leaders of all floods, and count what it is taken for."""
    known = floods(part)
    index = Index()
    for flood in known:
        index.add(content_of(flood.text))
    hand = written(part)
    made = [example for flood in known for example in varied(flood, variations)]
    print(f"\n{part}: {len(known)} floods, {len(hand)} texts by hand, {len(made)} made")
    names = [flood.id for flood in known]
    table = Counter((example.label, placed(example, index, names)) for example in hand)
    got: Counter[str] = Counter()
    for label in ("member", "outlier"):
        right = table[label, label]
        taken = sum(count for (_, got), count in table.items() if got == label)
        there = sum(count for (truth, _), count in table.items() if truth == label)
        print(
            f"  {label:8} precision {right / max(1, taken):.3f} ({right} of {taken})"
            f"   recall {right / max(1, there):.3f} ({right} of {there})"
        )
    print(
        f"  speaks about it, taken for a member: {table['outlier', 'member']}; look-alikes: "
        f"{table['other', 'member']} member, {table['other', 'outlier']} outlier"
    )
    got.update(placed(example, index, names) for example in made)
    print(
        f"  made by tricks: {got['member'] / len(made):.3f} member, "
        f"{got['outlier'] / len(made):.3f} outlier, {got['other'] / len(made):.3f} not found"
    )


def placed(example: Example, index: Index, names: list[str]) -> str:
    """What a text is taken for in the cluster of its flood; `wrong` if put into another one."""
    found = index.find(content_of(example.text))
    own = names.index(example.flood.id)
    if any(number != own and relation.place is Spot.MEMBER for number, relation in found.items()):
        return "wrong"
    return NAMES[found[own].place] if own in found else "other"


def simhash(text: str) -> int:
    """64 bits over the same pieces that MinHash takes."""
    weights = [0] * 64
    for piece in pieces_of(normal(text).joined, PIECE):
        bits = int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=8).digest(), "big")
        for at in range(64):
            weights[at] += 1 if bits >> at & 1 else -1
    return sum(1 << at for at, weight in enumerate(weights) if weight > 0)


def methods() -> None:
    """Copies against look-alikes and against copies of other floods, by either measure."""
    known = floods("tuned")
    copies = [(e.flood.text, e.text) for flood in known for e in varied(flood, 40)]
    copies += [(e.flood.text, e.text) for e in written("tuned") if e.label == "member"]
    apart = [(e.flood.text, e.text) for e in written("tuned") if e.label == "other"]
    apart += [(one.text, other.text) for one in known for other in known if one is not other]
    print(f"\nmethods: {len(copies)} pairs of copies, {len(apart)} pairs that are none (tuned)")

    def alike(pair: tuple[str, str]) -> float:
        one, other = (content_of(text).traits for text in pair)
        return overlap(one.values, one.size, other.values, other.size).alike

    def close(pair: tuple[str, str]) -> float:
        return 64 - (simhash(pair[0]) ^ simhash(pair[1])).bit_count()

    for name, measure, steps in (
        ("MinHash, share of 64", alike, [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7]),
        ("SimHash, bits of 64", close, [40, 44, 46, 48, 50, 52, 54, 58, 61]),
    ):
        same, other = [measure(pair) for pair in copies], [measure(pair) for pair in apart]
        print(f"  {name}")
        for step in steps:
            right, wrong = sum(v >= step for v in same), sum(v >= step for v in other)
            print(
                f"    from {step:5}: recall {right / len(same):.3f}, "
                f"precision {right / max(1, right + wrong):.4f}, wrong pairs {wrong}"
            )


def speed(cases: int) -> None:
    """Signatures a second, and look-ups among many cases."""
    texts = made_up(cases)
    started = time.process_time()
    for text in texts[:2000]:
        content_of(text)
    taken = time.process_time() - started
    letters = sum(map(len, texts[:2000])) / 2000
    print(
        f"\nspeed: {2000 / taken:.0f} signatures a core and second ({letters:.0f} characters each)"
    )
    index = Index()
    for text in texts:
        index.add(content_of(text))
    look_ups("texts", index, [content_of(e.text) for f in floods("tuned") for e in varied(f, 20)])
    chance = random.Random(5)
    index = Index()
    for _ in range(cases):
        index.add(content_of("", chance.randbytes(pictures.BYTES), 100))
    turned = [content_of("", near(c.traits.look, chance), 100) for c in index.contents[:500]]
    found = look_ups("pictures", index, turned)
    print(f"  of {len(turned)} pictures with 31 bits changed, found: {found}")


def look_ups(what: str, index: Index, wanted: list[Content]) -> int:
    """Time them; how many found anything."""
    spans, found = [], 0
    for content in wanted:
        started = time.process_time()
        found += bool(index.find(content))
        spans.append((time.process_time() - started) * 1e6)
    spans.sort()
    print(
        f"  look-up among {len(index.contents)} {what}: p50 {spans[len(spans) // 2]:.0f} us, "
        f"p99 {spans[len(spans) * 99 // 100]:.0f} us"
    )
    return found


def near(look: bytes, chance: random.Random) -> bytes:
    """The same picture with as many bits turned as may be."""
    bits = sum(1 << at for at in chance.sample(range(256), pictures.FARTHEST))
    return (int.from_bytes(look, "big") ^ bits).to_bytes(pictures.BYTES, "big")


def made_up(count: int) -> list[str]:
    """Texts put together from the words of all floods, so that they share many of them."""
    chance = random.Random(7)
    words = [word for flood in floods("tuned") for word in flood.text.split()]
    return [" ".join(chance.choices(words, k=chance.randint(8, 40))) for _ in range(count)]


def unrelated(texts: list[str]) -> None:
    """Put all into one index, one after the other, and show what was taken for the same."""
    index = Index()
    got: Counter[str] = Counter()
    shown: list[tuple[str, str, int]] = []
    for text in texts:
        content = content_of(text)
        found = index.find(content)
        got.update({NAMES[relation.place] for relation in found.values()})
        shown += [(r.place.name, text, number) for number, r in found.items()][:1]
        index.add(content)
    print(
        f"\nof {len(texts)} texts: {got['member']} taken for a copy, {got['outlier']} for outliers"
    )
    for place, text, number in random.Random(3).sample(shown, min(12, len(shown))):
        print(f"  {place} {text[:100]!r} / {texts[number][:100]!r}")


async def flood(folder: Path, copies: int) -> None:
    """Let copies of a few floods, a case each, join in a database; and decide the largest."""
    url = f"sqlite:///{folder / 'rostra.db'}"
    await migrate(url)
    known = floods("tuned")
    copied = [flood.text for flood in known[:2]]
    async with place_of(folder, url) as place:
        events = []
        for number in range(copies + len(known)):
            lone = number % (copies // len(known)) == 0
            text = known[number * len(known) // copies % len(known)].text if lone else copied[0]
            events.append(await a_case(place, number, text))
        print(f"\n{len(events)} cases, {copies} of them of a flood; milliseconds for each to join")
        for start in range(0, len(events), 500):
            began = time.process_time()
            for event in events[start : start + 500]:
                async with place.db.write() as tx:
                    await join.opened(place.services, tx, event)
            taken = (time.process_time() - began) / len(events[start : start + 500])
            print(f"  from {start:5}: {taken * 1000:.2f}")
        async with place.db.read() as reader:
            (largest, *_) = sorted(
                await access.listed(reader), key=lambda each: each.open_cases, reverse=True
            )
            began = time.process_time()
            found = await access.one(reader, largest.id)
            taken = time.process_time() - began
        print(f"  the largest has {found.members} members; loaded in {taken * 1000:.1f} ms")


async def a_case(place: Place, number: int, text: str) -> CaseOpened:
    """A post of nobody, and its open case, straight into the tables."""
    services = place.services
    post_id, case_id = services.ids.next(), services.ids.next()
    async with place.db.write() as tx:
        await tx.run(_POST, id=post_id, account_id=number + 1)
        await tx.run(_TEXT, post_id=post_id, text=text)
        await tx.run(_CASE, id=case_id, subject_kind=1, subject_id=post_id, account_id=number + 1)
    return CaseOpened(case_id, Subject(SubjectKind.POST, post_id), number + 1, 1)


if __name__ == "__main__":
    main()
