"""The streams of one process: whose they are, and what they listen to."""

from collections.abc import Iterable
from typing import Final

from rostra.api.streaming.channels import Key, Wanted
from rostra.api.streaming.pieces import Pieces
from rostra.http.stream_socket import Line
from rostra.http.websocket import Code
from rostra.kernel.errors import TooManyRequests
from rostra.network.credentials.model import Viewer

SUBSCRIPTIONS: Final = 50  # of one connection
_RETRY_S: Final = 60


class Subscription:
    """One thing that a stream listens to, and the names its events come by."""

    __slots__ = ("keys", "names", "stream")

    def __init__(self, stream: "Stream", keys: tuple[Key, ...], names: bytes) -> None:
        self.stream = stream
        self.keys = keys
        self.names = names

    def send(self, pieces: Pieces) -> None:
        """Send an event."""
        line = self.stream.line
        line.send(pieces.piece(line.kind, self.names))


class Stream:
    """An open connection of a member."""

    __slots__ = ("account_id", "line", "place", "subscriptions", "token_id")

    def __init__(self, viewer: Viewer, line: Line, place: str) -> None:
        self.account_id = viewer.account_id
        self.token_id = viewer.token_id
        self.line = line
        self.place = place
        self.subscriptions: tuple[Subscription, ...] = ()


class Registry:
    """All streams of this process."""

    def __init__(self, *, per_account: int, per_address: int) -> None:
        """`per_account`, `per_address`: most streams of each; 0: any number."""
        self._per_account = per_account
        self._per_address = per_address
        self._by_name: dict[str, dict[int | str, list[Subscription]]] = {}
        self._by_account: dict[int, list[Stream]] = {}
        self._by_place: dict[str, int] = {}

    def check_room(self, account_id: int, place: str) -> None:
        """Pass where there may be one more stream.

        Raises:
            TooManyRequests: the member, or the address, has enough of them.
        """
        own = self._by_account.get(account_id, ())
        if self._per_account and len(own) >= self._per_account:
            raise TooManyRequests(_RETRY_S, safe="Too many open streams")
        if self._per_address and self._by_place.get(place, 0) >= self._per_address:
            raise TooManyRequests(_RETRY_S, safe="Too many open streams from this address")

    def open(self, viewer: Viewer, line: Line, place: str) -> Stream:
        """A new stream; `place` is what limits count of its address, empty where nothing does.

        Raises:
            TooManyRequests: as `check_room`.
        """
        self.check_room(viewer.account_id, place)
        stream = Stream(viewer, line, place)
        self._by_account.setdefault(viewer.account_id, []).append(stream)
        if place:
            self._by_place[place] = self._by_place.get(place, 0) + 1
        return stream

    def close(self, stream: Stream) -> None:
        """The stream is gone. Idempotent."""
        own = self._by_account.get(stream.account_id, [])
        if stream not in own:
            return
        own.remove(stream)
        if not own:
            del self._by_account[stream.account_id]
        if stream.place:
            self._by_place[stream.place] -= 1
            if not self._by_place[stream.place]:
                del self._by_place[stream.place]
        for subscription in stream.subscriptions:
            self._forget(subscription)
        stream.subscriptions = ()

    def subscribe(self, stream: Stream, wanted: Wanted) -> bool:
        """Listen to something; False where the stream listens to enough. Idempotent."""
        if any(known.keys == wanted.keys for known in stream.subscriptions):
            return True
        if len(stream.subscriptions) >= SUBSCRIPTIONS:
            return False
        subscription = Subscription(stream, wanted.keys, wanted.names)
        stream.subscriptions = (*stream.subscriptions, subscription)
        for key in wanted.keys:
            listening = self._by_name.setdefault(key.name, {})
            listening.setdefault(key.subject, []).append(subscription)
        return True

    def unsubscribe(self, stream: Stream, wanted: Wanted) -> None:
        """Listen to it no more."""
        for known in stream.subscriptions:
            if known.keys == wanted.keys:
                self._forget(known)
        stream.subscriptions = tuple(s for s in stream.subscriptions if s.keys != wanted.keys)

    def _forget(self, subscription: Subscription) -> None:
        for name, subject in subscription.keys:
            listening = self._by_name[name]
            listening[subject].remove(subscription)
            if not listening[subject]:
                del listening[subject]

    # Looking up.

    def __len__(self) -> int:
        """How many accounts have streams."""
        return len(self._by_account)

    def at(self, name: str, subject: int | str = 0) -> list[Subscription]:
        """Who listens to this; a copy, for streams come and go while it is walked."""
        return list(self._by_name.get(name, {}).get(subject, ()))

    def subjects(self, name: str) -> list[int | str]:
        """The accounts, lists or hashtags that are listened to under a name."""
        return list(self._by_name.get(name, ()))

    def of_account(self, account_id: int) -> list[Stream]:
        """The streams of a member."""
        return list(self._by_account.get(account_id, ()))

    def tokens(self) -> list[int]:
        """The tokens of all streams."""
        return list({s.token_id for own in self._by_account.values() for s in own})

    def streams(self) -> list[Stream]:
        """All of them."""
        return [stream for own in self._by_account.values() for stream in own]


def end_all(streams: Iterable[Stream], code: Code, reason: str) -> None:
    """End these streams."""
    for stream in streams:
        stream.line.end(code, reason)
