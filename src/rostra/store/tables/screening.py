"""What screening goes by, and what it found."""

from sqlalchemy import Column, Index, Text

from rostra.store.tables.base import key, number, table, text

# A number for each part of what screening goes by (lists, banks, rules, settings): another one with
# every change, so that a process knows when what it holds is old.
screening_states = table(
    "screening_states",
    Column("part", Text, primary_key=True),
    number("version"),
)

# What was found in words when they were published, one row each time; gone with what they stand in.
screening_judgements = table(
    "screening_judgements",
    key(),
    number("subject_kind"),
    number("subject_id"),
    number("account_id"),  # whose words they are
    text("what"),  # post, edit, profile
    number("checksum"),  # of the words: whether they still are those that were judged
    number("registry"),  # the newest version of what was judged by
    number("score"),  # the highest one, in thousandths
    text("findings", "[]"),  # JSON: what each signal said
    text("rules", "[]"),  # JSON: the rules that caught them
    number("cost_us"),
    number("created_at"),
    Index("ix_screening_judgements_subject_id_subject_kind", "subject_id", "subject_kind"),
)

# What live rules hold until somebody has looked at it, and what became of it.
rule_holds = table(
    "rule_holds",
    key("decision_id"),
    number("post_id"),
    number("account_id"),
    number("rule_id"),
    number("rule_version"),
    number("held_at"),
    number("due_at"),
    number("state"),  # a `HoldState`; 0: it waits
    number("settled_at"),
    Index("ix_rule_holds_post_id", "post_id"),
    Index("ix_rule_holds_state_settled_at", "state", "settled_at"),
    Index("ix_rule_holds_state_due_at", "state", "due_at"),
)
