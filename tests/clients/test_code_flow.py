"""Signing in as users do: the app opens a page, they sign in there, allow, and copy the code."""

from pathlib import Path

from tests.clients.place import SCOPES, Place, authorise
from tests.clients.toot_driver import Toot


def test_signing_in_to_mastodon_py(place: Place) -> None:
    place.joined("hal")
    program = place.program()
    url = program.auth_request_url(scopes=SCOPES, allow_http=True)
    program.log_in(code=authorise(url, "hal@example.org"), scopes=SCOPES, allow_http=True)
    assert program.account_verify_credentials().username == "hal"


def test_signing_in_to_toot(place: Place, tmp_path: Path) -> None:
    place.joined("gil")
    toot = Toot(place, tmp_path, "gil")
    printed = toot("login", "-i", place.url, typed="n\n", status=1)  # ends where the code is asked
    url = next(line for line in printed.splitlines() if line.startswith(place.url))
    code = authorise(url, "gil@example.org")
    assert "Successfully logged in" in toot("login", "-i", place.url, typed=f"n\n{code}\n")
    assert "gil" in toot("auth")
    assert "gil" in toot("whoami")
