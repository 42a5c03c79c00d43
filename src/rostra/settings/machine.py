"""What the server runs on: its ports, the database, the bus, mail, background work, the log."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from rostra.settings.sources import SECRET, Section


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
            extra=SECRET,
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
            extra=SECRET,
        ),
    ] = ""
    pool_size: Annotated[
        int, Meta(description="PostgreSQL connections a worker process holds.", ge=2, le=200)
    ] = 8
    slow_threads: Annotated[
        int,
        Meta(description="Threads for slow reads (search, exports) on SQLite.", ge=1, le=16),
    ] = 2


class Mail(Section, frozen=True):
    """Outgoing mail. Without a host no mail is sent, and new addresses need no confirmation."""

    host: Annotated[str, Meta(description="Host of the SMTP server; empty: no mail.")] = ""
    port: Annotated[int, Meta(description="Port of the SMTP server.", ge=1, le=65535)] = 587
    tls: Annotated[
        Literal["starttls", "implicit", "none"],
        Meta(description="`starttls` (port 587), `implicit` (port 465) or `none` (local relays)."),
    ] = "starttls"
    user: Annotated[str, Meta(description="Name to sign in with; empty: no sign-in.")] = ""
    password: Annotated[str, Meta(description="Password to sign in with.", extra=SECRET)] = ""
    sender: Annotated[
        str, Meta(description="Sender of all mail; empty: `rostra@` and the site's domain.")
    ] = msgspec.field(default="", name="from")
    timeout_s: Annotated[
        float, Meta(description="Seconds a mail may take to be handed over.", gt=0)
    ] = 20.0


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
            extra=SECRET,
        ),
    ] = ""
    allowed_networks: Annotated[
        tuple[str, ...],
        Meta(
            description="Networks (CIDR) whose push services are called although they are not "
            "public, such as that of a distributor of your own. Link-local addresses and the "
            "metadata of cloud providers only where one is named alone (`/32`, `/128`)."
        ),
    ] = ()
    allowed_ports: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=65535)], ...],
        Meta(
            description="TCP ports that are called in these networks, by https or http; outside "
            "of them it is https on port 443 alone."
        ),
    ] = (443,)


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
