"""What tests of clusters do again and again."""

from typing import Any

from tests.harness.neighbours import Place
from tests.safety.moderating import queue, report

from rostra.safety.cases.model import Case
from rostra.safety.clusters import access
from rostra.safety.clusters.model import Cluster, Placed

FLOOD = (
    "They sold our town. Saturday at noon we meet at the old market square, bring rope and make "
    "the mayor pay for what he did!"
)


async def told(place: Place, *texts: str) -> list[Case]:
    """A case for each of these posts, of different members, in this order."""
    ann = await place.member(f"teller{place.clock.now()}")
    ids = []
    for at, text in enumerate(texts):
        who = await place.member(f"author{at}x{place.clock.now()}")
        post = await who.post(text)
        await report(ann, who, post["id"], harm="hate")
        ids.append(int(post["id"]))
    by_subject = {case.subject_id: case for case in await queue(place)}
    return [by_subject[each] for each in ids]


async def spots(place: Place, cases: list[Case]) -> list[Placed]:
    """Where they stand."""
    async with place.db.read() as reader:
        found = await access.places(reader, [case.id for case in cases])
    return [found[case.id] for case in cases]


async def cluster(place: Place, case: Case) -> Cluster:
    """The cluster of a case."""
    (spot,) = await spots(place, [case])
    async with place.db.read() as reader:
        return await access.one(reader, spot.cluster_id)


async def doing(place: Place, verb: Any, *args: Any, **more: Any) -> Any:
    """A verb, in a transaction of its own."""
    async with place.db.write() as tx:
        return await verb(place.services, tx, *args, **more)
