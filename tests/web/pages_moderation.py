"""The pages of decisions and reports, with sample data."""

import msgspec
from tests.web import samples as s
from tests.web.samples import Sample

from rostra.web.views import moderation

_STATEMENT = moderation.StatementView(
    id="1",
    created_at=s.NOW,
    heading="Removed",
    done=("It is removed.", "This holds until we take it back."),
    about=("It is about posts of yours: 23.",),
    pieces=(
        moderation.AboutView(what="post", at=s.NOW - s.DAY, words=s.HOSTILE, url="/posts/1"),
        moderation.AboutView(what="post", at=s.NOW - s.DAY, words=s.LONG_WORD),
        moderation.AboutView(what="media", at=s.NOW - s.DAY),
    ),
    more=20,
    ground="It is against a rule of this place: Nobody is insulted here.",
    facts=(s.HOSTILE, s.RTL),
    found=("It was reported to us.", "No machine was used to find it.", "People decided it."),
    words=("Please be kinder.", s.LONG_WORD),
    strikes="It counts 2 against your account until 2027-04-15 08:00 UTC.",
    appeal="If you think that this is wrong, you can appeal until 2027-07-17 08:00 UTC.",
    unread=True,
)
_BACK = msgspec.structs.replace(
    _STATEMENT,
    id="2",
    heading="Your account is frozen",
    taken_back="We have taken this decision back. It does not hold any more.",
    appeal="",
    unread=False,
    pieces=(),
    more=0,
)


def moderation_pages() -> list[Sample]:
    """Every page on which members meet moderation."""
    member, visitor = s.shell(), s.shell(member=False)
    return [
        Sample("settings-moderation", member, moderation.StatementsPage(
               statements=(_STATEMENT, _BACK), pager=s.PAGER)),
        Sample("settings-moderation-empty", member, moderation.StatementsPage(statements=())),
        Sample("settings-decision", member, moderation.StatementPage(statement=_STATEMENT)),
        Sample("settings-decision-back", member, moderation.StatementPage(statement=_BACK)),
        Sample("decision", visitor, moderation.DecisionPage(statement=_STATEMENT, token="t")),
    ]  # fmt: skip
