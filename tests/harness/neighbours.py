"""Members of a running Rostra who ask as their clients would; each question takes a millisecond."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from tests.harness.app import InProcess, running

from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials import seen
from rostra.network.credentials.tokens import issue_token
from rostra.network.instance import access as instance_access

T = TypeVar("T", bound=msgspec.Struct)

EVERYTHING = frozenset({"read", "write", "follow", "push", "profile"})


class Asker:
    """Somebody who asks; without an account, nobody."""

    def __init__(
        self, server: InProcess, token: str = "", account_id: int = 0, username: str = ""
    ) -> None:
        self.client = server.client(token)
        self.account_id = account_id
        self.username = username
        self._clock = server.clock

    async def ask(self, method: str, path: str, status: int = 200, **given: Any) -> Any:
        """The decoded answer; the test fails unless it has this status."""
        self._clock.advance(1)  # ids that are made within one millisecond stand in no order
        answer = await self.client.request(method, path, **given)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def get(self, path: str, status: int = 200, **given: Any) -> Any:
        """GET."""
        return await self.ask("GET", path, status, **given)

    async def do(self, path: str, status: int = 200, **body: Any) -> Any:
        """POST with a JSON body."""
        return await self.ask("POST", path, status, json=body)

    async def post(self, text: str, status: int = 200, **more: Any) -> Any:
        """Publish a post."""
        return await self.ask("POST", "/api/v1/statuses", status, json={"status": text, **more})

    async def react(self, verb: str, post_id: str, status: int = 200, **more: Any) -> Any:
        """Favourite, reblog, pin, ... a post."""
        return await self.do(f"/api/v1/statuses/{post_id}/{verb}", status, **more)

    async def relate(self, verb: str, other: "Asker", status: int = 200, **given: Any) -> Any:
        """Follow, block, mute, ... somebody."""
        return await self.do(f"/api/v1/accounts/{other.account_id}/{verb}", status, **given)

    async def delete(self, post_id: str) -> Any:
        """Delete a post."""
        return await self.ask("DELETE", f"/api/v1/statuses/{post_id}")

    async def edit(self, post_id: str, text: str) -> Any:
        """Edit a post."""
        return await self.ask("PUT", f"/api/v1/statuses/{post_id}", json={"status": text})

    async def change(self, **fields: Any) -> Any:
        """Change the own profile."""
        return await self.ask("PATCH", "/api/v1/accounts/update_credentials", json=fields)


class Place:
    """A running application and those who live in it."""

    def __init__(self, app: InProcess) -> None:
        self.app = app
        self.services = app.services
        self.db = app.db
        self.clock = app.clock
        self.nobody = Asker(app)

    def told(self, event: type[T]) -> list[T]:
        """Where events of this kind come to stand from now on, each after its commit."""
        heard: list[T] = []
        self.db.ties.hooks.after(event, heard.append)  # type: ignore[attr-defined] # both databases have it
        return heard

    async def settle(self) -> None:
        """Wait for what goes on after the answers: notes of visits, a look at settings."""
        await seen.settle(self.services)
        await instance_access.settle(self.services)

    async def member(self, username: str) -> Asker:
        """A new member with a token for everything."""
        self.clock.advance(1)
        seat = Seat(username=username, email="", password_hash="")
        async with self.db.write() as tx:
            account_id = await seat_member(self.services, tx, seat)
            token = await issue_token(
                self.services, tx, app_id=0, account_id=account_id, granted=EVERYTHING
            )
        return Asker(self.app, token.access_token, account_id, username)

    async def members(self, *usernames: str) -> list[Asker]:
        """Several new members."""
        return [await self.member(username) for username in usernames]


@asynccontextmanager
async def place_of(data_dir: Path, database_url: str) -> AsyncIterator[Place]:
    """A place without members, on a migrated database."""
    async with running(data_dir, database_url) as app:
        yield Place(app)
