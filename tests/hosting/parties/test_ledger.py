"""The party ledger: what is known, what is noted, what is missing and what is overdue."""

from pathlib import Path

import pytest
from tests.harness.app import InProcess, running

from rostra.hosting.parties import note as verbs
from rostra.hosting.parties.ledger import OVERDUE_DAYS, known_of, ledger, lines, noted
from rostra.hosting.parties.model import Kind, Known, Line, Noted
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Invalid, NotFound
from rostra.settings import load

NOW = 1_800_000_000_000
KNOWN = Known(
    host="Hosting AG",
    stores={"Example Storage": ("north",), "Alice": ("cellar",)},
    mail="smtp.example.net",
    drilled_at=NOW - DAY,
)


def _of(found: list[Line], kind: Kind) -> list[Line]:
    return [line for line in found if line.kind is kind]


def test_what_is_known_needs_no_note_and_what_nobody_knows_is_missing() -> None:
    found = lines(KNOWN, [], NOW)
    kinds = [line.kind for line in found]
    assert kinds == ["host", "store", "store", "dns", "registrar", "certificates", "mail"]
    alice, storage = _of(found, Kind.STORE)
    assert (alice.party, alice.second, alice.note) == ("Alice", "Example Storage", "cellar")
    assert alice.rehearsed_at == NOW - DAY  # by a drill
    assert alice.faults == storage.faults == ()
    assert _of(found, Kind.HOST)[0].faults == ("there is no second", "never rehearsed")
    assert _of(found, Kind.DNS) == [Line(kind=Kind.DNS, party="", faults=("nobody is named",))]
    assert _of(found, Kind.MAIL)[0].party == "smtp.example.net"
    without = lines(Known(), [], NOW)
    assert {line.faults for line in without} == {("nobody is named",)}
    assert Kind.MAIL not in {line.kind for line in without}  # mail is not used


def test_what_is_lost_together_is_pointed_out() -> None:
    known = Known(
        host="Hosting AG",
        stores={"hosting ag ": ("near",), "Example Storage": ("north", "south")},
        drilled_at=NOW,
    )
    given = [
        Noted(kind="dns", party="HOSTING AG", second="Other", rehearsed_at=NOW),
        Noted(kind="registrar", party="Names Ltd", second="names ltd", rehearsed_at=NOW),
        Noted(kind="certificates", party="Certs", second="Hosting AG", rehearsed_at=NOW),
    ]
    found = lines(known, given, NOW)
    told = {line.party: line.faults for line in found}
    assert told["HOSTING AG"] == ("it is the host: both are lost at once",)
    assert told["Names Ltd"] == ("its second is the same party",)
    assert told["Certs"] == ("its second is the host",)
    assert told["hosting ag "] == ("it is the host: both are lost at once",)
    # The host's own place is no second.
    assert told["Example Storage"] == (
        "north and south are lost together",
        "there is no second",
    )


def test_a_rehearsal_holds_for_half_a_year() -> None:
    given = Noted(kind="dns", party="DNS", second="Other", rehearsed_at=NOW - OVERDUE_DAYS * DAY)
    assert _of(lines(Known(), [given], NOW), Kind.DNS)[0].faults == ()
    assert _of(lines(Known(), [given], NOW + DAY), Kind.DNS)[0].faults == (
        "rehearsed 181 days ago, which is more than 180",
    )


def test_what_is_noted_stands_before_what_is_known() -> None:
    given = [
        Noted(kind="mail", party="Mail GmbH", second="Post AG", noted_by="mo", noted_at=NOW),
        Noted(kind="store", party="ALICE", note="her cellar"),
        Noted(kind="host", party="Hosting AG", second="Other", rehearsed_at=NOW),
    ]
    found = lines(KNOWN, given, NOW)
    (mail,) = _of(found, Kind.MAIL)
    assert (mail.party, mail.second, mail.noted_by) == ("Mail GmbH", "Post AG", "mo")
    (host,) = _of(found, Kind.HOST)
    assert host.faults == ()
    alice = next(line for line in found if line.party == "ALICE")
    assert (alice.note, alice.second) == ("her cellar", "Example Storage")
    assert alice.rehearsed_at == KNOWN.drilled_at
    assert len(_of(found, Kind.STORE)) == 2


async def _note(rostra: InProcess, **given: str) -> None:
    async with rostra.db.write() as tx:
        await verbs.note(rostra.services, tx, Noted(noted_by="mo", **given))  # type: ignore[arg-type]  # texts alone


async def test_notes_are_kept_with_who_and_when(database_url: str, data_dir: Path) -> None:
    async with running(data_dir, database_url) as rostra:
        services, now = rostra.services, rostra.clock.now()
        await _note(rostra, kind="dns", party=" Names  Ltd ", second="Other", note="call Ann")
        async with rostra.db.write() as tx:
            done = Noted(kind="dns", party="Names Ltd", rehearsed_at=now - DAY, noted_by="ann")
            await verbs.rehearsed(services, tx, done)
            fresh = Noted(kind="host", party="Hosting AG", rehearsed_at=now, noted_by="ann")
            await verbs.rehearsed(services, tx, fresh)
        async with rostra.db.read() as reader:
            dns, host = await noted(reader)
            assert [each.kind for each in await ledger(services.settings, reader, now)]
        assert dns == Noted(
            kind="dns",
            party="Names Ltd",
            second="Other",
            note="call Ann",
            rehearsed_at=now - DAY,
            noted_at=now,
            noted_by="ann",
        )
        assert (host.party, host.rehearsed_at) == ("Hosting AG", now)
        # Noted anew, it stays rehearsed.
        await _note(rostra, kind="dns", party="Names Ltd", second="Third")
        async with rostra.db.write() as tx:
            await verbs.drop(tx, "host", "Hosting AG")
            with pytest.raises(NotFound):
                await verbs.drop(tx, "host", "Hosting AG")
        async with rostra.db.read() as reader:
            (dns,) = await noted(reader)
        assert (dns.second, dns.rehearsed_at) == ("Third", now - DAY)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "cook", "party": "x"}, "kind"),
        ({"kind": "dns", "party": " "}, "party"),
        ({"kind": "dns", "party": "x" * 201}, "party"),
        ({"kind": "dns", "party": "x", "second": "x" * 201}, "second"),
        ({"kind": "dns", "party": "x", "note": "x" * 2_001}, "note"),
    ],
)
async def test_what_can_not_be_noted_is_told_by_its_field(
    database_url: str, data_dir: Path, given: dict[str, str], field: str
) -> None:
    async with running(data_dir, database_url) as rostra:
        with pytest.raises(Invalid) as caught:
            await _note(rostra, **given)
        assert set(caught.value.details) == {field}


async def test_limits_of_notes(database_url: str, data_dir: Path) -> None:
    async with running(data_dir, database_url) as rostra:
        for number in range(verbs.MOST):
            await _note(rostra, kind="other", party=f"party {number}")
        await _note(rostra, kind="other", party="party 1", second="anew")
        with pytest.raises(Invalid, match="one too many"):
            await _note(rostra, kind="other", party="one more")
        async with rostra.db.write() as tx:
            for at in (0, rostra.clock.now() + 1):
                ahead = Noted(kind="other", party="party 1", rehearsed_at=at)
                with pytest.raises(Invalid, match="Rehearsed at must be a time that has been"):
                    await verbs.rehearsed(rostra.services, tx, ahead)


def test_who_takes_changes_of_names_and_signs_certificates_is_known(tmp_path: Path) -> None:
    given = {"ROSTRA_DNS__PROVIDER": "gandi", "ROSTRA_CERTIFICATE__TERMS_ACCEPTED": "true"}
    known = known_of(load(environ=given, data=tmp_path))
    found = lines(known, (), NOW)
    assert [line.party for line in _of(found, Kind.DNS)] == ["gandi"]
    (signer,) = _of(found, Kind.CERTIFICATES)
    assert signer.party == "acme-v02.api.letsencrypt.org"
    mine = Noted(kind="dns", party="Zones Ltd", second="Other", noted_by="mo", noted_at=NOW)
    assert [line.party for line in _of(lines(known, (mine,), NOW), Kind.DNS)] == ["Zones Ltd"]
    # Whose terms were not accepted signs nothing here.
    silent = known_of(load(environ={}, data=tmp_path))
    assert (silent.dns, silent.certificates) == ("", "")
