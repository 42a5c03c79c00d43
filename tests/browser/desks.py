"""What the desks of a living place have to show: a cluster, a letter, an appeal."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from playwright.sync_api import Page as Tab
from tests.harness.patience import wait_for

if TYPE_CHECKING:
    from tests.browser.town import Town

_FLOOD = (
    "They sold our quay. Saturday at noon we meet at the old lighthouse, bring rope and make "
    "the harbour master pay for what he did!"
)
_RULE = """\"\"\"Calls to meet at the old lighthouse.\"\"\"
when(matches(post.text, "old lighthouse"))
hold(category="violence_incitement", within="12h", message="It waits until somebody has looked.")
catches("Saturday at noon, at the old lighthouse, bring rope")
spares("The lighthouse was built in 1911")
"""


def settle(
    town: "Town",
    told: Callable[..., None],
    tokens: dict[str, str],
    *,
    keeper: str,
    operator: str,
    said: Sequence[tuple[str, str]],
) -> None:
    """Near-copies of one post, a letter about the first, an objection of whoever quotes them.

    Args:
        town: the place.
        told: reports somebody.
        tokens: of those who post.
        keeper: who moderates.
        operator: who says what screening goes by.
        said: who posts and who reports it; the last one quotes the others.
    """
    path = f"/api/v1/accounts/lookup?acct={said[1][0]}"
    town.facts["member_id"] = town.ask("GET", path)["id"]
    posts = []
    for author, by in said:
        text = f'Somebody wrote "{_FLOOD}" and I reported' if (author, by) == said[-1] else _FLOOD
        made = town.ask("POST", "/api/v1/statuses", tokens[author], status=text, language="en")
        told(by, author, made["id"], comment="This is a threat.", category="violation")
        posts.append(made["id"])
    with town.context("desktop", "light", keeper) as context:
        tab = context.new_page()
        _letter(town, tab, f"/@{said[0][0]}/{posts[0]}")
        tab.goto(f"{town.base}/console/clusters")
        town.facts["cluster"] = _first(tab, "[data-open]").rpartition("/")[2]
        tab.goto(f"{town.base}/console/clusters/{town.facts['cluster']}")
        decide(town, tab, _first(tab, "#outliers [data-open]"), "sensitive")
    with town.context("desktop", "light", operator) as context:
        tab = context.new_page()
        _list(town, tab)
        _bank(town, tab)
    _object(town, said[-1][0])
    with town.context("desktop", "light", keeper) as context:
        tab = context.new_page()
        tab.goto(f"{town.base}/console/appeals")
        town.facts["appeal"] = _first(tab, "[data-open]").rpartition("/")[2]


def rule(town: "Town", keeper: str) -> None:
    """Write a rule, put it into shadow, and change it."""
    here = f"{town.base}/console/screening/rules"
    with town.context("desktop", "light", keeper) as context:
        tab = context.new_page()
        tab.goto(f"{here}/new")
        tab.fill("#name", "lighthouse")
        tab.fill("#source", _RULE)
        tab.fill("#reason", "Calls to meet at the lighthouse")
        with tab.expect_navigation(url=lambda url: not url.endswith("/new")):
            tab.click("#rule [type=submit]")
        town.facts["rule"] = tab.url.rpartition("/")[2]
        tab.check("input[value=shadow]")
        tab.fill("#reason", "To see what it catches")
        with tab.expect_navigation():
            tab.click('form[action$="/switch"] [type=submit]')
        tab.goto(f"{here}/{town.facts['rule']}/edit")
        tab.fill("#source", _RULE.replace("when(", 'when(post.kind == "post", '))
        tab.fill("#reason", "Profiles may name it")
        with tab.expect_navigation(url=lambda url: not url.endswith("/edit")):
            tab.click("#rule [type=submit]")
        tab.goto(f"{here}/{town.facts['rule']}/try")
        tab.select_option("#against", "1")
        with tab.expect_navigation(url=lambda url: "/tryouts/" in url):
            tab.click('form[action$="/try"] [type=submit]')
        town.facts["tryout"] = tab.url.rpartition("/")[2]
        tab.locator("#sides-h").wait_for()  # the page looks again until it is done


def _bank(town: "Town", tab: Tab) -> None:
    """A bank with a hash; its id."""
    tab.goto(f"{town.base}/console/banks")
    tab.fill("#name", "own")
    with tab.expect_navigation(url=lambda url: not url.endswith("/banks")):
        tab.click('form[action="/console/banks"] button')
    town.facts["bank"] = tab.url.rpartition("/")[2]
    tab.click("summary:has-text('Add a hash')")
    tab.fill("#hash", "0f" * 32)
    tab.click('form[action$="/hashes"] button')


def decide(town: "Town", tab: Tab, case: str, action: str) -> None:
    """Decide a case, as somebody with a pointer does."""
    tab.goto(f"{town.base}{case}")
    tab.check(f"#act-{action}")
    tab.click("[data-go]")
    with tab.expect_navigation(url=lambda url: "/cases/" not in url):
        tab.click('button[value="decide"]')


def _first(tab: Tab, selector: str) -> str:
    return tab.locator(selector).first.get_attribute("href") or ""


def _letter(town: "Town", tab: Tab, path: str) -> None:
    """Hand a letter in, and find what came."""
    tab.goto(f"{town.base}/console/letters")
    tab.fill(
        "#words",
        "From: Abuse desk <abuse@host.example>\nTo: desk@saltmarsh.example\n"
        "Subject: [AbuseID:4711] Threats on your server\nMessage-ID: <4711@host.example>\n\n"
        f"Please act on this within 12 hours:\n\n{town.base}{path}\n"
        f"{town.base}/@nobody/1887436800128692554\n",
    )
    tab.select_option("#form", "mail")
    tab.click('form[action="/console/letters"] button')
    tab.locator(".letter-url").first.wait_for()
    town.facts["letter"] = tab.url.rpartition("/")[2]
    town.facts["message"] = _first(tab, 'a[href^="/console/messages/"]').rpartition("/")[2]


def _list(town: "Town", tab: Tab) -> None:
    """Make a list for screening, and fill it."""
    tab.goto(f"{town.base}/console/lists")
    tab.fill("#name", "threats")
    tab.select_option("#harm", "violence")
    tab.fill("#note", "What was said before the night of the fire.")
    tab.click('form[action="/console/lists"][method="post"] button')
    tab.fill("#content", "bring rope\nk!ll you\nshoot*")
    tab.fill("#reason", "Seen in July")
    tab.click('form[action$="/entries"] button')
    town.facts["list"] = tab.url.rpartition("/")[2]
    tab.goto(f"{town.base}/console/lists?text=Bring+a+r0pe%2C+I+will+k+i+l+l+you")


def _object(town: "Town", who: str) -> None:
    """A member objects to the latest decision about them."""
    own = f"{town.base}/settings/moderation"
    with town.context("desktop", "light", who) as context:
        tab = context.new_page()
        link = tab.locator('main a[href^="/settings/moderation/"]')

        def told() -> bool:
            tab.goto(own)
            return link.count() > 0

        wait_for(told, 0.1)
        tab.goto(f"{town.base}{link.first.get_attribute('href')}")
        tab.fill('[name="text"]', "I quoted it, to warn of it. See the first words.")
        tab.click('form[action$="/appeal"] button')
