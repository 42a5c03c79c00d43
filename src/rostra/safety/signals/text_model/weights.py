"""The trained file: a NumPy archive (`.npz`) of small numbers, read into what the network needs.

The table of pieces is kept in whole numbers of eight bits with a scale for each piece, all else in
floats of sixteen bits: next to nothing is lost, and the file stays under 6 MB.
"""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from rostra.safety.signals.text_model.heads import COLUMNS, GROUPS, HARMS, OUTPUTS

Floats = npt.NDArray[np.float32]
Params = dict[str, Floats]

FORM: Final = 1
"""Which form of file this program writes and reads."""

MATRICES: Final = ("near1", "attend", "attended", "near2", "look", "value")
VECTORS: Final = (
    "near1_b",
    "attend_b",
    "attended_b",
    "near2_b",
    "norm1",
    "norm2",
    "norm3",
    "out_b",
)
_MOST_INT8: Final = 127


class BadFile(ValueError):
    """A file that is no trained text model, with what is wrong in words."""


class About(msgspec.Struct, frozen=True):
    """What a trained file says of itself.

    Attributes:
        form: the form of the file.
        made: the day, as `2026-11-27`.
        data: what it was trained on: names of sources with the number of their texts.
        harms: what it scores, in order.
        groups: whom it knows to be aimed at, in order.
        figures: measured on texts that it was not trained on, by name.
    """

    form: int
    made: str
    data: dict[str, int]
    harms: tuple[str, ...] = HARMS
    groups: tuple[str, ...] = GROUPS
    figures: dict[str, float] = {}


class Trained(msgspec.Struct, frozen=True):
    """A trained model.

    Attributes:
        about: what it says of itself.
        version: of the file: ten hexadecimal digits of its hash.
        pieces: the vocabulary, in the order of the table.
        table: for each piece a row of whole numbers from -127 to 127.
        scale: what each row is multiplied with, as a column.
        params: the layers' numbers by name.
        calibration: for each output a factor and a summand, from what comes out to log-odds.
    """

    about: About
    version: str
    pieces: tuple[str, ...]
    table: npt.NDArray[np.int8]
    scale: Floats
    params: Params
    calibration: Floats


def shapes(width: int) -> dict[str, tuple[int, ...]]:
    """The shapes of the layers' numbers, for a width of the rows of the table."""
    return {
        "near1": (3 * width, width),
        "near1_b": (width,),
        "norm1": (width,),
        "attend": (width, 3 * width),
        "attend_b": (3 * width,),
        "attended": (width, width),
        "attended_b": (width,),
        "norm2": (width,),
        "near2": (3 * width, width),
        "near2_b": (width,),
        "norm3": (width,),
        "look": (width, COLUMNS),
        "value": (width, COLUMNS),
        "out_b": (OUTPUTS,),
    }


def packed(
    about: About, pieces: tuple[str, ...], table: Floats, params: Params, calibration: Floats
) -> bytes:
    """The bytes of a trained file."""
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / _MOST_INT8
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "about": np.frombuffer(msgspec.json.encode(about), np.uint8),
        "pieces": np.frombuffer("\n".join(pieces).encode(), np.uint8),
        "table": np.rint(table / scale).astype(np.int8),
        "scale": scale.astype(np.float32),
        "calibration": calibration.astype(np.float32),
    }
    arrays |= {name: value.astype(np.float16) for name, value in params.items()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            # The same numbers are the same bytes, whenever they are written.
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED
            )
    return file.getvalue()


def unpacked(data: bytes) -> Trained:
    """A trained file that was read; `BadFile` where it is none of this form."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        about = msgspec.json.decode(arrays["about"].tobytes(), type=About)
        pieces = tuple(arrays["pieces"].tobytes().decode().split("\n"))
        params = {name: arrays[name].astype(np.float32) for name in MATRICES + VECTORS}
        table, scale = arrays["table"], arrays["scale"]
        calibration = arrays["calibration"]
    except (ValueError, KeyError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise BadFile(f"not a trained text model: {error}") from error
    if about.form != FORM or about.harms != HARMS or about.groups != GROUPS:
        raise BadFile("trained for another version of Rostra: train it again")
    width = table.shape[-1]
    fits = table.shape == (len(pieces), width) and scale.shape == (len(pieces), 1)
    wrong = [name for name, shape in shapes(width).items() if params[name].shape != shape]
    if not fits or wrong or table.dtype != np.int8 or calibration.shape != (OUTPUTS, 2):
        raise BadFile(f"its parts don't fit each other: {', '.join(wrong) or 'table'}")
    version = hashlib.sha256(data).hexdigest()[:10]
    return Trained(about, version, pieces, table, scale, params, calibration)


def read(path: Path) -> Trained:
    """The trained model in a file; `BadFile`, or OSError where it can't be read."""
    return unpacked(path.read_bytes())
