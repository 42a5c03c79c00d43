"""Members are told of what was decided about them. Hears `MembersTold`; the writer of links."""

from rostra.network.accounts.events import AccountRemoved
from rostra.network.notifications.of_decisions import warn
from rostra.safety.decisions.events import MembersTold
from rostra.safety.edge import Services, Transaction
from rostra.safety.statements import queries
from rostra.safety.statements.letters import leave_letters
from rostra.safety.statements.model import Statement


async def members_told(services: Services, tx: Transaction, event: MembersTold) -> None:
    """Tell them in the app, and leave the letters to jobs."""
    told = await tx.all(
        queries.OF_DECISION, decision=event.decision_id, accounts=list(event.account_ids)
    )
    await warn(tx, told)
    await leave_letters(services, tx, [statement_id for _, statement_id in told])


async def mark_read(services: Services, tx: Transaction, statement: Statement) -> None:
    """Remember when the member first read it."""
    await tx.run(queries.READ, id=statement.id, now=services.clock.now())


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget what the member was told."""
    for statement in queries.FORGET:
        await tx.run(statement, account=event.account_id)
