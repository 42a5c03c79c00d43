"""Every page of a running place in a real browser, as visitors and members see it."""

import re
from collections.abc import Iterator

import pytest
from tests.browser.checks import Checked
from tests.browser.scene import Scene
from tests.browser.scenes import SCENES
from tests.browser.screens import each_living
from tests.browser.stage import chromium
from tests.browser.town import Town, living

from rostra.web.routes import all_routes

# What has no page of its own: a feed, and addresses that lead to others.
ELSEWHERE = {
    "/@{acct}.rss",
    "/users/{acct}",
    "/users/{acct}/statuses/{id}",
    "/posts/{id}",
    "/settings/data/archives/{id}",
    "/console/messages/{id}/file",  # a letter to save
    "/console/export/statements.json",  # a table to save
    "/console/banks/{id}/list.csv",  # a list to save
    "/settings",
    "/about/api",
    "/about/terms/{date}",  # like the terms in force: the scene `terms`
    "/console/evidence/{id}",  # reached from a case: the scenes `console-evidence-why`, `-open`
    "/console/evidence/{id}/file",  # a picture of the scene `console-evidence-open`
    "/settings/import/{id}",  # reached with a file: the scene `settings-import-seen`
    "/sign-in/code",  # reached by signing in: the scene `sign-in-code`
    "/about/rules/{number}",  # like the rules that hold: the scene `rules`
    "/about/transparency/{period}",  # like the half-year that runs: the scene `transparency`
    "/about/transparency/{period}/{file}",  # a table to save
    "/decision",  # reached by a letter, and like a statement in the settings: the scene `statement`
    "/report/confirm",  # reached by a letter: one of the sample pages
    "/settings/panel/{id}",  # three members must be drawn: the sample `panel-case`
    "/terms/accept",  # reached from every page: the scene `terms-accept`
}


def test_no_page_is_left_out() -> None:
    # A path that begins with a fact begins with a post's address.
    paths = [re.sub(r"^/\{\w+\}", "/@x/x", scene.path.partition("?")[0]) for scene in SCENES]
    shown = [re.sub(r"\{\w+\}", "x", path) for path in paths]
    missing = []
    for route in all_routes():
        page = route.method == "GET" and not route.path.endswith(".csv")
        if page and route.path not in ELSEWHERE:
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route.path))
            if not any(re.fullmatch(pattern, path) for path in shown):
                missing.append(route.path)
    assert missing == []
    names = [scene.name for scene in SCENES]
    assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with chromium() as browser, living(browser, tmp_path_factory.mktemp("living")) as served:
        yield served


@pytest.mark.slow
@pytest.mark.timeout(3600)  # some two hundred pages, one after another
def test_living_pages_are_accessible_fit_and_silent(town: Town) -> None:
    wrong: dict[str, list[str]] = {}

    def look(scene: Scene, checked: Checked, complaints: list[str]) -> None:
        found = [*checked.faults(), *complaints]
        if found:
            wrong[scene.name] = found

    each_living(town, "desktop", "light", Checked, look)
    assert wrong == {}
