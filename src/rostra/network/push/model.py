"""What others see of push subscriptions."""

from enum import StrEnum

import msgspec

_alerts = msgspec.json.Decoder(frozenset[str])


class Senders(StrEnum):
    """Of whom a device is told; the values are Mastodon's."""

    ALL = "all"
    FOLLOWED = "followed"  # whom the member follows
    FOLLOWER = "follower"  # who follows the member
    NONE = "none"


class Subscription(msgspec.Struct, frozen=True):
    """Where messages for one token go."""

    token_id: int
    account_id: int
    endpoint: str
    point: bytes
    auth: bytes
    standard: int
    alerts: str
    policy: str
    sealed_token: str = ""

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of notifications that are sent."""
        return _alerts.decode(self.alerts)


class Wish(msgspec.Struct, frozen=True):
    """What is to be sent. None: as it was, or the default of a new subscription."""

    alerts: dict[str, bool] | None = None  # default: nothing
    policy: str | None = None  # default: all


class Device(msgspec.Struct, frozen=True):
    """Where to send to, as a client gives it."""

    endpoint: str
    p256dh: str
    auth: str
    standard: bool = False
    token: str = ""  # the one that subscribes, as the app sent it


class Due(msgspec.Struct, frozen=True):
    """A notification and the subscription that it is for."""

    token_id: int
    notification_id: int
    created_at: int = 0  # UTC ms
