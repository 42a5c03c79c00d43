"""Foreign web pages: what they say of themselves, read in a child process."""

from rostra.outside.pages.model import Page
from rostra.outside.pages.reader import PageReader

__all__ = ["Page", "PageReader"]
