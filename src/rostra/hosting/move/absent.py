"""Media that a database tells of and that are not there: after a take-over by force."""

from pathlib import Path

from rostra.hosting.ark.manifest import Entry
from rostra.hosting.ark.media.later import Later
from rostra.hosting.ark.restore import path_of
from rostra.hosting.ark.sources import DATABASE
from rostra.hosting.move.media import MEDIA
from rostra.store.named_media import named_media


def absent_media(to: Path) -> list[str]:
    """The keys of files that the database of a data directory names, and that nothing brings.

    They are neither in it nor awaited.
    """
    named = named_media(to / DATABASE)
    keys = [key for key in named if not path_of(to, Entry(MEDIA, key, 0, ())).exists()]
    later = Later(to)
    try:
        awaited = later.keys(keys)
    finally:
        later.close()
    return [key for key in keys if key not in awaited]
