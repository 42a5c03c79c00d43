"""The team assigns reports and calls them something else, for tools that work report by report."""

from collections.abc import Sequence

from rostra.kernel.errors import Invalid
from rostra.safety.categories.facts import FROM_MASTODON
from rostra.safety.categories.model import MastodonCategory
from rostra.safety.edge import Transaction
from rostra.safety.reports import access, queries
from rostra.safety.reports.file import MAX_RULES


async def assign(tx: Transaction, report_id: int, to_id: int) -> None:
    """Note who of the team looks at a report; 0: nobody.

    Raises:
        NotFound: there is none.
    """
    await access.one(tx, report_id)
    await tx.run(queries.ASSIGN, id=report_id, to=to_id)


async def recategorise(
    tx: Transaction, report_id: int, word: str | None, rule_ids: Sequence[int] | None
) -> None:
    """Say what a report is about in Mastodon's words; None: as it is. Its cases stay as they are.

    Raises:
        NotFound: there is none.
        Invalid: on `category` or `rule_ids`.
    """
    found = await access.one(tx, report_id)
    if word is not None and word != found.row.wire_category:
        if word not in list(MastodonCategory):
            raise Invalid("category", "is not included in the list", "ERR_INCLUSION")
        category = FROM_MASTODON[MastodonCategory(word)]
        await tx.run(queries.RECATEGORISE, id=report_id, category=int(category), wire_category=word)
    if rule_ids is not None:
        if len(rule_ids) > MAX_RULES:
            raise Invalid("rule_ids", f"are too many (most: {MAX_RULES})", "ERR_TOO_MANY")
        await tx.run(queries.DROP_RULES, id=report_id)
        rows = [{"report_id": report_id, "rule_id": each} for each in sorted(set(rule_ids))]
        await tx.run_many(queries.ADD_RULE, rows)


async def set_aside(tx: Transaction, report_id: int) -> None:
    """Nobody looks at this report: it opens no case, and its reporter is not listened to."""
    await tx.run(queries.SET_ASIDE, id=report_id)
