"""People for tests: members with tokens, who follow, block and mute each other, and post."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import httpx2
import msgspec
from sqlalchemy import BigInteger, Table, bindparam, func, select, update
from tests.harness.app import InProcess

from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials import passwords, scopes, seen
from rostra.network.credentials.model import MemberState
from rostra.network.credentials.sign_in import Identity, open_session
from rostra.network.credentials.tokens import issue_token
from rostra.network.instance import access as instance_access
from rostra.network.relations import follow as following
from rostra.network.relations import shun
from rostra.network.relations.model import Wish
from rostra.store.query import insert, query
from rostra.store.tables import metadata
from rostra.store.tables.accounts import accounts

PASSWORD = "correct horse battery staple"
EVERYTHING = "follow profile push read write"


class Member(msgspec.Struct, frozen=True):
    """Somebody with an account and a client that is signed in."""

    id: int
    name: str
    token: str
    client: httpx2.AsyncClient


@cache
def _password_hash() -> str:
    """One hash for everybody: argon2 is slow on purpose."""
    return passwords._HASHER.hash(PASSWORD)  # noqa: SLF001 (the public way needs an event loop)


def good(answer: httpx2.Response, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()


def ids_of(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the items of a list, in order."""
    return [item["id"] for item in items]


class Town:
    """Makes people and lets them do things, through the verbs or the API."""

    def __init__(self, rostra: InProcess) -> None:
        self.rostra = rostra
        self.services = rostra.services
        self.db = rostra.db
        self.anybody = rostra.client()
        self._browsers: dict[int, httpx2.AsyncClient] = {}

    async def member(
        self,
        name: str,
        *,
        role: int = 0,
        locked: bool = False,
        waiting: bool = False,
        granted: str = EVERYTHING,
    ) -> Member:
        """A member whose password is `PASSWORD`; with `waiting` not let in yet."""
        seat = Seat(
            username=name,
            email=f"{name}@members.example",
            password_hash=_password_hash(),
            role=role,
            approved=not waiting,
        )
        async with self.db.write() as tx:
            account_id = await seat_member(self.services, tx, seat)
            if locked:
                await tx.run(LOCK, account=account_id)
        token = await self.token(account_id, granted)
        return Member(account_id, name, token, self.rostra.client(token))

    async def members(self, *names: str) -> list[Member]:
        """Several at once."""
        return [await self.member(name) for name in names]

    async def token(self, account_id: int, granted: str | Iterable[str], app_id: int = 0) -> str:
        """A token of an account (0: of an app itself) with exactly these scopes."""
        wanted = scopes.parse(granted) if isinstance(granted, str) else frozenset(granted)
        assert wanted is not None, granted
        async with self.db.write() as tx:
            issued = await issue_token(
                self.services, tx, app_id=app_id, account_id=account_id, granted=wanted
            )
        return issued.access_token

    async def browser(self, who: Member) -> httpx2.AsyncClient:
        """A browser in which somebody is signed in; the same one when asked again."""
        if who.id not in self._browsers:
            async with self.db.write() as tx:
                user = await accounts_access.user(tx, who.id)
                identity = Identity(who.id, False, MemberState.ACTIVE, user.password_hash)
                token = await open_session(
                    self.services, tx, identity, address="::1", user_agent="Browser"
                )
            self._browsers[who.id] = self.rostra.client()
            self._browsers[who.id].cookies.set("rostra_session", token)
        return self._browsers[who.id]

    async def follow(
        self, who: Member, whom: Member, *, reblogs: bool = True, languages: Sequence[str] = ()
    ) -> None:
        """One follows another (asks, where the other is locked)."""
        wish = Wish(reblogs=reblogs, languages=tuple(languages))
        async with self.db.write() as tx:
            await following.follow(self.services, tx, who.id, whom.id, wish)

    async def unfollow(self, who: Member, whom: Member) -> None:
        """One does not follow another any more."""
        async with self.db.write() as tx:
            await following.unfollow(self.services, tx, who.id, whom.id)

    async def block(self, who: Member, whom: Member) -> None:
        """One blocks another."""
        async with self.db.write() as tx:
            await shun.block(self.services, tx, who.id, whom.id)

    async def mute(self, who: Member, whom: Member) -> None:
        """One mutes another, for good."""
        async with self.db.write() as tx:
            await shun.mute(self.services, tx, who.id, whom.id)

    async def post(self, author: Member, text: str = "Words.", **fields: Any) -> str:
        """Post through the API; the id. Fields as in `POST /api/v1/statuses`.

        A millisecond passes: ids that are made within one stand in no order.
        """
        self.rostra.clock.advance(1)
        body = {"status": text, **fields}
        return str(good(await author.client.post("/api/v1/statuses", json=body))["id"])

    async def act(self, who: Member, verb: str, post_id: str, **fields: Any) -> Any:
        """`favourite`, `reblog`, `pin`, ... a post; the answer's body. A millisecond passes."""
        self.rostra.clock.advance(1)
        return good(await who.client.post(f"/api/v1/statuses/{post_id}/{verb}", json=fields))

    async def picture(self, owner: Member, data: bytes, **fields: Any) -> Any:
        """Upload a picture; the answer's body."""
        files = {"file": ("picture", data, "application/octet-stream")}
        return good(await owner.client.post("/api/v2/media", files=files, data=fields))

    async def rows(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows past the verbs: for what would take too long or is not reachable."""
        async with self.db.write() as tx:
            await tx.run_many(insert(table, list(rows[0])), rows)

    async def settle(self) -> None:
        """Wait for what goes on after the answers: who was here today, a look at settings."""
        await seen.settle(self.services)
        await instance_access.settle(self.services)

    async def clear(self) -> None:
        """Empty every table: a new town in the same process."""
        await self.settle()
        async with self.db.write() as tx:
            for table in metadata.sorted_tables:
                if table.name != "schedules":
                    await tx.run(query(table.delete()))

    async def count(self, table: Table, *conditions: Any) -> int:
        """How many rows a table has."""
        counting = query(select(func.count()).select_from(table).where(*conditions))
        async with self.db.read() as reader:
            return int(await reader.value(counting))

    async def anywhere(self, needle: str | int) -> list[str]:
        """The columns of the whole schema in which a text or a number occurs."""
        found = []
        async with self.db.read() as reader:
            for table in metadata.sorted_tables:
                for row in await reader.all(query(select(table))):
                    for column, value in zip(table.columns, row, strict=True):
                        if _holds(value, needle):
                            found.append(f"{table.name}.{column.name}")
        return sorted(set(found))


LOCK = query(
    update(accounts)
    .where(accounts.c.id == bindparam("account", type_=BigInteger()))
    .values(locked=1, version=accounts.c.version + 1)
)


def _holds(value: Any, needle: str | int) -> bool:
    if isinstance(needle, int):
        return value == needle or (isinstance(value, str) and str(needle) in value)
    if isinstance(value, bytes):
        return needle.encode() in value
    return isinstance(value, str) and needle in value
