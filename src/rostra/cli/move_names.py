"""What of a move is about names: a certificate before the hand-over, the names led here after it.

Both are optional, can be done again, and are the commands `rostra certificate` and `rostra dns`.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from rostra.cli.certificate import obtain_if_due
from rostra.cli.common import say
from rostra.hosting.certificates.keep import CertificateError
from rostra.hosting.fence.installation import outgoing
from rostra.hosting.move.target import MoveError
from rostra.hosting.naming.installation import names_in, names_of
from rostra.hosting.naming.model import NamingError, addresses_of, records_for
from rostra.kernel.errors import Unavailable
from rostra.kernel.lazy import ExtraMissing
from rostra.settings import Settings, SettingsError, load
from rostra.store.gates import EgressGate, memory_gates

_TOLD: Final = (
    CertificateError,
    ExtraMissing,
    NamingError,
    OSError,
    SettingsError,
    Unavailable,
)


class Naming:
    """The steps that a move was told to take."""

    def __init__(
        self, to: Path, addresses: tuple[str, ...], *, certificate: bool, pause_s: int
    ) -> None:
        """Nothing is asked yet.

        Args:
            to: the data directory that the network moves to: its settings came along.
            addresses: of this host; none: the names are led by somebody else.
            certificate: whether one is obtained here.
            pause_s: seconds without the site that are aimed for.

        Raises:
            NamingError: an address is none.
        """
        self._to = to
        self._addresses = addresses_of(addresses) if addresses else ()
        self._certificate = certificate
        self._pause_s = pause_s

    async def before(self) -> None:
        """Before the old host is asked: may the names be changed, and is there a certificate?

        This copy is mute, and stays it: that this much leaves it was asked for by a person.

        Raises:
            MoveError: they may not, or there is none; nothing was stopped anywhere.
        """
        if not self._addresses and not self._certificate:
            return
        _, egress = memory_gates()
        try:
            settings = load(data=self._to)
            if self._addresses:
                for sentence in await names_of(settings, egress, say).probe(self._pause_s):
                    say(sentence)
            if self._certificate:
                await obtain_if_due(settings, egress)
        except _TOLD as error:
            raise MoveError(
                f"{error}\n  The old host was asked for nothing yet. Put it right, and move again;"
                " or move without `--address` and `--certificate`, and do both by hand"
            ) from error

    async def after(self) -> str:
        """When this host writes: a certificate if there is none yet, and the names are led here.

        Whatever fails, the network is here. What is left to do is said, and can be done again.

        Returns:
            What is left to do, and why; empty: nothing.
        """
        left = []
        if self._certificate:
            left.append(await self._done(self._obtained, "rostra certificate"))
        if self._addresses:
            command = f"rostra dns set {' '.join(self._addresses)}"
            left.append(await self._done(self._led, command))
        told = [each for each in left if each]
        if not told:
            return ""
        if self._addresses:
            told.append(self._by_hand())
        return "\n  ".join(("the network is here, and writes, but not all is done:", *told))

    async def _done(
        self, work: Callable[[Settings, EgressGate], Awaitable[Any]], command: str
    ) -> str:
        try:
            settings = load(data=self._to)
            await work(settings, outgoing(settings))
        except _TOLD as error:
            return f"{error}; again by `{command} --data {self._to}`"
        return ""

    async def _obtained(self, settings: Settings, egress: EgressGate) -> None:
        await obtain_if_due(settings, egress)

    async def _led(self, settings: Settings, egress: EgressGate) -> None:
        await names_of(settings, egress, say).lead(self._addresses)

    def _by_hand(self) -> str:
        try:
            names = names_in(load(data=self._to))
        except SettingsError:
            names = ("the domain",)
        records = ", ".join(map(str, sorted(records_for(names, self._addresses))))
        return f"by hand, at your DNS provider: {records}, and no other address of these names"
