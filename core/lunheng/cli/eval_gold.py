"""The commands ``lunheng eval samples`` and ``lunheng eval gold``: scores per class and field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import lang_option, messages
from lunheng.errors import ReadError
from lunheng.gold import LAYERS

if TYPE_CHECKING:
    from lunheng.documents import Document
    from lunheng.evaluate import Outcome
    from lunheng.tagging.evaluation import Tally

Row = tuple[str, str, "Tally"]


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what both commands understand."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Write the scores as JSON."),
        click.option("--article", metavar="NAME", help="Score this article only."),
        click.option(
            "--errors",
            type=click.Choice(list(LAYERS)),
            help="List what was missed (-) and what is spurious (+) in one layer instead.",
        ),
        lang_option,
    ):
        command = option(command)
    return command


@click.command(epilog="Example: lunheng eval samples --errors stances")
@_options
def samples(as_json: bool, article: str | None, errors: str | None, lang: str) -> None:
    """Score the pipeline on the sample articles, which are annotated by hand.

    Prints precision, recall and F1 for every class, and per field.
    """
    with as_file(files("lunheng_seeds").joinpath("samples")) as folder:
        _evaluate(folder, as_json, article, errors, lang)


@click.command(epilog="Example: lunheng eval gold annotated/ --article interview.txt")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_options
def gold(folder: Path, as_json: bool, article: str | None, errors: str | None, lang: str) -> None:
    """Score the pipeline on a FOLDER of raw files, each with its NAME.gold.json beside it.

    The format is that of the sample articles; lunheng.markup describes how to write it by hand.
    """
    _evaluate(folder, as_json, article, errors, lang)


def _evaluate(
    folder: Path, as_json: bool, article: str | None, errors: str | None, lang: str
) -> None:
    from lunheng.evaluate import evaluate_folder

    outcomes = evaluate_folder(folder, analyser(), article)
    if errors:
        for outcome in outcomes:
            if outcome.layer == errors and outcome.verdict != "right":
                click.echo(_error_line(outcome))
    elif as_json:
        click.echo(json.dumps(_scores(outcomes), ensure_ascii=False, indent=2))
    else:
        _print_tables(outcomes, lang)


def analyser() -> Callable[[Path], Iterator[Document]]:
    """Return a function from a file to its documents, by the configured pipeline."""
    from lunheng.config import Config
    from lunheng.pipeline import ANALYSIS_KINDS
    from lunheng.plugins import discover
    from lunheng.selection import select_stages

    selection = select_stages(Config.load(), discover(), ("readers", *ANALYSIS_KINDS))
    for failure in selection.failures:
        click.echo(failure.message, err=True)
    readers = [stage.made for stage in selection.stages["readers"]]

    def analyse(path: Path) -> Iterator[Document]:
        fitting = [reader for reader in readers if path.suffix.lower() in reader.suffixes]
        if not fitting:
            raise ReadError(f"{path}: no reader is for {path.suffix!r}; choose one that is")
        for source in fitting[0].read(path.read_bytes(), path.name):
            analysed = selection.pipeline.analyse(source, f"{path.name}:{source.record}", path.name)
            for failure in analysed.failures:
                click.echo(f"{path.name}: {failure.entry}: {failure.message}", err=True)
            yield analysed.document

    return analyse


def _error_line(outcome: Outcome) -> str:
    sign = "-" if outcome.verdict == "missed" else "+"
    text = outcome.text.replace("\n", "⏎")
    shown = text if len(text) <= 60 else f"{text[:40]}…{text[-18:]}"
    return f"{outcome.article}\t{sign}\t{outcome.label}\t{shown}\t{outcome.detail}"


def _rows(outcomes: Sequence[Outcome]) -> Iterator[Row]:
    """Yield each layer's classes in alphabetical order, then the layer as a whole."""
    from lunheng.evaluate import tally

    for layer in LAYERS:
        of_layer = [outcome for outcome in outcomes if outcome.layer == layer]
        labels = sorted({outcome.label for outcome in of_layer})
        if len(labels) > 1:
            for label in labels:
                yield layer, label, tally(one for one in of_layer if one.label == label)
        yield layer, "", tally(of_layer)


def _scores(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the scores as plain values: per layer and class, and per field."""
    by_field: dict[str, Any] = {}
    for field in sorted({outcome.field for outcome in outcomes}):
        of_field = [outcome for outcome in outcomes if outcome.field == field]
        by_field[field] = _layers(of_field)
    articles = sorted({outcome.article for outcome in outcomes})
    return {"articles": articles, "layers": _layers(outcomes), "fields": by_field}


def _layers(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    layers: dict[str, dict[str, Any]] = {layer: {} for layer in LAYERS}
    for layer, label, tally in _rows(outcomes):
        layers[layer][label or "all"] = {
            "precision": round(tally.precision, 4),
            "recall": round(tally.recall, 4),
            "f1": round(tally.f1, 4),
            "right": tally.right,
            "gold": tally.gold,
            "found": tally.found,
        }
    return layers


def _print_tables(outcomes: Sequence[Outcome], lang: str) -> None:
    from rich.console import Console
    from rich.table import Table

    say = messages(lang)
    console = Console(width=None if Console().is_terminal else 100)
    classes = Table(title=say("eval_classes"), title_justify="left")
    for key in ("layer", "class", "precision", "recall", "f1", "right", "gold", "found"):
        justify: Any = "left" if key in ("layer", "class") else "right"
        classes.add_column(say(f"eval_{key}"), justify=justify)
    for layer, label, tally in _rows(outcomes):
        shares = (f"{100 * share:.1f}" for share in (tally.precision, tally.recall, tally.f1))
        counts = map(str, (tally.right, tally.gold, tally.found))
        classes.add_row(
            say(f"eval_{layer}"),
            label or say("eval_all"),
            *shares,
            *counts,
            style=None if label else "bold",
            end_section=not label,
        )
    console.print(classes)
    fields = Table(title=say("eval_fields"), title_justify="left")
    fields.add_column(say("eval_field"))
    for layer in LAYERS:
        fields.add_column(say(f"eval_{layer}"), justify="right")
    for name, layers in _scores(outcomes)["fields"].items():
        fields.add_row(name, *(_share(layers[layer]["all"]) for layer in LAYERS))
    console.print(fields)


def _share(score: dict[str, Any]) -> str:
    return f"{100 * score['f1']:.1f}" if score["gold"] or score["found"] else "–"
