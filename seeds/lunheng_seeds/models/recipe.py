"""Make the default segmenter: label raw text with permissively licensed teachers and train.

``python -m lunheng_seeds.models.recipe OUTPUT RAW…`` needs ``wapic-cws-model``, ``jieba`` and
``rjieba`` (all MIT). RAW are text files (a line a text) and JSON lines with a ``text`` and perhaps
a ``src``, compressed with xz or not. They are not part of the repository; the model's header names
each with its SHA-256. What is learned are probabilities of boundaries, not the teachers' words.
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
from lunheng_seeds.models.teacher import Teacher

SETTINGS = TrainingSettings(
    epochs=2,
    final_epochs=1,
    rate=0.2,
    min_count=(10, 2, 3),
    max_grams=1_092_000,
    seed=0,
    start_share=0,
)
LONGEST_LINE = 2000
CAPS = {"luoxuhai+chinese-novel": 7_000_000, "chinese-poetry+chinese-poetry": 600_000}
"""Characters taken at most of sources that would outweigh modern prose."""

VOTE = 0.7
"""Log odds that jieba's word adds to a boundary and the inside of one takes from it."""

CERTAIN = 1e-3
"""A teacher is never surer than this of a boundary that the other denies."""

IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
ORDINAL = re.compile(r"(?<=第)\d")
MAGNITUDE = re.compile(r"(?<=\d)[万亿]+")
CIPHERS = re.compile(
    "(?=[零一二三四五六七八九]*[〇○])[〇○零一二三四五六七八九]([〇○零一二三四五六七八九]+年?)"
)
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


def vote(lines: list[str]) -> NDArray[np.bool_]:
    """Return where jieba's words begin in all lines together."""
    cut = importlib.import_module("rjieba").cut
    words = [word for line in lines for word in cut(line)]
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    begins = np.zeros(int(lengths.sum()), bool)
    begins[np.cumsum(lengths) - lengths] = True
    return begins


def by_rule(text: str, targets: NDArray[np.float32]) -> None:
    """Join what most standards keep together, and the teachers split at changes of script.

    第 and its number; a number in digits and its magnitude; ciphers such as 二〇〇四, with 年 as
    the teacher has it after other ciphers; a foreign name with its dot.
    """
    for rule in (ORDINAL, MAGNITUDE):
        for found in rule.finditer(text):
            targets[found.start() : found.end()] = 0
    for found in CIPHERS.finditer(text):
        targets[found.start(1) : found.end(1)] = 0
    for found in FOREIGN_NAME.finditer(text):
        dot = found.start()
        if targets[dot - 1] < 0.5 and targets[dot + 2] < 0.5:
            targets[dot] = targets[dot + 1] = 0


def labelled(lines: list[str]) -> BoundaryText:
    """Give every place the probability of a boundary that the teachers and the rules agree on."""
    path = importlib.import_module("wapic_model").model_path()
    sure = np.clip(Teacher.load(Path(path)).beginnings(lines), CERTAIN, 1 - CERTAIN)
    odds = np.log(sure / (1 - sure)) + np.where(vote(lines), VOTE, -VOTE)
    text = "\n".join([*lines, ""])
    ends = np.cumsum([len(line) + 1 for line in lines]) - 1
    inside = np.ones(len(text), bool)
    inside[ends] = False
    targets = np.ones(len(text), np.float32)
    targets[inside] = 1 / (1 + np.exp(-odds))
    by_rule(text, targets)
    return BoundaryText(text, targets)


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
    teachers = {name: version(name) for name in ("wapic-cws-model", "jieba", "rjieba")}
    provenance = {
        "name": "lunheng segmenter",
        "licence": "Apache-2.0",
        "raw": hashes,
        "teachers": teachers,
        "vote": VOTE,
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
