"""What cases are about, as the team sees it: whoever may see it otherwise, and while it is hidden.

It reaches nobody but through a case that the reader may see.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from markupsafe import Markup

from rostra.kernel.text import sanitise
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts import cards
from rostra.network.accounts.card_model import AccountCard
from rostra.network.accounts.model import fields_of
from rostra.network.addresses import Addresses, addresses
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.network.instance.model import EmojiBook
from rostra.network.media import access as media_access
from rostra.network.media.model import Media
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import PostBody, Visibility
from rostra.safety.cases import keep
from rostra.safety.cases.model import Case, CaseState
from rostra.safety.categories.facts import facts_of
from rostra.safety.categories.model import Severity
from rostra.safety.subjects import Subject, SubjectKind
from rostra.web.call import PageCall
from rostra.web.console import words
from rostra.web.console.common import HERE
from rostra.web.present import author_view, picture_view, with_emoji
from rostra.web.views.console import CaseLine, ContentView
from rostra.web.views.parts import AuthorView, FieldView, PictureView

_EXCERPT = 280


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was loaded of the subjects of some cases, and of people."""

    bodies: dict[int, PostBody]
    media: dict[int, Media]
    people: dict[int, AccountCard]
    at: Addresses
    book: EmojiBook

    def author(self, account_id: int) -> AuthorView | None:
        """Somebody in a line."""
        card = self.people.get(account_id)
        return author_view(card, self.at, self.book) if card else None

    def name(self, account_id: int) -> str:
        """The handle of somebody; empty for nobody."""
        card = self.people.get(account_id)
        return f"@{card.acct}" if card else ""

    def body(self, subject: Subject) -> PostBody | None:
        """The words of a post, or of the post that an attachment stands on."""
        if subject.kind == SubjectKind.POST:
            return self.bodies.get(subject.id)
        found = self.media.get(subject.id) if subject.kind == SubjectKind.MEDIA else None
        return self.bodies.get(found.post_id) if found else None


async def load(
    call: PageCall[Any], reader: Reader, cases: Iterable[Case], people: Iterable[int] = ()
) -> Seen:
    """What the cases are about, and who is named. Six statements at most."""
    shown = list(cases)
    ids: dict[int, list[int]] = {kind: [] for kind in SubjectKind}
    for case in shown:
        ids[case.subject_kind].append(case.subject_id)
    media = await media_access.by_ids(reader, ids[SubjectKind.MEDIA])
    posts = {*ids[SubjectKind.POST], *(each.post_id for each in media.values())} - {0}
    named = {*people, *(case.account_id for case in shown)}
    named |= {case.status.holder_id for case in shown}
    return Seen(
        bodies=await posts_access.bodies(reader, sorted(posts)),
        media=media,
        people=await cards.cards(reader, sorted(named - {0})),
        at=addresses(call.services.settings),
        book=await instance_access.emoji_book(call.services, reader),
    )


def line(case: Case, seen: Seen, *, now: int, viewer_id: int, query: str = "") -> CaseLine:
    """A case in a list."""
    status, body = case.status, seen.body(case.subject)
    excerpt = body.text if body else ""
    card = seen.people.get(case.account_id)
    if case.subject_kind == SubjectKind.ACCOUNT and card:
        excerpt = sanitise.plain(card.note_html)
    held = status.held_at(now)
    mine = held and status.holder_id == viewer_id
    return CaseLine(
        id=str(case.id),
        url=f"{HERE}/cases/{case.id}{query}",
        kind=words.KINDS[SubjectKind(case.subject_kind)],
        category=facts_of(status.category).name,
        severity=Severity(status.severity).name.lower(),
        author=seen.author(case.account_id),
        excerpt=excerpt[:_EXCERPT],
        warned=body.spoiler_text if body else "",
        language=case.language,
        attachments=len(body.media) if body else 0,
        reasons=words.reasons_of(case, now),
        holder=seen.name(status.holder_id) if held and not mine else "",
        mine=mine,
        escalated=bool(status.escalated),
        proposed_url=f"/console/decisions/{status.proposed_id}" if status.proposed_id else "",
        panelled=status.panel_id != 0,
        state=CaseState(status.state).wire,
    )


async def content(reader: Reader, case: Case, seen: Seen) -> ContentView:
    """All that a case is about, as it is now. Two statements at most."""
    facts = (await keep.facts_of(reader, [case.subject])).get(case.subject)
    kind = words.KINDS[SubjectKind(case.subject_kind)]
    if facts is None:
        return ContentView(kind=kind, gone=True)
    if case.subject_kind == SubjectKind.ACCOUNT:
        return await _account(reader, case, seen)
    body = seen.body(case.subject)
    medium = seen.media.get(case.subject_id)
    post_id = medium.post_id if medium else case.subject_id
    # Whatever its author still sees of it; nothing while it is removed.
    row = (await posts_access.rows(reader, case.account_id, [post_id])).get(post_id)
    author = seen.people.get(case.account_id)
    attached: Sequence[Media] = [medium] if medium else body.media if body else ()
    return ContentView(
        kind=kind,
        url=f"/@{author.acct}/{post_id}" if author and row else "",
        created_at=facts.created_at,
        content=with_emoji(body.html, seen.book) if body else Markup(),
        warned=body.spoiler_text if body else "",
        language=body.language if body else "",
        pictures=tuple(picture_view(each, seen.at) for each in attached),
        visibility=VISIBILITIES[Visibility(row.visibility)] if row else "removed: nobody sees it",
        replies=facts.replies,
        reblogs=facts.reblogs,
        favourites=facts.favourites,
        followers=facts.followers,
        answers_url=f"/posts/{row.in_reply_to_id}" if row and row.in_reply_to_id else "",
    )


VISIBILITIES = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "quiet",
    Visibility.FOLLOWERS: "for followers",
    Visibility.DIRECT: "for those it mentions",
    Visibility.WAITING: "waits for an approval",
    Visibility.REFUSED: "refused: its author alone sees it",
    Visibility.HELD: "held: its author alone sees it",
    Visibility.REMOVED: "removed: nobody sees it",
}


async def _account(reader: Reader, case: Case, seen: Seen) -> ContentView:
    card = seen.people.get(case.account_id)
    row = await accounts_access.any_by_id(reader, case.account_id)
    if card is None:
        return ContentView(kind="Account", gone=True)
    return ContentView(
        kind="Account",
        url=f"/@{card.acct}",
        created_at=card.created_at,
        content=with_emoji(card.note_html, seen.book),
        followers=row.followers_count if row else 0,
        fields=tuple(
            FieldView(name=field.name, value=with_emoji(field.html, seen.book))
            for field in fields_of(card.fields)
        ),
        header=_picture(card.header_static_key or card.header_key, seen, "Header of the profile"),
        avatar=_picture(card.avatar_static_key or card.avatar_key, seen, "Picture of the profile"),
    )


def _picture(key: str, seen: Seen, alt: str) -> PictureView | None:
    if not key:
        return None
    url = seen.at.blob(key)
    return PictureView(id="0", url=url, preview_url=url, alt=alt)
