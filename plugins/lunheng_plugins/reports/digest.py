"""Chooses the sentences that stand for an article: central, carrying positions and claims.

Centrality is LexRank (Erkan & Radev 2004) over character bigrams weighted by inverse sentence
frequency; what a sentence carries (stances, numbers) raises it; maximal marginal relevance
(Carbonell & Goldstein 1998) keeps the choice from saying one thing twice. Nothing is rewritten.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lunheng.documents import Span
from lunheng.text import fold
from lunheng_plugins.reports.articles import ArticleText
from lunheng_plugins.reports.model import Claim, Digest, DigestSentence, Evidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORTEST, LONGEST = 10, 160
DAMPING = 0.85
MOST_SENTENCES = 600
NOVELTY = 0.5


def digest_articles(
    articles: Sequence[ArticleText], evidence: Iterable[Evidence], claims: Iterable[Claim]
) -> tuple[Digest, ...]:
    """Return a digest of three to five sentences of each article, and first one of them all."""
    stances: dict[int, list[Evidence]] = defaultdict(list)
    for item in evidence:
        stances[item.article].append(item)
    numbers: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        numbers[claim.article].append(claim)
    digests = []
    for article in articles:
        number = article.article.number
        if article.article.repost_of is None:
            digests.append(_digest(article, stances[number], numbers[number]))
    digests = [d for d in digests if d.sentences]
    if len(digests) < 2:
        return tuple(digests)
    return (_whole(digests), *digests)


def _digest(article: ArticleText, stances: list[Evidence], claims: list[Claim]) -> Digest:
    sentences = _candidates(article)
    if not sentences:
        return Digest(article.article.number, ())
    texts = [s.of(article.text) for s in sentences]
    vectors = bigram_vectors(texts)
    similar = vectors @ vectors.T
    rank = lexrank(similar)
    carried = [_carried(s, stances, claims) for s in sentences]
    voices = [article.voice(s.start, s.end) for s in sentences]
    weight = np.array(
        [
            r / rank.max() + 0.5 * math.log1p(load)
            for r, (load, _) in zip(rank, carried, strict=True)
        ]
    )
    size = 3 if len(article.text) < 3000 else 4 if len(article.text) < 8000 else 5
    chosen = sorted(choose(weight, similar, size))
    return Digest(
        article.article.number,
        tuple(
            DigestSentence(
                article=article.article.number,
                start=sentences[k].start,
                end=sentences[k].end,
                text=texts[k].strip(),
                holder=voices[k],
                line=article.line_of(sentences[k].start, sentences[k].end),
                reasons=carried[k][1],
                weight=round(float(weight[k]), 3),
            )
            for k in chosen
        ),
    )


def _whole(digests: Sequence[Digest]) -> Digest:
    """Choose among the articles' own choices, at most two of one article."""
    pool = sorted((s for d in digests for s in d.sentences), key=lambda s: -s.weight)[:200]
    vectors = bigram_vectors([s.text for s in pool])
    order = choose(np.array([s.weight for s in pool]), vectors @ vectors.T, len(pool))
    taken: list[DigestSentence] = []
    per_article: Counter[int] = Counter()
    for k in order:
        if per_article[pool[k].article] < (1 if len(digests) >= 5 else 2):
            per_article[pool[k].article] += 1
            taken.append(pool[k])
        if len(taken) == 5:
            break
    return Digest(0, tuple(sorted(taken, key=lambda s: (s.article, s.start))))


def _candidates(article: ArticleText) -> list[Span]:
    """Return the statements of the running text that are neither scraps nor endless."""
    body = [(s, e) for kind, s, e in article.blocks if kind in ("paragraph", "list_item")]
    inside = [
        s
        for s in article.sentences
        if any(start <= s.start and s.end <= end for start, end in body)
        and SHORTEST <= len(s.of(article.text).strip()) <= LONGEST
        and not s.of(article.text).rstrip('”」』" \n').endswith(("?", "\uff1f"))
    ]
    step = max(1, math.ceil(len(inside) / MOST_SENTENCES))
    return inside[::step]


def _carried(
    sentence: Span, stances: Iterable[Evidence], claims: Iterable[Claim]
) -> tuple[float, tuple[str, ...]]:
    """Return how much a sentence carries, and the kinds of its load."""
    held = [s for s in stances if s.counted and s.start < sentence.end and sentence.start < s.end]
    figures = [c for c in claims if sentence.start <= c.start < sentence.end]
    load = sum(s.score * (1.5 if s.frame else 1.0) for s in held) + 0.4 * min(len(figures), 2)
    reasons = (*(["stance"] if held else []), *(["figure"] if figures else []))
    return load, reasons


def bigram_vectors(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return unit rows of character-bigram TF-IDF, folded over scripts: shape (texts, bigrams)."""
    tallies = []
    for text in texts:
        letters = "".join(c if c.isalnum() else " " for c in fold(text, case=True))
        tallies.append(Counter(a + b for a, b in pairwise(letters) if " " not in (a, b)))
    frequency = Counter(gram for tally in tallies for gram in tally)
    column = {gram: k for k, gram in enumerate(g for g, n in frequency.items() if n > 1)}
    rows = np.zeros((len(texts), max(len(column), 1)))
    for row, tally in zip(rows, tallies, strict=True):
        for gram, count in tally.items():
            if (k := column.get(gram)) is not None:
                row[k] = count * math.log(1 + len(texts) / frequency[gram])
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms > 0, norms, 1)


def lexrank(similar: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the stationary weights of sentences under cosine similarity, shape (n,)."""
    n = len(similar)
    links = np.where(similar > 0.05, similar, 0)
    np.fill_diagonal(links, 1)
    links = links / links.sum(axis=1, keepdims=True)
    rank = np.full(n, 1 / n)
    for _ in range(60):
        rank = (1 - DAMPING) / n + DAMPING * (links.T @ rank)
    return rank


def choose(weight: NDArray[np.float64], similar: NDArray[np.float64], size: int) -> list[int]:
    """Return up to ``size`` rows, heavy and unlike each other, in the order they were taken."""
    taken: list[int] = []
    score = weight.astype(np.float64).copy()
    while len(taken) < min(size, len(weight)):
        best = int(np.argmax(score))
        if score[best] == -np.inf:
            break
        taken.append(best)
        score = weight * (1 - NOVELTY * similar[:, taken].max(axis=1))
        score[(similar[:, taken] > 0.8).any(axis=1)] = -np.inf
        score[taken] = -np.inf
    return taken
