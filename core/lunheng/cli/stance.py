"""``lunheng stance``: who stands where on what, in which words, and by which cues."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli.analysing import places
from lunheng.cli.presenting import Presentation, presenting

if TYPE_CHECKING:
    from lunheng.documents import Document, Stance
    from lunheng.i18n import Catalog

COLOURS = {"favor": "green", "against": "red", "neutral": "yellow"}
CONTEXT = 30


@click.command(epilog="Example: lunheng stance essay.txt --targets targets.toml --explain")
@click.option(
    "--targets", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file of your own targets: [[targets]] with name and expressions.",
)  # fmt: skip
@click.option("--frames", help="Frames of debate: names or files, separated by commas.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Assert what scores at least this.")
@click.option("--explain", is_flag=True, help="Show the cues behind every decision.")
@presenting
def stance(
    presentation: Presentation,
    targets: Path | None,
    frames: str | None,
    threshold: float | None,
    explain: bool,
) -> None:
    """Find who stands where, on what, in the texts at PATHS ("-": stdin)."""
    from lunheng.config import Setting

    values: dict[str, Setting] = {}
    if targets is not None:
        values["targets"] = Setting((str(targets),), "--targets")
    if frames is not None:
        values["frames"] = Setting(frames, "--frames", literal=True)
    if threshold is not None:
        values["threshold"] = Setting(threshold, "--threshold")

    def show(document: Document, say: Catalog) -> None:
        _show(document, say, explain)

    presentation.with_settings("stance", values).present(_records, show)


def _records(document: Document) -> Iterator[dict[str, Any]]:
    for one in document.stances:
        yield {
            "path": document.path,
            "record": document.record,
            "holder": one.holder,
            "holder_type": one.holder_type,
            "target": one.target,
            "frame": one.frame,
            "polarity": one.polarity,
            "score": one.score,
            "evidence": document.text[one.start : one.end],
            **places(document, one.start, one.end),
            "attribution": one.attribution,
            "reporter": one.reporter,
            "flags": list(one.flags),
            "cues": [
                {"text": c.text, "rule": c.rule, "weight": c.weight, "start": c.start, "end": c.end}
                for c in one.cues
            ],
        }


def _show(document: Document, say: Catalog, explain: bool) -> None:
    """Print each stance in its context, the evidence coloured by its polarity."""
    click.secho(f"# {document.path} {document.record}".rstrip(), bold=True)
    for one in document.stances:
        holder = one.holder or say("stance_author")
        line = say("stance_" + one.polarity, holder=holder, target=one.target)
        head = click.style(line, fg=COLOURS[one.polarity], bold=True)
        flags = f" [{', '.join(one.flags)}]" if one.flags else ""
        click.echo(f"{one.start:>7}  {head}  {one.score:.2f}{flags}")
        click.echo("         " + _in_context(document, one))
        if explain:
            for cue in one.cues:
                rule = say("stance_cue", text=cue.text, rule=cue.rule, weight=f"{cue.weight:+.2f}")
                click.echo("           " + rule)
    found, silent = len(document.stances), document.abstained
    click.echo(say("stance_done", stances=found, abstained=silent), err=True)


def _in_context(document: Document, one: Stance) -> str:
    text = document.text
    before = text[max(0, one.start - CONTEXT) : one.start].rpartition("\n")[2]
    after = text[one.end : one.end + CONTEXT].partition("\n")[0]
    evidence = click.style(text[one.start : one.end], fg=COLOURS[one.polarity], underline=True)
    return f"{before}{evidence}{after}"
