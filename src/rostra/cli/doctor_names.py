"""What `rostra doctor` says of names: could they be led elsewhere, and is the certificate due?"""

import time
from datetime import UTC, datetime

from rostra.cli.findings import Finding, Findings
from rostra.hosting.certificates.installation import folder_of
from rostra.hosting.naming.credentials import read_credentials
from rostra.hosting.naming.installation import is_named
from rostra.hosting.naming.model import NamingError
from rostra.settings import Settings


async def names(settings: Settings) -> Findings:
    """Whether the key for DNS is there, and how long the certificate lasts; nobody is asked."""
    if is_named(settings):
        try:
            read_credentials(
                settings.dns.credentials, setting="dns.credentials", data_dir=settings.data_dir
            )
        except NamingError as error:
            yield Finding("fail", "names", str(error), "see docs/naming.md")
        else:
            text = f"led by {settings.dns.provider}"
            yield Finding("ok", "names", text, "`rostra dns probe` tries it")
    folder = folder_of(settings)
    kept = folder.newest()
    if kept is not None:
        day = datetime.fromtimestamp(kept.ends_at / 1_000, UTC).strftime("%Y-%m-%d")
        due = kept.is_due(round(time.time() * 1_000))
        advice = "`rostra certificate`, by a timer every day" if due else ""
        text = f"valid until {day}{', and due' if due else ''}"
        yield Finding("warn" if due else "ok", "certificate", text, advice)
    if folder.untold() is not None:
        text = "no command has told a web server of the newest one"
        advice = "unless it looks by itself: `rostra certificate --then …`"
        yield Finding("ok", "certificate", text, advice)
