"""The SQL of polls, private to this slice."""

from sqlalchemy import ColumnElement, case, delete, select, update

from rostra.network.polls.model import Ballot, OptionRow, PollRow
from rostra.store.query import const, in_ids, insert, insert_or_ignore, number, query
from rostra.store.tables.polls import poll_options, poll_votes, polls

POST, ACCOUNT, BALLOT, NOW = map(number, ("post", "account", "ballot", "now"))

_columns = [polls.c[name] for name in PollRow.__struct_fields__]
POLLS = query(select(*_columns).where(in_ids(polls.c.post_id, "ids")), PollRow)
OPTIONS = query(
    select(*[poll_options.c[name] for name in OptionRow.__struct_fields__])
    .where(in_ids(poll_options.c.post_id, "ids"))
    .order_by(poll_options.c.post_id, poll_options.c.position),
    OptionRow,
)
CHOSEN = query(
    select(*[poll_votes.c[name] for name in Ballot.__struct_fields__]).where(
        in_ids(poll_votes.c.ballot_id, "ballots"), poll_votes.c.account_id == ACCOUNT
    ),
    Ballot,
)

# What each of many accounts (``viewers``) has chosen in the poll of one post.
CHOSEN_BY = query(
    select(poll_votes.c.account_id, poll_votes.c.choices)
    .select_from(polls.join(poll_votes, poll_votes.c.ballot_id == polls.c.ballot_id))
    .where(polls.c.post_id == POST, in_ids(poll_votes.c.account_id, "viewers"))
)

INSERT = insert(polls)
INSERT_OPTION = insert(poll_options)
# How many have voted stays what it is: votes come in meanwhile.
UPDATE = query(
    update(polls)
    .where(polls.c.post_id == POST)
    .values(hide_totals=number("hide_totals"), ends_at=number("ends_at"))
)
BEGIN_ANEW = query(
    update(polls)
    .where(polls.c.post_id == POST)
    .values(ballot_id=BALLOT, multiple=number("multiple"), voters_count=const(0))
)
POSTPONE = query(
    update(polls).where(polls.c.post_id == POST).values(ends_at=polls.c.ends_at + number("by"))
)
DELETE = query(delete(polls).where(polls.c.post_id == POST))
DELETE_OPTIONS = query(delete(poll_options).where(poll_options.c.post_id == POST))


def _counted(count: ColumnElement[int]) -> ColumnElement[int]:
    """What a count becomes by a ``change``; nobody is shown fewer than none."""
    new = count + number("change")
    return case((new < const(0), const(0)), else_=new)


VOTE = insert_or_ignore(poll_votes)
# Only as long as it runs and nobody has changed what can be chosen. Locks the poll on PostgreSQL,
# so that two voters never wait for each other's options.
COUNT_VOTER = query(
    update(polls)
    .where(polls.c.post_id == POST, polls.c.ballot_id == BALLOT, polls.c.ends_at > NOW)
    .values(voters_count=_counted(polls.c.voters_count))
)
COUNT_VOTES = query(
    update(poll_options)
    .where(poll_options.c.post_id == POST, in_ids(poll_options.c.position, "choices"))
    .values(votes_count=_counted(poll_options.c.votes_count))
)

VOTERS = query(
    select(poll_votes.c.account_id)
    .where(poll_votes.c.ballot_id == BALLOT, poll_votes.c.account_id > number("after"))
    .order_by(poll_votes.c.account_id)
    .limit(number("limit")),
    int,
)
_some = select(poll_votes.c.account_id).where(poll_votes.c.ballot_id == BALLOT).limit(const(500))
DELETE_VOTES = query(
    delete(poll_votes).where(poll_votes.c.ballot_id == BALLOT, poll_votes.c.account_id.in_(_some))
)
VOTES_OF = query(
    select(*[poll_votes.c[name] for name in Ballot.__struct_fields__])
    .where(poll_votes.c.account_id == ACCOUNT)
    .order_by(poll_votes.c.ballot_id)
    .limit(const(100)),
    Ballot,
)
DELETE_VOTE = query(
    delete(poll_votes).where(poll_votes.c.ballot_id == BALLOT, poll_votes.c.account_id == ACCOUNT)
)
