"""The search for misdecoded text in plain Python: the same readings, one object each."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from lunheng.text import CharacterModel, fold, script_of
from lunheng.text.plausibility import UNKNOWN

SEPARATORS = "，！？；、。：,!?;:"
PINYIN = r"[a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-zü]{0,4}"
BRACKET = re.compile(rf"[(（]({PINYIN})[)）]")
ANCHOR = re.compile(rf"[?？](?:(?=[?？]?[{SEPARATORS}])|({PINYIN})[)）])")
OPENED = re.compile(rf"({PINYIN})[)）]")
INSERTED = re.compile(rf"{BRACKET.pattern}|,(?=[{SEPARATORS}])")
TAIL = re.compile(r"/?[a-z]{1,10}\d?\s{0,2}/?>")
MARKS = "，。！？；：、…—·～％“”‘’「」『』《》〈〉（）【】"
CLOSING = {"”": "“", "’": "‘", "」": "「", "』": "『", "》": "《", "）": "（"}
# ！ is A3 A1 and 。 A1 A3: what must stand before a separator's first byte to make the other's.
FIRST_HALVES = dict.fromkeys("。、", 0xA3) | dict.fromkeys("，！？；：,!?;:", 0xA1)
BEAM = 24
WILD = 16
LONGEST = 60
AHEAD = 8
# Costs in nats: a variant of the other script, half-width punctuation, a pair of bytes that was
# dropped, an ASCII character that was eaten without a trace, a bracket of unknown sound.
VARIANT, WIDTH, DROPPED, EATEN, UNHEARD = 2.0, 0.5, 3.0, 4.0, 3.0
FOREIGN = 6.0
# 想一想, 对不对: what repeats itself is likelier than its pairs say.
CLOSES = -2.0
# What the scraper tears apart most often is a full stop before a closing mark.
ENDS = 1.5
REPEATING, REPEATED = ("一", "不", "了"), 4.0
PRIVATE = (*range(0xAA, 0xB0), *range(0xF8, 0xFF), *range(0xA1, 0xA8))


@dataclass(frozen=True, slots=True)
class State:
    """A reading so far: where it is in the damaged text, and what it made of that.

    ``pending`` is the half character that awaits its other byte; None means any byte.
    """

    at: int
    pending: int | None
    text: str
    score: float
    done: bool = False


@dataclass(frozen=True, slots=True)
class Charset:
    """GBK's characters by their first and second byte, and the written variants of each."""

    by_lead: Mapping[int, str]
    by_trail: Mapping[int, str]
    variants: Mapping[str, str]
    simplified: frozenset[str]

    @classmethod
    def load(cls) -> Charset:
        """Lay out the characters of GBK and the variants that share a fold."""
        by_lead: defaultdict[int, str] = defaultdict(str)
        by_trail: defaultdict[int, str] = defaultdict(str)
        for lead in range(0x81, 0xFF):
            for trail in range(0x40, 0xFF):
                if (char := character(lead, trail)) and (is_han(char) or char in MARKS):
                    by_lead[lead] += char
                    by_trail[trail] += char
        variants: defaultdict[str, str] = defaultdict(str)
        for char in sorted(set("".join(by_lead.values()))):
            if (folded := fold(char)) != char and "\u3400" <= char <= "\u9fff":
                variants[char] += folded
                variants[folded] += char
        simplified = frozenset(
            char for char in "".join(by_lead.values()) if script_of(char) == "simplified"
        )
        return cls(dict(by_lead), dict(by_trail), dict(variants), simplified)

    def pairs(self, char: str) -> list[tuple[bytes, float]]:
        """Return the bytes that may have been read as ``char``, each with its cost."""
        if char.isascii():
            return [(chr(ord(char) + 0xFEE0).encode("gbk"), WIDTH)]
        forms = [(char, 0.0), *((form, VARIANT) for form in self.variants.get(char, ""))]
        coded = ((form.encode("gb18030", "ignore"), cost) for form, cost in forms)
        return [(data, cost) for data, cost in coded if len(data) == 2]


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one that GBK can write."""
    return "\u3400" <= char <= "\u9fff"


def character(lead: int, trail: int) -> str:
    """Return the character of two GBK bytes, or "" if they are none."""
    return bytes([lead, trail]).decode("gbk", "ignore") if trail >= 0x40 else ""


@dataclass(frozen=True, slots=True)
class Shift:
    """Reads one damaged text.

    ``sounds`` are the scraper's characters by their pinyin; ``pairs`` and ``singles`` count the
    text's own folded characters; ``drops``: the text has lost characters of the user's area;
    ``foreign`` characters are not of its script.
    """

    damaged: str
    model: CharacterModel
    charset: Charset
    sounds: Mapping[str, str]
    pairs: Mapping[str, int]
    singles: Mapping[str, int]
    drops: bool
    foreign: frozenset[str]

    @classmethod
    def over(cls, damaged: str, model: CharacterModel, charset: Charset) -> Shift:
        """Gather what the damaged text says about itself."""
        sounds: defaultdict[str, str] = defaultdict(str)
        for char, sound in sorted(set(_BEARER.findall(damaged))):
            sounds[sound] += char
        folded = fold(damaged)
        pairs = Counter(map("".join, pairwise(folded)))
        drops = not re.search("[\ue000-\uf8ff]", damaged)
        foreign = charset.simplified if script_of(damaged) == "traditional" else frozenset()
        return cls(damaged, model, charset, dict(sounds), pairs, Counter(folded), drops, foreign)

    def readings(self, anchor: re.Match[str], before: str) -> list[State]:
        """Return what the run that begins at a question mark may have been, best first.

        Args:
            anchor: a match of ``ANCHOR`` in the damaged text.
            before: the line up to there, repaired.
        """
        finished = self._search(anchor, before)
        reached = max((state.at for state in finished), default=0)
        finished = [self._look_ahead(state, reached) for state in finished]
        return sorted(finished, key=lambda state: -state.score)

    def _search(self, anchor: re.Match[str], before: str) -> list[State]:
        """Return the readings that came to an end, in no order."""
        begun = self._begin(anchor, before)
        finished = [state for state in begun if state.done]
        beam = [state for state in begun if not state.done]
        while beam:
            grown: dict[tuple[int, int | None, str, bool], State] = {}
            for old in beam:
                for state in self._grow(old, anchor.start(), before):
                    key = state.at, state.pending, state.text, state.done
                    if key not in grown or grown[key].score < state.score:
                        grown[key] = state
            states = sorted(grown.values(), key=lambda state: -state.score)
            finished += [state for state in states if state.done]
            beam = self._narrow([state for state in states if not state.done])
        return finished

    @staticmethod
    def _narrow(states: list[State]) -> list[State]:
        """Return the best states, a sixth of them at most with any byte pending."""
        kept: list[State] = []
        for state in states:
            open_ = sum(one.pending is None for one in kept)
            if len(kept) < BEAM and (state.pending is not None or open_ < BEAM // 6):
                kept.append(state)
        return kept

    def _begin(self, anchor: re.Match[str], before: str) -> list[State]:
        """Return the readings of the question mark itself."""
        if anchor[1] is None:
            fresh = State(anchor.start() + 1, None, "", 0.0)
            return [fresh, *self._torn_twice(fresh, before)]
        # The bracket stands within the character that the preceding and the lost byte made up.
        lead = before[-1:].encode("gb18030", "ignore")[1:]
        seconds = {
            data[1]
            for char in self.sounds.get(anchor[1], "")
            if (data := char.encode("gbk"))[:1] == lead
        }
        if seconds:
            return [State(anchor.end(), second, "", 0.0) for second in seconds]
        return [State(anchor.end(), None, "", -UNHEARD)] if lead else []

    def _torn_twice(self, fresh: State, before: str) -> Iterator[State]:
        """Yield the readings of two question marks: a character and half the separator after it.

        The character's second byte and the separator's first make another separator's pair.
        """
        end = fresh.at + 1
        separator = self.damaged[end : end + 1]
        if self.damaged[fresh.at] not in "?？" or separator not in FIRST_HALVES:
            return
        for step in self._complete(fresh, FIRST_HALVES[separator], before):
            if step.text not in SEPARATORS:
                yield replace(step, at=end, done=True)

    def _grow(self, state: State, anchor: int, before: str) -> Iterator[State]:
        """Yield every next step of a reading."""
        at, damaged = state.at, self.damaged
        char = damaged[at : at + 1]
        if not char or at - anchor > LONGEST:
            return
        if char == "," and damaged[at + 1 : at + 2] in tuple(SEPARATORS):
            yield replace(state, at=at + 1)
        if (char in "(（") and (bracket := BRACKET.match(damaged, at)):
            yield replace(state, at=bracket.end())
        elif char in "?？" and state.pending is not None:
            yield from self._end_at_question_mark(state, before)
        if "@" <= char <= "~" or char == "€":
            yield from self._end_at_letter(state, before)
        elif char > " " and char != "\x7f":
            for data, cost in self.charset.pairs(char):
                yield from self._shift(state, data, cost, before)
        if self.drops and state.pending is not None and char > ">":
            yield from self._dropped(state, before)

    def _shift(self, state: State, data: bytes, cost: float, before: str) -> Iterator[State]:
        """Yield the readings in which two bytes end one character and begin the next."""
        for step in self._complete(state, data[0], before):
            end, score = state.at + 1, step.score - cost
            yield replace(step, at=end, pending=data[1], score=score)
            if data[1] <= 0x7E:
                # The second byte was an ASCII character by itself.
                yield replace(step, at=end, text=step.text + chr(data[1]), score=score, done=True)

    def _complete(self, state: State, trail: int, before: str) -> Iterator[State]:
        """Yield the readings in which the pending byte and ``trail`` are one character."""
        if state.pending is None:
            chars = self.charset.by_trail.get(trail, "")
            yield from self._best(state, "".join(filter(self._known, chars)), before)
        else:
            char = character(state.pending, trail)
            if char and (is_han(char) or char in MARKS):
                yield from self._best(state, char, before)

    def _known(self, char: str) -> bool:
        """Whether the model or the text has the character."""
        return self.model.following("", char)[0] > UNKNOWN or fold(char) in self.singles

    def _best(self, state: State, chars: str, before: str) -> Iterator[State]:
        """Yield the likeliest of the characters as the next one."""
        if not chars:
            return
        last = state.text[-1:] or before[-1:]
        folded, scored = fold(last), []
        general = self.model.following(last, chars)
        for char, score in zip(chars, general, strict=True):
            if seen := self.pairs.get(folded + fold(char), 0):
                score = max(score, math.log(0.4 * seen / self.singles[folded]))
            if char in CLOSING:
                line = before + state.text
                opened = line.count(CLOSING[char]) > line.count(char)
                score = max(score + 2.0, CLOSES) if opened else score - 6.0
                score += ENDS if state.text == "。" else 0.0
            if char in self.foreign:
                score -= FOREIGN
            if last in REPEATING and char == state.text[-2:-1]:
                score += REPEATED
            scored.append((score, char))
        for score, char in sorted(scored, reverse=True)[:WILD]:
            yield replace(state, text=state.text + char, score=state.score + score)

    def _end_at_letter(self, state: State, before: str) -> Iterator[State]:
        """Yield the readings in which a single byte is the second half of a character."""
        char, end = self.damaged[state.at], state.at + 1
        bracket = BRACKET.match(self.damaged, end)
        trail = 0x80 if char == "€" else ord(char)
        for step in self._complete(state, trail, before):
            yield replace(step, at=bracket.end() if bracket else end, done=True)

    def _end_at_question_mark(self, state: State, before: str) -> Iterator[State]:
        """Yield the readings in which the question mark is a second half and an ASCII byte."""
        end, cost, lost = state.at + 1, 0.0, ""
        chars = self.charset.by_lead.get(state.pending or 0, "")
        after = self.damaged[end : end + 1]
        if tail := TAIL.match(self.damaged, end):
            end = tail.end()
            chars = "".join(char for char in chars if char in CLOSING) or chars
        elif sound := OPENED.match(self.damaged, end):
            end = sound.end()
            known = self.sounds.get(sound[1], "")
            chars = "".join(char for char in chars if char in known) or chars
        elif not after or after not in SEPARATORS:
            # At a line's end it was the first character of a tag whose rest was taken out.
            cost, lost = EATEN, "" if after in ("", "\n", "\r") else "\ufffd"
        for step in self._best(state, chars, before):
            text, score = step.text + lost, step.score - cost
            yield replace(step, at=end, text=text, done=True, score=score)
        # Byte 80 begins no character, so that it makes a question mark with the byte after it.
        for step in self._complete(state, 0x80, before):
            yield replace(step, at=state.at + 1, pending=None)

    def _dropped(self, state: State, before: str) -> Iterator[State]:
        """Yield the readings in which two bytes of the user's area were dropped on the way."""
        chars = "".join(character(state.pending or 0, lead) for lead in PRIVATE)
        for step in self._best(state, chars, before):
            yield replace(step, pending=None, score=step.score - DROPPED)

    def _look_ahead(self, state: State, reached: int) -> State:
        """Return the state with the score of what follows, as far as any reading reached."""
        ahead = INSERTED.sub("", self.damaged[state.at : reached + AHEAD])
        scores = self.model.scores(state.text[-1:] + ahead)[1:]
        return replace(state, score=state.score + float(scores.sum()))


_BEARER = re.compile(rf"([\u3400-\u9fff])[(（]({PINYIN})[)）]")
