"""Every endpoint of the API."""

from typing import Any

from rostra.api import oembed
from rostra.api.endpoint import Endpoint
from rostra.api.mastodon import (
    accounts,
    announcements,
    apps,
    conversations,
    custom_emojis,
    emails,
    featured_tags,
    filters,
    filters_v1,
    grouped_notifications,
    instance,
    interactions,
    lists,
    markers,
    media,
    notification_policy,
    notifications,
    odds,
    polls,
    preferences,
    profile,
    push,
    quotes,
    relation_lists,
    relations,
    reports,
    scheduled,
    search,
    status_reactions,
    statuses,
    suggestions,
    tags,
    timelines,
    trends,
)
from rostra.api.mastodon.admin import accounts as admin_accounts
from rostra.api.mastodon.admin import reports as admin_reports
from rostra.api.oauth import endpoints as oauth
from rostra.api.safety.routes import ENDPOINTS as SAFETY
from rostra.api.wellknown import endpoints as wellknown


def all_endpoints() -> tuple[Endpoint[Any], ...]:
    """The endpoints of all areas."""
    return (
        *accounts.ENDPOINTS,
        *announcements.ENDPOINTS,
        *apps.ENDPOINTS,
        *conversations.ENDPOINTS,
        *custom_emojis.ENDPOINTS,
        *oembed.ENDPOINTS,
        *emails.ENDPOINTS,
        *featured_tags.ENDPOINTS,
        *filters.ENDPOINTS,
        *filters_v1.ENDPOINTS,
        *grouped_notifications.ENDPOINTS,
        *instance.ENDPOINTS,
        *interactions.ENDPOINTS,
        *lists.ENDPOINTS,
        *markers.ENDPOINTS,
        *media.ENDPOINTS,
        *notification_policy.ENDPOINTS,
        *notifications.ENDPOINTS,
        *oauth.ENDPOINTS,
        *polls.ENDPOINTS,
        *odds.ENDPOINTS,
        *preferences.ENDPOINTS,
        *profile.ENDPOINTS,
        *push.ENDPOINTS,
        *quotes.ENDPOINTS,
        *relations.ENDPOINTS,
        *relation_lists.ENDPOINTS,
        *reports.ENDPOINTS,
        *scheduled.ENDPOINTS,
        *search.ENDPOINTS,
        *status_reactions.ENDPOINTS,
        *statuses.ENDPOINTS,
        *suggestions.ENDPOINTS,
        *tags.ENDPOINTS,
        *timelines.ENDPOINTS,
        *trends.ENDPOINTS,
        *admin_accounts.ENDPOINTS,
        *admin_reports.ENDPOINTS,
        *SAFETY,
        *wellknown.ENDPOINTS,
    )
