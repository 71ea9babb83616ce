"""``lunheng train stance``: make a model of stance from labelled texts and targets."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli import lang_option, messages

if TYPE_CHECKING:
    from lunheng.opinion.training import LabelledOpinion

NEUTRAL = ("neutral", "none")


def read_opinions(path: str) -> Iterator[LabelledOpinion]:
    """Yield the examples of a file: JSON lines with text, target and stance.

    Raises:
        ReadError: the file cannot be read or a line is not as it must be.
    """
    from lunheng.errors import ReadError
    from lunheng.opinion import LABELS
    from lunheng.opinion.training import LabelledOpinion

    try:
        lines = Path(path).read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: cannot be read as UTF-8: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            stance = str(row["stance"]).lower()
            label = LABELS.index("neutral" if stance in NEUTRAL else stance)
            yield LabelledOpinion(str(row["text"]), str(row["target"]), label)
        except (ValueError, KeyError, TypeError) as error:
            raise ReadError(
                f"{path}, line {number}: expected JSON with text, target and stance (favor, "
                f"against, neutral or none), found {line[:60]!r}"
            ) from error


@click.command(epilog="Example: lunheng train stance labelled.jsonl -o stance.model")
@click.argument("labelled", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The model.")
@click.option("--epochs", type=click.IntRange(1), default=10, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--coverage", type=click.FloatRange(0.05, 1), default=0.5, show_default=True,
    help="Share of what is held out that the threshold of abstention lets through.",
)  # fmt: skip
@click.option("--licence", default="", help="Licence of the model, kept in its header.")
@lang_option
def stance(
    labelled: tuple[str, ...],
    output: str,
    epochs: int,
    seed: int,
    coverage: float,
    licence: str,
    lang: str,
) -> None:
    """Train a model of stance from LABELLED files: JSON lines with text, target and stance.

    A twentieth of the texts is kept to calibrate the model. Use it with
    --set stages.stance=linear --set plugins.stance.linear.model=FILE.
    """
    from lunheng.opinion.training import OpinionSettings, train

    say = messages(lang)
    examples = [example for path in labelled for example in read_opinions(path)]
    if not examples:
        raise click.UsageError(say("train_stance_empty"))
    started = time.monotonic()

    def report(epoch: int, loss: float) -> None:
        seconds = time.monotonic() - started
        click.echo(say("train_stance_epoch", epoch=epoch, loss=loss, seconds=seconds), err=True)

    model = train(
        examples,
        OpinionSettings(epochs=epochs, seed=seed, coverage=coverage),
        {
            "licence": licence,
            "labelled": {
                path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in labelled
            },
        },
        report,
    )
    model.save(output)
    click.echo(say("train_saved", path=output), err=True)
