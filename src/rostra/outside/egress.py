"""What this layer needs of the gate in front of the outside."""

from typing import Protocol


class Egress(Protocol):
    """The gate that everything leaving the house passes."""

    def check(self, channel: str) -> None:
        """Raise Unavailable when nothing of this channel may leave now."""
        ...
