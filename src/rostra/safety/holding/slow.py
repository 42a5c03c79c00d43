"""Whether a rule slows down somebody: not whoever is slow already, nor who switches rules."""

from rostra.network.accounts.limits import Slow
from rostra.network.credentials.model import Role
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import ActionKind
from rostra.safety.edge import Transaction
from rostra.safety.rules.outcome import Effect, EffectKind
from rostra.safety.subjects import SubjectKind
from rostra.safety.team import access as team_access

Wanted = dict[EffectKind, Effect]


async def fitting(tx: Transaction, account_id: int, wanted: Wanted) -> Wanted:
    """What a rule wants, with its slow-down or what comes in its place. Two statements.

    Whoever posts on while they are slow enough is not told of a further decision at each post. No
    rule decides about an admin or an owner: somebody looks at it.
    """
    asked = wanted[EffectKind.SLOW]
    others: Wanted = {kind: each for kind, each in wanted.items() if kind != EffectKind.SLOW}
    if (await team_access.actor(tx, account_id)).role >= Role.ADMIN:
        case = Effect(kind=EffectKind.CASE, category=asked.category)
        return {EffectKind.CASE: case, **others}
    in_force = await decisions_access.in_force_on(tx, SubjectKind.ACCOUNT, [account_id])
    rate = Slow(asked.posts, asked.per_ms).rate
    slow_enough = any(
        Slow(each.what.posts, each.what.per_ms).rate <= rate
        for each in in_force
        if each.action == ActionKind.SLOW
    )
    return others if slow_enough else wanted
