"""An account as its owner sees it: what everybody sees, and what they edit."""

import msgspec

from rostra.api.endpoint import Raw
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.accounts import CredentialRole, CredentialSource, Field
from rostra.network.accounts import access
from rostra.network.accounts.model import Profile, User
from rostra.network.edge import Reader

_encode = msgspec.json.Encoder().encode
_ROLES = {0: "", 1: "Moderator", 2: "Admin", 3: "Owner"}
# Mastodon's bits (docs.joinmastodon.org/entities/Role): what moderators and administrators may.
_MODERATOR = 0x4 | 0x8 | 0x10 | 0x100 | 0x400  # audit log, dashboard, reports, taxonomies, users
_ADMINISTRATOR = 0x1
_PERMISSIONS = {0: 0, 1: _MODERATOR, 2: _ADMINISTRATOR, 3: _ADMINISTRATOR}


async def credential_account(call: render.Asking, reader: Reader) -> Raw:
    """The viewer's own account.

    Raises:
        NotFound: it is being deleted.
    """
    account_id = call.viewer.account_id
    shown = await render.account(call, reader, account_id)
    row = await access.public(reader, account_id, account_id)
    profile = (await access.profiles(reader, [account_id]))[account_id]
    user = await access.user(reader, account_id)
    waiting = await access.follow_requests_count(reader, account_id)
    source = CredentialSource(
        note=profile.note,
        fields=written_fields(profile),
        privacy=user.default_visibility,
        sensitive=bool(user.default_sensitive),
        language=user.default_language or None,
        follow_requests_count=waiting,
        hide_collections=bool(row.hide_collections),
        discoverable=bool(row.discoverable),
        indexable=bool(row.indexable),
        attribution_domains=profile.sites,
        quote_policy=user.default_quote_policy,
    )
    parts = (shown[:-1], b',"source":', _encode(source), b',"role":', _encode(role_of(user)), b"}")
    return Raw(b"".join(parts))


def written_fields(profile: Profile) -> tuple[Field, ...]:
    """The lines of a profile as they were written."""
    return tuple(Field(line.name, line.value, line.verified_at) for line in profile.lines)


def role_of(user: User) -> CredentialRole:
    """What the member is trusted with."""
    return CredentialRole(
        id=str(user.role),
        name=_ROLES.get(user.role, ""),
        permissions=str(_PERMISSIONS.get(user.role, 0)),
        highlighted=user.role > 0,
    )
