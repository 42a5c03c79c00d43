"""Who may see a post, as a condition that the queries of slices to the right share."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, exists, not_, or_, select

from rostra.store.query import const
from rostra.store.tables.posts import post_mentions
from rostra.store.tables.relations import blocks, follows

VIEWER = bindparam("viewer", type_=BigInteger())


def visible(
    post: Any, author: Any, viewer: Any = VIEWER, *, mentioned: Any = None
) -> ColumnElement[bool]:
    """Whether the viewer may see ``post`` of ``author``.

    The author must be active and must not block the viewer. Public and unlisted posts are for
    everybody, followers' posts for accepted followers, direct ones for those they mention;
    whoever is mentioned in a followers' post may see it too. What waits for an approval is seen by
    its author and by the account that it answers, what was refused by its author alone.

    Args:
        post: the columns of the post.
        author: the columns of its author's account.
        viewer: who looks: the parameter ``viewer`` (0: nobody), or a column of many viewers.
        mentioned: whether the post mentions them, where no rows tell so any more.
    """
    # Aliases: the statement around may name the same tables, and they must not be taken for these.
    follow, mention, block = follows.alias(), post_mentions.alias(), blocks.alias()
    follower = exists(
        select(const(1)).where(follow.c.account_id == viewer, follow.c.target_id == post.account_id)
    )
    if mentioned is None:
        mentioned = exists(
            select(const(1)).where(mention.c.post_id == post.id, mention.c.account_id == viewer)
        )
    blocked = exists(
        select(const(1)).where(block.c.account_id == post.account_id, block.c.target_id == viewer)
    )
    # Most viewers are blocked by nobody: that is asked once for the whole statement.
    by_any = blocks.alias()
    blocked_by_any = exists(select(const(1)).where(by_any.c.target_id == viewer))
    return and_(
        author.state == const(0),
        or_(
            post.visibility < const(2),
            post.account_id == viewer,
            and_(post.visibility == const(2), follower),
            and_(post.visibility < const(4), mentioned),
            and_(
                post.visibility == const(4),
                post.in_reply_to_account_id == viewer,
                viewer != const(0),  # a reblog answers nobody, and nobody is viewer 0
            ),
        ),
        not_(and_(blocked_by_any, blocked)),
    )
