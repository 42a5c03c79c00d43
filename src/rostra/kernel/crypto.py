"""Tokens, signed values and codes. Passwords and one-time codes are not here.

Everything secret is random or an HMAC; nothing here is kept anywhere.
"""

import base64
import hashlib
import hmac
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN_BYTES = 32
_NONCE_BYTES = 12
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_SIGNATURE_BYTES = 32
# No 0/o, 1/i/l, u/v: a code is read aloud and typed from paper.
_CODE_ALPHABET = "23456789abcdefghjkmnpqrstwxyz"
_CODE_GROUPS = 3
_CODE_GROUP = 4


def new_token() -> str:
    """Return 32 random bytes as 43 url-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return the 32 bytes under which a token is stored.

    A token has 256 random bits, so one fast hash is enough: there is nothing to guess.
    """
    return hashlib.sha256(_bytes(token)).digest()


def constant_time_equal(a: str | bytes, b: str | bytes) -> bool:
    """Compare two secrets without telling by the time taken where they differ."""
    return hmac.compare_digest(_bytes(a), _bytes(b))


def pkce_challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, 4.2)."""
    return _b64(hashlib.sha256(_bytes(verifier)).digest())


def pkce_matches(verifier: str, challenge: str, method: str) -> bool:
    """Tell whether a verifier answers a challenge; only method "S256" is ever true.

    Source: RFC 7636, 4.6; `plain` is refused as OAuth 2.1 advises.
    """
    if method != "S256" or not _VERIFIER.fullmatch(verifier):
        return False
    return constant_time_equal(pkce_challenge(verifier), challenge)


def signature(key: bytes, purpose: str, *parts: str) -> bytes:
    """Return the 32-byte HMAC-SHA256 over a purpose and its parts.

    Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ; the
    purpose keeps a value signed for one use from passing for another.
    """
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in (purpose, *parts):
        raw = _bytes(part)
        mac.update(len(raw).to_bytes(8, "big"))
        mac.update(raw)
    return mac.digest()


def seal(key: bytes, purpose: str, value: str, expires_at_ms: int = 0) -> str:
    """Return a url-safe text that carries `value` and proves that we wrote it.

    The value can be read by anyone; it cannot be changed. `expires_at_ms` of 0 never ends.
    """
    expiry = str(expires_at_ms)
    mac = signature(key, purpose, expiry, value)
    return f"{_b64(_bytes(value))}.{expiry}.{_b64(mac)}"


def unseal(key: bytes, purpose: str, sealed: str, now_ms: int) -> str | None:
    """Return the value of a text made by `seal`; None if changed, of another use or past."""
    parts = sealed.split(".")
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdecimal()):  # noqa: PLR2004 (value, expiry, mac)
        return None
    raw, mac = _unb64(parts[0]), _unb64(parts[2])
    if raw is None or mac is None or len(mac) != _SIGNATURE_BYTES:
        return None
    try:
        value = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    if not constant_time_equal(signature(key, purpose, parts[1], value), mac):
        return None
    # The expiry was signed by us, so its length is sane by now.
    expires_at_ms = int(parts[1])
    return None if expires_at_ms and now_ms >= expires_at_ms else value


def encrypted(key: bytes, purpose: str, text: str) -> bytes:
    """Return a text that only who has the key (32 bytes) reads, for the purpose it was made for.

    AES-256-GCM with a nonce by chance, which stands in front.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())


def decrypted(key: bytes, purpose: str, sealed: bytes) -> str | None:
    """Return the text; None where key, purpose or bytes are others."""
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        text = AESGCM(key).decrypt(nonce, rest, purpose.encode())
    except (InvalidTag, ValueError):
        return None
    return text.decode()


def new_invite_code() -> str:
    """Return a code for people, `k7mp-2xq9-twab`: 58 random bits in three groups."""
    groups = (
        "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_GROUP))
        for _ in range(_CODE_GROUPS)
    )
    return "-".join(groups)


def invite_code_key(text: str) -> str:
    """Return the form under which a typed code is looked up: lower case, no separators."""
    return "".join(char for char in text.lower() if char in _CODE_ALPHABET)


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unb64(text: str) -> bytes | None:
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError:
        return None
    # One value has one text: a changed spare bit in the last character is not accepted.
    return raw if _b64(raw) == text else None
