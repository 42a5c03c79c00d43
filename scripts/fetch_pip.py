"""Unpack pip, at a pinned version, into the folder named: for a Python that came without it.

Debian's python3 has neither pip nor venv, and who is not root can't install them. Needs nothing but
the standard library.
"""

import hashlib
import io
import sys
import urllib.request
import zipfile

WHEEL = (
    "https://files.pythonhosted.org/packages/07/25/"
    "ee8c38ae72d66b844ce8eb9711ba905dba21ca1a8a0c960057c41cd23337/pip-26.3-py3-none-any.whl"
)
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DEADLINE_S = 60


def main(folder: str) -> None:
    """Fetch, compare with the hash, unpack; leaves nothing behind where that fails."""
    try:
        with urllib.request.urlopen(WHEEL, timeout=DEADLINE_S) as answer:
            wheel = answer.read()
    except OSError as error:
        sys.exit(f"{WHEEL}: {error}")
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        sys.exit(f"{WHEEL} is not the pip that was asked for")
    zipfile.ZipFile(io.BytesIO(wheel)).extractall(folder)


if __name__ == "__main__":
    main(sys.argv[1])
