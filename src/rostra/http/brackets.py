"""Flat form names with Rails brackets into nested dicts.

`poll[options][]=a&poll[options][]=b` becomes `{"poll": {"options": ["a", "b"]}}`;
`fields_attributes[0][name]=x` becomes `{"fields_attributes": {"0": {"name": "x"}}}` (the
parameter's type says later that it is a list); `keywords_attributes[][keyword]=a` opens a new
element whenever a name repeats, as Rails does. Hostile names are bounded: number, depth, length.
"""

from collections.abc import Iterable
from typing import Any, Final

from rostra.http.failures import BadRequest

MAX_NAMES: Final = 1000
MAX_DEPTH: Final = 6
MAX_NAME_LENGTH: Final = 256

Tree = dict[str, Any]


def path_of(name: str) -> tuple[str, ...]:
    """`a[b][]` as `("a", "b", "")`. A name whose brackets do not pair is taken literally.

    No parameter is a list of lists: `a[][]` is `a[]`.

    Raises:
        BadRequest: the name is too long or nests too deep.
    """
    if len(name) > MAX_NAME_LENGTH:
        raise BadRequest("A parameter name is too long")
    head, bracket, tail = name.partition("[")
    if not bracket:
        return (name,)
    if not head or not tail.endswith("]"):
        return (name,)
    parts = tail[:-1].split("][")
    if any("[" in part or "]" in part for part in parts):
        return (name,)
    while parts[-2:] == ["", ""]:  # `id[][]`: some clients put the brackets there twice
        parts.pop()
    if len(parts) >= MAX_DEPTH:
        raise BadRequest("A parameter nests too deep")
    return (head, *parts)


def nest(pairs: Iterable[tuple[str, Any]]) -> Tree:
    """The nested form of name and value pairs; of a repeated plain name the last value stands.

    Raises:
        BadRequest: too many names, or one name used as two kinds of thing (`a=1&a[b]=2`).
    """
    tree: Tree = {}
    for count, (name, value) in enumerate(pairs, 1):
        if count > MAX_NAMES:
            raise BadRequest("Too many parameters")
        if "[" in name:
            _put(tree, path_of(name), value)
        elif isinstance(tree.get(name), dict | list):
            raise _clash(name)
        else:
            tree[name] = value
    return tree


def _put(tree: Tree, path: tuple[str, ...], value: Any) -> None:
    here = tree
    last = len(path) - 1
    at = 0
    while at < last:
        name, following = path[at], path[at + 1]
        if following == "":
            items = here.setdefault(name, [])
            if not isinstance(items, list):
                raise _clash(name)
            if at + 1 == last:
                items.append(value)
                return
            here = _element(items, path[at + 2 :])
            at += 2
            continue
        child = here.setdefault(name, {})
        if not isinstance(child, dict):
            raise _clash(name)
        here = child
        at += 1
    if isinstance(here.get(path[last]), dict | list):
        raise _clash(path[last])
    here[path[last]] = value


def _element(items: list[Any], rest: tuple[str, ...]) -> Tree:
    """The element that `name[][rest…]` speaks of: the last one, unless it has that already."""
    if items and not isinstance(items[-1], dict):
        raise _clash(rest[0])
    if not items or _holds(items[-1], rest):
        items.append({})
    element: Tree = items[-1]
    return element


def _holds(tree: Any, path: tuple[str, ...]) -> bool:
    for part in path:
        if part == "":
            return False
        if not isinstance(tree, dict) or part not in tree:
            return False
        tree = tree[part]
    return True


def _clash(name: str) -> BadRequest:
    return BadRequest(f"Parameter {name[:40]} is used in two ways")
