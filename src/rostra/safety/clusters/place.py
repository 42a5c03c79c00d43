"""Puts a case where it belongs: into a cluster, as a member or an outlier, or by itself.

All of it is bounded: so many keys are asked for, each leads to so few cases, and so many of those
are compared.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from rostra.safety.cases import keep
from rostra.safety.clusters import queries, signature
from rostra.safety.clusters.compare import Content, Place, Relation, Traits, relate
from rostra.safety.clusters.content import Said
from rostra.safety.clusters.model import CaseClustered, bits_of
from rostra.safety.clusters.signs import unpacked
from rostra.safety.edge import Services, Transaction

MOST_A_KEY: Final = 32
"""A key leads to no more cases than that: what half of the place shares tells nothing apart."""

MOST_ROWS: Final = 4_000
MOST_COMPARED: Final = 24
_THOUSAND = 1000
_BY_PLACE = {Place.MEMBER: 2, Place.OUTLIER: 1, Place.TURNED: 0}


class _Leader(msgspec.Struct, frozen=True):
    """A case that others are compared with."""

    case_id: int
    cluster_id: int
    traits: Traits


class Spot(msgspec.Struct, frozen=True):
    """Where a case is put."""

    cluster_id: int = 0
    place: int = 0
    relation: Relation | None = None

    @property
    def columns(self) -> dict[str, int]:
        """The columns that say so."""
        relation = self.relation
        return {
            "cluster_id": self.cluster_id,
            "place": int(self.place),
            "alike": round(relation.alike * _THOUSAND) if relation else _THOUSAND,
            "reasons": bits_of(relation.reasons) if relation else 0,
        }


async def place(
    services: Services, tx: Transaction, case_id: int, account_id: int, said: Said
) -> None:
    """Put a case whose content is this where it belongs, and tell if that is a cluster."""
    shared, marks, busy = await _look_up(tx, case_id, said.content)
    leaders = await _leaders(tx, [each for each, _ in shared.most_common(MOST_COMPARED)])
    answered = await tx.all(queries.OF_POSTS, ids=said.about) if said.about else ()
    related = []
    for leader in leaders:
        answers = leader.cluster_id in answered
        relation = relate(
            leader.traits,
            said.content.traits,
            shared_marks=marks[leader.case_id],
            answers=answers,
        )
        if relation is not None:
            related.append((leader, relation))
    spot = await _choose(services, tx, case_id, related)
    await _write(services, tx, (case_id, account_id), said.content.traits, spot)
    if not spot.cluster_id or spot.relation is None:
        keys = [key for key in said.content.kept if busy[key] < MOST_A_KEY]
        await keep_keys(tx, case_id, keys)
    if spot.cluster_id:
        await _absorb(services, tx, spot, related)
        await tx.emit(CaseClustered(case_id, spot.cluster_id, int(spot.place)))


async def _look_up(
    tx: Transaction, case_id: int, content: Content
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """How many keys, and how many marks, other cases share with it; and how busy each key is."""
    shared, marks, busy = Counter[int](), Counter[int](), Counter[int]()
    if content.asked:
        found = await tx.all(queries.FIND, keys=sorted(set(content.asked)), limit=MOST_ROWS)
        for other, key in found:
            busy[key] += 1
            if other != case_id:
                shared[other] += 1
                marks[other] += signature.is_mark(key)
    return shared, marks, busy


async def _leaders(tx: Transaction, ids: Sequence[int], *, lock: bool = False) -> list[_Leader]:
    if not ids:
        return []
    statement = queries.TRAITS_LOCKED if lock else queries.TRAITS
    return [_leader(*row) for row in await tx.all(statement, ids=ids)]


def _leader(case_id: int, cluster_id: int, *columns: Any) -> _Leader:
    values, size, marks, signs, look = columns
    return _Leader(
        case_id, cluster_id, Traits(bytes(values), size, marks, unpacked(signs), bytes(look))
    )


async def _choose(
    services: Services,
    tx: Transaction,
    case_id: int,
    related: Iterable[tuple[_Leader, Relation]],
) -> Spot:
    """Where it belongs most: to what it is like, then to what it is about."""
    ranked = sorted(
        related,
        key=lambda pair: (_BY_PLACE[pair[1].place], bool(pair[0].cluster_id), pair[1].alike),
        reverse=True,
    )
    for leader, relation in ranked:
        if relation.place is not Place.TURNED:
            cluster_id = leader.cluster_id or await _found(services, tx, leader)
            await keep.set_cluster(tx, [case_id], cluster_id)
            return Spot(cluster_id, relation.place, relation)
        if not leader.cluster_id and (spot := await _turn(services, tx, case_id, leader, relation)):
            return spot
    return Spot()


async def _found(services: Services, tx: Transaction, leader: _Leader) -> int:
    """The cluster of a case that was alone until now."""
    (now,) = await _leaders(tx, [leader.case_id], lock=True)
    if now.cluster_id:
        return now.cluster_id  # another copy was quicker
    cluster_id = await _make(services, tx, leader.case_id)
    spot = Spot(cluster_id, Place.MEMBER)
    await put(services, tx, [leader.case_id], spot)
    await keep.set_cluster(tx, [leader.case_id], cluster_id)
    return cluster_id


async def _turn(
    services: Services, tx: Transaction, case_id: int, leader: _Leader, relation: Relation
) -> Spot | None:
    """Let the case lead: the one before it only speaks about what it says."""
    (now,) = await _leaders(tx, [leader.case_id], lock=True)
    if now.cluster_id:
        return None
    cluster_id = await _make(services, tx, case_id)
    about = Relation(Place.OUTLIER, relation.alike, relation.reasons)
    await put(services, tx, [leader.case_id], Spot(cluster_id, Place.OUTLIER, about))
    await tx.run(queries.FORGET_KEYS, ids=[leader.case_id])
    await keep.set_cluster(tx, [leader.case_id, case_id], cluster_id)
    return Spot(cluster_id, Place.MEMBER)


async def _absorb(
    services: Services,
    tx: Transaction,
    spot: Spot,
    related: Iterable[tuple[_Leader, Relation]],
) -> None:
    """Take in others that it is like and that are still alone: they came at the same instant."""
    if spot.place != Place.MEMBER or spot.relation is None:
        return
    alone = [
        leader
        for leader, relation in related
        if not leader.cluster_id and relation.place is Place.MEMBER
    ]
    for leader in await _leaders(tx, [each.case_id for each in alone], lock=True):
        if leader.cluster_id:
            continue
        like = Spot(spot.cluster_id, Place.MEMBER, spot.relation)
        await put(services, tx, [leader.case_id], like)
        await keep.set_cluster(tx, [leader.case_id], spot.cluster_id)
        await tx.emit(CaseClustered(leader.case_id, spot.cluster_id, int(Place.MEMBER)))


async def _make(services: Services, tx: Transaction, leader_id: int) -> int:
    cluster_id = services.ids.next()
    now = services.clock.now()
    await tx.run(queries.ADD, id=cluster_id, leader_id=leader_id, merged_into=0, created_at=now)
    return cluster_id


async def put(
    services: Services,
    tx: Transaction,
    case_ids: Sequence[int],
    spot: Spot,
    *,
    by: int = 0,
) -> None:
    """Write where cases stand."""
    columns = spot.columns
    await tx.run(
        queries.PLACE,
        ids=case_ids,
        cluster=columns.pop("cluster_id"),
        placed_by=by,
        placed_at=services.clock.now(),
        **columns,
    )


async def _write(
    services: Services, tx: Transaction, ids: tuple[int, int], traits: Traits, spot: Spot
) -> None:
    case_id, account_id = ids
    await tx.run(
        queries.PUT,
        case_id=case_id,
        account_id=account_id,
        **spot.columns,
        placed_by=0,
        placed_at=services.clock.now(),
        text_values=traits.values,
        size=traits.size,
        marks=traits.marks,
        signs=traits.signs.packed(),
        look=traits.look,
    )


async def keep_keys(tx: Transaction, case_id: int, keys: Iterable[int]) -> None:
    """Let a case be found under these keys."""
    await tx.run_many(queries.ADD_KEY, [{"key": key, "case_id": case_id} for key in set(keys)])
