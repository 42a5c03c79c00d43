"""Messages that only a subscriber can read, and who they are from.

`aes128gcm` is RFC 8291 (with the header of RFC 8188); `aesgcm` is its draft 4, which many apps
still ask for. VAPID (RFC 8292) is a signed statement of who sends. Nothing here is kept anywhere.
"""

import base64
import hashlib
import hmac
import json
import secrets

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AUTH_BYTES = 16
_CURVE = ec.SECP256R1()
_POINT = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
_RECORD = 4096


def b64(raw: bytes) -> str:
    """Bytes as url-safe base64 without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Bytes of base64 in either alphabet, padded or not. Raises ValueError."""
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), b"-_", validate=True)


def new_key() -> bytes:
    """A new private key, 32 bytes."""
    return ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(32)


def public_of(private: bytes) -> bytes:
    """The public point of a private key, 65 bytes."""
    return _key(private).public_key().public_bytes(*_POINT)


def check_point(point: bytes) -> None:
    """Pass for an uncompressed point on the curve. Raises ValueError for anything else."""
    ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    if len(point) != 65:  # noqa: PLR2004 (RFC 8291: uncompressed)
        raise ValueError("the point is compressed")


class Sealed:
    """A message for one subscriber: the body, and the headers that tell how to open it."""

    __slots__ = ("body", "headers")

    def __init__(self, body: bytes, headers: dict[str, str]) -> None:
        self.body = body
        self.headers = headers


def seal(text: bytes, point: bytes, auth: bytes, *, standard: bool) -> Sealed:
    """Encrypt a message for the holder of a key.

    Args:
        text: at most 3,000 bytes: sealed it stays below the 4,096 that services accept.
        point: the subscriber's public key (`p256dh`), 65 bytes.
        auth: the subscriber's secret, 16 bytes.
        standard: by RFC 8291; else as its draft 4 says.
    """
    own = ec.generate_private_key(_CURVE)
    public = own.public_key().public_bytes(*_POINT)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    shared = own.exchange(ec.ECDH(), theirs)
    salt = secrets.token_bytes(16)
    if standard:
        secret = _hkdf(auth, shared, b"WebPush: info\0" + point + public, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        header = salt + _RECORD.to_bytes(4) + bytes([len(public)]) + public
        body = header + AESGCM(key).encrypt(nonce, text + b"\x02", None)
        return Sealed(body, {"content-encoding": "aes128gcm"})
    secret = _hkdf(auth, shared, b"Content-Encoding: auth\0", 32)
    context = b"P-256\0" + _sized(point) + _sized(public)
    key = _hkdf(salt, secret, b"Content-Encoding: aesgcm\0" + context, 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0" + context, 12)
    body = AESGCM(key).encrypt(nonce, b"\0\0" + text, None)
    headers = {
        "content-encoding": "aesgcm",
        "encryption": f"salt={b64(salt)}",
        "crypto-key": f"dh={b64(public)}",
    }
    return Sealed(body, headers)


def statement(private: bytes, audience: str, subject: str, expires_s: int) -> str:
    """A signed statement (JWT, ES256) of who sends to this origin, for at most a day.

    Args:
        private: the server's key.
        audience: the origin of the push service.
        subject: `mailto:` or `https:` address of whoever runs the server.
        expires_s: unix seconds.
    """
    head = b64(b'{"typ":"JWT","alg":"ES256"}')
    claims = {"aud": audience, "exp": expires_s, "sub": subject}
    signed = f"{head}.{b64(json.dumps(claims, separators=(',', ':')).encode())}"
    r, s = decode_dss_signature(_key(private).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{b64(r.to_bytes(32) + s.to_bytes(32))}"


def _key(private: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(private), _CURVE)


def _sized(point: bytes) -> bytes:
    return len(point).to_bytes(2) + point


def _hkdf(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 for one block of output."""
    key = hmac.new(salt, material, hashlib.sha256).digest()
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:length]
