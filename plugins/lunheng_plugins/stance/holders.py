"""Who holds what is said at a place: the author, a turn's speaker, or somebody reported."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from lunheng.documents import Attribution, Document, HolderType, Quote
from lunheng.text import fold
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues
from lunheng_plugins.quotes.speakers import Subjects


@dataclass(frozen=True, slots=True)
class Held:
    """A holder, how we know, and who tells it."""

    name: str
    type: HolderType
    attribution: Attribution
    start: int | None = None
    end: int | None = None
    turn: int | None = None
    quote: int | None = None
    reporter: str | None = None


class Holders:
    """Resolves holders in one document."""

    def __init__(self, document: Document, cues: SpeechCues, labels: Labels) -> None:
        self.document = document
        self.subjects = Subjects(document, cues, labels)
        self._turn_starts = [turn.start for turn in document.turns]
        self._organisations = {m.text for m in document.mentions if m.type == "ORG"}
        self._people = {m.text for m in document.mentions if m.type == "PERSON"}
        self._people |= {turn.speaker for turn in document.turns}
        self._group = cues.group_at_end
        self._reach = max((q.end - q.start for q in document.quotes), default=0)
        self._quote_starts = [q.start for q in document.quotes]

    def at(self, start: int, end: int) -> Held | None:
        """Return the holder of ``start:end``; None when nobody knows whose words they are."""
        base = self._base(start)
        innermost = self._quote_around(start, end)
        if innermost is None:
            return base
        quote = self.document.quotes[innermost]
        if not quote.holder:
            return None
        reporter = base.name or None
        return Held(
            quote.holder,
            self.type_of(quote.holder),
            quote.attribution,
            quote.holder_start,
            quote.holder_end,
            base.turn,
            innermost,
            reporter,
        )

    def subject_of(self, verb: int, held: Held) -> Held | None:
        """Return who feels what the verb at ``verb`` says, when it is not who speaks.

        In 很多投资人看好应用 it is the investors, told by the author or speaker.
        """
        found = self.subjects.before(verb)
        if found is not None and found.kind == "self" and found.name[0] in "你您":
            return None
        if found is None or found.kind == "self" or fold(found.name) == fold(held.name):
            return held
        kind: HolderType = "group" if found.kind in ("self", "group") else found.kind
        reporter = held.name or None
        return Held(
            found.name, kind, "indirect", found.start, found.end, held.turn, held.quote, reporter
        )

    def type_of(self, name: str) -> HolderType:
        """Return whether a name is a person's, an organisation's or a group's."""
        if name in self._people:
            return "person"
        if name in self._organisations:
            return "org"
        match = self._group.search(fold(name))
        return "group" if match and match.end() == len(name) and len(name) <= 14 else "person"

    def _base(self, at: int) -> Held:
        position = bisect_right(self._turn_starts, at) - 1
        if position >= 0 and at < self.document.turns[position].end:
            turn = self.document.turns[position]
            held_type: HolderType = "org" if turn.speaker in self._organisations else "person"
            return Held(turn.speaker, held_type, "turn", turn.label_start, turn.label_end, position)
        return Held(self.document.author or "", "author", "author")

    def _quote_around(self, start: int, end: int) -> int | None:
        """Return the innermost quote over the middle of the span."""
        middle = (start + end) // 2
        position = bisect_right(self._quote_starts, middle) - 1
        best: int | None = None
        size = len(self.document.text) + 1
        while position >= 0 and self._quote_starts[position] >= middle - self._reach:
            quote: Quote = self.document.quotes[position]
            if quote.start <= middle < quote.end and quote.end - quote.start < size:
                best, size = position, quote.end - quote.start
            position -= 1
        return best
