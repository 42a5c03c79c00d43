import pytest

from rostra.http.address import UNKNOWN, AddressBook, limit_key

PROXIED = AddressBook(["10.0.0.0/8", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),  # not a proxy of ours: not believed
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.9", "198.51.100.9"),  # the left part is the client's word
        ("10.0.0.1", "198.51.100.9, 10.0.0.2", "198.51.100.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "rubbish, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "rubbish", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.9:5000", "198.51.100.9"),
        ("10.0.0.1", "[2001:db8::1]:5000", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("::ffff:10.0.0.1", "192.0.2.9", "192.0.2.9"),
        (None, "", UNKNOWN),
        (None, "192.0.2.9", UNKNOWN),
        ("socket", "", UNKNOWN),
    ],
)
def test_client(peer: str | None, forwarded: str, client: str) -> None:
    assert PROXIED.client(peer, forwarded) == client


def test_nobody_is_believed_by_default() -> None:
    assert AddressBook().client("127.0.0.1", "192.0.2.9") == "127.0.0.1"


def test_a_local_socket_may_be_trusted() -> None:
    book = AddressBook(trust_local_socket=True)
    assert book.client(None, "192.0.2.9") == "192.0.2.9"
    assert book.client("192.0.2.1", "192.0.2.9") == "192.0.2.1"


def test_limits_count_a_whole_ipv6_site() -> None:
    assert limit_key("2001:db8:0:1::5") == limit_key("2001:db8:0:1:ffff::9")
    assert limit_key("2001:db8:0:1::5") != limit_key("2001:db8:0:2::5")
    assert limit_key("192.0.2.1") == "192.0.2.1"
    assert limit_key("fe80::1%eth0") == limit_key("fe80::2")
    assert limit_key("") == UNKNOWN
