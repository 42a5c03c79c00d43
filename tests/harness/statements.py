"""Every statement of the program, found in the modules that hold them."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

import rostra.network
import rostra.safety
from rostra.store.query import Query


def statements() -> Iterator[tuple[str, Query[Any]]]:
    """Every statement of the network and of moderation, by where it stands."""
    for part in (rostra.network, rostra.safety):
        start = f"{part.__name__}."
        for module in pkgutil.walk_packages(part.__path__, start):
            if "queries" not in module.name:
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                for label, statement in _queries_in(value):
                    yield f"{module.name.removeprefix(start)}.{name}{label}", statement


def _queries_in(value: Any) -> Iterator[tuple[str, Query[Any]]]:
    if isinstance(value, Query):
        yield "", value
    elif isinstance(value, Mapping):
        yield from _queries_in(list(value.values()))
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from ((f"[{number}]{label}", found) for label, found in _queries_in(item))
    elif isinstance(getattr(value, "newest", None), Query):
        yield ".newest", value.newest
        yield ".oldest", value.oldest
