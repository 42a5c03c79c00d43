"""Libraries that are loaded when they are first used: large ones that most processes never need."""

import sys
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType


def lazily(name: str) -> ModuleType:
    """The module of this name; it is read and run when something is first asked of it.

    Raises:
        ModuleNotFoundError: it is not installed, said at once.
    """
    known = sys.modules.get(name)
    if known is not None:
        return known
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class ExtraMissing(Exception):
    """Something asks for a library that this installation lacks; the words say what to install."""


def extra(name: str, of: str) -> ModuleType:
    """The module of this name, that an extra of this program brings; read and run now.

    Raises:
        ExtraMissing: the extra is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise ExtraMissing(f"this needs {name}: install rostra[{of}]") from error
