"""The software that runs here as wheels, made of what is installed: nobody has to be asked for it.

A wheel is a zip of the files that an installer has written, with a list of their hashes (the binary
distribution format of the Python Packaging Authority). What an installer has made itself (compiled
files, commands, its own notes) is left out: the next one makes it anew.
"""

import base64
import hashlib
import importlib
import re
import sys
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from itertools import product
from pathlib import Path
from typing import Final

import msgspec

ROOT: Final = "rostra"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same files give the same wheel
_LEVEL: Final = 6
_NOT_OURS: Final = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRAS: Final = re.compile(r"^[^\[;]*\[([^\]]*)\]")
_OF_EXTRA: Final = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


class Wheel(msgspec.Struct, frozen=True):
    """A wheel that was made.

    Attributes:
        name: of the distribution, as its metadata have it.
        version: of it.
        file: its name.
        sha256: of its content; hexadecimal digits.
    """

    name: str
    version: str
    file: str
    sha256: str

    @property
    def line(self) -> str:
        """A line of a lock file, as `pip install --require-hashes` takes it."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


def installed(root: str = ROOT) -> list[Distribution]:
    """A distribution and all that it needs and that is installed, by name.

    An extra of the root counts where all that it needs is installed.

    Raises:
        PackageNotFoundError: the root is not installed.
    """
    found: dict[str, Distribution] = {_plain(root): distribution(root)}
    wanted = [*_needs(found[_plain(root)], _extras_here(found[_plain(root)]))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while wanted:
        name, extras = wanted.pop()
        if (_plain(name), extras) in seen:
            continue
        seen.add((_plain(name), extras))
        try:
            found[_plain(name)] = given = distribution(name)
        except PackageNotFoundError:  # of another system, or of an extra that is not used
            continue
        wanted += _needs(given, extras)
    return [found[name] for name in sorted(found)]


def _extras_here(given: Distribution) -> frozenset[str]:
    """The extras of a distribution of which nothing is missing."""
    every = given.metadata.get_all("Provides-Extra", [])
    plain = {need for need, _ in _needs(given, frozenset())}
    return frozenset(
        extra
        for extra in every
        if all(
            _is_there(need) for need, _ in _needs(given, frozenset({extra})) if need not in plain
        )
    )


def _is_there(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _needs(given: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """What a distribution names, with these extras of it, and the extras of that."""
    for text in given.requires or ():
        name = _NAME.match(text)
        only = set(_OF_EXTRA.findall(text))
        if name is not None and (not only or only & extras):
            asked = _EXTRAS.match(text)
            listed = (each.strip() for each in (asked.group(1).split(",") if asked else ()))
            yield name.group(), frozenset(each for each in listed if each)


def fingerprint(root: str = ROOT) -> str:
    """A hash of what is installed, by names, versions and lists of files: another one is others."""
    told = hashlib.sha256(sys.version.encode())
    for each in installed(root):
        told.update(f"{each.name} {each.version}\n{each.read_text('RECORD')}\n".encode())
        told.update("".join(f"{p}:{p.stat().st_mtime_ns}\n" for p in _source(each)).encode())
    return told.hexdigest()


def write_wheel(given: Distribution, folder: Path) -> Wheel:
    """Write the wheel of a distribution into a folder.

    Raises:
        OSError: a file of it can't be read, or the wheel not be written.
    """
    name = f"{_plain(given.name).replace('-', '_')}-{given.version}"
    path = folder / f"{name}-{_tag(given)}.whl"
    record = []
    info = ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for within, source in sorted(_files(given, name)):
            if within.endswith(".dist-info/METADATA"):
                info = within.rpartition("/")[0]
            content = source.read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            record.append(f"{within},sha256={digest.decode()},{len(content)}")
            _add(archive, within, content, executable=bool(source.stat().st_mode & 0o100))
        record.append(f"{info}/RECORD,,")
        _add(archive, f"{info}/RECORD", ("\n".join(record) + "\n").encode(), executable=False)
    digest_of = hashlib.sha256(path.read_bytes()).hexdigest()
    return Wheel(given.name, given.version, path.name, digest_of)


def _tag(given: Distribution) -> str:
    """For which Pythons and systems it is, as the name of a wheel says it."""
    metadata = Parser().parsestr(given.read_text("WHEEL") or "")
    tags = [tag.strip() for tag in metadata.get_all("Tag", [])] or ["py3-none-any"]
    parts = [dict.fromkeys(each) for each in zip(*(tag.split("-") for tag in tags), strict=True)]
    every = {"-".join(each) for each in product(*parts)}
    # Not all that the parts could mean together: then one of them, which is the one that runs here.
    short = "-".join(".".join(each) for each in parts) if every == set(tags) else tags[0]
    build = metadata["Build"]
    return f"{build}-{short}" if build else short


def _add(archive: zipfile.ZipFile, within: str, content: bytes, *, executable: bool) -> None:
    info = zipfile.ZipInfo(within, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (0o755 if executable else 0o644) << 16
    archive.writestr(info, content)


def _files(given: Distribution, name: str) -> Iterator[tuple[str, Path]]:
    """Each file with its name in the wheel."""
    commands = any(each.group == "console_scripts" for each in given.entry_points)
    source = _source(given)
    if source:
        top = Path(str(importlib.import_module(given.name).__file__)).parent.parent
        yield from ((path.relative_to(top).as_posix(), path) for path in source)
    for path in given.files or ():
        within, at = path.as_posix(), Path(str(given.locate_file(path)))
        last = path.name
        if "__pycache__" in path.parts or last.endswith(".pyc") or not at.is_file():
            continue
        if source and not path.parts[0].endswith(".dist-info"):
            continue  # what leads to the source
        if path.parts[0].endswith(".dist-info") and (last in _NOT_OURS or last.startswith("uv_")):
            continue
        if path.parts[0] != "..":
            yield within, at
            continue
        # Beside the packages: data, headers, and commands, which installers make anew.
        outside = [part for part in path.parts if part != ".."]
        if outside[0] != "bin":
            yield f"{name}.data/data/{'/'.join(outside)}", at
        elif not commands:
            yield f"{name}.data/scripts/{outside[-1]}", at


def _source(given: Distribution) -> list[Path]:
    """The files of a distribution that runs from its source; none: it is installed as a wheel."""
    if "direct_url.json" not in {path.name for path in given.files or ()}:
        return []
    told = msgspec.json.decode(given.read_text("direct_url.json") or "{}")
    if not told.get("dir_info", {}).get("editable"):
        return []
    package = Path(str(importlib.import_module(given.name).__file__)).parent
    return sorted(
        path
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    )


def _plain(name: str) -> str:
    """The name of a distribution as all spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()
