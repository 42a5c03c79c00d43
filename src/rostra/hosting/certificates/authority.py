"""An authority that signs certificates, spoken to by `acme`, the library of certbot.

It waits by itself and blocks, within deadlines; whoever calls does so in a thread.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import requests
from acme import challenges, crypto_util, errors, messages
from acme.client import ClientNetwork, ClientV2
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from josepy.errors import Error as JoseError
from josepy.jwa import ES256
from josepy.jwk import JWKEC

from rostra.hosting.certificates.keep import CertificateError

ANSWER_S: Final = 20
DEADLINE_S: Final = 120
_AGENT: Final = "rostra (acme-python)"
_SETTINGS: Final = {
    "rejectedIdentifier": "dns.names",
    "externalAccountRequired": "certificate.eab_key_id",
    "invalidContact": "certificate.contact",
    "unsupportedContact": "certificate.contact",
    "userActionRequired": "certificate.terms_accepted",
}


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks an authority.

    Attributes:
        directory: the address where the authority says what it can do.
        key: of the account, as PEM.
        contact: an address for letters; empty: none.
        terms_accepted: a person has accepted the terms of the authority.
        eab_key_id: names an account elsewhere that this one belongs to; empty: none.
        eab_secret: of that account, as the authority gives it (base64url).
        answer_s: seconds that one answer may take.
        roots: a file with roots that the authority's own address is trusted by; None: the usual.
    """

    directory: str
    key: bytes
    contact: str = ""
    terms_accepted: bool = False
    eab_key_id: str = ""
    eab_secret: str = ""
    answer_s: int = ANSWER_S
    roots: Path | None = None


class Proof(msgspec.Struct, frozen=True):
    """What proves a name: a text at another name."""

    name: str
    text: str


class Authority:
    """An authority, by the account of one host."""

    def __init__(self, account: Account) -> None:
        """Nothing is asked yet."""
        self._account = account
        self._key = JWKEC(key=load_pem_private_key(account.key, None))
        # The library hands this to `requests`, which takes a file as well.
        verify: Any = str(account.roots) if account.roots else True
        self._net = ClientNetwork(
            self._key, alg=ES256, user_agent=_AGENT, timeout=account.answer_s, verify_ssl=verify
        )
        self._client: ClientV2 | None = None
        self._order: messages.OrderResource | None = None

    def order(self, names: Sequence[str], key: bytes) -> list[Proof]:
        """Ask for a certificate; what has to be shown first.

        Args:
            names: that it is for.
            key: of it, as PEM.

        Raises:
            CertificateError: the authority does not take it, or does not answer.
        """
        with self._told():
            client = self._opened()
            csr = crypto_util.make_csr(key, list(names))
            self._order = client.new_order(csr)
            return [
                Proof(
                    f"{challenges.DNS01.LABEL}.{authorization.body.identifier.value}",
                    str(challenge.chall.validation(self._key)),
                )
                for authorization, challenge in self._open_challenges()
            ]

    def finish(self) -> str:
        """Say that everything is shown, and wait for the certificate; its chain as PEM.

        Raises:
            CertificateError: the authority sees something else, refuses, or takes too long.
        """
        with self._told():
            client, order = self._client, self._order
            if client is None or order is None:
                raise CertificateError("nothing was asked for")
            for _, challenge in self._open_challenges():
                client.answer_challenge(challenge, challenge.chall.response(self._key))
            # The library compares with a time without a zone.
            now = datetime.now()  # noqa: DTZ005 (as the library has it)
            deadline = now + timedelta(seconds=DEADLINE_S)
            done = client.finalize_order(client.poll_authorizations(order, deadline), deadline)
            return str(done.fullchain_pem)

    def _open_challenges(self) -> Iterator[tuple[Any, Any]]:
        order = self._order
        for authorization in order.authorizations if order else ():
            if authorization.body.status == messages.STATUS_VALID:
                continue  # proved not long ago
            offered = [
                each
                for each in authorization.body.challenges
                if isinstance(each.chall, challenges.DNS01)
            ]
            if not offered:
                name = authorization.body.identifier.value
                raise CertificateError(
                    f"certificate.directory: the authority lets nobody prove {name} by DNS"
                )
            yield authorization, offered[0]

    def _opened(self) -> ClientV2:
        account = self._account
        directory = ClientV2.get_directory(account.directory, self._net)
        client = self._client = ClientV2(directory, self._net)
        terms = getattr(directory.meta, "terms_of_service", None) if directory.meta else None
        if terms and not account.terms_accepted:
            raise CertificateError(
                f"certificate.terms_accepted is not set: read {terms}, and set it where you agree"
            )
        binding = None
        if account.eab_key_id:
            binding = messages.ExternalAccountBinding.from_data(
                self._key.public_key(), account.eab_key_id, account.eab_secret, directory
            )
        asked = messages.NewRegistration.from_data(
            email=account.contact or None,
            terms_of_service_agreed=account.terms_accepted,
            external_account_binding=binding,
        )
        try:
            client.new_account(asked)
        except errors.ConflictError as known:
            self._net.account = messages.RegistrationResource(
                uri=known.location, body=messages.Registration()
            )
        return client

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong, for people."""
        where = self._account.directory
        try:
            yield
        except messages.Error as error:
            raise CertificateError(_refused(error)) from error
        except errors.ValidationError as error:
            raise CertificateError(_not_proved(error)) from error
        except errors.IssuanceError as error:
            raise CertificateError(_refused(error.error)) from error
        except errors.TimeoutError as error:
            raise CertificateError(
                f"certificate.directory: {where} has not signed within {DEADLINE_S} s; try again"
            ) from error
        except requests.exceptions.SSLError as error:
            now = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
            raise CertificateError(
                f"certificate.directory: {where} can't be trusted; is the clock right"
                f" ({now}), and are its roots known (certificate.authority_roots)?"
            ) from error
        except (requests.exceptions.RequestException, OSError) as error:
            raise CertificateError(
                f"certificate.directory: {where} does not answer: {type(error).__name__}"
            ) from error
        except (errors.Error, JoseError, ValueError, KeyError, AttributeError) as error:
            raise CertificateError(
                f"certificate.directory: {where} answers as no authority does: {error}"
            ) from error


def _refused(error: messages.Error) -> str:
    code, detail = error.code or "", error.detail or error.description or "no reason is said"
    parts = [
        f"{each.identifier.value if each.identifier else ''}: {each.detail}"
        for each in error.subproblems or ()
    ]
    told = "; ".join((detail, *parts))
    if code == "rateLimited":
        return f"the authority has signed too much of late, nothing is wrong here; later: {told}"
    return f"{_SETTINGS.get(code, 'certificate')}: the authority refuses ({code}): {told}"


def _not_proved(error: errors.ValidationError) -> str:
    told = [
        f"{failed.body.identifier.value}: {challenge.error.detail}"
        for failed in error.failed_authzrs
        for challenge in failed.body.challenges
        if challenge.error is not None
    ]
    return f"dns.zone: the authority does not see the proof: {'; '.join(told)}"
