"""The software itself, in the data directory: each copy takes it along, as it does all files there.

A restored network needs the program that it was written by, on a day on which its registry may be
out of reach, and its version gone.
"""

import os
import shutil
import sys
import tarfile
import tempfile
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Final

import structlog

from rostra import __version__
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.wheels import ROOT, Wheel, fingerprint, installed, write_wheel

FILE: Final = "software.tar"
LOCK_FILE: Final = "requirements.txt"
_NEW: Final = ".software.new.tar"  # what begins with a dot is in no copy
_KNOWN: Final = "software"  # beside the keys: what the file was made of
_log = structlog.get_logger("rostra.ark")


def keep_software(data_dir: Path, root: str = ROOT) -> bool:
    """Make the archive anew where something else is installed than it was made of.

    What fails is told and tried again with the next copy; it keeps none from being made.

    Args:
        data_dir: of the installation, with the keys of an ark.
        root: the distribution that is wanted, with all that it needs.

    Returns:
        Whether it was made.
    """
    kept, known = data_dir / FILE, data_dir / ark_keys.FOLDER / _KNOWN
    try:
        now = fingerprint(root)
        if kept.exists() and known.exists() and known.read_text(encoding="ascii") == now:
            return False
        new = data_dir / _NEW
        write_software(new, root)
        new.replace(kept)
        known.write_text(now, encoding="ascii")
    except (OSError, PackageNotFoundError, ValueError) as error:
        _log.warning("software_not_kept", reason=str(error) or type(error).__name__)
        return False
    return True


def write_software(path: Path, root: str = ROOT) -> list[Wheel]:
    """Write the archive: a wheel for each distribution, and the file that locks them.

    Args:
        path: of the archive, a tar.
        root: the distribution that is wanted, with all that it needs.

    Raises:
        OSError: something can't be read or written.
        PackageNotFoundError: the root is not installed.
    """
    folder = Path(tempfile.mkdtemp(prefix=".software-", dir=path.parent))
    try:
        wheels = [write_wheel(each, folder) for each in installed(root)]
        lock = "".join(f"{each.line}\n" for each in wheels)
        (folder / LOCK_FILE).write_text(lock, encoding="utf-8")
        (folder / "README").write_text(_readme(root), encoding="utf-8")
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
            for each in sorted(folder.iterdir()):
                archive.add(each, f"software/{each.name}", filter=_plain)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return wheels


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """The same files give the same archive, whoever packs them and when."""
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    info.mode = 0o644
    return info


def _readme(root: str) -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"Rostra {__version__} with all that it needs, for Python {version} on {sys.platform},"
        f" {os.uname().machine}. No registry is asked:\n\n"
        f"  python{version} -m venv venv\n"
        f"  venv/bin/python -m pip install --no-index --find-links software --require-hashes"
        f" -r software/{LOCK_FILE}\n"
        f"  venv/bin/{root} --help\n"
    )
