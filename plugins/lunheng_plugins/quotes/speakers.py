"""Who speaks: the subject before or after a verb of speech, with pronouns resolved."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from lunheng.documents import Attribution, Document, Mention, Quote, Turn
from lunheng.text import PhraseMatcher, fold
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues
from lunheng_plugins.quotes.unlisted import unlisted

_BREAKS = PhraseMatcher('，,。；;：:！!？?\n“”「」『』"…—')
_SENTENCE_BREAKS = PhraseMatcher("。！!？?\n；;")
_PLACE_PHRASE = re.compile(
    r"(?:(?:在|于|从)[^，,。；;：:]{1,24}|接受[^，,。；;：:]{0,16}(?:采访|专访|访问|提问)时?|[赛会事今昨]后|上[周月]|说得[好对])$"
)
_BY = re.compile(r"被(?P<who>[^，,。；;：:的]{2,8}?)(?:笑|骂|批|质|指|视|看|称|评|嘲|误|叫|认)")
_PERSONAL = re.compile(r"[他她](?!们)")
_SPOKEN_TO = re.compile(
    r"(?:私下|当面|悄悄)?(?:跟|对|向|和|与|同|给)[^跟对向和与同给,，。；;：:]{1,10}$"
)
_TITLED = re.compile(
    r"(?P<family>[一-鿿]{1,2}?)(?:总|董|工|老师|教授|博士|先生|女士|小姐|院士|主任|校长|院长|导演|师傅|"
    r"医生|医师|律师|老板|经理|教练|生|姐|哥|sir|Sir)"
)
OWN = "我咱"
_LOOK_BACK = 600
_FEW = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """One who may speak: their name, where the text has it, and what they are."""

    name: str
    start: int
    end: int
    kind: Literal["person", "org", "group", "self"]


class Subjects:
    """Finds the subjects of one document's clauses."""

    def __init__(self, document: Document, cues: SpeechCues, labels: Labels) -> None:
        self.text = document.text
        self.folded = fold(document.text)
        self.cues = cues
        self.labels = labels
        self._turns = document.turns
        self._turn_starts = [t.start for t in document.turns]
        self._breaks = _BREAKS.find(self.text)[:, 0].tolist()
        self._sentence_breaks = _SENTENCE_BREAKS.find(self.text)[:, 0].tolist()
        spoken = [(t.label_start, t.label_end) for t in document.turns]
        titles = [(m.start, m.end) for m in document.mentions if m.type == "WORK"]
        apart = _Spans([*spoken, *titles])
        words = document.tokens
        self._edges = frozenset(words[:, 0].tolist() if words is not None else ())
        self._author = fold(byline(document))
        self.mentions: list[Mention] = [
            m
            for m in document.mentions
            if m.type in ("PERSON", "ORG") and not apart.hold(m.start, m.end)
        ]
        self._starts = [m.start for m in self.mentions]
        more = unlisted(document, self.folded, self.mentions, self._heads(), cues, labels)
        self.mentions = sorted([*self.mentions, *more], key=lambda m: m.start)
        self._starts = [m.start for m in self.mentions]
        self._written = _longest_forms(self.mentions)
        self._people = {
            self._written[m.name] for m in self.mentions if m.type == "PERSON" and len(m.text) > 1
        }

    def _heads(self) -> Iterator[tuple[int, str]]:
        """Yield the beginnings of clauses that a verb of speech ends, where nobody known does."""
        for at, end, number in self.cues.verbs.longest(self.folded).tolist():
            verb = self.cues.verbs.phrases[number]
            if verb in self.cues.blocked or (end - at < 2 and verb != "说"):
                continue
            start = self.clause_start(at)
            head = self._without_adverbs(start, at)
            if spoken_to := _SPOKEN_TO.search(head):
                head = self._without_adverbs(start, start + spoken_to.start())
            if head and not self._mention_ending(start + len(head)):
                yield start, head

    def clause_start(self, at: int) -> int:
        """Return where the clause that contains ``at`` begins."""
        return self._behind(self._breaks, at)

    def sentence_start(self, at: int) -> int:
        """Return where the sentence that contains ``at`` begins."""
        return self._behind(self._sentence_breaks, at)

    def _behind(self, breaks: Sequence[int], at: int) -> int:
        """Return the place behind the last break before ``at``, in the turn that has it."""
        turn = self.turn_at(at)
        number = bisect_left(breaks, at)
        start = breaks[number - 1] + 1 if number else 0
        return start if turn is None else max(turn.start, start)

    def turn_at(self, at: int) -> Turn | None:
        """Return the turn whose speech contains ``at``."""
        position = bisect_right(self._turn_starts, at) - 1
        if position >= 0 and at < self._turns[position].end:
            return self._turns[position]
        return None

    def quoted(
        self, start: int, end: int, holder: Holder | None, cue: str, attribution: Attribution
    ) -> Quote:
        """Return the record of words; what speakers of turns quote of themselves is theirs."""
        if holder is not None and holder.kind == "self" and holder.name[0] in OWN:
            turn = self.turn_at(holder.start)
            if turn is not None:
                holder = Holder(turn.speaker, holder.start, holder.end, "person")
        if holder is None or holder.kind == "self":
            return Quote("", None, None, cue, attribution, start, end)
        return Quote(holder.name, holder.start, holder.end, cue, attribution, start, end)

    def before(self, at: int) -> Holder | None:
        """Return the subject of the verb at ``at``: in its clause, else of the sentence so far."""
        clause = self.clause_start(at)
        found = self._in_clause(clause, at)
        if found is not None or self._says_something(clause, at):
            return found
        sentence = self.sentence_start(at)
        while clause > sentence:
            end = clause - 1
            clause = self.clause_start(end)
            if found := self.leading(clause, end):
                return found
        return None

    def adjoins(self, at: int) -> bool:
        """Tell whether somebody named, a pronoun or kin stands right before a verb at ``at``."""
        start = self.clause_start(at)
        head = self._without_adverbs(start, at)
        if (spoken_to := _SPOKEN_TO.search(head)) and spoken_to.start() > 0:
            head = self._without_adverbs(start, start + spoken_to.start())
        end = start + len(head)
        if self._mention_ending(end) or self.cues.kin_at_end.search(head):
            return True
        titled = self.cues.titled_at_end.search(head)
        return bool(
            self.cues.pronoun_at_end.search(head) or (titled and self._is_titled(start, titled))
        )

    def _says_something(self, start: int, end: int) -> bool:
        """Tell whether a clause's beginning is more than adverbs: then it has its own subject."""
        return bool(self._without_adverbs(start, end).strip())

    def _without_adverbs(self, start: int, end: int) -> str:
        head = self.folded[start:end].rstrip()
        while head and not self._mention_ending(start + len(head)):
            cut = self.cues.adverbs_at_end.search(head) or _PLACE_PHRASE.search(head)
            if cut is None or (cut.start() == 0 and cut.end() < 1):
                break
            head = head[: cut.start()].rstrip()
        return head

    def _in_clause(self, start: int, end: int) -> Holder | None:
        head = self._without_adverbs(start, end)
        if (spoken_to := _SPOKEN_TO.search(head)) and spoken_to.start() > 0:
            head = self._without_adverbs(start, start + spoken_to.start())
        end = start + len(head)
        if mention := self._mention_ending(end):
            return self._named(mention, start)
        if match := self.cues.kin_at_end.search(head):
            return Holder(
                self.text[start + match.start() : end], start + match.start(), end, "person"
            )
        if (match := self.cues.titled_at_end.search(head)) and self._is_titled(start, match):
            return Holder(
                self.text[start + match.start() : end], start + match.start(), end, "person"
            )
        if match := self._last_described(head):
            return self._described(start + match.start(), end, match["role"])
        if match := self.cues.self_at_end.search(head):
            return Holder(match[0], start + match.start(), end, "self")
        if match := self.cues.pronoun_at_end.search(head):
            return self.resolve(start + match.start(), end)
        if match := self.cues.group_at_end.search(head):
            return self._group(start + match.start(), end, start)
        return self.leading(start, end)

    def _named(self, mention: Mention, clause: int) -> Holder | None:
        before = self.folded[clause : mention.start]
        if before.endswith(self.cues.prepositions):
            return self.leading(clause, mention.start - 1)
        return self._as_holder(mention)

    def _as_holder(self, mention: Mention) -> Holder:
        kind: Literal["person", "org"] = "person" if mention.type == "PERSON" else "org"
        return Holder(self.written(mention), mention.start, mention.end, kind)

    def written(self, mention: Mention) -> str:
        """Return the fullest form in which the text writes a mention's name."""
        form = self._written.get(mention.name, mention.text)
        if mention.type == "PERSON" and (titled := _TITLED.fullmatch(fold(form))):
            full = [
                name
                for name in self._people
                if fold(name).startswith(titled["family"]) and not _TITLED.fullmatch(fold(name))
            ]
            if len(full) == 1:
                return full[0]
        return form

    def _group(self, start: int, end: int, clause: int) -> Holder | None:
        for mention in self.within(start, end):
            if mention.type == "PERSON":
                return self._named(mention, start)
        before = self.folded[clause:start]
        if before.endswith(self.cues.prepositions):
            return self.leading(clause, start)
        return self._head_of_group(start, end)

    def _head_of_group(self, start: int, end: int) -> Holder:
        """Return a group by its noun: 投资人 of 有投资人, but 很多人 whole."""
        match = self.cues.quantified.match(self.folded, start, end)
        if match and end - match.start("noun") > 1:
            start = match.start("noun")
        elif self.folded[start] == "有" and end - start > 2:
            start += 1
        return Holder(self.text[start:end], start, end, "group")

    def leading(self, start: int, end: int) -> Holder | None:
        """Return the subject with which a clause begins: a name, pronoun, group or oneself."""
        if (match := _BY.search(self.folded, start, end)) and (
            group := self.cues.group_at_end.search(match["who"])
        ):
            low = match.start("who") + group.start()
            return Holder(self.text[low : match.end("who")], low, match.end("who"), "group")
        best = self._first_name(start, end)
        opened = self.cues.opening.match(self.folded, start, end)
        opening = opened.end() if opened else start
        limit = best.start if best is not None else end
        if match := self.cues.kin.match(self.folded, opening, limit):
            return Holder(self.text[slice(*match.span())], *match.span(), "person")
        if match := self.cues.described.match(self.folded, opening, limit):
            return self._described(*match.span(), match["role"])
        if match := self.cues.pronoun.match(self.folded, opening, limit):
            return self.resolve(match.start(), match.end())
        if match := self.cues.self_.match(self.folded, opening, limit):
            return Holder(match[0], match.start(), match.end(), "self")
        if match := self.cues.group_at_start.match(self.folded, opening, limit):
            return self._head_of_group(opening, match.end())
        return best

    def _first_name(self, start: int, end: int) -> Holder | None:
        for mention in self.within(start, end):
            if self.folded[start : mention.start].endswith(self.cues.prepositions):
                continue
            if self._writes(fold(self.written(mention))):
                continue
            if mention.type == "ORG" and (
                mention.start - start > _FEW or self.text[mention.end : mention.end + 1] == "的"
            ):
                continue
            return self._as_holder(mention)
        return None

    def _writes(self, name: str) -> bool:
        """Tell whether a folded name is the author's, whom a byline names and nothing quotes."""
        return len(name) > 1 and name in self._author

    def within(self, start: int, end: int) -> Sequence[Mention]:
        """Return the mentions of persons and organisations inside a span."""
        low = bisect_left(self._starts, start)
        high = bisect_right(self._starts, end)
        return [m for m in self.mentions[low:high] if m.end <= end]

    def _mention_ending(self, end: int) -> Mention | None:
        position = bisect_left(self._starts, end) - 1
        if position >= 0 and self.mentions[position].end == end:
            return self.mentions[position]
        return None

    def resolve(self, start: int, end: int) -> Holder | None:
        """Return whom a pronoun at ``start:end`` stands for: the latest subject before it.

        A sentence that begins with the same kind of pronoun hands its own subject on. In a turn,
        he or she is neither the one who speaks nor the one spoken to.
        """
        scope, present = self._scope(start)
        low = max(scope, start - _LOOK_BACK)
        sentence = self.sentence_start(start)
        if earlier := self._third(sentence, start, present):
            return Holder(earlier.name, start, end, earlier.kind)
        while sentence > low:
            previous = max(self.sentence_start(sentence - 1), low)
            if found := self._third(previous, sentence, present):
                return Holder(found.name, start, end, found.kind)
            pronoun = _PERSONAL.match(self.folded, previous)
            if pronoun and previous > low:
                found = self.resolve(pronoun.start(), pronoun.end())
                return found and Holder(found.name, start, end, found.kind)
            sentence = previous
        return None

    def _is_titled(self, start: int, match: re.Match[str]) -> bool:
        """Tell whether a character before a title is a family name that begins a word."""
        family = match["family"]
        known = family in self.labels.surnames or family in self.labels.compound_surnames
        at = start + match.start()
        opened = self.cues.opening.match(self.folded, start, at)
        known = known and family not in self.cues.never_first
        return known and (at in self._edges or (opened is not None and opened.end() == at))

    def _last_described(self, head: str) -> re.Match[str] | None:
        """Return 这位教授 or the like where it ends a clause's beginning."""
        last = None
        for match in self.cues.described.finditer(head):
            last = match
        return last if last is not None and last.end() == len(head) else None

    def _described(self, start: int, end: int, role: str) -> Holder | None:
        """Return whom 这位教授 stands for: one of that role, else the latest person."""
        for mention in reversed(self.within(0, start)):
            if mention.type == "PERSON" and self.folded[: mention.start].endswith(role):
                return Holder(self.written(mention), start, end, "person")
        return self.resolve(start, end)

    def _third(self, start: int, end: int, present: frozenset[str]) -> Holder | None:
        """Return whom a stretch of text is about, subjects first, and none of those present."""
        if _PERSONAL.match(self.folded, start) and end - start > 1:
            return None
        other: Mention | None = None
        if match := self.cues.kin.search(self.folded, start, end):
            first = self._first_name(start, match.start())
            if first is None or first.kind != "person":
                return Holder(self.text[slice(*match.span())], *match.span(), "person")
        for mention in self.within(start, end):
            name = fold(self.written(mention))
            if mention.type != "PERSON" or name in present or self._writes(name):
                continue
            if not self.folded[start : mention.start].endswith(self.cues.prepositions):
                return self._as_holder(mention)
            other = other or mention
        if other is not None:
            return self._as_holder(other)
        if match := self.cues.one_of_group.search(self.folded, start, end):
            return Holder(self.text[match.start() : match.end()], *match.span(), "group")
        return None

    def _scope(self, at: int) -> tuple[int, frozenset[str]]:
        """Return where names for ``at`` are looked for from, and who is there to speak."""
        position = bisect_right(self._turn_starts, at) - 1
        if position < 0 or at >= self._turns[position].end:
            return 0, frozenset()
        near = self._turns[max(0, position - 1) : position + 2]
        return near[0].start, frozenset(fold(t.speaker) for t in near)


def byline(document: Document) -> str:
    """Return the author's name; empty when they are interviewed in what bears their name.

    Who tells of them there in the third person is somebody else.
    """
    name = document.author or ""
    spoken = (fold(turn.speaker) for turn in document.turns)
    return "" if any(speaker in fold(name) for speaker in spoken) else name


class _Spans:
    """Spans that may hold others: for each, by start, how far it and those before it reach."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def hold(self, start: int, end: int) -> bool:
        """Tell whether one of the spans has ``start:end`` inside."""
        number = bisect_right(self._starts, start)
        return number > 0 and self._reach[number - 1] >= end


def _longest_forms(mentions: Sequence[Mention]) -> dict[str, str]:
    """Return for each canonical name the form the text has: the name itself, or the longest."""
    forms: dict[str, str] = {}
    for mention in mentions:
        held = forms.get(mention.name, "")
        exact = fold(mention.text) == fold(mention.name)
        if fold(held) != fold(mention.name) and (exact or len(mention.text) > len(held)):
            forms[mention.name] = mention.text
    return forms
