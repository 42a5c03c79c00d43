import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.text import names
from rostra.kernel.text.names import Acct

anything = st.text(st.characters(codec=None))


@pytest.mark.parametrize("name", ["anna", "Anna_2", "_x_", "a" * 30, "7"])
def test_good_usernames(name: str) -> None:
    assert names.is_username(name)
    assert names.username_faults(name) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("", ["ERR_BLANK"]),
        ("  ", ["ERR_BLANK"]),
        ("a" * 31, ["ERR_TOO_LONG"]),
        ("an na" * 9, ["ERR_TOO_LONG", "ERR_INVALID"]),
        ("\u0430nna", ["ERR_INVALID"]),
        ("anna\n", ["ERR_INVALID"]),
        ("___", ["ERR_INVALID"]),
        ("Admin", ["ERR_RESERVED"]),
        ("oauth", ["ERR_RESERVED"]),
    ],
)
def test_bad_usernames(name: str, codes: list[str]) -> None:
    assert [fault.code for fault in names.username_faults(name)] == codes


@pytest.mark.parametrize(
    "name", ["adm1n", "AdMin_", "4dmin", "supp0rt", "R0stra", "abu5e", "m0derat0r", "rnoderator"]
)
def test_look_alikes_of_offices_are_reserved(name: str) -> None:
    assert names.is_reserved(name)


@pytest.mark.parametrize("name", ["anna", "modesty", "rosa", "adminton", "apis"])
def test_other_names_are_free(name: str) -> None:
    assert not names.is_reserved(name)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("paypal", "PayPa1"),
        ("bob", "b0b"),
        ("mike", "rnike"),
        ("wall", "vva_ll"),
        ("Jo", "j\u00f6"),
    ],
)
def test_look_alikes_have_one_skeleton(a: str, b: str) -> None:
    assert names.skeleton(a) == names.skeleton(b)


@given(st.from_regex(r"[A-Za-z0-9_]{1,30}", fullmatch=True))
def test_folding_twice_changes_nothing(name: str) -> None:
    once = names.skeleton(name)

    assert names.skeleton(once) == once
    assert names.skeleton(names.username_key(name)) == once


@given(anything)
def test_names_never_break(text: str) -> None:
    names.skeleton(text)
    names.is_reserved(text)
    names.username_faults(text)
    names.parse_acct(text)
    names.normalise_domain(text)


@pytest.mark.parametrize(
    ("text", "acct"),
    [
        ("bob", Acct("bob", None)),
        (" @Bob ", Acct("Bob", None)),
        ("@bob@EXAMPLE.org.", Acct("bob", "example.org")),
        ("acct:a.b-c@b\u00fccher.example", Acct("a.b-c", "xn--bcher-kva.example")),
        ("bob@localhost", Acct("bob", "localhost")),
    ],
)
def test_accts(text: str, acct: Acct) -> None:
    assert names.parse_acct(text) == acct


@pytest.mark.parametrize(
    "text",
    ["", "@", "b ob", "bob@", "@@bob", "bob@a@b", "bob@a b", "bob.", "bob@-a.org", "bob@a_b"],
)
def test_no_accts(text: str) -> None:
    assert names.parse_acct(text) is None


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Example.ORG", "example.org"),
        ("example.org.", "example.org"),
        ("\uff45xample.org", "example.org"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("", None),
        (".", None),
        ("a..b", None),
        ("example.org:80", None),
        ("xn--a-.org", None),
        ("exa\u200bmple.org\u2028", None),
        ("a" * 64 + ".org", None),
        ("\u00fc" * 254, None),
    ],
)
def test_domains(text: str, domain: str | None) -> None:
    assert names.normalise_domain(text) == domain


@given(anything)
def test_a_normal_domain_stays(text: str) -> None:
    domain = names.normalise_domain(text)

    assert domain is None or names.normalise_domain(domain) == domain


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Anna.B+tag@Example.ORG", "Anna.B+tag@example.org"),
        (" a@b.example ", "a@b.example"),
        ("o'neil_x-1@b\u00fccher.example", "o'neil_x-1@xn--bcher-kva.example"),
    ],
)
def test_email_addresses(text: str, address: str) -> None:
    assert names.email_address(text) == address
    assert names.email_key(text) == address.lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@b.org",
        "a@",
        "a@b",
        "a%b.org@c.org",
        "c.org!a@b.org",
        '"a@b.org"@c.org',
        '"a"@c.org',
        "a@b.org@c.org",
        "a(x)@b.org",
        "a@b.org(x)",
        "<a@b.org>",
        "a,b@c.org",
        "a@b.org, c@d.org",
        "a@b.org\r\nBcc: c@d.org",
        "a..b@c.org",
        ".a@c.org",
        "a.@c.org",
        "-f@c.org",
        "a|b@c.org",
        "`a`@c.org",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@b_c.org",
        "a@b.org.",
        "a@-b.org",
        "\u00e4@b.org",
        "a\x00@b.org",
        "a" * 65 + "@b.org",
        "a@" + "b." * 126 + "org",
    ],
)
def test_no_email_addresses(text: str) -> None:
    assert names.email_address(text) is None
    assert names.email_key(text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ann@Example.org", "ann@example.org"),
        ("ann+1@example.org", "ann@example.org"),
        ("ann+1+2@example.org", "ann@example.org"),
        ("+@example.org", "+@example.org"),
        ("no address" * 100, ("no address" * 100)[:200]),
    ],
)
def test_one_box_is_one_for_limits(text: str, key: str) -> None:
    assert names.mailbox_key(text) == key
