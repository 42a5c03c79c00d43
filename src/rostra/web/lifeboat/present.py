"""What the extract holds, made ready for the pages of the lifeboat."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from rostra.hosting.lifeboat.model import Page, Person, Picture, Post
from rostra.kernel.text import sanitise
from rostra.network.previews.address import host_of
from rostra.web.blurhash import placeholder
from rostra.web.lifeboat.views import CopyView, MemberPage, PostPage
from rostra.web.views.parts import (
    AuthorView,
    CardView,
    FieldView,
    PictureView,
    PostView,
    ProfileView,
    ReplyView,
)

MEDIA: Final = "/lifeboat/media"
NEWEST: Final = 20
_THOUSAND: Final = 1_000


def picture_url(name: str, piece: str) -> str:
    """Where a picture is: with whoever shows it, for it is there only as long as they do."""
    return f"{MEDIA}/{name.lower()}/{piece}"


def member_page(
    page: Page, posts: Sequence[Post], avatar: str, *, below: int, more: bool, state: str
) -> MemberPage:
    """A member with some of their posts, the newest first.

    Args:
        page: theirs.
        posts: these.
        avatar: the address of the picture of those who have none.
        below: the posts are older than this one; 0: the newest.
        more: there are older ones.
        state: a sentence on how the network stands; empty: it is not said.
    """
    author = _author(page.person, avatar)
    return MemberPage(
        profile=_profile(page.person, author),
        posts=[_copy(post, author) for post in posts],
        older_url=f"{author.url}/before/{posts[-1].id}" if more and posts else "",
        newest_url=author.url if below else "",
        state=state,
    )


def post_page(page: Page, post: Post, avatar: str, state: str) -> PostPage:
    """One post."""
    copy = _copy(post, _author(page.person, avatar))
    return PostPage(copy=copy, indexable=page.person.indexable, state=state)


def _author(person: Person, avatar: str) -> AuthorView:
    return AuthorView(
        id=person.name,
        username=person.name,
        acct=person.name,
        display_name=person.display_name,
        url=f"/@{person.name}",
        avatar_url=picture_url(person.name, person.avatar) if person.avatar else avatar,
        bot=person.bot,
    )


def _profile(person: Person, author: AuthorView) -> ProfileView:
    return ProfileView(
        author=author,
        note=_safe(person.note),
        plain_note=person.plain_note,
        header_url=picture_url(person.name, person.header) if person.header else "",
        fields=[
            FieldView(name=f.name, value=_safe(f.html), verified=f.verified) for f in person.fields
        ],
        created_at=person.created_at,
        indexable=person.indexable,
    )


def _safe(html: str) -> Markup:
    # The host has made it safe before. Here it is done again: another machine, another version.
    return Markup(sanitise.post(html))  # noqa: S704 (from the sanitiser)


def _copy(post: Post, author: AuthorView) -> CopyView:
    made = (_picture(each, author.username) for each in post.pictures)
    shown = [each for each in made if each is not None]
    answers = None
    if post.answers is not None:
        ref = post.answers
        url = f"/@{ref.name}/{ref.id}"
        answers = ReplyView(
            name=f"@{ref.name}", url=url, to_self=ref.name == author.username.lower()
        )
    view = PostView(
        id=str(post.id),
        url=f"{author.url}/{post.id}",
        author=author,
        created_at=post.created_at,
        edited_at=post.edited_at or None,
        content=_safe(post.html),
        plain=post.plain,
        spoiler=post.spoiler,
        visibility="unlisted" if post.unlisted else "public",
        sensitive=post.sensitive,
        language=post.language,
        pictures=shown,
        card=_card(post),
        reply_to=answers,
    )
    quoted = post.quotes
    return CopyView(
        post=view,
        options=post.options,
        poll_ends_at=post.poll_ends_at,
        quotes=f"/@{quoted.name}/{quoted.id}" if quoted else "",
        quotes_whom=f"@{quoted.name}" if quoted else "",
        unseen=len(post.pictures) - len(shown),
    )


def _picture(picture: Picture, name: str) -> PictureView | None:
    """A picture; of a video its still; None: there is nothing that could be shown."""
    if picture.kind == "withheld":
        return PictureView(id="", kind="withheld", alt=picture.alt)
    if not picture.piece:
        return None
    url = picture_url(name, picture.piece)
    moving = picture.kind in {"video", "gifv"}
    return PictureView(
        id=picture.piece,
        url=url,
        preview_url=url,
        alt=f"Still of a video: {picture.alt}" if moving else picture.alt,
        width=picture.width,
        height=picture.height,
        focus_x=picture.focus_x / _THOUSAND,
        focus_y=picture.focus_y / _THOUSAND,
        placeholder=placeholder(picture.blurhash) if picture.blurhash else "",
    )


def _card(post: Post) -> CardView | None:
    link = post.link
    if link is None:
        return None
    return CardView(
        url=link.url,
        host=host_of(link.url),
        title=link.title,
        description=link.description,
        language=link.language,
    )
