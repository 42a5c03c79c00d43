"""The pages of settings and of operating, with sample data."""

from tests.web import samples as s
from tests.web.samples import Sample

from rostra.web import qr
from rostra.web.views import files, operate, settings
from rostra.web.views.forms import Option
from rostra.web.views.parts import Pager, PersonView
from rostra.web.views.shell import Flash


def _operating() -> list[Sample]:
    member, tabs = s.shell(), s.tabs("Applications", "Invitations", "Announcements")
    waiting = (
        operate.ApplicationView(id="1", username="a" * 30, email="a" * 60 + "@example.org",
                                confirmed=True, reason=s.HOSTILE + "\n\n" + s.LONG_WORD,
                                locale="de", created_at=s.NOW),
        operate.ApplicationView(id="2", username="noor", email="", confirmed=False, reason="",
                                locale="en", created_at=s.NOW - s.DAY),
    )  # fmt: skip
    used = settings.InviteView(id="1", url="https://harbour.example/join?invite=abcd-efgh",
                               uses=2, max_uses=5, came=(s.IDA, s.LONG))  # fmt: skip
    bare = settings.InviteView(id="2", url="https://harbour.example/join?invite=ijkl-mnop", uses=0,
                               expires_at=s.NOW + s.DAY)  # fmt: skip
    told = [
        operate.WrittenView(item=item, state=state, form=form, publish_at=s.NOW, reacted=3)
        for item, state, form in zip(s.ANNOUNCEMENTS, ("shown", "later", "draft", "over"),
                                     (s.FILLED, s.WRONG, s.FILLED, s.FILLED), strict=False)
    ]  # fmt: skip
    return [
        Sample("operate-applications", member, operate.ApplicationsPage(tabs=tabs,
               applications=waiting, older_url="/operate/applications?below=1")),
        Sample("operate-applications-empty", member, operate.ApplicationsPage(tabs=tabs,
               applications=(), form=s.WRONG)),
        Sample("operate-invites", member, operate.OwnedInvitesPage(tabs=tabs, invites=(
               operate.OwnedInviteView(invite=used, owner=s.HOSTILE_AUTHOR),
               operate.OwnedInviteView(invite=bare, state="revoked")))),
        Sample("operate-invites-empty", member, operate.OwnedInvitesPage(tabs=tabs, invites=())),
        Sample("operate-announcements", member, operate.WritingPage(tabs=tabs,
               announcements=told, form=s.WRONG)),
        Sample("operate-announcements-empty", member, operate.WritingPage(tabs=tabs,
               announcements=())),
        Sample("settings-invites-ended", member, settings.InvitesPage(invites=(used, bare),
               ended=(used,))),
    ]  # fmt: skip


def _passkeys() -> Sample:
    have = (
        settings.PasskeyView(id="1", name=s.LONG_WORD[:60], created_at=s.NOW - s.DAY,
                             used_at=s.NOW, backed_up=True),
        settings.PasskeyView(id="2", name=s.HOSTILE[:60], created_at=s.NOW),
    )  # fmt: skip
    return Sample(
        "settings-passkeys",
        s.shell(),
        settings.PasskeysPage(form=s.WRONG, passkeys=have, second_step=True),
    )


def _settings() -> list[Sample]:
    member = s.shell()
    sessions = (
        settings.SessionView(id="1", name="Firefox on Linux", detail="192.0.2.7", current=True,
                             created_at=s.NOW - s.DAY, used_at=s.NOW),
        settings.SessionView(id="2", name=s.HOSTILE, detail=s.LONG_WORD, scopes=("read", "write"),
                             created_at=s.NOW - 90 * s.DAY, used_at=s.NOW - 4 * s.DAY),
    )  # fmt: skip
    invites = (
        settings.InviteView(id="1", url="https://harbour.example/join?invite=8Yq2mZ", uses=3,
                            max_uses=5, expires_at=s.NOW + s.DAY, note="Choir"),
        settings.InviteView(id="2", url="https://harbour.example/join?invite=Zx", uses=1),
    )  # fmt: skip
    muted = PersonView(author=s.TOMAS, until=s.NOW + s.DAY)
    return [
        Sample("settings-profile", s.shell(flashes=(Flash("Saved.", "good"), Flash("Note", "info"),
               Flash("Careful", "warn"), Flash("That failed.", "bad"))),
               settings.ProfileSettingsPage(form=s.FILLED, avatar_url=s.face(20), has_avatar=True,
               header_url=s.landscape(190, 1500, 500))),
        Sample("settings-profile-wrong", member, settings.ProfileSettingsPage(form=s.WRONG,
               avatar_url=s.face(20))),
        Sample("settings-preferences", member, settings.PreferencesPage(form=s.FILLED)),
        Sample("settings-account", member, settings.AccountPage(handle="@ida@harbour.example",
               created_at=s.NOW - 700 * s.DAY, email="ida@harbour.example", pending_email="i@x.org",
               email_form=s.WRONG, second_step=True)),
        Sample("settings-password", member, settings.PasswordPage(form=s.WRONG)),
        _passkeys(),
        Sample("settings-two-factor", member, settings.TwoFactorPage(enabled=False,
               qr=qr.data_uri("otpauth://totp/x?secret=ABC"), secret="JBSW Y3DP EHPK 3PXP")),
        Sample("settings-two-factor-start", member, settings.TwoFactorPage(enabled=False)),
        Sample("settings-two-factor-on", member, settings.TwoFactorPage(enabled=True,
               codes_left=1, form=s.WRONG, codes_form=s.WRONG)),
        Sample("settings-codes", member, settings.RecoveryCodesPage(codes=("abcd-efgh-12",) * 10)),
        Sample("settings-sessions", member, settings.SessionsPage(sessions=sessions)),
        Sample("settings-apps", member, settings.AppsPage(apps=sessions[1:])),
        Sample("settings-apps-empty", member, settings.AppsPage(apps=())),
        Sample("settings-blocks", member, settings.BlocksPage(kind="blocks", pager=Pager(),
               tabs=s.tabs("Blocks", "Mutes"), people=s.PEOPLE[2:])),
        Sample("settings-mutes", member, settings.BlocksPage(kind="mutes", pager=Pager(),
               tabs=s.tabs("Mutes"), people=(muted,))),
        Sample("settings-blocks-empty", member, settings.BlocksPage(kind="blocks", pager=Pager(),
               tabs=(), people=())),
        Sample("settings-mutes-empty", member, settings.BlocksPage(kind="mutes", pager=Pager(),
               tabs=(), people=())),
        Sample("settings-invites", member, settings.InvitesPage(invites=invites, form=s.FILLED)),
    ]  # fmt: skip


_WAYS = s.tabs("Take along", "Bring in")
_TABLES = (
    settings.TableView(label="Whom you follow", url="#", count=312, file_name="x.csv"),
    settings.TableView(label="Blocked domains", url="#", count=0, file_name="y.csv",
                       hint="Empty: this place speaks with no other"),
)  # fmt: skip
_IMPORTS = (
    files.ImportView(id="1", label="Whom you follow", state="shown", created_at=s.NOW, total=800,
                     file_name=s.HOSTILE, replaces=True, failed=2),
    files.ImportView(id="2", label="Lists", state="running", created_at=s.NOW, total=800,
                     done=413, made=400, same=10, failed=3, waits_until=s.NOW + s.DAY),
    files.ImportView(id="3", label="Bookmarks", state="done", created_at=s.NOW, total=800,
                     file_name="bookmarks.csv", done=800, made=700, same=97, failed=3, asked=4,
                     removed=12, replaces=True),
    files.ImportView(id="4", label="Filters", state="cancelled", created_at=s.NOW, total=1),
)  # fmt: skip
_LINES = (
    files.LineView(number=2, words="ida@harbour.example, true, false"),
    files.LineView(number=3, words="tomas@harbour.example"),
    files.LineView(number=19_998, words=s.HOSTILE, why="Account address is no address"),
    files.LineView(number=20_000, words=s.LONG_WORD, why="Show boosts is neither true nor false"),
)


def _data() -> list[Sample]:
    member = s.shell()
    return [
        Sample("settings-data", member, settings.DownloadPage(posts=1204, pictures=1,
               ready_at=s.NOW, ready_bytes=18_204_112, expires_at=s.NOW + s.DAY, archive="1",
               tabs=_WAYS, tables=_TABLES)),
        Sample("settings-data-pending", member, settings.DownloadPage(posts=0, pictures=0,
               pending=True)),
        Sample("settings-cleanup", member, settings.CleanupPage(form=s.FILLED)),
        Sample("settings-cleanup-wrong", member, settings.CleanupPage(form=s.WRONG)),
        Sample("settings-import", member, files.ImportsPage(tabs=_WAYS,
               kinds=(Option("follows", "Whom you follow"), Option("lists", "Lists")),
               imports=_IMPORTS, form=s.WRONG, most_lines=20_000, most_bytes=5_000_000)),
        Sample("settings-import-empty", member, files.ImportsPage(kinds=(), most_lines=20_000,
               tabs=_WAYS, most_bytes=5_000_000)),
        Sample("settings-import-shown", member, files.ImportPage(tabs=_WAYS,
               item=_IMPORTS[0], now_there=312, looks_like="whom you mute",
               note="Who is locked is asked.", first=_LINES[:2], wrong=_LINES[2:])),
        Sample("settings-import-running", member, files.ImportPage(tabs=_WAYS, item=_IMPORTS[1])),
        Sample("settings-import-done", member, files.ImportPage(tabs=_WAYS, item=_IMPORTS[2],
               wrong=_LINES)),
        Sample("settings-import-cancelled", member, files.ImportPage(tabs=_WAYS, item=_IMPORTS[3])),
    ]  # fmt: skip


def settings_pages() -> list[Sample]:
    """Every page of settings and of operating."""
    return [*_operating(), *_settings(), *_data()]
