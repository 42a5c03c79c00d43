"""Every page with sample data: what the render tests and the screenshots go through."""

import msgspec
from markupsafe import Markup
from tests.web import samples as s
from tests.web.pages_banks import bank_pages
from tests.web.pages_console import console_pages
from tests.web.pages_desks import desk_pages
from tests.web.pages_held import held_pages
from tests.web.pages_house import house_pages
from tests.web.pages_lifeboat import lifeboat_pages
from tests.web.pages_lists import list_pages
from tests.web.pages_moderation import moderation_pages
from tests.web.pages_pace import pace_pages
from tests.web.pages_panels import panel_pages
from tests.web.pages_record import record_pages
from tests.web.pages_reviews import review_pages
from tests.web.pages_screening import screening_pages
from tests.web.pages_settings import settings_pages
from tests.web.pages_signals import signal_pages
from tests.web.pages_tryouts import tryout_pages
from tests.web.samples import Sample

from rostra.web import blurhash
from rostra.web.views import (
    announcements,
    approvals,
    conversations,
    entry,
    filters,
    lists,
    place,
    reading,
    requests,
    scheduled,
    settings,
    transparency,
    writing,
)
from rostra.web.views.parts import CardView, Pager
from rostra.web.views.shell import Flash

_LINK = CardView(
    url="https://example.org/x",
    host="example.org",
    title=s.HOSTILE,
    description=s.LONG_WORD,
    provider=s.RTL,
    author=s.HOSTILE,
)


def _reading() -> list[Sample]:
    visitor, member = s.shell(member=False), s.shell()
    posts = s.town()
    tabs = s.tabs("Posts", "Posts and replies", "Media")
    thread = reading.ThreadPage(
        post=posts[0], ancestors=(posts[4], posts[3]), more_replies=12, more_url="?more=1",
        replies=tuple(reading.ThreadReply(post=p, depth=d)
                      for p, d in zip(posts[5:11], (0, 1, 2, 3, 9, 0), strict=True)),
    )  # fmt: skip
    front = reading.FrontPage(
        posts=posts[:8], pager=s.PAGER, rules=s.RULES, tags=s.TAGS, contact=s.IDA,
        people=(s.IDA, s.TOMAS, s.NOOR, s.MEI, s.LONG),
    )  # fmt: skip
    return [
        Sample("front", visitor, front),
        Sample("front-empty", s.shell(member=False, site=s.HOSTILE_SITE),
               reading.FrontPage(posts=(), pager=Pager())),
        Sample("home", member, reading.TimelinePage(kind="home", posts=posts, pager=s.PAGER)),
        Sample("home-announced", member, reading.TimelinePage(kind="home", posts=posts[:2],
               pager=s.PAGER, announcements=s.ANNOUNCEMENTS[:2])),
        Sample("announcements", member, announcements.AnnouncementsPage(
               announcements=s.ANNOUNCEMENTS, form=s.WRONG)),
        Sample("announcements-empty", member, announcements.AnnouncementsPage(announcements=())),
        Sample("home-empty", member, reading.TimelinePage(kind="home", posts=(), pager=Pager())),
        Sample("public", visitor, reading.TimelinePage(kind="public", posts=posts, pager=s.PAGER,
               tags=s.TAGS)),
        Sample("profile", member, reading.ProfilePage(profile=s.profile(), tabs=tabs, posts=posts,
               tags=s.TAGS, pager=s.PAGER,
               pinned=(msgspec.structs.replace(posts[7], key="pinned-1"),))),
        Sample("profile-mine", member, reading.ProfilePage(profile=s.profile(mine=True), tabs=tabs,
               posts=(), pager=Pager())),
        Sample("profile-visitor", visitor, reading.ProfilePage(profile=s.profile(member=False),
               tabs=tabs, posts=posts[:3], pager=Pager())),
        Sample("profile-long", member, reading.ProfilePage(profile=s.stranger(), tabs=tabs,
               posts=(), pager=Pager())),
        Sample("profile-hostile", visitor, reading.ProfilePage(profile=s.hostile_profile(),
               tabs=tabs, posts=posts[9:11], pager=Pager())),
        Sample("followers", member, reading.PeoplePage(profile=s.profile(), heading="Followers",
               tabs=s.tabs("Followers", "Following"), people=s.PEOPLE, pager=s.PAGER)),
        Sample("followers-hidden", visitor, reading.PeoplePage(profile=s.profile(),
               heading="Followers", tabs=(), people=(), pager=Pager(), hidden=True)),
        Sample("thread", member, thread),
        Sample("thread-visitor", visitor, reading.ThreadPage(post=posts[1])),
        Sample("trends", member, reading.TrendsPage(tags=s.TAGS, posts=posts, links=(_LINK,),
               tabs=reading.explore_tabs("trends"))),
        Sample("trends-empty", visitor, reading.TrendsPage(tags=(), posts=(),
               tabs=reading.explore_tabs("trends"))),
        Sample("tag", member, reading.TagPage(tag=s.TAGS[0], posts=posts[:2], pager=s.PAGER)),
        Sample("tag-empty", visitor, reading.TagPage(tag=s.TAGS[4], posts=(), pager=Pager())),
    ]  # fmt: skip


def _framed() -> list[Sample]:
    visitor, posts = s.shell(member=False), s.town()
    return [
        Sample("embed", visitor, reading.EmbedPage(post=posts[0])),
        Sample("embed-picture", visitor, reading.EmbedPage(post=next(
            p for p in posts if p.pictures and not p.spoiler and not p.sensitive))),
        Sample("embed-gone", visitor, reading.EmbedPage(post=None)),
    ]  # fmt: skip


def _found() -> list[Sample]:
    visitor, member = s.shell(member=False), s.shell()
    posts = s.town()
    return [
        Sample("notifications", member, reading.NotificationsPage(pager=s.PAGER,
               notifications=s.notifications(), tabs=s.tabs("All", "Mentions"))),
        Sample("notifications-empty", member, reading.NotificationsPage(notifications=(),
               pager=Pager())),
        Sample("search", member, reading.SearchPage(query=s.HOSTILE, people=s.PEOPLE[:3],
               tags=s.TAGS[:3], posts=posts[:2], tabs=s.tabs("All", "People", "Tags", "Posts"),
               problems=("has: takes media",), operators=(('"green tea"', "the words"),))),
        Sample("search-start", visitor, reading.SearchPage()),
        Sample("search-nothing", member, reading.SearchPage(query=s.LONG_WORD)),
        Sample("favourites", member, reading.SavedPage(kind="favourites", posts=(), pager=Pager())),
        Sample("bookmarks", member, reading.SavedPage(kind="bookmarks", posts=posts[1:2],
               pager=Pager())),
        Sample("bookmarks-empty", member, reading.SavedPage(kind="bookmarks", posts=(),
               pager=Pager())),
        Sample("follow-requests", member, reading.FollowRequestsPage(people=s.PEOPLE[:5],
               pager=Pager())),
        Sample("follow-requests-empty", member, reading.FollowRequestsPage(people=(),
               pager=Pager())),
    ]  # fmt: skip


def _lists() -> list[Sample]:
    member = s.shell()
    friends = lists.ListView(id="1", title="Friends", exclusive=True, chosen=True)
    hostile = lists.ListView(id="2", title=s.HOSTILE)
    private = msgspec.structs.replace(s.town()[1], visibility="direct")
    return [
        Sample("messages", member, conversations.ConversationsPage(pager=s.PAGER, conversations=(
               conversations.ConversationView(id="1", people=(s.IDA, s.HOSTILE_AUTHOR),
                                              post=private, unread=True),
               conversations.ConversationView(id="2", people=(), post=s.town()[2])))),
        Sample("messages-empty", member, conversations.ConversationsPage(conversations=(),
               pager=Pager())),
        Sample("lists", member, lists.ListsPage(lists=(friends, hostile), form=s.WRONG)),
        Sample("lists-empty", member, lists.ListsPage(lists=())),
        Sample("followed-tags", member, lists.FollowedTagsPage(tags=s.TAGS, pager=s.PAGER,
               tabs=s.tabs("Lists", "Hashtags"), form=s.WRONG)),
        Sample("followed-tags-empty", member, lists.FollowedTagsPage(tags=(), pager=Pager())),
        Sample("list", member, lists.ListTimelinePage(list=hostile, posts=s.town()[:3],
               pager=s.PAGER)),
        Sample("list-empty", member, lists.ListTimelinePage(list=friends, posts=(),
               pager=Pager())),
        Sample("list-edit", member, lists.EditListPage(list=hostile, people=s.PEOPLE,
               pager=s.PAGER, adding=s.WRONG)),
        Sample("list-edit-empty", member, lists.EditListPage(list=friends, people=(),
               pager=Pager(), form=s.FILLED)),
        Sample("account-lists", member, lists.AccountListsPage(author=s.IDA,
               lists=(friends, hostile))),
        Sample("account-lists-empty", member, lists.AccountListsPage(author=s.LONG, lists=())),
        Sample("settings-featured", member, settings.FeaturedTagsPage(tags=(
               settings.FeaturedTagView(id="1", name="ships", url="/tags/ships", posts=3),
               settings.FeaturedTagView(id="2", name=s.LONG_WORD, url="/tags/x")),
               suggested=("boats", "tea"), form=s.WRONG)),
        Sample("settings-featured-empty", member, settings.FeaturedTagsPage(tags=())),
    ]  # fmt: skip


def _heard() -> list[Sample]:
    member, posts = s.shell(), s.town()
    waiting = (
        requests.RequestView(id="1", author=s.IDA, count=1_204, post=posts[1]),
        requests.RequestView(id="2", author=s.HOSTILE_AUTHOR, count=1),
        requests.RequestView(id="3", author=s.LONG, count=2, post=posts[9]),
    )
    asked = tuple(
        approvals.ApprovalView(id=str(at), kind=kind, created_at=s.NOW - at * s.HOUR, author=by,
                               post=posts[at], reply=posts[3] if kind == "reply" else None)
        for at, (kind, by) in enumerate(
            (("reply", s.HOSTILE_AUTHOR), ("favourite", s.LONG), ("reblog", s.IDA)))
    )  # fmt: skip
    noise = filters.FilterView(
        id="1", title=s.HOSTILE, action="hide", contexts=("home", "thread"), posts=2,
        keywords=("drum", s.LONG_WORD, s.RTL, *"abcdefgh"), expires_at=s.NOW + s.DAY, chosen=True,
    )  # fmt: skip
    over = filters.FilterView(id="2", title="Elections", action="warn", contexts=("public",),
                              expires_at=s.NOW - s.DAY, over=True)  # fmt: skip
    lines = [filters.KeywordField(f"new_{at}", "Another keyword") for at in range(4)]
    return [
        Sample("settings-notifications", member, requests.PolicyPage(form=s.WRONG)),
        Sample("requests", member, requests.RequestsPage(requests=waiting, pager=s.PAGER)),
        Sample("requests-empty", member, requests.RequestsPage(requests=(), pager=Pager())),
        Sample("request", member, requests.RequestPage(request=waiting[1],
               notifications=s.notifications()[:4], pager=s.PAGER)),
        Sample("notifications-requests", member, reading.NotificationsPage(pager=s.PAGER,
               notifications=s.notifications()[:2], requests=3, approvals=1)),
        Sample("approvals", member, approvals.ApprovalsPage(approvals=asked, pager=s.PAGER)),
        Sample("approvals-empty", member, approvals.ApprovalsPage(approvals=(), pager=Pager())),
        Sample("settings-filters", member, filters.FiltersPage(filters=(noise, over))),
        Sample("settings-filters-empty", member, filters.FiltersPage(filters=())),
        Sample("settings-filter-new", member, filters.FilterPage(form=s.FILLED, keywords=lines)),
        Sample("settings-filter", member, filters.FilterPage(id="1", form=s.WRONG,
               keywords=lines, posts=(("1", posts[1]), ("2", posts[9])))),
        Sample("filter-post", member, filters.FilterPostPage(post=posts[1],
               filters=(noise, over))),
        Sample("filter-post-empty", member, filters.FilterPostPage(post=posts[1], filters=())),
    ]  # fmt: skip


def _writing() -> list[Sample]:
    member = s.shell()
    posts = s.town()
    wrong = writing.Composer(form=s.WRONG, reply_to=posts[1], pictures=posts[1].pictures, slots=3)
    versions = (
        writing.VersionView(created_at=s.NOW, content=s.LINKED, pictures=posts[1].pictures),
        writing.VersionView(created_at=s.NOW - s.HOUR, content=Markup("<p>Before</p>"),
                            spoiler="Film"),
        writing.VersionView(created_at=s.NOW - s.DAY, content=Markup("<p>At first</p>")),
    )  # fmt: skip
    return [
        Sample("compose", member, writing.ComposePage(composer=writing.Composer(form=s.FILLED))),
        Sample("compose-wrong", member, writing.ComposePage(composer=wrong)),
        Sample("scheduled", member, scheduled.ScheduledPage(posts=(
               scheduled.ScheduledView(id="1", due_at=s.NOW, due="2026-01-31T10:00",
                                       text=s.HOSTILE, spoiler=s.RTL, visibility="private",
                                       answers="/posts/1", pictures=posts[1].pictures),
               scheduled.ScheduledView(id="2", due_at=s.NOW, due="2026-01-31T10:00",
                                       text=s.LONG_WORD, options=("Tea", s.LONG_WORD),
                                       failure="What it refers to is no longer there")),
               pager=s.PAGER)),
        Sample("scheduled-empty", member, scheduled.ScheduledPage(posts=())),
        Sample("edit", member, writing.EditPostPage(post=posts[1], composer=writing.Composer(
               action="/posts/1/edit", form=s.FILLED, pictures=posts[1].pictures, slots=3,
               editing=True))),
        Sample("delete", member, writing.DeletePostPage(post=posts[1], next_url="/home")),
        Sample("history", member, writing.HistoryPage(author=s.IDA, post_url="/@ida/1",
               versions=versions)),
    ]  # fmt: skip


def _entry() -> list[Sample]:
    visitor = s.shell(member=False)
    scopes = (
        entry.ScopeView(name="read", words="read everything you can read"),
        entry.ScopeView(name="write", words="post, follow and change things in your name",
                        sensitive=True),
    )  # fmt: skip
    return [
        Sample("sign-up", visitor, entry.SignUpPage(rules=s.RULES, terms_version="2")),
        Sample("sign-up-wrong", visitor, entry.SignUpPage(form=s.WRONG, ask_reason=True,
               ask_invite=True, ask_email=False, minimum_age=16, terms_version="2")),
        Sample("sign-up-invited", visitor, entry.SignUpPage(invite_code="abc", inviter="Ida")),
        Sample("sign-up-closed", s.shell(member=False, site=s.HOSTILE_SITE), entry.SignUpPage()),
        Sample("check-mail", visitor, entry.NoticePage(heading="Check your mail", paragraphs=(
               "We have sent a link to ida@harbour.example. Open it to finish.",
               "Nothing there after some minutes? Look among the unwanted mail."),
               resend_action="/join/resend")),
        Sample("app-impossible", s.shell(), entry.NoticePage(
               heading="This app asked for something impossible", icon="lock", paragraphs=(
                   "It is told: The app has not declared what it asks for.",
                   f"Its address is {'x' * 60}.{'y' * 60}.example. Go there only if you know it."),
               action_label="Back to the app", action_url="https://app.example/?error=a")),
        Sample("sign-in", visitor, entry.SignInPage(next_url="/home")),
        Sample("sign-in-wrong", s.shell(member=False, flashes=(Flash("You are signed out.", "good"),
               )), entry.SignInPage(form=s.WRONG, for_app="Tusky")),
        Sample("totp", visitor, entry.TotpPage(form=s.WRONG, passkeys=True)),
        Sample("forgotten", visitor, entry.ForgottenPage()),
        Sample("forgotten-no-mail", visitor, entry.ForgottenPage(mail=False)),
        Sample("reset", visitor, entry.ResetPage(token="t", form=s.WRONG)),
        Sample("authorise", s.shell(), entry.AuthorisePage(app_name="Tusky", scopes=scopes,
               app_website="https://tusky.app", redirect_host="tusky.app",
               fields=(("client_id", "x"), ("state", s.HOSTILE)))),
        Sample("out-of-band", s.shell(), entry.OutOfBandPage(code="x" * 43, app_name=s.HOSTILE)),
    ]  # fmt: skip


def _place() -> list[Sample]:
    visitor, member = s.shell(member=False), s.shell()
    words = Markup("<h2>What this is</h2><p>A square by the water.</p><ul><li>One</li></ul>")
    return [
        Sample("about", visitor, place.AboutPage(extended=words, rules=s.RULES, contact=s.IDA)),
        Sample("about-bare", s.shell(member=False, site=s.HOSTILE_SITE),
               place.AboutPage(extended=Markup(""), rules=())),
        Sample("terms", visitor, place.DocumentPage(heading="Terms", body=words,
               updated_at=s.NOW - 40 * s.DAY)),
        Sample("transparency", visitor, transparency.TransparencyPage(
               period="2026-01-01 to 2026-06-30", name="2026-H1", counted_at=s.NOW,
               groups=(transparency.Group("In all", (
                   transparency.Figure("Reports", "26,000"),
                   transparency.Figure(s.LONG_WORD, s.LONG_WORD))),
                   transparency.Group("Appeals", ())),
               periods=(transparency.Link("2026-H1", "/about/transparency/2026-H1", True),
                   transparency.Link("2025-H2", "/about/transparency/2025-H2")),
               files=(transparency.Link("notices", "/about/transparency/2026-H1/4_notices.csv"),))),
        Sample("accept-terms", member, place.AcceptTermsPage(body=words, changelog=words,
               version="2", effective_at=s.NOW - 3 * s.DAY)),
        Sample("accept-terms-changed", member, place.AcceptTermsPage(body=words, version="3",
               effective_at=s.NOW, form=s.WRONG)),
        *(Sample(f"error-{status}", member if status == 403 else visitor,
                 place.ErrorPage(status=status, retry_after_s=30 if status == 429 else 0))
          for status in (400, 401, 403, 404, 405, 418, 429, 500, 503)),
    ]  # fmt: skip


def every_page() -> list[Sample]:
    """Return every page, by name."""
    s.PLACEHOLDER = blurhash.placeholder(s.BLURHASH)
    return [
        *_reading(),
        *_framed(),
        *_found(),
        *_lists(),
        *_heard(),
        *_writing(),
        *_entry(),
        *settings_pages(),
        *moderation_pages(),
        *pace_pages(),
        *screening_pages(),
        *console_pages(),
        *desk_pages(),
        *held_pages(),
        *house_pages(),
        *bank_pages(),
        *panel_pages(),
        *list_pages(),
        *record_pages(),
        *review_pages(),
        *signal_pages(),
        *tryout_pages(),
        *lifeboat_pages(),
        *_place(),
    ]
