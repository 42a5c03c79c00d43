"""Rich sample view-models: a lively town, and the strings that break pages."""

import base64

import msgspec
from markupsafe import Markup

from rostra.web.views.announcements import AnnouncementView, ReactionView
from rostra.web.views.forms import Form
from rostra.web.views.parts import (
    AuthorView,
    FieldView,
    NotificationKind,
    NotificationView,
    Pager,
    PersonView,
    PictureView,
    PollOptionView,
    PollView,
    PostView,
    ProfileView,
    QuoteView,
    RelationView,
    ReplyView,
    RuleView,
    Tab,
    TagView,
)
from rostra.web.views.shell import Flash, Page, Shell, Site, ViewerView

NOW = 1_764_000_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LONG_NAME = "A very long name that goes on " * 17
HOSTILE = "<script>alert('x')</script> & \"quotes\" 'single' </title>"
RTL = "مرحبا بالعالم، هذا منشور باللغة العربية مع #وسم"
BLURHASH = "LEHV6nWB2yk8pyo0adR*.7kCMdnj"


class Sample(msgspec.Struct, frozen=True):
    """A page with sample data, under the name that tests and pictures know it by."""

    name: str
    shell: Shell
    page: Page


def svg(drawing: str, box: str) -> str:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{drawing}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()


def face(hue: int) -> str:
    return svg(
        f'<rect width="96" height="96" fill="hsl({hue} 55% 72%)"/>'
        f'<circle cx="48" cy="40" r="19" fill="hsl({hue} 45% 38%)"/>'
        f'<path d="M10 96c3-26 18-36 38-36s35 10 38 36z" fill="hsl({(hue + 40) % 360} 50% 45%)"/>',
        "0 0 96 96",
    )


def landscape(hue: int, width: int, height: int) -> str:
    half = height // 2
    return svg(
        f'<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="hsl({hue} 70% 78%)"/>'
        f'<stop offset="1" stop-color="hsl({(hue + 40) % 360} 80% 90%)"/></linearGradient></defs>'
        f'<rect width="{width}" height="{height}" fill="url(#s)"/>'
        f'<circle cx="{width * 0.7:.0f}" cy="{half * 0.7:.0f}" r="{height / 9:.0f}" fill="#fe9"/>'
        f'<path d="M0 {half}q{width / 4:.0f} -{half / 2:.0f} {width / 2:.0f} 0t{width / 2:.0f} 0'
        f'V{height}H0z" fill="hsl({(hue + 100) % 360} 30% 45%)"/>'
        f'<path d="M0 {half * 1.4:.0f}q{width / 3:.0f} -{half / 3:.0f} {width} 0V{height}H0z"'
        f' fill="hsl({(hue + 130) % 360} 35% 28%)"/>',
        f"0 0 {width} {height}",
    )


def author(name: str, display: str, hue: int, *, bot: bool = False) -> AuthorView:
    return AuthorView(
        id=str(1_000_000_000_000_000_000 + hue),
        username=name,
        acct=name,
        display_name=display,
        url=f"/@{name}",
        avatar_url=face(hue),
        bot=bot,
        locked=hue % 7 == 0,
    )


IDA = author("ida", "Ida Lindqvist", 20)
TOMAS = author("tomas", "Tomás Ferreira", 205)
NOOR = author("noor", "Noor al-Hadid", 150)
MEI = author("mei_ling", "Mei Ling 🌿", 320)
BUS = author("bus_42", "Bus 42 arrivals", 60, bot=True)
LONG = author("averylongusernamethatis30chars", LONG_NAME[:500], 270)
HOSTILE_AUTHOR = author("quotes", HOSTILE, 0)

PLACEHOLDER = ""


def picture(at: int, width: int, height: int, alt: str = "", placeholder: str = "") -> PictureView:
    return PictureView(
        id=str(5_000_000_000_000_000_000 + at),
        url=landscape(at * 47 % 360, width, height),
        preview_url=landscape(at * 47 % 360, width, height),
        alt=alt,
        width=width,
        height=height,
        focus_x=-0.4,
        focus_y=0.3,
        placeholder=placeholder,
    )


_COUNTER = iter(range(1, 10_000))


def post(by: AuthorView, words: str, ago: int, **more: object) -> PostView:
    number = str(3_000_000_000_000_000_000 + next(_COUNTER))
    content = Markup("<p>{}</p>").format(words)
    given: dict[str, object] = {
        "id": number,
        "url": f"{by.url}/{number}",
        "author": by,
        "created_at": NOW - ago,
        "content": content,
        "plain": words,
        "language": "en",
    }
    return PostView(**(given | more))  # type: ignore[arg-type] # the keys are PostView's


def poll(*, open_to_me: bool = False) -> PollView:
    return PollView(
        options=(
            PollOptionView(title="Both of them", votes=3, mine=not open_to_me),
            PollOptionView(title=HOSTILE, votes=1),
            PollOptionView(title=LONG_WORD, votes=0),
        ),
        ends_at=NOW + HOUR, multiple=open_to_me, voters=4, votes=4, open=open_to_me,
    )  # fmt: skip


LINKED = Markup(
    '<p>The market hall opens again on Saturday. <a href="/tags/oldtown" class="mention hashtag"'
    ' rel="tag">#<span>oldtown</span></a></p><p>Thanks to <span class="h-card">'
    '<a href="/@noor" class="u-url mention">@<span>noor</span></a></span> and everyone who came'
    ' with a brush. Pictures and times: <a href="https://example.org/a/very/long/path"'
    ' rel="nofollow noopener" target="_blank"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.org/a/very</span><span class="invisible">/long/path</span>'
    "</a></p>"
)


def town() -> list[PostView]:
    """A timeline with one of everything."""
    return [
        post(IDA, "", 4 * MINUTE, content=LINKED, plain="The market hall opens again on Saturday.",
             replies=12, reblogs=48, favourites=231, favourited=True),
        post(TOMAS, "First light over the bay this morning. Worth every minute of lost sleep.",
             38 * MINUTE, pictures=(picture(3, 1200, 800, "A bay at sunrise, hills behind it"),),
             replies=3, reblogs=9, favourites=87, bookmarked=True, edited_at=NOW - 10 * MINUTE),
        post(MEI, "Repotted everything. The kitchen is now a jungle and I regret nothing.",
             2 * HOUR, reblogged_by=NOOR, key="9",
             pictures=tuple(picture(at, 900, 900, "A plant") for at in range(4, 7)),
             replies=1, reblogs=2, favourites=19, reblogged=True),
        post(NOOR, "The butler did it, and the house was never insured.", 5 * HOUR,
             spoiler="Ending of last night's film", replies=4, favourites=6, visibility="unlisted"),
        post(BUS, "Which line is the latest?", 6 * HOUR, poll=poll(open_to_me=True)),
        post(BUS, "Swan on the line?", 6 * HOUR, poll=poll(), spoiler="Swans"),
        post(MEI, "Quite so.", 6 * HOUR, can_quote=True,
             quote=QuoteView(state="accepted", post=post(IDA, LONG_WORD, DAY, mine=True))),
        post(IDA, "May I?", 6 * HOUR, mine=True, approval="waiting", visibility="direct",
             reply_to=ReplyView(name=LONG.name(), url=LONG.url)),
        post(IDA, "Never mind.", 6 * HOUR, mine=True, approval="refused", visibility="direct"),
        post(MEI, "It was here.", 6 * HOUR, quote=QuoteView(state="deleted")),
        post(BUS, "42 to Harbour: 4 minutes late. Reason: a swan.", 7 * HOUR, favourites=1_240,
             reblogs=12_400, replies=101),
        post(TOMAS, "Tall one", 9 * HOUR, pictures=(picture(8, 700, 1400, ""),)),
        post(NOOR, RTL, 11 * HOUR, language="ar"),
        post(MEI, "Only for you lot: I got the job! 🎉", 20 * HOUR, visibility="private",
             can_reblog=False, favourites=33, replies=17, mine=True, pinned=True),
        post(IDA, "I was there, it was wet.", 26 * HOUR, sensitive=True,
             reply_to=ReplyView(name="Tomás Ferreira", url="/@tomas/1"),
             pictures=(picture(11, 1200, 700, "Rain", PLACEHOLDER), picture(12, 800, 800))),
        post(LONG, LONG_WORD, 3 * DAY),
        post(HOSTILE_AUTHOR, HOSTILE, 40 * DAY, visibility="direct"),
        post(TOMAS, "Four from the walk. " + "And a long tail of words. " * 14, 400 * DAY,
             pictures=tuple(picture(at, 1200, 800, "Hills") for at in range(20, 24))),
    ]  # fmt: skip


RELATION = RelationView(followed_by=True)
FOLLOWING = RelationView(following=True, note="Met at the market hall")

RULES = (
    RuleView(
        text="Speak to the person, not the crowd", hint="Disagree by all means; don't pile on."
    ),
    RuleView(text="No threats, no hatred, no doxxing"),
    RuleView(text="Warn before what may hurt", hint="Films' endings count on the first weekend."),
    RuleView(text="Describe your pictures"),
    RuleView(text="Bots say that they are bots"),
)
TAGS = tuple(
    TagView(name=name, url=f"/tags/{name}", posts=count, people=count // 2)
    for name, count in (("oldtown", 124), ("harbour", 58), ("birds", 40), ("bread", 21), ("وسم", 3))
)
PAGER = Pager(older_url="/public?max_id=1", newer_url="/public?min_id=2")
PEOPLE = tuple(
    PersonView(author=who, note=note, relation=relation)
    for who, note, relation in (
        (IDA, "Restores clocks and, on weekends, market halls. She/her.", RELATION),
        (TOMAS, "Photographs of water.", FOLLOWING),
        (NOOR, RTL, RelationView(requested=True)),
        (BUS, "Times of the 42. Not official.", RelationView(blocking=True)),
        (LONG, LONG_WORD, RelationView()),
        (HOSTILE_AUTHOR, HOSTILE, None),
    )
)


def profile(*, mine: bool = False, member: bool = True) -> ProfileView:
    return ProfileView(
        author=IDA,
        note=Markup("<p>Restores clocks and, on weekends, market halls.</p><p>She/her. Posts in"
                    ' English and Swedish. <a href="/tags/oldtown">#oldtown</a></p>'),
        plain_note="Restores clocks and, on weekends, market halls.",
        header_url=landscape(190, 1500, 500),
        fields=(
            FieldView(name="Workshop", value=Markup('<a href="https://example.org">example.org</a>'),
                      verified=True),
            FieldView(name="Pronouns", value=Markup("she/her")),
            FieldView(name=LONG_WORD[:60], value=Markup("{}").format(LONG_WORD[:120])),
        ),
        posts=1_204, following=318, followers=5_620, created_at=NOW - 700 * DAY,
        relation=RELATION if member and not mine else None,
        mine=mine,
        roles=("Team",),
    )  # fmt: skip


def stranger() -> ProfileView:
    return ProfileView(author=LONG, note=Markup(""), relation=RelationView())


def hostile_profile() -> ProfileView:
    return ProfileView(
        author=HOSTILE_AUTHOR,
        note=Markup("<p>{}</p>").format(HOSTILE + LONG_WORD),
        plain_note=HOSTILE,
        fields=(FieldView(name=HOSTILE, value=Markup("{}").format(HOSTILE)),),
        counts_hidden=True,
    )


def tabs(*labels: str) -> tuple[Tab, ...]:
    return tuple(
        Tab(label=label, url=f"?tab={at}", current=at == 0) for at, label in enumerate(labels)
    )


def notifications() -> tuple[NotificationView, ...]:
    posts = town()

    def note(
        at: int,
        kind: NotificationKind,
        by: AuthorView,
        about: PostView | None = None,
        *,
        unread: bool = False,
    ) -> NotificationView:
        return NotificationView(
            id=str(at), kind=kind, created_at=NOW - at * HOUR, author=by, post=about, unread=unread
        )

    return (
        note(0, "mention", TOMAS, post(TOMAS, "@ida will the clock run by then?", MINUTE),
             unread=True),
        note(1, "favourite", NOOR, posts[0], unread=True),
        note(3, "reblog", MEI, posts[1]),
        note(5, "follow", LONG),
        note(7, "follow_request", BUS),
        note(9, "update", HOSTILE_AUTHOR, posts[3]),
        note(30, "poll", NOOR, posts[4]),
        note(50, "status", IDA, posts[8]),
        note(60, "pending.reply", LONG, posts[4]),
        note(61, "pending.favourite", MEI, posts[0]),
        note(62, "pending.reblog", HOSTILE_AUTHOR, posts[8]),
        note(65, "moderation_warning", IDA),
        note(70, "admin.sign_up", MEI),
    )  # fmt: skip


SITE = Site(
    title="Harbour Square",
    domain="harbour.example",
    base_url="https://harbour.example",
    description="A square by the water for people of the old town and friends of it: news, "
    "repairs, birds, bread, and the odd sunset.",
    registrations="open",
    members=1_284,
    posts=48_210,
    active_month=612,
    max_characters=1_000,
    contact_email="hello@harbour.example",
    version="0.1.0",
    source_url="https://example.org/rostra",
)
HOSTILE_SITE = Site(
    title=HOSTILE + LONG_WORD, domain="x." + "long" * 15 + ".example",
    base_url="https://long.example", description=HOSTILE + LONG_WORD, registrations="closed",
    members=0, posts=1, active_month=0, max_characters=500,
)  # fmt: skip
VIEWER = ViewerView(
    id="77", username="ida", display_name="Ida Lindqvist", url="/@ida", avatar_url=face(20),
    locked=True, unread=3, follow_requests=2, can_invite=True,
)  # fmt: skip


def shell(
    *, member: bool = True, path: str = "/", flashes: tuple[Flash, ...] = (), site: Site = SITE
) -> Shell:
    return Shell(
        site=site, viewer=VIEWER if member else None, csrf_token="token-" + "0" * 32, path=path,
        now=NOW, request_id="01JC-REQUEST", flashes=flashes,
    )  # fmt: skip


WRONG = Form(
    values={"username": "admin", "email": "ida@", "text": HOSTILE, "display_name": HOSTILE,
            "spoiler_text": RTL, "visibility": "private", "language": "de", "theme": "",
            "default_visibility": "public", "field_name_1": "Pronouns", "field_value_1": "she/her",
            "locked": "1", "discoverable": "1",
            "attribution_domains": "paper.example\nmy own blog"},
    errors={"attribution_domains": "Line 2 is not a domain: “my own blog”.",
            "username": "This name is taken.", "email": "This is not an address of mail.",
            "password": "At least 8 characters, please.", "text": "12 characters too many.",
            "agreement": "You can't join without them.", "code": "That code is not right.",
            "pictures": "holiday.heic is no picture this place can read.",
            "current_password": "That is not your password.", "display_name": "Too long."},
    message="Please look at the marked fields again.",
)  # fmt: skip
FILLED = Form(
    values={"display_name": "Ida Lindqvist", "note": "Restores clocks and, on weekends, halls.",
            "field_name_1": "Pronouns", "field_value_1": "she/her", "locked": "1", "theme": "",
            "discoverable": "1", "default_visibility": "public", "default_language": "en",
            "attribution_domains": "blog.ida.example\nclocks.example",
            "visibility": "public", "language": "en", "expires_in": "604800", "max_uses": "5"},
)  # fmt: skip

ANNOUNCEMENTS = (
    AnnouncementView(
        id="1", content=LINKED, starts_at=NOW + DAY, ends_at=NOW + DAY + 2 * HOUR,
        reactions=(ReactionView(name="👍", count=1_204, mine=True),
                   ReactionView(name="blobcat", count=2, picture_url="/static/img/avatar.svg")),
    ),
    AnnouncementView(id="2", content=Markup("<p>The harbour festival.</p>"), all_day=True,
                     starts_at=NOW + DAY, ends_at=NOW + 3 * DAY, edited_at=NOW),
    AnnouncementView(id="3", content=Markup("<p>{}</p>").format(HOSTILE), all_day=True,
                     starts_at=NOW + DAY, read=True),
    AnnouncementView(id="4", content=Markup("<p>{}</p>").format(LONG_WORD), ends_at=NOW + DAY),
    AnnouncementView(id="5", content=Markup("<p>{}</p>").format(RTL), starts_at=NOW + DAY),
)  # fmt: skip
