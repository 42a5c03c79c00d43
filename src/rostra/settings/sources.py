"""How settings are read from the file and the environment; which there are stands beside this."""

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

PREFIX = "ROSTRA_"
FILE_NAME = "rostra.toml"
# Variables of the same prefix that are not settings: where the file is, and what tests use.
NOT_SETTINGS = ("ROSTRA_CONFIG", "ROSTRA_TEST_")
SECRET = {"secret": True}  # marks a setting that is never shown, and may stand in a file
MOST_NAMED = 16  # sections of one sort
_NAME = re.compile(r"[a-z][a-z0-9]{0,30}")


class SettingsError(Exception):
    """A setting that can't be used; the text names the key, its source and what would be right."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A group of settings. Secrets don't show when it is printed."""

    def __repr__(self) -> str:
        """The settings without their secrets."""
        secret = {key.attribute for key in keys_of(type(self)) if key.secret}
        shown = (
            f"{name}={'***' if name in secret and value else repr(value)}"
            for name, value in msgspec.structs.asdict(self).items()
        )
        return f"{type(self).__name__}({', '.join(shown)})"


class Named(Section, frozen=True):
    """A section of which there may be several, each with a name of its own: `[sort.name]`."""

    name: str = ""

    def fault(self) -> tuple[str, str] | None:
        """What is wrong with its settings together: a key (or none) and why."""
        return None


class Key(msgspec.Struct, frozen=True):
    """One setting as people write it."""

    section: str
    name: str
    attribute: str
    type: Any
    default: Any
    description: str
    secret: bool

    @property
    def dotted(self) -> str:
        """The key as errors and the documentation name it."""
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def variable(self) -> str:
        """The environment variable of the key."""
        return PREFIX + self.dotted.replace(".", "_").upper()


class Given(msgspec.Struct, frozen=True):
    """One value and where it came from."""

    value: Any
    source: str
    is_text: bool


_S = TypeVar("_S", bound=Section)


def keys_of(settings: type[Section], section: str = "") -> Iterator[Key]:
    """The settings that stand directly in one struct, without those of its sections."""
    hints = get_type_hints(settings, include_extras=True)
    for field in msgspec.structs.fields(settings):
        annotation = hints[field.name]
        metas = [part for part in get_args(annotation) if isinstance(part, Meta)]
        meta = next((each for each in metas if each.description), None)
        if meta is not None:
            yield Key(
                section=section,
                name=field.encode_name,
                attribute=field.name,
                type=annotation,
                default=field.default,
                description=meta.description or "",
                secret=bool((meta.extra or {}).get("secret")),
            )


def sections_of(settings: type[Section]) -> Iterator[tuple[str, type[Section]]]:
    """Name and struct of every section."""
    for name, kind in get_type_hints(settings).items():
        if isinstance(kind, type) and issubclass(kind, Section):
            yield name, kind


def sorts_of(settings: type[Section]) -> dict[str, type[Named]]:
    """What there may be several sections of."""
    found = {}
    for name, kind in get_type_hints(settings).items():
        inner = get_args(kind)[0] if get_origin(kind) is tuple else None
        if isinstance(inner, type) and issubclass(inner, Named):
            found[name] = inner
    return found


@cache
def all_keys(settings: type[Section]) -> tuple[Key, ...]:
    """Every setting, those without a section first; without those of named sections."""
    found = list(keys_of(settings))
    for name, kind in sections_of(settings):
        found.extend(keys_of(kind, name))
    return tuple(found)


def read(
    settings: type[_S], data: Path | None, config: Path | None, environ: Mapping[str, str]
) -> _S:
    """Join all sources into checked settings. See `settings.load`."""
    sorts = sorts_of(settings)
    named = _named_in_environ(sorts, environ)
    keys = _with_named(settings, sorts, named)
    given = _from_environ(keys, environ)
    if data is not None:
        given["data_dir"] = Given(value=str(data), source="--data", is_text=True)
    file = _settings_file(keys, given, config, environ)
    if file is not None:
        document = _document(sorts, file)
        named |= {name for name in document if name.partition(".")[0] in sorts}
        keys = _with_named(settings, sorts, named)
        given = {**_from_toml(keys, document, file), **given}
    return _build(settings, keys, given, sorted(named))


def _named_in_environ(sorts: Iterable[str], environ: Mapping[str, str]) -> set[str]:
    """The named sections that variables speak of, as `sort.name`."""
    found = set()
    for sort in sorts:
        begin = f"{PREFIX}{sort.upper()}_"
        for variable in environ:
            name = variable.removeprefix(begin).removeprefix("_").partition("_")[0].lower()
            if variable.startswith(begin) and _NAME.fullmatch(name):
                found.add(f"{sort}.{name}")
    return found


def _with_named(
    settings: type[Section], sorts: Mapping[str, type[Named]], named: set[str]
) -> tuple[Key, ...]:
    """Every setting, with those of these named sections."""
    if len(named) > MOST_NAMED:
        raise SettingsError(f"more than {MOST_NAMED} sections such as [{min(named)}]")
    each = (key for at in sorted(named) for key in keys_of(sorts[at.partition(".")[0]], at))
    return (*all_keys(settings), *each)


def _document(sorts: Iterable[str], file: Path) -> dict[str, Any]:
    """What stands in the file, with named sections as `sort.name`."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"the settings file {file} can't be read: {error}") from error
    for sort in sorts:
        inside = document.pop(sort, {})
        if not isinstance(inside, dict):
            raise SettingsError(f"{sort} in {file} must be sections: [{sort}.name]")
        for name, section in inside.items():
            if not _NAME.fullmatch(name):
                raise SettingsError(f"[{sort}.{name}] in {file}: a name is a to z and 0 to 9")
            document[f"{sort}.{name}"] = section
    return document


def _settings_file(
    keys: Sequence[Key], given: Mapping[str, Given], config: Path | None, environ: Mapping[str, str]
) -> Path | None:
    named = config or (Path(environ["ROSTRA_CONFIG"]) if environ.get("ROSTRA_CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise SettingsError(f"the settings file {named} does not exist")
        return named
    default = next(key.default for key in keys if key.dotted == "data_dir")
    folder = Path(given["data_dir"].value) if "data_dir" in given else Path(default)
    usual = folder / FILE_NAME
    return usual if usual.is_file() else None


def _from_environ(keys: Sequence[Key], environ: Mapping[str, str]) -> dict[str, Given]:
    by_variable: dict[str, str] = {}
    for key in keys:
        for dotted in _spellings(key):
            by_variable[PREFIX + dotted.replace(".", "_").upper()] = dotted
            by_variable[PREFIX + dotted.replace(".", "__").upper()] = dotted
    given: dict[str, Given] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable.startswith(NOT_SETTINGS):
            continue
        if variable not in by_variable:
            raise SettingsError(_unknown(variable, "the environment", by_variable))
        source = f"the environment variable {variable}"
        given[by_variable[variable]] = Given(value=value, source=source, is_text=True)
    return _with_secret_files(keys, given)


def _spellings(key: Key) -> Iterator[str]:
    yield key.dotted
    if key.secret:
        yield f"{key.dotted}_file"


def _from_toml(keys: Sequence[Key], document: Mapping[str, Any], file: Path) -> dict[str, Given]:
    known = {dotted for key in keys for dotted in _spellings(key)}
    sections = {key.section for key in keys if key.section}
    given: dict[str, Given] = {}
    for name, value in document.items():
        if name in sections and not isinstance(value, dict):
            raise SettingsError(f"{name} in {file} must be a section: [{name}]")
        inside = value if name in sections else {"": value}
        for key, content in inside.items():
            dotted = f"{name}.{key}" if key else name
            if dotted not in known:
                raise SettingsError(_unknown(dotted, str(file), known | sections))
            given[dotted] = Given(value=content, source=str(file), is_text=False)
    return _with_secret_files(keys, given, file.parent)


def _with_secret_files(
    keys: Sequence[Key], given: dict[str, Given], folder: Path = Path()
) -> dict[str, Given]:
    for key in keys:
        pointer = given.pop(f"{key.dotted}_file", None) if key.secret else None
        if pointer is None:
            continue
        if key.dotted in given:
            raise SettingsError(
                f"both {key.dotted} and {key.dotted}_file are set in {pointer.source}"
            )
        path = folder / str(pointer.value)
        try:
            secret = path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{key.dotted}_file in {pointer.source}: {path} can't be read"
            ) from error
        given[key.dotted] = Given(value=secret, source=str(path), is_text=True)
    return given


def _unknown(name: str, source: str, known: Mapping[str, str] | set[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"unknown setting {name} in {source}{hint}"


def _build(
    settings: type[_S], keys: Sequence[Key], given: Mapping[str, Given], named: Sequence[str]
) -> _S:
    values: dict[str, dict[str, Any]] = {}
    for key in keys:
        if key.dotted in given:
            values.setdefault(key.section, {})[key.attribute] = _convert(key, given[key.dotted])
    sorts = sorts_of(settings)
    several: dict[str, tuple[Named, ...]] = {}
    for dotted in named:
        sort = dotted.partition(".")[0]
        made = _named(sorts[sort], dotted, values.pop(dotted, {}))
        several[sort] = (*several.get(sort, ()), made)
    top = values.pop("", {})
    sections = dict(sections_of(settings))
    parts = {name: sections[name](**part) for name, part in values.items()}
    return settings(**top, **parts, **several)


def _named(kind: type[Named], dotted: str, values: Mapping[str, Any]) -> Named:
    for key in keys_of(kind, dotted):
        if key.default is msgspec.NODEFAULT and key.attribute not in values:
            raise SettingsError(f"{key.dotted} is not set: [{dotted}] needs it")
    made = kind(name=dotted.partition(".")[2], **values)
    if (fault := made.fault()) is not None:
        which, why = fault
        raise SettingsError(f"{f'{dotted}.{which}' if which else f'[{dotted}]'}: {why}")
    return made


def _convert(key: Key, given: Given) -> Any:
    value = given.value
    bare = get_args(key.type)[0]
    if given.is_text and get_origin(bare) is tuple:
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        converted = msgspec.convert(
            value, key.type, strict=not given.is_text, dec_hook=lambda kind, text: kind(text)
        )
        return _checked(key, converted)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        # The value itself is left out where it may be a secret.
        shown = "" if key.secret else f" {value!r} is not usable:"
        raise SettingsError(f"{key.dotted} in {given.source}:{shown} {error}") from error


def _checked(key: Key, value: Any) -> Any:
    if key.name in ("base_url", "public_url", "endpoint") and value:
        return _address(value)
    if key.name in ("trusted_proxies", "trusted"):
        return tuple(str(ipaddress.ip_network(network, strict=False)) for network in value)
    if key.name == "allowed_networks":
        return tuple(_network(text) for text in value)
    if key.dotted == "database.url" and value:
        if urlsplit(value).scheme not in ("postgresql", "postgres"):
            raise ValueError("expected postgresql://… or nothing")
    elif key.dotted == "site.domain" and value:
        return _domain(value)
    return value


def _network(text: str) -> str:
    """A network as it was meant: what is opened is exactly what is written, and not everything."""
    network = ipaddress.ip_network(text)
    if not network.prefixlen:
        raise ValueError(f"{text} would open every address")
    return str(network)


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an address such as https://example.org")
    return value.rstrip("/")


def _domain(value: str) -> str:
    parts = urlsplit(f"//{value}")
    if parts.netloc != value or not parts.hostname or "@" in value or " " in value:
        raise ValueError("expected a domain such as example.org")
    return value.lower()
