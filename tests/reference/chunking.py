"""Phrases from words, their classes and tags in plain Python: the twin of native.chunking.

Bits are those of ``WordClass``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

STOPS, SAYS, MAY_BE_NOUN, PARTICLE, LOCATIVE, PLACE, TOWARD, COMPLEMENT = (1 << i for i in range(8))
MEASURE, CLASSIFIER, PRONOUN, THESE, LINKS, OF, LISTS, MARK = (1 << i for i in range(8, 16))
NUMERAL, UNIT, DETERMINES, BEFORE_SORT, SORT, TRULY = (1 << i for i in range(16, 22))

NOMINAL = frozenset(("NOUN", "PROPN", "X", "SYM"))
PART_OF = NOMINAL | {"NUM", "ADJ", "DET", "VERB"}

Found = tuple[int, int, bool, bool, bool]


class Word(NamedTuple):
    start: int
    end: int
    text: str
    tag: str


class PhraseCutter:
    def __init__(
        self,
        classes: Mapping[str, int],
        folded: str,
        words: Sequence[tuple[int, int]],
        tags: Sequence[str] | None,
        longest: int,
    ) -> None:
        self.classes, self.folded, self.longest = classes, folded, longest
        spans = [(start, end, folded[start:end]) for start, end in words]
        given = tags or [self.guess(text) for _, _, text in spans]
        self.all = [Word(*span, tag) for span, tag in zip(spans, given, strict=True)]

    def has(self, text: str, bits: int) -> bool:
        return bool(self.classes.get(text, 0) & bits)

    def guess(self, text: str) -> str:
        if self.has(text[:1], THESE):
            return "DET"
        return "NUM" if self.numbered(text) else "NOUN"

    def within(self, start: int, end: int) -> list[Found]:
        found: list[Found] = []
        run: list[Word] = []
        oblique = False
        for word in (w for w in self.all if start <= w.start < end):
            modifies = self.has(self.folded[word.end : word.end + 1], OF)
            if self.has(word.text, SAYS) and not modifies and not self.noun(word):
                found, run, oblique = [], [], False
            elif self.joins(word, run):
                run.append(word)
            else:
                found += self.closed(run, oblique)
                run = []
                oblique = word.tag == "ADP"
                if self.has(word.text[:1], THESE) and not self.has(word.text, PRONOUN):
                    run.append(word)
        return found + list(self.closed(run, oblique))

    def noun(self, word: Word) -> bool:
        before = self.folded[max(0, word.start - 3) : word.start]
        determined = self.determined(before) or (
            before.endswith("\n") and self.determined(before[:-1])
        )
        return word.end - word.start > 1 and determined

    def determined(self, before: str) -> bool:
        last, earlier = before[-1:], before[-2:-1]
        return (
            self.has(last, DETERMINES)
            or (self.has(last, SORT) and self.has(earlier, BEFORE_SORT))
            or (self.has(last, OF) and not self.has(earlier, TRULY))
        )

    def numbered(self, text: str) -> bool:
        rest = text[:-1] if len(text) > 1 and self.has(text[-1:], UNIT) else text
        return all(c.isdecimal() or self.has(c, NUMERAL) for c in rest) and rest != ""

    def joins(self, word: Word, run: Sequence[Word]) -> bool:
        if self.has(word.text, LINKS):
            return bool(run)
        if word.text == " ":
            return bool(run) and run[-1].text.isascii()
        if word.text and all(c.isspace() or self.has(c, MARK) for c in word.text):
            return False
        if self.has(word.text, STOPS):
            return self.has(word.text, MAY_BE_NOUN) and self.noun(word)
        prefix = word.tag == "PART" and not self.has(word.text, PARTICLE)
        return prefix or word.tag in PART_OF

    def closed(self, run: Sequence[Word], oblique: bool) -> Iterator[Found]:
        words = list(run)
        while words and self.has(words[0].text, PARTICLE | LISTS):
            words.pop(0)
        counted = False
        while len(words) > 1 and (self.has(words[0].text, TOWARD) or self.counts(words)):
            counted = counted or not self.has(words[0].text, TOWARD)
            words.pop(0)
            while words and self.has(words[0].text, OF):
                words.pop(0)
        while words and self.has(words[-1].text, PARTICLE | LOCATIVE):
            if self.has(words[-1].text, PLACE):
                return
            words.pop()
        while len(words) > 1 and self.has(words[-1].text, COMPLEMENT):
            words.pop()
        while words and (self.has(words[-1].text, LISTS) or words[-1].text == " "):
            words.pop()
        if not words:
            return
        words = self.shortened(words)
        start, end = words[0].start, words[-1].end
        content = [
            w for w in words if not self.has(w.text[:1], THESE) and not self.has(w.text, MEASURE)
        ]
        nominal = counted or any(w.tag in NOMINAL for w in content)
        verbal = any(w.tag in ("VERB", "ADJ") for w in content)
        if (nominal or verbal) and end - start >= 2 and not self.numbered(self.folded[start:end]):
            yield start, end, nominal, verbal, oblique

    def counts(self, words: Sequence[Word]) -> bool:
        first, second = words[0], words[1]
        if self.has(first.text, MEASURE):
            return True
        number = first.tag == "NUM" or self.numbered(first.text)
        return number and (self.has(first.text[-1:], CLASSIFIER) or self.has(second.text, MEASURE))

    def shortened(self, words: list[Word]) -> list[Word]:
        if words[-1].end - words[0].start <= self.longest:
            return words
        for position in range(len(words) - 1, 0, -1):
            rest = words[position + 1 :]
            if self.has(words[position].text, OF) and rest and rest[-1].end - rest[0].start >= 2:
                return rest
        while len(words) > 1 and words[-1].end - words[0].start > self.longest:
            words = words[1:]
        return words
