"""Settings of what leads names to a host: DNS, and the certificate for them."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from rostra.settings.sources import SECRET, Section


class Dns(Section, frozen=True):
    """How names are led to another host, see [names](naming.md)."""

    provider: Annotated[
        str,
        Meta(
            description="Who takes changes: `rfc2136` (a name server, with a TSIG key), or the "
            "name that dns-lexicon has for your provider. Empty: you change DNS by hand."
        ),
    ] = ""
    zone: Annotated[
        str, Meta(description="The zone in which the names are; empty: the first of them.")
    ] = ""
    credentials: Annotated[
        Path | None,
        Meta(
            description="The file with what the provider asks for. Only its owner may read it, and "
            "it must not lie in the data directory."
        ),
    ] = None
    names: Annotated[
        tuple[str, ...],
        Meta(description="Names that lead to the host; empty: the one in `site.base_url`."),
    ] = ()
    ttl_s: Annotated[
        int,
        Meta(
            description="Seconds that others may keep an address; it should be no longer than the "
            "pause that you aim for.",
            ge=30,
            le=86_400,
        ),
    ] = 60
    servers: Annotated[
        tuple[str, ...],
        Meta(
            description="The name servers of the zone, as an address or `address:port`, which are "
            "asked whether a change has arrived; empty: those that the zone names."
        ),
    ] = ()
    wait_s: Annotated[
        int,
        Meta(
            description="Seconds until all of them must have a change.",
            ge=1,
            le=3_600,
        ),
    ] = 180


class Certificate(Section, frozen=True):
    """How a host gets a certificate for its names, see [names](naming.md#certificates)."""

    directory: Annotated[
        str, Meta(description="The authority: the address of its ACME directory.")
    ] = "https://acme-v02.api.letsencrypt.org/directory"
    terms_accepted: Annotated[
        bool, Meta(description="You have read the terms of the authority, and agree.")
    ] = False
    contact: Annotated[
        str, Meta(description="An address to which the authority may write; empty: none.")
    ] = ""
    folder: Annotated[
        Path | None,
        Meta(
            description="Where certificates and keys lie; without it `certificate` in the data "
            "directory. They are not part of the ark: each host makes its own."
        ),
    ] = None
    eab_key_id: Annotated[
        str, Meta(description="The account at the authority, where it asks for one (EAB).")
    ] = ""
    eab_secret: Annotated[str, Meta(description="The secret of that account.", extra=SECRET)] = ""
    authority_roots: Annotated[
        Path | None,
        Meta(
            description="A file with the roots by which the address of the authority is trusted, "
            "where it is one of your own; without it the usual ones."
        ),
    ] = None
