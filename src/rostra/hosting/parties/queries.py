"""The SQL of the party ledger, private to this slice."""

from sqlalchemy import Text, bindparam, delete, func, select

from rostra.hosting.parties.model import Noted
from rostra.store.query import query, upsert
from rostra.store.tables.parties import parties

_THIS = (
    parties.c.kind == bindparam("of_kind", type_=Text()),
    parties.c.party == bindparam("of_party", type_=Text()),
)
_COLUMNS = [parties.c[name] for name in Noted.__struct_fields__]

ALL = query(select(*_COLUMNS).order_by(parties.c.kind, parties.c.party), Noted)
ONE = query(select(*_COLUMNS).where(*_THIS), Noted)
HOW_MANY = query(select(func.count()).select_from(parties))
PUT = upsert(parties, ["kind", "party"])
DROP = query(delete(parties).where(*_THIS))
