"""Where the team is written to."""

from rostra.safety.edge import Reader, Services
from rostra.safety.team import access, queries
from rostra.safety.team.model import Actor, Permission


async def who_may(
    services: Services, reader: Reader, permission: Permission
) -> list[tuple[str, Actor | None]]:
    """The addresses of those who may do this; where none has one, the place's contact (None).

    At most three statements.
    """
    team = {each.account_id: each for each in await access.team(reader) if each.may(permission)}
    rows = await reader.all(queries.MAIL_OF, ids=list(team)) if team else []
    found: dict[str, Actor | None] = {email: team[account_id] for account_id, email in rows}
    contact = services.settings.site.contact_email
    if not found and contact:
        found[contact] = None
    return list(found.items())
