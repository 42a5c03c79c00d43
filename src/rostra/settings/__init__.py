"""Every setting of a Rostra server, typed, with its default, its meaning and its limits.

This is the only part that reads the settings file and the environment. `python -m rostra.settings`
prints `docs/settings.md`.
"""

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from rostra.settings.adapters import Adapter
from rostra.settings.hosting import Hosting
from rostra.settings.machine import Bus, Database, Jobs, Log, Mail, Push, Server, Streaming
from rostra.settings.media import Images, Media, Video
from rostra.settings.naming import Certificate, Dns
from rostra.settings.place import Accounts, Limits, Posts, Previews, Site, Trends
from rostra.settings.safety import Ledger, Moderation, Panels, Screening, Webhooks
from rostra.settings.sources import Section, SettingsError, read

__all__ = [
    "Accounts",
    "Adapter",
    "Bus",
    "Certificate",
    "Database",
    "Dns",
    "Hosting",
    "Images",
    "Jobs",
    "Ledger",
    "Limits",
    "Log",
    "Mail",
    "Media",
    "Moderation",
    "Panels",
    "Posts",
    "Previews",
    "Push",
    "Screening",
    "Server",
    "Settings",
    "SettingsError",
    "Site",
    "Streaming",
    "Trends",
    "Video",
    "Webhooks",
    "load",
]

_STREAMING_ABOVE = 2  # the port of the metrics is the one between


def _usable_cores() -> int:
    """Cores this process may run on (a container's share, not the machine's)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(Section, frozen=True):
    """All settings of one server."""

    data_dir: Annotated[
        Path, Meta(description="Folder of the database, media and all else that must stay.")
    ] = Path("rostra-data")
    site: Site = Site()
    server: Server = Server()
    streaming: Streaming = Streaming()
    bus: Bus = Bus()
    database: Database = Database()
    media: Media = Media()
    mail: Mail = Mail()
    posts: Posts = Posts()
    accounts: Accounts = Accounts()
    limits: Limits = Limits()
    jobs: Jobs = Jobs()
    push: Push = Push()
    images: Images = Images()
    video: Video = Video()
    previews: Previews = Previews()
    trends: Trends = Trends()
    moderation: Moderation = Moderation()
    panels: Panels = Panels()
    screening: Screening = Screening()
    ledger: Ledger = Ledger()
    webhooks: Webhooks = Webhooks()
    hosting: Hosting = Hosting()
    dns: Dns = Dns()
    certificate: Certificate = Certificate()
    log: Log = Log()
    adapters: tuple[Adapter, ...] = ()

    @property
    def domain(self) -> str:
        """The domain behind the @ of account names (with its port, unless it is the usual)."""
        return (self.site.domain or urlsplit(self.site.base_url).netloc).lower()

    @property
    def database_url(self) -> str:
        """Where the database is: the setting, or the one file in the data directory."""
        return self.database.url or f"sqlite:///{self.data_dir / 'rostra.sqlite3'}"

    @property
    def workers(self) -> int:
        """Web worker processes to start."""
        return self.server.workers or min(2, _usable_cores())

    @property
    def media_store(self) -> str:
        """The media store: a URL, or the path of a folder."""
        return self.media.store or str(self.data_dir / "media")

    @property
    def media_folder(self) -> Path | None:
        """The folder of the media; None where they are at a provider."""
        return None if "://" in self.media_store else Path(self.media_store)

    @property
    def media_url(self) -> str:
        """Address before a blob's key, without a slash at the end."""
        return self.media.public_url or f"{self.site.base_url}/media"

    @property
    def streaming_port(self) -> int:
        """The port of the streams; 0: there are none."""
        port = self.streaming.port
        return self.server.port + _STREAMING_ABOVE if port < 0 else port

    @property
    def streaming_url(self) -> str:
        """Where apps open streams, without the path; empty: there are none."""
        if not self.streaming_port or self.streaming.url:
            return self.streaming.url.rstrip("/") if self.streaming_port else ""
        at = urlsplit(self.site.base_url)
        if at.scheme == "http" and at.port == self.server.port:  # no proxy in front
            host = f"[{at.hostname}]" if ":" in (at.hostname or "") else at.hostname
            return f"ws://{host}:{self.streaming_port}"
        return f"{'wss' if at.scheme == 'https' else 'ws'}://{at.netloc}"

    @property
    def mail_from(self) -> str:
        """Sender of all mail."""
        return self.mail.sender or f"rostra@{self.domain.partition(':')[0]}"


def load(
    *,
    data: Path | None = None,
    config: Path | None = None,
    environ: dict[str, str] | None = None,
) -> Settings:
    """Read the settings of this process.

    Args:
        data: the data directory from the command line; wins over every other source.
        config: the settings file; without it `rostra.toml` in the data directory, if there.
        environ: the environment; without it that of the process.

    Raises:
        SettingsError: a key is unknown or a value is bad; names the key and where it stands.
    """
    return read(Settings, data, config, dict(os.environ) if environ is None else environ)
