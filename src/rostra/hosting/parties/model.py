"""What is known of a party."""

from enum import StrEnum
from typing import Final

import msgspec


class Kind(StrEnum):
    """What a party does for the place."""

    HOST = "host"
    STORE = "store"
    DNS = "dns"
    REGISTRAR = "registrar"
    CERTIFICATES = "certificates"
    MAIL = "mail"
    PUSH = "push"
    APP_STORE = "app-store"
    OTHER = "other"


WORDS: Final = {
    Kind.HOST: "Machine",
    Kind.STORE: "Copies",
    Kind.DNS: "Names (DNS)",
    Kind.REGISTRAR: "Domain (registrar)",
    Kind.CERTIFICATES: "Certificates",
    Kind.MAIL: "Mail",
    Kind.PUSH: "Push messages",
    Kind.APP_STORE: "App store",
    Kind.OTHER: "Other",
}


class Noted(msgspec.Struct, frozen=True):
    """A party as an operator has noted it.

    Attributes:
        kind: what it does, a `Kind`.
        party: who it is.
        second: who does it where this one is lost; empty: nobody.
        note: whatever helps on the bad day: where the contract lies, whom to call.
        rehearsed_at: when the second last did it, UTC ms; 0: never.
        noted_at: when this was noted, UTC ms.
        noted_by: who noted it.
    """

    kind: str
    party: str
    second: str = ""
    note: str = ""
    rehearsed_at: int = 0
    noted_at: int = 0
    noted_by: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What Rostra knows of parties by itself.

    Attributes:
        host: who owns this machine (`hosting.party`).
        stores: who owns which places: names by party.
        mail: the mail server (`mail.host`); empty: mail is not used.
        dns: who takes changes of names (`dns.provider`); empty: nobody is named.
        certificates: who signs them (`certificate.directory`); empty: its terms were not accepted.
        drilled_at: when a drill last found all well at the places, UTC ms; 0: never.
    """

    host: str = ""
    stores: dict[str, tuple[str, ...]] = {}
    mail: str = ""
    dns: str = ""
    certificates: str = ""
    drilled_at: int = 0


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A party, and what is wrong about relying on it.

    Attributes:
        kind: what it does.
        party: who it is; empty: nobody is named.
        second: who else could do it.
        note: what operators noted.
        rehearsed_at: UTC ms; 0: never.
        noted_at: UTC ms; 0: nobody noted it, it is known from settings.
        noted_by: who noted it.
        faults: what is missing or overdue, in words.
    """

    kind: Kind
    party: str
    second: str = ""
    note: str = ""
    rehearsed_at: int = 0
    noted_at: int = 0
    noted_by: str = ""
    faults: tuple[str, ...] = ()
