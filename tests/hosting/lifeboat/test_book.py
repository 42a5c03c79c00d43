"""How the lifeboat reads pieces: each once, no more than there is room for, wherever they are."""

import asyncio
import secrets
from pathlib import Path

import pytest
from tests.hosting.providers import Careless, folder_place

from rostra.hosting.ark.keys import new_paper_key, wrap
from rostra.hosting.ark.seal import Sealer
from rostra.hosting.lifeboat import pieces
from rostra.hosting.lifeboat.book import Book, NotReadable, NotThere
from rostra.hosting.lifeboat.model import SHARDS, Head, Page, Person, piece_key, shard_of
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Stored

PICTURES = 20


class Asked(Careless):
    """A place that counts what it is asked for, and may be away."""

    away = False

    def __init__(self, name: str, root: Path) -> None:
        super().__init__(folder_place(name, root))
        self.asked: list[str] = []

    async def read(self, key: str) -> Stored | None:
        """What is there, if the place is."""
        self.asked.append(key)
        if self.away:
            raise PlaceFailed(self.name, "it is away")
        await asyncio.sleep(0.01)
        return await self._inner.read(key)


async def _extract(places: list[Asked]) -> tuple[Head, str, list[str]]:
    """An extract with one member; its head, the secret that opens it, the pieces of pictures."""
    data = secrets.token_bytes(32)
    secret, recipient = new_paper_key()
    sealer = Sealer(data)

    async def stood(piece: str, content: bytes) -> str:
        for place in places:
            await place.put(piece_key(piece), content)
        return piece

    pictures = [
        await stood(*pieces.media(sealer, "image/png", b"%04d" % number * 500))
        for number in range(PICTURES)
    ]
    page = Page(
        person=Person(name="Ida", display_name="Ida"),
        media={str(number): piece for number, piece in enumerate(pictures)},
    )
    shards = [""] * SHARDS
    shard = {"ida": await stood(*pieces.record(sealer, page))}
    shards[shard_of("ida")] = await stood(*pieces.record(sealer, shard))
    head = Head(
        epoch=0,
        number=1,
        at=0,
        every_s=10,
        domain="",
        base_url="",
        title="",
        wrapped=wrap(data, (recipient,)).hex(),
        root=await stood(*pieces.record(sealer, shards)),
        key="",
    )
    return head, secret, pictures


def _places(tmp_path: Path) -> list[Asked]:
    return [Asked(name, tmp_path / name) for name in ("north", "south")]


async def test_what_many_ask_for_at_once_is_read_once(tmp_path: Path) -> None:
    places = _places(tmp_path)
    head, secret, pictures = await _extract(places)
    book = Book(places, secret)
    book.turn_to(head)
    found = await asyncio.gather(*(book.media("ida", pictures[0]) for _ in range(50)))
    assert {kind for kind, _ in found} == {"image/png"}
    assert sorted(set(places[0].asked)) == sorted(places[0].asked)
    assert len(places[0].asked) == 4  # root, shard, page, picture


async def test_little_room_is_no_reason_to_fail(tmp_path: Path) -> None:
    places = _places(tmp_path)
    head, secret, pictures = await _extract(places)
    book = Book(places, secret, held_bytes=3_000)
    book.turn_to(head)
    for _ in range(3):
        asked = [*pictures, *pictures]
        found = await asyncio.gather(*(book.media("ida", piece) for piece in asked))
        assert [len(content) for _, content in found] == [2_000] * len(asked)


async def test_a_place_that_fails_is_asked_last_from_then_on(tmp_path: Path) -> None:
    places = _places(tmp_path)
    head, secret, pictures = await _extract(places)
    book = Book(places, secret)
    book.turn_to(head)
    places[0].away = True
    for piece in pictures:
        await book.media("ida", piece)
    assert len(places[0].asked) == 1


async def test_what_no_place_has_is_not_asked_for_again_and_again(tmp_path: Path) -> None:
    places = _places(tmp_path)
    head, secret, pictures = await _extract(places)
    for place in places:
        await place.delete(piece_key(pictures[0]))
    book = Book(places, secret)
    book.turn_to(head)
    for _ in range(5):
        with pytest.raises(NotThere):
            await book.media("ida", pictures[0])
    assert places[0].asked.count(piece_key(pictures[0])) == 1
    places[0].away = places[1].away = True
    with pytest.raises(NotReadable):
        await book.media("ida", pictures[1])


async def test_a_picture_is_shown_by_whoever_has_it_on_their_page(tmp_path: Path) -> None:
    places = _places(tmp_path)
    head, secret, pictures = await _extract(places)
    book = Book(places, secret)
    book.turn_to(head)
    assert await book.media("IDA", pictures[0]) == ("image/png", b"0000" * 500)
    for name, piece in (("ida", head.root), ("ida", "f" * 64), ("max", pictures[0])):
        with pytest.raises(NotThere):
            await book.media(name, piece)
