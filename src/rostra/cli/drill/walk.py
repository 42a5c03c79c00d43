"""A restored network is opened in this process, and members of it look whether it is theirs."""

import asyncio
import random
import secrets
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import structs

from rostra.app import App, Ports, build
from rostra.cli.drill.ask import Asker
from rostra.hosting.ark.restore import REASON
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.drill.model import Check, Stage
from rostra.hosting.drill.order import Grounds
from rostra.hosting.journal.replay import Opener
from rostra.hosting.journal.restored import replay_here
from rostra.network.accounts import access as accounts
from rostra.network.accounts.model import AccountRow
from rostra.network.credentials.tokens import issue_token
from rostra.network.services import Services
from rostra.safety.ledger import audit, checkpoints, sign
from rostra.settings import Bus, Database, Hosting, Push, Settings, Webhooks, load
from rostra.store.gates import EgressGate, MemoryGate, WriteGate, memory_gates
from rostra.store.migrate import migrate_sqlite
from rostra.store.schema import HEAD

_READS: Final = frozenset({"read"})
_MEDIA: Final = 50  # fetched and read back at most
_PAGE: Final = "limit=40"
_TOLD: Final = 10
_GOOD: Final = 200


class WalkFailed(Exception):
    """The network can't be tried; the text says why."""


async def walk(grounds: Grounds) -> None:
    """Open the network, sign in as some of its members, and read what is theirs.

    Raises:
        SettingsError: the settings in the copy can't be used.
        WalkFailed: it does not answer, or has no members.
    """
    record = grounds.record
    record.begins(Stage.OPEN)
    settings = _settings(grounds)
    if grounds.found.manifest.schema != HEAD:
        before, after = await asyncio.to_thread(migrate_sqlite, grounds.data_dir / DATABASE)
        record.note(f"the database was brought from schema {before} to {after}")
    # It writes past the gates of the copy, which stay closed, and nothing that it does gets out.
    silent: EgressGate = memory_gates()[1]
    silent.close(REASON)
    app = build(settings, Ports(gates=(WriteGate(MemoryGate()), silent), alone=True))
    await app.start(jobs=False)
    try:
        # What was deleted or revoked since must not come back, and may be who signs in here.
        opener = Opener(data_key=grounds.opened.data)
        signer = grounds.found.manifest.key
        replayed = await replay_here(
            app.services, grounds.stores, opener, signer, epoch=grounds.found.manifest.epoch
        )
        record.verified(Check.REPLAY, replayed.notes)
        await _tried(grounds, app)
    finally:
        await app.close()


def _settings(grounds: Grounds) -> Settings:
    """The settings as they are in the copy, but for what reaches out of the directory."""
    record, manifest = grounds.record, grounds.found.manifest
    if not (grounds.data_dir / "rostra.toml").exists():
        record.note("the copy holds no settings file: keep the settings elsewhere as well")
    given = load(data=grounds.data_dir, environ={})
    site = given.site
    if given.domain != manifest.domain:
        site = structs.replace(site, base_url=f"https://{manifest.domain}", domain="")
    return structs.replace(
        given,
        site=site,
        database=Database(),
        bus=Bus(),
        push=Push(),
        webhooks=Webhooks(),
        hosting=Hosting(),
        adapters=(),
        media=structs.replace(given.media, store="", public_url=""),
        limits=structs.replace(given.limits, scale=0.0),
        screening=structs.replace(given.screening, signals=()),
    )


async def _tried(grounds: Grounds, app: App) -> None:
    """First one member gets an answer; then the rest of the network is looked at."""
    record, services = grounds.record, app.services
    record.begins(Stage.ANSWER)
    members = await _drawn(services, grounds.members)
    if not members:
        raise WalkFailed("nobody can sign in: the copy has no members")
    askers = {each.id: Asker(app.dispatcher, *await _signed_in(services, each)) for each in members}
    first = members[0]
    if not await _is_home(grounds, first, askers[first.id]):
        raise WalkFailed(f"{first.username} can't sign in")
    record.begins(Stage.WALK)
    posts: list[dict[str, Any]] = []
    signed_in = 0
    for member in members:
        if await _is_home(grounds, member, askers[member.id]):
            signed_in += 1
        posts += await _own_posts(grounds, member, askers[member.id])
    record.verified(Check.MEMBERS, signed_in)
    wanted = sum(member.statuses_count for member in members)
    if wanted and not posts:
        record.fault(f"none of {wanted:,} posts of the members who signed in came back")
    record.verified(Check.POSTS, len(posts))
    public = await _posts(grounds, askers[first.id], "/api/v1/timelines/public", "only_media=true")
    await _media(grounds, services, askers[first.id], [*posts, *public])
    await _ledger(grounds, services)


async def _drawn(services: Services, count: int) -> list[AccountRow]:
    """So many members by chance; all of them, where there are no more."""
    found: dict[int, AccountRow] = {}
    async with services.db.read() as reader:
        first = await accounts.signing_in_from(reader, 0)
        if first is None:
            return []
        span = max(1, services.ids.next() - first.id)
        for _ in range(2 * count):
            if len(found) < count:
                point = first.id + secrets.randbelow(span)
                drawn = await accounts.signing_in_from(reader, point) or first
                found[drawn.id] = drawn
        following: AccountRow | None = first
        while following is not None and len(found) < count:
            found[following.id] = following
            following = await accounts.signing_in_from(reader, following.id + 1)
    return list(found.values())


async def _signed_in(services: Services, member: AccountRow) -> tuple[str, str]:
    """The address of the place, and a new token of a member: it is worth something here alone."""
    async with services.db.write() as tx:
        issued = await issue_token(services, tx, app_id=0, account_id=member.id, granted=_READS)
    return services.settings.site.base_url, issued.access_token


async def _is_home(grounds: Grounds, member: AccountRow, asker: Asker) -> bool:
    """Whether a member is who they were, and has a home timeline."""
    answer = await asker.get("/api/v1/accounts/verify_credentials")
    me = _decoded(answer.body) if answer.status == _GOOD else None
    if not isinstance(me, dict) or me.get("id") != str(member.id):
        grounds.record.fault(f"{member.username} can't sign in: {answer.status}")
        return False
    home = await asker.get("/api/v1/timelines/home", _PAGE)
    if home.status != _GOOD or not isinstance(_decoded(home.body), list):
        grounds.record.fault(f"{member.username} has no home timeline: {home.status}")
        return False
    return True


async def _own_posts(grounds: Grounds, member: AccountRow, asker: Asker) -> list[dict[str, Any]]:
    """The newest posts of a member as they see them, and the newest with media."""
    path = f"/api/v1/accounts/{member.id}/statuses"
    found = await _posts(grounds, asker, path)
    found += await _posts(grounds, asker, path, "only_media=true")
    for post in found:
        if post["account"]["id"] != str(member.id):
            grounds.record.fault(f"post {post['id']} is not one of {member.username}")
    return list({post["id"]: post for post in found}.values())


async def _posts(grounds: Grounds, asker: Asker, path: str, more: str = "") -> list[dict[str, Any]]:
    answer = await asker.get(path, "&".join(filter(None, (_PAGE, more))))
    found = _decoded(answer.body) if answer.status == _GOOD else None
    if not isinstance(found, list):
        grounds.record.fault(f"{path} can't be read: {answer.status}")
        return []
    return found


async def _media(
    grounds: Grounds, services: Services, asker: Asker, posts: Sequence[dict[str, Any]]
) -> None:
    """What hangs on these posts is in the copy, and comes back through the network."""
    record, base = grounds.record, services.settings.media_url
    keys = list(dict.fromkeys(_keys(posts, f"{base}/")))
    drawn = random.sample(keys, min(_MEDIA, len(keys)))
    sizes = await grounds.media(set(drawn))
    back = 0
    for key in drawn:
        size = sizes.get(key)
        if size is None:
            record.fault(f"{key} hangs on a post, and is not in the copy")
            continue
        answer = await asker.get(f"/media/{key}")
        if answer.status != _GOOD or len(answer.body) != size:
            told = f"{answer.status}, {len(answer.body):,} bytes of {size:,}"
            record.fault(f"{key} does not come back: {told}")
        else:
            back += 1
    if not keys:
        record.note("no media hang on the posts that were read")
    record.verified(Check.MEDIA, back)


def _keys(posts: Sequence[dict[str, Any]], base: str) -> Iterator[str]:
    for post in posts:
        for medium in post["media_attachments"]:
            for address in (medium["url"], medium["preview_url"]):
                if address and address.startswith(base):
                    yield address.removeprefix(base)


async def _ledger(grounds: Grounds, services: Services) -> None:
    """The chain of decisions is whole, up to the ends that were signed before the copy."""
    texts = sign.copies(grounds.data_dir)
    read = (checkpoints.read_text(text) for text in texts)
    # One may have been signed while the copy was made: after its database, before its files.
    made_at = grounds.found.manifest.made_at
    kept = [point for point in read if point is not None and point.at <= made_at]
    found = await audit.audit(services, kept=kept)
    for finding in found.findings[:_TOLD]:
        grounds.record.fault(f"ledger, line {finding.seq}: {finding.fault.value}: {finding.text}")
    grounds.record.verified(Check.LEDGER, found.head.seq)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return None
