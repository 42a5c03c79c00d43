"""Pages about the place: what it is, its rules, its terms; and the colours of the pages."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from markupsafe import Markup

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text.render import Links, post_html
from rostra.network.accounts.admission import accept_terms
from rostra.network.addresses import addresses
from rostra.network.instance import access as instance_access
from rostra.web import cookies
from rostra.web.call import PageCall
from rostra.web.pages.reading import contact_of
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.parts import RuleView
from rostra.web.views.place import AboutPage, AcceptTermsPage, DocumentPage


class ThemeParams(msgspec.Struct, frozen=True):
    """Light, dark or empty."""

    theme: str = ""


class DayParams(msgspec.Struct, frozen=True):
    """From which day on, as 2026-05-31."""

    date: str


class AcceptParams(msgspec.Struct, frozen=True):
    """Which version was read, and where to go on afterwards."""

    version: str = ""
    next: str = ""


def _html(call: PageCall[Any], text: str) -> Markup:
    """A text of the operators, escaped, with its links."""
    return Markup(post_html(text, Links({}, addresses(call.services.settings).tag)))  # noqa: S704 (escaped by the renderer)


async def about(call: PageCall[NoParams]) -> Response:
    """What this place is, its rules, and who looks after it."""
    async with call.read() as reader:
        place = await instance_access.place(call.services, reader)
        presenter = await Presenter.of(call, reader)
        contact = await contact_of(presenter, place.settings.contact_username)
    words = place.settings.extended_description
    page = AboutPage(
        extended=_html(call, words) if words else Markup(),
        rules=[RuleView(text=rule.text, hint=rule.hint) for rule in place.rules],
        contact=contact,
    )
    return await call.page(page)


async def terms(call: PageCall[NoParams]) -> Response:
    """The terms in force."""
    found = (await call.place()).terms_at(call.now)
    if found is None:
        words = "The operators have not written any terms down yet. The rules of the place hold."
        return await call.page(
            DocumentPage(heading="Terms", body=Markup("<p>{}</p>").format(words))
        )
    page = DocumentPage(
        heading="Terms",
        body=_html(call, found.text),
        updated_at=found.effective_at,
    )
    return await call.page(page)


async def terms_of_day(call: PageCall[DayParams]) -> Response:
    """The terms that hold, or held, from a day on."""
    for found in (await call.place()).terms:
        if f"{datetime.fromtimestamp(found.effective_at / 1000, UTC):%Y-%m-%d}" == call.params.date:
            page = DocumentPage(
                heading="Terms",
                body=_html(call, found.text),
                updated_at=found.effective_at,
                path=f"/about/terms/{call.params.date}",
            )
            return await call.page(page)
    raise NotFound("no terms hold from that day on")


async def accept_form(call: PageCall[AcceptParams]) -> Response:
    """New terms, for a member to accept."""
    return await _accept_page(call)


async def _accept_page(call: PageCall[AcceptParams], message: str = "") -> Response:
    terms = (await call.place()).terms_to_accept(call.viewer.accepted_terms, call.now)
    if terms is None:
        return call.redirect(call.next_url("/home"))
    page = AcceptTermsPage(
        body=_html(call, terms.text),
        changelog=_html(call, terms.changelog) if terms.changelog.strip() else Markup(),
        version=str(terms.id),
        effective_at=terms.effective_at,
        next_url=call.next_url("/home"),
        form=Form(message=message),
    )
    return await call.page(page, 422 if message else 200)


async def accept(call: PageCall[AcceptParams]) -> Response:
    """Note that the member accepts what they have just read."""
    services, version = call.services, call.params.version
    number = int(version) if version.isascii() and version.isdecimal() else 0
    try:
        async with services.db.write() as tx:
            await accept_terms(services, tx, call.viewer_id, number)
    except Invalid:
        return await _accept_page(call, "The terms have changed again; please read them once more.")
    return call.redirect(call.next_url("/home"), flash="Thank you. You have accepted the terms.")


async def privacy(call: PageCall[NoParams]) -> Response:
    """How the place handles personal data."""
    place = await call.place()
    words = place.settings.privacy_policy
    body = _html(call, words or "The operators have not written this down yet.")
    page = DocumentPage(
        heading="Privacy",
        body=body,
        updated_at=place.changed_at.get("privacy_policy", 0),
        path="/about/privacy",
    )
    return await call.page(page)


async def api(call: PageCall[NoParams]) -> Response:
    """Lead to the reference of the API."""
    return call.redirect("/api/docs")


async def theme(call: PageCall[ThemeParams]) -> Response:
    """Remember the colours in this browser."""
    response = call.back()
    response.headers.append(cookies.theme_cookie(call.house.site, call.params.theme))
    return response


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/about", about),
    Route(GET, "/about/terms", terms),
    Route(GET, "/about/terms/{date}", terms_of_day, params=DayParams),
    Route(GET, "/about/privacy", privacy),
    Route(GET, "/terms/accept", accept_form, MEMBER, AcceptParams, unbound=True),
    Route(POST, "/terms/accept", accept, MEMBER, AcceptParams),
    Route(GET, "/about/api", api),
    Route(POST, "/theme", theme, params=ThemeParams),
)
