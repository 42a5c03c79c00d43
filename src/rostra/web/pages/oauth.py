"""The page on which a member lets an app in. Source: RFC 6749, RFC 7636."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from rostra.http.response import NOT_STORED, Response
from rostra.network.credentials import authorise, scopes, sign_in
from rostra.network.credentials.apps import OUT_OF_BAND
from rostra.network.credentials.authorise import AuthoriseRequest, Consent, SendBack
from rostra.web.call import PageCall
from rostra.web.edge import waiting_page
from rostra.web.route import ANYBODY, GET, MEMBER, POST, Route
from rostra.web.views.entry import AuthorisePage, NoticePage, OutOfBandPage, ScopeView

_WORDS: Final = {
    "read": "read everything of your account: timelines, notifications, messages",
    "write": "write, change and delete in your name",
    "follow": "follow, block and mute in your name",
    "push": "send you notifications",
    "profile": "see who you are: name and picture",
}
_SENSITIVE: Final = ("write", "follow", "admin")


class Decision(AuthoriseRequest, frozen=True, kw_only=True):
    """The request again, and what the member says to it."""

    decision: str = ""


async def ask(call: PageCall[AuthoriseRequest]) -> Response:
    """Show what the app asks for; visitors sign in first."""
    request = call.params
    async with call.read() as reader:
        found = await authorise.examine(reader, request)
    impossible = isinstance(found, SendBack)
    if request.force_login and not impossible:
        values = msgspec.structs.asdict(request)
        kept = urlencode(
            {name: value for name, value in values.items() if value and value is not True}
        )
        query = urlencode({"again": "1", "next": f"/oauth/authorize?{kept}"})
        return call.redirect(f"/sign-in?{query}")
    if not call.session.account_id:
        return call.sign_in_first()
    if not call.session.is_member:
        return await call.page(await waiting_page(call), 403)
    if isinstance(found, SendBack):
        return await _impossible(call, found)
    return await call.page(_page(found), form_targets=_targets(request.redirect_uri))


def _page(consent: Consent) -> AuthorisePage:
    return AuthorisePage(
        app_name=consent.app.name,
        app_website=consent.app.website,
        redirect_host=consent.redirect_host,
        scopes=[_scope(name) for name in sorted(scopes.show(consent.granted).split(), key=_rank)],
        fields=[
            (name, value)
            for name, value in msgspec.structs.asdict(consent.request).items()
            if isinstance(value, str) and value and name != "decision"
        ],
    )


def _rank(name: str) -> tuple[int, str]:
    """The great scopes first, in the order of what they allow."""
    whole = name.partition(":")[0]
    return (list(_WORDS).index(whole) if whole in _WORDS else len(_WORDS), name)


def _scope(name: str) -> ScopeView:
    whole, _, part = name.partition(":")
    words = _WORDS.get(name)
    if words is None:
        verb = "read" if whole == "read" else "change" if whole == "write" else "act as operator on"
        words = f"{verb} {part.replace(':', ' ') or whole}"
    return ScopeView(name=name, words=words, sensitive=whole in _SENSITIVE)


def _targets(uri: str) -> tuple[str, ...]:
    """What the form's answer may lead to: browsers check redirects against ``form-action``."""
    scheme, separator, rest = uri.partition("://")
    if not separator or uri == OUT_OF_BAND:
        return () if uri == OUT_OF_BAND else (uri.partition(":")[0] + ":",)
    if scheme in {"http", "https"}:
        return (f"{scheme}://{rest.partition('/')[0].partition('?')[0]}",)
    return (f"{scheme}:",)


async def decide(call: PageCall[Decision]) -> Response:
    """The member says yes or no. The request is examined again: forms can be changed."""
    params = call.params
    values = msgspec.structs.asdict(params)
    del values["decision"]
    request = AuthoriseRequest(**values)
    async with call.read() as reader:
        found = await authorise.examine(reader, request)
    if isinstance(found, SendBack):
        return await _impossible(call, found)
    if params.decision != "allow":
        return await _send_back(call, authorise.deny(found))
    async with call.services.db.write() as tx:
        await sign_in.still_signed_in(tx, call.viewer_id, call.viewer.session_id)
        granted = await authorise.grant(call.services, tx, found, call.viewer_id)
    if granted.url:
        return _elsewhere(granted.url)
    page = OutOfBandPage(code=granted.code, app_name=found.app.name)
    return await call.page(page)


async def _impossible(call: PageCall[Any], back: SendBack) -> Response:
    """What the app is told, and a way back to it: whoever follows a link is not led elsewhere."""
    page = NoticePage(
        heading="This app asked for something impossible",
        paragraphs=(
            f"It is told: {back.reason}",
            *((f"Its address is {back.host}. Go there only if you know it.",) if back.url else ()),
        ),
        icon="lock",
        action_label="Back to the app",
        action_url=back.url,
    )
    return await call.page(page, 400)


async def _send_back(call: PageCall[Any], back: SendBack) -> Response:
    if back.url:
        return _elsewhere(back.url)
    page = NoticePage(
        heading="The app was not let in",
        paragraphs=("You refused.",),
        icon="lock",
    )
    return await call.page(page, 400)


def _elsewhere(url: str) -> Response:
    """To an address that the app has registered: the only redirect that leaves the house."""
    response = Response(b"", 303, (NOT_STORED,))
    response.add("location", url)
    return response


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/oauth/authorize", ask, ANYBODY, AuthoriseRequest),
    Route(POST, "/oauth/authorize", decide, MEMBER, Decision),
)
