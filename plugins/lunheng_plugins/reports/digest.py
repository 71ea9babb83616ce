"""Chooses the sentences that stand for an article: central, carrying positions and claims.

Centrality is LexRank (Erkan & Radev 2004) over character bigrams weighted by inverse sentence
frequency; what a sentence carries (stances, numbers) raises it; maximal marginal relevance
(Carbonell & Goldstein 1998) keeps the choice from saying one thing twice. Nothing is rewritten.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lunheng.documents import Span
from lunheng.text import fold
from lunheng_plugins.reports.articles import ArticleText
from lunheng_plugins.reports.characters import code_points, which
from lunheng_plugins.reports.model import Claim, Digest, DigestSentence, Evidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORTEST, LONGEST = 10, 160
DAMPING = 0.85
MOST_STEPS, SETTLED = 60, 1e-3
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
    weight = np.array(
        [
            r / rank.max() + 0.5 * math.log1p(load)
            for r, (load, _) in zip(rank, carried, strict=True)
        ]
    )
    size = 3 if len(article.text) < 3000 else 4 if len(article.text) < 8000 else 5
    chosen = sorted(choose(weight, similar, size))
    found = [_sentence(article, sentences[k], stances, carried[k][1], weight[k]) for k in chosen]
    return Digest(article.article.number, tuple(found))


def _sentence(
    article: ArticleText,
    sentence: Span,
    stances: Iterable[Evidence],
    reasons: tuple[str, ...],
    weight: float,
) -> DigestSentence:
    """Return a chosen sentence with its place and the one whose words it is."""
    line, locator = article.line_of(sentence.start, sentence.end)
    return DigestSentence(
        article=article.article.number,
        start=sentence.start,
        end=sentence.end,
        text=sentence.of(article.text).strip(),
        holder=_holder(article, sentence, stances),
        line=line,
        reasons=reasons,
        weight=round(float(weight), 3),
        locator=locator,
    )


def _holder(article: ArticleText, sentence: Span, stances: Iterable[Evidence]) -> str:
    """Return whose words a sentence is: its one holder by the evidence, else its voice."""
    holders = {s.holder for s in stances if s.counted and _touches(s, sentence)}
    return holders.pop() if len(holders) == 1 else article.voice(sentence.start, sentence.end)


def _touches(stance: Evidence, sentence: Span) -> bool:
    return stance.start < sentence.end and sentence.start < stance.end


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
    starts = [start for start, _ in body]
    inside = []
    for sentence in article.sentences:
        block = bisect_right(starts, sentence.start) - 1
        words = sentence.of(article.text).strip()
        if (
            block >= 0
            and sentence.end <= body[block][1]
            and SHORTEST <= len(words) <= LONGEST
            and not words.rstrip('”」』"').endswith(("?", "\uff1f"))
        ):
            inside.append(sentence)
    step = max(1, math.ceil(len(inside) / MOST_SENTENCES))
    return inside[::step]


def _carried(
    sentence: Span, stances: Iterable[Evidence], claims: Iterable[Claim]
) -> tuple[float, tuple[str, ...]]:
    """Return how much a sentence carries, and the kinds of its load."""
    held = [s for s in stances if s.counted and _touches(s, sentence)]
    figures = [c for c in claims if sentence.start <= c.start < sentence.end]
    load = sum(s.score * (1.5 if s.frame else 1.0) for s in held) + 0.4 * min(len(figures), 2)
    reasons = (*(["stance"] if held else []), *(["figure"] if figures else []))
    return load, reasons


def bigram_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return unit rows of character-bigram TF-IDF, folded over scripts: shape (texts, bigrams).

    Bigrams that occur in one text only liken it to none and have no column.
    """
    points = code_points(fold("\n".join(texts), case=True))
    letters = which(points, str.isalnum)
    heads = np.flatnonzero(letters[:-1] & letters[1:])
    grams = points[heads].astype(np.int64) << 21 | points[heads + 1]
    kinds, column = np.unique(grams, return_inverse=True)
    text_of = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])[heads]
    cells, counts = np.unique(text_of * len(kinds) + column, return_counts=True)
    row, column = np.divmod(cells, max(len(kinds), 1))
    frequency = np.bincount(column, minlength=len(kinds))
    shared = frequency > 1
    kept = shared[column]
    row, column, counts = row[kept], column[kept], counts[kept]
    vectors = np.zeros((len(texts), max(int(shared.sum()), 1)), dtype=np.float32)
    vectors[row, (np.cumsum(shared) - 1)[column]] = counts * np.log1p(
        len(texts) / frequency[column]
    )
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(norms > 0, norms, 1)
    return vectors


def lexrank(similar: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the stationary weights of sentences under cosine similarity, shape (n,)."""
    n = len(similar)
    links = np.where(similar > 0.05, similar, 0)
    np.fill_diagonal(links, 1)
    links = links / links.sum(axis=1, keepdims=True)
    rank = np.full(n, 1 / n, dtype=links.dtype)
    for _ in range(MOST_STEPS):
        before, rank = rank, (1 - DAMPING) / n + DAMPING * (links.T @ rank)
        if np.abs(rank - before).max() < SETTLED / n:
            break
    return rank


def choose(weight: NDArray[np.float64], similar: NDArray[np.float32], size: int) -> list[int]:
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
