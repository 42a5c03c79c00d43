"""Programs elsewhere that are asked about posts: how they are doing."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.api.mastodon.times import iso_or_none
from rostra.api.safety.common import BASE, READ, actor_of
from rostra.safety.adapters import access
from rostra.safety.team.model import Permission


class AdapterEntity(msgspec.Struct, frozen=True, kw_only=True):
    """An adapter, and what became of posts in the last seven days."""

    name: str
    form: str
    host: str
    model: str
    visibilities: tuple[str, ...]
    share: float
    state: str  # new, answering, failing, resting, probing
    retry_at: str | None
    answered_at: str | None
    failed_at: str | None
    failure: str
    waiting: int
    most_waiting: int
    answered: int
    late: int
    failed: int
    given_up: int
    skipped: int
    mean_ms: int | None
    slowest_ms: int | None


async def index(call: Call[Any]) -> list[AdapterEntity]:
    """How every adapter is doing."""
    async with call.services.db.read() as reader:
        await actor_of(call, reader, Permission.SEE_CASES)
        now = call.services.clock.now()
        return [_entity(each, now) for each in await access.doing(call.services, reader)]


def _entity(found: access.Doing, now: int) -> AdapterEntity:
    adapter, circuit, figures = found.adapter, found.circuit, found.figures
    return AdapterEntity(
        name=adapter.name,
        form=adapter.form,
        host=found.host,
        model=adapter.model,
        visibilities=adapter.visibilities,
        share=adapter.share,
        state=found.state,
        retry_at=iso_or_none(circuit.retry_at if circuit.retry_at > now else 0),
        answered_at=iso_or_none(circuit.answered_at),
        failed_at=iso_or_none(circuit.failed_at),
        failure=circuit.failure,
        waiting=found.waiting,
        most_waiting=adapter.most_waiting,
        answered=figures.answered,
        late=figures.late,
        failed=figures.failed,
        given_up=figures.given_up,
        skipped=figures.skipped,
        mean_ms=figures.mean_ms,
        slowest_ms=figures.slowest_ms or None,
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        f"{BASE}/adapters",
        index,
        auth=Auth.USER,
        scopes=READ,
        answer=list[AdapterEntity],
        summary="How programs elsewhere that are asked about posts are doing",
    ),
)
