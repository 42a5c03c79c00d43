"""Loads a member's own filters; nobody else ever sees them."""

from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.network.filters import queries
from rostra.network.filters.model import Filter, FilteredPost, FilterRules, Keyword


async def all_rules(reader: Reader, account_id: int) -> list[FilterRules]:
    """Every filter of a member, the oldest first. Three queries."""
    keywords: dict[int, list[Keyword]] = {}
    for keyword in await reader.all(queries.KEYWORDS, account=account_id):
        keywords.setdefault(keyword.filter_id, []).append(keyword)
    posts: dict[int, list[FilteredPost]] = {}
    for post in await reader.all(queries.POSTS, account=account_id):
        posts.setdefault(post.filter_id, []).append(post)
    return [
        FilterRules(each, tuple(keywords.get(each.id, ())), tuple(posts.get(each.id, ())))
        for each in await reader.all(queries.FILTERS, account=account_id)
    ]


async def own(reader: Reader, account_id: int, filter_id: int) -> Filter:
    """One of a member's filters.

    Raises:
        NotFound: there is none with this id for them.
    """
    found = await reader.first(queries.ONE, id=filter_id, account=account_id)
    if found is None:
        raise NotFound(f"filter {filter_id} of {account_id}")
    return found


async def rules(reader: Reader, account_id: int, filter_id: int) -> FilterRules:
    """One of a member's filters with all that it looks for. Raises NotFound as :func:`own`."""
    found = await own(reader, account_id, filter_id)
    keywords = await reader.all(queries.KEYWORDS_OF, filter=filter_id)
    posts = await reader.all(queries.POSTS_OF, filter=filter_id)
    return FilterRules(found, tuple(keywords), tuple(posts))


async def keywords(reader: Reader, account_id: int) -> list[tuple[Keyword, Filter]]:
    """Every keyword of a member with its filter, the oldest first."""
    filters = {each.id: each for each in await reader.all(queries.FILTERS, account=account_id)}
    found = await reader.all(queries.KEYWORDS, account=account_id)
    return [(each, filters[each.filter_id]) for each in found if each.filter_id in filters]


async def keyword(reader: Reader, account_id: int, keyword_id: int) -> Keyword:
    """One of a member's keywords.

    Raises:
        NotFound: there is none with this id for them.
    """
    found = await reader.first(queries.KEYWORD, id=keyword_id, account=account_id)
    if found is None:
        raise NotFound(f"filter keyword {keyword_id} of {account_id}")
    return found


async def post(reader: Reader, account_id: int, entry_id: int) -> FilteredPost:
    """One entry of a single post in a member's filters.

    Raises:
        NotFound: there is none with this id for them.
    """
    found = await reader.first(queries.POST, id=entry_id, account=account_id)
    if found is None:
        raise NotFound(f"filtered post {entry_id} of {account_id}")
    return found
