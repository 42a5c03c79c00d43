"""A map in a file that is gone afterwards."""

from contextlib import closing
from pathlib import Path

import pytest

from rostra.store.scratch import Scratch


def test_what_is_put_is_found_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "scratch"
    with closing(Scratch(path)) as kept:
        kept.put((f"key-{number}", b"%d" % number) for number in range(1_000))
        kept.put([("key-7", b"another")])
        assert kept.get("key-7") == b"another"
        assert kept.get("key-999") == b"999"
        assert kept.get("key-1000") is None
        kept.clear()
        assert kept.get("key-7") is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        Scratch(tmp_path / "none" / "scratch")
