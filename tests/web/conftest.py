"""People in browsers, for the tests of the living pages."""

from collections.abc import AsyncIterator

import pytest
from tests.harness.app import InProcess
from tests.harness.browser import Browser
from tests.harness.crowd import Member, Town

from rostra.network.accounts import access as accounts_access
from rostra.network.credentials import sign_in
from rostra.network.credentials.model import MemberState


class Streets:
    """A town whose people use browsers."""

    def __init__(self, rostra: InProcess) -> None:
        self.rostra = rostra
        self.town = Town(rostra)
        self.browsers: list[Browser] = []

    def visitor(self) -> Browser:
        """Somebody who is not signed in."""
        self.browsers.append(Browser(self.rostra))
        return self.browsers[-1]

    async def member(self, name: str, *, locked: bool = False) -> tuple[Member, Browser]:
        """A member, and the browser in which they are signed in."""
        member = await self.town.member(name, locked=locked)
        return member, await self.signed_in(member.id)

    async def signed_in(
        self, account_id: int, state: MemberState = MemberState.ACTIVE, *, proven: bool = False
    ) -> Browser:
        """Another browser of somebody; ``proven``: who has a second step, and has done it."""
        services = self.rostra.services
        async with services.db.write() as tx:
            user = await accounts_access.user(tx, account_id)
            identity = sign_in.Identity(account_id, False, state, user.password_hash, proven=proven)
            token = await sign_in.open_session(
                services, tx, identity, address="198.51.100.9", user_agent="Test"
            )
        return self.visitor().sign_in_with(token)


@pytest.fixture
async def streets(rostra: InProcess) -> AsyncIterator[Streets]:
    """People in browsers."""
    made = Streets(rostra)
    yield made
    for browser in made.browsers:
        await browser.client.aclose()
