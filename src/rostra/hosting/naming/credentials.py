"""The file with what a provider asks for. It is none of the data, whose copies hold no keys."""

import os
import stat
import tomllib
from pathlib import Path
from urllib.parse import quote, quote_plus

from rostra.hosting.naming.model import NamingError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SHORT = 6  # what is shorter may stand in a sentence by chance, and its gaps would tell it


class Credentials(dict[str, str]):
    """Options of a provider by name. They don't show when they are printed."""

    def __repr__(self) -> str:
        return f"Credentials({', '.join(self)})"

    def hidden_in(self, text: str) -> str:
        """A text from elsewhere without any of them; empty: nothing of it can be told safely."""
        forms = {form for value in self.values() if value for form in _forms(value)}
        # The longest first: what is left of one whose beginning is another would tell the rest.
        for form in sorted(forms, key=len, reverse=True):
            if len(form) >= _SHORT:
                text = text.replace(form, "***")
        return "" if any(form in text for form in forms if len(form) < _SHORT) else text


def _forms(value: str) -> set[str]:
    """As it stands in addresses, bodies and what Python shows of them."""
    return {value, quote(value), quote(value, safe=""), quote_plus(value), repr(value)[1:-1]}


def read_credentials(path: Path | None, *, setting: str, data_dir: Path) -> Credentials:
    """The options in a file: lines of `name = "value"`.

    Args:
        path: the file.
        setting: the setting that names it, for what is told.
        data_dir: the data directory, in which it must not lie.

    Raises:
        NamingError: there is none, others may read it, or it says something else.
    """
    if path is None:
        raise NamingError(f"{setting} is not set: the file with what the provider asks for")
    if path.resolve().is_relative_to(data_dir.resolve()):
        raise NamingError(
            f"{setting}: {path} lies in the data directory: a copy of the data would hold the key"
            " to your names; put it elsewhere"
        )
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            content = file.read()
        document = tomllib.loads(content.decode())
    except OSError as error:
        raise NamingError(f"{setting}: {path} can't be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise NamingError(f"{setting}: {path} can't be read: {error}") from error
    if mode & _OTHERS:
        raise NamingError(f"{setting}: others may read {path}: chmod 600 {path}")
    for name, value in document.items():
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise NamingError(f'{setting}: {path}: {name} must be a text: {name} = "…"')
    return Credentials({name: str(value) for name, value in document.items()})
