"""The file that names the places: what it may say, and what is told of anything else."""

from pathlib import Path

import pytest

from rostra.hosting.places.file import MOST, PlacesError, read_places, shared_parties

WHOLE = """
[[place]]
name = "north"
party = "Example Storage"
store = "s3://bucket/prefix"
account = "id"
credentials_file = "north.key"
endpoint = "https://s3.example.net"

[[place]]
name = "cellar"
party = "Alice"
store = "/mnt/cellar"
fence = false
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the file stands: beside the data, not in it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "north.key").write_text("secret\n")
    return tmp_path / "places.toml"


def _read(file: Path, text: str) -> object:
    file.write_text(text)
    return read_places(file, data_dir=file.parent / "data")


def test_places_are_read_with_their_secrets_which_are_not_shown(file: Path) -> None:
    file.write_text(WHOLE)
    north, cellar = read_places(file, data_dir=file.parent / "data")
    assert (north.credentials, north.fence, north.region) == ("secret", True, "")
    assert (cellar.name, cellar.fence) == ("cellar", False)
    assert "secret" not in repr(north)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[place", "can't be read"),
        ("name = 1", "holds [[place]] and nothing else"),
        ("place = 3", "holds [[place]] and nothing else"),
        ("place = [3]", "[[place]] 1 is no table"),
        ('[[place]]\nname = "a"\nparty = "p"\nstroe = "x"', "place a: there is no stroe"),
        ('[[place]]\nname = "a"\nparty = "p"', "place a: Object missing required field `store`"),
        ('[[place]]\nname = "a"\nparty = " "\nstore = "/x"', "place a: party is empty"),
        ('[[place]]\nname = "a b"\nparty = "p"\nstore = "/x"', "place a b: a name is letters"),
        ('[[place]]\nname = "a"\nparty = "p"\nstore = "/x"\nfence = 1', "place a: Expected `bool`"),
        (
            WHOLE + '[[place]]\nname = "north"\nparty = "p"\nstore = "/x"',
            "name north is there",
        ),
        (
            WHOLE + '[[place]]\nname = "b"\nparty = "p"\nstore = "/mnt/cellar"',
            "/mnt/cellar is",
        ),
        (WHOLE.replace('north.key"', 'none.key"'), "place north: credentials_file can't be read"),
        (WHOLE.replace("account", 'credentials = "x"\naccount'), "are both given"),
        (
            "".join(f'[[place]]\nname="a{n}"\nparty="p"\nstore="/{n}"\n' for n in range(MOST + 1)),
            f"{MOST} is the most",
        ),
    ],
)
def test_what_is_wrong_is_told(file: Path, text: str, told: str) -> None:
    with pytest.raises(PlacesError) as caught:
        _read(file, text)
    assert told in str(caught.value)


def test_the_file_must_not_lie_in_the_data(file: Path) -> None:
    inside = file.parent / "data" / "places.toml"
    inside.write_text(WHOLE)
    with pytest.raises(PlacesError, match="lies in the data directory"):
        read_places(inside, data_dir=file.parent / "data")


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(PlacesError, match=r"places.toml can't be read: No such file"):
        read_places(file, data_dir=file.parent / "data")


def test_places_that_are_lost_together_are_pointed_out(file: Path) -> None:
    file.write_text(WHOLE + '[[place]]\nname = "south"\nparty = "example storage"\nstore = "/y"')
    places = read_places(file, data_dir=file.parent / "data")
    assert shared_parties(places, "alice ") == [
        "north and south belong to one party: they are lost together",
        "cellar belongs to the host: it is lost with this machine",
    ]
    assert shared_parties(places[:2], "") == []
