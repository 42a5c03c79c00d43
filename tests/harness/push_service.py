"""A push service on loopback, and a device that opens what it receives, as the standards say.

Written from RFC 8188, 8291 and 8292 alone: nothing here is of the server's.
"""

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tests.harness.loopback import listening

from rostra.network.services import Services
from rostra.outside.http import HttpClient, Policy

_POINT = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derive(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


class Received:
    """One request that the service got."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path = path
        self.headers = headers
        self.body = body


class Device:
    """Keys of its own, and what they open."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self.point = self._key.public_key().public_bytes(*_POINT)

    def keys(self) -> dict[str, str]:
        """What a client hands to the server."""
        return {"p256dh": _b64(self.point), "auth": _b64(self._auth)}

    def _shared(self, sender: bytes) -> bytes:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        return self._key.exchange(ec.ECDH(), point)

    def open(self, got: Received) -> Any:
        """The message, in whichever of the two encodings it came."""
        if got.headers["content-encoding"] == "aes128gcm":
            salt, size = got.body[:16], got.body[20]
            sender, sealed = got.body[21 : 21 + size], got.body[21 + size :]
            info = b"WebPush: info\0" + self.point + sender
            secret = _derive(self._auth, self._shared(sender), info, 32)
            key = _derive(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
            nonce = _derive(salt, secret, b"Content-Encoding: nonce\0", 12)
            text = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
            assert text.endswith(b"\x02")
            return json.loads(text[:-1])
        assert got.headers["content-encoding"] == "aesgcm"
        named = dict(
            part.strip().split("=", 1)
            for name in ("encryption", "crypto-key")
            for part in got.headers[name].split(";")
        )
        salt, sender = _unb64(named["salt"]), _unb64(named["dh"])
        shared = self._shared(sender)
        secret = _derive(self._auth, shared, b"Content-Encoding: auth\0", 32)
        context = b"P-256\0\x00\x41" + self.point + b"\x00\x41" + sender
        key = _derive(salt, secret, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = _derive(salt, secret, b"Content-Encoding: nonce\0" + context, 12)
        text = AESGCM(key).decrypt(nonce, got.body, None)
        padding = int.from_bytes(text[:2])
        return json.loads(text[2 + padding :])


def claims(got: Received, public: str) -> Any:
    """What the sender states of itself, with its signature checked against a public key."""
    kind, _, rest = got.headers["authorization"].partition(" ")
    if kind == "vapid":
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert parts["k"] == public
        token = parts["t"]
    else:
        assert kind == "WebPush"
        assert f"p256ecdsa={public}" in got.headers["crypto-key"]
        token = rest
    signed, _, signature = token.rpartition(".")
    raw = _unb64(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _unb64(public))
    point.verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(_unb64(signed.split(".")[1]))


class Service:
    """What a push service received, and how it answers."""

    def __init__(self, scheme: str = "http", host: str = "127.0.0.1") -> None:
        self.scheme = scheme
        self.host = host
        self.port = 0
        self.received: list[Received] = []
        self.status = "201 Created"
        self.more = b""  # what it answers beside

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://{self.host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            exact = dict(line.split(": ", 1) for line in head[1:] if line)
            headers = {name.lower(): exact[name] for name in exact}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.received.append(Received(head[0].split()[1], headers, body))
            length = f"content-length: {len(self.more)}\r\n"
            writer.write(f"HTTP/1.1 {self.status}\r\n{length}\r\n".encode() + self.more)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


def let_out(services: Services, service: Service, *, name: str = "push", **strict: Any) -> None:
    """Have the guarded client itself, which may also call this one service on loopback.

    Args:
        services: of the application under test.
        service: the one that may be called.
        name: the client of the services, and its channel.
        strict: parts of the policy in place of what lets it out.
    """
    given: dict[str, Any] = {
        "ports": frozenset({443, service.port}),
        "schemes": frozenset({"http", "https"}),
        "allowed": ("127.0.0.1/32",),
        "max_bytes": 1 << 16,
        "max_redirects": 0,
    }
    policy = Policy(**{**given, **strict})
    client = HttpClient(services.egress, policy, channel=name)
    object.__setattr__(services, name, client)


@asynccontextmanager
async def push_service() -> AsyncIterator[Service]:
    """A service that takes everything."""
    service = Service()
    async with listening(service.serve) as service.port:
        yield service
