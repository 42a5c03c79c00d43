"""New keys and secrets everywhere, after others may have seen those of before.

For the day on which a host turns against its network: what it knows opens nothing that is written
from now on. The directory must be one that nobody serves, so that no process knows the old ones.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import NoKeys
from rostra.hosting.ark.manifest import FOLDER as AT_PLACES
from rostra.hosting.places.port import Store
from rostra.kernel import ed25519
from rostra.network.credentials.everybody import sign_everybody_out
from rostra.network.edge import Services
from rostra.network.push import keys as push_keys
from rostra.network.push import tokens as push_tokens
from rostra.safety.ledger import keys as ledger_keys
from rostra.safety.webhooks import access as webhooks
from rostra.safety.webhooks import secrets as webhook_secrets
from rostra.settings import Settings
from rostra.settings.sources import Section, keys_of

_NEW: Final = "ark-new"
_OF_MEMBERS: Final = (
    "passwords and second factors, the team's first: the old host has their hashes and secrets, and"
    " may have seen passwords as they were typed"
)


class Renewed(msgspec.Struct, frozen=True):
    """What is new, and what only people can make new; sentences."""

    done: tuple[str, ...]
    left: tuple[str, ...]


async def renew(services: Services, stores: Sequence[Store], *, sign_ins: bool = True) -> Renewed:
    """Make all new that can be made new from here. Cut short, it is done again from the beginning.

    Args:
        services: of the directory; their write gate is open.
        stores: the places that it will use from now on.
        sign_ins: whether everybody has to sign in anew.

    Raises:
        KeysError: there are keys of an ark that can't be read; nothing is new then.
        PlaceFailed: a place can't be asked.
        Unavailable: a key can't be made.
        OSError: the same.
    """
    settings = services.settings
    done: list[str] = []
    left: list[str] = []
    recipients = _recipients(settings.data_dir)
    async with services.db.write() as tx:
        if sign_ins:
            ended = await sign_everybody_out(tx)
            done.append(
                f"everybody signs in anew: {ended.sessions:,} sessions, {ended.tokens:,} tokens of"
                f" apps, {ended.codes:,} codes and {ended.letters:,} links in letters are ended"
            )
        devices = await push_keys.forget(tx)
    done.append(f"push: a new key; {devices:,} devices subscribe anew when their apps are opened")
    _forget(settings.data_dir / push_tokens.FILE)
    _ledger(services, done, left)
    await _webhooks(services, done, left)
    if recipients is not None:
        await _ark(settings.data_dir, recipients, stores, done, left)
    left += _of_people(settings)
    return Renewed(tuple(done), tuple(left))


def _ledger(services: Services, done: list[str], left: list[str]) -> None:
    if services.settings.ledger.key:
        return  # told with the other settings
    path = services.settings.data_dir / ledger_keys.FILE
    before = ledger_keys.public_key(services).hex() if path.exists() else ""
    _forget(path)
    ledger_keys.forget(services)
    public = ledger_keys.public_key(services)
    done.append(f"the ledger is signed by a new key, {ed25519.key_id(public)}")
    if before:
        left.append(
            f"keep the public key of before, which has signed the ledger until now: {before}"
        )


async def _webhooks(services: Services, done: list[str], left: list[str]) -> None:
    if services.settings.webhooks.key:
        return
    _forget(services.settings.data_dir / webhook_secrets.FILE)
    webhook_secrets.forget(services)
    async with services.db.read() as reader:
        hooks = await webhooks.every(reader)
    for hook in hooks:
        secret = webhook_secrets.secret(services, hook.id, hook.generation)
        left.append(f"tell the endpoint {hook.url} its new secret: {secret}")
    done.append(f"webhooks: new secrets for {len(hooks):,} endpoints")


def _recipients(data_dir: Path) -> tuple[str, ...] | None:
    """For whom the keys of the ark are wrapped; None: there is no ark.

    Keys that are there and can't be read are no such case: they would stay in use without a word.
    """
    try:
        return ark_keys.kept(data_dir).recipients
    except NoKeys:
        return None


async def _ark(
    data_dir: Path,
    recipients: tuple[str, ...],
    stores: Sequence[Store],
    done: list[str],
    left: list[str],
) -> None:
    """New keys for the same recipients; at places where nothing was sealed with the old ones.

    Elsewhere copies of both would stand beside each other, and the old host may still write there.
    """
    used = [store.name for store in stores if await store.keys(AT_PLACES, limit=1)]
    if used or not stores:
        names = f"{', '.join(used)} {'has' if len(used) == 1 else 'have'} copies sealed with them"
        left.append(
            f"the keys of the ark are the old ones ({names if used else 'no places are set'}): name"
            " places that are new and empty in the file of the places, and do this again"
        )
        return
    folder, new = data_dir / ark_keys.FOLDER, data_dir / _NEW
    shutil.rmtree(new, ignore_errors=True)
    made = ark_keys.make(new, recipients)
    # The keys first: what else lies there belongs to the old ones, and is of no use to the new.
    (new / ark_keys.FOLDER / ark_keys.FILE).replace(folder / ark_keys.FILE)
    shutil.rmtree(new)
    for path in folder.iterdir():
        if path.name != ark_keys.FILE:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    done.append(
        f"the ark has new keys, opened by the same {len(recipients)} recipients; it is signed by"
        f" {made.public}"
    )
    left += [
        "claim the fence at the new places: `rostra fence claim`",
        "make a copy there as soon as the server runs: `rostra ark copy`",
        "if there was a lifeboat, give it a new berth: `rostra lifeboat init`",
    ]


def _of_people(settings: Settings) -> list[str]:
    """What stands in settings, and what members alone know."""
    told = [
        f"`{name}` in the settings: have a new one made by whoever gave it"
        for name in _secrets_in(settings)
    ]
    return [
        *told,
        "the credentials of the old places, at their providers",
        "certificates and their keys, DNS, the registrar: whatever else the old host could use",
        _OF_MEMBERS,
    ]


def _secrets_in(settings: Settings) -> list[str]:
    """The names of the secrets that are set, as people write them."""
    found = []
    for field in msgspec.structs.fields(settings):
        value = getattr(settings, field.name)
        for section, prefix in _sections(value, field.name):
            found += [
                f"{prefix}.{key.name}"
                for key in keys_of(type(section))
                if key.secret and getattr(section, key.attribute)
            ]
    return found


def _sections(value: object, name: str) -> list[tuple[Section, str]]:
    if isinstance(value, Section):
        return [(value, name)]
    if isinstance(value, tuple):
        return [
            (each, f"{name}.{getattr(each, 'name', '')}")
            for each in value
            if isinstance(each, Section)
        ]
    return []


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
