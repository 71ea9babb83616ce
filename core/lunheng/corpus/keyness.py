"""Find the words that tell some documents from others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lunheng.corpus.measures import SIGNIFICANT, frequency_log_likelihood, log_ratio
from lunheng.corpus.words import WordTable
from lunheng.errors import UsageError

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class KeyWord:
    """A word over-represented in some documents.

    Attributes:
        word: the word, folded.
        count, reference: its occurrences in the documents and in those they are held against.
        per_million, reference_per_million: the same for a million words.
        documents: in how many of the documents it occurs.
        log_likelihood: G², how sure the difference is.
        log_ratio: how strong it is: 1 is twice as frequent, 2 four times.
    """

    word: str
    count: int
    reference: int
    per_million: float
    reference_per_million: float
    documents: int
    log_likelihood: float
    log_ratio: float


def keyness(
    table: WordTable,
    ids: NDArray[np.int64],
    reference: NDArray[np.int64] | None = None,
    *,
    least: int = 3,
    k: int = 50,
) -> list[KeyWord]:
    """Return the ``k`` key words of some documents against others, surest first.

    Words with G² above 6.63 (p < 0.01) that are more frequent in ``ids``. The order is that of
    Rayson and Garside (2000), the effect size that of Hardie (2014).

    Args:
        table: the words of all documents.
        ids: the documents whose key words are asked for.
        reference: what they are held against; ``None`` for all others of the table.
        least: occurrences at least.
        k: how many words.

    Raises:
        lunheng.errors.UsageError: one side has no word.
    """
    here = table.in_documents(ids)
    there = ~here if reference is None else table.in_documents(reference)
    size, other_size = int(here.sum()), int(there.sum())
    if not size or not other_size:
        side = "the documents have" if not size else "the reference has"
        raise UsageError(f"keyness needs words on both sides; {side} none")
    counts, others = table.counts(here), table.counts(there)
    sure = frequency_log_likelihood(counts, others, size, other_size)
    strong = log_ratio(counts, others, size, other_size)
    kept = np.flatnonzero((counts >= max(least, 1)) & (sure > SIGNIFICANT) & (strong > 0))
    kept = kept[np.lexsort((kept, -sure[kept]))][:k]
    documents = table.document_counts(here)
    return [
        KeyWord(
            table.words[i],
            int(counts[i]),
            int(others[i]),
            float(counts[i] * MILLION / size),
            float(others[i] * MILLION / other_size),
            int(documents[i]),
            float(sure[i]),
            float(strong[i]),
        )
        for i in kept.tolist()
    ]
