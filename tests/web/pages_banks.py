"""The pages of banks of hashes, with sample data."""

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.web.views import console_banks as b
from rostra.web.views.forms import Form, Option

_CATEGORIES = (Option("hate", "Hate"), Option("spam", "Spam"))
_WISHES = (Option("look", "Only a look"), Option("remove", "Removed"))
_KINDS = (Option("pdq", "What a picture looks like"), Option("sha256", "Every byte of a file"))
_BANK = b.BankLine(
    url="/console/banks/1", name="own", category="Hate", note=s.HOSTILE, wish="Wish: remove",
    share="5 % of its matches count", hashes=12_345,
)  # fmt: skip
_HASH = b.HashLine(
    id="2", url="/console/banks/1/hashes/2", kind="PDQ", hash="0f" * 32, state="on", note=s.HOSTILE,
    reason=s.LONG_WORD, matches=3,
)  # fmt: skip
_HASHES = (
    _HASH,
    replace(
        _HASH, id="3", url="/console/banks/1/hashes/3", state="off", until=s.NOW + s.DAY, matches=0
    ),
    replace(_HASH, id="4", url="/console/banks/1/hashes/4", state="quarantined", vetted=True),
)
_OFF = replace(_HASH, state="quarantined", bank="own", bank_url="/console/banks/1", matches=26)
_WRONG = Form(
    values={"name": s.LONG_WORD, "category": "spam", "share": "x"},
    errors={"name": "This has already been taken.", "share": "This is no number."},
)


def bank_pages() -> list[Sample]:
    """Every page of banks."""
    shell = team_shell()
    tabs = s.tabs("Queue", "Decisions", "Banks")
    page = b.BankPage(
        tabs=tabs, bank=_BANK, hashes=_HASHES, can_keep=True, can_switch=True,
        matches=(b.MatchLine(at=s.NOW, words="A picture; 4 of 256 bits differ.",
                             post_url="/posts/1"),
                 b.MatchLine(at=s.NOW, words="A file, byte for byte.")),
        backs=(b.BackLine(at=s.NOW, words="Goes on: 1,000 of 12,000 looked at, 3 met.",
                          stop_url="/console/banks/1/look-backs/2"),
               b.BackLine(at=s.NOW, words="Done: 9 of 9 looked at, 0 met.")),
        older_url="/console/banks/1?below=2", categories=_CATEGORIES, wishes=_WISHES, kinds=_KINDS,
        form=Form(values={"name": "own", "category": "hate", "share": "5", "enabled": "1"}),
    )  # fmt: skip
    return [
        Sample("console-banks", shell, b.BanksPage(
            tabs=tabs, banks=(_BANK, replace(_BANK, name=s.LONG_WORD, enabled=False, share="")),
            quarantined=(_OFF,), categories=_CATEGORIES, wishes=_WISHES, can_keep=True,
            can_switch=True, form=_WRONG)),
        Sample("console-banks-empty", shell, b.BanksPage(tabs=tabs, banks=())),
        Sample("console-bank", shell, page),
        Sample("console-bank-wrong", shell, replace(
            page, form=_WRONG, hash_form=Form(errors={"hash": "This is none."}),
            list_form=Form(errors={"csv": "line 2, column signal_str: must be 64 digits"}))),
        Sample("console-bank-bare", shell, replace(
            page, hashes=(), matches=(), backs=(), older_url="", can_keep=False,
            can_switch=False)),
        Sample("console-case-bank", shell, b.CaseBankPage(
            tabs=tabs, case_url="/console/cases/1", banks=(Option("1", "own"),),
            files=(b.CaseFile(id="1", words=s.HOSTILE), b.CaseFile(id="2")),
            form=Form(errors={"media": "Choose a file of this case"}))),
        Sample("console-case-bank-none", shell, b.CaseBankPage(
            tabs=tabs, case_url="/console/cases/1", banks=(), files=())),
    ]  # fmt: skip
