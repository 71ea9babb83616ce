"""The noun phrases and short clauses that can be what a stance is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from lunheng.documents import Document
from lunheng.opinion import PhraseCutter, WordClass, WordClasses

LONGEST = 16
_MARKS = '，,。！!？?；;：:“”「」『』‘’"()（）《》〈〉【】…—、·*/|~'
_THESE = "这那此该本"
_SORTED = "个种条位家类项款件"
_CLASSIFIERS = "个种条位家类项款件次张台部场份段句些波套点批辈群代只门轮起座辆颗"
_NUMERALS = "一二三四五六七八九十百千万亿两几半.%"
_UNITS = "个家条种件次点年月天位名项款句段张些群步"
_GRAMMAR = frozenset("是了不也都就还很太最更没和与对把被我你他她它这那在")
_PARTICLES = "的之地得了着过吗呢吧啊嘛呀"
_PRONOUNS = ("这样", "那样", "这么", "那么", "这里", "那里", "此外", "此时", "本来", "本身", "那时")
_ALSO_NOUNS = (
    "决定",
    "选择",
    "打算",
    "希望",
    "判断",
    "预测",
    "发现",
    "感觉",
    "说明",
    "证明",
    "要求",
    "准备",
    "答案",
    "结果",
    "原因",
)
_CLASSES: Mapping[WordClass, Iterable[str]] = {
    WordClass.MAY_BE_NOUN: _ALSO_NOUNS,
    WordClass.PARTICLE: [_PARTICLES[i:j] for i, j in combinations(range(len(_PARTICLES) + 1), 2)],
    WordClass.LOCATIVE: "上中下里内外前后时",
    WordClass.PLACE: "上中里内",
    WordClass.TOWARD: "去来",
    WordClass.COMPLEMENT: "出掉到完起住成给来去",
    WordClass.MEASURE: [
        *(_CLASSIFIERS + "桩"),
        *(a + b for a in ("", *"一两几") for b in _SORTED + "些"),
    ],
    WordClass.CLASSIFIER: _CLASSIFIERS,
    WordClass.PRONOUN: _PRONOUNS,
    WordClass.THESE: _THESE,
    WordClass.LINKS: "的之、",
    WordClass.OF: "的",
    WordClass.LISTS: "、",
    WordClass.MARK: _MARKS,
    WordClass.NUMERAL: _NUMERALS,
    WordClass.UNIT: _UNITS,
    WordClass.DETERMINES: "这那该此",
    WordClass.BEFORE_SORT: "这那一某",
    WordClass.SORT: "个种项份条次",
    WordClass.TRULY: "真",
}


class Phrase(NamedTuple):
    """A stretch of words that may be a target, and what it is made of.

    ``oblique`` when it stands behind a preposition.
    """

    start: int
    end: int
    nominal: bool
    verbal: bool
    oblique: bool


@dataclass(frozen=True, slots=True)
class PhraseWords:
    """The words that make and end phrases, for texts that were cut into words and others.

    ``stop`` holds words that no target begins, ends or is joined by; ``bare`` nouns that alone
    name nothing: 内部, 结论; ``says`` words that only introduce what follows: 觉得, 说.
    """

    stop: frozenset[str]
    says: frozenset[str]
    bare: frozenset[str]
    classes: WordClasses
    uncut: WordClasses

    @classmethod
    def of(cls, stop: frozenset[str], says: frozenset[str], bare: frozenset[str]) -> PhraseWords:
        """Make the tables of both."""
        return cls(stop, says, bare, _classes(stop, says), _classes(_long_or_grammar(stop), says))


class Phrases:
    """Cuts the clauses of one document into phrases."""

    def __init__(self, document: Document, folded: str, words: PhraseWords) -> None:
        self.folded = folded
        self.stop = words.stop
        self.bare = words.bare
        classes, tokens = words.classes, document.tokens
        if tokens is None:
            self.stop = _long_or_grammar(words.stop)
            classes = words.uncut
            tokens = np.array(_untokenized(folded, self.stop | words.says), np.int32).reshape(-1, 2)
        self._cutter = PhraseCutter(classes, folded, tokens, document.tags, LONGEST)

    def within(self, start: int, end: int) -> list[Phrase]:
        """Return the phrases between two places, in order.

        What stands before a verb of saying or thinking belongs to its subject and is left out, and
        so are nouns that alone name nothing.
        """
        return [
            Phrase._make(found)
            for found in self._cutter.within(start, end)
            if self.folded[found[0] : found[1]] not in self.bare
        ]

    def stops(self, start: int, end: int) -> bool:
        """Tell whether a stretch is one of the words that no target is made of."""
        return self.folded[start:end] in self.stop


def _classes(stop: frozenset[str], says: frozenset[str]) -> WordClasses:
    """Return what each word, and each character inside one, is good for."""
    bits: dict[str, int] = {}
    for kind, words in {WordClass.STOPS: stop, WordClass.SAYS: says, **_CLASSES}.items():
        for word in words:
            bits[word] = bits.get(word, 0) | kind
    return WordClasses(dict(sorted(bits.items())))


def _long_or_grammar(stop: frozenset[str]) -> frozenset[str]:
    """Return the words that are told from parts of other words without tokens."""
    return frozenset(w for w in stop if len(w) > 1 or w in _GRAMMAR)


def _untokenized(folded: str, stop: frozenset[str]) -> list[tuple[int, int]]:
    """Return the places of stop words, Latin words and single characters, where nobody cut."""
    words = sorted((w for w in stop if len(w) > 1), key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, words), r"[A-Za-z0-9]+", "."]), re.S)
    return [match.span() for match in pattern.finditer(folded)]
