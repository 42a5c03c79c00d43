"""What a letter is about, and the laws that it names."""

import re
from typing import Final

_WORDS: Final = {
    "terrorism": (r"terroris\w*|extremis\w*|2021/784|attentat\w*|yihadis\w*"),
    "child_abuse": (
        r"csam|csae|csem|child (?:sexual|abuse|exploitation)\w*|sexual abuse of (?:a )?child\w*"
        r"|kinderporno\w*|kindesmissbrauch\w*|missbrauch von kindern|p\u00e9dopornograph\w*"
        r"|p\u00e9dophil\w*"
        r"|pornograf\u00eda infantil|abuso sexual infantil|minors?\b.{0,30}sexual|cybertip\w*"
    ),
    "threat": (
        r"threat(?:s|ens?|ening)?(?: of| to| against)?\b|death threats?|violen\w+"
        r"|incit\w+ (?:to )?violen\w*|kill\b"
        r"|drohung\w*|bedroh\w*|gewalt\w*|aufruf zu\w*|menaces?|menac\w+|amenaza\w*|bedrohung"
    ),
    "intimate_images": (
        r"ncii|non-?consensual|intimate (?:image|picture|photo|video)s?|take it down act"
        r"|revenge porn\w*|nacktbild\w*|nacktaufnahm\w*|intime (?:bilder|aufnahmen)"
        r"|images? intimes?"
        r"|im\u00e1genes \u00edntimas|fotos \u00edntimas|without (?:my|their|her|his) consent"
    ),
    "hate": (
        r"hate ?speech|hatred|volksverhetz\w*|\u00a7\s?130|hassrede|hasskommentar\w*|haine"
        r"|discours haineux"
        r"|odio|racis\w*|rassis\w*"
    ),
    "harassment": (
        r"harass\w*|bel\u00e4stig\w*|harc(?:e|\u00e8)l\w*|acoso|stalk\w*|bullying|doxx?\w*"
    ),
    "copyright": (
        r"copyright\w*|dmca|512\(c\)|urheber\w*|droits? d['\u2019]auteur|derechos de autor"
        r"|contrefa\u00e7on|propiedad intelectual"
    ),
    "trademark": (
        r"trade ?marks?|markenrecht\w*|marque d\u00e9pos\u00e9e|marca registrada|brand infringement"
    ),
    "defamation": (
        r"defam\w*|libel\w*|slander\w*|verleumd\w*|\u00fcble nachrede|beleidig\w*|diffam\w*"
        r"|difam\w*|calumni\w*|injuri\w*|false statements? (?:about|of)"
        r"|pers\u00f6nlichkeitsrecht\w*"
    ),
    "privacy": (
        r"personal data|gdpr|ds-?gvo|rgpd|data protection|datenschutz\w*|privacy"
        r"|privat(?:adresse|sph\u00e4re)"
        r"|donn\u00e9es personnelles|donn\u00e9es \u00e0 caract\u00e8re personnel|vie priv\u00e9e"
        r"|datos personales|erasure"
        r"|home address|right to be forgotten"
    ),
    "spam": (
        r"spam\w*|unsolicited|unverlangt\w*|bulk mail\w*|correo no deseado|ind\u00e9sirable\w*"
    ),
    "phishing": (r"phish\w*|hame\u00e7onnage|credential\w* (?:theft|harvest\w*)|suplantaci\u00f3n"),
    "malware": (
        r"malware|trojan\w*|ransomware|virus\w*|schadsoftware|logiciel malveillant|botnet\w*"
    ),
    "fraud": (
        r"fraud\w*|scam\w*|betrug\w*|betr\u00fcg\w*|escroquerie\w*|estafa\w*|arnaque\w*"
        r"|fake shop\w*"
    ),
    "self_harm": (r"self-?harm|suicid\w*|selbstmord\w*|selbstverletz\w*"),
}
_FORMS: Final = {
    name: re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE) for name, words in _WORDS.items()
}
# What counts for more when it is named at all: the worst is looked at first.
_GRAVE: Final = {"terrorism": 4, "child_abuse": 4, "intimate_images": 3, "phishing": 2}
_BASES: Final = re.compile(
    r"17 U\.?S\.?C\.?(?: \u00a7{1,2})? ?512(?:\(c\)(?:\(3\))?)?"
    r"|18 U\.?S\.?C\.?(?: \u00a7{1,2})? ?\d{3,4}[A-Z]?"
    r"|(?:Regulation|Verordnung|R\u00e8glement|Reglamento) \((?:EU|UE)\)(?: (?:No|Nr\.?"
    r"|n[\u00b0\u00ba]))? ?\d{4}/\d{1,4}"
    r"|(?:Articles?|Artikel|Art\.|art\u00edculo|Art\u00edculo|article) \d{1,3}(?:[-.]\d+)*"
    r"(?:\(\d\)|(?: Abs\. ?\d))?(?: (?:of the |du |der |des |del |de la |de l['\u2019]))?"
    r" ?(?:DSA|GDPR|DS-?GVO|RGPD|TCO|LCEN|StGB|BGB|Digital Services Act|C\u00f3digo Penal"
    r"|Code p\u00e9nal"
    r"|code p\u00e9nal|LSSI|Regulation|loi [^.\n]{0,20}\d{4}-\d+)"
    r"|\u00a7{1,2} ?\d{1,4}[a-z]?(?: Abs\. ?\d)?(?: Nr\. ?\d)? (?:StGB|StPO|BGB|NetzDG|DDG|TMG"
    r"|UrhG|KUG|JMStV)"
    r"|\bDMCA\b|Digital Millennium Copyright Act|TAKE IT DOWN Act|Take It Down Act|\bLCEN\b"
    r"|Ley (?:Org\u00e1nica )?\d{1,3}/\d{4}|loi n[\u00b0\u00ba] ?\d{4}-\d+"
    r"|Guideline \d\.\d(?:\.\d)?"
    r"|Digital Services Act|NetzDG"
)
_READ: Final = 60_000
_MOST: Final = 10
_COUNTED: Final = 6


def concerns_of(subject: str, text: str) -> tuple[str, ...]:
    """What it is about, the likeliest first; the subject's words count three times."""
    weights = {
        name: _GRAVE.get(name, 1)
        * (3 * len(form.findall(subject)) + min(_COUNTED, len(form.findall(text[:_READ]))))
        for name, form in _FORMS.items()
    }
    named = [name for name, weight in weights.items() if weight]
    return tuple(sorted(named, key=lambda name: -weights[name]))


def bases_of(text: str) -> tuple[str, ...]:
    """Laws and guidelines that are named, as they are written."""
    found = dict.fromkeys(" ".join(each[0].split()) for each in _BASES.finditer(text[:_READ]))
    return tuple(found)[:_MOST]
