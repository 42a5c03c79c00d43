"""`rostra admin`: accounts and what opens them. The place's own settings: `admin_place`."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from rostra.cli.admin_announcements import announcements_app
from rostra.cli.admin_archive import archive_app
from rostra.cli.admin_emoji import emoji_app
from rostra.cli.admin_flagger import flagger_app
from rostra.cli.admin_gate import gate_app
from rostra.cli.admin_invites import invite_app
from rostra.cli.admin_letters import letters_app
from rostra.cli.admin_place import picture_app, settings_app, terms_app
from rostra.cli.admin_rules import rules_app
from rostra.cli.admin_trends import trends_app
from rostra.cli.admin_webhooks import webhooks_app
from rostra.cli.common import Where, say, stop
from rostra.cli.operators import (
    ROLE_NAMES,
    ROLES,
    STATES,
    chosen_password,
    day,
    member_named,
    run,
    table,
)
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Invalid
from rostra.kernel.text import names
from rostra.network.accounts import access, admission
from rostra.network.accounts.removal import remove_account
from rostra.network.accounts.sign_up import Seat, name_faults, seat_member
from rostra.network.credentials import changing, ending, passwords, scopes, second_factor, tokens
from rostra.network.credentials.join import let_in, turn_away
from rostra.network.edge import Services

app = App(name="admin", help="Accounts, tokens, roles, invites, settings, gates.")
token_app = App(name="token", help="Access tokens without an app, for scripts.")
for _part in (
    token_app,
    invite_app,
    announcements_app,
    settings_app,
    rules_app,
    terms_app,
    picture_app,
    emoji_app,
    trends_app,
    letters_app,
    flagger_app,
    webhooks_app,
    archive_app,
    gate_app,
):
    app.command(_part)

RoleName = Literal["member", "moderator", "admin", "owner"]
Name = Annotated[str, Parameter(help="User name or e-mail address.")]
Ask = Annotated[bool, Parameter(help="Type the password in (or give it on standard input).")]


@app.command
def create(
    username: Annotated[str, Parameter(help="User name of the new account.")],
    *,
    email: Annotated[str, Parameter(help="E-mail address; it counts as confirmed.")] = "",
    owner: Annotated[bool, Parameter(help="Make it an owner: the same as --role owner.")] = False,
    role: Annotated[RoleName, Parameter(help="What the member is trusted with.")] = "member",
    ask: Ask = False,
    where: Where | None = None,
) -> None:
    """Make an account that can sign in at once; prints its password unless it was typed in."""
    rank = ROLES["owner" if owner else role]

    async def work(services: Services) -> None:
        password = await chosen_password(services, ask=ask, username=username, email=email)
        hashed = await passwords.hashed(password)
        seat = Seat(username=username, email=email, password_hash=hashed, role=rank)
        async with services.db.write() as tx:
            # Operators may bear the names that are kept for the house.
            faults = await name_faults(tx, username, reserved_too=rank > 0)
            if faults:
                raise Invalid.many(faults)
            if email and names.email_address(email) is None:
                raise Invalid("email", "is not an e-mail address")
            await seat_member(services, tx, seat)
        say(f"{username} is here as {ROLE_NAMES[rank]}")
        if not ask:
            say(f"password: {password}")

    run(where, work)


@app.command
def password(name: Name, *, ask: Ask = False, where: Where | None = None) -> None:
    """Set a new password; browsers and apps are signed out at once, and passkeys forgotten."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            member = await member_named(reader, name)
        username = member.account.username
        new = await chosen_password(services, ask=ask, username=username, email=member.user.email)
        hashed = await passwords.hashed(new)
        async with services.db.write() as tx:
            await changing.change_password(tx, member.account.id, hashed)
            await ending.drop_passkeys(tx, member.account.id)
        say(f"{username} is signed out everywhere")
        if not ask:
            say(f"password: {new}")

    run(where, work)


@app.command(name="list")
def list_accounts(
    *,
    waiting: Annotated[bool, Parameter(help="Only those who wait to be let in.")] = False,
    staff: Annotated[bool, Parameter(help="Only moderators, admins and owners.")] = False,
    limit: Annotated[int, Parameter(help="How many, newest first.")] = 100,
    where: Where | None = None,
) -> None:
    """List accounts, newest first."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            found = await access.members(
                reader, state=1 if waiting else -1, least_role=int(staff), limit=max(1, limit)
            )
        rows = [
            (
                str(member.account.id),
                member.account.username,
                "no sign-in" if member.user.disabled_at else STATES[member.account.state],
                ROLE_NAMES[member.user.role],
                day(member.user.created_at),
                day(member.user.last_seen_day * DAY),
                member.user.email or "-",
                member.user.sign_up_reason.replace("\n", " ")[:60] if waiting else "",
            )
            for member in found
        ]
        table(("id", "name", "state", "role", "joined", "seen", "e-mail", ""), rows)

    run(where, work)


@app.command
def role(name: Name, to: RoleName, *, where: Where | None = None) -> None:
    """Trust a member with more or less."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            await admission.set_role(tx, member.account.id, ROLES[to])
        say(f"{member.account.username} is {to} now")

    run(where, work)


@app.command
def approve(name: Name, *, where: Where | None = None) -> None:
    """Let somebody in who waits."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            waited = await let_in(services, tx, member.account.id)
        say(f"{member.account.username} {'is let in' if waited else 'was let in before'}")

    run(where, work)


@app.command
def reject(
    name: Name,
    *,
    note: Annotated[str, Parameter(help="Words of your own for the letter that tells them.")] = "",
    where: Where | None = None,
) -> None:
    """Turn somebody away who waits; everything about them is deleted, and they get a letter."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            await turn_away(services, tx, member.account.id, note)
        say(f"{member.account.username} is turned away")

    run(where, work)


@app.command
def disable(name: Name, *, where: Where | None = None) -> None:
    """Switch a member's sign-in off, and sign them out everywhere; what they wrote stays."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            await admission.set_disabled(services, tx, member.account.id, disabled=True)
            await ending.end_everything(tx, member.account.id)
        say(f"{member.account.username} cannot sign in any more")

    run(where, work)


@app.command
def enable(name: Name, *, where: Where | None = None) -> None:
    """Let a member sign in again."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            await admission.set_disabled(services, tx, member.account.id, disabled=False)
        say(f"{member.account.username} can sign in again")

    run(where, work)


@app.command(name="two-factor-off")
def two_factor_off(name: Name, *, where: Where | None = None) -> None:
    """Switch two-step sign-in off for somebody who lost their device; signs them out everywhere."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            await second_factor.disable_totp(tx, member.account.id)
            await ending.end_everything(tx, member.account.id)
        say(f"{member.account.username} signs in with the password alone")

    run(where, work)


@app.command
def delete(
    name: Name,
    *,
    yes: Annotated[bool, Parameter(help="Do not ask; nothing brings it back.")] = False,
    where: Where | None = None,
) -> None:
    """Delete an account with everything that belongs to it; nobody can take its name again."""
    if not yes and input(f"Delete {name} for good? Type the name again: ") != name:
        stop("nothing is deleted")

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            await remove_account(services, tx, member.account.id)
        say(f"{member.account.username} is deleted")

    run(where, work)


@token_app.command(name="create")
def create_token(
    name: Name,
    *,
    scope: Annotated[str, Parameter(help="Scopes, separated by blanks.")] = "read",
    where: Where | None = None,
) -> None:
    """Make an access token and print it, this once."""
    granted = scopes.parse(scope)
    if not granted:
        stop(f"{scope!r} names a scope that does not exist; there are {scopes.show(scopes.KNOWN)}")

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            issued = await tokens.issue_token(
                services, tx, app_id=0, account_id=member.account.id, granted=granted
            )
        say(issued.access_token)

    run(where, work)


@token_app.command(name="list")
def list_tokens(name: Name, *, where: Where | None = None) -> None:
    """List a member's tokens, those of apps too."""

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            member = await member_named(reader, name)
            found = await tokens.tokens_of(reader, member.account.id)
        rows = [
            (str(token.id), str(token.app_id), token.scopes, day(token.created_at))
            for token in found
        ]
        table(("id", "app", "scopes", "made"), rows)

    run(where, work)


@token_app.command(name="revoke")
def revoke_tokens(name: Name, *, where: Where | None = None) -> None:
    """Revoke all tokens and end all sessions of a member."""

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            member = await member_named(tx, name)
            await ending.end_everything(tx, member.account.id)
        say(f"{member.account.username} is signed out everywhere")

    run(where, work)
