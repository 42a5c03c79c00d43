"""The addresses that things of this place have, made in one place."""

from functools import lru_cache
from urllib.parse import quote

import msgspec

from rostra.settings import Settings


class Addresses(msgspec.Struct, frozen=True):
    """Makes addresses; ``base`` and ``media`` without a slash at the end."""

    base: str
    media: str

    def profile(self, acct: str) -> str:
        """The page of an account."""
        return f"{self.base}/@{acct}"

    def post(self, acct: str, post_id: int) -> str:
        """The page of a post."""
        return f"{self.base}/@{acct}/{post_id}"

    def actor_uri(self, username: str) -> str:
        """The lasting name of a local account."""
        return f"{self.base}/users/{username}"

    def post_uri(self, username: str, post_id: int) -> str:
        """The lasting name of a local post."""
        return f"{self.base}/users/{username}/statuses/{post_id}"

    def tag(self, name: str) -> str:
        """The page of a hashtag."""
        return f"{self.base}/tags/{quote(name)}"

    def tagged(self, acct: str, name: str) -> str:
        """The page of an account's posts with a hashtag."""
        return f"{self.base}/@{acct}/tagged/{quote(name)}"

    def blob(self, key: str) -> str:
        """A stored picture."""
        return f"{self.media}/{key}"

    def static(self, name: str) -> str:
        """A picture that is part of the software."""
        return f"{self.base}/static/{name}"


@lru_cache(maxsize=8)
def _addresses(base: str, media: str) -> Addresses:
    return Addresses(base.rstrip("/"), media.rstrip("/"))


def addresses(settings: Settings) -> Addresses:
    """The addresses of the place with these settings."""
    return _addresses(settings.site.base_url, settings.media_url)
