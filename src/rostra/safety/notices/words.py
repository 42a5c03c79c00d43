"""What an answer says, by language. Times are UTC, and say so."""

from typing import Final

import msgspec


class Words(msgspec.Struct, frozen=True):
    """The sentences of an answer; names in braces."""

    greeting: str
    received: str
    heading: str
    nothing_named: str
    removed: str
    restricted: str
    kept: str
    rule: str
    law: str
    facts: str
    open: str
    gone_since: str
    gone: str
    unknown: str
    waiting: str
    not_ours: str
    unread: str
    close: str
    signed: str


_EN = Words(
    greeting="Hello,",
    received="we received your letter on {received}.",
    heading="What was done, address by address (all times UTC):",
    nothing_named="We found no address of ours in it. Please send us the full addresses.",
    removed="removed or closed on {at}",
    restricted="restricted on {at} ({actions})",
    kept="looked at and left as it is, on {at}",
    rule="rule: {clause}",
    law="legal ground: {ground}",
    facts="reason: {facts}",
    open="is being looked at; we will write again",
    gone_since="has not been there since {at}",
    gone="is not there any more",
    unknown="there is nothing at this address; it was deleted before your letter, or never existed",
    waiting="is being looked up",
    not_ours="is not on our service",
    unread="Not read by us: {what}",
    close="Please answer this letter if anything is missing.",
    signed="The team of {title}",
)
_DE = Words(
    greeting="Guten Tag,",
    received="wir haben Ihr Schreiben am {received} erhalten.",
    heading="Was geschehen ist, Adresse f\u00fcr Adresse (alle Zeiten in UTC):",
    nothing_named=(
        "Wir haben darin keine unserer Adressen gefunden. Bitte senden Sie uns die"
        " vollst\u00e4ndigen"
        " Adressen."
    ),
    removed="entfernt oder gesperrt am {at}",
    restricted="eingeschr\u00e4nkt am {at} ({actions})",
    kept="gepr\u00fcft und belassen am {at}",
    rule="Regel: {clause}",
    law="Rechtsgrundlage: {ground}",
    facts="Begr\u00fcndung: {facts}",
    open="wird gepr\u00fcft; wir melden uns wieder",
    gone_since="ist seit {at} nicht mehr vorhanden",
    gone="ist nicht mehr vorhanden",
    unknown=(
        "hier gibt es nichts; es wurde vor Ihrem Schreiben gel\u00f6scht oder hat nie bestanden"
    ),
    waiting="wird gesucht",
    not_ours="geh\u00f6rt nicht zu unserem Dienst",
    unread="Von uns nicht gelesen: {what}",
    close="Bitte antworten Sie auf dieses Schreiben, falls etwas fehlt.",
    signed="Das Team von {title}",
)
_FR = Words(
    greeting="Bonjour,",
    received="nous avons re\u00e7u votre courrier le {received}.",
    heading="Ce qui a \u00e9t\u00e9 fait, adresse par adresse (heures UTC) :",
    nothing_named=(
        "Nous n'y avons trouv\u00e9 aucune adresse de notre service. Merci de nous envoyer"
        " les adresses"
        " compl\u00e8tes."
    ),
    removed="retir\u00e9 ou ferm\u00e9 le {at}",
    restricted="restreint le {at} ({actions})",
    kept="examin\u00e9 et laiss\u00e9 en l'\u00e9tat le {at}",
    rule="r\u00e8gle : {clause}",
    law="base l\u00e9gale : {ground}",
    facts="motif : {facts}",
    open="est en cours d'examen ; nous vous r\u00e9crirons",
    gone_since="n'existe plus depuis le {at}",
    gone="n'existe plus",
    unknown=(
        "rien ne se trouve \u00e0 cette adresse ; supprim\u00e9 avant votre courrier, ou"
        " jamais publi\u00e9"
    ),
    waiting="est en cours de recherche",
    not_ours="ne fait pas partie de notre service",
    unread="Non lu par nous : {what}",
    close="Merci de r\u00e9pondre \u00e0 ce courrier s'il manque quelque chose.",
    signed="L'\u00e9quipe de {title}",
)
_ES = Words(
    greeting="Hola:",
    received="recibimos su escrito el {received}.",
    heading="Lo que se ha hecho, direcci\u00f3n por direcci\u00f3n (horas en UTC):",
    nothing_named=(
        "No hemos encontrado en \u00e9l ninguna direcci\u00f3n nuestra. Env\u00edenos por"
        " favor las direcciones"
        " completas."
    ),
    removed="retirado o cerrado el {at}",
    restricted="restringido el {at} ({actions})",
    kept="examinado y dejado como est\u00e1, el {at}",
    rule="norma: {clause}",
    law="base legal: {ground}",
    facts="motivo: {facts}",
    open="se est\u00e1 examinando; volveremos a escribirle",
    gone_since="ya no existe desde el {at}",
    gone="ya no existe",
    unknown=(
        "no hay nada en esta direcci\u00f3n; se borr\u00f3 antes de su escrito o nunca existi\u00f3"
    ),
    waiting="se est\u00e1 buscando",
    not_ours="no pertenece a nuestro servicio",
    unread="No le\u00eddo por nosotros: {what}",
    close="Responda por favor a este escrito si falta algo.",
    signed="El equipo de {title}",
)
WORDS: Final = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}
"""By language; English for any other."""
