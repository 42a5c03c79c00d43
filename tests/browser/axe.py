"""axe-core, the accessibility checker, fetched once from the npm registry into `.tools/`."""

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

VERSION = "4.14.1"
FOLDER = Path(__file__).parents[2] / ".tools" / f"axe-core-{VERSION}"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


def script() -> str | None:
    """Return the checker's source, or None where it is not there and can't be fetched."""
    target = FOLDER / "axe.min.js"
    if not target.exists() and not _fetch(target):
        return None
    text = target.read_bytes()
    if hashlib.sha256(text).hexdigest() != SHA256:
        raise ValueError(f"{target} is not axe-core {VERSION}")
    return text.decode()


def _fetch(target: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--silent", f"axe-core@{VERSION}"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, timeout=120, check=False)  # noqa: S603 - a fixed command
    if done.returncode != 0:
        return False
    package = FOLDER / f"axe-core-{VERSION}.tgz"
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/axe.min.js")
        if member is None:
            return False
        target.write_bytes(member.read())
    package.unlink()
    return True
