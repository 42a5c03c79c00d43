"""Somebody reports something. The only writer of reports, beside their outcome."""

from collections.abc import Sequence

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text.clean import normalise
from rostra.network.accounts import access as accounts_access
from rostra.network.posts import access as posts_access
from rostra.safety.categories.facts import FROM_MASTODON, facts_of
from rostra.safety.categories.model import Category, MastodonCategory, Sender, Severity
from rostra.safety.edge import Services, Transaction
from rostra.safety.house_rules.harms import worst_of
from rostra.safety.reports import access, flaggers, queries
from rostra.safety.reports.events import Reported
from rostra.safety.reports.model import Record, Report, ReportRow, ReportState, Said
from rostra.safety.reports.weight import weight_of

MAX_COMMENT = 1_000
"""Characters that a member may write, as in Mastodon."""

MAX_EXPLANATION = 3_000
"""Characters that somebody may write who has to say why something is illegal."""

MAX_POSTS = 100
"""Posts that one report may name."""

MAX_RULES = 50


async def report(services: Services, tx: Transaction, said: Said) -> Report:
    """Write down what somebody says, and let the cases of what is meant be opened or joined.

    A member reports what they can see. Whoever is not listened to at the moment may report; it
    weighs nothing and opens no case, unless it is about the gravest harm.

    Raises:
        NotFound: there is no such account for the member, or it wrote no such posts.
        Invalid: on `comment`, `category`, `status_ids` or `rule_ids`.
    """
    comment = normalise(said.comment).strip()
    most = MAX_COMMENT if said.source is Sender.MEMBER else MAX_EXPLANATION
    if len(comment) > most:
        raise Invalid("comment", f"is too long (most: {most} characters)", "ERR_TOO_LONG")
    category, wire = await _category(tx, said)
    post_ids = await _posts(tx, said)
    if len(said.rule_ids) > MAX_RULES:
        raise Invalid("rule_ids", f"are too many (most: {MAX_RULES})", "ERR_TOO_MANY")
    await _take_turn(tx)
    source = await _source(tx, said)
    now = services.clock.now()
    muted = (await access.standing(tx, said.reporter_id)).muted_until > now
    row = ReportRow(
        id=services.ids.next(),
        source=int(source),
        account_id=said.reporter_id,
        target_account_id=said.target_account_id,
        category=int(category),
        wire_category=wire,
        comment=comment,
        forwarded=int(said.forwarded),
        weight=0 if muted else await _weight(tx, said, source),
        state=int(ReportState.OPEN),
        decision_id=0,
        assigned_to=0,
        decided_at=0,
        created_at=now,
    )
    rule_ids = tuple(sorted(set(said.rule_ids)))
    await _write(tx, row, post_ids, rule_ids)
    made = Report(row, post_ids, rule_ids)
    set_aside = muted and facts_of(category).severity is not Severity.CRITICAL
    await tx.emit(_told(made, said.deadline_at, set_aside=set_aside))
    return made


def _told(made: Report, deadline_at: int, *, set_aside: bool) -> Reported:
    row = made.row
    return Reported(
        report_id=row.id,
        source=row.source,
        reporter_id=row.account_id,
        target_account_id=row.target_account_id,
        category=row.category,
        weight=row.weight,
        subjects=made.subjects,
        deadline_at=deadline_at,
        set_aside=set_aside,
    )


async def _take_turn(tx: Transaction) -> None:
    """Wait for reports that are being written; on SQLite all that write take turns anyway.

    Two of the same words would found two clusters, two of several posts lock cases crosswise.
    """
    if tx.dialect == "postgresql":
        await tx.value(queries.TURN)


async def _category(tx: Transaction, said: Said) -> tuple[Category, str]:
    """Ours and Mastodon's, where one of them or none was named; apps name rules of the house."""
    if said.category is not None:
        return said.category, said.wire_category or facts_of(said.category).mastodon.value
    word = said.wire_category or ("violation" if said.rule_ids else "other")
    if word not in list(MastodonCategory):
        raise Invalid("category", "is not included in the list", "ERR_INCLUSION")
    meant = await worst_of(tx, said.rule_ids[:MAX_RULES])
    return meant or FROM_MASTODON[MastodonCategory(word)], word


async def _posts(tx: Transaction, said: Said) -> tuple[int, ...]:
    """The posts that are meant, each once."""
    wanted = sorted(set(said.post_ids))
    if len(wanted) > MAX_POSTS:
        raise Invalid("status_ids", f"are too many (most: {MAX_POSTS})", "ERR_TOO_MANY")
    if said.source is Sender.MEMBER:
        await accounts_access.public(tx, said.reporter_id, said.target_account_id)
        seen = await posts_access.rows(tx, said.reporter_id, wanted)
        found = [each for each in wanted if each in seen]
    else:
        found = wanted
    owned = set(
        await tx.all(queries.OWNED, ids=found, account=said.target_account_id) if found else ()
    )
    missing = set(wanted) - owned
    if missing:
        raise NotFound(f"posts {sorted(missing)[:5]} of account {said.target_account_id}")
    return tuple(wanted)


async def _source(tx: Transaction, said: Said) -> Sender:
    """What a member says whom the team trusts goes first."""
    if said.source is Sender.MEMBER and await flaggers.trusts_member(tx, said.reporter_id):
        return Sender.TRUSTED_FLAGGER
    return said.source


async def _weight(tx: Transaction, said: Said, source: Sender) -> int:
    if said.weightless:
        return 0
    if not said.reporter_id:
        return weight_of(source, Record())
    return weight_of(source, await access.record(tx, said.reporter_id))


async def _write(
    tx: Transaction, row: ReportRow, post_ids: Sequence[int], rule_ids: Sequence[int]
) -> None:
    await tx.run(queries.ADD, **{name: getattr(row, name) for name in row.__struct_fields__})
    await tx.run_many(
        queries.ADD_POST, [{"report_id": row.id, "post_id": post_id} for post_id in post_ids]
    )
    await tx.run_many(
        queries.ADD_RULE, [{"report_id": row.id, "rule_id": rule_id} for rule_id in rule_ids]
    )
