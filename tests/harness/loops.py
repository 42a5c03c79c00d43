"""The event loop of the tests, which is not closed before its connections are."""

import asyncio
from typing import Any

_WAITS = 3_000
_WAIT_S = 0.01  # each; what the other side has just ended is told to this side a moment later


class StrictLoop(asyncio.SelectorEventLoop):
    """Fails the test that leaves a connection open, not a later one in which it is collected."""

    def close(self) -> None:
        """Close the loop, and drop the connections that are still open.

        Raises:
            AssertionError: naming them.
        """
        left = [] if self.is_closed() else self._left_open()
        for transport in left:
            transport.abort()
        if left:
            self.run_until_complete(asyncio.sleep(0))
        super().close()
        assert not left, f"left open: {left}"

    def _left_open(self) -> list[Any]:
        for _ in range(_WAITS):
            # Transports stay in asyncio's own table until they are collected; sockets leave them.
            known = dict(self._transports).values()  # type: ignore[attr-defined] # asyncio's own
            left = [transport for transport in known if transport._sock]  # noqa: SLF001 (asyncio tells nobody)
            if not left:
                break
            self.run_until_complete(asyncio.sleep(_WAIT_S))
        return left


class StrictLoops(asyncio.DefaultEventLoopPolicy):
    """Makes them."""

    _loop_factory = StrictLoop
