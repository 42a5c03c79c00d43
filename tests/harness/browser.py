"""A browser without script: it keeps cookies, reads pages, fills in forms and follows answers."""

from collections.abc import Mapping
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self

from httpx2 import Response
from tests.harness.app import InProcess


class Form:
    """A form of a page: where it goes, what it holds, the addresses of its buttons."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.fields: dict[str, str] = {}
        self.buttons: list[dict[str, str]] = []

    def actions(self, page: str) -> list[str]:
        """Every address that the form can be sent to."""
        own = self.attributes.get("action") or page
        return [button.get("formaction") or own for button in self.buttons] or [own]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._textarea = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given)
            self.forms.append(self._open)
        if self._open is None:
            return
        name, fields = given.get("name", ""), self._open.fields
        if tag == "input" and given.get("type") not in {"submit", "file"} and name:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                fields[name] = given.get("value", "on")
        elif tag == "textarea":
            self._textarea = name
            fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in fields:
                fields[self._select] = given.get("value", "")
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._open.buttons.append(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._open is not None:
            self._open.fields[self._textarea] += data


class Browser:
    """One browser on a server in this process."""

    def __init__(self, server: InProcess, address: str = "198.51.100.9") -> None:
        self.client = server.client(address=address)
        self.base = server.services.settings.site.base_url
        self.page: Response

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self.client.aclose()

    @property
    def text(self) -> str:
        """The page that is open."""
        return self.page.text

    @property
    def path(self) -> str:
        """Path and query of the page that is open."""
        return str(self.page.url).removeprefix(self.base)

    def sign_in_with(self, session: str) -> Self:
        """Take over a session by its secret."""
        self.client.cookies.set("rostra_session", session)
        return self

    async def open(self, path: str) -> Response:
        """Open a page, following redirects."""
        self.page = await self.client.get(path, follow_redirects=True)
        return self.page

    def forms(self) -> list[Form]:
        """All forms of the page that is open."""
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms

    def form(self, action: str) -> Form:
        """The first form that can be sent to this address; fails where there is none."""
        for form in self.forms():
            if action in form.actions(self.path):
                return form
        known = sorted({each for form in self.forms() for each in form.actions(self.path)})
        raise AssertionError(f"no form for {action} on {self.path}, only {known}")

    async def send(
        self, action: str, files: Mapping[str, Any] | None = None, /, **fields: Any
    ) -> Response:
        """Fill in the form with this address, press its button and follow the answer."""
        form = self.form(action)
        data = {**form.fields, **fields}
        for button in form.buttons:
            if button.get("formaction", action) == action:
                if button.get("name"):
                    data.setdefault(button["name"], button.get("value", ""))
                break
        self.page = await self.client.post(
            action, data=data, files=files or None, follow_redirects=True
        )
        return self.page
