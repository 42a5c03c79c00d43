"""Settings of what keeps a network from being lost with its host."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from rostra.settings.sources import Section


class Hosting(Section, frozen=True):
    """Places at other parties, and the fence between copies, see [the fence](fence.md)."""

    places: Annotated[
        Path | None,
        Meta(
            description="The file that names the places, see [places](places.md). It must not lie "
            "in the data directory. Without it there is no fence: nothing keeps a copy of this "
            "installation from writing beside it."
        ),
    ] = None
    host: Annotated[
        str, Meta(description="What this machine is called where somebody else asks who writes.")
    ] = ""
    party: Annotated[
        str, Meta(description="Who owns this machine; a place of the same party is pointed out.")
    ] = ""
    copy_hours: Annotated[
        int,
        Meta(
            description="Hours between two copies at all places, once `rostra ark init` has made "
            "keys; 0: only by hand, see [the ark](ark.md).",
            ge=0,
            le=168,
        ),
    ] = 6
    open_days: Annotated[
        int,
        Meta(
            description="Days after which the open export is made anew that each copy takes along "
            "as a second format, see [export](export.md); 0: there is none.",
            ge=0,
            le=30,
        ),
    ] = 7
    software: Annotated[
        bool,
        Meta(
            description="Whether copies take the software along, as wheels with a lock file: what "
            "is restored can be run where no registry answers."
        ),
    ] = True
    drill_hours: Annotated[
        int,
        Meta(
            description="Hours between two drills of this host, once there are copies; 0: only by "
            "hand, see [the drill](drill.md).",
            ge=0,
            le=720,
        ),
    ] = 24
    drill_folder: Annotated[
        Path | None,
        Meta(
            description="Where drills make their throw-away directories, which hold the network "
            "unsealed: a folder of this installation alone, for what an ended drill has left "
            "there is removed; without it `ark` in the data directory."
        ),
    ] = None
    keep_days: Annotated[
        int,
        Meta(
            description="Days that copies are kept: what was deleted here is gone from all of "
            "them after as many, from the open export in them `open_days` later.",
            ge=1,
            le=30,
        ),
    ] = 7
    lease_s: Annotated[
        int,
        Meta(
            description="Seconds that this installation goes on writing while too few places "
            "answer. Whoever takes over by force waits as long, and a quarter more.",
            ge=5,
            le=300,
        ),
    ] = 20
    log_s: Annotated[
        int,
        Meta(
            description="Seconds between two looks at what was written, which is then sent to all "
            "places (SQLite, once there are keys); 0: only the copies are sent.",
            ge=0,
            le=3_600,
        ),
    ] = 1
    lag_s: Annotated[
        int,
        Meta(
            description="Seconds that something written may wait until most places have it. "
            "Beyond that the site is read-only until they do; 0: it is never.",
            ge=0,
            le=86_400,
        ),
    ] = 300
    wait_s: Annotated[
        int,
        Meta(
            description="Deletions, blocks, decisions, passwords and the like (what the journal "
            "notes) are answered when most places (of two: one) have them, or as a failure after "
            "so many seconds; 0: at once, as everything else.",
            ge=0,
            le=300,
        ),
    ] = 10
