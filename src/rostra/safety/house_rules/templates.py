"""Words to members that are written once and used often, in the languages of the house.

What stands in braces is a place to be filled. Some are filled from the decision (`KNOWN`); the
others by whoever decides, and nothing is sent while one is left.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from rostra.safety.categories.model import Category

KNOWN: Final = frozenset({"place", "rule"})
"""Places that are filled from the decision: this place's name, and the rule."""

_PLACE = re.compile(r"\{([^{}\n]{1,60})\}")


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """Words to a member. ``categories`` empty: for any."""

    name: str
    language: str
    title: str
    text: str
    categories: frozenset[Category] = frozenset()


def unfilled(text: str) -> tuple[str, ...]:
    """The places of a text that nobody has filled, each once, in their order."""
    return tuple(dict.fromkeys(_PLACE.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with those of its places filled that there is something for."""
    return _PLACE.sub(lambda place: values.get(place[1], "") or place[0], text)


def find(name: str, language: str, own: Sequence[Template] = ()) -> Template | None:
    """A template in a language, else in English, else in any; those of the house go first."""
    known = _BY_NAME | {(each.name, each.language): each for each in own}
    anywhere = (each for (named, _), each in known.items() if named == name)
    return known.get((name, language)) or known.get((name, "en")) or next(anywhere, None)


def fitting(category: int, language: str, own: Sequence[Template] = ()) -> tuple[Template, ...]:
    """The templates for a category, one of each name, in a language where they speak it."""
    names = dict.fromkeys(template.name for template in (*_TEMPLATES, *own))
    found = (find(name, language, own) for name in names)
    return tuple(
        template
        for template in found
        if template and (not template.categories or category in template.categories)
    )


def _in_languages(
    name: str,
    categories: frozenset[Category],
    **said: tuple[str, str],
) -> tuple[Template, ...]:
    return tuple(
        Template(name=name, language=language, title=title, text=text, categories=categories)
        for language, (title, text) in said.items()
    )


_ANY: Final = frozenset[Category]()
_PEOPLE: Final = frozenset({Category.HARASSMENT, Category.HATE, Category.DOXXING, Category.PRIVACY})
_VIOLENCE: Final = frozenset(
    {Category.VIOLENCE_INCITEMENT, Category.THREAT_TO_LIFE, Category.TERRORISM}
)
_NOISE: Final = frozenset({Category.SPAM, Category.FRAUD_SCAM, Category.MALWARE_PHISHING})
_OWNED: Final = frozenset({Category.COPYRIGHT, Category.TRADEMARK})

_TEMPLATES: Final[tuple[Template, ...]] = (
    *_in_languages(
        "rule",
        _ANY,
        en=(
            "It breaks a rule",
            (
                "On {place} this rule holds: {rule}\n\nYour post is not in keeping with it, "
                "because {why}. Please read the rules again before you post more."
            ),
        ),
        de=(
            "Verstößt gegen eine Regel",
            (
                "Auf {place} gilt diese Regel: {rule}\n\nDein Beitrag hält sie nicht ein, "
                "denn {warum}. Bitte lies die Regeln noch einmal, bevor du weiter schreibst."
            ),
        ),
        fr=(
            "Contraire à une règle",
            (
                "Sur {place}, cette règle s'applique : {rule}\n\nVotre message ne la respecte"
                " pas, car {pourquoi}. Merci de relire les règles avant de publier à nouveau."
            ),
        ),
        es=(
            "Incumple una norma",
            (
                "En {place} se aplica esta norma: {rule}\n\nTu publicación no la cumple, "
                "porque {por qué}. Lee de nuevo las normas antes de seguir publicando, por "
                "favor."
            ),
        ),
    ),
    *_in_languages(
        "person",
        _PEOPLE,
        en=(
            "Against a person",
            (
                "Criticism is welcome on {place}; attacks on people are not. The words in "
                "question are: “{which words}”."
            ),
        ),
        de=(
            "Gegen einen Menschen",
            (
                "Kritik ist auf {place} willkommen, Angriffe auf Menschen sind es nicht. Es "
                "geht um diese Worte: „{welche Worte}“."
            ),
        ),
        fr=(
            "Contre une personne",
            (
                "La critique est bienvenue sur {place}, les attaques contre des personnes ne "
                "le sont pas. Il s'agit de ces mots : « {quels mots} »."
            ),
        ),
        es=(
            "Contra una persona",
            (
                "En {place} la crítica es bienvenida; los ataques a personas, no. Se trata de"
                " estas palabras: «{qué palabras}»."
            ),
        ),
    ),
    *_in_languages(
        "violence",
        _VIOLENCE,
        en=(
            "A call to violence",
            (
                "Nobody may be threatened on {place}, and nobody may call for violence. The "
                "passage is: “{which words}”. Where a life may be in danger we tell the "
                "police."
            ),
        ),
        de=(
            "Aufruf zu Gewalt",
            (
                "Auf {place} darf niemand bedroht werden, und niemand darf zu Gewalt "
                "aufrufen. Die Stelle ist: „{welche Worte}“. Wo ein Leben in Gefahr sein "
                "kann, verständigen wir die Polizei."
            ),
        ),
        fr=(
            "Appel à la violence",
            (
                "Sur {place}, personne ne peut être menacé et nul ne peut appeler à la "
                "violence. Le passage est : « {quels mots} ». Si une vie peut être en danger,"
                " nous prévenons la police."
            ),
        ),
        es=(
            "Llamada a la violencia",
            (
                "En {place} no se puede amenazar a nadie ni llamar a la violencia. El pasaje "
                "es: «{qué palabras}». Cuando una vida puede correr peligro avisamos a la "
                "policía."
            ),
        ),
    ),
    *_in_languages(
        "noise",
        _NOISE,
        en=(
            "Advertising or fraud",
            (
                "Your account posts what looks like {advertising or fraud}. If it was not "
                "you, change your password and answer this decision."
            ),
        ),
        de=(
            "Werbung oder Betrug",
            (
                "Dein Konto verbreitet, was nach {Werbung oder Betrug} aussieht. Wenn du es "
                "nicht warst, ändere dein Passwort und widersprich dieser Entscheidung."
            ),
        ),
        fr=(
            "Publicité ou fraude",
            (
                "Votre compte diffuse ce qui ressemble à {publicité ou fraude}. Si ce n'était"
                " pas vous, changez de mot de passe et contestez cette décision."
            ),
        ),
        es=(
            "Publicidad o fraude",
            (
                "Tu cuenta difunde lo que parece {publicidad o fraude}. Si no has sido tú, "
                "cambia la contraseña y recurre esta decisión."
            ),
        ),
    ),
    *_in_languages(
        "owned",
        _OWNED,
        en=(
            "Somebody else's work",
            (
                "{who} says that this is theirs: {what}. If you may use it, answer this "
                "decision and say why."
            ),
        ),
        de=(
            "Werk von jemand anderem",
            (
                "{wer} erklärt, dass dies ihr Werk ist: {was}. Wenn du es verwenden darfst, "
                "widersprich dieser Entscheidung und sag uns, warum."
            ),
        ),
        fr=(
            "L'œuvre d'autrui",
            (
                "{qui} déclare que ceci lui appartient : {quoi}. Si vous pouvez l'utiliser, "
                "contestez cette décision et dites pourquoi."
            ),
        ),
        es=(
            "Obra de otra persona",
            (
                "{quién} afirma que esto es suyo: {qué}. Si puedes usarlo, recurre esta "
                "decisión y explica por qué."
            ),
        ),
    ),
)
_BY_NAME: Final = {(template.name, template.language): template for template in _TEMPLATES}
LANGUAGES: Final = tuple(dict.fromkeys(template.language for template in _TEMPLATES))
"""Languages in which templates are written."""
