"""Moderation: reports, the cases they join, what was decided, and what it restricts.

A subject is a pair (`subject_kind`, `subject_id`): 1 a post, 2 an account, 3 a medium. Categories
are numbers of `rostra.safety.categories`.
"""

from sqlalchemy import Column, Index, LargeBinary, Text
from sqlalchemy import text as sql

from rostra.store.tables.base import clustered, key, number, part, table, text

OPEN = sql("state = 0")
_HELD = sql("holder_id <> 0")
_UNSEEN = sql("looked_at = 0")
_CLUSTERED = sql("cluster_id <> 0")
_RUNNING = sql("ended_at = 0")

# The categories that reviewers are trusted with.
reviewed_categories = clustered("reviewed_categories", part("account_id"), part("category"))

# The rules of the house as they were from some time on, numbered from 1; never changed.
rule_versions = table(
    "rule_versions",
    key("number"),
    text("rules", "[]"),  # JSON: `RuleText`
    number("created_at"),
)

# Words to members that the house has written; one takes the place of ours of the same name.
message_templates = clustered(
    "message_templates",
    Column("name", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    text("title"),
    text("text"),
    text("categories", "[]"),  # JSON: none: for any
    number("updated_by"),
    number("updated_at"),
)

# The harm that a rule of the house is about.
rule_harms = table("rule_harms", key("rule_id"), number("category"))

reports = table(
    "reports",
    key(),
    number("source"),  # a `Sender`
    number("account_id"),  # who reports; 0: nobody of this place
    number("target_account_id"),  # whose posts, or who, is reported
    number("category"),
    text("wire_category", "other"),  # Mastodon's word that came with it
    text("comment"),
    number("forwarded"),
    number("weight"),  # thousandths of an ordinary report, as the reporter stood then
    number("state"),  # 0 open, 1 upheld, 2 dismissed
    number("decision_id"),
    number("assigned_to"),  # by tools that assign reports; the cases have holders of their own
    number("decided_at"),
    number("told_at"),  # when a letter told its reporter what became of it
    number("created_at"),
    Index("ix_reports_account_id_state", "account_id", "state"),
    Index("ix_reports_account_id_id", "account_id", "id"),
    Index("ix_reports_decision_id", "decision_id"),
    Index("ix_reports_target_account_id_id", "target_account_id", "id"),
    Index("ix_reports_state_id", "state", "id"),
)

report_posts = clustered(
    "report_posts",
    part("report_id"),
    part("post_id"),
    Index("ix_report_posts_post_id", "post_id"),
)

report_rules = clustered("report_rules", part("report_id"), part("rule_id"))

# Members and addresses from outside whose reports go first.
trusted_flaggers = table(
    "trusted_flaggers",
    key(),
    number("account_id"),  # 0: somebody outside
    text("address"),  # theirs, or a domain; empty: a member
    text("name"),
    number("added_by"),  # 0: an operator at the machine
    number("created_at"),
    Index("uq_trusted_flaggers_account_id_address", "account_id", "address", unique=True),
    Index("ix_trusted_flaggers_address", "address"),
)

# Members whose reports are set aside for a while: they were warned before.
reporter_standings = table(
    "reporter_standings",
    key("account_id"),
    number("warned_at"),
    number("muted_until"),
)

cases = table(
    "cases",
    key(),
    number("subject_kind"),
    number("subject_id"),
    number("account_id"),  # whose the subject is
    number("state"),  # 0 open, 1 decided, 2 merged into another
    number("category"),  # the worst that was said of it
    number("severity"),
    number("rank"),  # UTC ms; the lower, the sooner: the deadline less what harm is worth
    text("reasons", "[]"),  # JSON: why it stands where it stands
    number("deadline_at"),
    number("escalated"),
    number("holder_id"),
    number("held_until"),
    text("language"),
    number("sources"),  # bits: 1 << `Sender`
    number("reports_count"),
    number("weight"),  # of its reports, thousandths
    number("reach"),  # how many it may have reached, as far as is known
    number("score"),  # the highest that a signal gave it, thousandths
    number("waits"),  # 1: it is seen by nobody until this is decided
    number("cluster_id"),
    number("merged_into"),
    number("decision_id"),  # the last one
    number("proposed_id"),  # the decision about it that waits for a second person
    number("panel_id"),  # the panel of members that it is with now
    number("advice_id"),  # the panel whose votes agreed about it
    number("looked_at"),  # when a person first saw it
    number("decided_at"),
    number("opened_at"),
    number("events_count"),
    Index(
        "uq_cases_subject_kind_subject_id",
        "subject_kind",
        "subject_id",
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    ),
    Index("ix_cases_subject_id_subject_kind", "subject_id", "subject_kind"),
    Index("ix_cases_state_rank_id", "state", "rank", "id"),
    Index("ix_cases_state_category_rank_id", "state", "category", "rank", "id"),
    Index("ix_cases_state_language_rank_id", "state", "language", "rank", "id"),
    Index("ix_cases_state_deadline_at", "state", "deadline_at"),
    # How much is open of what, since when, until when: read along the index alone.
    Index(
        "ix_cases_state_category_opened_at_deadline_at",
        "state",
        "category",
        "opened_at",
        "deadline_at",
    ),
    # Which of them nobody has looked at.
    Index(
        "ix_cases_state_category_opened_at",
        "state",
        "category",
        "opened_at",
        sqlite_where=_UNSEEN,
        postgresql_where=_UNSEEN,
    ),
    Index("ix_cases_account_id_id", "account_id", "id"),
    Index("ix_cases_holder_id", "holder_id", sqlite_where=_HELD, postgresql_where=_HELD),
    Index(
        "ix_cases_cluster_id_state_rank",
        "cluster_id",
        "state",
        "rank",
        sqlite_where=_CLUSTERED,
        postgresql_where=_CLUSTERED,
    ),
)

case_reports = clustered(
    "case_reports",
    part("case_id"),
    part("report_id"),
    Index("ix_case_reports_report_id", "report_id"),
)

# Who has put which case aside, until when: somebody else may take it.
case_skips = clustered("case_skips", part("account_id"), part("case_id"), number("until"))

# Append-only: what a case is follows from these.
case_events = table(
    "case_events",
    key(),
    number("case_id"),
    number("place"),  # among the events of the case, from 1 on
    number("kind"),  # an `EventKind`
    number("actor_id"),  # 0: nobody of the team
    text("data", "{}"),  # JSON
    number("created_at"),
    Index("uq_case_events_case_id_place", "case_id", "place", unique=True),
)

decisions = table(
    "decisions",
    key(),
    number("kind"),  # a `DecisionKind`
    number("state"),  # a `DecisionState`
    number("undoes_id"),  # the decision that it takes back
    number("undone_by"),
    number("case_id"),  # 0: of several
    number("cluster_id"),
    text("actions", "[]"),  # JSON: see `Action`
    number("category"),
    number("ground"),  # 0 none, 1 a rule of the house, 2 a law
    number("clause_id"),  # the rule
    text("clause"),  # its words as they were then
    number("clause_version"),  # of the rules of the house
    text("legal_ground"),
    text("facts"),
    text("words"),  # what the member is told beyond the clause and the facts
    text("note"),  # for the team
    text("language", "en"),
    number("source"),  # what it rests on: a `Sender`; -1: found by the team
    number("machine_found"),
    number("machine_decided"),
    number("rule_id"),  # the rule or standing decision that decided; 0: a person
    number("strikes"),  # points for each member whose subject it is about
    number("strikes_until"),
    number("ends_at"),
    number("actor_id"),
    number("second_id"),  # who agreed, where two are needed
    number("panel_id"),  # the panel of members that was asked before
    number("subjects_count"),
    number("done_count"),
    number("created_at"),
    number("applied_at"),
    Index("ix_decisions_state_id", "state", "id"),
    Index("ix_decisions_case_id_id", "case_id", "id"),
    Index("ix_decisions_created_at", "created_at"),
)

decision_subjects = clustered(
    "decision_subjects",
    part("decision_id"),
    part("subject_kind"),
    part("subject_id"),
    number("account_id"),
    number("case_id"),
    number("state"),  # 0 to do, 1 done, 2 gone, 3 taken back
    Index("ix_decision_subjects_subject_id_subject_kind", "subject_id", "subject_kind"),
    Index("ix_decision_subjects_account_id_decision_id", "account_id", "decision_id"),
)

# What holds for a subject is folded from those of its rows that have not ended.
restrictions = table(
    "restrictions",
    key(),
    number("decision_id"),
    number("subject_kind"),
    number("subject_id"),
    number("account_id"),
    number("action"),  # an `ActionKind`
    text("data", "{}"),  # JSON: what the action needs to be said again
    number("ends_at"),  # 0: it does not by itself
    number("ended_at"),  # 0: it holds
    number("created_at"),
    Index(
        "ix_restrictions_subject_id_subject_kind",
        "subject_id",
        "subject_kind",
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    Index("ix_restrictions_decision_id", "decision_id"),
    Index(
        "ix_restrictions_ends_at",
        "ends_at",
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    Index("ix_restrictions_account_id", "account_id"),
)

# What a member was told of a decision: one for each member that it is about.
statements = table(
    "statements",
    key(),
    number("decision_id"),
    number("account_id"),
    number("mailed_at"),
    number("read_at"),
    number("taken_back_at"),  # for this member alone: an appeal against a decision about many
    number("created_at"),
    Index("uq_statements_decision_id_account_id", "decision_id", "account_id", unique=True),
    Index("ix_statements_account_id_id", "account_id", "id"),
)

# The links of letters to members who may not sign in: each opens one statement.
statement_links = table(
    "statement_links",
    Column("token_hash", LargeBinary, primary_key=True),
    number("statement_id"),
    number("account_id"),
    number("expires_at"),
    Index("ix_statement_links_account_id", "account_id"),
    Index("ix_statement_links_expires_at", "expires_at"),
)

# What is said against a decision: by a member that it is about, or by somebody who reported.
appeals = table(
    "appeals",
    key(),
    number("decision_id"),
    number("account_id"),  # 0: somebody without an account, who reported
    number("report_id"),  # 0: by the member that it is about
    text("text"),
    number("state"),  # 0 open, 1 upheld, 2 rejected
    text("answer"),  # the reasons
    number("actor_id"),  # who answered
    number("undo_id"),  # the decision that took it back
    number("due_at"),
    number("answered_at"),
    number("told_at"),  # when a letter told of the answer
    number("created_at"),
    Index("uq_appeals_what", "decision_id", "account_id", "report_id", unique=True),
    Index("ix_appeals_account_id_id", "account_id", "id"),
    Index("ix_appeals_state_due_at_id", "state", "due_at", "id"),
    Index("ix_appeals_report_id", "report_id"),
)
