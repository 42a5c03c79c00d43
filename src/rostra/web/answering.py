"""Who may answer, as one choice of a form: the rest of an interaction policy stays as it is."""

from typing import Final

from msgspec.structs import replace

from rostra.kernel.errors import Invalid
from rostra.network.posts.interaction import NOBODY, Circle, InteractionPolicy, Rule
from rostra.web.views.approvals import ANSWERERS, AS_IT_IS
from rostra.web.views.forms import Option

_RULES: Final = {
    "public": Rule(),
    "followers": Rule(Circle.FOLLOWERS),
    "following": Rule(Circle.FOLLOWING),
    "mentioned": Rule(NOBODY),
    "ask": Rule(NOBODY, Circle.PUBLIC),
}


def choice_of(packed: int) -> str:
    """The choice that a packed policy stands for; empty where only apps can make such a rule."""
    rule = InteractionPolicy.unpack(packed).reply
    # Whom a post mentions always may, whether that is said or not.
    rule = Rule(rule.automatic & ~Circle.MENTIONED, rule.manual & ~Circle.MENTIONED)
    return next((name for name, known in _RULES.items() if known == rule), "")


def chosen(name: str, packed: int) -> int:
    """A packed policy with another choice; an empty one leaves it as it is.

    Raises:
        Invalid: naming ``answerers``; there is no such choice.
    """
    if not name:
        return packed
    if name not in _RULES:
        raise Invalid("answerers", "is not one of the choices", "ERR_INCLUSION")
    return replace(InteractionPolicy.unpack(packed), reply=_RULES[name]).pack()


def options_for(value: str) -> tuple[Option, ...]:
    """The choices, with the one that stands there already."""
    return tuple(ANSWERERS) if value else (AS_IT_IS, *ANSWERERS)
