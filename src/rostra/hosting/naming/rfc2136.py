"""A name server that takes changes itself: RFC 2136, signed with a TSIG key (RFC 8945).

One message is one change: the old addresses go and the new ones come in the same moment.
"""

import base64
import binascii
import time
from collections.abc import Mapping
from typing import Final

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.tsig
import dns.update
import msgspec

from rostra.hosting.naming.authoritative import addresses, split_port
from rostra.hosting.naming.credentials import Credentials
from rostra.hosting.naming.model import Change, NamingError

ALGORITHMS: Final = ("hmac-sha256", "hmac-sha384", "hmac-sha512")
DEADLINE_S: Final = 10.0
_SETTING: Final = "dns.credentials"
_REFUSALS: Final[Mapping[int, str]] = {
    dns.rcode.NOTAUTH: "dns.zone: {server} is not the primary server of {zone}",
    dns.rcode.NOTZONE: "dns.names: one of the names is not in the zone {zone}",
    dns.rcode.REFUSED: "dns.credentials: {server} refuses: the key {key} may not change {zone}",
}


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in the file with the credentials.

    Attributes:
        server: the primary name server, `host` or `host:port`.
        key: the name of the key.
        secret: the key, in Base64.
        algorithm: of its signatures.
    """

    server: str
    key: str
    secret: str
    algorithm: str = "hmac-sha256"


class Rfc2136:
    """A zone at its primary name server."""

    retimes = True

    def __init__(self, zone: str, credentials: Credentials) -> None:
        """Nothing is asked yet.

        Raises:
            NamingError: the credentials are not those of such a server.
        """
        try:
            self._options = options = msgspec.convert(dict(credentials), Options)
        except msgspec.ValidationError as error:
            raise NamingError(f"{_SETTING}: {error}") from error
        if options.algorithm not in ALGORITHMS:
            known = ", ".join(ALGORITHMS)
            raise NamingError(f"{_SETTING}: algorithm is one of {known}, not {options.algorithm}")
        try:
            base64.b64decode(options.secret, validate=True)
            self._key = dns.tsig.Key(options.key, options.secret, options.algorithm)
        except (binascii.Error, dns.exception.DNSException, ValueError) as error:
            raise NamingError(f"{_SETTING}: key and secret are no TSIG key") from error
        self._zone = zone
        self._host, self._port = split_port(options.server, setting=f"{_SETTING}: server")

    async def write(self, change: Change) -> None:
        """Hand a change over, as one message; see `Writer`."""
        update = dns.update.UpdateMessage(self._zone, keyring=self._key)
        for record in change.remove:
            update.delete(_absolute(record.name), record.kind, record.content)
        for record in change.add:
            update.add(_absolute(record.name), change.ttl_s, record.kind, record.content)
        answer = await self._sent(update)
        code = answer.rcode()
        if code != dns.rcode.NOERROR:
            text = _REFUSALS.get(code, "{server} takes no change of {zone}: " + code.name)
            told = text.format(server=self._options.server, zone=self._zone, key=self._options.key)
            raise NamingError(told)

    async def _sent(self, update: dns.message.Message) -> dns.message.Message:
        server, key = self._options.server, self._options.key
        try:
            address = (await self._addresses())[0]
            return await dns.asyncquery.tcp(update, address, timeout=DEADLINE_S, port=self._port)
        except dns.tsig.PeerBadTime as error:
            now = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
            raise NamingError(
                f"the clock of this machine says {now}, and that of {server} something else: a"
                " change is signed with the time, correct it"
            ) from error
        except dns.exception.FormError as error:  # not signed: it has no such zone
            raise NamingError(
                f"dns.zone: {server} does not sign for {self._zone}: is it its primary server?"
            ) from error
        except (dns.tsig.PeerError, dns.exception.DNSException) as error:
            if isinstance(error, dns.exception.Timeout):
                raise NamingError(_silent(server)) from error
            why = f"{server} does not take the key {key}: is it its name, its secret, may it write?"
            if not isinstance(error, dns.tsig.PeerError | dns.tsig.BadSignature):
                why = f"{server} answers with what is no DNS: {error}"
            raise NamingError(f"{_SETTING}: {why}") from error
        except EOFError as error:  # taken, and hung up on
            raise NamingError(_silent(server)) from error
        except OSError as error:
            raise NamingError(f"{_silent(server)}: {error.strerror or error}") from error

    async def _addresses(self) -> tuple[str, ...]:
        try:
            return await addresses(self._host)
        except NamingError as error:
            raise NamingError(f"{_SETTING}: server: {error}") from error


def _silent(server: str) -> str:
    return f"{_SETTING}: server: {server} does not answer"


def _absolute(name: str) -> dns.name.Name:
    return dns.name.from_text(name)
