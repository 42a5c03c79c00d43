"""Pages about the place: what it is, its rules, its terms; and the colours of the pages."""

import msgspec

from rostra.http.response import Response
from rostra.web import cookies
from rostra.web.call import PageCall
from rostra.web.route import ANYBODY, POST, Route


class ThemeParams(msgspec.Struct, frozen=True):
    """Light, dark or empty."""

    theme: str = ""


async def theme(call: PageCall[ThemeParams]) -> Response:
    """Remember the colours in this browser."""
    response = call.back()
    response.headers.append(cookies.theme_cookie(call.house.site, call.params.theme))
    return response


ROUTES = (Route(POST, "/theme", theme, ANYBODY, params=ThemeParams),)
