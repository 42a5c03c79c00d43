"""Labelled texts from files: JSON lines, CSV and Parquet, with the same columns in all of them.

A `.tsv` is one of pairs (docs/contrasts.md): two texts each, of which those that are held out are
of the split `test`.

| column | what |
| --- | --- |
| `text` | the words; the only one that must be there |
| `violence`, `hate`, `harassment`, `spam` | 1 yes, 0 no, -1 or empty not known, or how likely |
| `benign` | 1: nothing of all that, so what is not known is no |
| `target` | groups that it is aimed at, with commas between |
| `split` | `train`, `val` or `test`; without one, every twentieth text is `val` |
| `source` | where it comes from |
| `kind` | `contrast` for a harmless text that looks like a threat |
| `weight` | how often it counts; 1 without one |
"""

import csv
import importlib
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from rostra.safety.signals.text_model.heads import GROUPS, HARMS
from rostra.safety.signals.training.contrasts import PairsError, Part, read_pairs

UNKNOWN: Final = math.nan
CONTRAST: Final = "contrast"
PAIRS: Final = "pairs"
"""The source of our own pairs."""

_VAL_OF: Final = 20
_VAL_FAMILY_OF: Final = 12
_PAIRS_COUNT: Final = 6  # beside hundreds of thousands of others
_SEVERAL: Final = {"lgbt people": "gay people,trans people", "individuals": None}
_OTHER_NAMES: Final = {
    "indigenous": "indigenous people",
    "muslim": "muslims",
    "jews": "jewish people",
}


class BadRows(ValueError):
    """A file whose rows can't be read, with the place."""


class Row(msgspec.Struct, frozen=True):
    """A labelled text.

    Attributes:
        text: as it was written.
        labels: for each harm from 0 to 1, or `UNKNOWN`.
        groups: whom it is aimed at; None where nobody said.
        benign: nothing speaks against it.
        split: `train`, `val` or `test`.
        source: where it comes from.
        kind: `contrast`, or empty.
        weight: how often it counts.
    """

    text: str
    labels: tuple[float, ...]
    groups: tuple[str, ...] | None = None
    benign: bool = False
    split: str = "train"
    source: str = ""
    kind: str = ""
    weight: float = 1.0


def rows_of(path: Path) -> Iterator[Row]:
    """All rows of a file; `BadRows` with the line where one is wrong, OSError as it comes."""
    for number, values in enumerate(_values(path), 1):
        try:
            yield row_of(values)
        except (ValueError, TypeError) as error:
            raise BadRows(f"{path}, row {number}: {error}") from error


def row_of(values: Mapping[str, Any]) -> Row:
    """One row from its columns."""
    text = values.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text is missing")
    labels = tuple(_label(values, harm) for harm in HARMS)
    given = _label(values, "benign")
    benign = given == 1 or (math.isnan(given) and all(label == 0 for label in labels))
    if benign:
        labels = tuple(0.0 if math.isnan(label) else label for label in labels)
    split = str(values.get("split") or "")
    if split not in ("train", "val", "test"):
        if split:
            raise ValueError(f"split is {split!r}, not train, val or test")
        split = "train" if zlib.crc32(text.encode()) % _VAL_OF else "val"
    weight = float(values.get("weight") or 1)
    return Row(
        text=text,
        labels=labels,
        groups=_groups(values.get("target")),
        benign=benign,
        split=split,
        source=str(values.get("source") or ""),
        kind=str(values.get("kind") or ""),
        weight=weight,
    )


def _label(values: Mapping[str, Any], name: str) -> float:
    given = values.get(name)
    if given is None or given == "":
        return UNKNOWN
    label = float(given)
    if label == -1 or math.isnan(label):
        return UNKNOWN
    if not 0 <= label <= 1:
        raise ValueError(f"{name} is {given!r}, not from 0 to 1, or -1")
    return label


def _groups(given: Any) -> tuple[str, ...] | None:
    names = [name.strip() for name in str(given or "").split(",") if name.strip()]
    known = [_OTHER_NAMES.get(name, name) for name in names]
    return tuple(name for name in known if name in GROUPS) or None


def _values(path: Path) -> Iterator[Mapping[str, Any]]:
    match path.suffix:
        case ".jsonl":
            with path.open(encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    yield _object(path, number, line)
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)
        case ".parquet":
            yield from _parquet(path)
        case ".tsv":
            yield from _pairs(path)
        case _:
            raise BadRows(f"{path}: not .jsonl, .csv, .parquet or .tsv")


def _object(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadRows(f"{path}, row {number}: {error}") from error
    if not isinstance(values, dict):
        raise BadRows(f"{path}, row {number}: not an object")
    return values


def _pairs(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        pairs = read_pairs(path)
    except PairsError as error:
        raise BadRows(f"{path}: {error}") from error
    for pair in pairs:
        learned = zlib.crc32(pair.family.encode()) % _VAL_FAMILY_OF
        split = "test" if pair.part is Part.HELD_OUT else "train" if learned else "val"
        shared = {
            "source": PAIRS,
            "split": split,
            "target": _SEVERAL.get(pair.target, pair.target),
            "weight": _PAIRS_COUNT if split == "train" else 1,
        }
        yield shared | {"text": pair.threat, "violence": 1, "spam": 0}
        yield shared | {"text": pair.contrast, "benign": 1, "kind": CONTRAST, "target": None}


def _parquet(
    path: Path,
) -> Iterator[Mapping[str, Any]]:  # pragma: no cover (who has such files has pyarrow)
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise BadRows(f"{path}: to read Parquet, install pyarrow") from error
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches():
            yield from batch.to_pylist()
