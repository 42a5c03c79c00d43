"""`rostra certificate`: a certificate for the names of this network, before they lead here."""

import asyncio
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.dns import AlthoughMute, egress_of
from rostra.hosting.certificates.installation import folder_of, obtaining_of
from rostra.hosting.certificates.keep import CertificateError
from rostra.hosting.naming.model import NamingError
from rostra.kernel.clock import SystemClock
from rostra.kernel.errors import Unavailable
from rostra.kernel.lazy import ExtraMissing
from rostra.settings import Settings
from rostra.store.gates import EgressGate


def certificate(
    *,
    now: Annotated[
        bool, Parameter(help="Also where the present one has long to go.", negative=())
    ] = False,
    then: Annotated[
        str,
        Parameter(
            help="A command that has the web server load a new one: run until it has ended with 0"
            " once for each."
        ),
    ] = "",
    although_mute: AlthoughMute = False,
    where: Where | None = None,
) -> None:
    """Obtain a certificate for the names, proved by DNS, where one is due.

    Does nothing while the present one has more than a third of its life to go: run it every day.
    """
    settings, command = settings_of(where), _words(then)
    if settings.certificate.folder is None and not settings.data_dir.is_dir():
        stop(
            f"there is no data directory {settings.data_dir} yet: set `certificate.folder` to where"
            " the certificate is to lie"
        )
    egress = egress_of(settings, although_mute)
    try:
        asyncio.run(obtain_if_due(settings, egress, now=now))
    except (CertificateError, NamingError, ExtraMissing) as error:
        stop(str(error))
    except Unavailable as error:
        stop(
            f"{error}: this copy asks for no certificate. Where that is what you want, add"
            " `--although-mute`"
        )
    except OSError as error:
        stop(f"certificate.folder: {error}")
    untold = folder_of(settings).untold()
    if command and untold is not None:
        _tell(command, untold)


def _words(then: str) -> list[str]:
    try:
        return shlex.split(then)
    except ValueError as error:
        stop(f"--then: {error}")


def _tell(command: list[str], untold: Path) -> None:
    """Have the web server told; where that fails, the next run tries it again."""
    why = f"a new certificate is there, but `{shlex.join(command)}`"
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 (the operator's own)
    except OSError as error:
        stop(f"{why} can't be run: {error.strerror}; --then is run again the next time")
    if done.returncode:
        stop(f"{why} ended with {done.returncode}; --then is run again the next time")
    untold.unlink(missing_ok=True)


async def obtain_if_due(settings: Settings, egress: EgressGate, *, now: bool = False) -> None:
    """Obtain a certificate where one is due, and say how it is.

    Raises:
        CertificateError: the authority refuses or does not answer.
        NamingError: it can't be proved.
        ExtraMissing: the extra is not installed.
        Unavailable: nothing may leave this installation now.
        OSError: it can't be kept.
    """
    folder = folder_of(settings)
    with folder.alone() as alone:
        if not alone:
            raise CertificateError(f"another command makes a certificate in {folder.path}")
        obtaining = obtaining_of(settings, egress, SystemClock(), say)
        if now or obtaining.is_due():
            await obtaining.obtain()
    kept = folder.newest()
    if kept is not None:
        day = datetime.fromtimestamp(kept.ends_at / 1_000, UTC).strftime("%Y-%m-%d %H:%M UTC")
        say(f"certificate: {folder.current} is valid until {day}")
