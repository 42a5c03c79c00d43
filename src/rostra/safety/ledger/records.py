"""What a line commits to, read from the rows of the decision or the appeal."""

from collections.abc import Sequence

from rostra.safety.appeals.model import Appeal
from rostra.safety.decisions.model import Decision
from rostra.safety.edge import Reader
from rostra.safety.ledger import queries
from rostra.safety.ledger.commitments import Fact, merkle_root
from rostra.safety.ledger.model import SubjectRow

# What of a decision never changes once it is made.
_FIELDS = (
    "id",
    "kind",
    "undoes_id",
    "case_id",
    "cluster_id",
    "actions",
    "category",
    "ground",
    "clause_id",
    "clause",
    "legal_ground",
    "facts",
    "words",
    "language",
    "source",
    "machine_found",
    "machine_decided",
    "rule_id",
    "strikes",
    "strikes_until",
    "ends_at",
    "actor_id",
    "second_id",
    "subjects_count",
    "created_at",
)


def record_of(decision: Decision, root: str) -> dict[str, Fact]:
    """The facts of a decision; `root` stands for all its subjects, in hexadecimal digits."""
    record: dict[str, Fact] = {name: getattr(decision, name) for name in _FIELDS}
    if decision.clause_version:  # older decisions name none
        record["clause_version"] = decision.clause_version
    if decision.panel_id:  # older lines know of no panels
        record["panel_id"] = decision.panel_id
    return {"what": "decision", **record, "subjects": root}


# What of an appeal never changes: first once it is made, then once it is answered.
_FILED = ("id", "decision_id", "account_id", "report_id", "text", "due_at", "created_at")
_ANSWERED = ("id", "decision_id", "state", "answer", "actor_id", "undo_id", "answered_at")


def filed_of(appeal: Appeal) -> dict[str, Fact]:
    """The facts of an appeal."""
    return {"what": "appeal", **{name: getattr(appeal, name) for name in _FILED}}


def answered_of(appeal: Appeal) -> dict[str, Fact]:
    """The facts of its answer."""
    return {"what": "answer", **{name: getattr(appeal, name) for name in _ANSWERED}}


def leaf_of(subject: SubjectRow) -> bytes:
    """One subject below the root."""
    return f"{subject.subject_kind}:{subject.subject_id}:{subject.account_id}".encode()


def root_of(subjects: Sequence[SubjectRow]) -> str:
    """One hash over all subjects, in the order of kinds and numbers."""
    return merkle_root([leaf_of(subject) for subject in subjects]).hex()


async def root(reader: Reader, decision_id: int) -> str:
    """The root over the subjects of a decision."""
    return root_of(await reader.all(queries.SUBJECTS, decision=decision_id))
