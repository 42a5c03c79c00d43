"""Every setting of a Rostra server, typed, with its default, its meaning and its limits.

This is the only place that reads the settings file and the environment. `python -m rostra.settings`
prints `docs/settings.md`.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from rostra.settings_sources import Section, SettingsError, page, read

__all__ = ["Settings", "SettingsError", "load"]

STREAMING_ABOVE = 2  # the port of the metrics is the one between
_SECRET = {"secret": True}


def _usable_cores() -> int:
    """Cores this process may run on (a container's share, not the machine's)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Site(Section, frozen=True):
    """Who this server is to the outside; operators change title and texts later in the console."""

    base_url: Annotated[
        str,
        Meta(description="Address under which browsers and apps reach the server, with scheme."),
    ] = "http://127.0.0.1:8420"
    domain: Annotated[
        str,
        Meta(description="Domain behind the @ of account names; empty: host of `site.base_url`."),
    ] = ""
    title: Annotated[str, Meta(description="Name of the place.", min_length=1)] = "Rostra"
    description: Annotated[str, Meta(description="One or two sentences about the place.")] = (
        "A social network that belongs to its members."
    )
    contact_email: Annotated[
        str, Meta(description="Address shown to people who need the operators; empty: none.")
    ] = ""
    languages: Annotated[
        tuple[str, ...], Meta(description="Main languages of the place, as ISO 639-1 codes.")
    ] = ("en",)
    source_url: Annotated[
        str, Meta(description="Where the source code of this server can be had; empty: not told.")
    ] = ""


class Server(Section, frozen=True):
    """Listening, worker processes and the proxy in front."""

    bind: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(description="TCP port to listen on.", ge=1, le=65535)] = 8420
    workers: Annotated[
        int, Meta(description="Web worker processes; 0: one a core, two at most.", ge=0, le=64)
    ] = 0
    trusted_proxies: Annotated[
        tuple[str, ...],
        Meta(
            description="Addresses or networks (CIDR) of the proxies in front, whose "
            "`X-Forwarded-For` and `X-Forwarded-Proto` are believed."
        ),
    ] = ()
    max_body_bytes: Annotated[
        int,
        Meta(description="Largest request body that is not an upload, in bytes.", ge=65_536),
    ] = 1_048_576
    request_timeout_s: Annotated[
        float, Meta(description="Seconds a client has to send its whole request.", gt=0)
    ] = 30.0
    metrics_bind: Annotated[
        str,
        Meta(description="Address of the Prometheus metrics; keep it local, they need no sign-in."),
    ] = "127.0.0.1"
    metrics_port: Annotated[
        int, Meta(description="TCP port of the metrics; 0: no metrics.", ge=0, le=65535)
    ] = 8421


class Streaming(Section, frozen=True):
    """Live streams, which have a port of their own; see [streaming](streaming.md)."""

    port: Annotated[
        int,
        Meta(
            description="TCP port of the streams, on `server.bind`; -1: two above `server.port`, "
            "or the next free one; 0: there are no streams.",
            ge=-1,
            le=65535,
        ),
    ] = -1
    url: Annotated[
        str,
        Meta(
            description="Address that apps are told, `wss://` and a host; empty: that of "
            "`site.base_url`, or the port itself where no proxy stands in front."
        ),
    ] = ""
    most: Annotated[
        int, Meta(description="Most streams of one worker process.", ge=1, le=1_000_000)
    ] = 10_000
    per_account: Annotated[
        int,
        Meta(description="Most streams of one account in one worker process; 0: any.", ge=0),
    ] = 20
    per_address: Annotated[
        int,
        Meta(description="Most streams of one address in one worker process; 0: any.", ge=0),
    ] = 200


class Bus(Section, frozen=True):
    """What tells the worker processes of each other's work, at once."""

    url: Annotated[
        str,
        Meta(
            description="Valkey or Redis: `redis://[user:password@]host[:port]`, `rediss://…` or "
            "`unix:///path`; empty: a local socket, or PostgreSQL where that is the database.",
            extra=_SECRET,
        ),
    ] = ""
    channel: Annotated[
        str,
        Meta(
            description="Name of the channel there; places that share a server need one each.",
            min_length=1,
            max_length=200,
        ),
    ] = "rostra"


class Database(Section, frozen=True):
    """Where rows live."""

    url: Annotated[
        str,
        Meta(
            description="`postgresql://user:password@host/name`; empty: one SQLite file, "
            "`rostra.sqlite3`, in the data directory.",
            extra=_SECRET,
        ),
    ] = ""
    pool_size: Annotated[
        int, Meta(description="PostgreSQL connections a worker process holds.", ge=2, le=200)
    ] = 8
    slow_threads: Annotated[
        int,
        Meta(description="Threads for slow reads (search, exports) on SQLite.", ge=1, le=16),
    ] = 2


class Media(Section, frozen=True):
    """Where pictures live, and how large they may be."""

    store: Annotated[
        str,
        Meta(
            description="`s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix` or "
            "the path of a folder; empty: `media` in the data directory."
        ),
    ] = ""
    account: Annotated[
        str, Meta(description="Access key id (S3) or storage account (Azure) of the store.")
    ] = ""
    credentials: Annotated[
        str,
        Meta(
            description="Secret access key (S3), account key (Azure) or service account key "
            "as JSON (Google) of the store.",
            extra=_SECRET,
        ),
    ] = ""
    region: Annotated[str, Meta(description="Region of the S3 bucket.")] = ""
    endpoint: Annotated[
        str, Meta(description="Address of an S3-compatible provider; empty: Amazon's.")
    ] = ""
    public_url: Annotated[
        str,
        Meta(
            description="Address under which browsers fetch media (a cache or a bucket); empty: "
            "this server hands them out under `/media`."
        ),
    ] = ""
    max_picture_bytes: Annotated[
        int, Meta(description="Largest picture that is accepted, in bytes.", ge=65_536)
    ] = 16_777_216
    max_picture_pixels: Annotated[
        int, Meta(description="Most pixels (width x height) of a picture.", ge=1_000_000)
    ] = 33_177_600
    max_avatar_bytes: Annotated[
        int, Meta(description="Largest avatar or header that is accepted, in bytes.", ge=65_536)
    ] = 8_388_608
    max_emoji_bytes: Annotated[
        int, Meta(description="Largest custom emoji that is accepted, in bytes.", ge=16_384)
    ] = 262_144
    orphan_hours: Annotated[
        int,
        Meta(description="Hours after which an upload that no post uses is removed.", ge=1),
    ] = 24


class Mail(Section, frozen=True):
    """Outgoing mail. Without a host no mail is sent, and new addresses need no confirmation."""

    host: Annotated[str, Meta(description="Host of the SMTP server; empty: no mail.")] = ""
    port: Annotated[int, Meta(description="Port of the SMTP server.", ge=1, le=65535)] = 587
    tls: Annotated[
        Literal["starttls", "implicit", "none"],
        Meta(description="`starttls` (port 587), `implicit` (port 465) or `none` (local relays)."),
    ] = "starttls"
    user: Annotated[str, Meta(description="Name to sign in with; empty: no sign-in.")] = ""
    password: Annotated[str, Meta(description="Password to sign in with.", extra=_SECRET)] = ""
    sender: Annotated[
        str, Meta(description="Sender of all mail; empty: `rostra@` and the site's domain.")
    ] = msgspec.field(default="", name="from")
    timeout_s: Annotated[
        float, Meta(description="Seconds a mail may take to be handed over.", gt=0)
    ] = 20.0


class Posts(Section, frozen=True):
    """Limits of a post."""

    max_characters: Annotated[
        int,
        Meta(description="Most characters of a post; a link counts 23.", ge=100, le=100_000),
    ] = 1000
    max_media: Annotated[int, Meta(description="Most pictures on a post.", ge=0, le=16)] = 4
    max_mentions: Annotated[
        int, Meta(description="Most people that one post can mention.", ge=1, le=1000)
    ] = 50
    max_pins: Annotated[int, Meta(description="Most posts pinned to a profile.", ge=0)] = 5
    max_scheduled: Annotated[
        int, Meta(description="Most posts that one member can have scheduled.", ge=0)
    ] = 300
    max_scheduled_a_day: Annotated[
        int, Meta(description="Most posts that one member can schedule for one day (UTC).", ge=0)
    ] = 25
    max_poll_options: Annotated[int, Meta(description="Most options of a poll.", ge=2, le=32)] = 4
    max_poll_option_characters: Annotated[
        int, Meta(description="Most characters of an option of a poll.", ge=1, le=500)
    ] = 50
    min_poll_seconds: Annotated[
        int, Meta(description="Shortest time that a poll can run, in seconds.", ge=60)
    ] = 300
    max_poll_seconds: Annotated[
        int, Meta(description="Longest time that a poll can run, in seconds.", ge=3600)
    ] = 2_629_746


class Accounts(Section, frozen=True):
    """Start values and limits for accounts."""

    registrations: Annotated[
        Literal["open", "approval", "invite", "closed"],
        Meta(
            description="Who may sign up when the server starts for the first time; operators "
            "change it later in the console."
        ),
    ] = "open"
    max_display_name: Annotated[
        int, Meta(description="Most characters of a display name.", ge=1, le=200)
    ] = 30
    max_bio: Annotated[
        int, Meta(description="Most characters of a profile's text.", ge=0, le=10_000)
    ] = 500
    max_fields: Annotated[int, Meta(description="Fields of a profile.", ge=0, le=20)] = 4
    max_field_characters: Annotated[
        int, Meta(description="Most characters of a field's name or value.", ge=1, le=5000)
    ] = 255
    min_password: Annotated[
        int, Meta(description="Fewest characters of a password.", ge=8, le=64)
    ] = 8
    leaving_days: Annotated[
        int,
        Meta(
            description="Days in which members who delete their account may still keep it; "
            "0: it is deleted at once.",
            ge=0,
            le=90,
        ),
    ] = 14
    archive_days: Annotated[
        int, Meta(description="Days after which a member's archive is deleted.", ge=1, le=90)
    ] = 7
    import_follows_a_day: Annotated[
        int,
        Meta(
            description="How many accounts a member newly follows in a day by bringing in a file; "
            "the rest goes on the next day.",
            ge=1,
            le=20_000,
        ),
    ] = 400
    session_days: Annotated[
        int, Meta(description="Days after which an unused browser session ends.", ge=1)
    ] = 90


class Limits(Section, frozen=True):
    """Rate limits."""

    scale: Annotated[
        float, Meta(description="Factor on every rate limit; 0: no rate limits.", ge=0)
    ] = 1.0
    trusted: Annotated[
        tuple[str, ...],
        Meta(description="Addresses or networks (CIDR) that no rate limit holds for."),
    ] = ()


class Jobs(Section, frozen=True):
    """Background work, see [jobs](jobs.md)."""

    concurrency: Annotated[
        int, Meta(description="Jobs that one worker process runs at a time.", ge=1, le=256)
    ] = 8
    poll_ms: Annotated[
        int,
        Meta(description="Milliseconds between looks for due jobs when nobody wakes us.", ge=50),
    ] = 1000


class Push(Section, frozen=True):
    """Messages to devices, see [push](push.md)."""

    token_key: Annotated[
        str,
        Meta(
            description="What the tokens of devices are sealed with, 32 characters at least; "
            "empty: a key that is made and kept in `push.key` in the data directory. Several "
            "machines on one database need the same.",
            pattern="^(.{32,})?$",
            extra=_SECRET,
        ),
    ] = ""


class Images(Section, frozen=True):
    """The child processes that read and write pictures."""

    children: Annotated[int, Meta(description="Child processes for pictures.", ge=1, le=64)] = 1
    deadline_s: Annotated[
        float, Meta(description="Seconds one picture may take before its child is ended.", gt=0)
    ] = 20.0
    memory_mb: Annotated[
        int, Meta(description="Memory in megabytes one child may take.", ge=128)
    ] = 768
    sandbox: Annotated[
        bool,
        Meta(
            description="Let the kernel bar the children from files, the network and other "
            "programs, where it can; switch it off only if `rostra doctor` says that pictures fail."
        ),
    ] = True


class Video(Section, frozen=True):
    """Video and audio, which `ffmpeg` converts where it is installed; see [media](media.md)."""

    max_bytes: Annotated[
        int, Meta(description="Largest video or audio file that is accepted, in bytes.", ge=65_536)
    ] = 103_809_024
    max_pixels: Annotated[
        int, Meta(description="Most pixels (width x height) of a video.", ge=65_536)
    ] = 8_294_400
    max_frame_rate: Annotated[
        int, Meta(description="Most frames a second of a video.", ge=1, le=1000)
    ] = 120
    max_seconds: Annotated[
        int, Meta(description="Longest video or audio, in seconds.", ge=1, le=86_400)
    ] = 7200
    at_once: Annotated[
        int,
        Meta(description="Files converted at the same time, over all processes.", ge=1, le=64),
    ] = 1
    deadline_s: Annotated[
        float,
        Meta(description="Seconds one conversion may take before it is ended.", gt=0, le=3000),
    ] = 900.0
    memory_mb: Annotated[
        int, Meta(description="Memory in megabytes one conversion may take.", ge=256)
    ] = 2048
    wait_s: Annotated[
        float,
        Meta(
            description="Seconds that an old client or a page waits for a conversion before it is "
            "told to come back.",
            ge=0,
            le=60,
        ),
    ] = 20.0


class Previews(Section, frozen=True):
    """Previews of links."""

    fetch: Annotated[bool, Meta(description="Whether links in posts are fetched at all.")] = True
    delay_s: Annotated[
        int,
        Meta(description="Longest time in seconds before a link is fetched, by chance.", ge=0),
    ] = 60
    calls_per_minute: Annotated[
        int,
        Meta(description="Most calls to one domain within a minute, by all members.", ge=1),
    ] = 20


class Trends(Section, frozen=True):
    """What counts as talked about; see [trends](trends.md)."""

    half_life_h: Annotated[
        float,
        Meta(description="Hours after which somebody's word counts half.", ge=0.5, le=24),
    ] = 6.0
    least_people: Annotated[
        int, Meta(description="Fewest people who make a trend.", ge=2, le=10_000)
    ] = 3


class Log(Section, frozen=True):
    """What is written to standard error."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="Least level that is written."),
    ] = "info"
    format: Annotated[
        Literal["auto", "console", "json"],
        Meta(description="`console` for people, `json` for machines, `auto`: by the terminal."),
    ] = "auto"


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
    log: Log = Log()

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
    def media_url(self) -> str:
        """Address before a blob's key, without a slash at the end."""
        return self.media.public_url or f"{self.site.base_url}/media"

    @property
    def streaming_port(self) -> int:
        """The port of the streams; 0: there are none."""
        port = self.streaming.port
        return self.server.port + STREAMING_ABOVE if port < 0 else port

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


ABOUT = """\
No setting is needed to start. Where several sources give the same one, the last of these holds:

1. the default,
2. the file `rostra.toml` in the data directory (or the one named by `--config` or `ROSTRA_CONFIG`),
3. the environment,
4. the command line (`--data`).

`base_url` under `[site]` in the file is `ROSTRA_SITE_BASE_URL` (or `ROSTRA_SITE__BASE_URL`) in the
environment; lists are separated by commas there. A secret may stand in a file of its own: put
`_file` behind its name (`password_file`, `ROSTRA_MAIL_PASSWORD_FILE`) and give the path. An unknown
key or a bad value stops the start, with the key and its source in the message.

This page is printed by `python -m rostra.settings`.
"""


if __name__ == "__main__":
    sys.stdout.write(page(Settings, ABOUT))
