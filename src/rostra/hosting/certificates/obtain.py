"""A certificate obtained: asked for, proved by the names' own zone, and kept."""

import asyncio
from collections.abc import Callable
from typing import Final

from rostra.hosting.certificates.authority import Authority, Proof
from rostra.hosting.certificates.keep import CertificateError, Folder, belongs, new_key, parsed
from rostra.hosting.naming.names import Names
from rostra.kernel.clock import SECOND, Clock
from rostra.outside.egress import Egress

CHANNEL: Final = "certificate"
"""The part of the egress gate that this passes."""
_OFF_MS: Final = 60 * SECOND


class Obtaining:
    """What a certificate is obtained with."""

    def __init__(
        self,
        folder: Folder,
        authority: Authority,
        names: Names,
        egress: Egress,
        *,
        clock: Clock,
        say: Callable[[str], None],
    ) -> None:
        """Put it together.

        Args:
            folder: where it is kept.
            authority: signs it.
            names: that it is for, and where their proof is shown.
            egress: the gate that this passes.
            clock: of the house.
            say: tells people something.
        """
        self._folder = folder
        self._authority = authority
        self._names = names
        self._egress = egress
        self._clock = clock
        self._say = say

    def is_due(self) -> bool:
        """Whether there is none for these names, or a third of its life or less is left."""
        kept = self._folder.newest()
        return (
            kept is None
            or set(kept.names) != set(self._names.plan.names)
            or kept.is_due(self._clock.now())
        )

    async def obtain(self) -> None:
        """Obtain one and keep it. Whatever ends it, the same again begins anew.

        Raises:
            CertificateError: the authority refuses, or does not answer.
            NamingError: the proof can't be shown.
            Unavailable: nothing may leave this installation now.
            OSError: it can't be kept.
        """
        self._egress.check(CHANNEL)
        names, key = self._names.plan.names, new_key()
        self._say(f"certificate: asked for, for {', '.join(names)}")
        proofs = await asyncio.to_thread(self._authority.order, names, key)
        by_name: dict[str, list[str]] = {}
        for proof in proofs:
            by_name.setdefault(proof.name, []).append(proof.text)
        try:
            for name, texts in by_name.items():
                await self._names.prove(name, texts)
            chain = await asyncio.to_thread(self._authority.finish)
        finally:
            await self._withdraw(proofs)
        self._keep(chain, key)

    def _keep(self, chain: str, key: bytes) -> None:
        now, got = self._clock.now(), parsed(chain)
        if not belongs(chain, key) or set(got.names) != set(self._names.plan.names):
            raise CertificateError("certificate.directory: it signed something that nobody asked")
        self._folder.keep(f"{now:015d}-{got.begins_at:015d}", chain, key)
        self._say(f"certificate: kept in {self._folder.current}")
        if not got.begins_at - _OFF_MS <= now < got.ends_at:
            self._say(
                "certificate: by the clock of this machine it is not valid now: correct the clock"
            )

    async def _withdraw(self, proofs: list[Proof]) -> None:
        """The proofs have served; whatever becomes of that, the certificate counts."""
        for proof in proofs:
            try:
                await self._names.withdraw(proof.name, [proof.text])
            except Exception as error:  # noqa: BLE001 (said, and no more than a text left behind)
                self._say(f"certificate: {proof.name} TXT {proof.text} is left behind: {error}")
