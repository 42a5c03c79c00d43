"""Whatever happens, no two installations acknowledge writes beside each other.

`ROSTRA_TEST_ROUNDS=10000 pytest tests/hosting/fence/test_schedules.py` runs so many schedules.
"""

import os

from tests.hosting.fence.schedules import Outcome, schedule
from tests.hosting.fence.virtual import run

from rostra.hosting.fence.fence import Terms

ROUNDS = int(os.environ.get("ROSTRA_TEST_ROUNDS", "60"))


def _outcomes(terms: Terms, rounds: int) -> list[Outcome]:
    return [run(schedule(seed, terms)) for seed in range(rounds)]


def test_nobody_acknowledges_beside_another() -> None:
    found = _outcomes(Terms(), ROUNDS)
    wrong = {seed: each.violations for seed, each in enumerate(found) if each.violations}
    assert not wrong, wrong
    # It was no peace in which nothing could happen: hosts wrote, took over, and were cut short.
    assert sum(each.acks for each in found) > 50 * ROUNDS
    assert sum(each.epochs > 1 for each in found) > ROUNDS / 2
    assert sum(each.orphans for each in found) > ROUNDS / 20


def test_the_schedules_find_a_fence_that_does_not_wait() -> None:
    hasty = Terms(guard_ms=-Terms().ttl_ms)
    assert any(each.violations for each in _outcomes(hasty, 30))


def test_a_schedule_is_the_same_every_time() -> None:
    assert run(schedule(7, Terms())) == run(schedule(7, Terms()))
