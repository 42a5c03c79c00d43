"""Who hears which event of moderation, and which kinds of jobs it has: the one table of both."""

from rostra.network.accounts.events import AccountRemoved
from rostra.network.instance.events import RulesChanged
from rostra.network.media.events import CoverChanged, MediaAttached, MediaRemoved, MediaUploaded
from rostra.network.posts.events import PostBroughtIn, PostDeleted, PostEdited, PostPublished
from rostra.safety.adapters import drain, leave
from rostra.safety.adapters.events import AdapterFound
from rostra.safety.appeals import file, taken_back
from rostra.safety.appeals import letters as appeal_letters
from rostra.safety.appeals.events import AppealAnswered, Appealed, AppealsForgotten
from rostra.safety.banks import look as banks_look
from rostra.safety.banks import look_back as banks_look_back
from rostra.safety.banks import manage as banks_manage
from rostra.safety.banks import tell as banks_tell
from rostra.safety.banks.events import HashQuarantined, MediaMatched
from rostra.safety.cases import join, signal
from rostra.safety.cases.events import CaseJoined, CaseOpened, CasesClosed
from rostra.safety.clusters import join as cluster_join
from rostra.safety.clusters import tidy
from rostra.safety.clusters.model import CaseClustered, ClustersMerged
from rostra.safety.copies import jobs as copies_jobs
from rostra.safety.decisions import apply, ends
from rostra.safety.decisions.events import (
    Decided,
    DecisionApplied,
    DecisionUndone,
    MemberReleased,
    MembersTold,
    RestrictionsEnded,
)
from rostra.safety.evidence import holds as evidence_holds
from rostra.safety.evidence import keep as evidence
from rostra.safety.holding import act, settle
from rostra.safety.holding import later as later_asked
from rostra.safety.holding import notify as holding_notify
from rostra.safety.house_rules import versions
from rostra.safety.ledger import react as ledger
from rostra.safety.ledger import sign
from rostra.safety.notices import link, send, warn
from rostra.safety.notices.events import LetterAnswered, LetterCame
from rostra.safety.outsiders import forget as outside_forget
from rostra.safety.outsiders import letters as outside_letters
from rostra.safety.pace import count as pace_count
from rostra.safety.pace import hold as pace_hold
from rostra.safety.pace import watch as pace_watch
from rostra.safety.panels import jobs as panel_jobs
from rostra.safety.panels import members as panel_members
from rostra.safety.panels import react as panels
from rostra.safety.reports import flaggers, forget
from rostra.safety.reports.events import Reported
from rostra.safety.reviews import sample as reviews
from rostra.safety.rules import jobs as rules_jobs
from rostra.safety.screening import forget as screening_forget
from rostra.safety.screening.events import RulesCaught, ScoreReached
from rostra.safety.standing import later, learn, stand
from rostra.safety.statements import letters, outcomes, tell
from rostra.safety.tallies import count as tallies_count
from rostra.safety.tryout import jobs as tryout_jobs
from rostra.safety.webhooks import deliver as webhooks_deliver
from rostra.safety.webhooks import tell as webhooks
from rostra.store.database import Hooks
from rostra.store.outbox import JobKind


def jobs() -> tuple[JobKind, ...]:
    """Every kind of job of moderation."""
    return (
        *rules_jobs.JOBS,
        *tryout_jobs.JOBS,
        *banks_look.JOBS,
        *banks_look_back.JOBS,
        *banks_manage.JOBS,
        *banks_tell.JOBS,
        *drain.JOBS,
        *apply.JOBS,
        *ends.JOBS,
        *tidy.JOBS,
        *later.JOBS,
        *learn.JOBS,
        *reviews.JOBS,
        *copies_jobs.JOBS,
        *panel_jobs.JOBS,
        *ledger.JOBS,
        *sign.JOBS,
        *letters.JOBS,
        *outcomes.JOBS,
        *link.JOBS,
        *send.JOBS,
        *warn.JOBS,
        *appeal_letters.JOBS,
        *taken_back.JOBS,
        *webhooks_deliver.JOBS,
        *evidence.JOBS,
        *evidence_holds.JOBS,
        *pace_count.JOBS,
        *pace_watch.JOBS,
        *outside_letters.JOBS,
        *outside_forget.JOBS,
        *screening_forget.JOBS,
        *holding_notify.JOBS,
        *settle.JOBS,
        *tallies_count.JOBS,
    )


def subscribe(hooks: Hooks) -> None:
    """Wire the subscribers that run in the transaction of what they hear."""
    hooks.on(RulesChanged, versions.rules_changed)
    hooks.on(Reported, join.reported)
    hooks.on(Reported, evidence.reported)
    hooks.on(CasesClosed, evidence.closed)
    hooks.on(CaseOpened, cluster_join.opened)
    hooks.on(PostEdited, cluster_join.edited)
    hooks.on(CaseClustered, later.joined)
    hooks.on(ClustersMerged, stand.merged)
    hooks.on(Decided, ledger.decided)
    hooks.on(DecisionUndone, ledger.undone)
    hooks.on(MemberReleased, ledger.released)
    hooks.on(Appealed, ledger.appealed)
    hooks.on(AppealAnswered, ledger.answered)
    hooks.on(AppealsForgotten, ledger.appeals_forgotten)
    hooks.on(DecisionUndone, later.undone)
    hooks.on(PostDeleted, reviews.post_deleted)
    hooks.on(DecisionApplied, learn.decision_applied)
    hooks.on(MemberReleased, learn.member_released)
    hooks.on(DecisionUndone, taken_back.decision_undone)
    hooks.on(AccountRemoved, ledger.account_removed)
    hooks.on(Decided, pace_hold.decided)
    hooks.on(PostPublished, pace_hold.post_published)
    hooks.on(MembersTold, tell.members_told)
    hooks.on(DecisionApplied, outcomes.decision_applied)
    hooks.on(AccountRemoved, tell.account_removed)
    hooks.on(DecisionApplied, outside_letters.decision_applied)
    hooks.on(AppealAnswered, outside_letters.appeal_answered)
    hooks.on(PostDeleted, link.post_deleted)
    hooks.on(AccountRemoved, link.account_removed)
    hooks.on(AccountRemoved, file.account_removed)
    hooks.on(AccountRemoved, forget.account_removed)
    hooks.on(AccountRemoved, flaggers.account_removed)
    _banks(hooks)
    _adapters(hooks)
    _screening(hooks)
    _panels(hooks)
    _webhooks(hooks)


def _banks(hooks: Hooks) -> None:
    """What banks of hashes hear, and who hears them."""
    hooks.on(MediaUploaded, banks_look.uploaded)
    hooks.on(CoverChanged, banks_look.uploaded)
    hooks.on(MediaAttached, banks_look.attached)
    hooks.on(MediaRemoved, banks_look.removed)
    hooks.on(MediaMatched, signal.media_matched)
    hooks.on(HashQuarantined, banks_tell.hash_quarantined)


def _adapters(hooks: Hooks) -> None:
    """Programs elsewhere that are asked about posts, and what they find."""
    hooks.on(PostPublished, leave.post_published)
    hooks.on(PostBroughtIn, leave.post_brought_in)
    hooks.on(PostEdited, leave.post_edited)
    hooks.on(PostDeleted, leave.post_deleted)
    hooks.on(AdapterFound, signal.adapter_found)


def _screening(hooks: Hooks) -> None:
    """What is found in words, and when it is forgotten."""
    hooks.on(ScoreReached, signal.score_reached)
    hooks.on(RulesCaught, act.rules_caught)
    hooks.on(RulesCaught, later_asked.rules_caught)
    hooks.on(DecisionApplied, settle.decision_applied)
    hooks.on(DecisionUndone, settle.undone)
    hooks.on(RestrictionsEnded, settle.ended)
    hooks.on(PostDeleted, settle.post_deleted)
    hooks.on(PostDeleted, screening_forget.post_deleted)
    hooks.on(AccountRemoved, screening_forget.account_removed)


def _webhooks(hooks: Hooks) -> None:
    """What programs of the team are told."""
    hooks.on(Reported, webhooks.reported)
    hooks.on(CaseOpened, webhooks.opened)
    hooks.on(CasesClosed, webhooks.closed)
    hooks.on(Decided, webhooks.decided)
    hooks.on(DecisionUndone, webhooks.undone)
    hooks.on(MemberReleased, webhooks.released)
    hooks.on(Appealed, webhooks.appealed)
    hooks.on(AppealAnswered, webhooks.answered)
    hooks.on(LetterCame, webhooks.letter_came)
    hooks.on(LetterAnswered, webhooks.letter_answered)


def _panels(hooks: Hooks) -> None:
    """What ends panels of members."""
    hooks.on(CasesClosed, panels.cases_closed)
    hooks.on(CaseJoined, panels.case_joined)
    hooks.on(PostEdited, panels.post_edited)
    hooks.on(PostDeleted, panels.post_deleted)
    hooks.on(AccountRemoved, panel_members.account_removed)
