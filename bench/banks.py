"""How fast a picture is looked for among very many hashes, and what holding them costs.

    python -m bench.banks [--hashes 1000000] [--asked 400]

Hashes are random bits, as those of pictures nearly are. Half of the questions are answered (31 bits
turned), half are not. Beside them: comparing with every hash, one by one, for a few questions.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable
from statistics import median

from rostra.safety.banks.matcher import Matcher
from rostra.safety.banks.model import Hashes, HashKind
from rostra.safety.banks.pdq import BYTES, FARTHEST, distance

_MS = 1000


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--hashes", type=int, default=1_000_000)
    arguments.add_argument("--asked", type=int, default=400)
    given = arguments.parse_args()
    chance = random.Random(1)
    rows = [(at, int(HashKind.PDQ), chance.randbytes(BYTES)) for at in range(1, given.hashes + 1)]
    before, begun = _megabytes(), time.perf_counter()
    matcher = Matcher(rows)
    took = time.perf_counter() - begun
    print(f"{given.hashes:,} hashes: made in {took:.2f} s, {_megabytes() - before:.0f} MB at most")
    known = [rows[chance.randrange(len(rows))][2] for _ in range(given.asked // 2)]
    near = [_turned(look, FARTHEST, chance) for look in known]
    strange = [chance.randbytes(BYTES) for _ in range(given.asked // 2)]
    found = sum(bool(matcher.find(Hashes(pdq=look))) for look in near)
    print(f"found {found} of {len(near)} that differ in {FARTHEST} bits")
    times = [_timed(matcher.find, Hashes(pdq=look)) for look in (*near, *strange)]
    print(f"a look-up: median {median(times):.2f} ms, 99 % within {_high(times):.2f} ms")
    looks = [look for _, _, look in rows]
    plain = [_timed(_one_by_one, looks, look) for look in strange[:3]]
    print(
        f"one by one: {median(plain):.0f} ms, so {median(plain) / median(times):.0f} times as long"
    )


def _one_by_one(looks: list[bytes], asked: bytes) -> list[bytes]:
    return [look for look in looks if distance(look, asked) <= FARTHEST]


def _timed(work: Callable[..., object], *given: object) -> float:
    begun = time.perf_counter()
    work(*given)
    return (time.perf_counter() - begun) * _MS


def _high(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _turned(look: bytes, bits: int, chance: random.Random) -> bytes:
    mask = sum(1 << at for at in chance.sample(range(8 * BYTES), bits))
    return (int.from_bytes(look, "big") ^ mask).to_bytes(BYTES, "big")


if __name__ == "__main__":
    main()
