"""A team and cases in browsers, for the tests of the console."""

import itertools
from typing import Any

from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.web.conftest import Streets

from rostra.network.credentials.model import Role
from rostra.network.posts.access import bodies
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case
from rostra.safety.categories.model import Category, Sender
from rostra.safety.reports.file import report
from rostra.safety.reports.model import Said
from rostra.safety.team.appoint import set_duties
from rostra.safety.team.model import Duty

HERE = "/console"
_numbers = itertools.count(1)


async def staff(
    streets: Streets,
    role: Role = Role.MODERATOR,
    duties: Duty | None = None,
    categories: tuple[Category, ...] = (),
) -> tuple[Member, Browser]:
    """Somebody of the team."""
    member = await streets.town.member(f"staff{next(_numbers)}", role=role)
    if duties:
        async with streets.rostra.db.write() as tx:
            await set_duties(tx, member.id, duties, categories)
    return member, await streets.signed_in(member.id)


async def post(member: Member, text: str, **more: Any) -> int:
    """A post."""
    answer = await member.client.post(
        "/api/v1/statuses", json={"status": text, "language": "en", **more}
    )
    assert answer.status_code == 200, answer.text
    return int(answer.json()["id"])


async def said(
    streets: Streets,
    by: Member,
    about: Member,
    *post_ids: int,
    category: Category = Category.HARASSMENT,
    **more: Any,
) -> None:
    """Somebody reports somebody."""
    streets.rostra.clock.advance(1)
    async with streets.rostra.db.write() as tx:
        await report(
            streets.rostra.services,
            tx,
            Said(
                source=more.pop("source", Sender.MEMBER),
                reporter_id=by.id,
                target_account_id=about.id,
                post_ids=post_ids,
                category=category,
                **more,
            ),
        )


async def waiting(streets: Streets) -> list[Case]:
    """What waits, the worst first."""
    async with streets.rostra.db.read() as reader:
        return await cases_access.queue(reader, limit=200)


async def case(streets: Streets, case_id: int) -> Case:
    """A case as it is now."""
    async with streets.rostra.db.read() as reader:
        return await cases_access.one(reader, case_id)


async def there(streets: Streets, post_id: int) -> bool:
    """Whether somebody who is not signed in finds the post."""
    async with streets.rostra.db.read() as reader:
        assert post_id in await bodies(reader, [post_id])
    answer = await streets.town.anybody.get(f"/api/v1/statuses/{post_id}")
    return answer.status_code == 200
