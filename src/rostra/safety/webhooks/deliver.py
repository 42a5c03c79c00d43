"""Tells an endpoint, again with longer and longer pauses until it has taken it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import msgspec

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import NotFound
from rostra.outside.http import FetchFailed, FetchRefused
from rostra.safety.appeals import access as appeals
from rostra.safety.decisions import access as decisions
from rostra.safety.edge import Reader, Services, Transaction
from rostra.safety.notices import access as notices
from rostra.safety.reports import access as reports
from rostra.safety.webhooks import queries
from rostra.safety.webhooks.model import Delivery, DeliveryState, Webhook
from rostra.safety.webhooks.secrets import signatures
from rostra.safety.webhooks.tell import Deliver
from rostra.store.outbox.kinds import JobKind

ATTEMPTS: Final = 12  # over seventeen hours
KEPT: Final = 500  # deliveries of an endpoint that its log shows
_KEPT_FOR: Final = 14 * DAY
_GONE: Final = 410
_SUCCESS: Final = range(200, 300)
_LONGEST_FAILURE: Final = 200
_encode = msgspec.json.Encoder().encode


class Tidy(msgspec.Struct, frozen=True):
    """Let the log of deliveries not grow."""


class _Outcome(NamedTuple):
    """What became of one try; `for_good`: another one changes nothing."""

    status: int
    failure: str = ""
    for_good: bool = False


async def deliver(services: Services, job: Deliver) -> None:
    """Send one delivery.

    Raises:
        FetchFailed: the endpoint did not take it; the job runs again, and is a dead letter at last.
        Unavailable: the egress gate is closed, or the key can't be read.
    """
    async with services.db.read() as reader:
        found = await reader.first(queries.DELIVERY, id=job.delivery_id)
        if found is None or found.state != DeliveryState.WAITING:
            return
        hook = await reader.first(queries.ONE, id=found.webhook_id)
        if hook is None:
            return
        body = await _body(reader, hook, found)
    outcome = await _sent(services, hook, found, body)
    await _note(services, hook, found, outcome)
    if outcome.failure and not outcome.for_good:
        raise FetchFailed(f"webhook {hook.id}: {outcome.failure}")


async def _sent(services: Services, hook: Webhook, found: Delivery, body: bytes) -> _Outcome:
    if not hook.enabled:
        return _Outcome(0, "the endpoint is switched off", for_good=True)
    now = services.clock.now()
    timestamp = str(now // 1000)
    headers = {
        "content-type": "application/json",
        "x-rostra-event": found.event,
        "x-rostra-delivery": str(found.id),
        "x-rostra-timestamp": timestamp,
        "x-rostra-signature": signatures(services, hook, timestamp, body, now),
    }
    try:
        answer = await services.webhooks.request("POST", hook.url, headers=headers, content=body)
    except FetchRefused as error:
        return _Outcome(0, str(error), for_good=True)
    except FetchFailed as error:
        return _Outcome(0, str(error))
    if answer.status in _SUCCESS:
        return _Outcome(answer.status)
    return _Outcome(answer.status, f"it answered {answer.status}", answer.status == _GONE)


async def _note(services: Services, hook: Webhook, found: Delivery, outcome: _Outcome) -> None:
    """Write down what became of it; an endpoint that says it is gone is told no more."""
    attempts = found.attempts + 1
    over = outcome.for_good or attempts >= ATTEMPTS
    failed = DeliveryState.GIVEN_UP if over else DeliveryState.WAITING
    async with services.db.write() as tx:
        await tx.run(
            queries.TRIED,
            id=found.id,
            state=int(failed if outcome.failure else DeliveryState.DELIVERED),
            attempts=attempts,
            status=outcome.status,
            failure=outcome.failure[:_LONGEST_FAILURE],
            now=services.clock.now(),
        )
        if outcome.status == _GONE:
            await tx.run(queries.END, id=hook.id, why=f"it answered {_GONE}: gone")


async def _body(reader: Reader, hook: Webhook, found: Delivery) -> bytes:
    """The same for every try, but for what people wrote, where that goes along."""
    about = msgspec.json.decode(found.object, type=dict[str, Any])
    moment = datetime.fromtimestamp(found.created_at / 1000, UTC)
    told: dict[str, object] = {
        "id": str(found.id),
        "event": found.event,
        "created_at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "object": about,
    }
    if hook.with_content:
        told["content"] = await _content(reader, about)
    return _encode(told)


async def _content(reader: Reader, about: Mapping[str, Any]) -> dict[str, str]:
    """What people wrote, as far as it is still there."""
    found: dict[str, str] = {}
    try:
        if report_id := about.get("report_id"):
            found["comment"] = (await reports.one(reader, int(report_id))).row.comment
        if letter_id := about.get("letter_id"):
            letter = await notices.one(reader, int(letter_id))
            found |= {"subject": letter.subject, "reference": letter.reference}
        if decision_id := about.get("undo_id") or about.get("decision_id"):
            decision = await decisions.one(reader, int(decision_id))
            found |= {"facts": decision.facts, "words": decision.words, "clause": decision.clause}
    except NotFound:
        return found
    if appeal_id := about.get("appeal_id"):
        said = (await appeals.by_ids(reader, [int(appeal_id)])).get(int(appeal_id))
        if said is not None:
            found |= {"text": said.text, "answer": said.answer}
    return found


async def tidy(services: Services, tx: Transaction, _job: Tidy) -> None:
    """Forget what is old, and of each endpoint what is beyond its newest deliveries."""
    await tx.run(queries.DROP_OLD, before=services.clock.now() - _KEPT_FOR)
    for hook in await tx.all(queries.ALL):
        beyond = await tx.first(queries.BEYOND, id=hook.id, kept=KEPT)
        if beyond is not None:
            await tx.run(queries.DROP_BEYOND, id=hook.id, from_id=beyond)


JOBS = (
    JobKind(
        "webhooks.deliver",
        Deliver,
        deliver,
        attempts=ATTEMPTS,
        timeout_s=30.0,
        first_retry_s=30.0,
        slowest_retry_s=8 * HOUR / 1000,
    ),
    JobKind("webhooks.tidy", Tidy, tidy, transactional=True, every_ms=HOUR),
)
