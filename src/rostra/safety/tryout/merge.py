"""Results of parts become the result of the whole. Each author stands in one part alone."""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence

from rostra.safety.tryout.model import Group, Result, Sample, Side


def drawn(samples: Iterable[Sample], most: int) -> tuple[Sample, ...]:
    """At most so many, the same ones however they were cut into parts."""
    return tuple(heapq.nsmallest(most, samples, key=lambda each: each.place))


def merged(parts: Sequence[Result], *, samples: int) -> Result:
    """The result of all parts, each of which has the same rules."""
    return Result(
        seen=sum(each.seen for each in parts),
        members=sum(each.members for each in parts),
        edited=sum(each.edited for each in parts),
        decided=sum(each.decided for each in parts),
        acted=sum(each.acted for each in parts),
        sides=tuple(
            _side(of_one, samples) for of_one in zip(*(each.sides for each in parts), strict=True)
        ),
        both=_group([each.both for each in parts], samples),
        first_only=_group([each.first_only for each in parts], samples),
        second_only=_group([each.second_only for each in parts], samples),
    )


def _group(parts: Sequence[Group], samples: int) -> Group:
    return Group(
        sum(each.posts for each in parts),
        sum(each.members for each in parts),
        drawn((sample for each in parts for sample in each.samples), samples),
    )


def _side(parts: Sequence[Side], samples: int) -> Side:
    missing: Counter[str] = Counter()
    for each in parts:
        missing.update(each.missing)
    return Side(
        caught=_group([each.caught for each in parts], samples),
        skipped=sum(each.skipped for each in parts),
        missing=dict(sorted(missing.items())),
        right=sum(each.right for each in parts),
        wrong=sum(each.wrong for each in parts),
        sought=sum(each.sought for each in parts),
        found=sum(each.found for each in parts),
        timed=sum(each.timed for each in parts),
        took_ns=sum(each.took_ns for each in parts),
    )
