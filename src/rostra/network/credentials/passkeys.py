"""Passkeys: key pairs on members' devices (W3C Web Authentication, level 2).

A passkey opens an account by itself, if its device has asked for a finger, a face or a PIN; after
the password it stands for the code of the second step. What it signs is a challenge: random, for
one purpose, in the browser that asked, once, within five minutes. The edge uses a challenge up in
a transaction of its own (:func:`answered`) before it asks what the answer is worth, so a wrong
answer uses it up as well.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from rostra.kernel import crypto
from rostra.kernel.clock import MINUTE
from rostra.kernel.errors import Invalid, NotFound, Unauthorized
from rostra.kernel.lazy import lazily
from rostra.kernel.text import clean
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials import queries
from rostra.network.credentials.letters import send_letter
from rostra.network.credentials.model import Passkey
from rostra.network.credentials.sign_in import Identity, known
from rostra.network.credentials.writing import Purpose as LetterPurpose
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.instance import access as instance_access
from rostra.store.database import Duplicate

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import structs
else:  # 5 MB that a server without passkeys never needs
    webauthn = lazily("webauthn")

MOST = 20
LONGEST_NAME = 60
LASTS_MS = 5 * MINUTE
LONGEST_ANSWER = 20_000
_LONGEST_ID = 1023  # bytes, as the standard allows
_REFUSED = "This passkey is not known here, or its answer came too late"

_encode = msgspec.json.Encoder().encode


class Purpose(StrEnum):
    """What a challenge is for."""

    REGISTER = "register"
    ENTER = "enter"  # without a password; who it is, the passkey tells
    STEP = "step"  # after the password


class Answer(msgspec.Struct, frozen=True):
    """What a passkey said to a challenge that was good, and is used up."""

    purpose: Purpose
    account_id: int
    challenge: bytes
    text: str  # JSON, as the browser sent it


async def listed(reader: Reader, account_id: int) -> list[Passkey]:
    """A member's passkeys, the oldest first."""
    return await reader.all(queries.PASSKEYS, account=account_id)


async def begin_registration(
    services: Services, tx: Transaction, account_id: int, browser: str
) -> str:
    """What the browser needs to make a passkey (JSON). Ask for password and code first.

    Raises:
        Invalid: on `base`: the member has as many as there may be.
    """
    have = await listed(tx, account_id)
    if len(have) >= MOST:
        raise Invalid("base", f"You have {MOST} passkeys already; remove one first")
    account = await accounts_access.public(tx, account_id, account_id)
    place = await instance_access.settings(services, tx)
    options = webauthn.generate_registration_options(
        rp_id=_host(services),
        rp_name=place.title,
        user_id=_handle(account_id),
        user_name=f"{account.username}@{services.settings.domain}",
        user_display_name=account.username,
        challenge=await _challenge(services, tx, Purpose.REGISTER, account_id, browser),
        exclude_credentials=_descriptors(have),
        authenticator_selection=webauthn.helpers.structs.AuthenticatorSelectionCriteria(
            resident_key=webauthn.helpers.structs.ResidentKeyRequirement.PREFERRED,
            user_verification=webauthn.helpers.structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


async def begin_entry(
    services: Services, tx: Transaction, browser: str, *, account_id: int = 0
) -> str:
    """What the browser needs to ask for a passkey (JSON): anybody's, or one of this member's."""
    have = await listed(tx, account_id) if account_id else []
    purpose = Purpose.STEP if account_id else Purpose.ENTER
    needed = webauthn.helpers.structs.UserVerificationRequirement
    options = webauthn.generate_authentication_options(
        rp_id=_host(services),
        challenge=await _challenge(services, tx, purpose, account_id, browser),
        allow_credentials=_descriptors(have),
        user_verification=needed.DISCOURAGED if account_id else needed.REQUIRED,
    )
    return webauthn.options_to_json(options)


async def answered(
    services: Services,
    tx: Transaction,
    browser: str,
    text: str,
    *,
    purpose: Purpose,
    account_id: int = 0,
) -> Answer:
    """Use up the challenge that this is an answer to; commit before :func:`register` or `enter`.

    Raises:
        Unauthorized: there is none such for this browser, purpose and member.
    """
    challenge = _challenge_in(text, purpose)
    used = await tx.run(
        queries.USE_CHALLENGE,
        hash=crypto.token_hash(challenge.hex()),
        account=account_id,
        purpose=purpose.value,
        browser=crypto.token_hash(browser),
        now=services.clock.now(),
    )
    if not used:
        raise _refused("no such challenge")
    return Answer(purpose, account_id, challenge, text)


async def register(services: Services, tx: Transaction, answer: Answer, name: str) -> int:
    """Keep a new passkey, and tell the member; its id.

    Raises:
        Unauthorized: the answer is none to the challenge.
        Invalid: on `name`: too long; on `base`: somebody has this passkey, or there are too many.
    """
    try:
        made = webauthn.verify_registration_response(
            credential=answer.text,
            expected_challenge=answer.challenge,
            expected_rp_id=_host(services),
            expected_origin=_origin(services),
        )
    except Exception as error:  # whatever a made-up answer makes the parsers raise
        raise _refused(str(error)) from error
    if len(made.credential_id) > _LONGEST_ID:
        raise _refused("long id")
    if len(await listed(tx, answer.account_id)) >= MOST:
        raise Invalid("base", f"You have {MOST} passkeys already; remove one first")
    passkey_id, told = services.ids.next(), _transports(answer.text)
    try:
        async with tx.savepoint():
            await tx.run(
                queries.ADD_PASSKEY,
                id=passkey_id,
                account_id=answer.account_id,
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=_name(name),
                transports=_encode(told).decode(),
                backed_up=int(made.credential_backed_up),
                created_at=services.clock.now(),
                last_used_at=0,
            )
    except Duplicate:
        raise Invalid("base", "This passkey is known here already") from None
    await send_letter(tx, answer.account_id, LetterPurpose.NEW_PASSKEY)
    return passkey_id


async def enter(services: Services, tx: Transaction, answer: Answer) -> Identity:
    """Whose passkey has signed; no code is asked of them.

    Raises:
        Unauthorized: nobody's, or not for this challenge, or a copy of one that was used since.
        Forbidden: the member's sign-in is switched off.
    """
    passkey = await tx.first(queries.PASSKEY, credential=_credential_in(answer.text))
    if passkey is None or answer.account_id not in {0, passkey.account_id}:
        raise _refused("unknown passkey")
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer.text,
            expected_challenge=answer.challenge,
            expected_rp_id=_host(services),
            expected_origin=_origin(services),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=answer.purpose is Purpose.ENTER,
        )
        handle = webauthn.helpers.parse_authentication_credential_json(
            answer.text
        ).response.user_handle
    except Exception as error:  # whatever a made-up answer makes the parsers raise
        raise _refused(str(error)) from error
    if handle and handle != _handle(passkey.account_id):
        raise _refused("somebody else's handle")
    used = await tx.run(
        queries.USE_PASSKEY,
        passkey=passkey.id,
        old=passkey.sign_count,
        new=verified.new_sign_count,
        now=services.clock.now(),
        copied=int(verified.credential_backed_up),
    )
    if not used:
        raise _refused("used twice at once")
    return await known(tx, passkey.account_id)


async def rename(tx: Transaction, account_id: int, passkey_id: int, name: str) -> None:
    """Call a passkey something else.

    Raises:
        NotFound: the member has no such passkey.
        Invalid: on `name`: too long.
    """
    called = _name(name)
    if not await tx.run(
        queries.NAME_PASSKEY, account=account_id, passkey=passkey_id, called=called
    ):
        raise NotFound(f"passkey {passkey_id} of {account_id}")


async def remove(tx: Transaction, account_id: int, passkey_id: int) -> None:
    """Forget a passkey. Ask for the password first.

    Raises:
        NotFound: the member has no such passkey.
    """
    if not await tx.run(queries.DROP_PASSKEY, account=account_id, passkey=passkey_id):
        raise NotFound(f"passkey {passkey_id} of {account_id}")


async def _challenge(
    services: Services, tx: Transaction, purpose: Purpose, account_id: int, browser: str
) -> bytes:
    challenge = crypto.new_token().encode()
    await tx.run(
        queries.ADD_CHALLENGE,
        challenge_hash=crypto.token_hash(challenge.hex()),
        account_id=account_id,
        purpose=purpose.value,
        browser_hash=crypto.token_hash(browser),
        expires_at=services.clock.now() + LASTS_MS,
    )
    return challenge


def _challenge_in(text: str, purpose: Purpose) -> bytes:
    if len(text) > LONGEST_ANSWER:
        raise _refused("long answer")
    try:
        said: Any
        if purpose is Purpose.REGISTER:
            said = webauthn.helpers.parse_registration_credential_json(text).response
        else:
            said = webauthn.helpers.parse_authentication_credential_json(text).response
        return webauthn.helpers.parse_client_data_json(said.client_data_json).challenge
    except Exception as error:  # whatever a made-up answer makes the parsers raise
        raise _refused(str(error)) from error


def _credential_in(text: str) -> bytes:
    return webauthn.helpers.parse_authentication_credential_json(text).raw_id[: _LONGEST_ID + 1]


def _transports(text: str) -> list[str]:
    told = webauthn.helpers.parse_registration_credential_json(text).response.transports or []
    return [each.value for each in told][:8]


def _descriptors(have: list[Passkey]) -> "list[structs.PublicKeyCredentialDescriptor]":
    described = webauthn.helpers.structs.PublicKeyCredentialDescriptor
    return [described(id=each.credential_id) for each in have]


def _name(name: str) -> str:
    called = clean.one_line(name) or "Passkey"
    if len(called) > LONGEST_NAME:
        message = f"is too long (maximum is {LONGEST_NAME} characters)"
        raise Invalid("name", message, "ERR_TOO_LONG")
    return called


def _handle(account_id: int) -> bytes:
    """What a passkey tells of its owner: the account's id, nothing that names them."""
    return account_id.to_bytes(8)


def _origin(services: Services) -> str:
    parts = urlsplit(services.settings.site.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _host(services: Services) -> str:
    return urlsplit(services.settings.site.base_url).hostname or ""


def _refused(inside: str) -> Unauthorized:
    return Unauthorized(inside, safe=_REFUSED, code="passkey_refused")
