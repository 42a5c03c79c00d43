"""What `python -m bench.clusters` measures must not become worse unseen."""

import pytest
from tests.safety.clusters.corpus import Example, Part, floods, varied, written

from rostra.safety.clusters.compare import Place, content_of, relate

MARKS = 2


def taken_for(example: Example) -> str:
    leader, other = content_of(example.flood.text), content_of(example.text)
    if not set(leader.kept) & set(other.asked):
        return "other"
    marks = {key for key in leader.kept if key >> 61 == MARKS} & set(other.asked)
    relation = relate(leader.traits, other.traits, shared_marks=len(marks))
    if relation is None:
        return "other"
    return "member" if relation.place is Place.MEMBER else "outlier"


@pytest.mark.parametrize(("part", "floor"), [("tuned", 0.94), ("held-out", 0.88)])
def test_hand_written_texts(part: Part, floor: float) -> None:
    got = [(example.label, taken_for(example)) for example in written(part)]
    for label in ("member", "outlier"):
        right = got.count((label, label))
        assert right >= floor * sum(truth == label for truth, _ in got)
        assert right >= floor * sum(taken == label for _, taken in got)
    assert got.count(("other", "member")) == 0


@pytest.mark.parametrize("part", ["tuned", "held-out"])
def test_copies_made_by_the_tricks_of_floods(part: Part) -> None:
    made = [example for flood in floods(part) for example in varied(flood, 25)]
    assert sum(taken_for(example) == "member" for example in made) >= 0.94 * len(made)
