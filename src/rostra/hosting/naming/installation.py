"""The names of an installation, put together from its settings.

What asks name servers is an extra: it is loaded here, when names are first asked for.
"""

import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rostra.hosting.naming.credentials import read_credentials
from rostra.hosting.naming.model import NamingError
from rostra.kernel.clock import SystemClock
from rostra.kernel.lazy import extra
from rostra.outside.egress import Egress
from rostra.settings import Settings

if TYPE_CHECKING:
    from rostra.hosting.naming.names import Names

RFC2136: Final = "rfc2136"
_HERE: Final = "rostra.hosting.naming"


def is_named(settings: Settings) -> bool:
    """Whether the settings say who takes changes of names."""
    return bool(settings.dns.provider)


def names_in(settings: Settings) -> tuple[str, ...]:
    """The names that lead to the host."""
    return settings.dns.names or (urlsplit(settings.site.base_url).hostname or "",)


def names_of(settings: Settings, egress: Egress, say: Callable[[str], None]) -> "Names":
    """The names, their zone and its provider; nothing is asked yet.

    Args:
        settings: of the installation.
        egress: the gate that changes pass.
        say: tells people something.

    Raises:
        NamingError: a setting is missing or can't be used; the text names it.
        ExtraMissing: the extra that this needs is not installed.
    """
    given = settings.dns
    if not given.provider:
        raise NamingError(
            "dns.provider is not set: nobody is named who takes changes, see docs/naming.md"
        )
    extra("dns.asyncquery", "dns")
    names = tuple(_name(each) for each in names_in(settings))
    zone = _name(given.zone or names[0])
    credentials = read_credentials(
        given.credentials, setting="dns.credentials", data_dir=settings.data_dir
    )
    if given.provider == RFC2136:
        writer = pkgutil.resolve_name(f"{_HERE}.rfc2136:Rfc2136")(zone, credentials)
    else:
        make = pkgutil.resolve_name(f"{_HERE}.lexicon:Lexicon")
        writer = make(given.provider, zone, credentials)
    made = pkgutil.resolve_name(f"{_HERE}.names:Names")
    plan = pkgutil.resolve_name(f"{_HERE}.names:Plan")(
        zone=zone, names=names, ttl_s=given.ttl_s, servers=given.servers, wait_s=given.wait_s
    )
    sleep = pkgutil.resolve_name(f"{_HERE}.names:real_sleep")
    names_there: Names = made(plan, writer, egress, clock=SystemClock(), sleep=sleep, say=say)
    return names_there


def _name(text: str) -> str:
    """A name as records have it.

    Raises:
        NamingError: it is none that could be led anywhere.
    """
    name = text.strip().rstrip(".").lower()
    labels = name.split(".")
    good = len(labels) > 1 and all(
        label and label.replace("-", "").replace("_", "").isalnum() for label in labels
    )
    if not good or labels[-1].isdigit():
        raise NamingError(
            f"dns.names: {text!r} is no name such as example.org (without dns.names it is the one"
            " in site.base_url)"
        )
    return name
