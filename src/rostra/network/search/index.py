"""Keeps the indexes as the posts and names are, in the transaction that changes them."""

from rostra.network.accounts.events import AccountChanged, AccountCreated, AccountRemoved
from rostra.network.edge import Services, Transaction
from rostra.network.posts.events import PostDeleted, PostEdited, PostPublished
from rostra.network.search import queries, words


def _document(tx: Transaction, text: str) -> str:
    found = words.words(text)
    if tx.dialect == "sqlite":
        return words.sqlite_document(found)
    return words.postgresql_document(found)


async def post_published(_services: Services, tx: Transaction, event: PostPublished) -> None:
    """Index a new post. One statement; none for a reblog."""
    document = _document(tx, event.text) if event.text else ""
    if document:
        await tx.run(queries.ADD_POST, id=event.post_id, document=document)


async def post_edited(_services: Services, tx: Transaction, event: PostEdited) -> None:
    """Index a post by its new words alone."""
    await tx.run(queries.DROP_POST, id=event.post_id)
    document = _document(tx, event.text)
    if document:
        await tx.run(queries.ADD_POST, id=event.post_id, document=document)


async def post_deleted(_services: Services, tx: Transaction, event: PostDeleted) -> None:
    """Forget a post."""
    if not event.reblog_of_id:
        await tx.run(queries.DROP_POST, id=event.post_id)


async def account_created(_services: Services, tx: Transaction, event: AccountCreated) -> None:
    """Index a new account; as long as it is not active, it is found by nobody."""
    await _index_account(tx, event.account_id)


async def account_changed(_services: Services, tx: Transaction, event: AccountChanged) -> None:
    """Index an account by the names that it has now."""
    await _index_account(tx, event.account_id)


async def _index_account(tx: Transaction, account_id: int) -> None:
    found = await tx.first(queries.NAMES, id=account_id)
    await tx.run(queries.DROP_ACCOUNT, id=account_id)
    if found is not None:
        await tx.run(queries.ADD_ACCOUNT, id=account_id, document=_document(tx, " ".join(found)))


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Forget an account and its posts; must be told before the posts are deleted."""
    await tx.run(queries.DROP_ACCOUNT, id=event.account_id)
    await tx.run(queries.DROP_AUTHOR, id=event.account_id)
