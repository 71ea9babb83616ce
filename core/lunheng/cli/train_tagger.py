"""``lunheng train tagger``: make a model of parts of speech or of names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.train import Progress, read_lines, sha256

if TYPE_CHECKING:
    from lunheng.i18n import Catalog
    from lunheng.tagging import TaggerModel
    from lunheng.tagging.training import TaggerSettings

Sentence = TypeVar("Sentence")

CONLLU = ".conllu"
EXAMPLE = "Example: lunheng train tagger gold.conllu -o pos.bin --dev dev.conllu"


@click.command(epilog=EXAMPLE)
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The model.")
@click.option("--dev", type=click.Path(exists=True, dir_okay=False), help="Gold to stop by.")
@click.option(
    "--classes",
    type=click.Path(exists=True, dir_okay=False),
    help="Known words or names: a word and its class a line, parted by a tab.",
)
@click.option("--epochs", type=click.IntRange(1), default=8, show_default=True)
@click.option("--margin", type=click.FloatRange(0), default=1.0, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--features", type=click.IntRange(1), default=1_000_000, show_default=True)
@click.option("--licence", default="", help="Licence of the model, kept in its header.")
@lang_option
def tagger(
    gold: tuple[str, ...],
    output: str,
    dev: str | None,
    classes: str | None,
    epochs: int,
    margin: float,
    seed: int,
    features: int,
    licence: str,
    lang: str,
) -> None:
    """Train a tagger from GOLD files: CoNLL-U (.conllu) for parts of speech, else for names.

    Names are written a character a line with its label (BIO or BMES); empty lines part sentences.
    With --dev the model of the best epoch is kept, and training stops after two epochs that are no
    better.
    """
    from lunheng.tagging.training import TaggerSettings

    say = messages(lang)
    if len({path.endswith(CONLLU) for path in (*gold, *([dev] if dev else []))}) > 1:
        raise click.UsageError(say("train_tagger_mixed"))
    known = dict(line.split("\t")[:2] for line in read_lines(classes)) if classes else {}
    settings = TaggerSettings(
        epochs=epochs, final_epochs=0, rate=0.05, margin=margin, max_features=features, seed=seed
    )
    provenance = {
        "licence": licence,
        "gold": {path: sha256(path) for path in gold},
        "classes": {classes: sha256(classes)} if classes else {},
        "settings": str(settings),
    }
    train = _words if gold[0].endswith(CONLLU) else _names
    model = train(gold, dev, known, settings, lang)
    model.with_provenance({**provenance, **model.provenance}).save(output)
    click.echo(say("train_saved", path=output), err=True)


def _read(
    read: Callable[[Iterable[str], str], Iterable[Sentence]],
    gold: tuple[str, ...],
    dev: str | None,
    say: Catalog,
) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences to learn from, of which there must be some, and those held out."""
    sentences = [sentence for path in gold for sentence in read(read_lines(path), path)]
    if not sentences:
        raise click.UsageError(say("train_tagger_empty"))
    return sentences, [*read(read_lines(dev), dev)] if dev else []


def _words(
    gold: tuple[str, ...],
    dev: str | None,
    classes: dict[str, str],
    settings: TaggerSettings,
    lang: str,
) -> TaggerModel:
    """Train on words with their parts of speech."""
    from lunheng.tagging import Tagger
    from lunheng.tagging import gold as annotated
    from lunheng.tagging.corpora import read_conllu
    from lunheng.tagging.training import train
    from lunheng.tokenize import Tokenizer

    say, tokenizer = messages(lang), Tokenizer()
    sentences, held_out = _read(read_conllu, gold, dev, say)

    def score(model: TaggerModel) -> float:
        return annotated.evaluate_words(Tagger(model), held_out, tokenizer).accuracy

    labels = annotated.labels_of_words(sentences)
    progress = Progress(score if dev else None, say)
    sequences = annotated.words_to_learn(sentences, labels, classes)
    model = train(sequences, labels, "words", settings, classes=classes, progress=progress)
    return progress.best or model


def _names(
    gold: tuple[str, ...],
    dev: str | None,
    classes: dict[str, str],
    settings: TaggerSettings,
    lang: str,
) -> TaggerModel:
    """Train on characters with names."""
    from lunheng.tagging import Tagger
    from lunheng.tagging import gold as annotated
    from lunheng.tagging.corpora import read_columns
    from lunheng.tagging.training import train
    from lunheng.tokenize import Tokenizer

    say, tokenizer = messages(lang), Tokenizer()
    sentences, held_out = _read(read_columns, gold, dev, say)

    def score(model: TaggerModel) -> float:
        return annotated.evaluate_names(Tagger(model), held_out, tokenizer).every.f1

    labels = annotated.labels_of_names(sentences)
    progress = Progress(score if dev else None, say)
    sequences = annotated.names_to_learn(sentences, labels, classes, tokenizer)
    model = train(sequences, labels, "characters", settings, classes=classes, progress=progress)
    return progress.best or model
