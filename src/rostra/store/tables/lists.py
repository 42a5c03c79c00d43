"""Lists: some of those whom a member follows, as a timeline of their own."""

from sqlalchemy import Index

from rostra.store.tables.base import clustered, key, number, part, table, text

lists = table(
    "lists",
    key(),
    number("account_id"),
    text("title"),
    number("replies_policy", 1),  # 0 none, 1 list, 2 followed
    number("exclusive"),  # 1: its members are kept out of home
    Index("ix_lists_account_id_id", "account_id", "id"),
)

list_accounts = clustered(
    "list_accounts",
    part("list_id"),
    part("target_id"),
    number("id"),  # pages run over it
    number("account_id"),  # whose list it is
    Index("ix_list_accounts_list_id_id", "list_id", "id"),
    Index("ix_list_accounts_target_id", "target_id"),
    Index("ix_list_accounts_account_id_target_id", "account_id", "target_id"),
)
