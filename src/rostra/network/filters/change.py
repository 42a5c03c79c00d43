"""Making, changing and removing filters. The only writer of filters.

Each change gives the member's filters another version: every process asks for matches by version,
so nothing that was matched before has to be invalidated.
"""

from collections.abc import Sequence

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text import clean
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.filters import access, queries
from rostra.network.filters.events import FiltersChanged
from rostra.network.filters.model import (
    Action,
    Context,
    Filter,
    FilteredPost,
    FilterRules,
    FilterWish,
    Keyword,
    KeywordWish,
)
from rostra.network.posts import access as posts_access
from rostra.network.posts.events import PostDeleted
from rostra.store.database import the_row

# Of one member. So many keywords are looked for in a new post within a millisecond.
MAX_FILTERS = 300
MAX_KEYWORDS = 1_000
MAX_POSTS = 1_000
MAX_TITLE = 256
MAX_KEYWORD = 512
_LONGEST_S = 100 * 366 * 86_400


async def create(
    services: Services, tx: Transaction, account_id: int, wish: FilterWish
) -> FilterRules:
    """Make a filter.

    Raises:
        Invalid: naming what is missing, malformed or too much.
        NotFound: it names a keyword by id, and none can be there yet.
    """
    if wish.contexts is None:
        raise Invalid("context", "can't be blank", "ERR_BLANK")
    if wish.title is None:
        raise Invalid("title", "can't be blank", "ERR_BLANK")
    blank = Filter(services.ids.next(), "", 0, Action.WARN, 0)
    made = _changed(services, blank, wish)
    await _begin(services, tx, account_id)
    await tx.run(
        queries.ADD,
        id=made.id,
        account_id=account_id,
        title=made.title,
        contexts=made.contexts,
        action=made.action,
        expires_at=made.expires_at,
    )
    await _put_keywords(services, tx, account_id, made.id, wish.keywords)
    await _check_limits(tx, account_id)
    return await access.rules(tx, account_id, made.id)


async def update(
    services: Services, tx: Transaction, account_id: int, filter_id: int, wish: FilterWish
) -> FilterRules:
    """Change what the wish names.

    Raises:
        NotFound: there is no such filter of theirs, or no such keyword in it.
        Invalid: naming what is malformed or too much.
    """
    await access.own(tx, account_id, filter_id)
    await _begin(services, tx, account_id)
    new = _changed(services, await access.own(tx, account_id, filter_id), wish)
    await tx.run(
        queries.CHANGE,
        id=filter_id,
        new_title=new.title,
        new_contexts=new.contexts,
        new_action=new.action,
        new_expires_at=new.expires_at,
    )
    await _put_keywords(services, tx, account_id, filter_id, wish.keywords)
    await _check_limits(tx, account_id)
    return await access.rules(tx, account_id, filter_id)


async def remove(services: Services, tx: Transaction, account_id: int, filter_id: int) -> None:
    """Remove a filter with all that it looks for. Raises NotFound: it is none of theirs."""
    # Locked first: whether filters are left is then asked behind those that are being made.
    await accounts_access.locked_user(tx, account_id)
    if not await tx.run(queries.DROP, id=filter_id, account=account_id):
        raise NotFound(f"filter {filter_id} of {account_id}")
    await tx.run(queries.DROP_KEYWORDS_OF, filter=filter_id)
    await tx.run(queries.DROP_POSTS_OF, filter=filter_id)
    version = services.ids.next()
    await tx.run(queries.SETTLE, account=account_id, version=version)
    settled = await tx.value(queries.VERSION, account=account_id)
    await tx.emit(FiltersChanged(account_id, int(settled)))


async def add_keyword(
    services: Services, tx: Transaction, account_id: int, filter_id: int, wish: KeywordWish
) -> Keyword:
    """Let a filter look for a further keyword.

    Raises:
        NotFound: there is no such filter of theirs.
        Invalid: the keyword is missing or too long, or they have too many.
    """
    await access.own(tx, account_id, filter_id)
    await _begin(services, tx, account_id)
    await access.own(tx, account_id, filter_id)
    keyword = await _add_keyword(tx, account_id, filter_id, services.ids.next(), wish)
    await _check_limits(tx, account_id)
    return keyword


async def change_keyword(
    services: Services, tx: Transaction, account_id: int, keyword_id: int, wish: KeywordWish
) -> Keyword:
    """Change one keyword. Raises NotFound or Invalid as :func:`add_keyword`."""
    await access.keyword(tx, account_id, keyword_id)
    await _begin(services, tx, account_id)
    return await _change_keyword(tx, await access.keyword(tx, account_id, keyword_id), wish)


async def remove_keyword(
    services: Services, tx: Transaction, account_id: int, keyword_id: int
) -> None:
    """Remove one keyword; its filter stays. Raises NotFound: it is none of theirs."""
    if not await tx.run(queries.DROP_KEYWORD, id=keyword_id, account=account_id):
        raise NotFound(f"filter keyword {keyword_id} of {account_id}")
    await _begin(services, tx, account_id)


async def add_post(
    services: Services, tx: Transaction, account_id: int, filter_id: int, post_id: int
) -> FilteredPost:
    """File a single post under a filter; one that is there already stays.

    Raises:
        NotFound: there is no such filter of theirs, or no such post for them.
        Invalid: they have filed too many.
    """
    await access.own(tx, account_id, filter_id)
    await posts_access.row(tx, account_id, post_id)
    await _begin(services, tx, account_id)
    await access.own(tx, account_id, filter_id)
    await tx.run(
        queries.ADD_POST,
        id=services.ids.next(),
        filter_id=filter_id,
        account_id=account_id,
        post_id=post_id,
    )
    await _check_limits(tx, account_id)
    # It was there, or has just been written.
    return await the_row(tx, queries.POST_OF, filter=filter_id, post=post_id)


async def remove_post(services: Services, tx: Transaction, account_id: int, entry_id: int) -> None:
    """Take a single post out of its filter. Raises NotFound: the entry is none of theirs."""
    if not await tx.run(queries.DROP_POST, id=entry_id, account=account_id):
        raise NotFound(f"filtered post {entry_id} of {account_id}")
    await _begin(services, tx, account_id)


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """No filter names a post that is gone."""
    await tx.run(queries.FORGET_POST, post=event.post_id)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Remove all filters of an account that is being removed."""
    for statement in queries.FORGET_ACCOUNT:
        await tx.run(statement, account=event.account_id)


async def _begin(services: Services, tx: Transaction, account_id: int) -> None:
    """Give the filters another version. It locks the member's row: one change at a time."""
    version = services.ids.next()
    await tx.run(queries.TOUCH, account=account_id, version=version)
    await tx.emit(FiltersChanged(account_id, version))


def _changed(services: Services, old: Filter, wish: FilterWish) -> Filter:
    title, contexts, action = old.title, old.contexts, old.action
    if wish.title is not None:
        title = _text("title", wish.title, MAX_TITLE)
    if wish.contexts is not None:
        known = Context.of(name.strip() for name in wish.contexts if name.strip())
        if not known:
            raise Invalid("context", "None or invalid context supplied", "ERR_INCLUSION")
        contexts = int(known)
    if wish.action is not None:
        wanted = Action.from_wire(wish.action)
        if wanted is None:
            raise Invalid("filter_action", "is not included in the list", "ERR_INCLUSION")
        action = wanted
    return Filter(old.id, title, contexts, action, _end(services, old.expires_at, wish))


def _end(services: Services, old: int, wish: FilterWish) -> int:
    if wish.never_expires:
        return 0
    if wish.expires_in_s is None:
        return old
    if not 0 <= wish.expires_in_s <= _LONGEST_S:
        raise Invalid("expires_in", "is invalid")
    return services.clock.now() + wish.expires_in_s * 1000


def _text(field: str, given: str, longest: int) -> str:
    text = clean.one_line(given)
    if not text:
        raise Invalid(field, "can't be blank", "ERR_BLANK")
    if len(text) > longest:
        raise Invalid(field, f"is too long (maximum is {longest} characters)", "ERR_TOO_LONG")
    return text


async def _put_keywords(
    services: Services,
    tx: Transaction,
    account_id: int,
    filter_id: int,
    wishes: Sequence[KeywordWish],
) -> None:
    # Ids that are made within a millisecond stand in no order; keywords keep theirs.
    fresh = iter(sorted(services.ids.next() for _ in wishes))
    for wish in wishes:
        if not wish.id:
            # As in Mastodon: nothing is added for an entry that says nothing.
            if not wish.remove and (wish.keyword or wish.whole_word is not None):
                await _add_keyword(tx, account_id, filter_id, next(fresh), wish)
            continue
        known = await access.keyword(tx, account_id, wish.id)
        if known.filter_id != filter_id:
            raise NotFound(f"filter keyword {wish.id} in filter {filter_id}")
        if wish.remove:
            await tx.run(queries.DROP_KEYWORD, id=wish.id, account=account_id)
        else:
            await _change_keyword(tx, known, wish)


async def _add_keyword(
    tx: Transaction, account_id: int, filter_id: int, keyword_id: int, wish: KeywordWish
) -> Keyword:
    made = Keyword(
        keyword_id,
        filter_id,
        _text("keyword", wish.keyword or "", MAX_KEYWORD),
        int(wish.whole_word is not False),
    )
    await tx.run(
        queries.ADD_KEYWORD,
        id=made.id,
        filter_id=filter_id,
        account_id=account_id,
        keyword=made.keyword,
        whole_word=made.whole_word,
    )
    return made


async def _change_keyword(tx: Transaction, known: Keyword, wish: KeywordWish) -> Keyword:
    keyword, whole_word = known.keyword, known.whole_word
    if wish.keyword is not None:
        keyword = _text("keyword", wish.keyword, MAX_KEYWORD)
    if wish.whole_word is not None:
        whole_word = int(wish.whole_word)
    await tx.run(
        queries.CHANGE_KEYWORD, id=known.id, new_keyword=keyword, new_whole_word=whole_word
    )
    return Keyword(known.id, known.filter_id, keyword, whole_word)


async def _check_limits(tx: Transaction, account_id: int) -> None:
    counts = await the_row(tx, queries.COUNTS, account=account_id)
    limits = (
        ("base", "filters", MAX_FILTERS),
        ("keywords_attributes", "keywords", MAX_KEYWORDS),
        ("status_id", "posts", MAX_POSTS),
    )
    for (field, noun, most), count in zip(limits, counts, strict=True):
        if count > most:
            raise Invalid(field, f"At most {most} {noun} can be filtered by", "ERR_TOO_MANY")
