"""The place as clients read it: true limits, and only the abilities that are there."""

from typing import Final

import msgspec

from rostra import __version__
from rostra.api.mastodon import render
from rostra.api.mastodon.entities.instance import (
    AccountLimits,
    Configuration,
    FeedAccess,
    MediaLimits,
    PollLimits,
    Registrations,
    Rule,
    RuleTranslation,
    StatusLimits,
    Thumbnail,
    TimelinesAccess,
    Urls,
    Vapid,
)
from rostra.kernel.text.render import Links, post_html
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.profile import MAX_DESCRIPTION
from rostra.network.addresses import Addresses
from rostra.network.edge import Reader, Services
from rostra.network.instance.model import Place, PlaceSettings
from rostra.network.instance.model import Rule as PlaceRule
from rostra.network.media.upload import accepted
from rostra.network.tags.keep import FEATURED_MAX
from rostra.settings import Settings

# What clients compare with the features of Mastodon, and who we really are.
VERSION: Final = f"4.5.0 (compatible; Rostra {__version__})"
# The level of Mastodon's API of which everything is there (docs.joinmastodon.org/entities/
# Instance); tests/wire/test_capabilities.py says what each brings.
API_VERSIONS: Final = {"mastodon": 7, "rostra": 1}
MAX_MEDIA_DESCRIPTION: Final = 1500
_NULL: Final = msgspec.Raw(b"null")


def rules_of(place: Place) -> tuple[Rule, ...]:
    """The rules of the place, in their order."""
    return tuple(map(rule_entity, place.rules))


def rule_entity(rule: PlaceRule) -> Rule:
    """A rule of the place."""
    return Rule(
        str(rule.id),
        rule.text,
        rule.hint,
        {
            language: RuleTranslation(words.text, words.hint)
            for language, words in rule.translations.items()
        },
    )


def thumbnail_of(place: Place, at: Addresses) -> Thumbnail:
    """The picture of the place: the operators', or that of the software."""
    own = place.thumbnail
    if own is None:
        return Thumbnail(url=at.static("preview.png"))
    return Thumbnail(
        url=at.blob(own.key),
        blurhash=own.blurhash or None,
        versions={"@1x": at.blob(own.small_key), "@2x": at.blob(own.key)},
        description=own.description,
    )


def html(text: str, at: Addresses) -> str:
    """A text of the operators as HTML."""
    return post_html(text, Links({}, at.tag))


def account_limits(settings: Settings) -> AccountLimits:
    """Bounds of profiles."""
    accounts = settings.accounts
    return AccountLimits(
        max_featured_tags=FEATURED_MAX,
        max_pinned_statuses=settings.posts.max_pins,
        max_profile_fields=accounts.max_fields,
        profile_field_name_limit=accounts.max_field_characters,
        profile_field_value_limit=accounts.max_field_characters,
        max_display_name_length=accounts.max_display_name,
        max_note_length=accounts.max_bio,
        max_avatar_description_length=MAX_DESCRIPTION,
        max_header_description_length=MAX_DESCRIPTION,
    )


def status_limits(settings: Settings) -> StatusLimits:
    """Bounds of posts."""
    return StatusLimits(
        max_characters=settings.posts.max_characters,
        max_media_attachments=settings.posts.max_media,
    )


def poll_limits(settings: Settings) -> PollLimits:
    """Bounds of polls."""
    posts = settings.posts
    return PollLimits(
        max_options=posts.max_poll_options,
        max_characters_per_option=posts.max_poll_option_characters,
        min_expiration=posts.min_poll_seconds,
        max_expiration=posts.max_poll_seconds,
    )


def media_limits(services: Services) -> MediaLimits:
    """Bounds of uploads; of videos only where they can be converted."""
    settings, video = services.settings, services.settings.video
    can = services.video.available
    return MediaLimits(
        description_limit=MAX_MEDIA_DESCRIPTION,
        supported_mime_types=accepted(services),
        image_size_limit=settings.media.max_picture_bytes,
        image_matrix_limit=settings.media.max_picture_pixels,
        video_size_limit=video.max_bytes if can else 0,
        video_frame_rate_limit=video.max_frame_rate if can else 0,
        video_matrix_limit=video.max_pixels if can else 0,
    )


def configuration(
    services: Services, place: Place, now: int, at: Addresses, push_key: str
) -> Configuration:
    """What clients must know before they ask."""
    settings = services.settings
    feed = "public" if place.settings.public_timelines else "authenticated"
    feeds = FeedAccess(feed, feed)
    of_links = feeds if place.settings.trends else FeedAccess("disabled", "disabled")
    return Configuration(
        urls=Urls(
            streaming=settings.streaming_url or msgspec.UNSET,
            about=f"{at.base}/about",
            privacy_policy=f"{at.base}/about/privacy" if place.settings.privacy_policy else None,
            terms_of_service=f"{at.base}/about/terms" if place.terms_at(now) else None,
            status=place.settings.status_url or None,
        ),
        vapid=Vapid(push_key),
        accounts=account_limits(settings),
        statuses=status_limits(settings),
        media_attachments=media_limits(services),
        polls=poll_limits(settings),
        timelines_access=TimelinesAccess(feeds, feeds, of_links),
    )


def registrations(settings: PlaceSettings, at: Addresses) -> Registrations:
    """Who may sign up."""
    mode = settings.registrations
    return Registrations(
        # By invitation alone counts as closed for clients, which cannot send a code.
        enabled=mode in {"open", "approval"},
        approval_required=mode == "approval",
        reason_required=mode == "approval",
        message=html(settings.closed_message, at) if settings.closed_message else None,
        min_age=settings.minimum_age or None,
        url=f"{at.base}/join" if mode == "invite" else None,
    )


async def contact_account(
    call: render.Asking, reader: Reader, settings: PlaceSettings
) -> msgspec.Raw:
    """The account that speaks for the place, as JSON; null where there is none."""
    if not settings.contact_username:
        return _NULL
    viewer_id = call.viewer.account_id
    row = await accounts_access.by_username(reader, settings.contact_username, viewer_id)
    shown = await render.accounts(call, reader, [row.id]) if row else []
    return msgspec.Raw(shown[0]) if shown else _NULL
