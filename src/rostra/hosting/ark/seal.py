"""Pieces: sealed with AES-256-GCM, and named by the hash of what came out.

The same content becomes the same piece under the same key, so what has not changed is not sent
again. For that the nonce follows from the content (an HMAC of it under a key of its own): two
pieces share a nonce only if they are the same piece. That equal contents are equal pieces is all
that a place can learn from them, with their lengths.
"""

import hashlib
import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
_NONCE: Final = 12
_NAME: Final = 64


class Damaged(Exception):
    """A piece is not what was sealed."""


def name_of(sealed: bytes) -> str:
    """The name of a piece: anybody can check it, without a key."""
    return hashlib.sha256(sealed).hexdigest()


def is_name(name: str) -> bool:
    """Whether this can be the name of a piece."""
    return len(name) == _NAME and all(digit in "0123456789abcdef" for digit in name)


class Sealer:
    """Seals and opens with one data key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes")
        self._cipher = AESGCM(_derived(key, b"rostra ark seal"))
        self._nonces = _derived(key, b"rostra ark nonce")

    def seal(self, content: bytes) -> bytes:
        """The piece: nonce, ciphertext, tag."""
        nonce = hmac.digest(self._nonces, content, "sha256")[:_NONCE]
        return nonce + self._cipher.encrypt(nonce, content, None)

    def open(self, sealed: bytes) -> bytes:
        """The content of a piece.

        Raises:
            Damaged: it was not sealed with this key, or was changed since.
        """
        view = memoryview(sealed)  # no second megabyte
        try:
            return self._cipher.decrypt(view[:_NONCE], view[_NONCE:], None)
        except (InvalidTag, ValueError) as error:
            raise Damaged("it does not open") from error


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
