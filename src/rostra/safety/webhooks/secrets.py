"""The secrets that deliveries are signed with: made from a key that is not in the database."""

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Final

from rostra.kernel.clock import DAY
from rostra.kernel.errors import Unavailable
from rostra.safety.edge import Services
from rostra.safety.webhooks.model import Webhook
from rostra.store import key_files

FILE: Final = "webhooks.key"
OVERLAP: Final = DAY
"""So long after a new secret the old one still signs as well."""

_PURPOSE: Final = b"rostra webhook secret 1\n"
_keys: dict[Path, bytes] = {}


def secret(services: Services, webhook_id: int, generation: int) -> str:
    """The secret of an endpoint, in printable characters.

    Raises:
        Unavailable: the key can't be read or made.
    """
    message = _PURPOSE + f"{webhook_id}:{generation}".encode()
    made = hmac.digest(_key(services), message, hashlib.sha256)
    return f"rwh_{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


def signature(secret_: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time stamp, a dot, and the body, in hexadecimal digits."""
    message = timestamp.encode() + b"." + body
    return hmac.digest(secret_.encode(), message, hashlib.sha256).hex()


def signatures(services: Services, hook: Webhook, timestamp: str, body: bytes, now: int) -> str:
    """The header: by the secret that holds and, for a day after a new one, by the old one.

    Raises:
        Unavailable: the key can't be read.
    """
    generations = [hook.generation]
    if hook.generation > 1 and now < hook.rotated_at + OVERLAP:
        generations.append(hook.generation - 1)
    return ", ".join(
        f"sha256={signature(secret(services, hook.id, each), timestamp, body)}"
        for each in generations
    )


def forget(services: Services) -> None:
    """Read the key anew when it is next asked for. Other processes go on with what they know."""
    _keys.pop(services.settings.data_dir / FILE, None)


def _key(services: Services) -> bytes:
    settings = services.settings
    if settings.webhooks.key:
        return hashlib.sha256(settings.webhooks.key.encode()).digest()
    path = settings.data_dir / FILE
    if path not in _keys:
        try:
            _keys[path] = key_files.kept(path)
        except OSError as error:
            safe = "The key of the webhooks can't be read"
            raise Unavailable(inside=f"{path}: {error}", safe=safe) from error
    return _keys[path]
