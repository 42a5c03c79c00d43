"""Rules tried on the past in the console, with sample data."""

from typing import Final

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.safety.tryout import model
from rostra.safety.tryout.access import Shown
from rostra.web.console.tryouts import caught_views, facts_of, side_views
from rostra.web.views import console_tryouts as v
from rostra.web.views.forms import Form, Option

_NAMED: Final = ("Version 12", "Version 11")
_SHOWN: Final = {
    1: Shown(1, 5, "quaywatch", s.HOSTILE),
    2: Shown(2, 6, s.LONG_WORD[:30], s.LONG_WORD),
    3: Shown(3, 6, "ada", "Cheap pills, https://shop.example/x"),
}


def _group(posts: int, *post_ids: int) -> model.Group:
    samples = tuple(model.Sample(each, 5, "") for each in (*post_ids, 99))
    return model.Group(posts, posts // 3, samples)


def _result() -> model.Result:
    first = model.Side(
        caught=_group(4_211, 1, 2, 3), skipped=1_204,
        missing={"signal.text_model.violence": 1_200, "author.age_days": 4},
        right=310, wrong=12, sought=402, found=310, timed=100_000, took_ns=1_840_000_000,
    )  # fmt: skip
    second = model.Side(caught=_group(812, 3), timed=100_000, took_ns=2_000_000_000)
    return model.Result(
        seen=1_000_412, members=8_123, edited=4_012, decided=5_120, acted=402,
        sides=(first, second), both=_group(800, 3), first_only=_group(3_411, 1, 2),
        second_only=_group(12),
    )  # fmt: skip


def tryout_pages() -> list[Sample]:
    """Two versions side by side, one alone, running, failed; the list, with a fault and empty."""
    found = _result()
    done = v.TryoutPage(
        tabs=s.tabs("Queue", "Screening"), parts=s.tabs("Signals", "Rules"), name="links",
        what="Version 12 beside version 11", url="/console/screening/tryouts/9",
        back="/console/screening/rules/7/try", since=s.NOW - 30 * s.DAY, until=s.NOW, by="@bo",
        state="done", state_words="Done", facts=facts_of(found),
        sides=side_views(_NAMED, found), caught=caught_views(_NAMED, found, _SHOWN),
    )  # fmt: skip
    alone = replace(found, sides=found.sides[:1])
    bare = replace(
        done, facts=(), sides=(), caught=(), state="running", state_words="It is being tried",
        what="Version 12", total=1_000_412, done=412_000, may_cancel=True,
    )  # fmt: skip
    listed = v.TryoutsPage(
        tabs=done.tabs, parts=done.parts, name="links", rule_url="/console/screening/rules/7",
        url=done.back, may=True, form=Form(values={"days": "30", "version": "12"}),
        versions=(Option("12", "Version 12", "the one that holds"), Option("11", "Version 11")),
        beside=(Option("0", "None"), Option("11", "Version 11")),
        tryouts=[
            v.TryoutRow(url=done.url, what="Version 12 beside version 11, 30 days", state="done",
                        state_words="Done", at=s.NOW, by="@bo",
                        found="4,211 and 812 of 1,000,412 posts caught"),
            v.TryoutRow(url=done.url, what=s.LONG_WORD, state="failed",
                        state_words="It could not be done", at=s.NOW, by=s.LONG_WORD),
        ],
    )  # fmt: skip
    wrong = Form(values={"days": "x"}, errors={"days": s.HOSTILE}, message=s.HOSTILE)
    shell = team_shell()
    return [
        Sample("tryout", shell, done),
        Sample("tryout-alone", shell, replace(
            done, sides=side_views(_NAMED, alone), caught=caught_views(_NAMED, alone, _SHOWN))),
        Sample("tryout-running", shell, bare),
        Sample("tryout-failed", shell, replace(
            bare, state="failed", state_words="It could not be done", failure=s.HOSTILE,
            may_cancel=False)),
        Sample("tryouts", shell, listed),
        Sample("tryouts-wrong", shell, replace(listed, form=wrong)),
        Sample("tryouts-none", shell, replace(listed, may=False, tryouts=())),
    ]  # fmt: skip
