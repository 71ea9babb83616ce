"""``lunheng eval stance``: score a model of stance on labelled texts and targets."""

from __future__ import annotations

import click

from lunheng.cli.train_stance import read_opinions

HEADER = ("file", "favor", "against", "neutral", "macro", "opinions", "accuracy", "at half", "n")


@click.command(epilog="Example: lunheng eval stance stance.model test.jsonl")
@click.argument("model", type=click.Path(exists=True, dir_okay=False))
@click.argument("labelled", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
def stance(model: str, labelled: tuple[str, ...]) -> None:
    """Score MODEL on LABELLED files: JSON lines with text, target and stance.

    Writes a line a file, tab-separated: F1 of each label, their mean, the mean of favor and
    against, accuracy, and accuracy where the model is surest of half, all in percent; examples.
    """
    from lunheng.opinion import OpinionModel
    from lunheng.opinion.evaluation import evaluate

    loaded = OpinionModel.load(model)
    click.echo("\t".join(HEADER))
    for path in labelled:
        scores = evaluate(loaded, list(read_opinions(path)))
        shares = (*scores.f1, scores.macro, scores.opinions, scores.accuracy)
        numbers = [f"{100 * share:.2f}" for share in (*shares, scores.accuracy_of_half)]
        click.echo("\t".join([path, *numbers, str(scores.examples)]))
