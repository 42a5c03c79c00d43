"""What `rostra doctor` says of what judges posts here."""

from rostra.cli.findings import Finding, Findings
from rostra.safety.screening.house import PackagedModel
from rostra.settings import Settings


async def screening(settings: Settings, model: PackagedModel | None = None) -> Findings:
    """Which signals of the house judge, and whether the text model among them can be read."""
    judging = ", ".join(settings.screening.signals) or "none of the house's own"
    if PackagedModel.name not in settings.screening.signals:
        yield Finding("ok", "signals", judging)
    elif (model or PackagedModel()).model is None:
        yield Finding(
            "fail",
            "signals",
            "the text model can't be read: each post is published without its judgement, and "
            "rules that ask for it are skipped",
            "reinstall rostra, or take text_model out of `screening.signals`",
        )
    else:
        yield Finding("ok", "signals", f"{judging}; the text model can be read")
