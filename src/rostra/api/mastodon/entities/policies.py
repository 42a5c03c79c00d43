"""Interaction policies as clients read them. The form is GoToSocial's, with both names of a set."""

import msgspec


class InteractionRule(msgspec.Struct, frozen=True, kw_only=True):
    """Who may at once, and who once the author agrees."""

    always: tuple[str, ...]  # the older name of the next
    automatic_approval: tuple[str, ...]
    with_approval: tuple[str, ...]  # the older name of the next
    manual_approval: tuple[str, ...]


class InteractionPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Who may favourite, answer and reblog a post."""

    can_favourite: InteractionRule
    can_reply: InteractionRule
    can_reblog: InteractionRule
