"""What stands around every page: the place and the member, from what the network knows of them."""

from urllib.parse import quote

import msgspec

from rostra import __version__
from rostra.http.request import Request
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts import cards
from rostra.network.accounts.card_model import AccountCard
from rostra.network.addresses import addresses
from rostra.network.credentials.model import Role, Viewer
from rostra.network.edge import Reader, Services
from rostra.network.instance import access as instance_access
from rostra.network.instance import figures
from rostra.network.instance.model import PlaceSettings
from rostra.network.notifications import access as notifications_access
from rostra.network.notifications.model import ALL_KINDS, Wanted
from rostra.safety.pace import words
from rostra.web.assets import Assets
from rostra.web.views.shell import Site, ViewerView

MOST_UNREAD = 100
_EVERYTHING = Wanted(ALL_KINDS)
_PATH_SAFE = "/@:!$&'()*+,;=-._~"


def path_of(request: Request) -> str:
    """Path and query of a request, as they stand in a link."""
    path = quote(request.path, safe=_PATH_SAFE, errors="replace")
    query = request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def site_of(
    services: Services, assets: Assets, place: PlaceSettings, counted: figures.Figures | None
) -> Site:
    """The place as pages show it; without figures where nothing may be asked."""
    settings = services.settings
    base = settings.site.base_url.rstrip("/")
    return Site(
        title=place.title,
        domain=settings.domain,
        base_url=base,
        description=place.description,
        registrations=place.registrations,
        members=counted.members if counted else 0,
        posts=counted.posts if counted else 0,
        active_month=counted.active_month if counted else 0,
        max_characters=settings.posts.max_characters,
        max_pictures=settings.posts.max_media,
        contact_email=place.contact_email,
        version=__version__,
        source_url=settings.site.source_url,
        image_url=base + assets.url("img/og.png"),
    )


async def site(
    services: Services, assets: Assets, reader: Reader, counted: figures.Figures
) -> Site:
    """The place; no statement while what is known of it is fresh.

    Args:
        services: of the house.
        assets: of the pages.
        reader: where the place is looked up.
        counted: asked for before the reader was opened, as counting takes one of its own.
    """
    place = await instance_access.place(services, reader)
    shown = site_of(services, assets, place.settings, counted)
    running = place.surge.running(services.clock.now())
    if running:
        said = [(words.of(name), each.since, each.until) for name, each in running.items()]
        shown = msgspec.structs.replace(shown, surge=said)
    if place.thumbnail is None:
        return shown
    picture = addresses(services.settings).blob(place.thumbnail.key)
    return msgspec.structs.replace(shown, image_url=picture)


async def viewer(
    services: Services, assets: Assets, reader: Reader, viewer: Viewer
) -> ViewerView | None:
    """The member as the navigation shows them, in three statements at most; None for visitors."""
    if not viewer.account_id:
        return None
    found = await cards.cards(reader, [viewer.account_id])
    card = found.get(viewer.account_id)
    if card is None:
        return None
    unread = requests = 0
    if viewer.is_member:
        now = services.clock.now()
        unread = await notifications_access.unread_count(
            reader, viewer.account_id, MOST_UNREAD, now=now, wanted=_EVERYTHING
        )
        if card.locked:
            requests = await accounts_access.follow_requests_count(reader, viewer.account_id)
    place = await instance_access.place(services, reader)
    return ViewerView(
        id=str(card.id),
        username=card.username,
        display_name=card.display_name or card.username,
        url=f"/@{card.acct}",
        avatar_url=avatar_url(services, assets, card),
        locked=bool(card.locked),
        unread=unread,
        follow_requests=requests,
        can_invite=place.settings.member_invites or viewer.role >= Role.MODERATOR,
        is_staff=viewer.role >= Role.MODERATOR,
        moderates=viewer.role >= Role.MODERATOR or viewer.duties > 0,
    )


def avatar_url(services: Services, assets: Assets, card: AccountCard) -> str:
    """The still picture of an account, or the one that everybody starts with."""
    key = card.avatar_static_key or card.avatar_key
    return addresses(services.settings).blob(key) if key else assets.url("img/avatar.svg")
