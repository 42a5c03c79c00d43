"""How a page is declared: once, as an endpoint of the API is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.http.router import path_names

if TYPE_CHECKING:
    from rostra.web.call import PageCall

P = TypeVar("P", bound=msgspec.Struct)

GET: Final = "GET"
POST: Final = "POST"


class Access(Enum):
    """Who may see a page."""

    ANYBODY = "anybody"  # who is not let in yet is a visitor here
    SIGNED_IN = "signed_in"  # a member, though unconfirmed or not yet approved
    MEMBER = "member"  # a confirmed and approved member


ANYBODY: Final = Access.ANYBODY
SIGNED_IN: Final = Access.SIGNED_IN
MEMBER: Final = Access.MEMBER

Handler = Callable[["PageCall[Any]"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route(Generic[P]):
    """One page or form.

    Attributes:
        method: GET or POST.
        path: a pattern; its parameters are fields of `params`.
        handler: answers with `call.page(…)`, `call.redirect(…)` or another response.
        auth: who may.
        params: what path, query and form are read into.
        limits: rate rules that every request counts against, besides `pages_address`.
        max_body: largest body in bytes; 0: the server's setting, `UPLOAD`: that for files.
        unbound: whether members see it who have not accepted new terms: what is theirs to take
            along, and the way out.
        framed: whether pages elsewhere may show it in a frame; such a page says so itself.
    """

    method: str
    path: str
    handler: Callable[["PageCall[P]"], Awaitable[Response]]
    auth: Access = ANYBODY
    params: type[P] = NoParams  # type: ignore[assignment] # the default of a type variable
    limits: tuple[str, ...] = ()
    max_body: int = 0
    unbound: bool = False
    framed: bool = False

    @property
    def name(self) -> str:
        """For metrics and logs."""
        return f"{self.method} {self.path}"

    @property
    def path_params(self) -> frozenset[str]:
        """Names of the path's parameters."""
        return frozenset(path_names(self.path))
