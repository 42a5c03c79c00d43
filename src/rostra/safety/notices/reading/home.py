"""The names under which this place is known: what tells ours from others."""

import re
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

import idna
import msgspec

from rostra.kernel.text.names import normalise_domain, skeleton

_BREAK: Final = r"(?:[-=\\]?[ \t]{0,4}\n[>| \t]{0,16})?"
_DOT: Final = r"(?:\.|[ \t]{1,2}(?:dot|punkt|point|punto)[ \t]{1,2})"
# Letters of other scripts that are taken for Latin ones.
_CONFUSED: Final = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0442\u043a\u043c\u043d\u0432"
    "\u03b1\u03bf\u03c1\u03c5\u03bd\u03c4\u03b9\u03b5\u0131\u0501\u051b\u04bb\u0261\u0433",
    "aeopcyxistkmhbaopuvtieidqhgr",
)


class Home(msgspec.Struct, frozen=True, dict=True):
    """Our names.

    Attributes:
        hosts: in ASCII lower case, without ports: of pages, of handles, of files.
        domain: the one behind the @ of handles.
        media: host and path before a stored file's key, such as `rostra.example/media`.
    """

    hosts: tuple[str, ...]
    domain: str
    media: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds every spelling of our hosts, broken over lines too; group `www` is a prefix."""
        spelt = [_spelt(name) for host in self.hosts for name in _forms(host)]
        return re.compile(rf"(?P<www>www\.)?(?:{'|'.join(spelt)})", re.IGNORECASE)

    @cached_property
    def looks(self) -> tuple[str, ...]:
        """What our hosts look like."""
        return tuple(look(host) for host in self.hosts)

    def ours(self, host: str) -> bool:
        """Whether a host name is one of ours."""
        name = normalise_domain(host) or ""
        return name in self.hosts or name.removeprefix("www.") in self.hosts

    def resembles(self, host: str) -> bool:
        """Whether a host that is not ours is made to be taken for ours."""
        own = look(host)
        return any(each in own for each in self.looks)


def home(base_url: str, domain: str, media_url: str) -> Home:
    """Our names from the settings of the place."""
    media = urlsplit(media_url)
    named = [urlsplit(base_url).hostname or "", domain.partition(":")[0], media.hostname or ""]
    hosts = [normalise_domain(each) or each for each in named if each]
    path = f"{normalise_domain(media.hostname or '') or ''}{media.path.rstrip('/')}"
    longest_first = sorted(dict.fromkeys(hosts), key=lambda host: (-len(host), host))
    return Home(tuple(longest_first), hosts[1] if domain else hosts[0], path)


def look(host: str) -> str:
    """What the eye takes a host name for."""
    name = host.lower()
    if "xn--" in name:
        try:
            name = idna.decode(name)
        except (idna.IDNAError, UnicodeError):
            return skeleton(name)
    plain = name.translate(_CONFUSED)[:250]
    return "".join(skeleton(label) for label in plain.split("."))


def _forms(host: str) -> list[str]:
    if "xn--" not in host:
        return [host]
    try:
        return [host, idna.decode(host)]
    except (idna.IDNAError, UnicodeError):
        return [host]


def _spelt(host: str) -> str:
    return _BREAK.join(_DOT if char == "." else re.escape(char) for char in host)
