"""Mastodon.py in the hands of a moderator: reports and accounts, as existing tools use it."""

from collections.abc import Callable

import pytest
from mastodon import Mastodon, MastodonNotFoundError
from mastodon.errors import MastodonAPIError
from mastodon.return_types import AdminAccount
from tests.clients.place import PASSWORD, SCOPES, Place, ids

STAFF = [*SCOPES, "admin:read", "admin:write"]


@pytest.fixture(scope="module")
def mo(place: Place, ada: Mastodon) -> Mastodon:
    """A moderator, with a token for what moderators do."""
    assert ada.me().username == "ada"  # the first of all members is somebody else
    told = place.operate(
        "admin", "create", "mo", "--email", "mo@example.org", "--role", "moderator"
    )
    return entered(place, "mo@example.org", told.split()[-1])


def entered(place: Place, email: str, password: str) -> Mastodon:
    """Somebody who has signed in for all that a moderator's tool asks for."""
    program = place.program(scopes=STAFF)
    program.log_in(email, password, scopes=STAFF, allow_http=True)
    return program


def test_reports_of_members_are_worked_off(mo: Mastodon, ada: Mastodon, bob: Mastodon) -> None:
    post = bob.status_post("buy now")
    made = ada.report(bob.me(), status_ids=[post], comment="Spam", category="spam", forward=False)
    assert made.comment == "Spam"
    assert not made.action_taken
    (report,) = mo.admin_reports(resolved=False)
    assert report.id == made.id
    assert ids(report.statuses) == ids([post])
    assert report.account.username == "ada"
    assert report.target_account.username == "bob"
    assert mo.admin_report_assign(report).assigned_account.username == "mo"
    assert mo.admin_report_unassign(report).assigned_account is None
    assert mo.admin_report_resolve(report).action_taken
    assert mo.admin_reports() == []
    assert not mo.admin_report_reopen(report).action_taken
    assert ids(mo.admin_reports(account_id=ada.me(), target_account_id=bob.me())) == ids([made])
    mo.admin_account_moderate(bob.me(), "suspend", report_id=made, text="Spam all day")
    assert mo.admin_report(made).action_taken
    with pytest.raises(MastodonNotFoundError):
        ada.status(post)
    assert mo.admin_account_unsuspend(report.target_account).suspended is False
    assert ada.status(post).id == post.id


def test_accounts_are_found_and_restricted(mo: Mastodon, place: Place) -> None:
    cem = place.joined("cem")
    account = mo.admin_account(cem.me())
    assert account.username == "cem"
    assert account.email == "cem@example.org"
    assert account.account.acct == "cem"
    for found in (
        mo.admin_accounts_v2(username="cem", status="active", origin="local"),
        mo.admin_accounts_v1(username="cem", status="active"),
        mo.admin_accounts(username="cem", status="active"),
        mo.admin_accounts_v2(email="cem@example.org"),
    ):
        assert [str(each["id"]) for each in found] == [str(account.id)]
    assert "cem" not in {each.username for each in mo.admin_accounts_v2(permissions="staff")}

    def restricted(action: str, flag: str, lift: Callable[[AdminAccount], AdminAccount]) -> None:
        mo.admin_account_moderate(account, action, send_email_notification=False)
        assert mo.admin_account(account)[flag]
        assert not lift(account)[flag]

    restricted("silence", "silenced", mo.admin_account_unsilence)
    restricted("sensitive", "sensitized", mo.admin_account_unsensitive)
    restricted("disable", "disabled", mo.admin_account_enable)
    restricted("suspend", "suspended", mo.admin_account_unsuspend)
    mo.admin_account_moderate(account, "none", text="Careful")
    with pytest.raises(MastodonAPIError):
        mo.admin_account_delete(account)
    mo.admin_account_moderate(account, "suspend")
    assert mo.admin_account_delete(account).suspended


def test_who_waits_is_let_in(mo: Mastodon, place: Place) -> None:
    place.operate("admin", "settings", "set", "registrations", "approval")
    try:
        for name in ("dan", "eli"):
            place.program().create_account(
                name, PASSWORD, f"{name}@example.org", agreement=True, reason="I", scopes=SCOPES
            )
        eli, dan = mo.admin_accounts_v2(status="pending")
        assert mo.admin_account_approve(dan).approved
        mo.admin_account_reject(eli)
        assert mo.admin_accounts_v2(status="pending") == []
    finally:
        place.operate("admin", "settings", "set", "registrations", "open")


def test_members_may_not(ada: Mastodon, place: Place) -> None:
    curious = entered(place, "ada@example.org", PASSWORD)
    for call in (curious.admin_reports, curious.admin_accounts_v2):
        with pytest.raises(MastodonAPIError, match="403"):
            call()
    with pytest.raises(MastodonAPIError, match="403"):
        ada.admin_reports()
