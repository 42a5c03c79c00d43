"""`python -m rostra.settings` prints `docs/settings.md`."""

import sys

from rostra.settings import Settings
from rostra.settings.page import page

if __name__ == "__main__":
    sys.stdout.write(page(Settings))
