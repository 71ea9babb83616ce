"""``lunheng tokenize``: cut text into words, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from lunheng.tokenize import TokenBatch

LINES_AT_ONCE = 4096


@click.command(epilog='Example: echo "人工智能改变世界" | lunheng tokenize -')
@click.argument("files", nargs=-1, type=click.File("rb"), default=("-",))
@click.option("--separator", default=" ", show_default=True, help="What goes between words.")
@click.option("--spans", is_flag=True, help="Write a JSON list of [start, end] a line instead.")
@click.option("--model", type=click.Path(exists=True, dir_okay=False), help="A model file.")
@click.option("--words", type=click.Path(exists=True, dir_okay=False), help="Words to obey.")
@click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="How many threads."
)
def tokenize(
    files: tuple[BinaryIO, ...],
    separator: str,
    spans: bool,
    model: str | None,
    words: str | None,
    threads: int,
) -> None:
    """Cut UTF-8 text from FILES, or from stdin ("-" or none), into words, line by line.

    Offsets are half-open code points in the line. Spaces of the input are dropped between words;
    with --spans they are not listed.
    """
    from lunheng.tokenize import Tokenizer

    tokenizer = Tokenizer(model, Path(words) if words else ())
    with click.open_file("-", "wb") as output:
        for lines in _batches(_lines(files)):
            batch = tokenizer.cut_many(lines, threads=threads)
            for line in _written(lines, batch, separator, spans):
                output.write(line.encode("utf-8", "surrogateescape") + b"\n")


def _lines(files: Iterable[BinaryIO]) -> Iterator[str]:
    for file in files:
        for line in file:
            yield line.decode("utf-8", "surrogateescape").rstrip("\r\n")


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(lines, LINES_AT_ONCE)):
        yield batch


def _written(lines: list[str], batch: TokenBatch, separator: str, spans: bool) -> Iterator[str]:
    for number, text in enumerate(lines):
        words = [
            (start, end) for start, end in batch.spans(number).tolist() if not text[start].isspace()
        ]
        if spans:
            yield json.dumps(words)
        else:
            yield separator.join(text[start:end] for start, end in words)
