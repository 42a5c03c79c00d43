"""Every page and static file."""

from typing import Any

from rostra.http.dispatcher import Mountable
from rostra.http.limits import Limiter
from rostra.http.site import Site
from rostra.network.services import Services
from rostra.web.console import appeals as console_appeals
from rostra.web.console import case as console_case
from rostra.web.console import clusters as console_clusters
from rostra.web.console import deciding as console_deciding
from rostra.web.console import decisions as console_decisions
from rostra.web.console import letters as console_letters
from rostra.web.console import messages as console_messages
from rostra.web.console import pace as console_pace
from rostra.web.console import queue as console_queue
from rostra.web.console import readiness as console_readiness
from rostra.web.console import standing as console_standing
from rostra.web.console import work as console_work
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
        *console_queue.ROUTES,
        *console_case.ROUTES,
        *console_work.ROUTES,
        *console_clusters.ROUTES,
        *console_standing.ROUTES,
        *console_letters.ROUTES,
        *console_messages.ROUTES,
        *console_appeals.ROUTES,
        *console_deciding.ROUTES,
        *console_decisions.ROUTES,
        *console_pace.ROUTES,
        *console_readiness.ROUTES,
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
