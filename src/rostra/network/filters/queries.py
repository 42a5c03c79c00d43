"""The SQL of filters, private to this slice."""

from sqlalchemy import (
    Text,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    select,
    union_all,
)

from rostra.network.filters.model import Filter, FilteredPost, Keyword
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.accounts import users
from rostra.store.tables.filters import filter_keywords, filter_posts, filters
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import media, post_texts

ACCOUNT, ID, FILTER = map(number, ("account", "id", "filter"))

_filter = [filters.c[name] for name in Filter.__struct_fields__]
_keyword = [filter_keywords.c[name] for name in Keyword.__struct_fields__]
_post = [filter_posts.c[name] for name in FilteredPost.__struct_fields__]

FILTERS = query(
    select(*_filter).where(filters.c.account_id == ACCOUNT).order_by(filters.c.id), Filter
)
KEYWORDS = query(
    select(*_keyword).where(filter_keywords.c.account_id == ACCOUNT).order_by(filter_keywords.c.id),
    Keyword,
)
POSTS = query(
    select(*_post).where(filter_posts.c.account_id == ACCOUNT).order_by(filter_posts.c.id),
    FilteredPost,
)
ONE = query(select(*_filter).where(filters.c.id == ID, filters.c.account_id == ACCOUNT), Filter)
KEYWORDS_OF = query(
    select(*_keyword).where(filter_keywords.c.filter_id == FILTER).order_by(filter_keywords.c.id),
    Keyword,
)
POSTS_OF = query(
    select(*_post).where(filter_posts.c.filter_id == FILTER).order_by(filter_posts.c.id),
    FilteredPost,
)
KEYWORD = query(
    select(*_keyword).where(filter_keywords.c.id == ID, filter_keywords.c.account_id == ACCOUNT),
    Keyword,
)
POST = query(
    select(*_post).where(filter_posts.c.id == ID, filter_posts.c.account_id == ACCOUNT),
    FilteredPost,
)

VERSION = query(select(users.c.filters_version).where(users.c.account_id == ACCOUNT))
VERSIONS = query(
    select(users.c.account_id, users.c.filters_version).where(
        in_ids(users.c.account_id, "accounts"), users.c.filters_version > const(0)
    )
)
# Whoever changes filters moves the version first, and so waits for all who do the same.
TOUCH = query(
    users.update().where(users.c.account_id == ACCOUNT).values(filters_version=number("version"))
)
SETTLE = query(
    users.update()
    .where(users.c.account_id == ACCOUNT)
    .values(
        filters_version=case(
            (
                exists(select(const(1)).where(filters.c.account_id == ACCOUNT)),
                number("version"),
            ),
            else_=const(0),
        )
    )
)
COUNTS = query(
    select(
        *(
            select(func.count()).where(table.c.account_id == ACCOUNT).scalar_subquery()
            for table in (filters, filter_keywords, filter_posts)
        )
    )
)

ADD = insert(filters)
CHANGE = query(
    filters.update()
    .where(filters.c.id == ID)
    .values(
        title=bindparam("new_title", type_=Text()),
        contexts=number("new_contexts"),
        action=number("new_action"),
        expires_at=number("new_expires_at"),
    )
)
DROP = query(delete(filters).where(filters.c.id == ID, filters.c.account_id == ACCOUNT))
DROP_KEYWORDS_OF = query(delete(filter_keywords).where(filter_keywords.c.filter_id == FILTER))
DROP_POSTS_OF = query(delete(filter_posts).where(filter_posts.c.filter_id == FILTER))

ADD_KEYWORD = insert(filter_keywords)
CHANGE_KEYWORD = query(
    filter_keywords.update()
    .where(filter_keywords.c.id == ID)
    .values(keyword=bindparam("new_keyword", type_=Text()), whole_word=number("new_whole_word"))
)
DROP_KEYWORD = query(
    delete(filter_keywords).where(
        filter_keywords.c.id == ID, filter_keywords.c.account_id == ACCOUNT
    )
)
ADD_POST = insert_or_ignore(filter_posts)
POST_OF = query(
    select(*_post).where(
        filter_posts.c.filter_id == FILTER, filter_posts.c.post_id == number("post")
    ),
    FilteredPost,
)
DROP_POST = query(
    delete(filter_posts).where(filter_posts.c.id == ID, filter_posts.c.account_id == ACCOUNT)
)
FORGET_POST = query(delete(filter_posts).where(filter_posts.c.post_id == number("post")))
FORGET_ACCOUNT = tuple(
    query(delete(table).where(table.c.account_id == ACCOUNT))
    for table in (filters, filter_keywords, filter_posts)
)

# What filters look through, of posts that a loader has let through already.
_NO_MORE = literal_column("''", Text())
WORDS = query(
    union_all(
        select(post_texts.c.post_id, post_texts.c.spoiler_text, post_texts.c.text).where(
            in_ids(post_texts.c.post_id, "ids")
        ),
        select(media.c.post_id, media.c.description, _NO_MORE).where(
            in_ids(media.c.post_id, "ids"), media.c.description != _NO_MORE
        ),
        select(poll_options.c.post_id, poll_options.c.title, _NO_MORE).where(
            in_ids(poll_options.c.post_id, "ids")
        ),
    )
)
