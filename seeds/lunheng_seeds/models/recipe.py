"""Make the default segmenter: label raw text with a permissively licensed teacher and train.

``python -m lunheng_seeds.models.recipe OUTPUT RAW…`` needs ``wapic`` and ``jieba`` (both MIT). RAW
are text files (a line a text) and JSON lines with a ``text`` and perhaps a ``src``, compressed with
xz or not. They are not part of the repository; the model's header names each with its SHA-256.
Labelling 26 million characters and training take about three minutes each on one core.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import lzma
import random
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lunheng.text import fold_table
from lunheng.tokenize import SegmenterModel
from lunheng.tokenize.training import BoundaryText, TrainingSettings, train

SETTINGS = TrainingSettings(
    epochs=2, final_epochs=1, rate=0.1, min_count=(10, 2, 3), max_grams=1_092_000, seed=0
)
LONGEST_LINE = 2000
CAPS = {"luoxuhai+chinese-novel": 7_000_000, "chinese-poetry+chinese-poetry": 600_000}
"""Characters taken at most of sources that would outweigh modern prose."""

IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
ORDINAL = re.compile(r"(?<=第)\d")
FOREIGN_NAME = re.compile("(?<=[\u4e00-\u9fff]{2})·(?=[\u4e00-\u9fff]{2})")


def open_text(path: Path) -> Any:
    """Open a text file, compressed or not."""
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open("r")


def texts(path: Path, choice: random.Random) -> Iterator[str]:
    """Yield the texts of a file; of a capped source a random part."""
    if ".jsonl" not in path.suffixes:
        with open_text(path) as file:
            yield from file
        return
    sources: dict[str, list[str]] = {}
    with open_text(path) as file:
        for record in map(json.loads, file):
            sources.setdefault(record.get("src", ""), []).append(record["text"])
    for source, held in sources.items():
        choice.shuffle(held)
        taken = 0
        for text in held:
            if taken > CAPS.get(source, sys.maxsize):
                break
            taken += len(text)
            yield text


def raw_lines(paths: list[Path], choice: random.Random) -> list[str]:
    """Return the distinct Chinese lines of all files, folded where the script differs, shuffled."""
    fold = fold_table()
    places = np.flatnonzero(fold != np.arange(len(fold)))
    scripts = {int(p): int(fold[p]) for p in places if IDEOGRAPH.match(chr(p))}
    lines: dict[str, None] = {}
    for path in paths:
        for text in texts(path, choice):
            for line in text.splitlines():
                line = line.strip().translate(scripts)
                if line and len(line) <= LONGEST_LINE and IDEOGRAPH.search(line):
                    lines[line] = None
    found = list(lines)
    choice.shuffle(found)
    return found


def label(line: str, words: list[str]) -> NDArray[np.float32]:
    """Return the boundaries of a line as the teacher's words have them, then our two rules.

    第 and its number are one word, and so is a foreign name with its dot: most standards say so,
    but the teacher splits at every change of script.
    """
    targets = np.zeros(len(line) + 1, np.float32)
    at = 0
    for word in words:
        at = line.index(word, at)
        targets[at] = 1
        at += len(word)
    targets[-1] = 1
    for found in ORDINAL.finditer(line):
        targets[found.start()] = 0
    for found in FOREIGN_NAME.finditer(line):
        dot = found.start()
        if not targets[dot - 1] and not targets[dot + 2]:
            targets[dot] = targets[dot + 1] = 0
    return targets


def labelled(lines: list[str]) -> BoundaryText:
    """Let the teacher cut all lines."""
    teacher = importlib.import_module("wapic").Segmenter()
    targets = [label(line, teacher.segment(line)) for line in lines]
    return BoundaryText("\n".join([*lines, ""]), np.concatenate(targets))


def word_list() -> dict[str, int]:
    """Return jieba's words with their frequencies."""
    jieba = importlib.import_module("jieba")
    rows = jieba.get_dict_file().read().decode("utf-8").splitlines()
    return {word: int(count) for word, count, _ in map(str.split, rows)}


def main(arguments: list[str]) -> None:
    """Write the model ``arguments[0]`` from the raw files that follow."""
    output, *names = arguments
    paths = [Path(name) for name in names]
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    teachers = {name: version(name) for name in ("wapic", "wapic-cws-model", "jieba")}
    provenance = {
        "name": "lunheng segmenter",
        "licence": "Apache-2.0",
        "raw": hashes,
        "teachers": teachers,
        "settings": str(SETTINGS),
    }

    def progress(number: int, loss: float, model: SegmenterModel) -> bool:
        print(f"epoch {number}: log loss {loss:.4f} a unit", file=sys.stderr, flush=True)
        return True

    text = labelled(raw_lines(paths, random.Random(SETTINGS.seed)))
    print(f"{len(text.text)} characters labelled", file=sys.stderr, flush=True)
    model = train(text, word_list(), SETTINGS, provenance=provenance, progress=progress)
    model.save(output)


if __name__ == "__main__":
    main(sys.argv[1:])
