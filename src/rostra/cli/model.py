"""`rostra model`: the local text model is trained, measured, and asked about a text."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from rostra.cli.common import say, stop
from rostra.safety.signals.model import Material
from rostra.safety.signals.text_model.measuring.measure import Measured, measure
from rostra.safety.signals.text_model.signal import PACKAGED, TextModel, load
from rostra.safety.signals.text_model.training.rows import BadRows, Row, rows_of
from rostra.safety.signals.text_model.training.train import NothingToLearn, Plan, train
from rostra.safety.signals.text_model.training.vocabulary import BadStart
from rostra.safety.signals.text_model.weights import BadFile

app = App(name="model", help="The text model of screening: train it, measure it, ask it.")

Data = Annotated[
    tuple[Path, ...],
    Parameter(
        name="--data",
        help="Files with labelled texts (.jsonl, .csv, .parquet).",
        negative=(),
        consume_multiple=True,
    ),
]


@app.command(name="train")
def train_command(
    *,
    data: Data,
    out: Annotated[Path, Parameter(help="Where the trained file goes.")] = Path("trained.npz"),
    start: Annotated[
        Path | None, Parameter(help="A trained file to go on from, or pieces and rows.")
    ] = None,
    epochs: Annotated[int, Parameter(help="How often all texts are shown.")] = 6,
    rate: Annotated[float, Parameter(help="The longest step of the search.")] = 2e-3,
    batch: Annotated[int, Parameter(help="Texts at once.")] = 192,
    width: Annotated[int, Parameter(help="Numbers for each piece, without --start.")] = 128,
    pieces: Annotated[int, Parameter(help="How many pieces there may be.")] = 20_000,
    seed: Annotated[int, Parameter(help="Of all chance.")] = 1,
    processes: Annotated[int, Parameter(help="That take disguises off the texts.")] = 1,
    device: Annotated[
        Literal["cpu", "cuda"], Parameter(help="Where; cuda needs CuPy installed.")
    ] = "cpu",
) -> None:
    """Train a model on labelled texts, and write the best that was found."""
    plan = Plan(
        epochs=epochs,
        batch=batch,
        rate=rate,
        width=width,
        pieces=pieces,
        seed=seed,
        processes=processes,
        device=device,
        start=start,
    )
    try:
        written = train(_rows(data), plan, say)
        out.write_bytes(written)
    except (NothingToLearn, BadStart) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")
    say(f"{out}: {len(written) / 1e6:.2f} MB")


@app.command
def evaluate(
    file: Annotated[
        Path | None, Parameter(help="A trained file; without one, the one in use.")
    ] = None,
    *,
    data: Data,
    split: Annotated[str, Parameter(help="Which texts: train, val or test.")] = "test",
) -> None:
    """Hold a model against labelled texts: by harm, by group, on contrasts, and how fast it is."""
    signal = _signal(file)
    rows = [row for row in _rows(data) if row.split == split]
    if not rows:
        stop(f"no texts of split {split}")
    say(f"{(file or PACKAGED).name}, version {signal.version}; {len(rows)} texts of {split}")
    _print(measure(signal, rows))


@app.command
def judge(
    text: Annotated[str, Parameter(help="What to judge.")],
    *,
    file: Annotated[
        Path | None, Parameter(help="A trained file; without one, the one in use.")
    ] = None,
) -> None:
    """Say what the model thinks of a text, and which words weighed most."""
    signal = _signal(file)
    finding = signal.judge(Material(text, "post"))
    if finding is None:
        stop("there are no words in it")
    for harm, score in finding.scores.items():
        say(f"{harm:<11} {score:.3f}")
    for span in finding.spans:
        say(f"{span.start}-{span.end} {text[span.start : span.end]!r} {span.weight:+.2f}")
    if finding.reason:
        say(finding.reason)


def _signal(given: Path | None) -> TextModel:
    file = given or PACKAGED
    try:
        return load(file)
    except BadFile as error:
        stop(f"{file}: {error}")
    except OSError as error:
        stop(f"{file}: {error.strerror}")


def _rows(files: Iterable[Path]) -> list[Row]:
    try:
        return [row for path in files for row in rows_of(path)]
    except BadRows as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")


def _print(measured: Measured) -> None:
    console = Console(file=sys.stdout, width=100, highlight=False)
    table = Table("harm", "texts", "true", "AUPRC", "from", "precision", "recall", "ECE")
    for harm in measured.harms:
        figures = (harm.auprc, harm.line, harm.precision, harm.recall, harm.error)
        table.add_row(
            harm.name, str(harm.texts), str(harm.held), *(f"{figure:.3f}" for figure in figures)
        )
    console.print(table)
    console.print(
        "from: the score that 1 % of harmless texts reach; precision and recall are there."
    )
    if measured.groups:
        table = Table("harmless texts that name", "texts", "marked", "mean score")
        for group in measured.groups:
            table.add_row(group.name, str(group.texts), f"{group.marked:.3%}", f"{group.score:.3f}")
        console.print(table)
    if measured.contrasts:
        found = measured.contrasts
        console.print(
            f"contrasts: {found.found:.1%} of {found.threats} threats are found where 10 % of "
            f"{found.contrasts} contrasts are marked; AUROC {found.auroc:.3f}; from the line above "
            f"{found.at_line[0]:.1%} and {found.at_line[1]:.1%}"
        )
    speed = measured.speed
    console.print(
        f"one at a time: {speed.model:,.0f} texts/s the model alone, {speed.whole:,.0f} with the "
        f"normaliser; one in a hundred takes {speed.slowest:.2f} ms or more"
    )
