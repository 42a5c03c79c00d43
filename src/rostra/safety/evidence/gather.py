"""What is to be kept of posts and profiles, read as they are at this moment."""

from collections.abc import Iterable, Mapping, Sequence

from rostra.network.accounts.model import fields_of
from rostra.network.posts import access as posts_access
from rostra.safety.edge import Transaction
from rostra.safety.evidence import queries
from rostra.safety.evidence.model import File, Line, Other, Seen, Snapshot
from rostra.safety.evidence.queries import PostFacts, ProfileFacts
from rostra.safety.subjects import Subject, SubjectKind

_VERSIONS_OF_ALL = 1_000
_VERSIONS = 50


async def seen(tx: Transaction, subjects: Iterable[Subject], viewer_id: int) -> dict[Subject, Seen]:
    """What there is of these posts and accounts; files of posts stay as they are until the end.

    What posts answer and quote comes along as far as the viewer (0: anybody) may see it. Eight
    statements at most for posts, one for accounts.
    """
    wanted: dict[int, list[int]] = {}
    for kind, subject_id in subjects:
        wanted.setdefault(kind, []).append(subject_id)
    found = await _posts(tx, wanted.get(SubjectKind.POST, []), viewer_id)
    return found | await _profiles(tx, wanted.get(SubjectKind.ACCOUNT, []))


async def _posts(tx: Transaction, ids: Sequence[int], viewer_id: int) -> dict[Subject, Seen]:
    posts = await tx.all(queries.POSTS, ids=ids) if ids else []
    files = await _files(tx, [post.id for post in posts if post.media_count])
    options: dict[int, list[str]] = {}
    asking = [post.id for post in posts if post.poll]
    for post_id, title in await tx.all(queries.OPTIONS, ids=asking) if asking else ():
        options.setdefault(post_id, []).append(title)
    versions = await _versions(tx, [post.id for post in posts if post.edited_at])
    others = await _others(tx, posts, viewer_id)
    return {
        Subject(SubjectKind.POST, post.id): Seen(
            post.account_id,
            Snapshot(
                acct=_acct(post),
                display_name=post.display_name,
                text=post.text,
                spoiler_text=post.spoiler_text,
                language=post.language,
                visibility=post.visibility,
                sensitive=bool(post.sensitive),
                created_at=post.created_at,
                edited_at=post.edited_at,
                versions=versions.get(post.id, ()),
                options=tuple(options.get(post.id, ())),
                thread_id=post.thread_id,
                answers=others.get((post.id, False)),
                quotes=others.get((post.id, True)),
            ),
            tuple(files.get(post.id, ())),
            profile=False,
        )
        for post in posts
    }


def _acct(whose: PostFacts | ProfileFacts) -> str:
    return f"{whose.username}@{whose.domain}" if whose.domain else whose.username


async def _files(tx: Transaction, ids: Sequence[int]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
    for post_id, *columns in await tx.all(queries.MEDIA, ids=ids) if ids else ():
        of_post = found.setdefault(post_id, [])
        of_post.append(File(0, len(of_post) + 1, *columns))
    return found


async def _versions(tx: Transaction, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    if ids:
        for post_id, at in await tx.all(queries.VERSIONS, ids=ids, limit=_VERSIONS_OF_ALL):
            found[post_id] = (*found.get(post_id, ()), at)[:_VERSIONS]
    return found


async def _others(
    tx: Transaction, posts: Sequence[PostFacts], viewer_id: int
) -> Mapping[tuple[int, bool], Other]:
    """What these posts answer (False) and quote (True), as far as the viewer may see it."""
    named = {(post.id, False): post.in_reply_to_id for post in posts if post.in_reply_to_id}
    quoting = [post.id for post in posts if post.quote]
    for post_id, quoted_id in await tx.all(queries.QUOTED, ids=quoting) if quoting else ():
        named[post_id, True] = quoted_id
    if not named:
        return {}
    visible = await posts_access.rows(tx, viewer_id, sorted(set(named.values())))
    rows = await tx.all(queries.POSTS, ids=sorted(visible)) if visible else []
    told = {
        row.id: Other(
            row.id, _acct(row), row.display_name, row.text, row.spoiler_text, row.created_at
        )
        for row in rows
    }
    return {which: told[post_id] for which, post_id in named.items() if post_id in told}


async def _profiles(tx: Transaction, ids: Sequence[int]) -> dict[Subject, Seen]:
    rows = await tx.all(queries.PROFILES, ids=ids) if ids else []
    return {Subject(SubjectKind.ACCOUNT, row.id): _profile(row) for row in rows}


def _profile(row: ProfileFacts) -> Seen:
    lines = tuple(Line(field.name, field.value) for field in fields_of(row.fields))
    pictures = (
        ("avatar", row.avatar_key, row.avatar_description),
        ("header", row.header_key, row.header_description),
    )
    shown = [each for each in pictures if each[1]]
    return Seen(
        row.id,
        Snapshot(
            acct=_acct(row),
            display_name=row.display_name,
            text=row.note,
            created_at=row.created_at,
            lines=lines,
        ),
        tuple(
            File(0, place, 0, kind, description, key, "", 0, 0)
            for place, (kind, key, description) in enumerate(shown, 1)
        ),
        profile=True,
    )
