"""The SQL of the team, private to this slice."""

from sqlalchemy import bindparam, or_, select

from rostra.store.query import const, in_ids, insert_or_ignore, number, query
from rostra.store.tables.accounts import users
from rostra.store.tables.safety import reviewed_categories

ACCOUNT = number("account")

STANDING = query(select(users.c.role, users.c.duties).where(users.c.account_id == ACCOUNT))
CATEGORIES = query(
    select(reviewed_categories.c.category)
    .where(reviewed_categories.c.account_id == ACCOUNT)
    .order_by(reviewed_categories.c.category),
    int,
)
TEAM = query(
    select(users.c.account_id, users.c.role, users.c.duties)
    .where(or_(users.c.role > const(0), users.c.duties > const(0)))
    .order_by(users.c.role.desc(), users.c.account_id)
    .limit(const(500))
)
CATEGORIES_OF = query(
    select(reviewed_categories.c.account_id, reviewed_categories.c.category)
    .where(in_ids(reviewed_categories.c.account_id, "ids"))
    .order_by(reviewed_categories.c.account_id, reviewed_categories.c.category)
)
SET_DUTIES = query(
    users.update().where(users.c.account_id == ACCOUNT).values(duties=bindparam("duties"))
)
DROP_CATEGORIES = query(
    reviewed_categories.delete().where(reviewed_categories.c.account_id == ACCOUNT)
)
ADD_CATEGORY = insert_or_ignore(reviewed_categories)
MAIL_OF = query(
    select(users.c.account_id, users.c.email)
    .where(in_ids(users.c.account_id, "ids"), users.c.email != "")
    .order_by(users.c.account_id)
)
