"""What Mastodon.py knows of each entity is in ours, or stands on the page of what is not there.

Its types follow Mastodon's documentation, so this tells when an attribute was forgotten.
"""

from mastodon import return_types
from scripts.api_coverage import attributes

from rostra.api.openapi import document
from rostra.api.routes import all_endpoints
from rostra.http.site import Site

SCHEMAS = document(all_endpoints(), Site())["components"]["schemas"]

# Ours that are named otherwise there; all others have the same name, or are not there at all.
NAMES = {
    "AccountLimits": "InstanceAccountConfiguration",
    "ActivityWeek": "Activity",
    "Configuration": "InstanceConfigurationV2",
    "ConfigurationV1": "InstanceConfiguration",
    "Contact": "InstanceContact",
    "CredentialSource": "CredentialAccountSource",
    "Document": "ExtendedDescription",
    "FeedAccess": "InstanceTimelinesAccessFeedConfiguration",
    "Field": "AccountField",
    "Filter": "FilterV2",
    "FilterV1": "Filter",
    "GroupedNotifications": "GroupedNotificationsResults",
    "Icon": "InstanceIcon",
    "Instance": "InstanceV2",
    "InstanceV1": "Instance",
    "Language": "SupportedLocale",
    "List": "UserList",
    "MediaFocus": "MediaAttachmentFocusPoint",
    "MediaLimits": "InstanceMediaConfiguration",
    "MediaMeta": "MediaAttachmentMetadataContainer",
    "MediaOriginal": "MediaAttachmentVideoMetadata",
    "MediaSize": "MediaAttachmentImageMetadata",
    "PartialAccount": "PartialAccountWithAvatar",
    "PolicySummary": "NotificationPolicySummary",
    "PollLimits": "InstancePollConfiguration",
    "PushSubscription": "WebPushSubscription",
    "Search": "SearchV2",
    "StatsV1": "InstanceStatistics",
    "StatusLimits": "InstanceStatusConfiguration",
    "StatusTag": "ShallowTag",
    "TagDay": "TagHistory",
    "Thumbnail": "InstanceThumbnail",
    "TimelinesAccess": "InstanceTimelinesAccessConfiguration",
    "Translation": "InstanceTranslationConfiguration",
    "UnreadCount": "UnreadNotificationsCount",
    "Urls": "InstanceURLsV2",
    "Usage": "InstanceUsage",
    "UserInfo": "OAuthUserInfo",
    "Users": "InstanceUsageUsers",
    "Vapid": "InstanceVapidKey",
}
# Theirs is one type for what Mastodon documents as several, or spells what JSON can't.
ELSEWHERE = {
    "Account": {"role", "source", "mute_expires_at"},  # CredentialAccount, MutedAccount
    "Application": {"client_id", "client_secret", "client_secret_expires_at"},  # told once
    "PreviewCard": {"history"},  # of links that trend
    "Preferences": {"posting_", "reading_"},  # names with colons, made into attributes
    "Registrations": {"sign_up_url"},  # `url`, by another name
}


def known(name: str) -> set[str]:
    """What Mastodon.py knows of an entity of ours."""
    theirs = getattr(return_types, NAMES.get(name, name), None)
    return set(getattr(theirs, "__annotations__", ()))


def is_elsewhere(name: str, attribute: str) -> bool:
    """Whether an attribute is another entity's in fact."""
    return any(attribute.startswith(each) for each in ELSEWHERE.get(name, ()))


def test_attributes_that_are_not_there_are_on_the_page() -> None:
    absent = {
        (name, attribute)
        for name, schema in SCHEMAS.items()
        for attribute in known(name) - set(schema.get("properties", ()))
        if not is_elsewhere(name, attribute)
    }
    assert absent == {(each.entity, each.attribute) for each in attributes()}


def test_most_entities_are_compared() -> None:
    compared = [name for name in SCHEMAS if known(name)]
    assert len(compared) > 60
    assert {"Status", "Account", "Relationship", "Notification", "Poll", "Tag"} <= set(compared)
    assert [name for name in NAMES if name not in SCHEMAS or not known(name)] == []


def test_names_of_entities_tell_nothing_of_the_code() -> None:
    assert [name for name in SCHEMAS if not name.isidentifier()] == []
