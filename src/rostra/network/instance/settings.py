"""Changing what the operators say about the place."""

from collections.abc import Callable
from typing import Any

import msgspec

from rostra.kernel.errors import Fault, Invalid
from rostra.kernel.text import clean, names
from rostra.kernel.text.language import LANGUAGES, normalise_language
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access, queries
from rostra.network.instance.model import PlaceSettings, Surge

MAX_TITLE = 100
MAX_DESCRIPTION = 500
MAX_TEXT = 100_000
MAX_AGE = 120
MAX_LANGUAGES = 20
_EMAILS = ("contact_email", "authority_contact_email", "child_safety_contact_email")
_LONGEST = {
    "title": MAX_TITLE,
    "description": MAX_DESCRIPTION,
    "postal_address": MAX_DESCRIPTION,
    "legal_representative": MAX_DESCRIPTION,
    "child_safety_contact_name": MAX_TITLE,
    **dict.fromkeys(_EMAILS, names.MAX_EMAIL),
}

FIELDS = {field.name: field.type for field in msgspec.structs.fields(PlaceSettings)}


async def change(services: Services, tx: Transaction, values: dict[str, Any]) -> None:
    """Set some of the settings of :class:`PlaceSettings`, by name.

    Raises:
        Invalid: names each setting that does not exist, is of another type or too long.
    """
    faults: list[Fault] = []
    clean_values: dict[str, Any] = {}
    for name, value in values.items():
        fault = _checked(name, value, clean_values)
        if fault is not None:
            faults.append(fault)
    if faults:
        raise Invalid.many(faults)
    now = services.clock.now()
    for name, value in clean_values.items():
        text = msgspec.json.encode(value).decode()
        await tx.run(queries.SET, name=name, value=text, updated_at=now)
    await changed(services, tx)


async def reset(services: Services, tx: Transaction, name: str) -> None:
    """Go back to the default of one setting.

    Raises:
        Invalid: there is no such setting.
    """
    if name not in FIELDS:
        raise Invalid(name, "is not a setting")
    await tx.run(queries.UNSET, key=name)
    await changed(services, tx)


async def set_surge(services: Services, tx: Transaction, surge: Surge) -> None:
    """Let these measures be in force, and no others; moderation says so, and keeps the record."""
    value, now = msgspec.json.encode(surge).decode(), services.clock.now()
    await tx.run(queries.SET, name=access.SURGE, value=value, updated_at=now)
    await changed(services, tx)


async def publish_terms(
    services: Services,
    tx: Transaction,
    text: str,
    *,
    changelog: str = "",
    effective_at: int = 0,
    consent: bool = True,
) -> int:
    """Publish a version of the terms, in force from ``effective_at`` (UTC ms; 0: now); its id.

    With ``consent`` members accept it anew; without, only its wording is new.

    Raises:
        Invalid: it is empty or too long.
    """
    text = clean.normalise(text).strip()
    if not text:
        raise Invalid("text", "can't be blank", "ERR_BLANK")
    if len(text) > MAX_TEXT:
        raise Invalid("text", "is too long", "ERR_TOO_LONG")
    terms_id = services.ids.next()
    await tx.run(
        queries.ADD_TERMS,
        id=terms_id,
        text=text,
        changelog=clean.normalise(changelog),
        effective_at=effective_at or services.clock.now(),
        consent=int(consent),
    )
    await changed(services, tx)
    return terms_id


async def changed(services: Services, tx: Transaction, *, emoji: bool = False) -> None:
    """Tell every process that something about the place has changed."""
    now = services.clock.now()
    counters = [access.VERSION, access.EMOJI_VERSION] if emoji else [access.VERSION]
    for name in counters:
        known = await tx.value(queries.VERSION, name=name)
        value = str(int(known or "0") + 1)
        await tx.run(queries.SET, name=name, value=value, updated_at=now)
    tx.after_commit(lambda: access.forget(services))


def _checked(name: str, value: Any, into: dict[str, Any]) -> Fault | None:
    if name not in FIELDS:
        return Fault(name, "is not a setting", "ERR_UNKNOWN")
    try:
        value = msgspec.convert(value, FIELDS[name], strict=False)
    except msgspec.ValidationError as error:
        return Fault(name, f"cannot be used: {error}")
    if isinstance(value, str):
        value = clean.normalise(value)
        if len(value) > _LONGEST.get(name, MAX_TEXT):
            return Fault(name, "is too long", "ERR_TOO_LONG")
    if name in {"languages", "contact_languages"}:
        value = tuple(normalise_language(code) or code for code in value)
    into[name] = value
    fits, message = _MEANT.get(name, (None, ""))
    return None if fits is None or not value or fits(value) else Fault(name, message)


_IS_EMAIL: tuple[Callable[[Any], bool], str] = (
    lambda email: names.email_address(email) is not None,
    "is not an e-mail address",
)
_ARE_LANGUAGES: tuple[Callable[[Any], bool], str] = (
    lambda codes: len(codes) <= MAX_LANGUAGES and all(code in LANGUAGES for code in codes),
    f"must be at most {MAX_LANGUAGES} languages that this place knows",
)
# What a setting must be beside its type, where it is given at all.
_MEANT: dict[str, tuple[Callable[[Any], bool], str]] = {
    "status_url": (lambda url: clean.safe_url(url) is not None, "is not an address"),
    **dict.fromkeys(_EMAILS, _IS_EMAIL),
    "contact_username": (
        lambda name: not [f for f in names.username_faults(name) if f.code != "ERR_RESERVED"],
        "is not the name of a member",
    ),
    "minimum_age": (lambda years: 0 < years <= MAX_AGE, f"must be between 0 and {MAX_AGE}"),
    **dict.fromkeys(("languages", "contact_languages"), _ARE_LANGUAGES),
}
