"""The pages of the lifeboat, with sample data."""

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.samples import Sample

from rostra.web.lifeboat.views import (
    CopyView,
    FactView,
    MemberPage,
    MissingPage,
    NoticeView,
    PostPage,
    StatusPage,
)


def lifeboat_pages() -> list[Sample]:
    """The network away and here, a member, a post, and what is not there."""
    away = StatusPage(
        heading=f"{s.LONG_WORD} is away",
        words=s.HOSTILE,
        tone="bad",
        mark="warning",
        facts=(
            FactView("Since", "", s.NOW),
            FactView("Last rehearsal", s.HOSTILE, s.NOW, "bad"),
            FactView("Was not yet elsewhere", s.LONG_WORD, tone="warn"),
        ),
        notices=(NoticeView(s.NOW, (s.HOSTILE, s.LONG_WORD, s.RTL)),),
        readable=True,
    )
    here = StatusPage(heading="The harbour is here", words="Well.", tone="good", mark="check")
    posts = [CopyView(post=post) for post in s.town()[:4]]
    whole = replace(
        posts[0],
        options=(s.HOSTILE, s.LONG_WORD),
        poll_ends_at=s.NOW,
        quotes="/@ida/1",
        quotes_whom="@ida",
        unseen=2,
    )
    member = MemberPage(
        profile=s.hostile_profile(),
        posts=(whole, *posts[1:]),
        older_url="/@ida/before/1",
        newest_url="/@ida",
        state="The harbour is away.",
    )
    empty = MemberPage(profile=s.stranger(), posts=())
    return [
        Sample("lifeboat-away", s.shell(), away),
        Sample("lifeboat-here", s.shell(), here),
        Sample("lifeboat-member", s.shell(), member),
        Sample("lifeboat-member-silent", s.shell(), empty),
        Sample("lifeboat-post", s.shell(), PostPage(copy=whole, indexable=True)),
        Sample("lifeboat-post-quiet", s.shell(), PostPage(copy=posts[1], indexable=False)),
        Sample("lifeboat-missing", s.shell(), MissingPage(state="The harbour is away.")),
    ]
