"""Every page and static file."""

from typing import Any

from rostra.http.dispatcher import Mountable
from rostra.http.limits import Limiter
from rostra.http.site import Site
from rostra.network.services import Services
from rostra.web.console import routes as console
from rostra.web.edge import WebEdge
from rostra.web.pages import (
    account_actions,
    announcements,
    approvals,
    asking,
    conversations,
    editing,
    embeds,
    entry,
    filters,
    house,
    lists,
    moderation,
    notifications,
    oauth,
    operate,
    operate_announcements,
    outside,
    panel,
    passkeys,
    place,
    post_actions,
    profiles,
    reading,
    reporting,
    requests,
    scheduled,
    search,
    settings,
    settings_access,
    settings_data,
    settings_files,
    settings_lists,
    tags,
    threads,
    transparency,
    trends,
    writing,
)
from rostra.web.route import Route
from rostra.web.static_files import static_files


def all_routes() -> tuple[Route[Any], ...]:
    """The routes of all pages."""
    return (
        *account_actions.ROUTES,
        *announcements.ROUTES,
        *asking.ROUTES,
        *console.ROUTES,
        *conversations.ROUTES,
        *embeds.ROUTES,
        *entry.ROUTES,
        *filters.ROUTES,
        *house.ROUTES,
        *lists.ROUTES,
        *moderation.ROUTES,
        *notifications.ROUTES,
        *oauth.ROUTES,
        *operate.ROUTES,
        *operate_announcements.ROUTES,
        *outside.ROUTES,
        *panel.ROUTES,
        *passkeys.ROUTES,
        *place.ROUTES,
        *post_actions.ROUTES,
        *profiles.ROUTES,
        *reading.ROUTES,
        *reporting.ROUTES,
        *requests.ROUTES,
        *approvals.ROUTES,
        *scheduled.ROUTES,
        *search.ROUTES,
        *settings.ROUTES,
        *settings_access.ROUTES,
        *settings_data.ROUTES,
        *settings_files.ROUTES,
        *settings_lists.ROUTES,
        *tags.ROUTES,
        *threads.ROUTES,
        *transparency.ROUTES,
        *trends.ROUTES,
        *writing.ROUTES,
        *editing.ROUTES,
    )


class Web:
    """The pages of one process: their routes, and the surface of paths that nobody answers."""

    def __init__(self, services: Services, site: Site, limits: Limiter) -> None:
        edge = WebEdge(services, site, limits)
        self.surface = edge.surface
        self.routes: tuple[Mountable, ...] = (
            *edge.mount(all_routes()),
            *static_files(edge.house.renderer.assets, edge.surface),
        )
