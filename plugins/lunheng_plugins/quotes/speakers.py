"""Who speaks: the subject before or after a verb of speech, with pronouns resolved."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lunheng.documents import Document, Mention
from lunheng.text import fold
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues

_BREAK = re.compile(r"[，,。；;：:！!？?\n“”「」『』\"…—]")
_SENTENCE_BREAK = re.compile(r"[。！!？?\n；;]")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z.'\-]*(?: [A-Z][A-Za-z.'\-]*){0,2}$")
_PLACE_PHRASE = re.compile(r"(?:在|于|从)[^，,。；;：:]{1,24}$")
_TITLED = re.compile(
    r"[一-鿿]{1,2}(?:总|老师|教授|博士|先生|女士|院士|主任|校长|院长|导演|师傅|医生|老板)$"
)
_LOOK_BACK = 600


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
        self.mentions: Sequence[Mention] = [
            m for m in document.mentions if m.type in ("PERSON", "ORG")
        ]
        self._starts = [m.start for m in self.mentions]
        self._scopes = sorted(t.start for t in document.turns)
        self._turns = document.turns

    def clause_start(self, at: int) -> int:
        """Return where the clause that contains ``at`` begins."""
        start = at
        while start > 0 and not _BREAK.match(self.text, start - 1):
            start -= 1
        return start

    def sentence_start(self, at: int) -> int:
        """Return where the sentence that contains ``at`` begins."""
        start = at
        while start > 0 and not _SENTENCE_BREAK.match(self.text, start - 1):
            start -= 1
        return start

    def before(self, at: int) -> Holder | None:
        """Return the subject of the verb at ``at``: in its clause, else of the sentence so far."""
        clause = self.clause_start(at)
        found = self._in_clause(clause, at)
        if found is not None or self.folded[clause:at].strip():
            return found
        sentence = self.sentence_start(at)
        while clause > sentence:
            end = clause - 1
            clause = self.clause_start(end)
            if found := self.first_in(clause, end):
                return found
        return None

    def _in_clause(self, start: int, end: int) -> Holder | None:
        head = self.folded[start:end].rstrip()
        while True:
            cut = self.cues.adverbs_at_end.search(head) or _PLACE_PHRASE.search(head)
            if cut is None or cut.start() == 0:
                break
            if self._mention_ending(start + len(head)):
                break
            head = head[: cut.start()].rstrip()
        end = start + len(head)
        if mention := self._mention_ending(end):
            return self._named(mention, start)
        if match := self.cues.self_at_end.search(head):
            return Holder(match[0], start + match.start(), end, "self")
        if match := self.cues.pronoun_at_end.search(head):
            return self.resolve(start + match.start(), end)
        if match := self.cues.group_at_end.search(head):
            return self._group(start + match.start(), end)
        if self.labels.is_name(head) and len(head) >= 2:
            return Holder(self.text[start:end], start, end, "person")
        return self.first_in(start, end)

    def _named(self, mention: Mention, clause: int) -> Holder | None:
        before = self.folded[clause : mention.start]
        if before.endswith(self.cues.prepositions):
            return self.first_in(clause, mention.start - 1)
        kind: Literal["person", "org"] = "person" if mention.type == "PERSON" else "org"
        return Holder(mention.name or mention.text, mention.start, mention.end, kind)

    def _group(self, start: int, end: int) -> Holder | None:
        for clause_mention in self.within(start, end):
            if clause_mention.type == "PERSON":
                return self._named(clause_mention, start)
        if self.folded[:start].endswith(self.cues.prepositions):
            return None
        return Holder(self.text[start:end], start, end, "group")

    def first_in(self, start: int, end: int) -> Holder | None:
        """Return the first person, organisation, group or pronoun that can be the subject."""
        best: Holder | None = None
        for mention in self.within(start, end):
            if self.folded[start : mention.start].endswith(self.cues.prepositions):
                continue
            if self.text[mention.end : mention.end + 1] in ("的", "》") and mention.type == "ORG":
                continue
            holder = self._named(mention, start)
            if holder is not None and (holder.kind == "person" or mention.start - start <= 2):
                best = holder
                break
        head = self.folded[start:end]
        stripped = len(head) - len(head.lstrip())
        match = self.cues.pronoun.match(head, stripped)
        if match and (best is None or best.start > start + match.end()):
            return self.resolve(start + match.start(), start + match.end())
        return best

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
        """Return the person a pronoun at ``start`` stands for: the latest subject before it."""
        scope = self._scope_start(start)
        low = max(scope, start - _LOOK_BACK)
        sentence = self.sentence_start(start)
        fallback: Mention | None = None
        while sentence > low:
            previous = self.sentence_start(sentence - 1)
            for mention in self.within(max(previous, low), sentence):
                if mention.type != "PERSON":
                    continue
                if not self.folded[previous : mention.start].endswith(self.cues.prepositions):
                    return Holder(mention.name or mention.text, start, end, "person")
                fallback = fallback or mention
            sentence = previous
        if fallback is not None:
            return Holder(fallback.name or fallback.text, start, end, "person")
        return None

    def _scope_start(self, at: int) -> int:
        """Return where the turn around ``at`` begins, with the turn before it (it may name him)."""
        position = bisect_right(self._scopes, at) - 1
        if position < 0 or at >= self._turns[position].end:
            return 0
        return self._turns[max(0, position - 1)].start
