"""The SQL of the ledger, private to this slice."""

from typing import Any

from sqlalchemy import LargeBinary, and_, bindparam, exists, not_, or_, select

from rostra.safety.decisions.model import DecisionState
from rostra.safety.ledger.chain import Entry, EntryKind, Head
from rostra.safety.ledger.checkpoints import Checkpoint
from rostra.safety.ledger.model import Salt, SubjectRow
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.ledger import ledger, ledger_checkpoints, ledger_heads, ledger_salts
from rostra.store.tables.safety import appeals, decision_subjects, decisions

SEQ, AT, ACCOUNT, AFTER, LIMIT = map(number, ("seq", "at", "account", "after", "limit"))
_head = [ledger_heads.c.seq, ledger_heads.c.at, ledger_heads.c.hash]
_line = [ledger.c[name] for name in Entry.__struct_fields__]
_salt = [ledger_salts.c[name] for name in Salt.__struct_fields__]
_point: list[Any] = [
    ledger_checkpoints.c[name] for name in ("origin", "seq", "hash", "at", "key_id", "signature")
]


def _hash(name: str) -> Any:
    return bindparam(name, type_=LargeBinary())


HEAD = query(select(*_head).where(ledger_heads.c.id == const(1)), Head)
# Whoever adds a line has locked the end until it is on disk, so that two never follow one line.
LOCKED_HEAD = query(select(*_head).where(ledger_heads.c.id == const(1)).with_for_update(), Head)
START_HEAD = insert_or_ignore(ledger_heads)
SET_HEAD = query(
    ledger_heads.update()
    .where(ledger_heads.c.id == const(1))
    .values(seq=SEQ, at=AT, hash=_hash("hash"))
)
ADD = insert(ledger)
ADD_SALT = insert(ledger_salts)

LINES = query(select(*_line).where(ledger.c.seq > AFTER).order_by(ledger.c.seq).limit(LIMIT), Entry)
SALTS = query(
    select(*_salt)
    .where(ledger_salts.c.seq > AFTER, ledger_salts.c.seq <= number("until"))
    .order_by(ledger_salts.c.seq),
    Salt,
)
SUBJECTS = query(
    select(*[decision_subjects.c[name] for name in SubjectRow.__struct_fields__])
    .where(decision_subjects.c.decision_id == number("decision"))
    .order_by(decision_subjects.c.subject_kind, decision_subjects.c.subject_id),
    SubjectRow,
)
# Decisions that were made and stand in no line. Those of members who are gone are among them.
UNRECORDED = query(
    select(decisions.c.id)
    .where(
        not_(decisions.c.state.in_([const(DecisionState.PROPOSED), const(DecisionState.REFUSED)])),
        not_(exists(select(const(1)).where(ledger_salts.c.ref_id == decisions.c.id))),
    )
    .order_by(decisions.c.id)
    .limit(LIMIT),
    int,
)

# Appeals that stand in no line, and answers that don't. What members said goes with them.
_line_of = select(const(1)).select_from(
    ledger_salts.join(ledger, ledger.c.seq == ledger_salts.c.seq)
)


def _told(kind: EntryKind) -> Any:
    return exists(
        _line_of.where(ledger_salts.c.ref_id == appeals.c.id, ledger.c.kind == const(kind))
    )


UNRECORDED_APPEALS = query(
    select(appeals.c.id)
    .where(
        or_(
            not_(_told(EntryKind.APPEALED)),
            and_(appeals.c.state != const(0), not_(_told(EntryKind.ANSWERED))),
        )
    )
    .order_by(appeals.c.id)
    .limit(LIMIT),
    int,
)

POINTS = query(
    select(*_point)
    .where(ledger_checkpoints.c.seq < number("below"))
    .order_by(ledger_checkpoints.c.seq.desc())
    .limit(LIMIT),
    Checkpoint,
)
POINTS_AFTER = query(
    select(*_point)
    .where(ledger_checkpoints.c.seq > AFTER)
    .order_by(ledger_checkpoints.c.seq)
    .limit(LIMIT),
    Checkpoint,
)
ADD_POINT = insert(ledger_checkpoints)

_other = decision_subjects.alias("other")
_of_others = exists(
    select(const(1)).where(
        _other.c.decision_id == decision_subjects.c.decision_id, _other.c.account_id != ACCOUNT
    )
)
# The lines about what is a member's: decisions, and those that took them back. The second column
# tells whether they were about others too.
OF_MEMBER = query(
    select(ledger_salts.c.seq, _of_others)
    .select_from(
        decision_subjects.join(
            ledger_salts, ledger_salts.c.ref_id == decision_subjects.c.decision_id
        )
    )
    .where(decision_subjects.c.account_id == ACCOUNT)
    .distinct()
)
UNDONE_OF_MEMBER = query(
    select(ledger_salts.c.seq, _of_others)
    .select_from(
        decision_subjects.join(decisions, decisions.c.id == decision_subjects.c.decision_id).join(
            ledger_salts, ledger_salts.c.ref_id == decisions.c.undone_by
        )
    )
    .where(decision_subjects.c.account_id == ACCOUNT, decisions.c.undone_by != const(0))
    .distinct()
)
# What a member has objected to, and the answers: theirs alone.
APPEALS_OF_MEMBER = query(
    select(ledger_salts.c.seq, const(0))
    .select_from(appeals.join(ledger_salts, ledger_salts.c.ref_id == appeals.c.id))
    .where(appeals.c.account_id == ACCOUNT)
)
OF_APPEALS = query(select(ledger_salts.c.seq).where(in_ids(ledger_salts.c.ref_id, "ids")), int)
ERASE = query(
    ledger_salts.update()
    .where(ledger_salts.c.seq == SEQ)
    .values(
        ref_id=const(0),
        salt=_hash("nothing"),
        extra=bindparam("extra"),
        partial=const(0),
        erased_at=AT,
    )
)
PARTIAL = query(ledger_salts.update().where(ledger_salts.c.seq == SEQ).values(partial=const(1)))
TELL_ERASED = query(
    ledger_salts.update()
    .where(ledger_salts.c.erased_in == const(0), ledger_salts.c.erased_at > const(0))
    .values(erased_in=SEQ)
)
