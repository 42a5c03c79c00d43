"""A throw-away Pebble: the authority that Let's Encrypt has made for tests of ACME."""

import ipaddress
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import create_default_context
from types import TracebackType
from typing import Any, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.harness.served import free_port

EAB: Final = ("kid-1", "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W")
INSTALL: Final = (
    "pebble was not found on the PATH. On Debian, as root: "
    "apt-get install --no-install-recommends pebble"
)
_START_S: Final = 30.0


class PebbleMissing(Exception):
    """The program is not installed; the text says how to get it."""


class Pebble:
    """An authority that looks for proofs at one name server; a context manager."""

    def __init__(self, folder: Path, dns: str, **more: Any) -> None:
        """Nothing runs yet.

        Args:
            folder: of its own, made here.
            dns: the name server, `address:port`.
            more: of its settings.
        """
        program = shutil.which("pebble")
        if program is None:
            raise PebbleMissing(INSTALL)
        self._program, self._folder, self._dns, self._more = program, folder, dns, more
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.directory = f"https://127.0.0.1:{self.port}/dir"
        self.roots = folder / "roots.pem"

    def start(self) -> Self:
        """Start it, and wait until it answers."""
        self._folder.mkdir()
        _make_certificate(self.roots, self._folder / "key.pem")
        settings = {
            "listenAddress": f"127.0.0.1:{self.port}",
            "managementListenAddress": f"127.0.0.1:{free_port()}",
            "certificate": str(self.roots),
            "privateKey": str(self._folder / "key.pem"),
            "httpPort": 5002,
            "tlsPort": 5001,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": False,
            **self._more,
        }
        (self._folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 (found on the PATH)
                [
                    self._program,
                    "-config",
                    str(self._folder / "pebble.json"),
                    "-dnsserver",
                    self._dns,
                ],
                env={
                    **os.environ,
                    "PEBBLE_VA_NOSLEEP": "1",
                    "PEBBLE_WFE_NONCEREJECT": "0",
                    "PEBBLE_AUTHZREUSE": "0",
                },
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + _START_S
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise AssertionError(self.log())
            time.sleep(0.05)
        return self

    def log(self) -> str:
        """What it has said."""
        return (self._folder / "log").read_text()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(  # noqa: S310 (its own address)
                self.directory, context=create_default_context(cafile=str(self.roots)), timeout=2
            ):
                return True
        except (OSError, urllib.error.URLError):
            return False

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _make_certificate(chain: Path, key: Path) -> None:
    """A certificate for this machine that trusts itself."""
    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pebble")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(made, hashes.SHA256())
    )
    chain.write_bytes(signed.public_bytes(Encoding.PEM))
    key.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
