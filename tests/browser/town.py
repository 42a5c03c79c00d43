"""A living place for a browser: the demo's town on a server of its own, with people in all states.

`living(folder)` makes the town, once for a folder, and serves it. `Town.facts` fills in the
addresses of :mod:`scenes`; `Town.open` shows a page as one of its people sees it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pyotp
from playwright.sync_api import Browser, BrowserContext
from playwright.sync_api import Page as Tab
from tests.browser import desks
from tests.browser.stage import patient, window
from tests.harness.patience import wait_for
from tests.harness.served import Served, free_port

from rostra.cli.town.note import SignIn, read_note

MEMBER, OPERATOR, NEWCOMER, CAREFUL = "jonas", "marta", "newcomer", "careful"
UNDECIDED = "undecided"  # has not accepted the terms
KEEPER = "keeper"  # moderates
APP_REDIRECT = "https://app.example/back"
_NOTE = "living.json"
_PRIVACY = """We keep what you post until you delete it, and your address until you leave.

Nobody is told which posts you read. Write to @marta with questions."""
_TERMS = """Saltmarsh is run by its members, for its members.

What you write stays yours. You let us show it to those whom you write it for.

We may close an account that breaks the rules; it is told why, and may ask for another look."""


class Kept(msgspec.Struct):
    """What has to be known of a town that was made before.

    Attributes:
        passwords: of those who can sign in.
        secret: the careful member's, for the second step.
    """

    port: int
    passwords: dict[str, str]
    secret: str = ""
    facts: dict[str, str] = {}


class Town:
    """A served town and a browser that goes through it."""

    def __init__(self, browser: Browser, served: Served, kept: Kept) -> None:
        self.browser = browser
        self.served = served
        self.kept = kept
        self.base = f"http://127.0.0.1:{served.port}"
        self._cookies: dict[str, Any] = {}

    @property
    def facts(self) -> dict[str, str]:
        """What addresses are made of: names, ids, tags."""
        return self.kept.facts

    def command(self, *words: str) -> str:
        """Run `rostra admin …` on the place; what it prints."""
        command = [sys.executable, "-m", "rostra.cli.main", "admin", *words]
        where = ["--data", str(self.served.data)]
        done = subprocess.run([*command, *where], capture_output=True, text=True, check=False)  # noqa: S603 (our own program)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr}")
        return done.stdout.strip()

    def ask(self, method: str, path: str, token: str = "", **fields: Any) -> Any:
        """Ask the API; the decoded answer."""
        status, body = self.served.ask(method, path, token, urlencode(fields, doseq=True))
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {body!r}")
        return json.loads(body)

    @contextmanager
    def context(self, size: str, theme: str, who: str) -> Iterator[BrowserContext]:
        """Open a window as one of the people sees it; nobody is signed in where `who` is empty."""
        with window(self.browser, size, theme, storage_state=self.signed_in(who)) as opened:
            yield opened

    def signed_in(self, who: str) -> Any:
        """The cookies of a member, who is signed in the first time; nothing for visitors."""
        if who and who not in self._cookies:
            context = patient(self.browser.new_context())
            tab = context.new_page()
            self.sign_in(tab, who)
            if who == CAREFUL and self.kept.secret:
                tab.fill('[name="code"]', pyotp.TOTP(self.kept.secret).now())
                tab.click("main button.button-wide")
            if "/terms/accept" in tab.url and who != UNDECIDED:
                tab.click("main button.button-wide")
            assert "/sign-in" not in tab.url, tab.inner_text("main")
            self._cookies[who] = context.storage_state()
            context.close()
        return self._cookies.get(who)

    def sign_in(self, tab: Tab, who: str) -> None:
        """Fill in the form with name and password, and send it."""
        tab.goto(f"{self.base}/sign-in?next=/home")
        tab.fill('[name="login"]', who)
        tab.fill('[name="password"]', self.kept.passwords[who])
        tab.click("main button.button-wide")


@contextmanager
def living(browser: Browser, folder: Path) -> Iterator[Town]:
    """Serve the town that lies in this folder; it is made first where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    data, note = folder / "data", folder / _NOTE
    known = note.exists()
    kept = msgspec.json.decode(note.read_bytes(), type=Kept) if known else _make(data)
    base = f"http://127.0.0.1:{kept.port}"
    given = {"ROSTRA_SERVER__PORT": str(kept.port), "ROSTRA_SITE__BASE_URL": base}
    with Served(data, **given) as served:
        town = Town(browser, served.ready(), kept)
        if not known:
            _settle(town)
            note.write_bytes(msgspec.json.encode(kept))
        yield town


def _make(data: Path) -> Kept:
    port = free_port()
    environ = {**os.environ, "ROSTRA_SITE__BASE_URL": f"http://127.0.0.1:{port}"}
    python = [sys.executable, "-m"]
    for words in (["rostra.cli.main", "migrate"], ["rostra.cli.town.make"]):
        command = [*python, *words, "--data", str(data)]
        subprocess.run(command, env=environ, check=True, capture_output=True)  # noqa: S603 (our own program)
    made = read_note(data)
    told: list[SignIn] = made.sign_ins if made else []
    return Kept(port, {each.username: each.password for each in told})


def _settle(town: Town) -> None:
    """Bring the town's people into states that its making leaves out, and look around."""
    town.command("settings", "set", "privacy_policy", _PRIVACY)
    terms = town.served.data / "terms.txt"
    terms.write_text(_TERMS, encoding="utf-8")
    town.command("terms", "publish", str(terms), "--changelog", "Jam may be sold.")
    for name in (NEWCOMER, CAREFUL, UNDECIDED):
        email = f"{name}@saltmarsh.example"
        told = town.command("create", name, "--email", email)
        town.kept.passwords[name] = told.rpartition("password: ")[2]
    tokens = {
        name: town.command("token", "create", name, "--scope", "read write follow")
        for name in (MEMBER, OPERATOR, CAREFUL, NEWCOMER)
    }
    told = town.command("create", KEEPER, "--role", "moderator")
    town.kept.passwords[KEEPER] = told.rpartition("password: ")[2]
    _relations(town, tokens)
    _look_around(town, tokens[MEMBER])
    _lists(town, tokens[MEMBER])
    _habits(town, tokens[MEMBER])
    _quiet(town, tokens[MEMBER], tokens[NEWCOMER])
    _asking(town, tokens[CAREFUL], tokens[MEMBER], tokens[OPERATOR])
    _cases(town, tokens)
    desks.rule(town, OPERATOR)
    _second_step(town)
    town.command(
        "announcements", "add", "The quay is closed on Saturday, says @marta.",
        "--starts", "2040-05-31", "--all-day",
    )  # fmt: skip
    town.command("invite", "create", "--by", MEMBER, "--uses", "5")
    town.command("invite", "create", "--by", MEMBER, "--lasts", "")
    _applicant(town)
    app = town.ask(
        "POST", "/api/v1/apps", client_name="Pocket Estuary", website="https://app.example",
        redirect_uris=f"{APP_REDIRECT}\nurn:ietf:wg:oauth:2.0:oob", scopes="read write follow push",
    )  # fmt: skip
    town.facts["client"] = app["client_id"]


def _relations(town: Town, tokens: dict[str, str]) -> None:
    town.ask("PATCH", "/api/v1/accounts/update_credentials", tokens[CAREFUL], locked="true")
    seen = town.ask("GET", "/api/v1/timelines/public?limit=40", tokens[MEMBER])
    authors = [each["account"] for each in seen if each["account"]["acct"] != MEMBER]
    others = list(dict.fromkeys(author["id"] for author in authors))
    for verb, chosen in (("block", others[-1:]), ("mute", others[-3:-1])):
        for account in chosen:
            town.ask("POST", f"/api/v1/accounts/{account}/{verb}", tokens[MEMBER], duration=86400)
    careful = town.ask("GET", f"/api/v1/accounts/lookup?acct={CAREFUL}")["id"]
    for name in (MEMBER, OPERATOR):
        town.ask("POST", f"/api/v1/accounts/{careful}/follow", tokens[name])


def _look_around(town: Town, token: str) -> None:
    """Find posts worth looking at, and make those of the member's own that are missing."""
    facts, seen = town.facts, []
    path = "/api/v1/timelines/public?limit=40"
    for _ in range(12):
        seen += town.ask("GET", path, token)
        path = f"/api/v1/timelines/public?limit=40&max_id={seen[-1]['id']}"
    # Of others, and nothing of those whom the member has blocked.
    original = [post for post in seen if not post["reblog"] and post["account"]["acct"] != MEMBER]
    busiest = max(original, key=lambda post: post["replies_count"])
    shown = max(original, key=lambda post: len(post["media_attachments"]))
    warned = next((post for post in original if post["spoiler_text"]), busiest)
    polls = [post for post in original if post["poll"]]
    poll = next((post for post in polls if not post["poll"]["expired"]), busiest)
    ended = next((post for post in polls if post["poll"]["expired"]), busiest)
    reply = next(post for post in original if post["in_reply_to_id"])
    found = {"thread": busiest, "shown": shown, "warned": warned, "reply": reply, "poll": poll}
    for name, post in {**found, "poll_ended": ended}.items():
        facts[name] = f"@{post['account']['acct']}/{post['id']}"
        facts[f"{name}_id"] = post["id"]
    facts["person"] = busiest["account"]["acct"]
    facts["tag"] = next(tag["name"] for post in original for tag in post["tags"])
    own = town.ask(
        "POST", "/api/v1/statuses", token, status="High water at six. #Tides", language="en"
    )
    town.ask(
        "PUT", f"/api/v1/statuses/{own['id']}", token, status="High water at half past six. #Tides"
    )
    facts["own"], facts["own_id"] = f"@{MEMBER}/{own['id']}", own["id"]
    for verb, post in (("bookmark", busiest), ("favourite", shown), ("bookmark", warned)):
        town.ask("POST", f"/api/v1/statuses/{post['id']}/{verb}", token)


def _lists(town: Town, token: str) -> None:
    own = town.ask("GET", f"/api/v1/accounts/lookup?acct={MEMBER}")["id"]
    followed = town.ask("GET", f"/api/v1/accounts/{own}/following?limit=6")
    made = town.ask("POST", "/api/v1/lists", token, title="The bakers")
    town.ask("POST", "/api/v1/lists", token, title="Night shift", exclusive="true")
    ids = [account["id"] for account in followed]
    town.ask("POST", f"/api/v1/lists/{made['id']}/accounts", token, **{"account_ids[]": ids})
    town.facts["list_id"], town.facts["followed_id"] = made["id"], ids[0]


def _habits(town: Town, token: str) -> None:
    """Tags that are followed and shown, a post for later, a message."""
    for tag in ("Tides", "Bread"):
        town.ask("POST", f"/api/v1/tags/{tag}/follow", token)
    town.ask("POST", "/api/v1/featured_tags", token, name="Tides")
    later = time.strftime("%Y-%m-%dT18:00:00Z", time.gmtime(time.time() + 3 * 86400))
    town.ask("POST", "/api/v1/statuses", token, status="Low water now.", scheduled_at=later)
    words = f"@{OPERATOR} Could the street lamp be mended?"
    town.ask("POST", "/api/v1/statuses", token, status=words, visibility="direct")


def _applicant(town: Town) -> None:
    """Somebody who waits to be let in."""
    town.command("settings", "set", "registrations", "approval")
    with town.context("desktop", "light", "") as context:
        tab = context.new_page()
        tab.goto(f"{town.base}/join")
        tab.fill('[name="username"]', "applicant")
        tab.fill('[name="password"]', "correct horse battery staple")
        tab.fill('[name="reason"]', "I live by the estuary, and count birds.")
        tab.check('[name="agreement"]')
        tab.click("main button.button-wide")
    town.command("settings", "reset", "registrations")


def _quiet(town: Town, token: str, stranger: str) -> None:
    """A filter, and somebody whom the member's policy sets aside."""
    made = town.ask(
        "POST", "/api/v2/filters", token,
        **{"title": "Elections", "context[]": ["home", "public"], "filter_action": "hide",
           "keywords_attributes[][keyword]": ["ballot", "poster", "polling station"]},
    )  # fmt: skip
    town.facts["filter_id"] = made["id"]
    town.ask("POST", f"/api/v2/filters/{made['id']}/statuses", token,
             status_id=town.facts["own_id"])  # fmt: skip
    town.ask("PATCH", "/api/v2/notifications/policy", token, for_not_following="filter")
    words = f"@{MEMBER} Is there a boat on Sunday?"
    town.ask("POST", "/api/v1/statuses", stranger, status=words)
    found = wait_for(lambda: town.ask("GET", "/api/v1/notifications/requests", token), 0.1)
    town.facts["request_id"] = found[0]["id"]


def _asking(town: Town, careful: str, member: str, other: str) -> None:
    """A post whose author wants to be asked, and what waits for their approval."""
    asking = {
        f"interaction_policy[{verb}][with_approval][]": "public"
        for verb in ("can_reply", "can_favourite", "can_reblog")
    }
    words = "Who lends me a ladder? Please ask before you pass this on."
    post = town.ask("POST", "/api/v1/statuses", careful, status=words, **asking)["id"]
    answers = {
        "waiting": (member, "I have two. The long one is a little crooked."),
        "other": (other, f"Whatever you do, @{MEMBER}, not the crooked one."),
    }
    for name, (token, text) in answers.items():
        reply = town.ask("POST", "/api/v1/statuses", token, status=text, in_reply_to_id=post)
        town.facts[name] = f"@{reply['account']['acct']}/{reply['id']}"
    for verb in ("favourite", "reblog"):
        town.ask("POST", f"/api/v1/statuses/{post}/{verb}", member)
    town.facts["asking"] = f"@{CAREFUL}/{post}"


def _cases(town: Town, tokens: dict[str, str]) -> None:
    """What is reported: one case is held, one is decided."""
    facts = town.facts
    report = "/api/v1/reports"

    def told(by: str, path: str, *posts: str, **more: str) -> None:
        account = town.ask("GET", f"/api/v1/accounts/lookup?acct={path}")["id"]
        fields = {"account_id": account, "status_ids[]": list(posts), **more}
        town.ask("POST", report, tokens[by], **fields)

    for name, by, words in (
        ("thread", CAREFUL, "They shout at everybody who answers."),
        ("thread", NEWCOMER, ""),
        ("shown", CAREFUL, "Is this picture theirs?"),
        ("warned", NEWCOMER, "This should not be here."),
        ("poll", CAREFUL, "Voting on people is not kind."),
    ):
        author = facts[name].partition("/")[0].removeprefix("@")
        told(by, author, facts[f"{name}_id"], comment=words, category="violation")
    author = facts["reply"].partition("/")[0].removeprefix("@")
    told(NEWCOMER, author, facts["reply_id"], comment="Buy nothing there.", category="spam")
    told(CAREFUL, facts["person"], comment="Not who they say.", category="other")
    author, _, post_id = facts["asking"].removeprefix("@").partition("/")
    told(NEWCOMER, author, post_id, comment="Is this for here?", category="other")
    said = {"addresses[]": f"{town.base}/@{facts['person']}", "category": "impersonation"}
    said |= {"comment": "That is me.", "name": "Olga Outside", "good_faith": "1"}
    receipt = town.ask("POST", "/api/rostra/v1/reports", email="olga@outside.example", **said)
    facts["outside"] = receipt["url"].partition("token=")[2]
    _found(town)
    _told(town)
    near = [(CAREFUL, NEWCOMER), (MEMBER, CAREFUL), (NEWCOMER, CAREFUL)]
    desks.settle(town, told, tokens, keeper=KEEPER, operator=OPERATOR, said=near)


def _found(town: Town) -> None:
    """Which case is about what: as the console tells a moderator, who decides one of them."""
    with town.context("desktop", "light", KEEPER) as context:
        tab = context.new_page()
        tab.goto(f"{town.base}/console")
        shown = {
            (row.locator("[data-open]").get_attribute("href") or "").rpartition("/")[
                2
            ]: row.inner_text()
            for row in tab.locator("li.case").all()
        }
        accounts = [each for each, text in shown.items() if "Account by" in text]
        pictures = [each for each, text in shown.items() if "attachment" in text]
        decided = next(each for each, text in shown.items() if "lends me a ladder" in text)
        tab.goto(f"{town.base}/console?category=spam")
        spam = tab.locator("[data-open]").first.get_attribute("href") or ""
        gone = {*accounts, *pictures[:1], decided, spam.rpartition("/")[2].partition("?")[0]}
        rest = [each for each in shown if each not in gone]
        town.facts.update(zip(("case_mine", "case"), reversed(rest[:2]), strict=True))
        town.facts.update(case_account=accounts[0], case_pictures=pictures[0], case_decided=decided)
        desks.decide(town, tab, spam, "none")
        desks.decide(town, tab, f"/console/cases/{decided}", "sensitive")
        town.facts["decision"] = tab.url.rpartition("/")[2]
        tab.goto(f"{town.base}/console/cases/{town.facts['case_mine']}")
        taking = tab.locator('form[action$="/claim"] button')
        assert taking.count() == 1, tab.inner_text("main")
        with tab.expect_navigation():
            taking.click()


def _told(town: Town) -> None:
    """Where those who were decided about, or who reported, read of it."""
    for name, who, page in (
        ("statement", CAREFUL, "/settings/moderation"),
        ("objection", NEWCOMER, "/settings/reports"),
    ):
        with town.context("desktop", "light", who) as context:
            tab = context.new_page()
            tab.goto(f"{town.base}{page}")
            link = tab.locator(f'main a[href^="{page}/"]').first
            href = link.get_attribute("href") or ""
            town.facts[name] = href.removeprefix(f"{page}/").partition("/")[0]


def _second_step(town: Town) -> None:
    """Switch the careful member's second step on, as members do."""
    with town.context("desktop", "light", CAREFUL) as context:
        tab = context.new_page()
        tab.goto(f"{town.base}/settings/two-factor")
        tab.click('form[action="/settings/two-factor/start"] button')
        secret = (tab.text_content(".secret") or "").replace(" ", "")
        tab.fill('[name="code"]', pyotp.TOTP(secret).now())
        tab.fill('[name="current_password"]', town.kept.passwords[CAREFUL])
        tab.click('form[action="/settings/two-factor"] button')
        town.kept.secret = secret
