"""Words by which people speak about words: who said it, that it is wrong, that it was reported.

English, German, French and Spanish. An entry of several words stands for them in a row. Case,
accents and what floods vary do not count: entries are folded as texts are. So a word has no place
here that folds to a common one of another language: "lie" and "lies" read as the French "le" and
"les", "non" as "noon"; "pas" reads as "pass" and stands here with the word beside it.
"""

from enum import IntEnum
from typing import Final

from rostra.safety.clusters.normal import fold_word


class Sign(IntEnum):
    """What a word is a sign of."""

    ATTRIBUTES = 0
    NEGATES = 1
    CONDEMNS = 2
    REPORTS = 3


_LISTS: Final = {
    Sign.ATTRIBUTES: """
        said|says|wrote|writes|writing|posted|posts|posting|tweeted|claims|claimed|claiming|
        according to|quote|quoted|quoting|shared|sharing|told|tells me|message says|their words|
        somebody sent|someone sent|i was sent|got this|received this|circulating|going around|
        sagt|sagte|schrieb|schreibt|schreiben|gepostet|postet|posten|behauptet|behaupten|laut|
        zitat|zitiert|teilt|geteilt|bekam ich|bekommen|verbreitet|kursiert|im umlauf|heißt es|
        a dit|disait|dit que|disent|écrit|écrivent|publié|publie|affirme|affirment|prétend|
        prétendent|selon|d après|citation|cite|cité|partage|partagé|reçu|circule|circulent|dijo|
        dice que|dicen|decía|escribió|escribe|escriben|publicó|publica|publican|afirma|afirman|
        asegura|según|cita|citó|compartió|comparten|me llegó|recibí|recibido|circula|circulan|
        me mandan|me mandaron
    """,
    Sign.NEGATES: """
        not|no|never|nobody|none|nothing|don t|won t|can t|cannot|isn t|isnt|doesn t|didn t|
        shouldn t|must not|without|nicht|kein|keine|keinen|keiner|keinem|nie|niemals|niemand|
        nichts|ohne|est pas|suis pas|sont pas|ai pas|n a pas|ont pas|faut pas|peut pas|peux pas|
        veut pas|veux pas|va pas|vais pas|croyez pas|partagez pas|laissez pas|faites pas|pas de|
        pas d|jamais|aucun|aucune|personne|rien|sans|ni|nunca|nadie|ningún|ninguna|
        ninguno|nada|jamás|tampoco|sin
    """,
    Sign.CONDEMNS: """
        stop|condemn|condemns|condemned|disgusting|disgusted|disgraceful|shame|shameful|ashamed|
        wrong|unacceptable|horrible|horrifying|horrified|awful|terrible|vile|sick|sickening|
        appalling|appalled|fake|hoax|scam|scammers|false|lying|debunked|nonsense|misinformation|
        propaganda|hate|hateful|racist|racism|antisemitic|bigotry|threat|threats|threatening|
        illegal|crime|criminal|dangerous|beware|warning|careful|scared|afraid|stand with|
        solidarity|fall for|incitement|violence|violent|abuse|harassment|cruel|insane|stoppt|
        stopp|verurteile|verurteilen|verurteilt|widerlich|ekelhaft|schande|schäm|schämt|falsch|
        unerträglich|inakzeptabel|entsetzlich|entsetzt|furchtbar|schrecklich|schlimm|
        abscheulich|lüge|lügen|gelogen|betrug|betrüger|masche|abzocke|quatsch|unsinn|
        falschmeldung|hetze|rassismus|rassistisch|antisemitisch|drohung|drohungen|bedrohung|
        strafbar|illegal|verbrechen|gefährlich|vorsicht|warnung|achtung|angst|solidarität|
        hereinfallen|reinfallen|gewalt|aufruf|arrêtez|condamne|condamnons|condamné|dégoûtant|
        dégueulasse|honte|honteux|faux|fausse|inacceptable|horrible|horrifié|affreux|terrible|
        ignoble|abject|mensonge|mensonges|menteur|arnaque|arnaqueurs|escroquerie|intox|
        désinformation|haine|haineux|raciste|racisme|antisémite|menace|menaces|illégal|crime|
        délit|dangereux|attention|prudence|méfiez|peur|solidarité|violence|appel à|basta|
        condeno|condenamos|condena|asqueroso|asco|vergüenza|vergonzoso|falso|falsa|inaceptable|
        horrible|horroroso|terrible|repugnante|indignante|mentira|mentiras|estafa|estafadores|
        timo|bulo|engaño|desinformación|odio|racista|racismo|antisemita|amenaza|amenazas|ilegal|
        delito|crimen|peligroso|cuidado|ojo|miedo|solidaridad|caigáis|caigan|violencia|
        incitación
    """,
    Sign.REPORTS: """
        report|reported|reporting|reports|block|blocked|flag|flagged|police|arrested|arrest|
        charged|court|investigation|investigating|investigators|prosecutor|prosecutors|
        authorities|news|article|moderators|moderation|banned|removed|deleted|screenshot|
        screenshots|evidence|melden|meldet|gemeldet|melde|blockiert|blockieren|polizei|
        festgenommen|anzeige|angezeigt|gericht|ermittlungen|ermittelt|staatsanwaltschaft|
        behörden|nachrichten|artikel|moderation|gesperrt|gelöscht|bildschirmfoto|beweis|
        signaler|signalez|signalé|signale|bloqué|bloquez|police|arrêté|plainte|tribunal|enquête|
        parquet|procureur|autorités|actualités|article|modération|modérateurs|supprimé|banni|
        capture|preuve|denunciar|denuncia|denunciad|denunciado|reportar|reporten|reportado|
        reporté|bloquear|bloqueado|bloqueen|policía|detenido|detenidos|juzgado|tribunal|
        investigación|investiga|fiscalía|autoridades|noticias|artículo|moderación|moderadores|
        eliminado|borrado|captura|prueba|pruebas
    """,
}

_HOSTS: Final = """
    abc.es abc.net.au afp.com aljazeera.com apnews.com ard.de bbc.co.uk bbc.com bild.de
    bloomberg.com cbsnews.com cnn.com correctiv.org derstandard.at diepresse.com dpa.com dw.com
    elconfidencial.com eldiario.es elmundo.es elpais.com euronews.com faz.net fr.de france24.com
    francetvinfo.fr ft.com fullfact.org heise.de infobae.com lanacion.com.ar latimes.com
    lavanguardia.com lefigaro.fr lemonde.fr leparisien.fr lesechos.fr liberation.fr maldita.es
    mdr.de mediapart.fr mimikama.org n-tv.de nbcnews.com ndr.de newtral.es npr.org nytimes.com
    nzz.ch orf.at ouest-france.fr pbs.org politico.com politico.eu politifact.com propublica.org
    public.es publico.es reuters.com rfi.fr rnd.de rtve.es sky.com snopes.com spiegel.de srf.ch
    stern.de sueddeutsche.de swr.de tagesschau.de tagesspiegel.de taz.de telegraph.co.uk
    theatlantic.com theguardian.com thetimes.co.uk time.com usatoday.com washingtonpost.com
    wdr.de welt.de wired.com wsj.com zdf.de zdfheute.de zeit.de 20minutes.fr 20minutos.es
"""

NEWS_HOSTS: Final = frozenset(_HOSTS.split())
"""Places that report the news, or check it; a host below one counts as well."""


def is_news(host: str) -> bool:
    """Whether a host is one of those, or below one."""
    labels = host.split(".")
    return any(".".join(labels[at:]) in NEWS_HOSTS for at in range(len(labels) - 1))


def _table() -> dict[str, tuple[tuple[tuple[str, ...], Sign], ...]]:
    """By their first word: the rows of words, and what each is a sign of."""
    found: dict[str, dict[tuple[str, ...], Sign]] = {}
    for sign, listed in _LISTS.items():
        for entry in listed.replace("\n", " ").split("|"):
            words = tuple(map(fold_word, entry.split()))
            if words:
                found.setdefault(words[0], {}).setdefault(words, sign)
    return {first: tuple(rows.items()) for first, rows in found.items()}


BY_FIRST_WORD: Final = _table()
