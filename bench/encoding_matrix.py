"""Decode texts of every size, script and encoding, and say how often the text comes out equal.

Run ``python bench/encoding_matrix.py TEXTS...``; each is a file of UTF-8 texts in simplified
Chinese, one a line, or JSON lines with a field ``text``, and may be packed (.xz). Needs opencc for
the other scripts. A cell has texts of one size and script in one encoding; those that the
encoding cannot hold are left out.
"""

from __future__ import annotations

import json
import lzma
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from lunheng.text import Decoder

SIZES = {20: 1000, 50: 1000, 100: 1000, 1000: 300, 20_000: 60}
ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("gbk", "gb18030", "big5", "big5hkscs"),
)
SCRIPTS = {"simplified": "t2s", "traditional": "s2t", "taiwan": "s2twp", "hong kong": "s2hk"}
# Colloquial Cantonese is written with characters that only the Hong Kong supplement has.
CANTONESE = str.maketrans({"的": "嘅", "了": "咗", "來": "嚟", "是": "係", "些": "啲", "他": "佢"})
Cell = tuple[str, str, int]


def texts(path: Path) -> Iterator[str]:
    """Yield the texts of a file."""
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        for line in lines:
            text = json.loads(line)["text"] if ".jsonl" in path.name else line
            if text.strip():
                yield text.strip() + "\n"


def windows(corpus: list[str], size: int, number: int, chance: random.Random) -> Iterator[str]:
    """Yield texts of ``size`` characters, each beginning where some text or line begins."""
    for _ in range(number):
        at = chance.randrange(len(corpus))
        begin = 0
        if len(corpus[at]) > size and chance.random() < 0.5:
            begin = corpus[at].find("\n", chance.randrange(len(corpus[at]) - size)) + 1
        text = corpus[at][begin:]
        while len(text) < size:
            at = (at + 1) % len(corpus)
            text += corpus[at]
        yield text[:size]


def measure(corpora: list[list[str]]) -> dict[Cell, tuple[int, int]]:
    """Return how many texts of each cell were decoded, and how many of them to equal text."""
    from opencc import OpenCC

    chance, decoder = random.Random(5), Decoder()
    converters = {script: OpenCC(name) for script, name in SCRIPTS.items()}
    converters["cantonese"] = converters["hong kong"]
    counts: dict[Cell, tuple[int, int]] = {}
    for size, number in SIZES.items():
        for corpus in corpora:
            for text in windows(corpus, size, -(-number // len(corpora)), chance):
                for script, converter in converters.items():
                    written = converter.convert(text)
                    if script == "cantonese":
                        written = written.translate(CANTONESE)
                    for encoding in ENCODINGS:
                        try:
                            data = written.encode(encoding)
                        except UnicodeEncodeError:
                            continue
                        wrong, total = counts.get((encoding, script, size), (0, 0))
                        equal = decoder.decode(data).text == written
                        if not equal and "-v" in sys.argv:
                            found = decoder.decode(data)
                            print(encoding, script, size, found.encoding, repr(written[:60]))
                        counts[encoding, script, size] = wrong + (not equal), total + 1
    return counts


def show(counts: dict[Cell, tuple[int, int]]) -> None:
    """Write a row an encoding and script: the share of equal texts by size, and how many."""
    print("encoding\tscript\t" + "\t".join(map(str, SIZES)))
    for encoding, script in dict.fromkeys(key[:2] for key in sorted(counts)):
        row = []
        for size in SIZES:
            wrong, total = counts.get((encoding, script, size), (0, 0))
            row.append(f"{100 - 100 * wrong / total:.2f} ({total})" if total else "-")
        print(encoding, script, *row, sep="\t")
    for size in SIZES:
        of_size = [count for key, count in counts.items() if key[2] == size]
        wrong, total = (sum(numbers) for numbers in zip(*of_size, strict=True))
        print(f"{size} characters: {100 - 100 * wrong / total:.3f} % of {total}")


if __name__ == "__main__":
    show(measure([list(texts(Path(name))) for name in sys.argv[1:] if name != "-v"]))
