"""Changing how others see an account, and how its owner sees the place."""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from rostra.kernel.errors import Fault, Invalid, NotFound
from rostra.kernel.text import clean, entities, render
from rostra.kernel.text.domains import listed_domain
from rostra.kernel.text.language import normalise_language
from rostra.network.accounts import access, queries
from rostra.network.accounts.events import AccountChanged
from rostra.network.accounts.jobs import drop_blobs
from rostra.network.accounts.model import AccountRow, Choices, Profile, ProfileField
from rostra.network.accounts.pictures import Picture
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.screening import UNSEEN, About, Look, Said, What
from rostra.settings import Accounts

MAX_DESCRIPTION = 1500
MAX_SITES = 100
QUOTED = 60  # characters of a wrong line that its fault repeats
VISIBILITIES = ("public", "unlisted", "private", "direct")
QUOTE_POLICIES = ("public", "followers", "nobody")
MEDIA_CHOICES = ("default", "show_all", "hide_all")
THEMES = ("", "light", "dark")


class ProfileChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change; what is left unset stays. A `Picture()` without keys removes one."""

    display_name: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    fields: Sequence[tuple[str, str]] | UnsetType = UNSET
    locked: bool | UnsetType = UNSET
    bot: bool | UnsetType = UNSET
    discoverable: bool | UnsetType = UNSET
    indexable: bool | UnsetType = UNSET
    hide_collections: bool | UnsetType = UNSET
    avatar: Picture | UnsetType = UNSET
    header: Picture | UnsetType = UNSET
    avatar_description: str | UnsetType = UNSET
    header_description: str | UnsetType = UNSET
    attribution_domains: Sequence[str] | UnsetType = UNSET


class PreferenceChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change of a member's preferences; what is left unset stays."""

    visibility: str | UnsetType = UNSET
    sensitive: bool | UnsetType = UNSET
    language: str | UnsetType = UNSET
    quote_policy: str | UnsetType = UNSET
    locale: str | UnsetType = UNSET
    theme: str | UnsetType = UNSET
    expand_media: str | UnsetType = UNSET
    expand_spoilers: bool | UnsetType = UNSET
    autoplay_gifs: bool | UnsetType = UNSET
    report_mails: bool | UnsetType = UNSET


async def looked_at(services: Services, account_id: int, changes: ProfileChanges) -> Look:
    """Look at what a profile will say, before the transaction that changes it. Three statements."""
    await services.screen.ready()
    if services.screen.idle:
        return UNSEEN
    async with services.db.read() as reader:
        old = (await access.profiles(reader, [account_id])).get(account_id)
        if old is None or profile_faults(services.settings.accounts, changes):
            return UNSEEN  # it is refused
        new = await _changed_profile(services, reader, old, changes)
    return services.screen.look(said_of(new))


def said_of(profile: Profile) -> Said:
    """The words of a profile; the user name is the first of them, as it stands on every post."""
    lines = [text for line in profile.lines for text in (line.name, line.value)]
    alts = (profile.avatar_description, profile.header_description)
    names = (profile.username, profile.display_name)
    parts = tuple(filter(None, (*names, profile.note, *lines, *alts)))
    found = entities.extract("\n".join(parts), entities.NO_LIMITS)
    return Said(
        what=What.PROFILE,
        account_id=profile.account_id,
        parts=parts,
        links=tuple(each.value for each in found if each.kind is entities.Kind.URL),
    )


async def update_profile(
    services: Services, tx: Transaction, account_id: int, changes: ProfileChanges, look: Look
) -> None:
    """Change a profile; pictures that it no longer shows are deleted after the commit.

    Args:
        services: the house's parts.
        tx: the transaction.
        account_id: whose it is.
        changes: what is to change.
        look: of `looked_at`; `UNSEEN` where no words change.

    Raises:
        NotFound: there is no such account.
        Invalid: names each field that is too long or of too many.
    """
    # Locked, as every column is written: what a decision blanked meanwhile must not come back.
    account = await access.locked(tx, account_id)
    if account is None:
        raise NotFound(f"account {account_id}")
    old = (await access.profiles(tx, [account_id]))[account_id]
    limits = services.settings.accounts
    faults = profile_faults(limits, changes)
    if faults:
        raise Invalid.many(faults)
    new = await _changed_profile(services, tx, old, changes)
    if new != old:
        await tx.run(queries.SET_PROFILE, id=account_id, **_columns(new))
    flags = _flags(account, changes)
    await tx.run(queries.SET_FLAGS, id=account_id, **flags)
    await drop_blobs(tx, set(old.blob_keys) - set(new.blob_keys))
    await tx.emit(
        AccountChanged(
            account_id,
            indexable_changed=flags["indexable"] != account.indexable,
            sites_changed=new.attribution_domains != old.attribution_domains,
        )
    )
    said = said_of(new)
    if said.parts != said_of(old).parts:
        verdict = await services.screen.judge(tx, said, About(), look)
        await services.screen.note(tx, verdict)


async def update_preferences(tx: Transaction, account_id: int, changes: PreferenceChanges) -> None:
    """Change how a member posts by default and sees things; nobody else can tell.

    Raises:
        NotFound: there is no such member.
        Invalid: names each choice that does not exist.
    """
    user = await access.user(tx, account_id)
    faults: list[Fault] = []

    def chosen(name: str, value: str | UnsetType, known: Sequence[str], old: str) -> str:
        if value is UNSET:
            return old
        if value not in known:
            faults.append(Fault(name, "is not included in the list", "ERR_INCLUSION"))
        return value

    choices = user.choices
    new_choices = Choices(
        theme=chosen("theme", changes.theme, THEMES, choices.theme),
        expand_media=chosen(
            "expand_media", changes.expand_media, MEDIA_CHOICES, choices.expand_media
        ),
        expand_spoilers=_kept(changes.expand_spoilers, choices.expand_spoilers),
        autoplay_gifs=_kept(changes.autoplay_gifs, choices.autoplay_gifs),
        report_mails=_kept(changes.report_mails, choices.report_mails),
    )
    visibility = chosen("privacy", changes.visibility, VISIBILITIES, user.default_visibility)
    quotes = chosen("quote_policy", changes.quote_policy, QUOTE_POLICIES, user.default_quote_policy)
    language = user.default_language
    if changes.language is not UNSET:
        language = normalise_language(changes.language) or ""
        if changes.language and not language:
            faults.append(Fault("language", "is not a known language", "ERR_INCLUSION"))
    if faults:
        raise Invalid.many(faults)
    await tx.run(
        queries.SET_PREFERENCES,
        id=account_id,
        default_visibility=visibility,
        default_sensitive=int(_kept(changes.sensitive, bool(user.default_sensitive))),
        default_language=language,
        default_quote_policy=quotes,
        preferences=msgspec.json.encode(new_choices).decode(),
        locale=normalise_language(_kept_text(changes.locale, user.locale)) or "en",
    )


def profile_faults(limits: Accounts, changes: ProfileChanges) -> list[Fault]:
    """What of the changes is too long or too much."""
    faults: list[Fault] = []

    def measure(name: str, value: str | UnsetType, most: int) -> None:
        if value is not UNSET and len(value) > most:
            message = f"is too long (maximum is {most} characters)"
            faults.append(Fault(name, message, "ERR_TOO_LONG"))

    measure("display_name", changes.display_name, limits.max_display_name)
    measure("note", changes.note, limits.max_bio)
    measure("avatar_description", changes.avatar_description, MAX_DESCRIPTION)
    measure("header_description", changes.header_description, MAX_DESCRIPTION)
    if changes.fields is not UNSET:
        kept = [pair for pair in changes.fields if any(text.strip() for text in pair)]
        if len(kept) > limits.max_fields:
            message = f"are too many (maximum is {limits.max_fields})"
            faults.append(Fault("fields", message, "ERR_TOO_MANY"))
        for name, value in kept[: limits.max_fields]:
            measure("fields", name, limits.max_field_characters)
            measure("fields", value, limits.max_field_characters)
            if value.strip() and not name.strip():
                faults.append(Fault("fields", "need a name each", "ERR_BLANK"))
    return faults + _site_faults(changes)


def _site_faults(changes: ProfileChanges) -> list[Fault]:
    if changes.attribution_domains is UNSET:
        return []
    given = [each for each in changes.attribution_domains if each.strip()]
    if len(given) > MAX_SITES:
        message = f"are too many (maximum is {MAX_SITES})"
        return [Fault("attribution_domains", message, "ERR_TOO_MANY")]
    return [
        Fault("attribution_domains", f"line {number} is not a domain: {_quoted(each)}")
        for number, each in enumerate(changes.attribution_domains, 1)
        if each.strip() and listed_domain(each) is None
    ]


def _quoted(given: str) -> str:
    """What stands in a line, so that its member knows it again."""
    line = clean.one_line(given)
    return f"“{line if len(line) <= QUOTED else line[: QUOTED - 1] + '…'}”"


def _sites(changes: ProfileChanges, old: Profile) -> str:
    if changes.attribution_domains is UNSET:
        return old.attribution_domains
    known = (listed_domain(each) for each in changes.attribution_domains)
    return msgspec.json.encode(list(dict.fromkeys(each for each in known if each))).decode()


async def _changed_profile(
    services: Services, reader: Reader, old: Profile, changes: ProfileChanges
) -> Profile:
    note = old.note if changes.note is UNSET else clean.normalise(changes.note).strip()
    lines = _lines(old, changes)
    texts = [note, *(value for _, value in lines)]
    links = await _links(services, reader, texts, old.account_id)
    known = {(line.name, line.value): line for line in old.lines}
    fields = [
        ProfileField(
            name,
            value,
            render.field_html(value, links),
            # What was verified stays so only as long as it is not changed.
            known[name, value].verified_at if (name, value) in known else None,
        )
        for name, value in lines
    ]
    avatar = _picture(changes.avatar, Picture(old.avatar_key, old.avatar_static_key))
    header = _picture(changes.header, Picture(old.header_key, old.header_static_key))
    return Profile(
        account_id=old.account_id,
        display_name=clean.display_name(_kept_text(changes.display_name, old.display_name)),
        note=note,
        note_html=render.post_html(note, links),
        fields=msgspec.json.encode(fields).decode(),
        avatar_key=avatar.key,
        avatar_static_key=avatar.static_key,
        avatar_description=_description(
            changes.avatar_description, old.avatar_description, avatar, changes.avatar
        ),
        header_key=header.key,
        header_static_key=header.static_key,
        header_description=_description(
            changes.header_description, old.header_description, header, changes.header
        ),
        attribution_domains=_sites(changes, old),
        username=old.username,
    )


def _lines(old: Profile, changes: ProfileChanges) -> list[tuple[str, str]]:
    if changes.fields is UNSET:
        return [(line.name, line.value) for line in old.lines]
    cleaned = [(clean.one_line(name), clean.one_line(value)) for name, value in changes.fields]
    return [(name, value) for name, value in cleaned if name or value]


async def _links(
    services: Services, reader: Reader, texts: Sequence[str], viewer_id: int
) -> render.Links:
    """Where mentions in a profile lead: to local accounts that exist for everybody."""
    at = addresses(services.settings)
    handles = {
        handle.lower() for text in texts for handle in entities.mentions(entities.extract(text))
    }
    own = {handle: handle.removesuffix(f"@{services.settings.domain}") for handle in handles}
    wanted = [name for name in own.values() if "@" not in name]
    found = await access.by_usernames(reader, wanted, viewer_id)
    known = {handle: at.profile(found[name].acct) for handle, name in own.items() if name in found}
    return render.Links(known, at.tag)


def _picture(change: Picture | UnsetType, old: Picture) -> Picture:
    return old if change is UNSET else change


def _description(
    change: str | UnsetType, old: str, picture: Picture, picture_change: Picture | UnsetType
) -> str:
    """The picture's description; a new picture without one starts with none."""
    if not picture.key:
        return ""
    if change is not UNSET:
        return clean.normalise(change).strip()
    return old if picture_change is UNSET else ""


def _flags(account: AccountRow, changes: ProfileChanges) -> dict[str, int]:
    return {
        "locked": int(_kept(changes.locked, bool(account.locked))),
        "bot": int(_kept(changes.bot, bool(account.bot))),
        "discoverable": int(_kept(changes.discoverable, bool(account.discoverable))),
        "indexable": int(_kept(changes.indexable, bool(account.indexable))),
        "hide_collections": int(_kept(changes.hide_collections, bool(account.hide_collections))),
    }


def _columns(profile: Profile) -> dict[str, str]:
    columns = msgspec.structs.asdict(profile)
    del columns["account_id"], columns["username"]
    return columns


def _kept(change: bool | UnsetType, old: bool) -> bool:  # noqa: FBT001 (a value, not a switch)
    return old if change is UNSET else change


def _kept_text(change: str | UnsetType, old: str) -> str:
    return old if change is UNSET else change
