"""Finds the telling n-grams of each side: of an article, of a speaker, of a camp.

A camp also has collocates: what stands near the disputed target where its holders speak.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lunheng.corpus.function_words import function_words
from lunheng.text import fold
from lunheng.tokenize import Tokenizer
from lunheng_plugins.reports.articles import ArticleText
from lunheng_plugins.reports.keyness import WordGrams
from lunheng_plugins.reports.model import Evidence, Position, Terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHOWN = 12
MOST_SIDES = 40
LEAST_IN_TEXT, LEAST_IN_CAMP = 3, 2
DISPUTED = 3
NEAR = 12  # characters on either side of the target, about seven words

Spans = list[tuple[int, int, int]]


def telling_terms(
    articles: Sequence[ArticleText],
    evidence: Sequence[Evidence],
    positions: Sequence[Position],
) -> tuple[Terms, ...]:
    """Return the telling n-grams of articles, speakers and camps; reposts are left out.

    Articles and speakers are held against all other text, a camp against the opposite camp.
    """
    kept = [a for a in articles if a.article.repost_of is None]
    speech = [a.speech for a in kept]
    grams = WordGrams.of(speech, Tokenizer().spans, function_words())
    found: list[Terms] = []
    if len(kept) > 1:
        for place, article in enumerate(kept[:MOST_SIDES]):
            terms = grams.key_terms(grams.of_text(place), None, SHOWN, LEAST_IN_TEXT)
            found.append(Terms("article", str(article.article.number), terms))
    for speaker, spans in _speech(kept):
        terms = grams.key_terms(_rows(grams, spans), None, SHOWN, LEAST_IN_TEXT)
        found.append(Terms("speaker", speaker, terms))
    folded = [fold(text, case=True) for text in speech]
    for target, favor, against in _camps(kept, evidence, positions):
        ours, theirs = _rows(grams, favor), _rows(grams, against)
        for kind, own, rest in (("favor", ours, theirs), ("against", theirs, ours)):
            terms = grams.key_terms(own, np.setdiff1d(rest, own, True), SHOWN, LEAST_IN_CAMP)
            found.append(Terms(kind, target, terms))
        for kind, near in _near(kept, folded, positions, target).items():
            terms = grams.key_terms(_rows(grams, near), None, SHOWN, LEAST_IN_CAMP)
            found.append(Terms(f"near_{kind}", target, terms))
    return tuple(side for side in found if side.terms)


def _rows(grams: WordGrams, spans: Spans) -> NDArray[np.intp]:
    """Return the rows of the n-grams that lie in (text, start, end) spans, ascending."""
    by_text: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for text, start, end in spans:
        by_text[text].append((start, end))
    rows = [grams.inside(text, by_text[text]) for text in sorted(by_text)]
    return np.concatenate([np.empty(0, np.intp), *rows])


def _speech(articles: Sequence[ArticleText]) -> Iterator[tuple[str, Spans]]:
    """Yield each speaker with the spans of turns and quotations, the most talkative first."""
    found: dict[str, Spans] = defaultdict(list)
    size: Counter[str] = Counter()
    for place, article in enumerate(articles):
        for start, end, name in article.voices:
            found[name].append((place, start, end))
            size[name] += end - start
    for name, _ in size.most_common(MOST_SIDES):
        yield name, found[name]


def _camps(
    articles: Sequence[ArticleText], evidence: Iterable[Evidence], positions: Iterable[Position]
) -> Iterator[tuple[str, Spans, Spans]]:
    """Yield each disputed target with the sentences for it and those against it."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for p in positions:
        tally[p.target].update(favor=p.favor, against=p.against)
    disputed = [t for t, c in tally.items() if min(c["favor"], c["against"]) >= DISPUTED]
    disputed.sort(key=lambda t: -min(tally[t]["favor"], tally[t]["against"]))
    place = {a.article.number: k for k, a in enumerate(articles)}
    spans: dict[tuple[str, str], Spans] = defaultdict(list)
    for e in evidence:
        if e.counted and e.article in place:
            spans[e.target, e.polarity].append((place[e.article], e.context_start, e.context_end))
    for target in disputed[:MOST_SIDES]:
        yield target, spans[target, "favor"], spans[target, "against"]


def _near(
    articles: Sequence[ArticleText],
    folded: Iterable[str],
    positions: Iterable[Position],
    target: str,
) -> dict[str, Spans]:
    """Return for each camp the surroundings of the target in its holders' words.

    ``folded`` is the speech of the articles, folded over scripts and case.
    """
    taken = [p for p in positions if p.target == target and p.net]
    sides = {p.holder: "favor" if p.net > 0 else "against" for p in taken}
    needle = fold(target, case=True)
    found: dict[str, Spans] = {"favor": [], "against": []}
    for place, (article, text) in enumerate(zip(articles, folded, strict=True)):
        at = text.find(needle)
        while at >= 0:
            end = at + len(needle)
            if (side := sides.get(article.voice(at, end))) is not None:
                around = article.context(at, end)
                found[side].append((place, max(around.start, at - NEAR), at))
                found[side].append((place, end, min(around.end, end + NEAR)))
            at = text.find(needle, end)
    return found
