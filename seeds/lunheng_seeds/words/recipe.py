"""Make the list of frequent words: count what the default segmenter finds in raw text.

``python -m lunheng_seeds.words.recipe OUTPUT RAW…``: RAW are the files that the segmenter's own
recipe takes. The list has folded words of two to four characters that occur more than once, sorted,
each with its count.
"""

from __future__ import annotations

import lzma
import random
import re
import sys
from collections import Counter
from pathlib import Path

from lunheng.tokenize import Tokenizer
from lunheng_seeds.models.recipe import raw_lines

WORD = re.compile("[\u3400-\u9fff]{2,4}")
MIN_COUNT = 2
RUN = 20_000


def counted(lines: list[str]) -> dict[str, int]:
    """Return the words of all lines, sorted, with how often each occurs."""
    counts: Counter[str] = Counter()
    tokenizer = Tokenizer()
    for start in range(0, len(lines), RUN):
        for words in tokenizer.cut_many(lines[start : start + RUN]):
            counts.update(words)
    return {
        word: counts[word]
        for word in sorted(counts)
        if counts[word] >= MIN_COUNT and WORD.fullmatch(word)
    }


def main(arguments: list[str]) -> None:
    """Write the list ``arguments[0]`` from the raw files that follow."""
    output, *names = arguments
    words = counted(raw_lines([Path(name) for name in names], random.Random(0)))
    text = "".join(f"{word} {count}\n" for word, count in words.items())
    Path(output).write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main(sys.argv[1:])
