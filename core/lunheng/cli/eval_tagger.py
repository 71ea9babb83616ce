"""``lunheng eval tagger``: score a tagger against gold tags or names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lunheng.cli.train import read_lines

if TYPE_CHECKING:
    from lunheng.tagging.evaluation import Tally

HEADER = ("file", "what", "P", "R", "F1", "gold")


@click.command(epilog="Example: lunheng eval tagger default test.conllu")
@click.argument("model")
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
def tagger(model: str, gold: tuple[str, ...]) -> None:
    """Score MODEL (a file, or "default") on GOLD files, of the kind that it was trained on.

    Writes tab-separated lines in percent: parts of speech of the gold words and of the words that
    the default segmenter cuts; or names, all and by type.
    """
    from lunheng.tagging import Tagger, default_tagger
    from lunheng.tagging.corpora import read_columns, read_conllu
    from lunheng.tagging.gold import evaluate_names, evaluate_words
    from lunheng.tokenize import Tokenizer

    scored = default_tagger() if model == "default" else Tagger(model)
    tokenizer = Tokenizer()
    click.echo("\t".join(HEADER))
    for path in gold:
        if scored.model.view == "words":
            words = evaluate_words(scored, [*read_conllu(read_lines(path), path)], tokenizer)
            share = f"{100 * words.accuracy:.2f}"
            click.echo("\t".join([path, "gold words", share, share, share, str(words.raw.gold)]))
            _write(path, "raw text", words.raw)
        else:
            names = evaluate_names(scored, [*read_columns(read_lines(path), path)], tokenizer)
            _write(path, "all", names.every)
            for type_, scores in names.types.items():
                _write(path, type_, scores)


def _write(path: str, what: str, scores: Tally) -> None:
    shares = (scores.precision, scores.recall, scores.f1)
    numbers = [f"{100 * share:.2f}" for share in shares]
    click.echo("\t".join([path, what, *numbers, str(scores.gold)]))
