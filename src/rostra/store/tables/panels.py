"""Panels: invited members who look at a case without names, and vote alone."""

from sqlalchemy import Index
from sqlalchemy import text as sql

from rostra.store.tables.base import key, number, table, text

_RUNNING = sql("state = 0")
_SOMEBODY = sql("account_id <> 0")

# Who is invited to sit on panels, and what they said to that.
panel_members = table(
    "panel_members",
    key("account_id"),
    number("state"),  # 0 invited, 1 sits, 2 declined or left, 3 taken off by the team
    number("daily_limit"),  # cases a day
    text("languages", "[]"),  # JSON: what they read; empty: everything
    number("invited_by"),
    number("invited_at"),
    number("answered_at"),
    Index("ix_panel_members_state", "state", "account_id"),
)

panels = table(
    "panels",
    key(),
    number("case_id"),
    number("category"),
    number("state"),  # 0 it runs; the rest: see `PanelState`
    number("seats"),
    number("votes"),  # equal ones that make an outcome
    number("seed"),  # what the draw follows from
    number("outcome"),  # an `ActionKind`, where the votes agreed
    number("opened_by"),  # who of the team sent it; 0: by itself
    number("closed_by"),  # who of the team took it back; 0: by itself
    number("ends_at"),  # when the case is back at the latest
    number("opened_at"),
    number("closed_at"),
    Index("ix_panels_case_id", "case_id"),
    Index("ix_panels_ends_at", "ends_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    Index("ix_panels_state_id", "state", "id"),
)

panel_seats = table(
    "panel_seats",
    key(),
    number("panel_id"),
    number("account_id"),  # 0: the member is gone, their vote stays
    number("state"),  # 0 waits; the rest: see `SeatState`
    number("vote"),  # an `ActionKind`
    text("reason"),
    number("drawn_at"),
    number("until"),
    number("answered_at"),
    number("told_at"),  # when a letter told of it
    Index(
        "uq_panel_seats_panel_id_account_id",
        "panel_id",
        "account_id",
        unique=True,
        sqlite_where=_SOMEBODY,
        postgresql_where=_SOMEBODY,
    ),
    Index("ix_panel_seats_panel_id", "panel_id"),
    Index("ix_panel_seats_account_id_drawn_at", "account_id", "drawn_at"),
    Index("ix_panel_seats_until", "until", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    Index("ix_panel_seats_state_id", "state", "id"),
)
