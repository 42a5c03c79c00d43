"""Members who wrote what a link leads to: the page names them, and they name the site.

Neither alone is enough: a page may claim anybody, and a member has no hand in what others post.
"""

import msgspec

from rostra.kernel.text.domains import covers
from rostra.network.accounts import access as accounts
from rostra.network.accounts.events import AccountChanged, AccountRemoved
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.previews import queries
from rostra.network.previews.address import host_of
from rostra.network.previews.events import CardChanged
from rostra.store.outbox.kinds import JobKind

_CHUNK = 100


class CheckAuthor(msgspec.Struct, frozen=True):
    """A member who has changed which sites may name them."""

    account_id: int


async def author_of(services: Services, reader: Reader, handle: str, url: str) -> int:
    """The account that a page names as its author's and that lists the page's domain; 0: none.

    Asked is the address that answered, never one that the page claims (CVE-2026-50128), and
    domains are compared label by label.
    """
    username = accounts.local_username(services.settings, handle[:300]) if handle else None
    if not username or "@" not in handle.strip().removeprefix("@"):
        return 0
    account = await accounts.by_username(reader, username)
    if account is None:
        return 0
    profile = (await accounts.profiles(reader, [account.id]))[account.id]
    return account.id if _allows(profile.sites, url) else 0


def _allows(sites: tuple[str, ...], url: str) -> bool:
    return any(covers(site, host_of(url)) for site in sites)


async def account_changed(_services: Services, tx: Transaction, event: AccountChanged) -> None:
    """Consent taken back counts for what is shown already."""
    if event.sites_changed:
        key = str(event.account_id)
        await tx.enqueue("previews.check_author", CheckAuthor(event.account_id), dedupe_key=key)


async def account_removed(_services: Services, tx: Transaction, event: AccountRemoved) -> None:
    """Nobody who is deleted is named."""
    await tx.run(queries.FORGET_AUTHOR, account=event.account_id)


async def check(services: Services, payload: CheckAuthor) -> None:
    """Take a member's name off what stands on sites that they no longer list."""
    account_id, above, more = payload.account_id, 0, True
    while more:
        async with services.db.write() as tx:
            profile = (await accounts.profiles(tx, [account_id])).get(account_id)
            sites = profile.sites if profile else ()
            found = await tx.all(queries.OF_AUTHOR, account=account_id, above=above, limit=_CHUNK)
            for card_id, url in found:
                if not _allows(sites, url):
                    await tx.run(queries.UNNAME, card=card_id, account=account_id)
                    await tx.emit(CardChanged(card_id))
        more = bool(found)
        above = found[-1][0] if found else 0


JOBS = (JobKind("previews.check_author", CheckAuthor, check, timeout_s=600),)
