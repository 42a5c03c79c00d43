"""How moderation works at this place."""

from typing import Annotated, Literal

from msgspec import Meta

from rostra.settings.sources import SECRET, Section


class Moderation(Section, frozen=True):
    """Decisions and those who make them."""

    two_persons_above: Annotated[
        int,
        Meta(
            description="A decision about more subjects than this needs a second person's yes.",
            ge=1,
        ),
    ] = 50
    strike_days: Annotated[
        int, Meta(description="Days after which a strike no longer counts.", ge=1, le=3650)
    ] = 90
    strike_thresholds: Annotated[
        tuple[str, ...],
        Meta(
            description="What is proposed when a member's strikes reach so many, as "
            "`points:action` or `points:action:days` (freeze, suspend, delete_account)."
        ),
    ] = ("3:freeze:1", "5:freeze:7", "8:suspend:30", "12:suspend")
    appeal_days: Annotated[
        int,
        Meta(
            description="Days in which a decision can be complained about; the law of the European "
            "Union asks for six months.",
            ge=14,
            le=3650,
        ),
    ] = 183
    delete_after_days: Annotated[
        int,
        Meta(
            description="Days between the decision to delete an account and its deletion, in "
            "which it can be taken back.",
            ge=0,
            le=365,
        ),
    ] = 30
    evidence_days: Annotated[
        int,
        Meta(
            description="Days for which what was reported is kept as it was, see "
            "[evidence](evidence.md); longer while it is decided on and where the law asks for it.",
            ge=14,
            le=3650,
        ),
    ] = 90
    hash_members_a_day: Annotated[
        int,
        Meta(
            description="A hash of a [bank](banks.md) that meets files of more members than this "
            "within a day is switched off by itself, until somebody of the team has looked at it; "
            "0: never.",
            ge=0,
        ),
    ] = 25


Score = Annotated[float, Meta(ge=0, le=1)]


def _from(harm: str) -> str:
    return f"The score from which on {harm} opens a case, from 0 to 1; 0: it opens none."


class Screening(Section, frozen=True):
    """What is judged before it is seen, see [screening](screening.md)."""

    violence: Annotated[Score, Meta(description=_from("a threat or a call to violence"))] = 0.9
    hate: Annotated[Score, Meta(description=_from("hate of a group"))] = 0.9
    harassment: Annotated[Score, Meta(description=_from("harassment"))] = 0.95
    spam: Annotated[Score, Meta(description=_from("spam"))] = 0.95
    other: Annotated[
        Score, Meta(description=_from("any other harm that a list or a bank names"))
    ] = 0.9
    signals: Annotated[
        tuple[Literal["account", "copies", "text_model"], ...],
        Meta(
            description="[Signals](signals.md) that judge here: what accounts do, what is nearly "
            "the same as something that was removed, and the [text model](text-model.md)."
        ),
    ] = ("account", "copies")
    hold_overdue: Annotated[
        Literal["release", "keep"],
        Meta(
            description="What becomes of a post that a rule holds and that nobody has looked at "
            "within its limit: it is released, or goes on waiting. Either is counted."
        ),
    ] = "release"
    keep_days: Annotated[
        int,
        Meta(
            description="Days for which it is kept what was found in a text; it goes with the "
            "text if that is deleted before.",
            ge=1,
            le=3650,
        ),
    ] = 90


class Webhooks(Section, frozen=True):
    """Programs of the team that are told what happens, see [webhooks](webhooks.md)."""

    key: Annotated[
        str,
        Meta(
            description="What the secrets of endpoints are made from, 32 characters at least; "
            "empty: a key that is made and kept in `webhooks.key` in the data directory. Several "
            "machines on one database need the same.",
            pattern="^(.{32,})?$",
            extra=SECRET,
        ),
    ] = ""
    allowed_networks: Annotated[
        tuple[str, ...],
        Meta(
            description="Networks (CIDR) whose endpoints are called although they are not public, "
            "such as that of a tool of your own; as for `push.allowed_networks`."
        ),
    ] = ()
    allowed_ports: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=65535)], ...],
        Meta(
            description="TCP ports that are called in these networks, by https or http; outside "
            "of them it is https on port 443 alone."
        ),
    ] = (443,)


class Ledger(Section, frozen=True):
    """The record of decisions, see [ledger](ledger.md)."""

    key: Annotated[
        str,
        Meta(
            description="The private key that signs the end of the ledger, as 64 hexadecimal "
            "digits; empty: a key that is made and kept in `ledger.key` in the data directory. "
            "Several machines on one database need the same.",
            pattern="^([0-9a-fA-F]{64})?$",
            extra=SECRET,
        ),
    ] = ""


PanelCategory = Literal[
    "harassment",
    "sexual_content",
    "impersonation",
    "spam",
    "misinformation_civic",
    "animal_cruelty",
    "graphic_violence",
    "other",
]
"""What may be opened to panels: nothing urgent, nothing that is a matter of law."""

PanelOutcome = Literal["none", "sensitive", "reach", "hold", "remove"]


class Panels(Section, frozen=True):
    """Cases that invited members look at, see [panels](panels.md)."""

    categories: Annotated[
        tuple[PanelCategory, ...],
        Meta(description="What may go to a panel of members; empty: there are no panels."),
    ] = ()
    automatic: Annotated[
        tuple[PanelCategory, ...],
        Meta(
            description="Which of `categories` go to a panel by themselves; all others only when "
            "somebody of the team sends a case."
        ),
    ] = ()
    seats: Annotated[int, Meta(description="Members who are asked.", ge=3, le=15)] = 5
    votes: Annotated[
        int,
        Meta(
            description="Equal votes that make an outcome. Never less than more than half of the "
            "seats, whatever stands here, nor more than the seats.",
            ge=2,
            le=15,
        ),
    ] = 4
    seat_hours: Annotated[
        int, Meta(description="Hours that a member has; then another is asked.", ge=1, le=72)
    ] = 6
    back_before_hours: Annotated[
        int,
        Meta(
            description="So many hours before its deadline a case is back with the team.",
            ge=1,
            le=72,
        ),
    ] = 4
    outcomes: Annotated[
        tuple[PanelOutcome, ...],
        Meta(description="What members can vote for: actions on a post; `none` always is."),
    ] = ("none", "sensitive", "remove")
    decides: Annotated[
        tuple[PanelOutcome, ...],
        Meta(
            description="Outcomes that a panel's votes decide. All others are proposed to the "
            "team, which decides."
        ),
    ] = ()
