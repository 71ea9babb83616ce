"""The command `lunheng eval`: a lazy group; every evaluation is a line in its table."""

from __future__ import annotations

import click

from lunheng.cli import LazyGroup

TABLE = {
    "samples": ("lunheng.cli.eval_gold:samples", "Score the pipeline on the sample articles."),
    "gold": ("lunheng.cli.eval_gold:gold", "Score the pipeline on your own annotated articles."),
    "segmenter": (
        "lunheng.cli.eval_segmenter:segmenter",
        "Score a word segmenter against gold words.",
    ),
    "stance": ("lunheng.cli.eval_stance:stance", "Score a model of stance on labelled texts."),
    "tagger": (
        "lunheng.cli.eval_tagger:tagger",
        "Score a tagger against gold tags or names.",
    ),
    "mark": ("lunheng.cli.eval_mark:mark", "Turn marked texts into raw files and gold."),
    "unmark": ("lunheng.cli.eval_mark:unmark", "Turn gold back into a marked text."),
}


@click.group(
    cls=LazyGroup,
    table=TABLE,
    epilog="Example: lunheng eval samples --errors entities",
)
def evaluate() -> None:
    """Score the stages against annotated texts."""
