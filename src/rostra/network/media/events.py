"""What this slice tells the others."""

import msgspec


class MediaUploaded(msgspec.Struct, frozen=True):
    """A file was taken in; no post shows it yet."""

    media_id: int
    account_id: int


class CoverChanged(msgspec.Struct, frozen=True):
    """Another picture stands for a file, by its owner's choice; a post may show it already."""

    media_id: int
    account_id: int


class MediaAttached(msgspec.Struct, frozen=True):
    """A post shows these files now, or still does after an edit."""

    post_id: int
    media_ids: tuple[int, ...]


class MediaRemoved(msgspec.Struct, frozen=True):
    """The rows of these files are gone; what is stored goes by a job."""

    media_ids: tuple[int, ...]


class MediaRestricted(msgspec.Struct, frozen=True):
    """Decisions have withheld media of these posts, or show them again."""

    post_ids: tuple[int, ...]
