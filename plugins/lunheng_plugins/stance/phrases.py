"""The noun phrases and short clauses that can be what a stance is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lunheng.documents import Document

LONGEST = 16
_MARKS = re.compile(r"[\s,，。！!？?；;：:“”「」『』‘’\"()（）《》〈〉【】…—、·*/|~]+")
_NOMINAL = frozenset(("NOUN", "PROPN", "X", "SYM"))
_PART_OF = _NOMINAL | {"NUM", "ADJ", "DET", "VERB"}
_THESE = re.compile(r"[这那此该本]")
_MEASURE = re.compile(
    r"[个种条位家类项款件次张台部场份段句些波套点批辈群代只门轮起桩座辆颗]|[一两几]?[个种条位家类项款件些]"
)
_CLASSIFIERS = frozenset("个种条位家类项款件次张台部场份段句些波套点批辈群代只门轮起座辆颗")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十百千万亿两几半\d.%]+[个家条种件次点年月天位名项款句段张些群步]?"
)
_GRAMMAR = frozenset("是了不也都就还很太最更没和与对把被我你他她它这那在")
_PARTICLES = "的之地得了着过吗呢吧啊嘛呀"
_LOCATIVES = frozenset("上中下里内外前后时")
_PRONOUNS = frozenset(
    ("这样", "那样", "这么", "那么", "这里", "那里", "此外", "此时", "本来", "本身", "那时")
)
_DETERMINER = re.compile(r"(?:[这那该此]|[这那一某][个种项份条次]|(?<!真)的)$")
_ALSO_NOUNS = frozenset(
    (
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
)
_PLACES = frozenset("上中里内")
_TOWARD = frozenset("去来")
_COMPLEMENTS = frozenset("出掉到完起住成给来去")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of words that may be a target, and what it is made of."""

    start: int
    end: int
    nominal: bool
    verbal: bool
    oblique: bool


class Word(NamedTuple):
    """A word of the text with its part of speech (Universal POS)."""

    start: int
    end: int
    text: str
    tag: str


class Phrases:
    """Cuts the clauses of one document into phrases.

    ``stop`` holds words that no target begins, ends or is joined by; ``says`` those that only
    introduce what follows: 觉得, 说.
    """

    def __init__(
        self, document: Document, folded: str, stop: frozenset[str], says: frozenset[str]
    ) -> None:
        self.folded = folded
        self.stop = stop if document.tokens is not None else _long_or_grammar(stop)
        self.says = says
        self._tags = document.tags
        if document.tokens is None:
            spans = _untokenized(folded, self.stop | says)
            self._starts, self._ends = [s for s, _ in spans], [e for _, e in spans]
        else:
            self._starts, self._ends = document.tokens.T.tolist()

    def within(self, start: int, end: int) -> list[Phrase]:
        """Return the phrases between two places, in order.

        What stands before a verb of saying or thinking belongs to its subject and is left out.
        """
        found: list[Phrase] = []
        run: list[Word] = []
        oblique = False
        for word in self.words(start, end):
            if word.text in self.says and not self._modifies(word) and not self._noun(word):
                found.clear()
                run.clear()
                oblique = False
            elif self._joins(word, run):
                run.append(word)
            else:
                found += self._closed(run, oblique)
                run.clear()
                oblique = word.tag == "ADP"
                if _THESE.match(word.text) and word.text not in _PRONOUNS:
                    run.append(word)
        found += self._closed(run, oblique)
        return found

    def stops(self, start: int, end: int) -> bool:
        """Tell whether a stretch is one of the words that no target is made of."""
        return self.folded[start:end] in self.stop

    def words(self, start: int, end: int) -> Iterator[Word]:
        """Yield the words that begin between two places."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        for number in range(low, high):
            at, stop = self._starts[number], self._ends[number]
            text = self.folded[at:stop]
            yield Word(at, stop, text, self._tags[number] if self._tags else _guess(text))

    def _modifies(self, word: Word) -> bool:
        """Tell whether a verb of saying stands before 的: what somebody said, not that they did."""
        return self.folded[word.end : word.end + 1] == "的"

    def _noun(self, word: Word) -> bool:
        """Tell whether a word that may be a verb is a noun where it stands: 这个判断."""
        before = self.folded[max(0, word.start - 3) : word.start]
        return word.end - word.start > 1 and _DETERMINER.search(before) is not None

    def _joins(self, word: Word, run: Sequence[Word]) -> bool:
        if word.text in ("的", "之", "、"):
            return bool(run)
        if word.text == " ":
            return bool(run) and run[-1].text.isascii()
        if _MARKS.fullmatch(word.text):
            return False
        if word.text in self.stop:
            return word.text in _ALSO_NOUNS and self._noun(word)
        prefix = word.tag == "PART" and word.text not in _PARTICLES
        return prefix or word.tag in _PART_OF

    def _closed(self, run: Sequence[Word], oblique: bool) -> Iterator[Phrase]:
        """Yield the phrase that a run of words makes, without words of grammar at its edges."""
        words = list(run)
        while words and (words[0].text in _PARTICLES or words[0].text == "、"):
            words.pop(0)
        counted = False
        while len(words) > 1 and (words[0].text in _TOWARD or _counts(words)):
            counted = counted or words[0].text not in _TOWARD
            words.pop(0)
            while words and words[0].text == "的":
                words.pop(0)
        while words and (words[-1].text in _PARTICLES or words[-1].text in _LOCATIVES):
            if words[-1].text in _PLACES:
                return
            words.pop()
        while len(words) > 1 and words[-1].text in _COMPLEMENTS:
            words.pop()
        while words and words[-1].text in ("、", " "):
            words.pop()
        if not words:
            return
        words = _shortened(words)
        start, end = words[0].start, words[-1].end
        content = [w for w in words if not _THESE.match(w.text) and not _MEASURE.fullmatch(w.text)]
        nominal = counted or any(w.tag in _NOMINAL for w in content)
        verbal = any(w.tag in ("VERB", "ADJ") for w in content)
        if (
            (nominal or verbal)
            and end - start >= 2
            and not _NUMBERED.fullmatch(self.folded, start, end)
        ):
            yield Phrase(start, end, nominal, verbal, oblique)


def _counts(words: Sequence[Word]) -> bool:
    """Tell whether words begin with a number and its measure word, or with one of them."""
    first, second = words[0], words[1]
    if _MEASURE.fullmatch(first.text):
        return True
    number = first.tag == "NUM" or bool(_NUMBERED.fullmatch(first.text))
    return number and (first.text[-1] in _CLASSIFIERS or bool(_MEASURE.fullmatch(second.text)))


def _shortened(words: list[Word]) -> list[Word]:
    """Return the head of a phrase that is too long: what follows its last 的 that leaves enough."""
    if words[-1].end - words[0].start <= LONGEST:
        return words
    for position in range(len(words) - 1, 0, -1):
        rest = words[position + 1 :]
        if words[position].text == "的" and rest and rest[-1].end - rest[0].start >= 2:
            return rest
    while len(words) > 1 and words[-1].end - words[0].start > LONGEST:
        words = words[1:]
    return words


def _guess(text: str) -> str:
    """Return a part of speech by a word's looks, for texts that were not tagged."""
    if _THESE.match(text):
        return "DET"
    return "NUM" if _NUMBERED.fullmatch(text) else "NOUN"


def _long_or_grammar(stop: frozenset[str]) -> frozenset[str]:
    """Return the words that are told from parts of other words without tokens."""
    return frozenset(w for w in stop if len(w) > 1 or w in _GRAMMAR)


def _untokenized(folded: str, stop: frozenset[str]) -> list[tuple[int, int]]:
    """Return the places of stop words, Latin words and single characters, where nobody cut."""
    words = sorted((w for w in stop if len(w) > 1), key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, words), r"[A-Za-z0-9]+", "."]), re.S)
    return [match.span() for match in pattern.finditer(folded)]
