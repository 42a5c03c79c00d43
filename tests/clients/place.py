"""A served place, and a browser that signs in to it and authorises apps through its forms."""

import ssl
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import httpx2
import requests
from mastodon import Mastodon
from tests.harness.answers import check
from tests.harness.patience import PATIENCE_S
from tests.harness.served import Served
from tests.outside.conftest import CERTIFICATE

PASSWORD = "correct horse battery"
SCOPES = ["read", "write", "follow", "push"]


def ids(items: Any) -> list[str]:
    """The ids of what a client was given, in its order."""
    return [str(item.id) for item in items]


def command(data: Path, environ: dict[str, str], *words: str) -> str:
    """Run a command of the house as operators do; what it prints."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "rostra.cli.main", *words, "--data", str(data)],
        env=environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


class Place:
    """A running server and the ways in."""

    def __init__(self, served: Served, environ: dict[str, str]) -> None:
        self.served = served
        self._environ = environ
        self.url = environ.get("ROSTRA_SITE_BASE_URL", f"http://127.0.0.1:{served.port}")
        self.domain = urlsplit(self.url).netloc

    def operate(self, *words: str) -> str:
        """Run a command of the house beside the running server; what it prints."""
        return command(self.served.data, self._environ, *words)

    def program(self, token: str | None = None, *, scopes: list[str] = SCOPES) -> Mastodon:
        """Mastodon.py, registered as an app, all of whose answers are held against the document."""
        client_id, secret = Mastodon.create_app(
            "Test", scopes=scopes, api_base_url=self.url, session=checked()
        )
        return Mastodon(
            client_id=client_id,
            client_secret=secret,
            access_token=token,
            api_base_url=self.url,
            ratelimit_method="throw",
            session=checked(),
        )

    def joined(self, name: str) -> Mastodon:
        """Mastodon.py, signed in as somebody who signed up with it."""
        program = self.program()
        program.create_account(
            name, PASSWORD, f"{name}@example.org", agreement=True, scopes=SCOPES, locale="en"
        )
        return program


def checked() -> requests.Session:
    """A session that holds every answer against the OpenAPI document."""
    session = requests.Session()
    session.trust_env = False  # else the environment says which certificates are believed
    session.verify = str(CERTIFICATE)

    def hook(response: requests.Response, *_: Any, **given: Any) -> None:
        if given.get("stream"):
            return  # it does not end
        assert response.status_code < 500, f"{response.url}: {response.text}"
        path = unquote(response.request.path_url.partition("?")[0])
        kind = response.headers.get("content-type", "")
        method = response.request.method or ""
        check(method, path, response.status_code, kind, response.content)

    session.hooks["response"].append(hook)
    return session


class Form:
    """A form of a page: where it goes and what it already says."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.values: dict[str, str] = {}
        self.names: list[str] = []


class Forms(HTMLParser):
    """The posting forms of a page, and the texts of its `<code>` elements and filled fields."""

    def __init__(self, page: httpx2.Response) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.codes: list[str] = []
        self._inside: Form | None = None
        self._code = False
        self.feed(page.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            action = urljoin(str(self.page.url), given.get("action", ""))
            self._inside = Form(action)
            self.forms.append(self._inside)
        elif tag == "input" and self._inside is not None and given.get("name"):
            self._inside.names.append(given["name"])
            if given.get("type") != "checkbox":
                self._inside.values[given["name"]] = given.get("value", "")
        elif tag == "button" and self._inside is not None:
            self._inside.names.append(given.get("name", ""))
        self._code = tag == "code"
        if tag == "input" and "readonly" in given:
            self.codes.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        self._code = False

    def handle_data(self, data: str) -> None:
        if self._code:
            self.codes.append(data.strip())

    def form_with(self, name: str) -> Form | None:
        """The form with a field or button of this name."""
        return next((form for form in self.forms if name in form.names), None)


def authorise(url: str, login: str) -> str:
    """Open an authorise address in a new browser, sign in, allow: the code that is shown."""
    tls = ssl.create_default_context(cafile=str(CERTIFICATE))
    with httpx2.Client(follow_redirects=True, timeout=PATIENCE_S, verify=tls) as browser:
        page = browser.get(url)
        form = Forms(page).form_with("password")
        assert form is not None, page.text
        page = _sent(browser, page, form, login=login, password=PASSWORD)
        form = Forms(page).form_with("decision")
        assert form is not None, page.text
        page = _sent(browser, page, form, decision="allow")
        codes = Forms(page).codes
        assert len(codes) == 1, page.text
        return codes[0]


def _sent(
    browser: httpx2.Client, page: httpx2.Response, form: Form, **values: str
) -> httpx2.Response:
    headers = {"origin": str(page.url.copy_with(raw_path=b"/")).rstrip("/")}
    answer = browser.post(form.action, data={**form.values, **values}, headers=headers)
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code} {answer.text}"
    return answer
