"""What can be reported, decided on and restricted."""

from enum import IntEnum
from typing import NamedTuple


class SubjectKind(IntEnum):
    """Sorts of subjects; the numbers stand in rows."""

    POST = 1
    ACCOUNT = 2
    MEDIA = 3

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Subject(NamedTuple):
    """One thing to decide on."""

    kind: int  # a `SubjectKind`
    id: int
