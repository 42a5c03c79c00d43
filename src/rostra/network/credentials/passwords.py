"""Passwords: argon2id in threads of its own, so that the event loop never waits for it.

Parameters: 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet, 2025), about 25 ms here.
A hash made with others is replaced when its member signs in. At most two are computed at a time
in a process, which bounds memory and CPU under a flood of sign-ins.
"""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rostra.kernel.errors import Fault
from rostra.settings import Settings

MAX_PASSWORD = 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="rostra-password")
# What an unknown account's password is compared with: the same work, and no password matches.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRmb3Jub2JvZHk"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)


def faults(
    settings: Settings, password: str, *, username: str = "", email: str = "", field: str = ""
) -> list[Fault]:
    """What keeps somebody from using this password; the fault is on ``field`` or `password`."""
    name, least = field or "password", settings.accounts.min_password
    if not password:
        return [Fault(name, "can't be blank", "ERR_BLANK")]
    if len(password) < least:
        message = f"is too short (minimum is {least} characters)"
        return [Fault(name, message, "ERR_TOO_SHORT")]
    if len(password) > MAX_PASSWORD:
        message = f"is too long (maximum is {MAX_PASSWORD} characters)"
        return [Fault(name, message, "ERR_TOO_LONG")]
    told = {text.lower() for text in (username, email, email.partition("@")[0]) if text}
    if password.lower() in told:
        return [Fault(name, "is the name or the address itself", "ERR_INVALID")]
    return []


async def hashed(password: str) -> str:
    """The hash to store. Call it before the transaction."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, _HASHER.hash, _normal(password))


async def verify(stored: str | None, password: str) -> bool:
    """Whether this is the password; takes as long for None (no such account) as for a wrong one."""
    return await asyncio.get_running_loop().run_in_executor(
        _THREADS, _verify, stored or _NOBODY, _normal(password[: 4 * MAX_PASSWORD])
    )


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    try:
        return _HASHER.check_needs_rehash(stored)
    except InvalidHashError:
        return True


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """The same characters for the same keys on every device (RFC 8265, OpaqueString: NFC)."""
    return unicodedata.normalize("NFC", password.encode("utf-8", "replace").decode())
