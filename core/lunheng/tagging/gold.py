"""Annotated sentences as a tagger learns from them, and its scores on others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lunheng.tagging.columns import CharacterColumns, WordColumns
from lunheng.tagging.corpora import NamedSentence, TaggedSentence
from lunheng.tagging.evaluation import Span, Tally, by_type, score_spans
from lunheng.tagging.labels import encoded, span_labels
from lunheng.tagging.tagger import Tagger
from lunheng.tagging.training import LabelledSequences
from lunheng.tokenize import Tokenizer


def labels_of_words(sentences: Iterable[TaggedSentence]) -> tuple[str, ...]:
    """Return the labels that sentences need, sorted."""
    return tuple(sorted({label for sentence in sentences for label in sentence.labels}))


def labels_of_names(sentences: Iterable[NamedSentence]) -> tuple[str, ...]:
    """Return the labels of characters that the names of sentences need."""
    return span_labels({type_ for sentence in sentences for _, _, type_ in sentence.names})


def words_to_learn(
    sentences: Iterable[TaggedSentence], labels: Sequence[str], classes: Mapping[str, str]
) -> LabelledSequences:
    """Return the columns and labels of the words of sentences."""
    columns = WordColumns(classes)
    numbers = {label: number for number, label in enumerate(labels)}
    return LabelledSequences.joined(
        [
            (
                columns.of(sentence.text, sentence.spans()),
                np.array([numbers[label] for label in sentence.labels], np.uint8),
            )
            for sentence in sentences
        ]
    )


def names_to_learn(
    sentences: Iterable[NamedSentence],
    labels: Sequence[str],
    classes: Mapping[str, str],
    tokenizer: Tokenizer,
) -> LabelledSequences:
    """Return the columns and labels of the characters of sentences."""
    columns = CharacterColumns(classes)
    return LabelledSequences.joined(
        [
            (columns.of(text, tokenizer.spans(text)), encoded(len(text), sentence.names, labels))
            for sentence in sentences
            if (text := sentence.text)
        ]
    )


@dataclass(frozen=True, slots=True)
class WordScores:
    """Scores of parts of speech.

    Attributes:
        accuracy: share of the gold words that get the right label.
        raw: labelled words of raw text, cut by a tokenizer: right only where the cut is.
    """

    accuracy: float
    raw: Tally


def evaluate_words(
    tagger: Tagger, sentences: Sequence[TaggedSentence], tokenizer: Tokenizer
) -> WordScores:
    """Score the labels of gold words, and of the words that a tokenizer cuts."""

    def labelled(text: str, spans: NDArray[np.int32], labels: Iterable[str]) -> list[Span]:
        rows = zip(spans.tolist(), labels, strict=True)
        return [(start, end, label) for (start, end), label in rows]

    gold, given, raw = [], [], []
    for sentence in sentences:
        text, spans = sentence.text, sentence.spans()
        gold.append(labelled(text, spans, sentence.labels))
        given.append(labelled(text, spans, tagger.tags(text, spans)))
        own = tokenizer.spans(text)
        raw.append(labelled(text, own, tagger.tags(text, own)))
    return WordScores(score_spans(gold, given).f1, score_spans(gold, raw))


@dataclass(frozen=True, slots=True)
class NameScores:
    """Scores of names, exact in place and type: of all, and of each type."""

    every: Tally
    types: Mapping[str, Tally] = field(default_factory=dict)


def evaluate_names(
    tagger: Tagger, sentences: Sequence[NamedSentence], tokenizer: Tokenizer
) -> NameScores:
    """Score the names that a tagger finds in the texts of sentences."""
    gold = [sentence.names for sentence in sentences]
    found = [tagger.spans(s.text, tokenizer.spans(s.text)) for s in sentences]
    return NameScores(score_spans(gold, found), by_type(gold, found))
