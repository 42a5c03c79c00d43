"""The SQL of withholding: every statement takes as many media as are given."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from rostra.store.query import Query, in_ids, number, query, query_rows
from rostra.store.tables.accounts import accounts
from rostra.store.tables.posts import media


class Held(NamedTuple):
    """A medium whose row is locked."""

    id: int
    post_id: int
    limits: int
    blob_key: str
    preview_key: str

    @property
    def keys(self) -> tuple[str, str]:
        """Its files."""
        return self.blob_key, self.preview_key


def _lock(which: ColumnElement[bool]) -> Query[Held]:
    # In one order everywhere: two decisions over the same media must not wait for each other.
    columns = [media.c[name] for name in Held._fields]
    return query(select(*columns).where(which).order_by(media.c.id).with_for_update(), Held)


LOCK = _lock(in_ids(media.c.id, "ids"))
LOCK_OF_POSTS = _lock(in_ids(media.c.post_id, "ids"))
OF_ACCOUNT = query(
    select(media.c.id)
    .where(media.c.account_id == number("account"), media.c.id > number("above"))
    .order_by(media.c.id)
    .limit(number("limit")),
    int,
)
LIMITS_OF = query(select(accounts.c.limits).where(accounts.c.id == number("account")), int)
APPLY = query_rows(
    "UPDATE media SET limits = {limits} FROM {rows} WHERE media.id = {id}", "id", "limits"
)
