import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S

from rostra.http.limits import (
    DEFAULT_RULES,
    FREE,
    NEVER_LOST,
    TABLES,
    Allowance,
    Counters,
    Limiter,
    LimitRules,
    MemoryCounters,
    Rule,
    key_of,
)
from rostra.http.limits_file import FileCounters
from rostra.kernel.clock import ManualClock
from rostra.kernel.errors import TooManyRequests

NOW = 1_750_000_000


@pytest.fixture(params=["memory", "file"])
def counters(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counters]:
    if request.param == "memory":
        yield MemoryCounters()
        return
    file = FileCounters(tmp_path / "limits", TABLES)
    yield file
    file.close()


def test_counts_within_a_window_and_starts_anew_after_it(counters: Counters) -> None:
    assert [counters.add(7, NOW + 10, NOW, 1) for _ in range(3)] == [1, 2, 3]
    assert counters.add(8, NOW + 10, NOW, 5) == 5
    assert counters.add(7, NOW + 10, NOW + 9, 1) == 4
    assert counters.add(7, NOW + 20, NOW + 10, 1) == 1


def test_forgets(counters: Counters) -> None:
    counters.add(7, NOW + 10, NOW, 3)
    counters.drop(7)
    counters.drop(99)
    assert counters.add(7, NOW + 10, NOW, 1) == 1


def test_memory_is_bounded() -> None:
    counters = MemoryCounters(capacity=10)
    for key in range(100):
        counters.add(key, NOW + 10, NOW, 1)
    assert counters.add(99, NOW + 10, NOW, 1) == 2
    assert counters.add(1, NOW + 10, NOW, 1) == 1


def test_a_flood_of_new_keys_never_frees_one_that_is_near_its_limit(tmp_path: Path) -> None:
    counters = FileCounters(tmp_path / "limits", buckets=1)
    counters.add(5, NOW + 10, NOW, 290)
    for key in range(1000, 2000):
        counters.add(key, NOW + 10, NOW, 1)
    assert counters.add(5, NOW + 10, NOW, 1) == 291
    counters.close()


def test_ended_counts_give_way_first(tmp_path: Path) -> None:
    counters = FileCounters(tmp_path / "limits", buckets=1)
    counters.add(1, NOW + 5, NOW, 900)
    for key in range(2, 9):
        counters.add(key, NOW + 99, NOW, 1)
    assert counters.add(50, NOW + 99, NOW + 6, 1) == 1
    assert counters.add(2, NOW + 99, NOW + 6, 1) == 2
    counters.close()


SHARE = """
import sys
from pathlib import Path
from rostra.http.limits_file import FileCounters
counters = FileCounters(Path(sys.argv[1]))
for _ in range(2000):
    counters.add(7, 2_000_000_000, 1_750_000_000, 1)
"""


def test_processes_share_every_count(tmp_path: Path) -> None:
    path = tmp_path / "limits"
    command = [sys.executable, "-c", SHARE, str(path)]
    children = [subprocess.Popen(command) for _ in range(3)]  # noqa: S603 (our own interpreter)
    assert [child.wait(timeout=PATIENCE_S) for child in children] == [0, 0, 0]
    counters = FileCounters(path)
    assert counters.add(7, 2_000_000_000, NOW, 1) == 6001
    counters.close()


def make(counters: Counters, **own: Rule) -> tuple[Limiter, ManualClock]:
    clock = ManualClock(NOW * 1000)
    return Limiter(counters, LimitRules(own), clock), clock


def test_a_limiter_refuses_what_is_over(counters: Counters) -> None:
    limits, clock = make(counters, media_account=Rule(2, 60))
    ends = NOW - NOW % 60 + 60
    assert limits.hit("media_account", 1) == Allowance(2, 1, ends, ok=True)
    assert limits.hit("media_account", 1).remaining == 0
    with pytest.raises(TooManyRequests) as refused:
        limits.hit("media_account", 1)
    assert refused.value.retry_after_s == ends - NOW
    assert (refused.value.limit, refused.value.reset_at_ms) == (2, ends * 1000)
    assert limits.hit("media_account", 2).ok
    clock.advance(60_000)
    assert limits.hit("media_account", 1).ok


def test_a_subject_can_start_anew(counters: Counters) -> None:
    limits, _ = make(counters, sign_in_account=Rule(1, 60))
    limits.hit("sign_in_account", "a@example.org")
    limits.forget("sign_in_account", "a@example.org")
    assert limits.hit("sign_in_account", "a@example.org").ok


def test_rules_can_be_scaled_and_switched_off() -> None:
    assert LimitRules(factor=2.5).rule("media_account") == Rule(75, 1800)
    assert LimitRules(factor=0.001).rule("media_account").limit == 1
    assert LimitRules(factor=0).rule("media_account").limit == 0
    off = Limiter(MemoryCounters(), LimitRules(factor=0), ManualClock())
    assert off.count("media_account", 1) is FREE
    with pytest.raises(KeyError):
        LimitRules().rule("nothing")


def test_exempt_addresses_count_nowhere() -> None:
    rules = LimitRules({"sign_in_address": Rule(1, 60)}, exempt=("192.0.2.0/24",))
    limits = Limiter(MemoryCounters(), rules, ManualClock())
    assert limits.address_key("192.0.2.9") == ""
    for _ in range(3):
        limits.hit("sign_in_address", limits.address_key("192.0.2.9"))
    for octet in range(5000):  # the table of known addresses is bounded
        limits.address_key(f"10.0.{octet // 250}.{octet % 250}")
    assert limits.address_key("198.51.100.1") == "198.51.100.1"


def test_names_and_subjects_do_not_mix() -> None:
    keys = {key_of(b"", name, subject) for name in DEFAULT_RULES for subject in ("1", "a", "ab")}
    assert len(keys) == 3 * len(DEFAULT_RULES)
    assert key_of(b"", "media_account", 1) == key_of(b"", "media_account", "1")
    assert key_of(b"a", "media_account", 1) != key_of(b"b", "media_account", 1)


def guesses(limits: Limiter, crowd: list[str]) -> int:
    """How often a password can be tried, while a crowd spends tries of its own."""
    tried = 0
    for round_ in range(40):
        for _ in range(9):
            tried += limits.count("sign_in_account", "victim").ok
        for name in crowd:
            limits.count("sign_in_account", f"{name} {round_}")
    return tried


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_no_crowd_gives_anybody_more_tries_at_a_password(tmp_path: Path, kind: str) -> None:
    # All keys meet, as they would for somebody who could look for those that do.
    file = FileCounters(tmp_path / "limits", TABLES, buckets=1)
    limits, clock = make(MemoryCounters(capacity=8) if kind == "memory" else file)
    for name in range(7):
        for _ in range(11):
            limits.count("sign_in_account", f"full {name}")
    assert 0 < guesses(limits, ["one", "two"]) <= 10
    assert limits.count("api_account", "victim").remaining == 299  # each rule has its own
    clock.advance(3600_000)
    assert guesses(limits, []) == 10
    file.close()


def test_rules_before_a_password_or_a_code_lose_no_count() -> None:
    guarding = {
        name
        for name in DEFAULT_RULES
        if name.startswith(("sign_in_", "second_factor_", "password_"))
    }
    assert guarding == set(NEVER_LOST)


def test_who_shares_a_bucket_is_another_in_each_file(tmp_path: Path) -> None:
    files = [FileCounters(tmp_path / name) for name in ("one", "two")]
    again = FileCounters(tmp_path / "one")
    one, two = (each.secret for each in files)
    assert len(one) == 32
    assert again.secret == one != two
    for each in (*files, again):
        each.close()


def test_a_file_of_another_form_is_replaced_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "limits"
    path.write_bytes(b"\0" * (1 << 20))
    with path.open("rb") as mapped:
        counters = [FileCounters(path, TABLES) for _ in range(2)]
        assert [each.add(7, NOW + 10, NOW, 1) for each in counters] == [1, 2]
        assert mapped.read() == b"\0" * (1 << 20)
    larger = FileCounters(path, TABLES + 1)
    assert larger.add(7, NOW + 10, NOW, 1) == 1
    for each in (*counters, larger):
        each.close()
