"""Where certificates lie."""

from pathlib import Path

from rostra.hosting.certificates.keep import CHAIN, Folder


def _kept(folder: Folder, *marks: str) -> set[str]:
    """The folders that are there when certificates of these marks were kept, in this order."""
    folder.path.mkdir()
    for mark in marks:
        folder.keep(mark, f"chain {mark}", b"key")
        assert (folder.current / CHAIN).read_text() == f"chain {mark}"
    return {path.name for path in folder.path.glob("at-*")}


def test_the_newest_and_the_one_before_stay_whatever_they_are_called(tmp_path: Path) -> None:
    assert _kept(Folder(tmp_path / "one"), "1", "2", "3") == {"at-2", "at-3"}
    # By an authority that dates back, or a clock that was set back.
    assert _kept(Folder(tmp_path / "two"), "2", "3", "1") == {"at-3", "at-1"}
    assert _kept(Folder(tmp_path / "three"), "1", "1") == {"at-1"}


def test_each_is_untold_until_somebody_has_told_of_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "one")
    assert folder.untold() is None
    _kept(folder, "1")
    first = folder.untold()
    assert first is not None
    folder.keep("2", "chain", b"key")
    first.unlink()  # told of the one before
    second = folder.untold()
    assert second is not None
    second.unlink()
    assert folder.untold() is None
