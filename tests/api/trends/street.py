"""What tests of links share: a place with a foreign site in reach."""

from tests.api.trends.talk import ranked
from tests.harness.neighbours import Place
from tests.harness.site import Site

from rostra.kernel.clock import MINUTE


class Street(Place):
    """A place with a foreign site in reach."""

    site: Site


def page(street: Street, name: str) -> str:
    """A page of the site; its address."""
    head = f"<title>{name}</title><meta name=description content='About {name}'>"
    return street.site.page(f"/{name}", head)


async def fetched(street: Street) -> None:
    """Fetch, count and rank."""
    await street.app.work()
    street.clock.advance(2 * MINUTE)
    await ranked(street)
