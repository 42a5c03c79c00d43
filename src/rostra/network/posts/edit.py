"""Edit a post; what it read before stays in its history."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from rostra.kernel.errors import Invalid, NotFound
from rostra.network.edge import Reader, Services, Transaction
from rostra.network.media import covers
from rostra.network.media.attach import attach, attachable, describe_attached, drop, of_post
from rostra.network.media.model import Media
from rostra.network.media.upload import Details
from rostra.network.posts import access
from rostra.network.posts.ask import form_of
from rostra.network.posts.events import PostEdited, PostHeld
from rostra.network.posts.interaction import kept
from rostra.network.posts.limits import COVERING, standing_of
from rostra.network.posts.model import Edit, PollForm, PostBody, PostRow, Visibility
from rostra.network.posts.parts import (
    Named,
    forget_tags,
    html_of,
    preview,
    resolve_mentions,
    write_mentions,
    write_tags,
)
from rostra.network.posts.prepare import Prepared
from rostra.network.posts.queries import writes
from rostra.network.posts.requests import ask_anew
from rostra.network.posts.screened import Screened, judge
from rostra.network.posts.slow import not_too_often
from rostra.network.screening import About, What

_encode = msgspec.json.Encoder().encode


async def own(reader: Reader, author_id: int, post_id: int) -> PostRow:
    """A post of the author's own, no reblog.

    Raises:
        NotFound: it is not theirs, or there is none.
    """
    row = await access.row(reader, author_id, post_id)
    if row.account_id != author_id or row.reblog_of_id:
        raise NotFound(f"post {post_id} is not one of {author_id}'s own")
    return row


def check_not_held(row: PostRow) -> None:
    """What a decision holds stays as it was when it was looked at.

    Raises:
        Invalid: it is held.
    """
    if row.visibility == Visibility.HELD:
        raise Invalid.plain("This post is held by the moderators and can't be changed")


async def edit(
    services: Services, tx: Transaction, author_id: int, post_id: int, screened: Screened
) -> None:
    """Write a new version of a post. One that is held stays so, and has no history yet.

    Raises:
        NotFound: it is not the author's own.
        Invalid: a picture can't be attached, or a decision holds the post.
        TooManyRequests: it names somebody else, and is one post too many of somebody slowed down.
    """
    await tx.run(writes.LOCK_OWN, post=post_id, account=author_id)  # two edits take turns
    row = await own(tx, author_id, post_id)
    check_not_held(row)
    before = (await access.bodies(tx, [post_id]))[post_id]
    if Visibility(row.visibility).held:
        await _rewrite_held(services, tx, row, before, screened)
        return
    prepared = screened.prepared
    if not row.edited_at:
        asked = await options_of(tx, row)
        await _remember(services, tx, row, before, at=row.created_at, options=asked)
    mentioned = set(await tx.all(writes.MENTIONED, post=post_id))
    now = services.clock.now()
    named = await _rewrite(services, tx, row, before, prepared, edited_at=now)
    if set(named.ids) - mentioned - {author_id}:  # whoever calls somebody else might as well post
        await not_too_often(services, tx, author_id)
    await tx.run(writes.DELETE_MENTIONS, post=post_id)
    await write_mentions(tx, post_id, named.ids)
    await _replace_tags(services, tx, row, prepared)
    seen_by = Visibility(row.visibility)
    await preview(services, tx, post_id, prepared, seen_by, author_id=author_id)
    after = (await access.bodies(tx, [post_id]))[post_id]
    new_row = await access.row(tx, author_id, post_id)
    poll = await _poll(tx, row, prepared, now)
    options = poll.options if poll else ()
    await _remember(services, tx, new_row, after, at=now, options=options)
    await tx.emit(
        PostEdited(
            post_id=post_id,
            account_id=author_id,
            visibility=row.visibility,
            thread_id=row.thread_id,
            mentioned_ids=tuple(i for i in named.ids if i not in mentioned),
            had_poll=bool(row.poll),
            poll=poll,
        )
    )
    await _judge(services, tx, new_row, after.media, screened, after.language)


async def _judge(  # noqa: PLR0917 (what is judged, and where it stands)
    services: Services,
    tx: Transaction,
    row: PostRow,
    media: Sequence[Media],
    screened: Screened,
    language: str,
) -> None:
    """Judge what was written just now, with what is said of the files that were there before."""
    place = About(
        language=language,
        visibility=Visibility(row.visibility).wire,
        sensitive=bool(row.sensitive),
        is_reply=row.in_reply_to_id != 0,
    )
    verdict = await judge(services, tx, row.account_id, screened, media, What.EDIT, place)
    await services.screen.note(tx, verdict, row.id)


async def _rewrite_held(
    services: Services, tx: Transaction, row: PostRow, before: PostBody, screened: Screened
) -> None:
    """Write what a held post says now; whom it names and what it links to is for its release.

    Whoever is asked about it is asked anew: they agree to what they have read.
    """
    prepared = screened.prepared
    await _rewrite(services, tx, row, before, prepared, edited_at=0)
    poll = await _poll(tx, row, prepared, row.created_at)
    await tx.emit(PostHeld(row.id, row.account_id, had_poll=bool(row.poll), poll=poll))
    await ask_anew(services, tx, row.id)
    media = await of_post(tx, row.id) if prepared.draft.media_ids else ()
    await _judge(services, tx, row, media, screened, prepared.language or before.language)


async def _rewrite(
    services: Services,
    tx: Transaction,
    row: PostRow,
    before: PostBody,
    prepared: Prepared,
    *,
    edited_at: int,
) -> Named:
    """Replace the pictures, the row and the text; whom the text names."""
    named = await resolve_mentions(services, tx, row.account_id, prepared)
    await _replace_media(tx, row, prepared)
    await _update_row(tx, row, prepared, edited_at)
    await tx.run(
        writes.UPDATE_TEXT,
        post=row.id,
        text=prepared.text,
        html=html_of(services, prepared, named),
        spoiler_text=prepared.spoiler_text,
        language=prepared.language or before.language,
    )
    return named


async def _poll(reader: Reader, row: PostRow, prepared: Prepared, since: int) -> PollForm | None:
    ends_at = await reader.value(writes.POLL_END, post=row.id) if row.poll else 0
    return form_of(prepared.poll, since, ends_at)


async def _update_row(tx: Transaction, row: PostRow, prepared: Prepared, edited_at: int) -> None:
    draft, interactions = prepared.draft, prepared.draft.interaction_policy
    own = bool(standing_of(row).own_sensitive)
    sensitive = own if draft.sensitive is None else draft.sensitive
    policy = draft.quote_policy
    standing = standing_of(row).called(sensitive=sensitive or bool(prepared.spoiler_text))
    await tx.run(
        writes.UPDATE_POST,
        post=row.id,
        sensitive=standing.sensitive,
        limits=standing.limits,
        media_count=len(draft.media_ids),
        poll=int(prepared.poll is not None),
        quote_policy=row.quote_policy if policy is None else policy.of(Visibility(row.visibility)),
        interaction_policy=(
            row.interaction_policy
            if interactions is None
            else kept(row.interaction_policy, interactions)
        ),
        now=edited_at,
    )


async def _replace_tags(
    services: Services, tx: Transaction, row: PostRow, prepared: Prepared
) -> None:
    tags = await tx.all(writes.TAGS_OF, post=row.id)
    await tx.run(writes.DELETE_TAGS, post=row.id)
    visibility = Visibility(row.visibility)
    await write_tags(
        services,
        tx,
        row.id,
        row.account_id,
        prepared,
        visibility=visibility,
        used_at=services.clock.now(),
    )
    await forget_tags(tx, tags)


async def options_of(reader: Reader, row: PostRow) -> Sequence[str]:
    """What can be chosen in the poll of a post; no statement where it has none."""
    return await options(reader, row.id) if row.poll else ()


async def options(reader: Reader, post_id: int) -> Sequence[str]:
    """What can be chosen in the poll of a post; nothing where it has none."""
    return await reader.all(writes.OPTIONS, post=post_id)


async def _remember(
    services: Services,
    tx: Transaction,
    row: PostRow,
    body: PostBody,
    *,
    at: int,
    options: Sequence[str],
) -> None:
    media = [{"id": str(m.id), "description": m.description} for m in body.media]
    # Ids of one millisecond have no order of their own; versions must have one.
    last = int(await tx.value(writes.LAST_EDIT, post=row.id) or 0)
    await tx.run(
        writes.INSERT_EDIT,
        id=max(services.ids.next(), last + 1),
        post_id=row.id,
        html=body.html,
        spoiler_text=body.spoiler_text,
        sensitive=standing_of(row).own_sensitive,
        media=_encode(media).decode(),
        poll=_asked(options),
        created_at=at,
    )


def _asked(options: Sequence[str]) -> str:
    return _encode(options).decode() if options else ""


async def _replace_media(tx: Transaction, row: PostRow, prepared: Prepared) -> None:
    """Attach the draft's media; what the post showed before and no longer does is deleted."""
    draft = prepared.draft
    if not draft.media_ids and not row.media_count:
        return
    await attachable(tx, row.account_id, draft.media_ids)
    await drop(tx, [m for m in await of_post(tx, row.id) if m.id not in draft.media_ids])
    await attach(tx, row.account_id, row.id, draft.media_ids)
    if not draft.media_changes and not prepared.covers:
        return
    by_id = {picture.id: picture for picture in await of_post(tx, row.id)}
    for media_id, shown in prepared.covers.items():
        await covers.replace(tx, by_id[media_id], shown)
    for change in draft.media_changes:
        if change.id in by_id:
            x, y = change.focus_x, change.focus_y
            focus = None if x is None or y is None else (x, y)
            await describe_attached(tx, by_id[change.id], Details(change.description, focus))


async def history(reader: Reader, viewer_id: int, post_id: int) -> list[Edit]:
    """The versions of a post, oldest first; one alone for a post never edited.

    Raises:
        NotFound: the viewer may not see the post.
    """
    row = await access.row(reader, viewer_id, post_id)
    edits = [Edit(*columns) for columns in await reader.all(writes.EDITS, post=post_id)]
    if row.limits & COVERING:
        edits = [replace(each, sensitive=1) for each in edits]
    if edits:
        return edits
    body = (await access.bodies(reader, [post_id])).get(post_id)
    if body is None:
        raise NotFound(f"post {post_id} is a reblog")
    media = [{"id": str(m.id), "description": m.description} for m in body.media]
    asked = _asked(await options_of(reader, row))
    written = _encode(media).decode()
    return [Edit(body.html, body.spoiler_text, row.sensitive, written, asked, row.created_at)]
