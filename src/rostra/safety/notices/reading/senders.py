"""Who writes: a provider that is known by its domain, or somebody who says what they are.

A claim, not a proof: anybody can write such words, so nothing is decided by them but the order in
which the desk looks at letters.
"""

import re
from typing import Final

from rostra.safety.notices.reading.model import Sender, SenderKind

# Registered domain -> kind and the name that the desk knows it by.
_KNOWN: Final[dict[str, tuple[SenderKind, str]]] = {
    "amazonaws.com": (SenderKind.HOST, "AWS"),
    "amazon.com": (SenderKind.HOST, "AWS"),
    "hetzner.com": (SenderKind.HOST, "Hetzner"),
    "hetzner.de": (SenderKind.HOST, "Hetzner"),
    "ovh.com": (SenderKind.HOST, "OVHcloud"),
    "ovh.net": (SenderKind.HOST, "OVHcloud"),
    "ovhcloud.com": (SenderKind.HOST, "OVHcloud"),
    "scaleway.com": (SenderKind.HOST, "Scaleway"),
    "online.net": (SenderKind.HOST, "Scaleway"),
    "digitalocean.com": (SenderKind.HOST, "DigitalOcean"),
    "cloudflare.com": (SenderKind.HOST, "Cloudflare"),
    "linode.com": (SenderKind.HOST, "Linode"),
    "akamai.com": (SenderKind.HOST, "Akamai"),
    "ionos.com": (SenderKind.HOST, "IONOS"),
    "contabo.com": (SenderKind.HOST, "Contabo"),
    "vultr.com": (SenderKind.HOST, "Vultr"),
    "apple.com": (SenderKind.STORE, "Apple"),
    "google.com": (SenderKind.STORE, "Google"),
    "namecheap.com": (SenderKind.REGISTRAR, "Namecheap"),
    "gandi.net": (SenderKind.REGISTRAR, "Gandi"),
    "tucows.com": (SenderKind.REGISTRAR, "Tucows"),
    "godaddy.com": (SenderKind.REGISTRAR, "GoDaddy"),
    "ncmec.org": (SenderKind.AUTHORITY, "NCMEC"),
    "iwf.org.uk": (SenderKind.FLAGGER, "IWF"),
    "europol.europa.eu": (SenderKind.AUTHORITY, "Europol"),
    "bka.bund.de": (SenderKind.AUTHORITY, "Bundeskriminalamt"),
    "interieur.gouv.fr": (SenderKind.AUTHORITY, "PHAROS"),
}

_WORDS: Final[tuple[tuple[SenderKind, str], ...]] = (
    (SenderKind.FLAGGER, (
     r"trusted flagger|vertrauensw\u00fcrdige[rn]? hinweisgeber|signaleurs? de confiance"
     r"|alertador(?:es)? fiables?|(?:internet |child protection )?hotline"
     r"|beschwerdestelle|article 22 (?:of|dsa)")),
    (SenderKind.AUTHORITY, (
     r"removal order|police|polizei|kriminalamt|kriminalpolizei|staatsanwaltschaft"
     r"|(?:amts|land|oberlandes|verwaltungs)gericht|prosecutor|district court|high court"
     r"|court order"
     r"|tribunal|procureur|gendarmerie|minist\u00e8re|juzgado|fiscal[i\u00ed]a|guardia civil"
     r"|polic[i\u00ed]a|ministerio|competent authority|zust\u00e4ndige beh\u00f6rde"
     r"|autorit\u00e9 comp\u00e9tente"
     r"|autoridad competente|bundesnetzagentur|landesmedienanstalt|medienanstalt|subpoena"
     r"|entfernungsanordnung|injonction de retrait|orden de retirada|law enforcement|cybertipline"
     r"|national cent(?:re|er) for missing")),
    (SenderKind.STORE, (
     r"app review|app store|google play|play console|developer program|play policy"
     r"|app store connect|guideline 1\.\d")),
    (SenderKind.REGISTRAR, (
     r"registrar\b|registry operator|domain registration|registrierungsstelle"
     r"|bureau d['\u2019]enregistrement|registrador|icann|domain (?:name )?(?:will be"
     r"|may be) suspended"
     r"|dns abuse")),
    (SenderKind.HOST, (
     r"hosting|your server|ihr(?:en|em)? server|votre serveur|su servidor|your instance"
     r"|droplet|your account with us|abuse team|abuse department|abuse-team|abuse-abteilung"
     r"|acceptable use policy|ec2|resource ids?|trust (?:&|and) safety team|netzwerk"
     r"|service abuse|\u00e9quipe abuse|equipo de abuso|customer (?:of|at) our"
     r"|ip address .{0,40}our network"
     r"|reverse proxy|pass-through")),
)  # fmt: skip
_FORMS: Final = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)) for kind, words in _WORDS
)
_BRACKETED = re.compile(r"<([^<>\s@]{1,64}@[^<>\s@]{1,253})>")
_PLAIN = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}")
_LONGEST: Final = 998
_HEAD_WEIGHT: Final = 4
_READ: Final = 40_000
_MOST_COUNTED: Final = 3
_SIGNED = re.compile(
    r"(?:regards|sincerely|thank you|thanks|faithfully|gr\u00fc\u00dfen|gru\u00df|hochachtungsvoll"
    r"|cordialement|salutations(?: distingu\u00e9es)?|respectueusement|atentamente"
    r"|saludos?(?: cordiales)?)"
    r"[,.!]?[ \t]*\n\s*([^\n]{2,80})",
    re.IGNORECASE,
)


def sender_of(headers: dict[str, str], subject: str, text: str) -> Sender:
    """Who the letter says it is from."""
    name, email = _address(headers.get("from", ""))
    reply_to = _address(headers.get("reply-to", ""))[1]
    known = _known(email)
    if known:
        return Sender(known[0], known[1], email, reply_to, "domain")
    head = f"{name} {email.replace('@', ' ')} {subject}"
    kind = _claimed(head, text[:_READ])
    signed = _SIGNED.search(text[-_READ:])
    shown = name or (signed[1].strip(" ,*_-") if signed else "") or email.rpartition("@")[2]
    by = "words" if kind is not SenderKind.PRIVATE else ""
    return Sender(kind, shown[:200], email[:320], reply_to[:320], by)


def _address(value: str) -> tuple[str, str]:
    """The name and the address of a header; the library's way recurses as deep as brackets go."""
    found = _BRACKETED.search(value[:_LONGEST])
    if found:
        return value[: found.start()].strip(" \"'"), found[1]
    plain = _PLAIN.search(value[:_LONGEST])
    if plain is None:
        return value.strip(" \"'<>")[:_LONGEST], ""
    rest = value[: plain.start()] + value[plain.end() : _LONGEST]
    return rest.strip(" \"'()<>,;"), plain[0]


def _known(email: str) -> tuple[SenderKind, str] | None:
    domain = email.rpartition("@")[2].lower()
    labels = domain.split(".")
    for at in range(len(labels) - 1):
        found = _KNOWN.get(".".join(labels[at:]))
        if found:
            return found
    return None


def _claimed(head: str, text: str) -> SenderKind:
    """The kind that most words speak for; those of the name and the subject count more."""
    weights = {
        kind: _HEAD_WEIGHT * len(set(form.findall(head.lower())))
        + min(_MOST_COUNTED, len(set(form.findall(text.lower()))))
        for kind, form in _FORMS
    }
    best = max(weights, key=lambda kind: weights[kind])
    return best if weights[best] else SenderKind.PRIVATE
