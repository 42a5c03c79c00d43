"""The certificate of an installation, put together from its settings.

What speaks to authorities is an extra: it is loaded here, when one is first asked for.
"""

import hashlib
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rostra.hosting.certificates.keep import CertificateError, Folder
from rostra.hosting.naming.installation import names_of
from rostra.kernel.clock import Clock
from rostra.kernel.lazy import extra
from rostra.outside.egress import Egress
from rostra.settings import Settings

if TYPE_CHECKING:
    from rostra.hosting.certificates.obtain import Obtaining

_HERE = "rostra.hosting.certificates"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def folder_of(settings: Settings) -> Folder:
    """Where certificates lie."""
    return Folder(settings.certificate.folder or settings.data_dir / "certificate")


def obtaining_of(
    settings: Settings, egress: Egress, clock: Clock, say: Callable[[str], None]
) -> "Obtaining":
    """What a certificate is obtained with; nothing is asked yet.

    Args:
        settings: of the installation.
        egress: the gate that this passes.
        clock: of the house.
        say: tells people something.

    Raises:
        CertificateError: a setting can't be used.
        NamingError: a setting of the names can't be used.
        ExtraMissing: the extra that this needs is not installed.
        OSError: the key of the account can't be kept.
    """
    given = settings.certificate
    at = urlsplit(given.directory)
    if at.scheme != "https" and at.hostname not in _LOOPBACK:
        raise CertificateError("certificate.directory: expected an address with https://")
    if given.contact and "@" not in given.contact:
        raise CertificateError(f"certificate.contact: {given.contact!r} is no address for letters")
    if bool(given.eab_key_id) != bool(given.eab_secret):
        raise CertificateError("certificate.eab_key_id and certificate.eab_secret go together")
    if given.authority_roots is not None and not given.authority_roots.is_file():
        raise CertificateError(f"certificate.authority_roots: {given.authority_roots} is no file")
    extra("acme.client", "dns")
    names, folder = names_of(settings, egress, say), folder_of(settings)
    folder.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = hashlib.sha256(given.directory.encode()).hexdigest()[:12]
    account = pkgutil.resolve_name(f"{_HERE}.authority:Account")(
        directory=given.directory,
        key=folder.account(mark),
        contact=given.contact,
        terms_accepted=given.terms_accepted,
        eab_key_id=given.eab_key_id,
        eab_secret=given.eab_secret,
        roots=given.authority_roots,
    )
    authority = pkgutil.resolve_name(f"{_HERE}.authority:Authority")(account)
    make = pkgutil.resolve_name(f"{_HERE}.obtain:Obtaining")
    obtaining: Obtaining = make(folder, authority, names, egress, clock=clock, say=say)
    return obtaining
