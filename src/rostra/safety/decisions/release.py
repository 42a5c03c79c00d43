"""What a decision about many does is taken back for one member of them, and stays for the others.

What lifts it is the answer to their appeal, which is the record of it.
"""

from rostra.safety.decisions import queries
from rostra.safety.decisions.apply import enforce
from rostra.safety.decisions.model import Decision
from rostra.safety.edge import Services, Transaction
from rostra.safety.subjects import Subject
from rostra.safety.team.model import Actor, Permission


async def release(
    services: Services, tx: Transaction, actor: Actor, decision: Decision, account_id: int
) -> None:
    """End what a decision does to one member and what is theirs; its strikes count no more.

    Raises:
        Forbidden: it is not theirs to take back.
    """
    actor.require(Permission.UNDO)
    of_one = {"id": decision.id, "account": account_id}
    left = await tx.all(queries.LEFT_OF_ACCOUNT, **of_one)
    await tx.run(queries.END_OF_ACCOUNT, **of_one, now=services.clock.now())
    await tx.run(queries.RELEASE_SUBJECTS, **of_one)
    await tx.run(queries.RELEASE_STATEMENT, **of_one, now=services.clock.now())
    await enforce(services, tx, [Subject(kind, subject_id) for kind, subject_id in left])
