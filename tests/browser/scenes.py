"""Every page of a living place: who looks at it, in which state, and what is pressed before.

A test holds that no page of the server is missing here.
"""

import random
from collections.abc import Iterator
from urllib.parse import urlencode

from playwright.sync_api import FilePayload
from playwright.sync_api import Page as Tab
from tests.browser.scene import Scene, send, unfold
from tests.browser.screening import SCREENING
from tests.browser.town import (
    APP_REDIRECT,
    CAREFUL,
    KEEPER,
    MEMBER,
    NEWCOMER,
    OPERATOR,
    UNDECIDED,
    Town,
)

from rostra.cli.town.draw import KINDS
from rostra.cli.town.make import encoded


def _second_step(town: Town, tab: Tab) -> None:
    town.sign_in(tab, CAREFUL)


def _pictures(_town: Town, tab: Tab) -> None:
    tab.fill("#text", "Low water this morning. The old jetty shows its feet. #estuary")
    tab.click("[data-pictures] > summary")
    for number, kind in enumerate(list(KINDS)[:2], start=1):
        drawing = KINDS[kind](random.Random(number))  # noqa: S311 (a picture by chance)
        buffer = encoded(drawing.svg)
        picture = FilePayload(name=f"{kind}.jpg", mimeType="image/jpeg", buffer=buffer)
        tab.set_input_files(f"#picture_{number}", picture)
    tab.fill("#alt_1", "A wooden jetty on mud.")


def _too_long(_town: Town, tab: Tab) -> None:
    tab.fill("#text", "All the words there are. " * 60)
    tab.click(".composer-send")
    tab.wait_for_load_state()


def _sent(_town: Town, tab: Tab) -> None:
    tab.fill("#text", "Is anybody there?")
    tab.click(".composer-send")
    tab.wait_for_load_state()


def _no_domain(_town: Town, tab: Tab) -> None:
    tab.fill("#attribution_domains", "paper.example\nmy own blog")
    tab.click('main form[action="/settings/profile"] .form-end .button')
    tab.wait_for_load_state()


def _bring_in(_town: Town, tab: Tab) -> None:
    words = b"Account address,Show boosts\nmarta,true\nnobody@elsewhere.example,true\nno name,\n"
    file = FilePayload(name="follows.csv", mimeType="text/csv", buffer=words)
    tab.set_input_files('main input[type="file"]', file)
    tab.click('main form[action="/settings/import"] .button')
    tab.wait_for_load_state()


def _in_place(town: Town, tab: Tab) -> None:
    """What would be taken away is told before the yes."""
    tab.check('main input[name="mode"][value="replace"]')
    _bring_in(town, tab)


def _brought_in(town: Town, tab: Tab) -> None:
    """The page tells by itself when the file is through."""
    _bring_in(town, tab)
    tab.click('form[action$="/confirm"] .button')
    tab.get_by_text("Done.").wait_for()


def _keys(_town: Town, tab: Tab) -> None:
    tab.keyboard.press("?")


def _asked_why(_town: Town, tab: Tab) -> None:
    with tab.expect_navigation():
        tab.locator('a[href^="/console/evidence/"]').first.click()
    tab.locator(".more > summary").first.click()


def _opened(_town: Town, tab: Tab) -> None:
    with tab.expect_navigation():
        tab.locator('a[href^="/console/evidence/"]').first.click()
    if tab.locator("#why-open").count():
        tab.fill("#why-open", "Its author appeals")
        with tab.expect_navigation():
            tab.click('form[action$="/open"] button')


def _about_to_decide(_town: Town, tab: Tab) -> None:
    tab.check("#act-remove")
    tab.select_option("#end-remove", "7d")
    tab.check("#act-warn")
    tab.fill("#strikes", "3")
    tab.fill("#words", "Please read the rules again.")
    tab.click("[data-go]")
    tab.wait_for_load_state()


def _chosen(_town: Town, tab: Tab) -> None:
    tab.click("[data-all]")
    tab.click(".together button[type=submit]")
    tab.wait_for_load_state()


def _code(_town: Town, tab: Tab) -> None:
    tab.click('button[value="allow"]')
    tab.wait_for_load_state()


def _authorise(redirect: str) -> str:
    query = {"response_type": "code", "redirect_uri": redirect, "scope": "read write follow push"}
    return f"/oauth/authorize?client_id={{client}}&{urlencode(query)}"


READING = (
    Scene("front", "/"),
    Scene("public", "/public"),
    Scene("trends", "/trends"),
    Scene("tag", "/tags/{tag}"),
    Scene("profile", "/@{person}"),
    Scene("profile-replies", "/@{person}/replies"),
    Scene("profile-media", "/@{person}/media"),
    Scene("followers", "/@{person}/followers"),
    Scene("following", "/@{person}/following"),
    Scene("thread", "/{thread}"),
    Scene("thread-pictures", "/{shown}"),
    Scene("thread-warned", "/{warned}"),
    Scene("thread-reply", "/{reply}"),
    Scene("embed", "/{shown}/embed"),
    Scene("embed-warned", "/{warned}/embed"),
    Scene("embed-gone", "/@{person}/1/embed"),
    Scene("poll", "/{poll}"),
    Scene("poll-ended", "/{poll_ended}"),
    Scene("profile-featured", f"/@{MEMBER}/featured"),
    Scene("profile-tagged", f"/@{MEMBER}/tagged/tides"),
    Scene("history", "/{own}/history"),
    Scene("search-start", "/search"),
    Scene("search", "/search?q=bread"),
    Scene("search-people", "/search?q=ma&kind=people"),
    Scene("search-nothing", "/search?q=zzzzzzzz"),
)  # fmt: skip
ENTRY = (
    Scene("join", "/join"),
    Scene("join-wrong", "/join", act=send("main button.button-wide")),
    Scene("join-approval", "/join", state="approval"),
    Scene("join-invite", "/join", state="invite"),
    Scene("join-closed", "/join", state="closed"),
    Scene("front-closed", "/", state="closed"),
    Scene("sign-in", "/sign-in"),
    Scene("sign-in-wrong", "/sign-in", act=send("main button.button-wide")),
    Scene("sign-in-code", "/sign-in", act=_second_step),
    Scene("forgotten", "/forgotten"),
    Scene("reset", "/reset?token=gone"),
    Scene("goodbye", "/goodbye"),
    Scene("confirm", "/confirm?token=gone"),
)
PLACE = (
    Scene("about", "/about"),
    Scene("terms", "/about/terms"),
    Scene("privacy", "/about/privacy"),
    Scene("transparency", "/about/transparency"),
    Scene("rules", "/about/rules"),
    Scene("how-we-moderate", "/about/moderation"),
    Scene("child-safety", "/about/child-safety"),
    Scene("contact", "/about/contact"),
    Scene("api-reference", "/api/docs"),
    Scene("report-outside", "/report?address=/{shown}"),
    Scene("report-outside-wrong", "/report", act=send("main form.form .button")),
    Scene("report-outside-state", "/report/state?token={outside}"),
    Scene("error-404", "/nowhere"),
    Scene("error-404-member", "/@nobody_of_that_name", MEMBER),
    Scene("error-gate", "/compose", MEMBER, _sent, state="gate"),
)
MEMBERS = (
    Scene("home", "/home", MEMBER),
    Scene("announcements", "/announcements", MEMBER),
    Scene("announcements-react", "/announcements", MEMBER, unfold(".reaction-new")),
    Scene("home-empty", "/home", NEWCOMER),
    Scene("home-menu", "/home", MEMBER, unfold(".topbar-menu > summary, .post .menu > summary")),
    Scene("public-member", "/public", MEMBER),
    Scene("front-member", "/", MEMBER),
    Scene("notifications", "/notifications", OPERATOR),
    Scene("notifications-mentions", "/notifications?only=mentions", OPERATOR),
    Scene("notifications-empty", "/notifications", NEWCOMER),
    Scene("notifications-requests", "/notifications", MEMBER),
    Scene("requests", "/notifications/requests", MEMBER),
    Scene("requests-empty", "/notifications/requests", NEWCOMER),
    Scene("request", "/notifications/requests/{request_id}", MEMBER),
    Scene("notifications-pending", "/notifications", CAREFUL),
    Scene("approvals", "/approvals", CAREFUL),
    Scene("approvals-empty", "/approvals", NEWCOMER),
    Scene("thread-waiting", "/{waiting}", MEMBER),
    Scene("thread-asked", "/{asking}", CAREFUL),
    Scene("filter-post", "/posts/{shown_id}/filter", MEMBER),
    Scene("filter-post-empty", "/posts/{shown_id}/filter", NEWCOMER),
    Scene("report", "/posts/{shown_id}/report", MEMBER),
    Scene("report-wrong", "/posts/{shown_id}/report", MEMBER, send("main form.form .button")),
    Scene("report-account", "/accounts/{followed_id}/report", MEMBER),
    Scene("statement", "/settings/moderation/{statement}", CAREFUL),
    Scene("report-object", "/settings/reports/{objection}/object", NEWCOMER),
    Scene(
        "report-object-wrong",
        "/settings/reports/{objection}/object",
        NEWCOMER,
        send("main form.form .button"),
    ),
    Scene("favourites", "/favourites", MEMBER),
    Scene("favourites-empty", "/favourites", NEWCOMER),
    Scene("bookmarks", "/bookmarks", MEMBER),
    Scene("bookmarks-empty", "/bookmarks", NEWCOMER),
    Scene("follow-requests", "/follow-requests", CAREFUL),
    Scene("follow-requests-empty", "/follow-requests", NEWCOMER),
    Scene("search-member", "/search?q=tide", MEMBER),
    Scene("profile-member", "/@{person}", MEMBER),
    Scene("profile-menu", "/@{person}", MEMBER, unfold(".profile .menu > summary")),
    Scene("profile-mine", f"/@{MEMBER}", MEMBER),
    Scene("profile-mine-empty", f"/@{NEWCOMER}", NEWCOMER),
    Scene("followers-member", "/@{person}/followers", MEMBER),
    Scene("thread-member", "/{thread}", MEMBER),
    Scene("thread-warned-open", "/{warned}", MEMBER, unfold(".warned > summary")),
    Scene("poll-open", "/{poll}", NEWCOMER),
    Scene("lists", "/lists", MEMBER),
    Scene("lists-empty", "/lists", NEWCOMER),
    Scene("list", "/lists/{list_id}", MEMBER),
    Scene("list-edit", "/lists/{list_id}/edit", MEMBER),
    Scene("account-lists", "/accounts/{followed_id}/lists", MEMBER),
    Scene("terms-accept", "/home", UNDECIDED),
    Scene("followed-tags", "/followed-tags", MEMBER),
    Scene("followed-tags-empty", "/followed-tags", NEWCOMER),
    Scene("messages", "/messages", MEMBER),
    Scene("messages-empty", "/messages", NEWCOMER),
    Scene("scheduled", "/scheduled", MEMBER),
    Scene("scheduled-empty", "/scheduled", NEWCOMER),
    Scene("post-menu", "/{own}", MEMBER, unfold(".post .menu > summary")),
)
WRITING = (
    Scene("compose", "/compose", MEMBER),
    Scene("compose-pictures", "/compose", MEMBER, _pictures),
    Scene("compose-wrong", "/compose", MEMBER, _too_long),
    Scene("compose-empty", "/compose", MEMBER, send(".composer-send")),
    Scene("reply", "/compose?reply_to={shown_id}", MEMBER),
    Scene("edit", "/posts/{own_id}/edit", MEMBER),
    Scene("delete", "/posts/{own_id}/delete", MEMBER),
)
SETTINGS = (
    *(
        Scene(f"settings-{name}", f"/settings/{name}", MEMBER)
        for name in (
            "profile", "preferences", "account", "password", "two-factor", "sessions", "apps",
            "blocks", "mutes", "invites", "data", "featured",
            "passkeys", "cleanup", "notifications", "filters", "moderation", "reports", "panel",
        )
    ),
    Scene("settings-import", "/settings/import", MEMBER),
    Scene("settings-import-seen", "/settings/import", MEMBER, _bring_in),
    Scene("settings-import-replace", "/settings/import", MEMBER, _in_place),
    Scene("settings-import-wrong", "/settings/import", MEMBER, send("main form .button")),
    Scene("settings-import-done", "/settings/import", MEMBER, _brought_in),
    Scene("settings-filters-empty", "/settings/filters", NEWCOMER),
    Scene("settings-filter", "/settings/filters/{filter_id}", MEMBER),
    Scene("settings-filter-new", "/settings/filters/new", MEMBER),
    Scene("settings-filter-wrong", "/settings/filters/new", MEMBER, send("main form .button")),
    Scene("settings-profile-wrong", "/settings/profile", MEMBER, _no_domain),
    Scene("settings-profile-newcomer", "/settings/profile", NEWCOMER),
    Scene("settings-apps-empty", "/settings/apps", NEWCOMER),
    Scene("settings-blocks-empty", "/settings/blocks", NEWCOMER),
    Scene("settings-mutes-empty", "/settings/mutes", NEWCOMER),
    Scene("settings-invites-empty", "/settings/invites", NEWCOMER),
    Scene("settings-password-wrong", "/settings/password", MEMBER, send("main form .button")),
    Scene("settings-two-factor-begun", "/settings/two-factor", NEWCOMER,
          send('form[action="/settings/two-factor/start"] button')),
    Scene("settings-two-factor-on", "/settings/two-factor", CAREFUL),
    Scene("authorise", _authorise(APP_REDIRECT), MEMBER),
    Scene("authorise-code", _authorise("urn:ietf:wg:oauth:2.0:oob"), MEMBER, _code),
)  # fmt: skip
OPERATING = (
    Scene("operate", "/operate", OPERATOR),
    Scene("operate-applications", "/operate/applications", OPERATOR),
    Scene("operate-turn-away", "/operate/applications", OPERATOR,
          unfold(".application-no > summary")),
    Scene("operate-invites", "/operate/invites", OPERATOR),
    Scene("operate-announcements", "/operate/announcements", OPERATOR),
    Scene("operate-announcements-edit", "/operate/announcements", OPERATOR,
          unfold(".written-edit > summary")),
)  # fmt: skip


def _right(_town: Town, tab: Tab) -> None:
    """An appeal that is right, before it is confirmed."""
    tab.check("#outcome-upheld")
    tab.fill(
        "#reasons", "You quoted it to warn of it, and said so. It should not have been covered."
    )
    tab.click(".form-end button[value='confirm']")


MODERATING = (
    Scene("console", "/console", OPERATOR),
    Scene("console-due", "/console?view=due&category=harassment", OPERATOR),
    Scene("console-empty", "/console?view=escalated&category=copyright", OPERATOR),
    Scene("console-help", "/console", OPERATOR, _keys),
    Scene("console-case", "/console/cases/{case}", OPERATOR),
    Scene("console-case-mine", "/console/cases/{case_mine}", KEEPER),
    Scene("console-case-held", "/console/cases/{case_mine}", OPERATOR),
    Scene("console-case-pictures", "/console/cases/{case_pictures}", OPERATOR),
    Scene("console-case-look", "/console/cases/{case_pictures}", OPERATOR,
          unfold(".evidence summary")),
    Scene("console-case-account", "/console/cases/{case_account}", OPERATOR),
    Scene("console-case-move", "/console/cases/{case}", OPERATOR, unfold(".more > summary")),
    Scene("console-case-wrong", "/console/cases/{case}", OPERATOR, send("[data-go]")),
    Scene("console-case-decided", "/console/cases/{case_decided}", OPERATOR),
    Scene("console-evidence", "/console/evidence", OPERATOR),
    Scene("console-evidence-why", "/console/cases/{case_pictures}", OPERATOR, _asked_why),
    Scene("console-evidence-open", "/console/cases/{case_pictures}", KEEPER, _opened),
    Scene("console-confirm", "/console/cases/{case}", OPERATOR, _about_to_decide),
    Scene("console-together", "/console", OPERATOR, _chosen),
    Scene("console-decisions-empty", "/console/decisions?state=waiting", OPERATOR),
    Scene("console-pace", "/console/pace", OPERATOR, unfold(".more > summary")),
    Scene("console-decision", "/console/decisions/{decision}", OPERATOR),
    Scene("console-decision-undo", "/console/decisions/{decision}", OPERATOR,
          unfold(".more > summary")),
    *(Scene(f"console-{part}", f"/console/{part}", OPERATOR) for part in ("rules", "ledger",
      "team", "clusters", "letters", "lists", "appeals", "decisions", "readiness", "panels",
      "banks")),
    Scene("console-bank", "/console/banks/{bank}", OPERATOR),
    Scene("console-case-bank", "/console/cases/{case_pictures}/bank", OPERATOR),
    Scene("console-list", "/console/lists/{list}", OPERATOR),
    Scene("console-ledger-check", "/console/ledger/check", OPERATOR),
    Scene("console-export", "/console/export?since=2020-01-01&until=2099-12-31", OPERATOR),
    Scene("console-mate", "/console/team/{member_id}", OPERATOR),
    Scene("console-cluster", "/console/clusters/{cluster}", OPERATOR),
    Scene("console-letter", "/console/letters/{letter}", OPERATOR),
    Scene("console-letter-send", "/console/letters/{letter}", OPERATOR,
          send('#answer .form-end button[value="confirm"]')),
    Scene("console-message", "/console/messages/{message}", OPERATOR),
    Scene("console-appeal", "/console/appeals/{appeal}", OPERATOR),
    Scene("console-appeal-answer", "/console/appeals/{appeal}", OPERATOR, _right),
)  # fmt: skip
SCENES = (
    *READING,
    *ENTRY,
    *PLACE,
    *MEMBERS,
    *WRITING,
    *SETTINGS,
    *OPERATING,
    *MODERATING,
    *SCREENING,
)


def states(town: Town, chosen: tuple[Scene, ...]) -> Iterator[tuple[Scene, ...]]:
    """The scenes by the state they want, with the place brought into it and out of it again."""
    for state in dict.fromkeys(scene.state for scene in chosen):
        if state == "gate":
            town.command("gate", "close", "write", "--message", "We move house; back at noon.")
        elif state:
            town.command("settings", "set", "registrations", state)
        try:
            yield tuple(scene for scene in chosen if scene.state == state)
        finally:
            if state == "gate":
                town.command("gate", "open", "write")
            elif state:
                town.command("settings", "reset", "registrations")
