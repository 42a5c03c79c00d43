"""A bounded cache of byte strings."""

from collections.abc import Hashable


class ByteCache:
    """Keeps what was used last, up to a number of bytes.

    Keys name the content (an id with its version), so nothing ever has to be invalidated: what is
    no longer asked for falls out. Two generations make it cheap: an entry that is found in the old
    one moves to the new one, and when the new one is full it becomes the old one.
    """

    def __init__(self, max_bytes: int) -> None:
        self._half = max_bytes // 2
        self._new: dict[Hashable, bytes] = {}
        self._old: dict[Hashable, bytes] = {}
        self._size = 0

    def get(self, key: Hashable) -> bytes | None:
        """The bytes, or None."""
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Hashable, value: bytes) -> None:
        """Keep the bytes for as long as there is room."""
        self._new[key] = value
        self._size += len(value)
        if self._size > self._half:
            self._old, self._new, self._size = self._new, {}, 0

    def clear(self) -> None:
        """Forget everything."""
        self._new, self._old, self._size = {}, {}, 0

    def __len__(self) -> int:
        """How many entries it holds, at most."""
        return len(self._new) + len(self._old)
