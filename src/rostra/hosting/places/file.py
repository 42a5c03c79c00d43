"""The file that names the places. It is none of the data, whose copies hold no keys to them."""

import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from rostra.hosting.places.model import Place

MOST: Final = 9
_LONGEST_NAME: Final = 40


class PlacesError(Exception):
    """The file can't be used; the text names the place, the field and what would be right."""


def read_places(path: Path, *, data_dir: Path) -> tuple[Place, ...]:
    """The places in a file, in its order.

    ```toml
    [[place]]
    name = "north"
    party = "Example Storage"
    store = "s3://bucket/prefix"
    account = "…"
    credentials_file = "north.key"   # or credentials = "…"
    endpoint = "https://s3.example.net"
    ```

    Args:
        path: the file.
        data_dir: the data directory, in which it must not lie.

    Raises:
        PlacesError: it can't be read, or says something that no place has.
    """
    _not_inside(path, data_dir)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlacesError(f"{path} can't be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlacesError(f"{path} can't be read: {error}") from error
    given = document.pop("place", [])
    if document or not isinstance(given, list):
        raise PlacesError(f"{path} holds [[place]] and nothing else")
    places = tuple(_place(path, number, each, data_dir) for number, each in enumerate(given, 1))
    _check(path, places)
    return places


def _not_inside(path: Path, data_dir: Path) -> None:
    if path.resolve().is_relative_to(data_dir.resolve()):
        raise PlacesError(
            f"{path} lies in the data directory: a copy of the data would hold the keys to places;"
            " put it elsewhere"
        )


def _place(path: Path, number: int, given: Any, data_dir: Path) -> Place:
    if not isinstance(given, dict):
        raise PlacesError(f"{path}: [[place]] {number} is no table")
    called = f"place {given.get('name') or number}"
    known = {field.name for field in msgspec.structs.fields(Place)}
    for field in given:
        if field not in known | {"credentials_file"}:
            raise PlacesError(f"{path}: {called}: there is no {field}; there are {_list(known)}")
    pointer = given.pop("credentials_file", None)
    if pointer is not None:
        if "credentials" in given:
            raise PlacesError(f"{path}: {called}: credentials and credentials_file are both given")
        _not_inside(path.parent / str(pointer), data_dir)
        given["credentials"] = _secret(path, called, str(pointer))
    try:
        place = msgspec.convert(given, Place)
    except msgspec.ValidationError as error:
        raise PlacesError(f"{path}: {called}: {error}") from error
    for field in ("name", "party", "store"):
        if not getattr(place, field).strip():
            raise PlacesError(f"{path}: {called}: {field} is empty")
    if len(place.name) > _LONGEST_NAME or not place.name.replace("-", "a").isalnum():
        form = f"a name is letters, digits and -, {_LONGEST_NAME} at most"
        raise PlacesError(f"{path}: {called}: {form}")
    return place


def _secret(path: Path, called: str, pointer: str) -> str:
    try:
        return (path.parent / pointer).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PlacesError(f"{path}: {called}: credentials_file can't be read: {error}") from error


def _check(path: Path, places: tuple[Place, ...]) -> None:
    if len(places) > MOST:
        raise PlacesError(f"{path}: there are {len(places)} places; {MOST} is the most")
    for field in ("name", "store"):
        seen: set[tuple[str, str]] = set()
        for place in places:
            # Two providers may have buckets of one name.
            said = (getattr(place, field), "" if field == "name" else place.endpoint)
            if said in seen:
                raise PlacesError(f"{path}: place {place.name}: {field} {said[0]} is there twice")
            seen.add(said)


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names))


def shared_parties(places: tuple[Place, ...], host_party: str) -> list[str]:
    """What the operator should know of who owns the places, a sentence each."""
    by_party: dict[str, list[str]] = {}
    for place in places:
        by_party.setdefault(place.party.strip().casefold(), []).append(place.name)
    told = [
        f"{' and '.join(names)} belong to one party: they are lost together"
        for names in by_party.values()
        if len(names) > 1
    ]
    own = by_party.get(host_party.strip().casefold(), []) if host_party.strip() else []
    told += [f"{name} belongs to the host: it is lost with this machine" for name in own]
    return told
