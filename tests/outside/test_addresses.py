import ipaddress

import pytest

from rostra.outside.addresses import is_allowed, is_public, literal, networks

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 (nothing is bound)
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c:0:fbff:80f8:fffe",
    "2001:10::1",
    "2001:1ff::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
]

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.1.1.1",
    "128.0.0.1",
    "169.253.1.1",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "192.167.1.1",
    "192.169.0.1",
    "198.17.1.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2001:4860:4860::8888",
    "2a00:1450:4001::1",
    "2003::1",
]


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_addresses_that_are_not_called(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_that_are_called(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_an_operator_can_allow_networks() -> None:
    allowed = networks(["10.1.0.0/16", "fd00::/16", "127.0.0.1/32"])
    for text in ("10.1.0.0", "10.1.2.3", "10.1.255.255", "fd00::1", "127.0.0.1"):
        assert is_allowed(ipaddress.ip_address(text), allowed), text
    for text in (
        *("10.0.255.255", "10.2.0.0", "fd01::1", "127.0.0.2", "8.8.8.8", "fd00::1%eth0"),
        *("::ffff:10.1.2.3", "::10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1", "::1"),
    ):
        assert not is_allowed(ipaddress.ip_address(text), allowed), text
    assert not is_allowed(ipaddress.ip_address("10.1.2.3"), ())


# What tells a machine its own secrets, or is another address in disguise.
ONLY_BY_ITSELF = [
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "0.0.0.0",  # noqa: S104 (nothing is bound)
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::a9fe:a9fe",
    "::",
    "::1",
    "::169.254.169.254",
    "::ffff:169.254.169.254",
    "::ffff:0:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::169.254.169.254",
    "2001:0:53aa:64c:0:fbff:5601:5601",
    "2002:a9fe:a9fe::1",
]


@pytest.mark.parametrize("text", ONLY_BY_ITSELF)
def test_secrets_of_the_machine_are_opened_by_their_own_address_alone(text: str) -> None:
    address = ipaddress.ip_address(text)
    for length in range(address.max_prefixlen):
        around = ipaddress.ip_network((address, length), strict=False)
        assert not is_allowed(address, (around,)), around
    assert is_allowed(address, networks([text]))


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.1",
        "0x7f.0.0.1",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.0x1",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "8.8.8.8.",
        "example.0x",
        "example.1",
        "fe80::1%eth0",
        "fe80::1%25eth0",
        "::g",
        "1:2",
        "-a.example",
        "a-.example",
        "a..example",
        ".example",
        "exa!mple",
        "a_ä",
        "",
        ".",
        "a" * 64 + ".example",
        "a." * 127 + "example",
        "two words",
    ],
)
def test_hosts_that_some_parser_takes_for_an_address(host: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (ipaddress words it in many ways)
        literal(host)


def test_names_and_addresses() -> None:
    assert literal("example.com") is None
    assert literal("example.com.") is None
    assert literal("xn--bcher-kva.example") is None
    assert literal("_dmarc.example") is None
    assert literal("8.8.8.8") == ipaddress.ip_address("8.8.8.8")
    assert literal("2606:4700::1111") == ipaddress.ip_address("2606:4700::1111")
