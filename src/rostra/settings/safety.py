"""How moderation works at this place."""

from typing import Annotated

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
