"""Many numbers counted in few buckets, each wider than the one before, so that counts add up."""

from collections.abc import Mapping
from math import ceil, log, sqrt
from typing import NamedTuple


class Buckets(NamedTuple):
    """Where the buckets begin and end.

    Attributes:
        least: what is smaller is counted as this.
        most: what is larger is counted as this.
        ratio: how many times as wide as the one before a bucket is.
    """

    least: int
    most: int
    ratio: float = 1.15

    def of(self, number: int) -> int:
        """Which bucket a number belongs to, from 0 on."""
        within = min(self.most, max(self.least, number))
        return int(log(within / self.least) / log(self.ratio))

    def middle(self, bucket: int) -> int:
        """The number that stands for a bucket: at 1.15 none of it is further away than 8 %."""
        return round(self.least * self.ratio**bucket * sqrt(self.ratio))

    def percentile(self, counts: Mapping[int, int], share: float) -> int | None:
        """The number that this share does not exceed, by how many fell into each bucket.

        None where nothing was counted.
        """
        wanted, seen = ceil(sum(counts.values()) * share), 0
        for bucket in sorted(counts):
            seen += counts[bucket]
            if seen >= wanted:
                return self.middle(bucket)
        return None
