"""Mails, feedback reports and XARF: their forms, their faults, their bounds."""

import base64
import json
import time
from collections.abc import Callable

import pytest
from tests.kernel.text.work import grows_linearly

from rostra.kernel.errors import Invalid
from rostra.safety.notices.reading import mail
from rostra.safety.notices.reading.feedback import read_feedback
from rostra.safety.notices.reading.home import home
from rostra.safety.notices.reading.markup import text_of
from rostra.safety.notices.reading.model import MAX_ADDRESSES, MAX_LETTER, Form, Reading
from rostra.safety.notices.reading.read import read_letter, read_report, read_text

NOW = 1_795_683_600_000
ID = 1882823065600104729
URL = f"https://rostra.example/@ann/{ID}"
PLACE = home("https://rostra.example", "", "https://rostra.example/media")
WHO = {"org": "Hotline", "contact": "a@example.org", "domain": "example.org"}
REPORT = {
    "xarf_version": "4.0.0",
    "report_id": "3a6f0f5e-7f0a-4a7b-9d53-0f0f0f0f0f01",
    "timestamp": "2026-11-26T08:30:00Z",
    "reporter": WHO,
    "sender": WHO,
    "source_identifier": "rostra.example",
    "category": "content",
    "type": "phishing",
    "url": URL,
}


def read(data: bytes) -> Reading:
    return read_letter(data, PLACE, NOW)


def names(data: bytes) -> list[str]:
    return [address.name for address in read(data).addresses]


def letter(kind: str, body: bytes, more: str = "") -> bytes:
    return f"From: a@example.net\nSubject: s\nContent-Type: {kind}\n{more}\n".encode() + body


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("report_id", {"report_id": None}),
        ("report_id", {"report_id": 7}),
        ("xarf_version", {"xarf_version": "3.1.0"}),
        ("reporter", {"reporter": None}),
        ("reporter.org", {"reporter": {"contact": "a@example.org", "domain": "example.org"}}),
        ("sender.domain", {"sender": {**WHO, "domain": ""}}),
        ("type", {"type": ""}),
        ("source_identifier", {"source_identifier": None}),
        ("evidence[0].payload", {"evidence": [{"content_type": "text/plain"}]}),
    ],
)
def test_a_report_with_a_fault_is_refused_by_the_name_of_its_field(
    field: str, change: dict[str, object]
) -> None:
    changed = {key: value for key, value in {**REPORT, **change}.items() if value is not None}
    with pytest.raises(Invalid) as refused:
        read_report(json.dumps(changed).encode(), PLACE, NOW)
    assert list(refused.value.details) == [field]

    assert [a.name for a in read_report(json.dumps(REPORT).encode(), PLACE, NOW).addresses] == [
        f"post:{ID}"
    ]


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff\xfe", b'"a"', b"[" * 100_000])
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_report(data, PLACE, NOW)
    assert list(refused.value.details) == ["xarf"]


def test_a_report_with_a_fault_is_read_as_text_when_it_comes_as_a_letter() -> None:
    broken = {key: value for key, value in REPORT.items() if key != "reporter"}

    reading = read(json.dumps(broken).encode())

    assert [address.name for address in reading.addresses] == [f"post:{ID}"]
    assert any("Reporter can't be blank" in fault for fault in reading.faults)


def test_a_feedback_report_says_what_it_lacks() -> None:
    report = read_feedback("Feedback-Type: abuse\nVersion: 0.1\nIncidents: many\n")

    assert report.kind == "abuse"
    assert [fault for fault in report.faults if "User-agent" in fault or "user-agent" in fault]
    assert len(report.faults) == 3
    assert read_feedback("Feedback-Type: x\nUser-Agent: y\nVersion: 1\nIncidents: 7").incidents == 7


def test_a_folded_uri_of_a_feedback_report_is_one() -> None:
    report = read_feedback(f"Version: 1\nReported-URI: {URL[:40]}\n  {URL[40:]}\n")

    assert report.uris == (URL,)


@pytest.mark.parametrize(
    "charset",
    ["utf-8", "iso-8859-1", "utf-16", "no-such", "punycode", "zlib_codec", "unicode_escape"],
)
def test_a_charset_is_believed_only_if_it_is_one(charset: str) -> None:
    body = URL.encode("utf-16" if charset == "utf-16" else "ascii")

    assert names(letter(f"text/plain; charset={charset}", body)) == [f"post:{ID}"]


def test_transfer_encodings() -> None:
    encoded = base64.encodebytes(f"see {URL}".encode())
    quoted = URL.replace("/", "=2F").replace("@", "=40").encode()

    assert names(letter("text/plain", encoded, "Content-Transfer-Encoding: base64\n")) == [
        f"post:{ID}"
    ]
    assert names(
        letter(
            "text/plain",
            quoted[:60] + b"=\n" + quoted[60:],
            "Content-Transfer-Encoding: quoted-printable\n",
        )
    ) == [f"post:{ID}"]


def test_flowed_text_is_joined_within_its_depth_only() -> None:
    text = "a \nb\n> c \n> d\n> e \nf\n-- \nsigned"

    assert mail.unflowed(text, delsp=False) == "a b\n> c d\n> e \nf\n-- \nsigned"
    assert mail.unflowed("ab \ncd", delsp=True) == "abcd"


def test_html_is_read_as_it_is_seen_and_as_it_leads() -> None:
    html = (
        f"<style>p{{}}</style><!-- {URL} --><p>ros<b>tra</b>.example/<wbr>@bob</p>"
        f"<a href='{URL}'>click</a><script>x='https://rostra.example/@carol'</script>"
    )

    assert sorted(names(letter("text/html", html.encode()))) == ["account:bob", f"post:{ID}"]
    assert text_of("a < b &amp; c<br>d") == "a < b & c\nd"


def test_a_pasted_mail_is_read_as_a_mail() -> None:
    pasted = letter(
        "text/plain",
        base64.encodebytes(URL.encode()),
        "Content-Transfer-Encoding: base64\nMessage-ID: <a@b>\n",
    )
    reading = read_text(pasted.decode(), PLACE, NOW)

    assert reading.form is Form.MAIL
    assert reading.message_id == "<a@b>"
    assert [address.name for address in reading.addresses] == [f"post:{ID}"]


def test_headers_hold_no_line_end_whatever_is_encoded_in_them() -> None:
    data = b"From: =?utf-8?q?a=0D=0AB?= <a@example.net>\nSubject: =?utf-8?b?eA0KQmNjOiB5?=\n\nhi"
    reading = read(data)

    assert reading.subject == "x Bcc: y"
    assert reading.sender.email == "a@example.net"
    assert "\n" not in reading.sender.name


def test_attachments_that_are_not_text_stay_closed_and_are_named() -> None:
    bomb = base64.encodebytes(b"PK\x03\x04" + bytes(10_000))
    body = (
        b"--x\nContent-Type: text/plain\n\n"
        + URL.encode()
        + b"\n--x\nContent-Type: application/zip;"
        b' name="all.zip"\nContent-Transfer-Encoding: base64\n\n' + bomb + b"\n--x--\n"
    )
    reading = read(letter("multipart/mixed; boundary=x", body))

    assert [address.name for address in reading.addresses] == [f"post:{ID}"]
    assert any("all.zip" in said and "not opened" in said for said in reading.left_out)


def test_parts_without_end_are_bounded_and_nothing_is_lost() -> None:
    deep = URL.encode()
    for level in range(50):
        head = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        deep = head + deep
    reading = read(b"From: a@example.net\n" + deep)
    many = read(letter("multipart/mixed; boundary=b", (b"\n--b\n\n" + URL.encode()) * 3_000))

    assert [address.name for address in reading.addresses] == [f"post:{ID}"]
    assert any("deeper than the limit" in fault for fault in reading.faults)
    assert many.addresses[0].times == 3_000


def test_ten_thousand_addresses_are_all_found() -> None:
    text = "\n".join(f"https://rostra.example/@a/{ID + (n << 20)}" for n in range(10_000))
    reading = read_text(text, PLACE, NOW + 86_400_000)

    assert len(reading.addresses) == 10_000
    assert reading.left_out == ()
    assert reading.addresses[-1].places[0].line == 10_000


def test_more_addresses_than_the_limit_are_counted_and_said() -> None:
    over = 20
    text = "\n".join(f"https://rostra.example/@a/{ID + n}" for n in range(MAX_ADDRESSES + over))
    reading = read_text(text, PLACE, NOW)

    assert len(reading.addresses) == MAX_ADDRESSES
    assert any(said.startswith(f"{over} more addresses of ours") for said in reading.left_out)
    assert any(f"line {MAX_ADDRESSES + 1} of text" in said for said in reading.left_out)


def test_of_a_letter_over_the_limit_the_beginning_is_read_and_that_is_said() -> None:
    body = URL.encode() + b"\n" + b"lorem ipsum dolor within sit amet\n" * (MAX_LETTER // 34 + 9)
    started = time.process_time()
    reading = read(letter("text/plain", body))

    assert [address.name for address in reading.addresses] == [f"post:{ID}"]
    assert any(f"only the first {MAX_LETTER}" in said for said in reading.left_out)
    assert time.process_time() - started < 60


PIECES = [
    "rostra.example",
    "https://rostra.example/",
    "@rostra.example",
    "@a@",
    "rostra.example/%2525",
    "https://",
    "https://a.test/?u=https://rostra.example/@",
    "ro\n",
    "> ",
    "[.",
    "&#4",
    "1882823065600000000 ",
    "user @a ",
    "<a ",
    "<!--",
    "within the ",
    "by 1 ",
    "bis zum am ",
    "Ref: a1 ",
    "[abuse ",
    "\u00ad",
    "rostra dot ",
]
READERS: list[Callable[[str], object]] = [
    lambda text: read_text(text, PLACE, NOW),
    lambda text: read(letter("text/html", text.encode())),
    lambda text: read(letter("multipart/mixed; boundary=b", text.encode())),
]


@pytest.mark.untraced  # what traces it takes longer than it does
@pytest.mark.parametrize("piece", PIECES)
def test_the_work_grows_with_the_length_and_no_faster(piece: str) -> None:
    for reader in READERS:
        assert grows_linearly(reader, piece)


def test_the_same_letter_has_the_same_digest_however_it_is_wrapped() -> None:
    one = read_text(f"Hello  there\n{URL}", PLACE, NOW)
    other = read_text(f"hello there {URL}\n", PLACE, NOW)
    third = read_text(f"hello there, {URL}\n", PLACE, NOW)

    assert one.digest == other.digest != third.digest
