"""Follow hashtags, and show them on one's profile. The only writer of both."""

from rostra.kernel import ids
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text.entities import hashtag_key, is_hashtag
from rostra.network.accounts.events import AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.posts.parts import forget_tags, put_tag
from rostra.network.tags import queries
from rostra.network.tags.model import FeaturedTag
from rostra.store.database import the_row

FOLLOWED_MAX = 100  # every page of home looks at each of them
FEATURED_MAX = 10  # as in Mastodon


async def follow(services: Services, tx: Transaction, account_id: int, given: str) -> str:
    """Have posts with a hashtag in one's home; its folded name.

    Raises:
        NotFound: it is no hashtag.
        Invalid: too many are followed.
    """
    tag_id, name = await _tag(services, tx, given)
    row = {"account_id": account_id, "tag_id": tag_id, "id": services.ids.next()}
    if await tx.run(queries.FOLLOW, **row):
        await tx.first(queries.LOCK_MEMBER, account=account_id)
        await tx.run(queries.COUNT_FOLLOWED, account=account_id)
        if (await tx.first(queries.HOW_MANY_FOLLOWED, account=account_id) or 0) > FOLLOWED_MAX:
            message = f"You cannot follow more than {FOLLOWED_MAX} hashtags"
            raise Invalid("base", message, "ERR_LIMIT")
    return name


async def unfollow(_services: Services, tx: Transaction, account_id: int, given: str) -> str:
    """Stop following a hashtag; its folded name.

    Raises:
        NotFound: it is no hashtag.
    """
    name = await _name(tx, given)
    tag_id = await tx.first(queries.LOCK_BY_NAME, name=name)
    if tag_id is not None and await tx.run(queries.UNFOLLOW, account=account_id, tag=tag_id):
        await tx.first(queries.LOCK_MEMBER, account=account_id)
        await tx.run(queries.COUNT_FOLLOWED, account=account_id)
        await forget_tags(tx, [tag_id])
    return name


async def feature(
    services: Services, tx: Transaction, account_id: int, given: str, *, again: bool = True
) -> FeaturedTag:
    """Show a hashtag on one's profile.

    Args:
        services: the house's parts.
        tx: the transaction.
        account_id: on whose.
        given: the hashtag, or the id of one.
        again: whether it may stand there already.

    Raises:
        NotFound: it is no hashtag.
        Invalid: it stands there already, or too many do.
    """
    tag_id, _ = await _tag(services, tx, given)
    added = await tx.run(
        queries.FEATURE,
        id=services.ids.next(),
        account_id=account_id,
        tag_id=tag_id,
        name=await _written(tx, given),
    )
    if not added and not again:
        raise Invalid("name", "has already been taken", "ERR_TAKEN")
    if (
        added
        and (await tx.first(queries.HOW_MANY_FEATURED, account=account_id) or 0) > FEATURED_MAX
    ):
        message = f"You have already featured the maximum of {FEATURED_MAX} hashtags"
        raise Invalid("base", message, "ERR_LIMIT")
    return await the_row(tx, queries.FEATURED_ONE, account=account_id, tag=tag_id)


async def unfeature(_services: Services, tx: Transaction, account_id: int, given: str) -> str:
    """Take a hashtag off one's profile; its folded name.

    Raises:
        NotFound: it is no hashtag.
    """
    name = await _name(tx, given)
    tag_id = await tx.first(queries.LOCK_BY_NAME, name=name)
    if tag_id is not None and await tx.run(queries.UNFEATURE, account=account_id, tag=tag_id):
        await forget_tags(tx, [tag_id])
    return name


async def unfeature_by_id(tx: Transaction, account_id: int, featured_id: int) -> None:
    """Take a hashtag off one's profile, by the id that it has there.

    Raises:
        NotFound: nothing of one's own has this id.
    """
    tag_id = await tx.first(queries.OWN_FEATURED, account=account_id, id=featured_id)
    if tag_id is None:
        raise NotFound(f"featured hashtag {featured_id} of {account_id}")
    await tx.run(queries.UNFEATURE, account=account_id, tag=tag_id)
    await forget_tags(tx, [tag_id])


async def drop_account(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget the hashtags of an account that is being removed."""
    kept = await tx.all(queries.ALL_OF, account=event.account_id)
    for statement in queries.DROP_OF:
        await tx.run(statement, account=event.account_id)
    await forget_tags(tx, sorted(set(kept)))


async def _tag(services: Services, tx: Transaction, given: str) -> tuple[int, str]:
    """The hashtag's id and folded name; it is made where nobody has used it."""
    name = await _name(tx, given)
    for _ in range(3):  # it may go, unused, between the two statements
        await put_tag(services, tx, name, await _written(tx, given))
        tag_id = await tx.first(queries.LOCK_BY_NAME, name=name)
        if tag_id is not None:
            return tag_id, name
    raise NotFound(f"hashtag {name} goes as often as it is made")


async def _written(tx: Transaction, given: str) -> str:
    """The hashtag as it is to be shown."""
    plain = given.removeprefix("#")
    return plain if is_hashtag(plain) else await _name(tx, given)


async def _name(tx: Transaction, given: str) -> str:
    """The folded name of a hashtag, given by name or by id."""
    plain = given.removeprefix("#")
    if is_hashtag(plain):
        return hashtag_key(plain)
    tag_id = ids.parse(given)
    found = await tx.all(queries.NAME_OF, tag=tag_id) if tag_id else []
    if not found:
        raise NotFound("no valid hashtag, nor the id of one")
    return found[0]
