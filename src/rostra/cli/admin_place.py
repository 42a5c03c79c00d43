"""`rostra admin` for the place itself: settings, terms, its picture."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import day, file_text, run, table, time_of
from rostra.network.edge import Services
from rostra.network.instance import access, settings, thumbnail
from rostra.network.instance.model import PlaceSettings, Terms

settings_app = App(name="settings", help="What operators change while the server runs.")
terms_app = App(name="terms", help="The terms of service.")
picture_app = App(name="picture", help="The picture of the place, in apps and link previews.")

_SHOWN = 60


@settings_app.command(name="list")
def list_settings(*, where: Where | None = None) -> None:
    """Every setting with its value."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            known = await access.place(services, reader)
        rows = [
            (name, _short(value), day(known.changed_at.get(name, 0)))
            for name, value in msgspec.structs.asdict(known.settings).items()
        ]
        table(("name", "value", "changed"), rows)

    run(where, work)


@settings_app.command(name="get")
def get_setting(name: str, *, where: Where | None = None) -> None:
    """One setting, as JSON."""
    if name not in settings.FIELDS:
        stop(f"{name!r} is not a setting; `rostra admin settings list` shows them")

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            known = await access.settings(services, reader)
        say(msgspec.json.encode(getattr(known, name)).decode())

    run(where, work)


@settings_app.command(name="set")
def set_setting(name: str, value: str, *, where: Where | None = None) -> None:
    """Change a setting; lists are separated by commas, `@file` reads a long text from a file."""

    async def work(services: Services) -> None:
        given: object = file_text(Path(value[1:])) if value.startswith("@") else value
        if name in settings.FIELDS and isinstance(getattr(PlaceSettings(), name), tuple):
            given = [part.strip() for part in value.split(",") if part.strip()]
        async with services.db.write() as tx:
            await settings.change(services, tx, {name: given})
        say(f"{name} is changed; every process knows within two seconds")

    run(where, work)


@settings_app.command(name="reset")
def reset_setting(name: str, *, where: Where | None = None) -> None:
    """Go back to a setting's default."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await settings.reset(services, tx, name)
        say(f"{name} has its default")

    run(where, work)


@terms_app.command(name="list")
def list_terms(*, where: Where | None = None) -> None:
    """Every version, the newest first."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            known = await access.place(services, reader)
        current = known.terms_at(services.clock.now())
        rows = [
            (
                str(each.id),
                day(each.effective_at),
                _state(each, current),
                "asked" if each.consent else "not asked",
                _short(each.changelog),
            )
            for each in known.terms
        ]
        table(("version", "from", "state", "members are", "what is new"), rows)

    run(where, work)


def _state(terms: Terms, current: Terms | None) -> str:
    if current is not None and terms.id == current.id:
        return "in force"
    return "later" if current is None or terms.effective_at > current.effective_at else "before"


@terms_app.command(name="publish")
def publish_terms(
    file: Annotated[Path, Parameter(help="The text.")],
    *,
    changelog: Annotated[str, Parameter(help="What is new in it.")] = "",
    starting: Annotated[
        str, Parameter(help="From which day on it holds (2026-05-31, UTC); empty: at once.")
    ] = "",
    editorial: Annotated[
        bool, Parameter(help="Only other words: members are not asked to accept it.")
    ] = False,
    where: Where | None = None,
) -> None:
    """Publish a version of the terms. New members accept it, and the others when it is in force.

    They do so on a page; apps go on, unless the setting `terms_for_apps` stops them until then.
    """
    text = file_text(file)
    starts_at = time_of(starting)

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            version = await settings.publish_terms(
                services,
                tx,
                text,
                changelog=changelog,
                effective_at=starts_at,
                consent=not editorial,
            )
        holds = f"will be in force on {starting}" if starting else "is in force"
        say(f"version {version} {holds}")

    run(where, work)


@picture_app.command(name="set")
def set_picture(
    file: Annotated[Path, Parameter(help="A picture, wider than high: 1200 by 630 is best.")],
    *,
    description: Annotated[str, Parameter(help="What is on it, for those who can't see it.")] = "",
    where: Where | None = None,
) -> None:
    """Show a picture of one's own."""

    async def work(services: Services) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            stop(f"{file} can't be read: {error.strerror}")
        async with (
            thumbnail.stored_thumbnail(services, data, description) as made,
            services.db.write() as tx,
        ):
            old = await thumbnail.set_thumbnail(services, tx, made)
        await services.blobs.delete(old)
        say("it is shown")

    run(where, work)


@picture_app.command(name="remove")
def remove_picture(*, where: Where | None = None) -> None:
    """Go back to the picture of the software."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            old = await thumbnail.set_thumbnail(services, tx, None)
        await services.blobs.delete(old)
        say("removed")

    run(where, work)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
