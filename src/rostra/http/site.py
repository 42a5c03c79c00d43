"""What the HTTP edge knows of the place it serves: fixed at start, never taken from a request."""

from typing import Final, Self
from urllib.parse import urlsplit

import msgspec

from rostra.http.data_url import encoded_size
from rostra.http.limits import LimitRules
from rostra.settings import Settings

UPLOAD: Final = -1
"""As the largest body of a route: what files for posts may have by the settings."""

PICTURE: Final = -2
"""As the largest body of a route: the largest picture by the settings, written as text."""


class Site(msgspec.Struct, frozen=True):
    """The server's own address and the bounds on what is sent to it.

    Attributes:
        base_url: scheme and authority, without a slash at the end.
        trusted_proxies: networks (CIDR) whose X-Forwarded-For is believed.
        max_body_bytes: largest body where an endpoint does not say otherwise.
        max_upload_bytes: largest body with files for posts.
        max_text_bytes: largest body that is text, wherever: a picture in it (base64) and words.
        body_deadline_s: seconds for a whole body, plus one for each `slowest_bytes_s` of it.
        slowest_bytes_s: the slowest upload that is waited for, in bytes per second.
        limits: the rate limits in force.
    """

    base_url: str = "http://127.0.0.1:8420"
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = 1_048_576
    max_upload_bytes: int = 136_314_880
    max_text_bytes: int = 23_418_198
    body_deadline_s: float = 30.0
    slowest_bytes_s: int = 50_000
    limits: LimitRules = LimitRules()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The part of the settings that the edge needs."""
        return cls(
            base_url=settings.site.base_url.rstrip("/"),
            trusted_proxies=settings.server.trusted_proxies,
            max_body_bytes=settings.server.max_body_bytes,
            # The largest file, a picture to stand for it, and the words around them.
            max_upload_bytes=max(settings.video.max_bytes, 4 * settings.media.max_picture_bytes)
            + settings.media.max_picture_bytes
            + settings.server.max_body_bytes,
            max_text_bytes=encoded_size(settings.media.max_picture_bytes)
            + settings.server.max_body_bytes,
            body_deadline_s=settings.server.request_timeout_s,
            limits=LimitRules(factor=settings.limits.scale, exempt=settings.limits.trusted),
        )

    def largest_body(self, asked: int) -> int:
        """The bytes that a route may take: `UPLOAD`, `PICTURE` and 0 stand for the settings."""
        named = {UPLOAD: self.max_upload_bytes, PICTURE: self.max_text_bytes}
        return named.get(asked, asked) or self.max_body_bytes

    @property
    def secure(self) -> bool:
        """Whether browsers reach us over TLS."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Our host and port as they stand in addresses."""
        return urlsplit(self.base_url).netloc
