"""Somebody of the team who asks as their tools would."""

from typing import Any

from tests.harness.neighbours import EVERYTHING, Asker, Place

from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials.model import Role
from rostra.network.credentials.tokens import issue_token

STAFF = EVERYTHING | {"admin:read", "admin:write"}


async def staff(place: Place, username: str, role: Role = Role.MODERATOR) -> Asker:
    """A new member with this role, and with a token for everything that it may be for."""
    place.clock.advance(1)
    seat = Seat(username=username, email="", password_hash="", role=role)
    async with place.db.write() as tx:
        account_id = await seat_member(place.services, tx, seat)
        token = await issue_token(
            place.services, tx, app_id=0, account_id=account_id, granted=STAFF
        )
    return Asker(place.app, token.access_token, account_id, username)


# A body with which no endpoint for the team finds a fault before it looks at who asks.
TEAM_BODY: dict[str, Any] = {
    "actions": [{"action": "remove"}],
    "category": "spam",
    "facts": "x",
    "case_ids": ["1"],
    "case_id": "1",
    "account_id": "1",
    "into": "1",
    "words": "x",
    "type": "suspend",
    "email": "a@example.org",
    "domain": "example.org",
    "ip": "192.0.2.1",
    "severity": "no_access",
    "keys": ["active_users"],
    "start_at": "2026-01-01",
    "end_at": "2026-01-02",
    "frequency": "day",
    "outcome": "upheld",
    "letter": "Dear all",
    "why": "x",
    "subject": "x",
    "answer": "x",
    "url": "https://hooks.example.org/",
    "title": "x",
    "text": "x",
    "measure": "slow_replies",
    "hours": 1,
    "days": 30,
    "csv": "ab" * 32,
    "version": 1,
    "state": "shadow",
    "most_an_hour": 1,
    "jump": 0,
}
