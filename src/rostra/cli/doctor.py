"""`rostra doctor`: look at everything a server needs, and say what is wrong and what to do."""

import asyncio
import os
import platform
import shutil
import smtplib
import ssl
import stat
import subprocess
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path

import apsw

from rostra.cli import doctor_adapters
from rostra.cli.common import Where, say, settings_of
from rostra.cli.doctor_hosting import copies, drills, fence
from rostra.cli.doctor_names import names
from rostra.cli.doctor_parties import parties
from rostra.cli.doctor_screening import screening
from rostra.cli.findings import Finding, Findings, State
from rostra.kernel.errors import RostraError
from rostra.outside.images.workers import ImageWorkers
from rostra.settings import Settings
from rostra.store.gates import (
    EVERY_CHANNEL,
    Closing,
    EgressGate,
    file_channels,
    file_gates,
    jobs_gate,
)
from rostra.store.schema import HEAD, current_revision, failures
from rostra.store.sqlite import measure_commit

_GIB = 1 << 30
_LITTLE_DISK = 2 * _GIB
_NO_DISK = 256 << 20
_SLOW_COMMIT_S = 0.02
_COMMITS = 20
_MAIL_S = 10.0
_IMAGE_S = 30.0
_NO_JAIL = (
    "its limits hold all the same; it takes Linux with seccomp on x86_64 or aarch64, and "
    "`images.sandbox` left on"
)
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def doctor(*, where: Where | None = None) -> None:
    """Look at everything the server needs; say what is wrong and what to do.

    Changes nothing. Ends with status 1 where something must be mended, with 0 otherwise.
    """
    settings = settings_of(where)
    worst = asyncio.run(report(settings, say))
    raise SystemExit(1 if worst == "fail" else 0)


async def report(settings: Settings, line: Callable[[str], None]) -> State:
    """Look at everything, a line each; the worst state found."""
    ranks: dict[State, int] = {"ok": 0, "warn": 1, "fail": 2}
    counts: dict[State, int] = {"ok": 0, "warn": 0, "fail": 0}
    for look in LOOKS:
        async for finding in look(settings):
            counts[finding.state] += 1
            line(f"{finding.state:<5}{finding.what:<12}{finding.text}")
            if finding.advice:
                line(f"{'':<17}-> {finding.advice}")
    line("")
    line(f"{counts['ok']} ok, {counts['warn']} to look at, {counts['fail']} to mend")
    return max((state for state in counts if counts[state]), key=ranks.__getitem__)


async def versions(_settings: Settings) -> Findings:
    """This program and what it stands on."""
    yield Finding(
        "ok",
        "versions",
        f"rostra {version('rostra')}, Python {platform.python_version()}, "
        f"SQLite {apsw.sqlite_lib_version()}, {platform.system()} {platform.release()}",
    )


async def data_directory(settings: Settings) -> Findings:
    """Whether the data directory can be written, by us alone, and has room."""
    folder = settings.data_dir
    if not folder.exists():
        advice = "`rostra serve` makes it; or name another with --data"
        yield Finding("warn", "data", f"{folder} does not exist yet", advice)
        folder = next(parent for parent in folder.absolute().parents if parent.exists())
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        owner = folder.stat().st_uid
        advice = f"run as the user with the id {owner}, or give it to this one with chown"
        yield Finding("fail", "data", f"{folder} can't be written", advice)
    elif folder.stat().st_mode & _FOR_OTHERS:
        advice = f"chmod 700 {folder}"
        yield Finding("warn", "data", f"{folder} can be read by other users", advice)
    else:
        yield Finding("ok", "data", str(folder))
    free = shutil.disk_usage(folder).free
    state: State = "ok" if free > _LITTLE_DISK else "warn" if free > _NO_DISK else "fail"
    advice = "" if state == "ok" else "make room, or move the data directory to a larger disk"
    yield Finding(state, "disk", f"{free / _GIB:.1f} GiB free", advice)


async def clock(settings: Settings) -> Findings:
    """Whether the clock can be right: not before this program was made, nor before the data."""
    now = time.time()
    newest = _newest(settings)
    shown = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    if now < newest - 60:
        advice = "set it, and keep it right with an NTP client (systemd-timesyncd, chrony)"
        yield Finding("fail", "clock", f"{shown} lies before files that are there", advice)
    else:
        yield Finding("ok", "clock", shown)


def _newest(settings: Settings) -> float:
    names = ("rostra.sqlite3", "rostra.sqlite3-wal")
    paths = [Path(__file__), *(settings.data_dir / name for name in names)]
    return max(path.stat().st_mtime for path in paths if path.exists())


async def database(settings: Settings) -> Findings:
    """Whether the database answers, has the right schema and commits fast."""
    url = settings.database_url
    kind = "SQLite file" if url.startswith("sqlite") else "PostgreSQL"
    try:
        revision = await current_revision(url)
    except failures() as error:
        advice = "start it, or correct `database.url`"
        yield Finding("fail", "database", f"{kind} can't be reached: {error}", advice)
        return
    if revision is None:
        advice = "`rostra serve` or `rostra migrate` makes it"
        yield Finding("warn", "database", f"{kind} has no schema yet", advice)
    elif revision != HEAD:
        advice = "`rostra migrate`, or just start `rostra serve`"
        if revision > HEAD:
            advice = "use the newer program that this data was made with"
        state: State = "fail" if revision > HEAD else "warn"
        yield Finding(state, "database", f"{kind}, schema {revision}, not {HEAD}", advice)
    else:
        yield Finding("ok", "database", f"{kind}, schema {revision}")
    if url.startswith("sqlite") and settings.data_dir.exists():
        async for finding in _commit(settings.data_dir):
            yield finding


async def _commit(folder: Path) -> Findings:
    """Beside the data, in a file of its own, so that nothing of the server's is touched."""
    probe = folder / f".commit-probe-{os.getpid()}.sqlite3"
    try:
        seconds = await asyncio.to_thread(measure_commit, probe, _COMMITS)
    except failures() as error:
        yield Finding("fail", "commit", f"can't be measured: {error}", "see the line on `data`")
        return
    finally:
        _remove(folder, probe.name)
    slow = seconds > _SLOW_COMMIT_S
    advice = "every post waits that long: a faster disk (SSD, not a network share) helps"
    text = f"{seconds * 1000:.2f} ms for a durable commit"
    yield Finding("warn" if slow else "ok", "commit", text, advice if slow else "")


def _remove(folder: Path, prefix: str) -> None:
    for path in folder.glob(f"{prefix}*"):
        path.unlink()


async def mail(settings: Settings) -> Findings:
    """Whether mail is configured, and whether its server lets us in."""
    if not settings.mail.host:
        advice = "set `mail.host` so that members can reset passwords; not needed to start"
        yield Finding("ok", "mail", "not configured: addresses need no confirmation", advice)
        return
    server = f"{settings.mail.host}:{settings.mail.port}"
    try:
        await asyncio.to_thread(_sign_in, settings)
    except (OSError, smtplib.SMTPException) as error:
        advice = "check the settings under `mail`, and that this machine may reach the server"
        yield Finding("fail", "mail", f"{server}: {error}", advice)
    else:
        yield Finding("ok", "mail", f"{server} lets us in")


def _sign_in(settings: Settings) -> None:
    given = settings.mail
    timeout = min(given.timeout_s, _MAIL_S)
    context = ssl.create_default_context()
    if given.tls == "implicit":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            given.host, given.port, timeout=timeout, context=context
        )
    else:
        server = smtplib.SMTP(given.host, given.port, timeout=timeout)
    with server:
        if given.tls == "starttls":
            server.starttls(context=context)
        if given.user:
            server.login(given.user, given.password)
        server.noop()


async def pictures(settings: Settings) -> Findings:
    """Whether the child process for pictures makes variants, and ffmpeg is there."""
    workers = ImageWorkers(settings)
    try:
        async with asyncio.timeout(_IMAGE_S):
            await workers.attachment(grey_png())
    except (RostraError, TimeoutError) as error:
        advice = "reinstall rostra (pyvips-binary), and raise `images.memory_mb` if it is set low"
        yield Finding("fail", "pictures", f"the child process does not work: {error}", advice)
    else:
        barred = "barred from files and the network by the kernel"
        text = f"the child process works, {'' if workers.barred else 'not '}{barred}"
        advice = "" if workers.barred else _NO_JAIL
        yield Finding("ok", "pictures", text, advice)
    finally:
        await workers.close()
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        advice = "install it (Debian: apt-get install ffmpeg); pictures need none"
        yield Finding("ok", "ffmpeg", "not installed: video and audio are refused", advice)
        return
    if shutil.which("ffprobe") is None:
        yield Finding("warn", "ffmpeg", "there is no ffprobe beside it", "install it as well")
        return
    yield _ffmpeg(ffmpeg)


def _ffmpeg(program: str) -> Finding:
    """Which version it is, and whether it writes what browsers play."""
    command = [program, "-hide_banner", "-encoders"]
    known = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 (a fixed command)
    if " libx264 " not in known or " aac " not in known:
        advice = "install one that was built with libx264"
        return Finding("warn", "ffmpeg", "it can't write H.264 and AAC", advice)
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 (a fixed command)
    return Finding("ok", "ffmpeg", told.partition("\n")[0][:60])


def grey_png(side: int = 16) -> bytes:
    """A grey square as a PNG, written by hand: nothing here may load a picture library."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + checksum

    size = side.to_bytes(4, "big")
    rows = (b"\x00" + b"\x80" * side) * side
    head = size + size + bytes((8, 0, 0, 0, 0))  # 8 bits of grey
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


async def gates(settings: Settings) -> Findings:
    """Whether writes are accepted and things may leave the installation."""
    if not (settings.data_dir / "gates").exists():
        yield Finding("ok", "gates", "open (never closed)")
        return
    try:
        write, egress = file_gates(settings.data_dir)
        jobs = jobs_gate(settings.data_dir)
    except OSError as error:
        yield Finding("fail", "gates", f"can't be read: {error}", "see the line on `data`")
        return
    channels = file_channels(settings.data_dir)
    closed = [
        f"{name}: {closing.reason}"
        for name, closing in (
            ("writes are refused", write.closing()),
            ("nothing leaves", egress.closing(EVERY_CHANNEL)),
            *((f"no {name} leaves", _alone(egress, name)) for name in channels),
            ("no job begins", jobs.closing()),
        )
        if closing is not None
    ]
    for text in closed:
        advice = "whoever closed it opens it; by hand: `rostra admin gate open`"
        yield Finding("warn", "gates", text, advice)
    if not closed:
        yield Finding("ok", "gates", "open: writes are accepted, mail and fetches go out")


def _alone(egress: EgressGate, channel: str) -> Closing | None:
    """Why a channel is closed by itself."""
    return None if egress.closing() else egress.closing(channel)


async def addresses(settings: Settings) -> Findings:
    """Whether browsers reach the server by TLS where they come from elsewhere."""
    url = settings.site.base_url
    local = any(name in url for name in ("//127.", "//localhost", "//[::1]"))
    if url.startswith("https://") or local:
        text = f"{url}" + (" (only from this machine)" if local else "")
        yield Finding("ok", "address", text)
    else:
        advice = "put a proxy with a certificate in front and set `site.base_url` to https://..."
        yield Finding("warn", "address", f"{url} is not encrypted", advice)


async def push_services(settings: Settings) -> Findings:
    """Whether push messages go where only the operator's own machines are."""
    allowed = tuple(map(ip_network, settings.push.allowed_networks))
    if not allowed:
        yield Finding("ok", "push", "public services alone")
        return
    text = f"may also go to {', '.join(map(str, allowed))}"
    if all(network.num_addresses == 1 for network in allowed):
        yield Finding("ok", "push", text)
    else:
        advice = "members can have requests sent to all of it: name single addresses, if you can"
        yield Finding("warn", "push", text, advice)


async def adapters(settings: Settings) -> Findings:
    """Whether programs elsewhere that are asked about posts answer, as far as they were asked."""
    for well, text, advice in await doctor_adapters.adapters(settings):
        yield Finding("ok" if well else "warn", "adapters", text, advice)


Look = Callable[[Settings], Findings]
LOOKS: tuple[Look, ...] = (
    versions,
    addresses,
    data_directory,
    clock,
    database,
    mail,
    push_services,
    screening,
    adapters,
    pictures,
    gates,
    fence,
    copies,
    drills,
    names,
    parties,
)
"""What is looked at, in this order."""
