"""Pages that are written on: compose, edit, delete, and what a post said before."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from markupsafe import Markup

from rostra.web.views.approvals import ANSWERERS
from rostra.web.views.forms import LANGUAGES, POLICIES, VISIBILITIES_SHORT, Form, Option
from rostra.web.views.parts import AuthorView, PictureView, PostView
from rostra.web.views.shell import Page


class Composer(msgspec.Struct, frozen=True, kw_only=True):
    """The form a post is written in.

    Fields: `text`, `spoiler_text`, `visibility`, `language`, `sensitive`, `in_reply_to_id`,
    `picture_1`… with `alt_1`…, for pictures already there `alt_<id>` and `remove_<id>`, and for a
    poll `option_1`…, `poll_lasts`, `poll_multiple` and `poll_hidden`; `scheduled_at` in UTC.
    `quote_policy` and `answerers` say who may quote and answer.
    """

    action: str = "/compose"
    form: Form = Form()
    reply_to: PostView | None = None
    quoted: PostView | None = None
    policies: Sequence[Option] = POLICIES
    """Who can quote the post; what few may see nobody else can."""
    answerers: Sequence[Option] = ANSWERERS
    """Who can answer the post."""
    pictures: Sequence[PictureView] = ()
    """Pictures that the post already has."""
    slots: int = 4
    """Pictures that can still be added."""
    max_characters: int = 1000
    visibilities: Sequence[Option] = VISIBILITIES_SHORT
    languages: Sequence[Option] = LANGUAGES
    editing: bool = False
    idempotency_key: str = ""
    poll_options: int = 4
    option_characters: int = 50
    durations: Sequence[Option] = ()
    """How long a poll can run, in seconds; an edited one can keep its end."""
    accept: str = "image/jpeg,image/png,image/webp,image/avif,image/gif"

    def asks(self) -> bool:
        """Tell whether the fields of a poll hold something."""
        names = ["poll", "poll_lasts", *(f"option_{at + 1}" for at in range(self.poll_options))]
        return any(self.form.error(name) for name in names) or any(
            self.form.value(name) for name in names[2:]
        )


class ComposePage(Page, frozen=True, kw_only=True):
    """A new post or a reply."""

    template: ClassVar[str] = "compose.html"
    title: ClassVar[str] = "New post"
    section: ClassVar[str] = "compose"

    composer: Composer


class EditPostPage(Page, frozen=True, kw_only=True):
    """A post being changed."""

    template: ClassVar[str] = "edit_post.html"
    title: ClassVar[str] = "Edit post"

    post: PostView
    composer: Composer


class DeletePostPage(Page, frozen=True, kw_only=True):
    """Asks whether the member is sure."""

    template: ClassVar[str] = "delete_post.html"
    title: ClassVar[str] = "Delete post"

    post: PostView
    next_url: str = ""


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """What a post said at some time."""

    created_at: int
    content: Markup
    spoiler: str = ""
    pictures: Sequence[PictureView] = ()
    sensitive: bool = False


class HistoryPage(Page, frozen=True, kw_only=True):
    """All versions of a post, the newest first."""

    template: ClassVar[str] = "history.html"
    title: ClassVar[str] = "Edit history"

    author: AuthorView
    post_url: str
    versions: Sequence[VersionView]
