"""The kinds of harm, how bad they are, who tells of them. The numbers are stored: reuse none."""

from enum import IntEnum, StrEnum

import msgspec

from rostra.safety.categories.dsa import DsaCategory


class Category(IntEnum):
    """A kind of harm; `facts.facts_of` knows the rest about it."""

    CHILD_ABUSE = 1
    TERRORISM = 2
    THREAT_TO_LIFE = 3
    VIOLENCE_INCITEMENT = 4
    SELF_HARM = 5
    NONCONSENSUAL_INTIMATE = 6
    HATE = 7
    HARASSMENT = 8
    DOXXING = 9
    SEXUAL_CONTENT = 10
    MINORS_SAFETY = 11
    IMPERSONATION = 12
    FRAUD_SCAM = 13
    SPAM = 14
    MALWARE_PHISHING = 15
    COPYRIGHT = 16
    TRADEMARK = 17
    DEFAMATION = 18
    PRIVACY = 19
    ILLEGAL_GOODS = 20
    MISINFORMATION_CIVIC = 21
    ANIMAL_CRUELTY = 22
    GRAPHIC_VIOLENCE = 23
    OTHER_ILLEGAL = 24
    OTHER = 25


class Severity(IntEnum):
    """How much harm an hour more does."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class MastodonCategory(StrEnum):
    """What Mastodon's API calls the categories of a report."""

    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"
    OTHER = "other"


class Sender(IntEnum):
    """Who tells of something; from `PROVIDER` on they write letters and wait for an answer."""

    MEMBER = 0
    OUTSIDER = 1
    TRUSTED_FLAGGER = 2
    RULE = 3
    PROVIDER = 4
    STORE = 5
    REGISTRAR = 6
    AUTHORITY = 7

    @property
    def writes_letters(self) -> bool:
        """Whether they wait for an answer by letter."""
        return self >= Sender.PROVIDER


class CategoryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a category. Times in ms from the first report or signal on."""

    category: Category
    name: str  # for people, in English
    explanation: str  # one line
    mastodon: MastodonCategory
    dsa: DsaCategory
    keywords: tuple[str, ...] = ()  # of the DSA's, where one fits every case
    severity: Severity
    first_look: int  # a person has seen it
    decision: int
    panels: bool = False  # whether an operator may open it to panels of members at all
    tell_authority: bool = (
        False  # a crime that threatens lives or safety is suspected (DSA Art. 18)
    )
    kept_days: int = 0  # for which the law wants what was reported kept, at least
    hide_at_once: bool = False  # a credible report hides it until somebody has looked

    @property
    def slug(self) -> str:
        """Its name in the API: `child_abuse`."""
        return self.category.name.lower()
