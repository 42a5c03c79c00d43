"""What the place is, and what its members may do."""

from typing import Annotated, Literal

from msgspec import Meta

from rostra.settings.sources import Section


class Site(Section, frozen=True):
    """Who this server is to the outside; operators change title and texts later in the console."""

    base_url: Annotated[
        str,
        Meta(description="Address under which browsers and apps reach the server, with scheme."),
    ] = "http://127.0.0.1:8420"
    domain: Annotated[
        str,
        Meta(description="Domain behind the @ of account names; empty: host of `site.base_url`."),
    ] = ""
    title: Annotated[str, Meta(description="Name of the place.", min_length=1)] = "Rostra"
    description: Annotated[str, Meta(description="One or two sentences about the place.")] = (
        "A social network that belongs to its members."
    )
    contact_email: Annotated[
        str, Meta(description="Address shown to people who need the operators; empty: none.")
    ] = ""
    languages: Annotated[
        tuple[str, ...], Meta(description="Main languages of the place, as ISO 639-1 codes.")
    ] = ("en",)
    source_url: Annotated[
        str, Meta(description="Where the source code of this server can be had; empty: not told.")
    ] = ""


class Posts(Section, frozen=True):
    """Limits of a post."""

    max_characters: Annotated[
        int,
        Meta(description="Most characters of a post; a link counts 23.", ge=100, le=100_000),
    ] = 1000
    max_media: Annotated[int, Meta(description="Most pictures on a post.", ge=0, le=16)] = 4
    max_mentions: Annotated[
        int, Meta(description="Most people that one post can mention.", ge=1, le=1000)
    ] = 50
    max_pins: Annotated[int, Meta(description="Most posts pinned to a profile.", ge=0)] = 5
    max_scheduled: Annotated[
        int, Meta(description="Most posts that one member can have scheduled.", ge=0)
    ] = 300
    max_scheduled_a_day: Annotated[
        int, Meta(description="Most posts that one member can schedule for one day (UTC).", ge=0)
    ] = 25
    max_interaction_requests: Annotated[
        int,
        Meta(
            description="Most replies, favourites and reblogs of one member that wait for the "
            "approval of the same author.",
            ge=1,
            le=1000,
        ),
    ] = 20
    interaction_request_days: Annotated[
        int,
        Meta(
            description="Days for which decided requests for an approval are kept. Who was "
            "rejected a favourite or a reblog can ask for it again after that.",
            ge=1,
            le=3650,
        ),
    ] = 30
    max_poll_options: Annotated[int, Meta(description="Most options of a poll.", ge=2, le=32)] = 4
    max_poll_option_characters: Annotated[
        int, Meta(description="Most characters of an option of a poll.", ge=1, le=500)
    ] = 50
    min_poll_seconds: Annotated[
        int, Meta(description="Shortest time that a poll can run, in seconds.", ge=60)
    ] = 300
    max_poll_seconds: Annotated[
        int, Meta(description="Longest time that a poll can run, in seconds.", ge=3600)
    ] = 2_629_746


class Accounts(Section, frozen=True):
    """Start values and limits for accounts."""

    registrations: Annotated[
        Literal["open", "approval", "invite", "closed"],
        Meta(
            description="Who may sign up when the server starts for the first time; operators "
            "change it later in the console."
        ),
    ] = "open"
    max_display_name: Annotated[
        int, Meta(description="Most characters of a display name.", ge=1, le=200)
    ] = 30
    max_bio: Annotated[
        int, Meta(description="Most characters of a profile's text.", ge=0, le=10_000)
    ] = 500
    max_fields: Annotated[int, Meta(description="Fields of a profile.", ge=0, le=20)] = 4
    max_field_characters: Annotated[
        int, Meta(description="Most characters of a field's name or value.", ge=1, le=5000)
    ] = 255
    min_password: Annotated[
        int, Meta(description="Fewest characters of a password.", ge=8, le=64)
    ] = 8
    leaving_days: Annotated[
        int,
        Meta(
            description="Days in which members who delete their account may still keep it; "
            "0: it is deleted at once.",
            ge=0,
            le=90,
        ),
    ] = 14
    archive_days: Annotated[
        int, Meta(description="Days after which a member's archive is deleted.", ge=1, le=90)
    ] = 7
    import_follows_a_day: Annotated[
        int,
        Meta(
            description="How many accounts a member newly follows in a day by bringing in a file; "
            "the rest goes on the next day.",
            ge=1,
            le=20_000,
        ),
    ] = 400
    session_days: Annotated[
        int, Meta(description="Days after which an unused browser session ends.", ge=1)
    ] = 90


class Limits(Section, frozen=True):
    """Rate limits."""

    scale: Annotated[
        float, Meta(description="Factor on every rate limit; 0: no rate limits.", ge=0)
    ] = 1.0
    trusted: Annotated[
        tuple[str, ...],
        Meta(description="Addresses or networks (CIDR) that no rate limit holds for."),
    ] = ()


class Previews(Section, frozen=True):
    """Previews of links."""

    fetch: Annotated[bool, Meta(description="Whether links in posts are fetched at all.")] = True
    delay_s: Annotated[
        int,
        Meta(description="Longest time in seconds before a link is fetched, by chance.", ge=0),
    ] = 60
    calls_per_minute: Annotated[
        int,
        Meta(description="Most calls to one domain within a minute, by all members.", ge=1),
    ] = 20


class Trends(Section, frozen=True):
    """What counts as talked about; see [trends](trends.md)."""

    half_life_h: Annotated[
        float,
        Meta(description="Hours after which somebody's word counts half.", ge=0.5, le=24),
    ] = 6.0
    least_people: Annotated[
        int, Meta(description="Fewest people who make a trend.", ge=2, le=10_000)
    ] = 3
