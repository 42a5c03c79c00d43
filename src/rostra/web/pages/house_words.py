"""What public pages say of how the place is looked after: sentences from its settings.

What nobody has set is left out here; the list for operators (`/console/readiness`) tells of it.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rostra.kernel.clock import HOUR
from rostra.kernel.text.language import LANGUAGES
from rostra.network.credentials.model import Role
from rostra.network.instance.model import Place, PlaceSettings
from rostra.safety.categories.facts import APPEAL, all_facts, facts_of
from rostra.safety.categories.model import Category
from rostra.safety.decisions.strikes import thresholds
from rostra.safety.team.model import Actor, Duty, Permission
from rostra.settings import Settings
from rostra.web.console.words import span, threshold
from rostra.web.views.house import Part
from rostra.web.views.transparency import Figure, Link

_REPORT: Final = (
    "Members report from the menu of every post and profile; who reported is not told.",
    "Everybody else reports by a form, without an account, and hears what became of it.",
)
_FORM: Final = (Link("Report something without an account", "/report"),)
_ROLES: Final = (
    (Role.OWNER, "Owners"),
    (Role.ADMIN, "Admins"),
    (Role.MODERATOR, "Moderators"),
)
_DUTIES: Final = (
    (Duty.REVIEWER, "Reviewers of some categories"),
    (Duty.NOTICE_DESK, "People who answer letters"),
    (Duty.AUDITOR, "Auditors, who see and change nothing"),
)
_STANDARDS: Final = (
    "No sexual content that shows or means somebody under 18, drawn or generated content included.",
    "No approach to minors for sex, no demand for such pictures, no trade with them, no praise.",
    "No blackmail with intimate pictures, no trafficking, no sexual remarks about minors.",
)


def moderation(
    settings: Settings, place: Place, team: Sequence[Actor], shares: tuple[int, int]
) -> list[Part]:
    """How the place moderates; `shares`: restrictions by machines, and by people, lately."""
    return [
        Part(
            heading="What holds",
            words=(f"The rules of {place.settings.title}, and the law.",),
            links=(Link("The rules, and all their versions", "/about/rules"),),
        ),
        Part(
            heading="Who decides",
            words=(_who(team),),
            facts=tuple(_people(team)),
        ),
        *_panels(settings),
        Part(heading="How something is reported", words=_REPORT, links=_FORM),
        Part(
            heading="How soon",
            words=(
                (
                    "The worst harm comes first, not what came first. The team aims at these "
                    "times, from the first report; what it took is in the transparency report."
                ),
            ),
            facts=tuple(
                Figure(
                    each.name,
                    f"seen in {_time(each.first_look)}, decided in {_time(each.decision)}",
                )
                for each in all_facts()
            ),
            links=(Link("Transparency report", "/about/transparency"),),
        ),
        Part(heading="What happens", points=tuple(_measures(settings))),
        Part(heading="Programs that take part", words=tuple(_machines(shares))),
        Part(heading="If you disagree", words=tuple(_appeals(settings, team))),
        Part(
            heading="The record",
            words=(
                (
                    "Every decision, appeal and answer is a line of a chain of hashes that tells "
                    "of nobody, and whose end is signed every day. Anybody can check that none "
                    "was changed since."
                ),
            ),
        ),
    ]


def _who(team: Sequence[Actor]) -> str:
    if not team:
        return "Nobody is on the team at the moment."
    return (
        "People of this place, always named as the team: whoever decides is known to the team "
        "and to nobody else."
    )


def _people(team: Sequence[Actor]) -> Iterable[Figure]:
    for role, name in _ROLES:
        if many := sum(each.role == role for each in team):
            yield Figure(name, str(many))
    for duty, name in _DUTIES:
        if many := sum(each.role == Role.MEMBER and bool(each.duties & duty) for each in team):
            yield Figure(name, str(many))


def _panels(settings: Settings) -> Iterable[Part]:
    """What members who are invited look at; nothing where nothing goes to them."""
    panels = settings.panels
    if not panels.categories:
        return
    names = ", ".join(each.name for each in all_facts() if each.slug in panels.categories)
    votes = min(max(panels.votes, panels.seats // 2 + 1), panels.seats)
    bound = ", ".join(panels.decides) or "none"
    yield Part(
        heading="Panels of members",
        words=(
            (
                f"Some cases can go to {panels.seats} members who are drawn by lot, see no names, "
                f"and vote alone; {votes} equal votes make an outcome. The team can always take a "
                "case back."
            ),
        ),
        facts=(Figure("What may go there", names), Figure("Outcomes that bind", bound)),
    )


def _measures(settings: Settings) -> Iterable[str]:
    rules = settings.moderation
    yield (
        "Posts are labelled, covered, shown to fewer people, hidden in some apps, held or removed; "
        "accounts are warned, limited, frozen, suspended or deleted. Much of it ends by itself."
    )
    yield (
        "Whoever is restricted is told what was done, on which rule or law and on which facts, "
        "who or what found it, and how to object."
    )
    yield f"More than {rules.two_persons_above} things at once are decided by two people."
    yield f"Strikes count for {rules.strike_days} days. They decide nothing; what they propose is:"
    for step in thresholds(rules.strike_thresholds):
        yield f"From {step.points} points on: {threshold(step)}."
    if rules.delete_after_days:
        yield (
            f"Between the decision to delete an account and its deletion lie "
            f"{rules.delete_after_days} days, in which it can be taken back."
        )


def _machines(shares: tuple[int, int]) -> Iterable[str]:
    machine, people = shares
    yield (
        "Programs order what was reported and compare texts and pictures, so that copies are "
        "seen together. None of them judges what a post says that nobody has decided on."
    )
    yield (
        "A person can let their decision stand for later copies of the same thing. It is then "
        "applied by a program, for a limited time and number, and the member is told so."
    )
    yield (
        "Against a flood, if the team has agreed to it beforehand, the first public posts of new "
        "accounts wait for a while, whatever they say. All pages tell of it, and it ends by itself."
    )
    yield (
        f"In this half-year programs applied {machine} restrictions so, and people decided "
        f"{people}. How often the programs err is not measured."
    )


def _appeals(settings: Settings, team: Sequence[Actor]) -> Iterable[str]:
    days = settings.moderation.appeal_days
    yield (
        f"Whoever was restricted, and whoever reported in vain, can object for {days} days: in "
        "their settings or, where they can't sign in, by the link in their letter. It is free."
    )
    yield (
        "Somebody of the team who had no part in the decision answers, with reasons; never a "
        f"program. The team aims at {span(APPEAL)}."
    )
    if sum(each.may(Permission.APPEALS) for each in team) == 1:
        yield (
            "At the moment one person alone answers objections here, so those against their own "
            "decisions wait for a second one."
        )
    yield (
        "Members in the European Union can also turn to a certified out-of-court dispute "
        "settlement body; everybody can turn to a court."
    )


def child_safety(place: PlaceSettings) -> list[Part]:
    """The standards that keep children safe."""
    facts = facts_of(Category.CHILD_ABUSE)
    parts = [
        Part(heading="What is never allowed", points=_STANDARDS),
        Part(
            heading="What we do",
            points=(
                (
                    "Whoever sees it reports it: from every post and profile, or at /report "
                    "without an account."
                ),
                (
                    "It stands before all else: the team aims to look within "
                    f"{_time(facts.first_look)} and to decide within {_time(facts.decision)}."
                ),
                "It is removed, and the account is suspended.",
                "Where lives or children are in danger, the authorities are told.",
                "No program searches posts for it; people report and people decide.",
            ),
        ),
    ]
    if place.minimum_age:
        words = f"Members are at least {place.minimum_age} years old."
        parts.append(Part(heading="Age", words=(words,)))
    if place.child_safety_standards:
        lines = [line for line in place.child_safety_standards.split("\n") if line.strip()]
        parts.append(Part(heading=f"On {place.title}", words=lines))
    if place.child_safety_contact_email:
        name = place.child_safety_contact_name
        words = f"{name} answers for the safety of children here." if name else "Write to us."
        parts.append(
            Part(
                heading="Contact for child safety",
                words=(words,),
                email=place.child_safety_contact_email,
            )
        )
    return parts


def contact(place: PlaceSettings) -> list[Part]:
    """How the operators are reached."""
    codes = place.contact_languages or place.languages
    languages = ", ".join(LANGUAGES.get(code, code) for code in codes)
    spoken = (f"Write in: {languages}.",) if languages else ()
    parts = []
    if place.contact_email:
        parts.append(
            Part(
                heading="For everybody",
                words=("People read what you write. " + " ".join(spoken),),
                email=place.contact_email,
            )
        )
    if name := place.contact_username:
        link = Link(f"@{name}", f"/@{name}")
        parts.append(
            Part(heading="On this place", words=("An account speaks for it.",), links=(link,))
        )
    if authority := place.authority_contact_email or place.contact_email:
        parts.append(
            Part(
                heading="For authorities",
                words=(
                    (
                        "The single point of contact for authorities of the Member States, the "
                        "Commission and the Board (Art. 11 of Regulation (EU) 2022/2065). "
                    )
                    + " ".join(spoken),
                ),
                email=authority,
            )
        )
    if place.child_safety_contact_email:
        parts.append(
            Part(
                heading="For the safety of children",
                words=(place.child_safety_contact_name,) if place.child_safety_contact_name else (),
                email=place.child_safety_contact_email,
                links=(Link("Child safety standards", "/about/child-safety"),),
            )
        )
    for heading, text in (
        ("By post", place.postal_address),
        ("Legal representative in the European Union", place.legal_representative),
    ):
        if text:
            parts.append(Part(heading=heading, words=[*text.split("\n")]))
    return [*parts, Part(heading="To report something", words=_REPORT, links=_FORM)]


def _time(ms: int) -> str:
    """Hours, as far as they are whole days or less."""
    hours = ms // HOUR
    return "1 hour" if hours == 1 else f"{hours} hours"
