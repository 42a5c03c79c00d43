"""What addresses lead to: posts, accounts and files, looked up for many addresses at once."""

from collections.abc import Sequence
from typing import NamedTuple

from rostra.safety.edge import Reader
from rostra.safety.notices import queries
from rostra.safety.subjects import Subject, SubjectKind


class Wanted(NamedTuple):
    """An address that was read."""

    place: int  # tells it from the others
    subject_kind: int
    subject_id: int  # 0: `named` says what it is
    named: str  # `account:alice`, `media:KEY`


class Found(NamedTuple):
    """What an address leads to, and what is to be decided on for it."""

    kind: int
    id: int
    account_id: int
    subject: Subject


async def looked_up(reader: Reader, waiting: Sequence[Wanted]) -> dict[int, Found]:
    """What is there, by its place. A few statements, however many they are."""
    by_kind: dict[int, list[Wanted]] = {}
    for each in waiting:
        by_kind.setdefault(each.subject_kind, []).append(each)
    found: dict[int, Found] = {}
    found |= await _posts(reader, by_kind.get(SubjectKind.POST, []))
    found |= await _accounts(reader, by_kind.get(SubjectKind.ACCOUNT, []))
    found |= await _media(reader, by_kind.get(SubjectKind.MEDIA, []))
    return found


async def _posts(reader: Reader, named: list[Wanted]) -> dict[int, Found]:
    if not named:
        return {}
    rows = dict(await reader.all(queries.POSTS, ids=[each.subject_id for each in named]))
    return {
        each.place: Found(
            SubjectKind.POST,
            each.subject_id,
            rows[each.subject_id],
            Subject(SubjectKind.POST, each.subject_id),
        )
        for each in named
        if each.subject_id in rows
    }


def _account(account_id: int) -> Found:
    subject = Subject(SubjectKind.ACCOUNT, account_id)
    return Found(SubjectKind.ACCOUNT, account_id, account_id, subject)


async def _accounts(reader: Reader, named: list[Wanted]) -> dict[int, Found]:
    """Accounts by their number, or by `name` and `name@domain`."""
    if not named:
        return {}
    numbers = [each.subject_id for each in named if each.subject_id]
    there = set(await reader.all(queries.ACCOUNTS, ids=numbers)) if numbers else set()
    accts = {
        each.place: each.named.partition(":")[2].lower() for each in named if not each.subject_id
    }
    names = sorted({acct.partition("@")[0] for acct in accts.values()})
    by_acct: dict[str, int] = {}
    if names:
        for account_id, name, domain in await reader.all(queries.ACCTS, names=names):
            by_acct[f"{name}@{domain}" if domain else name] = account_id
    found = {each.place: _account(each.subject_id) for each in named if each.subject_id in there}
    return found | {
        place: _account(by_acct[acct]) for place, acct in accts.items() if acct in by_acct
    }


async def _media(reader: Reader, named: list[Wanted]) -> dict[int, Found]:
    """Files by their number or key; pictures of profiles stand for the account."""
    if not named:
        return {}
    numbers = [each.subject_id for each in named if each.subject_id]
    keys = sorted({each.named.partition(":")[2] for each in named if not each.subject_id})
    rows = await reader.all(queries.MEDIA, ids=numbers) if numbers else []
    of_profiles: dict[str, int] = {}
    if keys:
        rows = [*rows, *await reader.all(queries.FILES, keys=keys)]
        rows += await reader.all(queries.PREVIEWS, keys=keys)
        for statement in (queries.AVATARS, queries.HEADERS):
            of_profiles |= {key: account for account, key in await reader.all(statement, keys=keys)}
    files: dict[int | str, Found] = {}
    for media_id, account_id, post_id, *its_keys in rows:
        made = Found(SubjectKind.MEDIA, media_id, account_id, _decided_on(media_id, post_id))
        files |= dict.fromkeys((media_id, *its_keys), made)
    found: dict[int, Found] = {}
    for each in named:
        key = each.subject_id or each.named.partition(":")[2]
        if key in files:
            found[each.place] = files[key]
        elif key in of_profiles:
            found[each.place] = _account(of_profiles[str(key)])
    return found


def _decided_on(media_id: int, post_id: int) -> Subject:
    """A file is judged with the post that shows it."""
    return Subject(SubjectKind.POST, post_id) if post_id else Subject(SubjectKind.MEDIA, media_id)
