"""Names of people and places: user names, accts, domains, e-mail addresses."""

import re
import unicodedata
from typing import Final, NamedTuple

import idna

from rostra.kernel.errors import Fault

MAX_USERNAME: Final = 30
MAX_DOMAIN: Final = 253
MAX_EMAIL: Final = 254
MAX_EMAIL_LOCAL: Final = 64

_USERNAME = re.compile(r"[A-Za-z0-9_]+")
# A remote name may have dots and hyphens inside (Mastodon, Account::USERNAME_RE).
_REMOTE_USERNAME = re.compile(r"[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*+")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*+")
# atext of RFC 5322 without the characters that mail servers have routed by ("%", "!") or
# handed to a shell ("`", "|"); no quoted form at all, so there is one "@" and no comment.
_EMAIL_ATOM = r"[A-Za-z0-9_+&'=~^#$*/?{}-]+"
_EMAIL_LOCAL = re.compile(rf"(?!-){_EMAIL_ATOM}(?:\.{_EMAIL_ATOM})*+")

# Speak for the house: whoever bears them is believed, so their look-alikes are kept as well.
_OFFICES = """
abuse admin administration administrator billing board ceo compliance contact copyright
dmca dpo founder help helpdesk hostmaster info instance legal mail mailer mailerdaemon
mod moderation moderator moderators mods news noreply notice notices official operator
owner postmaster press privacy report reports root rostra rostrateam safety security
service staff super superuser support sysadmin system team terms trust trustandsafety
verification verified verify webmaster
"""
OFFICES: Final = frozenset(_OFFICES.split())
# Words in our own addresses and in the protocols: kept as they are written.
_WORDS = """
about account accounts actor all anonymous anyone api app apps auth authorize avatar
bookmarks channel console deleted docs download embed emoji everyone explore favicon
favourites federation feed files followers following guest healthz here home host
hostmeta inbox index invite invites ios list lists local localhost login logout logs
manifest me media metrics nobody nodeinfo none notifications null oauth outbox pages
password policy posts profile public push register relay robots rss search session
sessions settings share shared signin signout signup static status statuses stream
streaming system tag tags timeline token tos trends undefined unknown update
upload user users web webfinger website wellknown www you
"""
WORDS: Final = frozenset(_WORDS.split())

_LOOKALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "_": "", ".": "", "-": ""})
_LEET = str.maketrans({"3": "e", "4": "a", "7": "t", "8": "b", "9": "g", "2": "z", "6": "b"})


class Acct(NamedTuple):
    """A handle: `username` as written, `domain` in ASCII lower case, None for one of ours."""

    username: str
    domain: str | None


def is_username(name: str) -> bool:
    """Tell whether a name has the form of a local user name: 1 to 30 of a-z, 0-9 and `_`."""
    return len(name) <= MAX_USERNAME and _USERNAME.fullmatch(name) is not None


def username_key(name: str) -> str:
    """Return the form under which a user name is unique: case does not count."""
    return name.lower()


def username_faults(name: str) -> list[Fault]:
    """Return all that keeps a new member from taking this name; empty if nothing does.

    Whether it or its look-alike is taken is for the caller to find out, by `skeleton`.
    """
    if not name.strip():
        return [Fault("username", "can't be blank", "ERR_BLANK")]
    faults = []
    if len(name) > MAX_USERNAME:
        message = f"is too long (maximum is {MAX_USERNAME} characters)"
        faults.append(Fault("username", message, "ERR_TOO_LONG"))
    if not _USERNAME.fullmatch(name):
        message = "must contain only letters, numbers and underscores"
        faults.append(Fault("username", message, "ERR_INVALID"))
    elif not name.strip("_"):
        faults.append(Fault("username", "must contain a letter or a number", "ERR_INVALID"))
    elif is_reserved(name):
        faults.append(Fault("username", "is reserved", "ERR_RESERVED"))
    return faults


def skeleton(name: str) -> str:
    """Fold a name to what the eye takes it for: `Paypa1`, `pay_pal` and `paypal` are one.

    Two names with the same skeleton look alike. Folding twice changes nothing.
    """
    plain = unicodedata.normalize("NFKD", name[: 4 * MAX_USERNAME].lower())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return plain.translate(_LOOKALIKE).replace("rn", "m").replace("vv", "w")


def is_reserved(name: str) -> bool:
    """Tell whether a name is kept for the house: a word of ours, or looking like an office."""
    if name.lower().strip("_") in WORDS:
        return True
    return skeleton(name) in _OFFICE_LOOKS or skeleton(name.translate(_LEET)) in _OFFICE_LOOKS


def normalise_domain(text: str) -> str | None:
    """Return a domain in ASCII lower case (IDNA 2008, UTS #46), or None if it is none.

    One final dot is dropped; ports, addresses in brackets and odd characters are refused.
    Comparing two hosts means comparing two results of this function.
    """
    if not text or len(text) > MAX_DOMAIN + 1:
        return None
    domain = text.lower().removesuffix(".")
    if not domain.isascii() or "xn--" in domain:
        try:
            domain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
        domain = domain.removesuffix(".")
    return domain if len(domain) <= MAX_DOMAIN and _DOMAIN.fullmatch(domain) else None


def parse_acct(text: str) -> Acct | None:
    """Read `name`, `@name`, `name@domain`, `@name@domain` or `acct:name@domain`.

    None for anything else. The domain is not compared with ours: that is the caller's.
    """
    text = text.strip()
    text = text.removeprefix("acct:").removeprefix("@")
    name, at, domain = text.partition("@")
    if len(name) > MAX_DOMAIN or not _REMOTE_USERNAME.fullmatch(name):
        return None
    if not at:
        return Acct(name, None)
    known = normalise_domain(domain)
    return None if known is None else Acct(name, known)


def email_address(text: str) -> str | None:
    """Return an address that mail can be sent to, or None.

    Accepted is `dot-atom@domain` only (RFC 5321 lengths): no quoted local part, no comment,
    no address literal, no percent or bang routing, no leading hyphen, a domain of two labels
    or more whose last is no number. The local part keeps its case, the domain is ASCII.
    """
    text = text.strip(" \t\r\n")
    if len(text) > MAX_EMAIL:
        return None
    local, at, host = text.rpartition("@")
    if not at or len(local) > MAX_EMAIL_LOCAL or not _EMAIL_LOCAL.fullmatch(local):
        return None
    domain = normalise_domain(host)
    if domain is None or host.endswith(".") or "." not in domain:
        return None
    if domain.rpartition(".")[2].isdecimal() or len(local) + 1 + len(domain) > MAX_EMAIL:
        return None
    return f"{local}@{domain}"


def email_key(text: str) -> str | None:
    """Return the form under which an address is unique and looked up: all lower case."""
    address = email_address(text)
    return None if address is None else address.lower()


def mailbox_key(text: str) -> str:
    """Return what limits count of an address: many providers bring `ann+1@` and `ann@` to one box.

    Of what is no address the beginning.
    """
    address = email_key(text)
    if address is None:
        return text[:200]
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


_OFFICE_LOOKS: Final = frozenset(skeleton(word) for word in OFFICES)
