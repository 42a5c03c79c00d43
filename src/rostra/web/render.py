"""Templates to bytes: one environment, one shell, one struct for each page."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from rostra.kernel.text.xml import xml_text
from rostra.web import words
from rostra.web.assets import Assets, load_assets
from rostra.web.icons import icon, sprite
from rostra.web.views.feed import FeedView
from rostra.web.views.parts import PersonView, PostView, ProfileView
from rostra.web.views.shell import Page, Shell


class Renderer:
    """Renders pages, parts of pages for htmx, and feeds; see :func:`renderer`."""

    def __init__(self, assets: Assets | None = None) -> None:
        self.assets = assets or load_assets()
        self._environment = _environment(self.assets)

    def page(self, shell: Shell, page: Page) -> bytes:
        """Render a whole page.

        Args:
            shell: What stands around every page.
            page: The page; its class names the template.

        Raises:
            jinja2.TemplateError: the template asks for something the struct does not have.
        """
        template = self._environment.get_template(page.template)
        head = page.head(shell.site)
        return template.render(shell=shell, page=page, head=head).encode()

    def actions(self, shell: Shell, post: PostView) -> bytes:
        """Render a post's action bar: the answer to a favourite, reblog or bookmark by htmx."""
        template = self._environment.get_template("fragments/actions.html")
        return template.render(shell=shell, post=post).encode()

    def relation(self, shell: Shell, subject: ProfileView | PersonView) -> bytes:
        """Render the follow button of an account: the answer to a follow made by htmx."""
        template = self._environment.get_template("fragments/relation.html")
        return template.render(shell=shell, subject=subject).encode()

    def feed(self, shell: Shell, feed: FeedView) -> bytes:
        """Render an account's public posts as RSS 2.0."""
        template = self._environment.get_template("feed.xml")
        return template.render(shell=shell, feed=feed).encode()


@cache
def renderer() -> Renderer:
    """The renderer of this process: each template is compiled once."""
    return Renderer()


def _environment(assets: Assets) -> Environment:
    environment = Environment(
        loader=PackageLoader("rostra.web", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals.update(
        asset=assets.url,
        icon=icon,
        sprite=sprite(),
        ago=words.ago,
        day=words.day,
        short_time=words.short_time_tag,
        long_time=words.long_time_tag,
        spoken=words.spoken,
    )
    environment.filters.update(
        short=words.short_number,
        plural=words.plural,
        month=words.month,
        date=words.long_date,
        size=words.size,
        rfc822=words.rfc822_time,
        xml=_xml,
    )
    return environment


def _xml(text: str) -> str:
    # Markup is HTML text to be escaped once more inside a feed, so it is made plain first.
    return xml_text(str.__str__(text) if isinstance(text, Markup) else text)
