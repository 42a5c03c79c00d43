"""Libraries that are loaded when they are first used."""

import subprocess
import sys

import pytest
from tests.harness.patience import PATIENCE_S

from rostra.kernel.lazy import lazily

ALONE = """
import sys
from rostra.kernel.lazy import lazily
module = lazily("colorsys")
assert type(module).__name__ == "_LazyModule", type(module)
assert module is sys.modules["colorsys"] is lazily("colorsys")
import colorsys
assert colorsys.rgb_to_hls(0, 0, 0) == (0.0, 0.0, 0.0)
assert type(module).__name__ == "module", type(module)
"""


def test_a_library_waits_until_something_is_asked_of_it() -> None:
    subprocess.run([sys.executable, "-c", ALONE], check=True, timeout=PATIENCE_S)  # noqa: S603 (code of this file)


def test_what_is_loaded_is_given_as_it_is() -> None:
    assert lazily("sys") is sys


def test_what_is_not_installed_is_told_at_once() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        lazily("no_such_library")
