"""What is known of each category, and how soon something of it is looked at and decided."""

from typing import Final

from rostra.safety.categories.dsa import DsaCategory
from rostra.safety.categories.model import (
    Category,
    CategoryFacts,
    MastodonCategory,
    Sender,
    Severity,
)

HOUR: Final = 3_600_000

ORDINARY: Final = 24 * HOUR  # any report; what app stores expect
LETTER: Final = 24 * HOUR  # what providers and stores give where they name no deadline
LETTER_TARGET: Final = 4 * HOUR  # when a person has looked at a letter
TERROR_ORDER: Final = HOUR  # Regulation (EU) 2021/784, Art. 3
INTIMATE_LEGAL: Final = 48 * HOUR  # TAKE IT DOWN Act; our own target is `ORDINARY`
APPEAL: Final = 7 * 24 * HOUR
A_YEAR: Final = 365  # days; 18 USC 2258A(h), as the REPORT Act has it
HALF_A_YEAR: Final = 183  # days; Regulation (EU) 2021/784, Art. 6
COMPLAINT_WINDOW: Final = 183 * 24 * HOUR  # at least six months, DSA Art. 20

_SPAM, _LEGAL = MastodonCategory.SPAM, MastodonCategory.LEGAL
_VIOLATION, _OTHER = MastodonCategory.VIOLATION, MastodonCategory.OTHER


def _facts(  # noqa: PLR0917 (a row of the table below; each is a column)
    category: Category,
    severity: Severity,
    hours: tuple[int, int],
    name: str,
    explanation: str,
    mastodon: MastodonCategory,
    dsa: DsaCategory,
    *keywords: str,
    panels: bool = False,
    tell_authority: bool = False,
    hide_at_once: bool = False,
    kept_days: int = 0,
) -> CategoryFacts:
    return CategoryFacts(
        category=category,
        name=name,
        explanation=explanation,
        mastodon=mastodon,
        dsa=dsa,
        keywords=keywords,
        severity=severity,
        first_look=hours[0] * HOUR,
        decision=hours[1] * HOUR,
        panels=panels,
        tell_authority=tell_authority,
        hide_at_once=hide_at_once,
        kept_days=kept_days,
    )


_NOW, _SOON, _TODAY, _USUAL = (1, 1), (1, 4), (4, 24), (12, 24)

_TABLE: Final = (
    _facts(
        Category.CHILD_ABUSE,
        Severity.CRITICAL,
        _NOW,
        "Sexual abuse of children",
        "Sexual pictures, videos or texts of children, made up ones among them.",
        _LEGAL,
        DsaCategory.MINORS,
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL",
        tell_authority=True,
        hide_at_once=True,
        kept_days=A_YEAR,
    ),
    _facts(
        Category.TERRORISM,
        Severity.CRITICAL,
        _NOW,
        "Terrorism",
        "Calls for, praise of or help with terrorist attacks; what terrorist groups publish.",
        _LEGAL,
        DsaCategory.PUBLIC_SECURITY,
        "KEYWORD_TERRORIST_CONTENT",
        tell_authority=True,
        hide_at_once=True,
        kept_days=HALF_A_YEAR,
    ),
    _facts(
        Category.THREAT_TO_LIFE,
        Severity.CRITICAL,
        _NOW,
        "Threat to somebody's life",
        "Somebody announces or prepares to kill or badly hurt a person.",
        _LEGAL,
        DsaCategory.VIOLENCE,
        tell_authority=True,
        hide_at_once=True,
    ),
    _facts(
        Category.VIOLENCE_INCITEMENT,
        Severity.CRITICAL,
        _NOW,
        "Call to violence",
        "Others are asked to hurt people or to damage things, or violence is wished for.",
        _VIOLATION,
        DsaCategory.VIOLENCE,
        "KEYWORD_INCITEMENT_VIOLENCE_HATRED",
    ),
    _facts(
        Category.SELF_HARM,
        Severity.HIGH,
        _SOON,
        "Suicide and self-harm",
        "Somebody may hurt themselves, or others are led to it.",
        _VIOLATION,
        DsaCategory.SELF_HARM,
    ),
    _facts(
        Category.NONCONSENSUAL_INTIMATE,
        Severity.HIGH,
        _TODAY,
        "Intimate pictures without consent",
        "Nude or sexual pictures of somebody who does not want it; made up ones too.",
        _LEGAL,
        DsaCategory.CYBER_VIOLENCE,
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",
        hide_at_once=True,
    ),
    _facts(
        Category.HATE,
        Severity.HIGH,
        _TODAY,
        "Hate",
        "People are attacked for what they are: origin, religion, gender, disability and the like.",
        _VIOLATION,
        DsaCategory.SPEECH,
        "KEYWORD_HATE_SPEECH",
        panels=True,
    ),
    _facts(
        Category.HARASSMENT,
        Severity.MEDIUM,
        _TODAY,
        "Harassment",
        "One person is insulted, followed or worn down, by one or by many.",
        _VIOLATION,
        DsaCategory.CYBER_VIOLENCE,
        "KEYWORD_CYBER_HARASSMENT",
        panels=True,
    ),
    _facts(
        Category.DOXXING,
        Severity.HIGH,
        _TODAY,
        "Private details published",
        "Somebody's address, number, papers or the like are published to harm them.",
        _LEGAL,
        DsaCategory.DATA_PROTECTION,
    ),
    _facts(
        Category.SEXUAL_CONTENT,
        Severity.LOW,
        _USUAL,
        "Sexual content",
        "Nudity or sex of adults where the rules do not allow it, or without a warning.",
        _VIOLATION,
        DsaCategory.TERMS,
        "KEYWORD_ADULT_SEXUAL_MATERIAL",
        panels=True,
    ),
    _facts(
        Category.MINORS_SAFETY,
        Severity.HIGH,
        _SOON,
        "Danger to minors",
        "Adults approach minors for sex; dangerous challenges; children too young to be here.",
        _LEGAL,
        DsaCategory.MINORS,
        tell_authority=True,
    ),
    _facts(
        Category.IMPERSONATION,
        Severity.MEDIUM,
        _USUAL,
        "Impersonation",
        "An account pretends to be a person or an organisation that it is not.",
        _VIOLATION,
        DsaCategory.FRAUD,
        "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
        panels=True,
    ),
    _facts(
        Category.FRAUD_SCAM,
        Severity.MEDIUM,
        _TODAY,
        "Fraud",
        "People are to be talked out of money or property.",
        _LEGAL,
        DsaCategory.FRAUD,
    ),
    _facts(
        Category.SPAM,
        Severity.LOW,
        _USUAL,
        "Spam",
        "Unwanted advertising, the same text many times, bought attention.",
        _SPAM,
        DsaCategory.TERMS,
        panels=True,
    ),
    _facts(
        Category.MALWARE_PHISHING,
        Severity.HIGH,
        _TODAY,
        "Malware and phishing",
        "Links or files that attack devices or are after passwords.",
        _LEGAL,
        DsaCategory.FRAUD,
        "KEYWORD_PHISHING",
    ),
    _facts(
        Category.COPYRIGHT,
        Severity.LOW,
        _USUAL,
        "Copyright",
        "A work is published by somebody who may not.",
        _LEGAL,
        DsaCategory.INTELLECTUAL_PROPERTY,
        "KEYWORD_COPYRIGHT_INFRINGEMENT",
    ),
    _facts(
        Category.TRADEMARK,
        Severity.LOW,
        _USUAL,
        "Trade mark",
        "A protected name or sign is used by somebody who may not, or on counterfeit goods.",
        _LEGAL,
        DsaCategory.INTELLECTUAL_PROPERTY,
        "KEYWORD_TRADEMARK_INFRINGEMENT",
    ),
    _facts(
        Category.DEFAMATION,
        Severity.MEDIUM,
        _USUAL,
        "Defamation",
        "Something untrue is said that damages somebody's name.",
        _LEGAL,
        DsaCategory.SPEECH,
        "KEYWORD_DEFAMATION",
    ),
    _facts(
        Category.PRIVACY,
        Severity.MEDIUM,
        _USUAL,
        "Privacy",
        "Somebody's picture or data are used without a right to it.",
        _LEGAL,
        DsaCategory.DATA_PROTECTION,
    ),
    _facts(
        Category.ILLEGAL_GOODS,
        Severity.MEDIUM,
        _TODAY,
        "Illegal goods and services",
        "Drugs, weapons, stolen or forged things, protected animals and the like are on offer.",
        _LEGAL,
        DsaCategory.PRODUCTS,
        "KEYWORD_PROHIBITED_PRODUCTS",
    ),
    _facts(
        Category.MISINFORMATION_CIVIC,
        Severity.MEDIUM,
        _USUAL,
        "False information on elections and public matters",
        "Wrong times, places or rules of a vote, forged documents or recordings and the like.",
        _VIOLATION,
        DsaCategory.CIVIC,
        "KEYWORD_MISINFORMATION_DISINFORMATION",
        panels=True,
    ),
    _facts(
        Category.ANIMAL_CRUELTY,
        Severity.MEDIUM,
        _USUAL,
        "Cruelty to animals",
        "Animals are tortured or killed for show.",
        _VIOLATION,
        DsaCategory.ANIMAL_WELFARE,
        "KEYWORD_ANIMAL_HARM",
        panels=True,
    ),
    _facts(
        Category.GRAPHIC_VIOLENCE,
        Severity.MEDIUM,
        _USUAL,
        "Graphic violence",
        "Wounds, death or violence are shown, or shown without a warning.",
        _VIOLATION,
        DsaCategory.VIOLENCE,
        panels=True,
    ),
    _facts(
        Category.OTHER_ILLEGAL,
        Severity.MEDIUM,
        _TODAY,
        "Against the law in another way",
        "Illegal, and none of the other categories.",
        _LEGAL,
        DsaCategory.NOT_SPECIFIED,
    ),
    _facts(
        Category.OTHER,
        Severity.LOW,
        _USUAL,
        "Something else",
        "Against the rules of the house or unwelcome, and none of the other categories.",
        _OTHER,
        DsaCategory.TERMS,
        panels=True,
    ),
)

_BY_CATEGORY: Final[dict[int, CategoryFacts]] = {facts.category: facts for facts in _TABLE}
_BY_SLUG: Final = {facts.slug: facts.category for facts in _TABLE}

# What a report over Mastodon's API is filed under until somebody knows better.
FROM_MASTODON: Final = {
    MastodonCategory.SPAM: Category.SPAM,
    MastodonCategory.LEGAL: Category.OTHER_ILLEGAL,
    MastodonCategory.VIOLATION: Category.OTHER,
    MastodonCategory.OTHER: Category.OTHER,
}


def facts_of(category: int) -> CategoryFacts:
    """What is known of a category; a number that nobody knows is `Category.OTHER`."""
    return _BY_CATEGORY.get(category, _BY_CATEGORY[Category.OTHER])


def all_facts() -> tuple[CategoryFacts, ...]:
    """Every category, in the order of their numbers."""
    return _TABLE


def category_of(slug: str) -> Category | None:
    """The category that the API calls so, if there is one."""
    return _BY_SLUG.get(slug)


def first_look_within(category: int, sender: Sender) -> int:
    """How soon a person looks, in ms from its arrival on."""
    usual = facts_of(category).first_look
    return (
        min(usual, LETTER_TARGET)
        if sender.writes_letters or sender is Sender.TRUSTED_FLAGGER
        else usual
    )


def decision_within(category: int, sender: Sender) -> int:
    """How soon it is decided, in ms from its arrival on, where nobody has named a deadline."""
    usual = facts_of(category).decision
    return min(usual, LETTER) if sender.writes_letters else usual
