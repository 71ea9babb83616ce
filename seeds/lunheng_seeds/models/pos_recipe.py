"""Make the part-of-speech model.

``python -m lunheng_seeds.models.pos_recipe OUTPUT TREEBANK SILVER…``:
TREEBANK is the training part of Universal Dependencies Chinese GSDSimp (CC BY-SA 4.0) in CoNLL-U;
SILVER are what `lunheng_seeds.models.silver` made: from it come only the tags that frequent words
bear. About a minute on one core.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lunheng.tagging.columns import WordColumns
from lunheng.tagging.training import LabelledSequences, TaggerSettings
from lunheng.tokenize import Tokenizer
from lunheng_seeds.models.learning import digests, write_tagger
from lunheng_seeds.models.silver import read

SETTINGS = TaggerSettings(
    epochs=6, final_epochs=1, rate=0.05, margin=1.0, max_features=185_000, seed=0
)
MOST_WORDS = 60_000
SECOND = 0.2
"""Share of a word's occurrences from which its second most frequent tag is told as well."""

Word = tuple[str, str, str]
"""Form, part of speech, and that of a longer word which ends in it."""


def renewed(upos: str, xpos: str, form: str, relation: str) -> str:
    """Return the tag of later releases: copulas and aspect are AUX, 将 and 把 ADP, and so on.

    The rules follow the changes of the treebank's documented guidelines; the language-specific tags
    are the same in all releases.
    """
    if upos == "CONJ":
        return "CCONJ"
    if xpos == "AS" or (xpos, relation) in {("BB", "auxpass"), ("VC", "cop")}:
        return "AUX"
    if (xpos, relation) == ("BB", "aux:caus"):
        return "ADP"
    if (xpos, relation) in {("RB", "mark"), ("DEC", "acl:relcl")}:
        return "SCONJ"
    if (xpos, relation) == ("DEV", "mark") and form != "得":
        return "SCONJ"
    return "PART" if xpos == "UH" else upos


def treebank(lines: Iterable[str]) -> Iterator[list[Word]]:
    """Yield the sentences of a CoNLL-U file."""
    sentence: list[Word] = []
    for line in lines:
        fields = line.rstrip("\n").split("\t")
        if fields[0].isdecimal():
            tag = renewed(fields[3], fields[4], fields[1], fields[7])
            longer = {"SFN": "NOUN", "SFA": "ADJ", "SFV": "VERB"}.get(fields[4], tag)
            sentence.append((fields[1], tag, longer))
        elif sentence and not line.strip():
            yield sentence
            sentence = []


def spans_of(sentence: list[Word]) -> NDArray[np.int32]:
    """Return the words of a sentence, half-open code points."""
    lengths = np.array([len(form) for form, _, _ in sentence])
    ends = np.cumsum(lengths)
    return np.stack([ends - lengths, ends], axis=1).astype(np.int32)


def projected(sentence: list[Word], spans: NDArray[np.int32]) -> list[str]:
    """Return tags for words cut otherwise: that of the gold word in which each ends."""
    gold = spans_of(sentence)
    places = np.searchsorted(gold[:, 1], spans[:, 1])
    return [
        sentence[place][1 if gold[place].tolist() == span else 2]
        for place, span in zip(places.tolist(), spans.tolist(), strict=True)
    ]


def word_classes(paths: list[Path]) -> dict[str, str]:
    """Return the one or two tags that frequent words bear in silver."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in read(paths):
        for word, tag in line:
            counts[word][tag] += 1
    frequent = sorted(counts, key=lambda word: (-counts[word].total(), word))[:MOST_WORDS]
    classes = {}
    for word in frequent:
        tags = [t for t, n in counts[word].most_common(2) if n > SECOND * counts[word].total()]
        classes[word] = "/".join(tags)
    return classes


def sequences(
    sentences: list[list[Word]], columns: WordColumns, labels: tuple[str, ...]
) -> LabelledSequences:
    """Return every sentence with its own words and, where these differ, with our tokenizer's."""
    tokenizer, parts = Tokenizer(), []
    for sentence in sentences:
        text = "".join(form for form, _, _ in sentence)
        gold, own = spans_of(sentence), tokenizer.spans(text)
        for spans in [gold] if np.array_equal(gold, own) else [gold, own]:
            numbers = [labels.index(tag) for tag in projected(sentence, spans)]
            parts.append((columns.of(text, spans), np.array(numbers, np.uint8)))
    return LabelledSequences.joined(parts)


def main(arguments: list[str]) -> None:
    """Write the model ``arguments[0]`` from a treebank and silver files."""
    output, bank, *silver = map(Path, arguments)
    with bank.open(encoding="utf-8") as lines:
        sentences = [*treebank(lines)]
    labels = tuple(sorted({tag for sentence in sentences for _, *tags in sentence for tag in tags}))
    classes = word_classes(silver)
    write_tagger(
        output,
        sequences(sentences, WordColumns(classes), labels),
        labels,
        "words",
        SETTINGS,
        {
            "name": "lunheng part of speech",
            "licence": "CC-BY-SA-4.0",
            "treebank": {
                "Universal Dependencies Chinese GSDSimp, train": digests([bank])[bank.name]
            },
            "silver": digests(silver),
        },
        classes=classes,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
