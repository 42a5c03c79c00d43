"""The parts of screening in the console: one menu for all of its pages."""

from typing import Final

from rostra.safety.team.model import Actor, Permission
from rostra.web.views.parts import Tab

SCREENING: Final = "/console/screening"
_PARTS: Final = (
    ("signals", "Signals", f"{SCREENING}/signals", Permission.RECORD),
    ("rules", "Rules", f"{SCREENING}/rules", Permission.RECORD),
    ("held", "Held", f"{SCREENING}/held", Permission.SEE_CASES),
    ("reviews", "Second looks", f"{SCREENING}/reviews", Permission.RECORD),
    ("lists", "Lists", "/console/lists", Permission.RECORD),
    ("banks", "Banks", "/console/banks", Permission.SEE_CASES),
    ("adapters", "Adapters", f"{SCREENING}/adapters", Permission.SEE_CASES),
)


def parts(current: str, actor: Actor) -> tuple[Tab, ...]:
    """Those that are theirs to see."""
    return tuple(
        Tab(label=label, url=url, current=name == current)
        for name, label, url, permission in _PARTS
        if actor.may(permission)
    )
