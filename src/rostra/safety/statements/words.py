"""What a statement says, in the language of whoever reads it (Regulation (EU) 2022/2065, Art. 17).

The facts and what the team adds stay in the language in which they were written.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from rostra.kernel.text.lengths import at_words, in_symbols
from rostra.outside.translations import noted as _
from rostra.outside.translations import said
from rostra.safety.categories.model import Sender
from rostra.safety.decisions.model import OWN_INITIATIVE, Action, ActionKind, Decision, Ground
from rostra.safety.statements.model import Statement
from rostra.safety.subjects import SubjectKind

_DONE: Final = {
    ActionKind.NONE: _("Nothing is restricted."),
    ActionKind.LABEL: _("A label is shown with it: {label}."),
    ActionKind.SENSITIVE: _("Its pictures are covered until somebody wants to see them."),
    ActionKind.REACH: _("It is not shown in public timelines, hashtags, trends and searches."),
    ActionKind.HIDE_ON: _("It is not shown in these apps or pages: {surfaces}."),
    ActionKind.HOLD: _("It is hidden from everybody but you."),
    ActionKind.REMOVE: _("It is removed."),
    ActionKind.WITHHOLD: _("The picture, video or recording is not shown."),
    ActionKind.WARN: _("This is a warning."),
    ActionKind.WARN_REPORTER: _(
        "This is a warning: reports of yours were plainly unfounded. If that goes on, what you "
        "report will be set aside for a time."
    ),
    ActionKind.MUTE_REPORTER: _(
        "What you report is set aside: it weighs nothing, and nobody looks at it for that alone. "
        "Reports of the gravest harm are looked at all the same."
    ),
    ActionKind.FIELDS: _("Parts of your profile are not shown: {fields}."),
    ActionKind.SENSITIVE_ACCOUNT: _("All pictures that you post are covered at first."),
    ActionKind.LIMIT_ACCOUNT: _("Your posts are shown only to those who follow or look for you."),
    ActionKind.SLOW: _("You may post less often: {posts} in {per}."),
    ActionKind.FREEZE: _("Your account is frozen: you can't sign in. What you posted stays."),
    ActionKind.SUSPEND: _("Your account is suspended: nobody sees it, and you can't sign in."),
    ActionKind.DELETE_ACCOUNT: _("Your account is suspended, and will be deleted on {at}."),
}
_UNTIL: Final = _("This ends by itself on {until}.")
_STAYS: Final = _("This holds until we take it back.")
_POSTS: Final = _("It is about posts of yours: {count}.")
_MEDIA: Final = _("It is about pictures, videos or recordings of yours: {count}.")
_ACCOUNT: Final = _("It is about your account.")
_OWN: Final = _("Nobody reported it: we came upon it ourselves.")
_REPORTED: Final = _("It was reported to us.")
_NOTICED: Final = _("Somebody outside, such as a provider or an authority, notified us of it.")
_BY_RULE: Final = _("A rule of this place, which people have switched on, drew attention to it.")
_FOUND_BY_MACHINE: Final = _("A machine found it.")
_FOUND_BY_PEOPLE: Final = _("No machine was used to find it.")
_DECIDED_BY_MACHINE: Final = _("A machine decided it, by a rule that people have switched on.")
_DECIDED_BY_PEOPLE: Final = _("People decided it.")
_BY_PANEL: Final = _(
    "A panel of members of this place decided it by their votes, without knowing whose it was."
)
_AFTER_PANEL: Final = _(
    "A panel of members of this place was asked before, without knowing whose it was."
)
_RULE: Final = _("It is against a rule of this place: {clause}")
_RULES: Final = _("It is against the rules of this place.")
_LAW: Final = _("It is against the law: {law}")
_STRIKES: Final = _("It counts {points} against your account until {until}.")
_TAKEN_BACK: Final = _("We have taken this decision back. It does not hold any more.")
_APPEAL: Final = _(
    "If you think that this is wrong, you can appeal until {until}. It costs nothing. Somebody "
    "else of the team, and no machine, looks at it anew and answers with reasons. You can also "
    "turn to a certified out-of-court dispute settlement body, or to a court."
)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A statement in words, part by part; empty where there is nothing to say."""

    done: tuple[str, ...]  # what is restricted, and for how long
    about: tuple[str, ...]  # what it is about, and how far it goes
    facts: str
    source: str
    machine: tuple[str, ...]
    ground: str
    words: str
    strikes: str
    taken_back: str
    appeal: str

    def paragraphs(self) -> list[str]:
        """All of it, for a letter."""
        parts = (
            self.taken_back,
            " ".join(self.done),
            " ".join(self.about),
            self.ground,
            self.facts,
            " ".join((self.source, *self.machine)),
            self.words,
            self.strikes,
            self.appeal,
        )
        return [part for part in parts if part]


def told(statement: Statement, locale: str, appeal_days: int) -> Told:
    """Say a statement in a member's language."""

    def say(text: str, **names: object) -> str:
        return said(locale, text).format(**names)

    decision = statement.decision
    until = day(statement.appeal_until(appeal_days))
    strikes = decision.strikes > 0
    return Told(
        done=tuple(line for action in decision.done for line in _done(say, action)),
        about=tuple(_about(say, statement)),
        facts=decision.facts,
        source=say(_source(decision.source)),
        machine=(
            say(_FOUND_BY_MACHINE if decision.machine_found else _FOUND_BY_PEOPLE),
            say(decided_by(decision)),
            *_panel(say, decision),
        ),
        ground=_ground(say, decision),
        words=decision.words,
        strikes=say(_STRIKES, points=decision.strikes, until=day(decision.strikes_until))
        if strikes
        else "",
        taken_back=say(_TAKEN_BACK) if statement.taken_back else "",
        appeal="" if statement.taken_back else say(_APPEAL, until=until),
    )


def _panel(say: Callable[..., str], decision: Decision) -> tuple[str, ...]:
    if not decision.panel_id:
        return ()
    return (say(_BY_PANEL if decision.by_panel else _AFTER_PANEL),)


def _done(say: Callable[..., str], action: Action) -> list[str]:
    kind = ActionKind(action.kind)
    lines = [
        say(
            _DONE[kind],
            label=action.label,
            surfaces=", ".join(action.surfaces),
            fields=", ".join(field.replace("_", " ") for field in action.fields),
            at=day(action.at),
            posts=action.posts,
            per=in_symbols(action.per_ms),
        )
    ]
    if kind.holds and kind not in {ActionKind.DELETE_ACCOUNT, ActionKind.WARN_REPORTER}:
        lines.append(say(_UNTIL, until=day(action.ends_at)) if action.ends_at else say(_STAYS))
    return lines


def _about(say: Callable[..., str], statement: Statement) -> list[str]:
    kinds = [each.kind for each in statement.subjects]
    posts, media = kinds.count(SubjectKind.POST), kinds.count(SubjectKind.MEDIA)
    lines = []
    if posts:
        lines.append(say(_POSTS, count=posts))
    if media:
        lines.append(say(_MEDIA, count=media))
    if SubjectKind.ACCOUNT in kinds or any(
        ActionKind(action.kind).of_account for action in statement.decision.done
    ):
        lines.append(say(_ACCOUNT))
    return lines


def _source(source: int) -> str:
    if source == OWN_INITIATIVE:
        return _OWN
    sender = Sender(source)
    if sender is Sender.RULE:
        return _BY_RULE
    return _NOTICED if sender.writes_letters else _REPORTED


def _ground(say: Callable[..., str], decision: Decision) -> str:
    if decision.ground == Ground.LAW:
        return say(_LAW, law=decision.legal_ground)
    return say(_RULE, clause=decision.clause) if decision.clause else say(_RULES)


def decided_by(decision: Decision) -> str:
    """Whether people or a machine decided it; a noted text."""
    return _DECIDED_BY_MACHINE if decision.machine_decided else _DECIDED_BY_PEOPLE


def day(at: int) -> str:
    """A time (UTC ms) as every language reads it."""
    return at_words(at)
