"""Certificates by ACME: from Pebble, which looks for their proof at a real name server."""

import json
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.harness.knot import ZONE, Knot
from tests.harness.pebble import EAB, Pebble
from tests.hosting.naming.named import Named, environ, silent

from rostra.hosting.certificates.authority import Account, Authority
from rostra.hosting.certificates.installation import folder_of, obtaining_of
from rostra.hosting.certificates.keep import CertificateError, new_key
from rostra.hosting.naming.model import NamingError
from rostra.kernel.clock import DAY, Clock, ManualClock, SystemClock
from rostra.kernel.errors import Unavailable
from rostra.settings import load

PROOF = f"_acme-challenge.{ZONE}"


class Host(Named):
    """A host that wants a certificate."""

    def __init__(self, folder: Path, knot: Knot, directory: str, **more: str) -> None:
        super().__init__(
            environ(
                folder,
                knot,
                **{
                    "ROSTRA_CERTIFICATE__DIRECTORY": directory,
                    "ROSTRA_CERTIFICATE__TERMS_ACCEPTED": "true",
                    "ROSTRA_CERTIFICATE__AUTHORITY_ROOTS": str(folder / "pebble" / "roots.pem"),
                    **more,
                },
            )
        )
        self.folder = folder_of(self.settings)

    async def obtain(self, clock: Clock | None = None) -> None:
        """Obtain one."""
        await obtaining_of(
            self.settings, self.egress, clock or SystemClock(), self.told.append
        ).obtain()

    def is_due(self, later_ms: int = 0) -> bool:
        """Whether another one would be obtained, so much later."""
        clock = ManualClock(SystemClock().now() + later_ms)
        return obtaining_of(self.settings, self.egress, clock, self.told.append).is_due()


@contextmanager
def afloat(folder: Path, **settings: object) -> Iterator[SimpleNamespace]:
    """A name server, and an authority that looks there."""
    knot = Knot(folder / "knot")
    with knot, Pebble(folder / "pebble", knot.at, **settings) as pebble:
        yield SimpleNamespace(knot=knot, pebble=pebble)


async def test_a_certificate_is_obtained_kept_and_renewed(tmp_path: Path) -> None:
    with afloat(tmp_path) as at:
        two = {"ROSTRA_DNS__NAMES": f"{ZONE},media.{ZONE}"}
        host = Host(tmp_path, at.knot, at.pebble.directory, **two)
        assert host.is_due()
        await host.obtain()
        kept = host.folder.newest()
        assert kept is not None
        assert set(kept.names) == {ZONE, f"media.{ZONE}"}
        assert at.knot.shows(PROOF, "TXT") == set()
        for path in (*host.folder.path.glob("*.pem"), *host.folder.path.glob("at-*/*")):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(host.folder.path.stat().st_mode) == 0o700
        life = kept.ends_at - kept.begins_at
        assert not host.is_due(life // 2)
        assert host.is_due(life - life // 3 + 60_000)
        first = (host.folder.current / "privkey.pem").read_bytes()
        account = [path.read_bytes() for path in host.folder.path.glob("account-*")]
        for _ in range(2):  # by the same account
            await host.obtain()
        assert (host.folder.current / "privkey.pem").read_bytes() != first
        assert [path.read_bytes() for path in host.folder.path.glob("account-*")] == account
        assert len(list(host.folder.path.glob("at-*"))) == 2
        assert load_pem_private_key((host.folder.current / "privkey.pem").read_bytes(), None)
        # Another name is another certificate.
        assert Host(tmp_path, at.knot, at.pebble.directory).is_due()


async def test_an_account_elsewhere_may_be_asked_for(tmp_path: Path) -> None:
    keys = dict([EAB])
    with afloat(tmp_path, externalAccountBindingRequired=True, externalAccountMACKeys=keys) as at:
        with pytest.raises(CertificateError, match=r"certificate.eab_key_id: .*external"):
            await Host(tmp_path, at.knot, at.pebble.directory).obtain()
        kid, secret = EAB
        more = {"ROSTRA_CERTIFICATE__EAB_KEY_ID": kid, "ROSTRA_CERTIFICATE__EAB_SECRET": secret}
        host = Host(tmp_path, at.knot, at.pebble.directory, **more)
        assert secret not in repr(host.settings.certificate)
        await host.obtain()
        assert host.folder.newest() is not None


async def test_what_the_authority_refuses_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    with afloat(tmp_path, domainBlocklist=[f"blocked.{ZONE}"]) as at:

        def host(**more: str) -> Host:
            return Host(tmp_path, at.knot, at.pebble.directory, **more)

        with pytest.raises(CertificateError, match=r"certificate.terms_accepted is not set: read"):
            await host(ROSTRA_CERTIFICATE__TERMS_ACCEPTED="false").obtain()
        blocked = host(ROSTRA_DNS__NAMES=f"blocked.{ZONE}", ROSTRA_DNS__ZONE=ZONE)
        with pytest.raises(CertificateError, match=r"dns.names: the authority refuses"):
            await blocked.obtain()
        with pytest.raises(CertificateError, match=r"certificate.contact: 'nobody' is no address"):
            await host(ROSTRA_CERTIFICATE__CONTACT="nobody").obtain()
        untrusted = host(ROSTRA_CERTIFICATE__AUTHORITY_ROOTS=str(at.pebble.roots))
        at.pebble.roots.rename(tmp_path / "roots.pem")
        with pytest.raises(CertificateError, match=r"certificate.authority_roots: .* is no file"):
            await untrusted.obtain()
        assert blocked.folder.newest() is None


async def test_a_proof_that_the_authority_does_not_see_is_told(tmp_path: Path) -> None:
    other, knot = Knot(tmp_path / "other"), Knot(tmp_path / "knot")
    with other, knot, Pebble(tmp_path / "pebble", other.at) as pebble:
        host = Host(tmp_path, knot, pebble.directory)
        with pytest.raises(CertificateError, match=r"dns.zone: the authority does not see the"):
            await host.obtain()
        assert knot.shows(PROOF, "TXT") == set()
        knot.credentials(tmp_path / "dns.toml", secret="d3Jvbmc=")
        with pytest.raises(NamingError, match=r"dns.credentials"):
            await host.obtain()
        assert host.folder.newest() is None
        assert any("is left behind" in told for told in host.told)


async def test_a_mute_copy_asks_for_none_and_a_wrong_clock_is_told(tmp_path: Path) -> None:
    with afloat(tmp_path) as at:
        host = Host(tmp_path, at.knot, at.pebble.directory)
        host.egress.close("this copy is mute")
        with pytest.raises(Unavailable, match="this copy is mute"):
            await host.obtain()
        host.egress.open()
        await host.obtain(ManualClock(SystemClock().now() - DAY))
        assert host.folder.newest() is not None
        assert host.told[-1].endswith("it is not valid now: correct the clock")


class Busy(BaseHTTPRequestHandler):
    """An authority that has signed enough for today."""

    def do_HEAD(self) -> None:
        self._answer(200, {})

    server: HTTPServer

    def do_GET(self) -> None:
        at = f"http://127.0.0.1:{self.server.server_port}"
        names = ("newNonce", "newAccount", "newOrder")
        self._answer(200, {name: f"{at}/{name}" for name in names})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        kind = "urn:ietf:params:acme:error:rateLimited"
        detail = "too many certificates, retry after 2030-01-01 00:00:00 UTC"
        self._answer(429, {"type": kind, "detail": detail})

    def _answer(self, status: int, body: dict[str, str]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.send_header("replay-nonce", "bm9uY2U")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Nothing is logged."""


async def test_an_authority_that_has_had_enough_or_is_away_is_told(tmp_path: Path) -> None:
    with Knot(tmp_path / "knot") as knot, silent() as nobody:

        def host(directory: str) -> Host:
            more = {"ROSTRA_CERTIFICATE__AUTHORITY_ROOTS": str(tmp_path / "knot" / "zone")}
            return Host(tmp_path, knot, directory, **more)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with pytest.raises(CertificateError, match=r"nothing is wrong here; later: .*2030-01"):
                await host(f"http://127.0.0.1:{server.server_address[1]}/dir").obtain()
        finally:
            server.shutdown()
            server.server_close()
        account = Account(directory=f"http://{nobody}/dir", key=new_key(), answer_s=2)
        with pytest.raises(CertificateError, match=r"certificate.directory: .* does not answer"):
            Authority(account).order([ZONE], new_key())
        with pytest.raises(CertificateError, match=r"expected an address with https://"):
            await host("http://authority.example/dir").obtain()
        assert list((tmp_path / "data" / "certificate").glob("at-*")) == []


def test_settings_that_belong_together(tmp_path: Path) -> None:
    settings = load(environ={"ROSTRA_CERTIFICATE__EAB_KEY_ID": "x"}, data=tmp_path)
    with pytest.raises(CertificateError, match="go together"):
        obtaining_of(settings, Named({}).egress, SystemClock(), print)
