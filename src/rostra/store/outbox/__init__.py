"""Durable jobs: enqueued in the caller's transaction, run by workers, told apart by kind.

See docs/jobs.md for what is promised.
"""

from rostra.store.outbox.dead import DeadJob, Figures, dead_jobs, discard, figures, requeue
from rostra.store.outbox.kinds import JobKind, Kinds
from rostra.store.outbox.metrics import JobMetrics, NoMetrics, Outcome
from rostra.store.outbox.queue import WAKE_TOPIC, Outbox
from rostra.store.outbox.worker import Worker

__all__ = [
    "WAKE_TOPIC",
    "DeadJob",
    "Figures",
    "JobKind",
    "JobMetrics",
    "Kinds",
    "NoMetrics",
    "Outbox",
    "Outcome",
    "Worker",
    "dead_jobs",
    "discard",
    "figures",
    "requeue",
]
