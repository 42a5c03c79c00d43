"""Domains: which belong together, and which one stands for another."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from rostra.kernel.text.names import normalise_domain

_COUNTRY = 2
_SHORT_LABEL = 3


def registrable(host: str) -> str:
    """The part of a host name that somebody registers, as far as can be told without a list.

    Names below it cost nothing, so what is counted is counted for it. Two labels, or three where
    the first of the two is short and stands below a country (`example.co.uk`); an address is
    itself. A wrong guess lets a few sites share one count, or gives one site several.
    """
    name = host.lower().rstrip(".")
    try:
        return str(ip_address(name.strip("[]")))
    except ValueError:
        labels = name.split(".")
    below_country = len(labels[-1]) == _COUNTRY and len(labels[-2:][0]) <= _SHORT_LABEL
    return ".".join(labels[-3:] if below_country else labels[-2:])


def listed_domain(text: str) -> str | None:
    """A domain as somebody lists it: bare, with `*.` before it, or as an address of a page.

    None for what is no domain of at least two labels.
    """
    given = text.strip()
    if "://" in given:
        try:
            parts = urlsplit(given)
            given = (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
        except ValueError:
            return None
    domain = normalise_domain(given.removeprefix("*."))
    if domain is None or "." not in domain or domain.rpartition(".")[2].isdecimal():
        return None
    return domain


def lineage(host: str) -> list[str]:
    """A host and each domain above it, the nearest first, down to two labels; empty for no host."""
    own = normalise_domain(host)
    labels = own.split(".") if own else []
    return [".".join(labels[at:]) for at in range(len(labels) - 1)]


def covers(listed: str, host: str) -> bool:
    """Whether a host is the listed domain or stands below it, label by label."""
    own = normalise_domain(host)
    return own is not None and (own == listed or own.endswith(f".{listed}"))
