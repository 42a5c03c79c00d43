"""What the operators set, as each process knows it: at most two seconds old.

A version number in the settings' table rises with every change, so that looking whether anything
changed is one small statement, and only a change costs the loading of everything.
"""

import asyncio
import logging
from weakref import WeakKeyDictionary

import msgspec

from rostra.kernel.errors import NotFound
from rostra.network.addresses import addresses
from rostra.network.edge import Database, Reader, Services
from rostra.network.instance import queries
from rostra.network.instance.model import (
    CustomEmoji,
    EmojiBook,
    EmojiRow,
    Invite,
    Place,
    PlaceSettings,
    Rule,
    RuleWords,
    Surge,
    Terms,
    Thumbnail,
)

FRESH_S = 2.0
VERSION = "_version"
EMOJI_VERSION = "_emoji_version"
THUMBNAIL = "_thumbnail"
SURGE = "_surge"
SIGN_UP_CLOSED = (
    "More is reported here at the moment than people can look at, so nobody can sign up for now."
    " It opens again by itself."
)

_log = logging.getLogger(__name__)


class _Known:
    """What a process knows of one database's place."""

    def __init__(self) -> None:
        self.place: Place | None = None
        self.looked_at = 0.0
        self.looking: asyncio.Task[None] | None = None


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


def _of(services: Services) -> _Known:
    known = _known.get(services.db)
    if known is None:
        known = _known[services.db] = _Known()
    return known


async def place(services: Services, reader: Reader) -> Place:
    """Settings, rules, terms and emoji; no statement at all while they are fresh."""
    known = _of(services)
    now = services.clock.monotonic()
    if known.place is not None and now - known.looked_at < FRESH_S:
        return known.place
    version = await _number(reader, VERSION)
    if known.place is None or known.place.version != version or _over(services, known.place):
        known.place = await _load(services, reader, version)
    known.looked_at = now
    return known.place


def _over(services: Services, place: Place) -> bool:
    """Whether the settings are still those of a measure that has ended."""
    measure, now = place.surge.close_sign_up, services.clock.now()
    return measure is not None and place.loaded_at < measure.until <= now


async def settings(services: Services, reader: Reader) -> PlaceSettings:
    """What the operators set."""
    return (await place(services, reader)).settings


async def rules(services: Services, reader: Reader) -> tuple[Rule, ...]:
    """The rules of the place, in their order."""
    return (await place(services, reader)).rules


async def emoji_book(services: Services, reader: Reader) -> EmojiBook:
    """The custom emoji by shortcode."""
    return (await place(services, reader)).emojis


async def emojis(reader: Reader) -> list[EmojiRow]:
    """The custom emoji as they are stored, hidden ones too; for operators."""
    return await reader.all(queries.EMOJIS)


def emoji_version(services: Services) -> int:
    """A number that rises when any emoji changes: part of the key of what is cached with them."""
    known = lately(services)
    return 0 if known is None else known.emoji_version


def lately(services: Services) -> Place | None:
    """The place as it was last seen; None: not yet.

    Answers at once. What is no longer fresh is looked at after the answer.
    """
    known = _of(services)
    if services.clock.monotonic() - known.looked_at >= FRESH_S or known.place is None:
        _look_behind(services, known)
    return known.place


def forget(services: Services) -> None:
    """Look again at the next question; called after a change of our own is on disk."""
    _of(services).looked_at = services.clock.monotonic() - FRESH_S


def _look_behind(services: Services, known: _Known) -> None:
    if known.looking is None or known.looking.done():
        known.looking = asyncio.get_running_loop().create_task(_look(services))


async def settle(services: Services) -> None:
    """Wait for the look under way; called before the database is closed."""
    looking = _of(services).looking
    if looking is not None:
        await asyncio.gather(looking, return_exceptions=True)


async def _look(services: Services) -> None:
    try:
        async with services.db.read() as reader:
            await place(services, reader)
    except Exception:  # noqa: BLE001 (the answer is out; the next look may succeed)
        _log.warning("the settings of the place could not be read", exc_info=True)


async def invite_by_code(reader: Reader, code: str) -> Invite | None:
    """The invitation with this code (as `kernel.crypto.invite_code_key` gives it)."""
    return await reader.first(queries.INVITE_BY_CODE, code=code)


async def invites(reader: Reader, owner_id: int) -> list[Invite]:
    """The newest 200 invitations of a member; of everybody (500) for 0."""
    if owner_id == 0:
        return await reader.all(queries.INVITES)
    return await reader.all(queries.INVITES_OF, owner=owner_id)


async def invite(reader: Reader, invite_id: int) -> Invite:
    """One invitation; for operators.

    Raises:
        NotFound: there is none.
    """
    found = await reader.first(queries.INVITE, id=invite_id)
    if found is None:
        raise NotFound(f"invite {invite_id}")
    return found


async def _number(reader: Reader, name: str) -> int:
    text = await reader.value(queries.VERSION, name=name)
    return int(text) if text else 0


async def _load(services: Services, reader: Reader, version: int) -> Place:
    rows = await reader.all(queries.SETTINGS)
    stored = {name: value for name, value, _ in rows}
    at = addresses(services.settings)
    book = {
        row.shortcode: CustomEmoji(
            shortcode=row.shortcode,
            url=at.blob(row.image_key),
            static_url=at.blob(row.static_key or row.image_key),
            visible_in_picker=bool(row.visible),
            category=row.category or None,
        )
        for row in await emojis(reader)
    }
    emoji_version = int(stored.pop(EMOJI_VERSION, "0"))
    stored.pop(VERSION, None)
    thumbnail = stored.pop(THUMBNAIL, "null")
    surge, now = msgspec.json.decode(stored.pop(SURGE, "{}"), type=Surge), services.clock.now()
    settings_ = read_settings(services, stored)
    if surge.in_force("close_sign_up", now) and settings_.registrations != "closed":
        settings_ = msgspec.structs.replace(
            settings_, registrations="closed", closed_message=SIGN_UP_CLOSED
        )
    terms_: list[Terms] = await reader.all(queries.TERMS)
    return Place(
        version=version,
        settings=settings_,
        changed_at={name: changed_at for name, _, changed_at in rows},
        rules=tuple(await all_rules(reader)),
        terms=tuple(terms_),
        emoji_version=emoji_version,
        emojis=book,
        thumbnail=msgspec.json.decode(thumbnail, type=Thumbnail | None),
        surge=surge,
        loaded_at=now,
    )


async def all_rules(reader: Reader) -> list[Rule]:
    """The rules in their order, with their words in other languages; for operators."""
    words: dict[int, dict[str, RuleWords]] = {}
    for rule_id, language, text, hint in await reader.all(queries.RULE_WORDS):
        words.setdefault(rule_id, {})[language] = RuleWords(text, hint)
    rules = await reader.all(queries.RULES)
    return [msgspec.structs.replace(r, translations=words.get(r.id, {})) for r in rules]


def defaults(services: Services) -> PlaceSettings:
    """What holds where the operators have set nothing: the settings file."""
    site = services.settings.site
    return PlaceSettings(
        registrations=services.settings.accounts.registrations,
        title=site.title,
        description=site.description,
        contact_email=site.contact_email,
        languages=site.languages,
    )


def read_settings(services: Services, stored: dict[str, str]) -> PlaceSettings:
    """The settings from their rows; one that cannot be read any more falls back to its default."""
    values = msgspec.structs.asdict(defaults(services))
    kinds = {field.name: field.type for field in msgspec.structs.fields(PlaceSettings)}
    for name, text in stored.items():
        if name not in kinds:
            continue
        try:
            values[name] = msgspec.json.decode(text, type=kinds[name])
        except msgspec.MsgspecError:
            _log.warning("the stored setting %s cannot be read", name)
    return PlaceSettings(**values)


async def surge(reader: Reader) -> Surge:
    """What is switched on against a flood, as it stands in the database."""
    text = await reader.value(queries.VERSION, name=SURGE)
    return msgspec.json.decode(text or "{}", type=Surge)
