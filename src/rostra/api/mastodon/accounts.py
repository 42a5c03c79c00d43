"""Accounts: sign up, one's own, others'. Source: docs.joinmastodon.org/methods/accounts."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, PATCH, POST, Auth, Call, Endpoint, Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.credential_account import credential_account
from rostra.api.mastodon.entities.accounts import Account, CredentialAccount
from rostra.api.mastodon.entities.oauth import Token
from rostra.api.mastodon.profile_params import MAX_BODY, UpdateParams, apply
from rostra.http.params import Count, Id, NoParams
from rostra.kernel.errors import NotFound
from rostra.network.accounts import access
from rostra.network.credentials import apps, join, tokens
from rostra.network.instance import access as instance_access

_MANY = 40
_DIRECTORY_MOST = 80
_OFFSET_MOST = 10_000


class SignUpParams(msgspec.Struct, frozen=True):
    """The sign-up form. All is optional here, so that every fault is told at once."""

    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = "en"
    reason: str = ""
    invite_code: str = ""
    date_of_birth: str = ""
    terms_version: Id | None = None


class OneParams(msgspec.Struct, frozen=True):
    """Which account."""

    id: Id


class ManyParams(msgspec.Struct, frozen=True):
    """Which accounts, 40 at most."""

    id: tuple[Id, ...] = ()


class LookupParams(msgspec.Struct, frozen=True):
    """Whose account."""

    acct: str = ""


class DirectoryParams(msgspec.Struct, frozen=True):
    """Which part of the directory."""

    limit: Count | None = None
    offset: Count | None = None
    order: str = "active"
    local: bool = False


async def sign_up(call: Call[SignUpParams]) -> Token:
    """Make an account; the token is the new member's, usable as far as they are let in."""
    params, services = call.params, call.services
    form = join.Form(
        username=params.username,
        email=params.email,
        password=params.password,
        agreement=params.agreement,
        terms_version=params.terms_version or 0,
        reason=params.reason,
        locale=params.locale,
        invite_code=params.invite_code,
        date_of_birth=params.date_of_birth,
    )
    prepared = await join.prepare(services, form)
    async with services.db.write() as tx:
        made = await join.join(services, tx, prepared)
        app = await apps.app_by_id(tx, call.viewer.app_id)
        granted = frozenset(app.scopes.split()) if app else call.viewer.scopes
        issued = await tokens.issue_token(
            services, tx, app_id=call.viewer.app_id, account_id=made.account_id, granted=granted
        )
    return Token(
        access_token=issued.access_token,
        scope=issued.scope,
        created_at=issued.created_at // 1000,
    )


async def verify_credentials(call: Call[NoParams]) -> Raw:
    """One's own account."""
    async with call.services.db.read() as reader:
        return await credential_account(call, reader)


async def update_credentials(call: Call[UpdateParams]) -> Raw:
    """Change one's own account."""
    await apply(call)
    async with call.services.db.read() as reader:
        return await credential_account(call, reader)


async def show(call: Call[OneParams]) -> Raw:
    """An account."""
    async with call.services.db.read() as reader:
        return Raw(await render.account(call, reader, call.params.id))


async def show_many(call: Call[ManyParams]) -> Raw:
    """Several accounts; those that do not exist for the viewer are left out."""
    ids = list(dict.fromkeys(call.params.id))[:_MANY]
    async with call.services.db.read() as reader:
        return Raw(render.join(await render.accounts(call, reader, ids)))


async def lookup(call: Call[LookupParams]) -> Raw:
    """An account by its name."""
    username = access.local_username(call.services.settings, call.params.acct)
    if username is None:
        raise NotFound("no account of this place is named so")
    async with call.services.db.read() as reader:
        row = await access.by_username(reader, username, call.viewer.account_id)
        if row is None:
            raise NotFound(f"no account {username}")
        return Raw(await render.account(call, reader, row.id))


async def directory(call: Call[DirectoryParams]) -> Raw:
    """Accounts that want to be found."""
    params, services = call.params, call.services
    async with services.db.read() as reader:
        if not (await instance_access.settings(services, reader)).profile_directory:
            raise NotFound("the directory is switched off")
        ids = await access.directory(
            reader,
            call.viewer.account_id,
            newest=params.order == "new",
            limit=min(params.limit or _MANY, _DIRECTORY_MOST),
            offset=min(params.offset or 0, _OFFSET_MOST),
            now=services.clock.now(),
        )
        return Raw(render.join(await render.accounts(call, reader, ids)))


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        POST,
        "/api/v1/accounts",
        sign_up,
        auth=Auth.APP,
        scopes=("write:accounts",),
        params=SignUpParams,
        answer=Token,
        limits=("sign_up_address",),
        errors=(403, 422),
        summary="Sign up",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts/verify_credentials",
        verify_credentials,
        auth=Auth.USER,
        scopes=("profile", "read:accounts"),
        answer=CredentialAccount,
        summary="One's own account",
    ),
    Endpoint(
        PATCH,
        "/api/v1/accounts/update_credentials",
        update_credentials,
        auth=Auth.USER,
        scopes=("write:accounts",),
        params=UpdateParams,
        answer=CredentialAccount,
        max_body=MAX_BODY,
        errors=(413, 422),
        summary="Change one's own account",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts/lookup",
        lookup,
        auth=Auth.OPTIONAL,
        scopes=("read:accounts",),
        params=LookupParams,
        answer=Account,
        errors=(404,),
        summary="An account by its name",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts",
        show_many,
        auth=Auth.OPTIONAL,
        scopes=("read:accounts",),
        params=ManyParams,
        answer=list[Account],
        summary="Several accounts",
    ),
    Endpoint(
        GET,
        "/api/v1/accounts/{id}",
        show,
        auth=Auth.OPTIONAL,
        scopes=("read:accounts",),
        params=OneParams,
        answer=Account,
        errors=(404,),
        summary="An account",
    ),
    Endpoint(
        GET,
        "/api/v1/directory",
        directory,
        auth=Auth.OPTIONAL,
        scopes=("read:accounts",),
        params=DirectoryParams,
        answer=list[Account],
        errors=(404,),
        summary="Accounts that want to be found",
    ),
)
