"""Providers with an interface of their own, spoken to by dns-lexicon in a child process.

Its requests have no deadline, and one that hangs can't be ended in a thread: a child can.
"""

import asyncio
import sys
from typing import Final

import msgspec

from rostra.hosting.naming.credentials import Credentials
from rostra.hosting.naming.lexicon_child import Said, Work
from rostra.hosting.naming.model import Change, NamingError

DEADLINE_S: Final = 60.0
_CHILD: Final = "rostra.hosting.naming.lexicon_child"


class Lexicon:
    """A zone at a provider."""

    retimes = False  # one record after another: it would be away between the two

    def __init__(
        self, provider: str, zone: str, credentials: Credentials, deadline_s: float = DEADLINE_S
    ) -> None:
        self._provider = provider
        self._zone = zone
        self._credentials = credentials
        self._deadline_s = deadline_s

    async def write(self, change: Change) -> None:
        """Hand a change over, record by record, the new ones first; see `Writer`."""
        said = await self._done(
            Work(
                provider=self._provider,
                zone=self._zone,
                options=dict(self._credentials),
                change=change,
            )
        )
        if said.why:
            why = self._credentials.hidden_in(said.why) if said.raised else said.why
            told = why or f"{said.raised}, in words that hold one of its credentials"
            raise NamingError(f"{said.setting}: {self._provider}: {told}")

    async def _done(self, work: Work) -> Said:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _CHILD,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(self._deadline_s):
                told, _ = await child.communicate(msgspec.json.encode(work))
            return msgspec.json.decode(told, type=Said)
        except TimeoutError as error:
            raise NamingError(
                f"dns.provider: {self._provider} has not answered for {self._deadline_s:.0f} s;"
                " whether the change was made shows at the name servers: `rostra dns show`"
            ) from error
        except msgspec.MsgspecError as error:
            raise NamingError(f"dns.provider: {self._provider}: its program has ended") from error
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
