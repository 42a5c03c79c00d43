"""The tokens of devices, sealed with a key that is not in the database.

Apps know by the token in a message whose it is, but of tokens only hashes are kept. So the one that
subscribes is sealed, for its subscription alone; see docs/decisions.
"""

import hashlib
from pathlib import Path

from rostra.kernel import crypto, web_push
from rostra.network.edge import Services
from rostra.store import key_files

FILE = "push.key"
_keys: dict[Path, bytes] = {}


def sealed(services: Services, token_id: int, token: str) -> str:
    """The token of a subscription as it is kept; empty without one, or without a key."""
    key = _key(services) if token else None
    if key is None:
        return ""
    return web_push.b64(crypto.encrypted(key, _purpose(token_id), token))


def opened(services: Services, token_id: int, kept: str) -> str:
    """The token of a subscription; empty where none is kept, or under another key."""
    key = _key(services) if kept else None
    if key is None:
        return ""
    return crypto.decrypted(key, _purpose(token_id), web_push.unb64(kept)) or ""


def _purpose(token_id: int) -> str:
    return f"push token {token_id}"


def _key(services: Services) -> bytes | None:
    settings = services.settings
    if settings.push.token_key:
        return hashlib.sha256(settings.push.token_key.encode()).digest()
    path = settings.data_dir / FILE
    if path not in _keys:
        try:
            _keys[path] = key_files.kept(path)
        except OSError:
            return None
    return _keys[path]
