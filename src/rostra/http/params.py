"""From nested dicts to an endpoint's parameters, as leniently as Mastodon's clients need.

Each field of a params struct is shaped by its type before msgspec converts it:

- booleans from `true`, "true", "1", 1, "on"; numbers and dates from text;
- `Id`: text outside, int inside; garbage counts as not sent (in a path: 404);
- `Count` (limits, offsets): garbage counts as not sent, extremes are clamped, never an error;
- files from multipart bodies, or as text: a `data:` address in base64;
- lists from lists, from `{"0": …, "1": …}` (Rails indices) and from a single value;
- an empty text for anything that is not text counts as not sent; for text it stays, because
  clients clear a display name so; a required text must not be empty;
- unknown names are ignored.
"""

import re
import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from io import BytesIO
from typing import Annotated, Any, Final, Generic, Literal, NewType, TypeVar, Union

import msgspec

from rostra.http.body import Upload
from rostra.http.data_url import parsed
from rostra.kernel import ids
from rostra.kernel.errors import Fault, Invalid, NotFound

Id = NewType("Id", int)
Count = NewType("Count", int)

P = TypeVar("P", bound=msgspec.Struct)
Shaper = Callable[[Any, str, list[Fault]], Any]

MISSING: Final = object()
COUNT_MAX: Final = 100_000
_INT_BOUND: Final = 2**63
_INT_DIGITS: Final = 19
_LIST_MAX: Final = 1000
_TRUE = frozenset({"true", "1", "on", "t", "yes", "y"})
_FALSE = frozenset({"false", "0", "off", "f", "no", "n"})
_NOTHING = frozenset({"", "null", "undefined"})
_INTEGER = re.compile(r"[+-]?[0-9]+")
_CONVERSION = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>.*)`)?$", re.DOTALL)
_READERS: "dict[tuple[type, frozenset[str]], ParamsReader[Any]]" = {}
_BOUND = re.compile(r"of length (?P<sign><=|>=) (?P<bound>\d+)")


class NoParams(msgspec.Struct, frozen=True):
    """An endpoint without parameters."""


def params_reader(type_: type[P], path_names: frozenset[str] = frozenset()) -> "ParamsReader[P]":
    """The reader of a params struct: one for all endpoints that take the same."""
    found = _READERS.get((type_, path_names))
    if found is None:
        found = _READERS[type_, path_names] = ParamsReader(type_, path_names)
    return found


class ParamsReader(Generic[P]):
    """Reads one params struct; see :func:`params_reader`."""

    def __init__(self, type_: type[P], path_names: frozenset[str] = frozenset()) -> None:
        self.type = type_
        self.empty: P | None = type_() if not msgspec.structs.fields(type_) else None
        # What a request without parameters gives; only where sharing one object is safe.
        self.default: P | None = None
        required = any(field.required for field in msgspec.structs.fields(type_))
        if not required and not path_names and type_.__struct_config__.frozen:
            self.default = type_()
        self._shape = _struct(type_)
        self._path_names = path_names
        known = {field.encode_name for field in msgspec.structs.fields(type_)}
        if not path_names <= known:
            raise ValueError(f"{type_.__name__} lacks path parameters {path_names - known}")

    def read(self, tree: Mapping[str, Any], path: Mapping[str, str]) -> P:
        """The struct of what was sent in query and body (`tree`) and in the path.

        Raises:
            Invalid: names every field that is missing or malformed.
            NotFound: a path parameter is malformed.
        """
        faults: list[Fault] = []
        shaped = self._shape({**tree, **path} if path else tree, "", faults)
        for name in self._path_names:
            if name not in shaped or any(fault.field == name for fault in faults):
                raise NotFound(f"malformed path parameter {name}")
        if faults:
            raise Invalid.many(faults)
        try:
            return msgspec.convert(shaped, self.type, strict=False)
        except msgspec.ValidationError as error:
            fault = _fault_of(str(error))
            if fault.field in self._path_names:
                raise NotFound(f"malformed path parameter {fault.field}") from None
            raise Invalid.many([fault]) from None


def _struct(type_: type[msgspec.Struct]) -> Callable[[Any, str, list[Fault]], dict[str, Any]]:
    hints = typing.get_type_hints(type_, include_extras=True)
    plan = [
        (field.encode_name, _shaper(hints[field.name]), field.required, _bare(hints[field.name]))
        for field in msgspec.structs.fields(type_)
    ]

    def shape(value: Any, where: str, faults: list[Fault]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, shaper, required, bare in plan:
            at = f"{where}.{name}" if where else name
            before = len(faults)
            given = value.get(name, MISSING)
            shaped = MISSING if given is MISSING else shaper(given, at, faults)
            if required and (shaped is MISSING or (bare is str and shaped == "")):
                if len(faults) == before:
                    faults.append(Fault(at, "can't be blank", "ERR_BLANK"))
            elif shaped is not MISSING:
                out[name] = shaped
        return out

    return shape


def _bare(hint: Any) -> Any:
    """The type without its annotations."""
    return typing.get_args(hint)[0] if typing.get_origin(hint) is Annotated else hint


def _shaper(hint: Any) -> Shaper:
    hint = _bare(hint)
    origin = typing.get_origin(hint)
    if origin in {Union, types.UnionType}:
        return _union(typing.get_args(hint))
    if origin in {list, tuple, frozenset, set}:
        return _list(_shaper(typing.get_args(hint)[0]))
    if origin is dict:
        return _dict(_shaper(typing.get_args(hint)[1]))
    if origin is Literal or (isinstance(hint, type) and issubclass(hint, Enum)):
        return _choice
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _nested(_struct(hint))
    return _PLAIN.get(hint, _as_sent)


def _union(members: tuple[Any, ...]) -> Shaper:
    inner = [each for each in members if each not in {type(None), msgspec.UnsetType}]
    shaper = _shaper(inner[0]) if len(inner) == 1 else _as_sent
    nullable = type(None) in members

    def shape(value: Any, where: str, faults: list[Fault]) -> Any:
        if value is None:
            return None if nullable else MISSING
        return shaper(value, where, faults)

    return shape


def _list(shaper: Shaper) -> Shaper:
    def shape(value: Any, where: str, faults: list[Fault]) -> Any:
        if value is None:
            return MISSING
        if isinstance(value, dict) and all(name.isdecimal() for name in value):
            value = [value[name] for name in sorted(value, key=lambda name: (len(name), name))]
        elif not isinstance(value, list):
            value = [value]
        if len(value) > _LIST_MAX:
            faults.append(Fault(where, "has too many entries", "ERR_TOO_LONG"))
            return MISSING
        shaped = (shaper(each, f"{where}.{at}", faults) for at, each in enumerate(value))
        return [each for each in shaped if each is not MISSING and each != ""]

    return shape


def _dict(shaper: Shaper) -> Shaper:
    def shape(value: Any, where: str, faults: list[Fault]) -> Any:
        if not isinstance(value, dict):
            return _empty_or_invalid(value, where, faults)
        shaped = {name: shaper(each, f"{where}.{name}", faults) for name, each in value.items()}
        return {name: each for name, each in shaped.items() if each is not MISSING}

    return shape


def _nested(struct: Callable[[Any, str, list[Fault]], dict[str, Any]]) -> Shaper:
    def shape(value: Any, where: str, faults: list[Fault]) -> Any:
        if not isinstance(value, dict):
            return _empty_or_invalid(value, where, faults)
        return struct(value, where, faults)

    return shape


def _text(value: Any, where: str, faults: list[Fault]) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return _empty_or_invalid(value, where, faults)


def _boolean(value: Any, where: str, faults: list[Fault]) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        word = str(value).strip().lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
    return _empty_or_invalid(value, where, faults)


def _integer(value: Any, where: str, faults: list[Fault]) -> Any:
    number = _int_of(value)
    if number is not None and -_INT_BOUND <= number < _INT_BOUND:
        return number
    return _empty_or_invalid(value, where, faults)


def _float(value: Any, where: str, faults: list[Fault]) -> Any:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return _empty_or_invalid(value, where, faults)
        if number - number == 0:  # neither infinite nor not a number
            return number
    return _empty_or_invalid(value, where, faults)


def _id(value: Any, _where: str, _faults: list[Fault]) -> Any:
    if isinstance(value, str | int) and not isinstance(value, bool):
        parsed = ids.parse(str(value).strip())
        return MISSING if parsed is None else parsed
    return MISSING


def _count(value: Any, _where: str, _faults: list[Fault]) -> Any:
    number = _int_of(value)
    return MISSING if number is None else max(0, min(number, COUNT_MAX))


def _int_of(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        digits = value.strip()
        if _INTEGER.fullmatch(digits):
            # int() takes quadratic time on very long digits; these are out of every bound anyway
            return int(digits[: _INT_DIGITS + 1])
    return None


def _choice(value: Any, where: str, faults: list[Fault]) -> Any:
    if isinstance(value, str | int) and value != "":
        return value
    return _empty_or_invalid(value, where, faults)


def _file(value: Any, where: str, faults: list[Fault]) -> Any:
    if isinstance(value, Upload):
        return value
    file = parsed(value) if isinstance(value, str) else None
    if file is None:
        return _empty_or_invalid(value, where, faults)
    return Upload(BytesIO(file.content), "", file.content_type, len(file.content))


def _as_sent(value: Any, _where: str, _faults: list[Fault]) -> Any:
    return MISSING if value == "" else value


def _empty_or_invalid(value: Any, where: str, faults: list[Fault]) -> Any:
    if value is not None and not (isinstance(value, str) and value.strip() in _NOTHING):
        faults.append(Fault(where, "is invalid"))
    return MISSING


_PLAIN: Final[dict[Any, Shaper]] = {
    str: _text, bool: _boolean, int: _integer, float: _float, Id: _id, Count: _count,
    Upload: _file,
}  # fmt: skip


def _fault_of(message: str) -> Fault:
    """A fault from msgspec's words, such as ``Expected `str` of length <= 5 - at `$.name```."""
    match = _CONVERSION.match(message)
    path = (match["path"] or "") if match else ""
    where = re.sub(r"\[(\d+|\.\.\.)\]", r".\1", path).removeprefix("$").lstrip(".")
    bound = _BOUND.search(message)
    if bound is not None and "`str`" in message:
        if bound["sign"] == "<=":
            text = f"is too long (maximum is {bound['bound']} characters)"
            return Fault(where, text, "ERR_TOO_LONG")
        text = f"is too short (minimum is {bound['bound']} characters)"
        return Fault(where, text, "ERR_TOO_SHORT")
    if "Invalid enum value" in message:
        return Fault(where, "is not included in the list", "ERR_INCLUSION")
    return Fault(where, "is invalid")
