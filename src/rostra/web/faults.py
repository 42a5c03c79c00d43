"""Errors of the network as words beside the fields of a form."""

from collections.abc import Mapping

from rostra.kernel.errors import Invalid, RostraError
from rostra.web.views.forms import Form

_LIKE_THIS = ("can't", "is", "has", "must", "does", "exceeds", "looks")
_LINES_SHOWN = 5


def form_of(
    values: Mapping[str, str], error: RostraError, names: Mapping[str, str] | None = None
) -> Form:
    """The form as it was typed, with what is wrong.

    Args:
        values: what was typed; no passwords.
        error: what the network said.
        names: fields of the form by the network's names, where they differ.
    """
    renamed = names or {}
    errors: dict[str, str] = {}
    message = ""
    if isinstance(error, Invalid) and error.details:
        for field, faults in error.details.items():
            words = sentence(faults[0]["description"])
            if field == "base":
                message = words
            else:
                errors[renamed.get(field, field)] = words
    else:
        message = sentence(error.safe)
    return Form(values=values, errors=errors, message=message)


def of_lines(error: RostraError, field: str) -> str:
    """All that is wrong with the lines of a field, a sentence each; of many, the first five."""
    faults = error.details.get(field, []) if isinstance(error, Invalid) else []
    told = [sentence(fault["description"]) for fault in faults[:_LINES_SHOWN]]
    more = len(faults) - len(told)
    return " ".join([*told, f"And {more} more."] if more else told)


def sentence(words: str) -> str:
    """A fault as a sentence: `can't be blank` becomes `This can't be blank.`."""
    text = words.strip()
    if text.startswith(tuple(f"{word} " for word in _LIKE_THIS)):
        text = f"This {text}"
    elif text.startswith("are "):
        text = f"These {text}"
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ")")) else f"{text}."
