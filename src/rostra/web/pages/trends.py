"""What people talk about, where an operator or a setting lets it be shown."""

from typing import Any
from urllib.parse import quote

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.network.edge import Reader
from rostra.network.filters.model import Context
from rostra.network.instance import access as instance_access
from rostra.network.search.model import FoundTag
from rostra.network.trends import access
from rostra.network.trends.model import TrendingLink
from rostra.web.call import PageCall
from rostra.web.present import Presenter, card_view
from rostra.web.route import GET, Route
from rostra.web.views.parts import TagView
from rostra.web.views.reading import TrendsPage, explore_tabs

_TAGS, _LINKS, _POSTS = 10, 5, 20


async def trends(call: PageCall[NoParams]) -> Response:
    """Hashtags, links and posts that people talk about."""
    services = call.services

    async def find(reader: Reader) -> tuple[list[FoundTag], list[TrendingLink]]:
        found = await access.tags(services, reader, _TAGS)
        return found, await access.links(services, reader, _LINKS)

    async with call.read() as reader:
        place = await instance_access.place(services, reader)
        if not call.viewer_id and not place.settings.public_timelines:
            return call.sign_in_first()
        found = await access.posts(services, reader, call.viewer_id, _POSTS)
        presenter = await Presenter.of(call, reader, Context.PUBLIC)
        posts = await presenter.posts(found)
    found_tags, found_links = await services.db.slowly(find)
    tags = [
        TagView(
            name=each.name,
            url=f"/tags/{quote(each.name)}",
            posts=sum(day.uses for day in each.history),
            people=max(day.accounts for day in each.history),
        )
        for each in found_tags
    ]
    page = TrendsPage(
        tags=tags,
        links=[card_view(each.card, presenter.at) for each in found_links],
        posts=posts,
        tabs=explore_tabs("trends"),
    )
    return await call.page(page)


ROUTES: tuple[Route[Any], ...] = (Route(GET, "/trends", trends),)
