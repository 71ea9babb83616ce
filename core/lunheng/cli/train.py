"""``lunheng train``: make models from annotated text."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import click

from lunheng.cli import LazyGroup, lang_option, messages

if TYPE_CHECKING:
    from lunheng.i18n import Catalog
    from lunheng.tokenize import SegmenterModel

TABLE = {
    "segmenter": ("lunheng.cli.train:segmenter", "Train a word segmenter."),
    "stance": ("lunheng.cli.train_stance:stance", "Train a model of stance."),
    "tagger": ("lunheng.cli.train_tagger:tagger", "Train a tagger of words or names."),
}
PATIENCE = 2


@click.group(
    cls=LazyGroup,
    table=TABLE,
    epilog="Example: lunheng train segmenter gold.txt -o model.bin --dev dev.txt",
)
def train() -> None:
    """Train a model."""


def read_lines(path: str) -> list[str]:
    """Return the lines of a UTF-8 file.

    Raises:
        ReadError: the file cannot be read or is not UTF-8.
    """
    from lunheng.errors import ReadError

    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read().splitlines()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"{path}: expected UTF-8, found byte {error.start} is not") from error


Model = TypeVar("Model")


class Progress(Generic[Model]):
    """Says how training goes, keeps the best model, and stops when no epoch betters it.

    Without ``score`` every model is as good, and the last one is the best.
    """

    def __init__(self, score: Callable[[Model], float] | None, say: Catalog) -> None:
        self.score = score
        self.say = say
        self.started = time.monotonic()
        self.best: Model | None = None
        self.best_score = -1.0
        self.waited = 0

    def __call__(self, epoch: int, loss: float, model: Model) -> bool:
        """Report one epoch; return whether to go on."""
        seconds = time.monotonic() - self.started
        if self.score is None:
            click.echo(self.say("train_epoch", epoch=epoch, loss=loss, seconds=seconds), err=True)
            self.best = model
            return True
        score = self.score(model)
        line = self.say("train_epoch_dev", epoch=epoch, loss=loss, score=score, seconds=seconds)
        click.echo(line, err=True)
        if score > self.best_score:
            self.best, self.best_score, self.waited = model, score, 0
        else:
            self.waited += 1
        return self.waited < PATIENCE


@click.command(epilog="Example: lunheng train segmenter gold.txt -o model.bin --dev dev.txt")
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The model.")
@click.option("--dev", type=click.Path(exists=True, dir_okay=False), help="Gold to stop by.")
@click.option(
    "--words",
    type=click.Path(exists=True, dir_okay=False),
    help="A word list, instead of the frequent words that come with Lunheng.",
)
@click.option("--no-words", is_flag=True, help="Use no word list.")
@click.option(
    "--start",
    default="default",
    show_default=True,
    help="The model whose weights training starts from: a file, 'default' or 'none'.",
)
@click.option("--epochs", type=click.IntRange(1), default=8, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--grams", type=click.IntRange(6), default=1_000_000, show_default=True)
@click.option("--licence", default="", help="Licence of the model, kept in its header.")
@lang_option
def segmenter(
    gold: tuple[str, ...],
    output: str,
    dev: str | None,
    words: str | None,
    no_words: bool,
    start: str,
    epochs: int,
    seed: int,
    grams: int,
    licence: str,
    lang: str,
) -> None:
    """Train a word segmenter from GOLD files: UTF-8, a line a sentence, words parted by spaces.

    A word list has a word and perhaps its frequency a line. How much its words and the weights of
    the model at the start count for is learned: where GOLD follows another standard, it wins. With
    --dev the model of the best epoch is kept, and training stops after two epochs that are no
    better.
    """
    from lunheng.tokenize import SegmenterModel, Tokenizer
    from lunheng.tokenize.evaluation import evaluate
    from lunheng.tokenize.prior import word_list
    from lunheng.tokenize.training import BoundaryText, TrainingSettings
    from lunheng.tokenize.training import train as train_model

    say = messages(lang)
    if words and no_words:
        raise click.UsageError(say("train_words_twice"))
    lines = [line for path in gold for line in read_lines(path)]
    if not any(map(str.split, lines)):
        raise click.UsageError(say("train_empty"))
    dev_lines = read_lines(dev) if dev else []

    def score(model: SegmenterModel) -> float:
        return evaluate(Tokenizer(model).cut, dev_lines).f1

    progress = Progress(score if dev else None, say)
    settings = TrainingSettings(epochs=epochs, max_grams=grams, seed=seed)
    first = None if start in ("default", "none") else SegmenterModel.load(start)
    model = train_model(
        BoundaryText.from_words(lines),
        {} if no_words else word_list(read_lines(words)) if words else None,
        replace(settings, start_share=0.0) if start == "none" else settings,
        start=first,
        provenance={
            "licence": licence,
            "gold": {path: sha256(path) for path in gold},
            "words": {words: sha256(words)} if words else "none" if no_words else "default",
            "start": {start: sha256(start)} if first else start,
            "lunheng": version("lunheng"),
            "epochs": epochs,
            "seed": seed,
        },
        progress=progress,
    )
    chosen = progress.best if progress.best is not None else model
    chosen.with_provenance(model.provenance).save(output)
    click.echo(say("train_saved", path=output), err=True)


def sha256(path: str) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
