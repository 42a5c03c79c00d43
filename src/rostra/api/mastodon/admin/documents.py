"""Accounts and reports as the team reads them."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rostra.api.mastodon import render
from rostra.api.mastodon.credential_account import role_of
from rostra.api.mastodon.entities.admin import AdminAccountHead
from rostra.api.mastodon.instance_document import rule_entity
from rostra.api.mastodon.reports import head_of
from rostra.api.mastodon.times import iso
from rostra.network.accounts import roster
from rostra.network.accounts.limits import Limit
from rostra.network.accounts.model import AccountState
from rostra.network.accounts.roster import Kept
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.model import Decision
from rostra.safety.reports.model import Report

_encode = msgspec.json.Encoder().encode


def _head(kept: Kept) -> AdminAccountHead:
    """Addresses are not told: what they are good for, the sessions page of a member shows them."""
    account, user = kept.account, kept.user
    return AdminAccountHead(
        id=str(account.id),
        username=account.username,
        domain=account.domain or None,
        created_at=iso(account.created_at),
        email=user.email,
        ip=None,
        ips=(),
        locale=user.locale or None,
        invite_request=user.sign_up_reason or None,
        role=role_of(user),
        confirmed=user.confirmed_at > 0,
        approved=user.approved_at > 0,
        disabled=user.disabled_at > 0,
        sensitized=bool(kept.limits & Limit.SENSITIVE),
        silenced=bool(kept.limits & Limit.REACH),
        suspended=account.state == AccountState.SUSPENDED,
    )


async def accounts(call: render.Asking, reader: Reader, kept: Iterable[Kept]) -> dict[int, bytes]:
    """Accounts as JSON, by id, in their order. Few statements for any number."""
    found = {each.account.id: each for each in kept}
    shown = await render.any_accounts(call, reader, list(found))
    return {
        account_id: b'%b,"account":%b}' % (_encode(_head(each))[:-1], shown[account_id])
        for account_id, each in found.items()
        if account_id in shown
    }


async def reports(call: render.Asking, reader: Reader, found: Sequence[Report]) -> list[bytes]:
    """Reports as JSON, in their order. Few statements for any number.

    Of the posts those that are there for whoever asks; the case has what was preserved of all.
    """
    decisions = await decisions_access.by_ids(
        reader, sorted({each.row.decision_id for each in found} - {0})
    )
    people = {
        account_id
        for each in found
        for account_id in (
            each.row.account_id,
            each.row.target_account_id,
            each.row.assigned_to,
            *_decider(decisions, each.row.decision_id),
        )
    }
    kept = await roster.by_ids(reader, sorted(people - {0}))
    shown = await accounts(call, reader, kept.values())
    post_ids = sorted({post_id for each in found for post_id in each.post_ids})
    statuses = await render.statuses_by_id(call, reader, post_ids)
    rules = {rule.id: rule for rule in await instance_access.rules(call.services, reader)}
    made: list[bytes] = []
    for each in found:
        row = each.row
        members = {
            "account": shown.get(row.account_id),
            "target_account": shown.get(row.target_account_id),
            "assigned_account": shown.get(row.assigned_to),
            "action_taken_by_account": next(
                (shown.get(who) for who in _decider(decisions, row.decision_id)), None
            ),
            "statuses": render.join(statuses[p] for p in each.post_ids if p in statuses),
            "rules": _encode([rule_entity(rules[r]) for r in each.rule_ids if r in rules]),
            "updated_at": _encode(iso(row.decided_at or row.created_at)),
        }
        parts = b",".join(b'"%b":%b' % (k.encode(), v or b"null") for k, v in members.items())
        made.append(b"%b,%b}" % (_encode(head_of(each))[:-1], parts))
    return made


def _decider(decisions: Mapping[int, Decision], decision_id: int) -> tuple[int, ...]:
    found = decisions.get(decision_id)
    return (found.actor_id,) if found and found.actor_id else ()
