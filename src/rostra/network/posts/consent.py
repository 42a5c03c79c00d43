"""What the author of a post lets others do with it. Asked only where a policy was set."""

from collections.abc import Sequence
from enum import IntEnum

from rostra.kernel.errors import Forbidden, Invalid
from rostra.network.edge import Reader, Transaction
from rostra.network.posts.edit import own
from rostra.network.posts.interaction import (
    Circle,
    DefaultPolicies,
    InteractionPolicy,
    Kind,
    defaults_of,
    kept,
    stored_defaults,
)
from rostra.network.posts.model import PostRow, Visibility
from rostra.network.posts.queries import requests

_DECLINED = "Its author has declined that"
_DENIED = {
    Kind.FAVOURITE: "Its author does not let you favourite it",
    Kind.REBLOG: "Its author does not let you reblog it",
}


class Verdict(IntEnum):
    """What becomes of something that a member wants to do."""

    AT_ONCE = 0
    ASK = 1
    DENIED = 2


async def verdict(reader: Reader, actor_id: int, row: PostRow, kind: Kind) -> Verdict:
    """What the policy of a post says. No statement where it has none, and one at most."""
    if not row.interaction_policy or row.account_id == actor_id:
        return Verdict.AT_ONCE
    rule = InteractionPolicy.unpack(row.interaction_policy).of(kind)
    if Circle.PUBLIC in rule.automatic:
        return Verdict.AT_ONCE
    circle = await _circle(reader, actor_id, row)
    if circle & rule.automatic or (kind is Kind.REPLY and Circle.MENTIONED in circle):
        return Verdict.AT_ONCE
    return Verdict.ASK if circle & rule.manual else Verdict.DENIED


async def _circle(reader: Reader, actor_id: int, row: PostRow) -> Circle:
    """What a member is to the author of a post, and to the post."""
    found = await reader.first(requests.CIRCLE, actor=actor_id, author=row.account_id, post=row.id)
    assert found is not None  # noqa: S101 (it selects from nothing, and always has a row)
    follower, followed, mentioned = found
    circle = Circle.PUBLIC
    if follower:
        circle |= Circle.FOLLOWERS
    if followed:
        circle |= Circle.FOLLOWING
    if follower and followed:
        circle |= Circle.MUTUALS
    if mentioned or row.in_reply_to_account_id == actor_id:
        circle |= Circle.MENTIONED
    return circle


async def may_reply(reader: Reader, actor_id: int, row: PostRow) -> bool:
    """Whether a member may answer at once; False: the author is to be asked.

    Raises:
        Invalid: naming ``in_reply_to_id``; they may not at all.
    """
    found = await verdict(reader, actor_id, row, Kind.REPLY)
    if found is Verdict.DENIED:
        message = "is of somebody who does not let you answer it"
        raise Invalid("in_reply_to_id", message, "ERR_DENIED")
    return found is Verdict.AT_ONCE


async def may_react(reader: Reader, actor_id: int, row: PostRow, kind: Kind) -> bool:
    """Whether a member may favourite or reblog at once; False: the author is to be asked.

    Raises:
        Forbidden: they may not at all, or the author has declined it before.
    """
    found = await verdict(reader, actor_id, row, kind)
    if found is Verdict.DENIED:
        raise Forbidden(f"post {row.id}: {kind.name} by {actor_id}", safe=_DENIED[kind])
    if found is Verdict.AT_ONCE:
        return True
    asked = {"post": row.id, "account": actor_id, "kind": int(kind)}
    if await reader.value(requests.DECLINED, **asked) is not None:
        raise Forbidden(f"post {row.id}: {kind.name} by {actor_id}", safe=_DECLINED)
    return False


def check_released(row: PostRow) -> None:
    """Nothing is done with a post that is held, not even by its author.

    Raises:
        Forbidden: it is held.
    """
    if Visibility(row.visibility).held:
        raise Forbidden(f"post {row.id} is held", safe="This post has not been released")


async def set_policy(tx: Transaction, author_id: int, post_id: int, packed: int) -> None:
    """Say who may do what with a post of one's own; what was done already stays.

    Raises:
        NotFound: it is not theirs.
    """
    row = await own(tx, author_id, post_id)
    await tx.run(requests.SET_POLICY, post=post_id, policy=kept(row.interaction_policy, packed))


async def defaults(reader: Reader, account_id: int) -> DefaultPolicies:
    """The packed policies that new posts of a member get, by visibility."""
    return defaults_of(await reader.value(requests.DEFAULTS, account=account_id))


async def set_defaults(tx: Transaction, account_id: int, policies: Sequence[int]) -> None:
    """Say which packed policies new posts of a member get, by visibility."""
    await tx.run(requests.SET_DEFAULTS, account=account_id, policies=stored_defaults(policies))
