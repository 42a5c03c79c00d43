"""Loads who somebody is for moderation, and the whole team."""

from rostra.kernel.errors import NotFound
from rostra.network.credentials.model import Role
from rostra.safety.edge import Reader
from rostra.safety.team import queries
from rostra.safety.team.model import Actor, Duty


async def actor(reader: Reader, account_id: int) -> Actor:
    """What a member is trusted with. One statement, two for reviewers."""
    found = await reader.first(queries.STANDING, account=account_id)
    if found is None:
        return Actor(account_id)
    role, duties = found
    # Another duty beside it widens nothing: who may decide here would decide on everything.
    bound = role < Role.MODERATOR and duties & Duty.REVIEWER
    categories = tuple(await reader.all(queries.CATEGORIES, account=account_id)) if bound else None
    return Actor(account_id, role, duties, categories)


async def of_the_team(reader: Reader, account_id: int) -> Actor:
    """As :func:`actor`, for what does not exist for others.

    Raises:
        NotFound: they are trusted with nothing.
    """
    found = await actor(reader, account_id)
    if not found.permissions:
        raise NotFound(f"account {account_id} is not of the team")
    return found


async def team(reader: Reader) -> list[Actor]:
    """Everybody who is trusted with something, owners first (500 at most). Two statements."""
    rows = await reader.all(queries.TEAM)
    reviewers = [account_id for account_id, _, duties in rows if duties & Duty.REVIEWER]
    categories: dict[int, list[int]] = {}
    if reviewers:
        for account_id, category in await reader.all(queries.CATEGORIES_OF, ids=reviewers):
            categories.setdefault(account_id, []).append(category)
    return [
        Actor(account_id, role, duties, tuple(categories[account_id]))
        if role < Role.MODERATOR and account_id in categories
        else Actor(account_id, role, duties)
        for account_id, role, duties in rows
    ]
