"""`rostra admin webhooks`: programs that are told what happens in moderation."""

from datetime import UTC, datetime
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import Where, say
from rostra.cli.operators import run, table
from rostra.network.edge import Services
from rostra.safety.webhooks import access, manage
from rostra.safety.webhooks.model import CHOSEN, DeliveryState

webhooks_app = App(name="webhooks", help="Programs that are told what happens in moderation.")

Which = Annotated[int, Parameter(help="The number of an endpoint, as `list` shows it.")]


@webhooks_app.command(name="list")
def list_webhooks(*, where: Where | None = None) -> None:
    """The endpoints, and whether they are told."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.every(reader)
        rows = [
            (
                str(each.id),
                each.url,
                "on" if each.enabled else f"off: {each.ended_why or 'by an admin'}",
                "all events" if len(each.chosen) == len(CHOSEN) else " ".join(each.chosen),
                "with content" if each.with_content else "ids alone",
            )
            for each in found
        ]
        table(("id", "address", "state", "events", "what"), rows)

    run(where, work)


@webhooks_app.command(name="add")
def add_webhook(
    url: Annotated[str, Parameter(help="An https address.")],
    *,
    event: Annotated[
        tuple[str, ...],
        Parameter(help="An event, such as report.created; several times; none: all of them."),
    ] = (),
    content: Annotated[bool, Parameter(help="What people wrote goes along.")] = False,
    where: Where | None = None,
) -> None:
    """Add an endpoint and print its secret, which is not shown again."""

    async def work(services: Services) -> None:
        wanted = manage.Wanted(url=url, events=event, with_content=content)
        async with services.db.write() as tx:
            made, secret = await manage.add(services, tx, wanted)
        say(f"{made.id} {secret}")

    run(where, work)


@webhooks_app.command(name="rotate")
def rotate_webhook(webhook: Which, *, where: Where | None = None) -> None:
    """Print a new secret; the old one signs for a day more."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            _, secret = await manage.rotate(services, tx, webhook)
        say(secret)

    run(where, work)


@webhooks_app.command(name="switch")
def switch_webhook(
    webhook: Which,
    *,
    on: Annotated[bool, Parameter(help="Whether it is told.")] = True,
    where: Where | None = None,
) -> None:
    """Switch an endpoint on, or off."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            known = await access.one(tx, webhook)
            wanted = manage.Wanted(
                url=known.url,
                events=known.chosen,
                with_content=bool(known.with_content),
                enabled=on,
            )
            await manage.change(services, tx, webhook, wanted)

    run(where, work)


@webhooks_app.command(name="test")
def try_webhook(webhook: Which, *, where: Where | None = None) -> None:
    """Have something that means nothing sent to an endpoint, by a running server."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            made = await manage.test(services, tx, webhook)
        say(f"delivery {made.id} waits; `rostra admin webhooks deliveries {webhook}` shows it")

    run(where, work)


@webhooks_app.command(name="deliveries")
def list_deliveries(webhook: Which, *, where: Where | None = None) -> None:
    """What an endpoint was told lately, the newest first."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.deliveries(reader, webhook)
        rows = [
            (
                str(each.id),
                f"{datetime.fromtimestamp(each.created_at / 1000, UTC):%Y-%m-%d %H:%M}",
                each.event,
                DeliveryState(each.state).wire,
                str(each.attempts),
                each.failure,
            )
            for each in found
        ]
        table(("id", "when (UTC)", "event", "state", "tries", "failure"), rows)

    run(where, work)


@webhooks_app.command(name="remove")
def remove_webhook(webhook: Which, *, where: Where | None = None) -> None:
    """Take an endpoint away, with all that is known of it."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await manage.remove(tx, webhook)

    run(where, work)
