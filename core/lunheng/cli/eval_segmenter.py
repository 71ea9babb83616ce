"""``lunheng eval segmenter``: score a segmenter against gold words."""

from __future__ import annotations

import click

from lunheng.cli.train import read_lines

HEADER = ("file", "P", "R", "F1", "R of unknown", "words", "unknown")


@click.command(epilog="Example: lunheng eval segmenter default test.txt --train gold.txt")
@click.argument("model")
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--train",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="What the model learned from: its words are known.",
)
def segmenter(model: str, gold: tuple[str, ...], train: tuple[str, ...]) -> None:
    """Score MODEL (a file, or "default") on GOLD files: a line a sentence, words parted by spaces.

    Writes a line a file, tab-separated: precision, recall, F1 and recall of unknown words in
    percent ("-" without --train), then the counts.
    """
    from lunheng.tokenize import Tokenizer
    from lunheng.tokenize.evaluation import evaluate

    tokenizer = Tokenizer(None if model == "default" else model)
    known = {word for path in train for line in read_lines(path) for word in line.split()}
    click.echo("\t".join(HEADER))
    for path in gold:
        scores = evaluate(tokenizer.cut, read_lines(path), known if train else None)
        shares = (scores.precision, scores.recall, scores.f1, scores.unknown_recall)
        numbers = [f"{100 * share:.2f}" for share in shares]
        if not train:
            numbers[-1] = "-"
        click.echo("\t".join([path, *numbers, str(scores.gold), str(scores.unknown)]))
