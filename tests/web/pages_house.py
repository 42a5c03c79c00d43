"""The pages about how the place is looked after, with sample data."""

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import team_shell
from tests.web.samples import Sample

from rostra.safety.transparency.readiness import Line
from rostra.web.views import house as h
from rostra.web.views.console_readiness import AskedView, PartyView, ReadinessPage
from rostra.web.views.parts import RuleView
from rostra.web.views.transparency import Figure, Link


def house_pages() -> list[Sample]:
    """Rules by version, a paper, and what is asked of the place."""
    version = h.VersionView(
        number=2,
        created_at=s.NOW,
        changes=(
            h.ChangeView("changed", s.HOSTILE, s.LONG_WORD),
            h.ChangeView("taken away"),
        ),
    )
    rules = h.RulesPage(
        rules=(RuleView(text=s.HOSTILE, hint=s.LONG_WORD), RuleView(text="Be kind.")),
        shown=replace(version, current=True),
        versions=(version, replace(version, number=1, changes=())),
    )
    part = h.Part(
        heading="How to reach us",
        words=(s.HOSTILE, s.LONG_WORD),
        points=(s.HOSTILE,),
        facts=(Figure("Answered within", "24 hours"),),
        email="a@example.org",
        links=(Link("The rules", "/about/rules"),),
    )
    asked = AskedView("A store", (Line("A store", s.HOSTILE, missing=s.LONG_WORD),
                                  Line("A store", "Reports", evidence=s.HOSTILE)))  # fmt: skip
    return [
        Sample("rules", s.shell(), rules),
        Sample("rules-older", s.shell(), replace(rules, shown=version, versions=())),
        Sample("rules-none", s.shell(), h.RulesPage(rules=())),
        Sample("paper", s.shell(), h.PaperPage(
               heading="Contact", lede=s.HOSTILE, path="/about/contact", parts=(part, part))),
        Sample("readiness", team_shell(), ReadinessPage(
               tabs=s.tabs("Queue", "Readiness"), asked=(asked,), missing=1,
               parties=(PartyView("Mail", s.HOSTILE, s.LONG_WORD, 1_700_000_000_000, s.HOSTILE,
                                  1_700_000_000_000, (s.HOSTILE, s.LONG_WORD)),
                        PartyView("Copies", "", "", 0, "", 0, ())))),
    ]  # fmt: skip
