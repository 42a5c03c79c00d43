"""The pages of what rules hold and of adapters, with sample data."""

from msgspec.structs import replace
from tests.web import samples as s
from tests.web.pages_console import CASES, team_shell
from tests.web.samples import Sample

from rostra.web.views.console_held import AdaptersPage, AdapterView, HeldLine, HeldPage


def held_pages() -> list[Sample]:
    """With much, with nothing; adapters that answer and that do not, and none."""
    held = [
        HeldLine(
            case=case if at % 4 else None, rule=s.LONG_WORD if at == 1 else "pills",
            version=at + 1, rule_url="/console/screening/rules/1" if at % 2 else "",
            held_at=s.NOW - at * s.HOUR, due_at=s.NOW + (2 - at) * s.HOUR, overdue=at > 1,
            decision_url="/console/decisions/1",
        )
        for at, case in enumerate(CASES)
    ]  # fmt: skip
    page = HeldPage(
        tabs=s.tabs("Queue", "Screening"), parts=s.tabs("Signals", "Held"), held=held,
        waiting=1_234, overdue=12, usual="3 hours", can_decide_many=True,
        settled=(("Released by somebody", 812), ("Kept or removed by somebody", 45)),
        then="What nobody looks at within its limit is released.",
    )  # fmt: skip
    none = replace(page, held=(), waiting=0, overdue=0, usual="")
    adapter = AdapterView(
        name="guard", host="127.0.0.1:8000", model="llama-guard", state="Answers", waiting=3,
        most_waiting=10_000, asked="All posts that are public, unlisted", answered=12_345, late=12,
        mean="84.0 ms", slowest="2.4 s", answered_at=s.NOW - s.HOUR,
    )  # fmt: skip
    resting = replace(
        adapter, name=s.LONG_WORD, model=s.LONG_WORD, state="Left alone for a while", tone="bad",
        failure=s.HOSTILE, failed_at=s.NOW - s.HOUR, retry_at=s.NOW + s.HOUR, failed=310,
        given_up=4, skipped=2, mean="-", slowest="-", answered_at=0,
    )  # fmt: skip
    asked = AdaptersPage(
        tabs=page.tabs, parts=s.tabs("Signals", "Adapters"), adapters=(adapter, resting), days=7
    )
    return [
        Sample("console-held", team_shell(), page),
        Sample("console-held-none", team_shell(), none),
        Sample("console-adapters", team_shell(), asked),
        Sample("console-adapters-none", team_shell(), replace(asked, adapters=())),
    ]
