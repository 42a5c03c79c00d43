"""The SQL of public posts that lead to a link, private to this slice."""

from sqlalchemy import and_, select

from rostra.network.posts.sql import visible
from rostra.network.relations.sql import not_hidden
from rostra.network.timelines.model import Entry
from rostra.store.paging import LIMIT, Pages, within
from rostra.store.query import Query, const, number, query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import posts
from rostra.store.tables.previews import post_cards

# Rows of one link that are looked at for one page, however many of them are left out.
_LOOKED_AT = 1_000


def _page(*, newest: bool) -> Query[Entry]:
    """Only posts of those who want to be found; one walk along an index."""
    led = post_cards.c.post_id
    walked = (
        select(led)
        .where(
            post_cards.c.card_id == number("card"),
            *within(led),
        )
        .order_by(led.desc() if newest else led.asc())
        .limit(const(_LOOKED_AT))
        .subquery()
    )
    joined = walked.join(posts, posts.c.id == walked.c.post_id).join(
        accounts, accounts.c.id == posts.c.account_id
    )
    statement = (
        select(walked.c.post_id, const(0))
        .select_from(joined)
        .where(
            and_(posts.c.visibility == const(0), accounts.c.discoverable == const(1)),
            visible(posts.c, accounts.c),
            not_hidden(posts.c.account_id),
        )
        .order_by(walked.c.post_id.desc() if newest else walked.c.post_id.asc())
        .limit(LIMIT)
    )
    return query(statement)


LINKED = Pages(_page)
