from rostra.network.credentials import scopes
from rostra.network.credentials.model import MemberState, Viewer


def test_lists_of_scopes() -> None:
    assert scopes.parse("read write:statuses") == frozenset({"read", "write:statuses"})
    assert scopes.parse("read+write") == frozenset({"read", "write"})
    assert scopes.parse("read everything") is None
    assert scopes.show({"write", "read"}) == "read write"


def test_an_app_gets_no_more_than_it_declared() -> None:
    assert scopes.within(frozenset({"read:statuses"}), frozenset({"read"}))
    assert not scopes.within(frozenset({"read"}), frozenset({"read:statuses"}))
    assert not scopes.within(frozenset({"profile"}), frozenset({"read"}))


def test_who_is_a_member() -> None:
    assert not Viewer.ANONYMOUS.is_member
    assert Viewer(account_id=1, state=MemberState.ACTIVE).is_member
    assert not Viewer(account_id=1, state=MemberState.UNCONFIRMED).is_member
