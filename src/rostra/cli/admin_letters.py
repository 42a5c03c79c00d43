"""`rostra admin letters`: letters from hosts, stores, authorities and people outside."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import App, Parameter

from rostra.cli.common import Where, say, stop
from rostra.cli.operators import file_text, run, table, written_time
from rostra.kernel.errors import RostraError
from rostra.network.credentials.model import Role
from rostra.network.edge import Services
from rostra.safety.notices import access, answer, receive, send
from rostra.safety.notices.model import AddressState, Notice, NoticeState
from rostra.safety.notices.reading.model import SenderKind
from rostra.safety.team.model import Actor

letters_app = App(name="letters", help="Letters from hosts, stores, authorities; their answers.")

StateName = Literal["open", "answered", "closed"]
LetterId = Annotated[int, Parameter(help="Number of the letter, as `list` shows it.")]
_OPERATOR = Actor(0, Role.OWNER)
_SHOWN = 200
_SEEN = "S"


class LetterLine(msgspec.Struct, frozen=True):
    """A letter as JSON."""

    id: str
    due: str
    sender: str
    name: str
    reference: str
    addresses: int
    subject: str


@letters_app.command(name="read")
def read_letters(
    path: Annotated[
        Path, Parameter(help="A mail (.eml), a report (.json), pasted text (.txt), or a maildir.")
    ],
    *,
    where: Where | None = None,
) -> None:
    """Read a letter, or every new one of a maildir; the same letter twice is kept once.

    Of a maildir each letter that was kept is marked as seen.
    """
    if not path.exists():
        stop(f"there is no {path}")

    async def work(services: Services) -> None:
        count = 0
        for name, data, done in _letters(path):
            try:
                await _keep(services, name, data)
            except RostraError as error:
                say(f"{name}: {error.safe}")
                continue
            done()
            count += 1
        say(f"{count} read")

    run(where, work)


def _letters(path: Path) -> Iterator[tuple[str, bytes, Callable[[], None]]]:
    """Each letter, with what is to be done when it is kept.

    The library's reader of maildirs is not asked: it parses each mail, nested as deep as it is.
    """
    if path.is_file():
        yield path.name, _bytes(path), _nothing
        return
    new, seen = path / "new", path / "cur"
    if not (new.is_dir() and seen.is_dir()):
        stop(f"{path} is neither a file nor a maildir (it has no `cur` and `new`)")
    for folder in (new, seen):
        for file in sorted(each for each in folder.iterdir() if each.is_file()):
            base, _, flags = file.name.partition(":2,")
            if folder == new or _SEEN not in flags:
                marked = seen / f"{base}:2,{''.join(sorted({*flags, _SEEN}))}"
                yield base, _bytes(file), partial(_rename, file, marked)


def _bytes(path: Path) -> bytes:
    """A file, up to more than is taken: what is larger is refused where it is read."""
    try:
        with path.open("rb") as file:
            return file.read(receive.MAX_KEPT + 1)
    except OSError as error:
        stop(f"{path} can't be read: {error}")


def _nothing() -> None:
    """A single file stays as it is."""


def _rename(file: Path, marked: Path) -> None:
    file.rename(marked)


async def _keep(services: Services, name: str, data: bytes) -> None:
    form = "text" if name.lower().endswith(".txt") else "mail"
    came = await receive.opened(services, data, form=form)
    async with services.db.write() as tx:
        kept = await receive.receive(services, tx, came)
        notice = await access.one(tx, kept.notice_id)
    new = "" if kept.new else " (has come before)"
    say(
        f"{name}: letter {notice.id}{new}, addresses: {notice.addresses_count},"
        f" due {written_time(notice.deadline_at)} UTC"
    )
    for each in (*notice.unread, *notice.flaws):
        say(f"  {each}")


@letters_app.command(name="list")
def list_letters(
    state: Annotated[StateName, Parameter(help="Which letters.")] = "open",
    *,
    json: Annotated[bool, Parameter(help="As JSON.")] = False,
    where: Where | None = None,
) -> None:
    """Show letters, those that are due first (200 at most)."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            rows = await access.listed(reader, NoticeState[state.upper()], limit=_SHOWN)
        if json:
            say(msgspec.json.encode([_line(row) for row in rows]).decode())
            return
        table(
            ("ID", "DUE (UTC)", "FROM", "REFERENCE", "ADDRESSES", "SUBJECT"),
            [_cells(_line(row)) for row in rows],
        )

    run(where, work)


def _line(row: Notice) -> LetterLine:
    return LetterLine(
        id=str(row.id),
        due=written_time(row.deadline_at),
        sender=SenderKind(row.sender_kind).name.lower(),
        name=row.sender_name,
        reference=row.reference,
        addresses=row.addresses_count,
        subject=row.subject,
    )


def _cells(line: LetterLine) -> tuple[str, ...]:
    who = f"{line.sender}: {line.name}"[:40]
    reference, subject = line.reference[:30] or "-", line.subject[:50]
    return (line.id, line.due, who, reference, str(line.addresses), subject)


@letters_app.command
def show(letter: LetterId, *, where: Where | None = None) -> None:
    """Show what a letter names, what became of it, and the answer as it could be sent."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            whole = await access.whole(reader, letter)
            drafted = await answer.draft(services, reader, letter)
        notice = whole.notice
        say(f"{notice.sender_name} <{notice.sender_email}>: {notice.subject}")
        say(f"due {written_time(notice.deadline_at)} UTC ({notice.deadline_words or 'none named'})")
        for each in whole.addresses:
            alike = ", looks like ours" if each.look_alike else ""
            case = f", case {each.case_id}" if each.case_id else ""
            say(f"  {each.url}: {AddressState(each.state).wire}{case}{alike}")
        say("")
        say(f"To: {drafted.to}\nSubject: {drafted.subject}\n\n{drafted.text}")
        if drafted.open_count:
            say(f"(not decided yet: {drafted.open_count})")

    run(where, work)


@letters_app.command(name="answer")
def answer_letter(
    letter: LetterId,
    *,
    text: Annotated[Path | None, Parameter(help="A file with the answer; else the draft.")] = None,
    where: Where | None = None,
) -> None:
    """Send the answer to a letter; the reference stays in the subject."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            drafted = await answer.draft(services, tx, letter)
            await send.answer(
                services,
                tx,
                _OPERATOR,
                letter,
                text=file_text(text) if text else drafted.text,
                subject=drafted.subject,
                language=drafted.language,
            )
        say(f"goes to {drafted.to}: {drafted.subject}")

    run(where, work)


@letters_app.command(name="close")
def close_letter(
    letter: LetterId,
    *,
    why: Annotated[str, Parameter(help="For the record; needed if it was not answered.")] = "",
    where: Where | None = None,
) -> None:
    """Close a letter: nothing is left to do for it."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await send.close(services, tx, _OPERATOR, letter, why)
        say(f"letter {letter} is closed")

    run(where, work)
