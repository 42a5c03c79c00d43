"""What follows from the counts: how each signal has done, and several as one. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from rostra.safety.tallies.model import TENTHS, Doing, Harm, Measure, Row, Span

_PLAIN = {
    Measure.FOUND: "found",
    Measure.ABOVE: "above",
    Measure.FAILED: "failed",
    Measure.CAUGHT: "caught",
    Measure.OVERDONE: "overdone",
    Measure.MISSED: "missed",
    Measure.PASSED: "passed",
}


def span_of(at: int, rows: Iterable[Row]) -> Span:
    """What was counted within a span of time that begins then (UTC ms)."""
    by_who: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_who[row.signal, row.version].append(row)
    found = {who: _doing(*who, counted) for who, counted in sorted(by_who.items())}
    together = found.pop(("", ""), Doing())
    return Span(at=at, together=together, signals=tuple(found.values()))


def _doing(signal: str, version: str, rows: Iterable[Row]) -> Doing:
    plain: Counter[str] = Counter()
    times: Counter[int] = Counter()
    above: Counter[str] = Counter()
    tenths: dict[str, Counter[int]] = defaultdict(Counter)
    for row in rows:
        measure = Measure(row.measure)
        if measure is Measure.TOOK:
            times[row.bucket] += row.count
        elif measure is Measure.SCORED:
            tenths[row.harm][row.bucket] += row.count
        elif measure is Measure.REACHED:
            above[row.harm] += row.count
        else:
            plain[_PLAIN[measure]] += row.count
    harms = {
        harm: Harm(tenths=tuple(counts[at] for at in range(TENTHS)), above=above[harm])
        for harm, counts in sorted(tenths.items())
    }
    return Doing(signal=signal, version=version, times=times, harms=harms, **plain)


def added(doings: Sequence[Doing], signal: str = "", version: str = "") -> Doing:
    """Several as one: of more than one day, or of more than one version."""
    times: Counter[int] = Counter()
    harms: dict[str, list[Harm]] = defaultdict(list)
    for each in doings:
        times.update(each.times)
        for harm, found in each.harms.items():
            harms[harm].append(found)
    return Doing(
        signal=signal,
        version=version,
        times=times,
        harms={harm: _harm(found) for harm, found in sorted(harms.items())},
        **{name: sum(getattr(each, name) for each in doings) for name in _PLAIN.values()},
    )


def _harm(found: Sequence[Harm]) -> Harm:
    """Several as one."""
    return Harm(
        tenths=tuple(sum(column) for column in zip(*(each.tenths for each in found), strict=True)),
        above=sum(each.above for each in found),
    )


def by_version(spans: Iterable[Span]) -> list[Doing]:
    """Each signal by each version over all these spans, by name."""
    found: dict[tuple[str, str], list[Doing]] = defaultdict(list)
    for span in spans:
        for each in span.signals:
            found[each.signal, each.version].append(each)
    return [added(found[who], *who) for who in sorted(found)]


def by_signal(doings: Iterable[Doing]) -> list[Doing]:
    """Each signal, whatever its versions, by name."""
    found: dict[str, list[Doing]] = defaultdict(list)
    for each in doings:
        found[each.signal].append(each)
    return [added(found[name], name) for name in sorted(found)]
