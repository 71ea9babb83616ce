"""Headline speech, titles that quote, and lines that give words to a name in marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lunheng.documents import Block, Document, Quote
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues
from lunheng_plugins.quotes.speakers import Holder, Subjects

_HEADLINE = re.compile(
    r"^[《〈【\s]*(?P<who>[^：:\n，,。！？]{2,24})[：:](?P<words>[^\n》〉】]{4,})"
)
_INTERVIEWED = re.compile(r"(?:对话|专访|访谈|独家|对谈)[丨｜|·]?(?=.)")
_HANDLE = re.compile(
    r"^[>\s]*(?:[-*•]\s*)?(?P<role>[^\s“”「」：:]{0,6}?)[“「@](?P<who>[^“”「」：:\n]{2,14})[”」]?[：:]\s*"
    r"(?P<words>[^\n“「]{6,})",
    re.M,
)
_TITLE_SPEECH = re.compile(r"《(?P<who>[^：:\n，,。！？《》]{2,16})[：:](?P<words>[^\n》]{4,})》")
_LONGEST_TITLE = 48


class Headlines:
    """Finds what the headings, titles and named lines of one document quote."""

    def __init__(
        self,
        document: Document,
        blocks: Sequence[Block],
        subjects: Subjects,
        cues: SpeechCues,
        labels: Labels,
    ) -> None:
        self.text = document.text
        self.folded = subjects.folded
        self.subjects = subjects
        self.cues = cues
        self.labels = labels
        self._blocks = blocks
        self._turns = document.turns

    def all(self) -> list[Quote]:
        """Return what a heading or a title in 《》 gives as words of the one it names."""
        found = []
        for block in self._blocks:
            if self.heads(block) and (match := _HEADLINE.match(self.text[block.start : block.end])):
                found.append(self._headline(match, block.start))
        found.extend(self._headline(m, 0) for m in _TITLE_SPEECH.finditer(self.text))
        return [quote for quote in found if quote is not None]

    def heads(self, block: Block) -> bool:
        """Tell whether a block is a heading, or a first line short enough to be one."""
        first = block is self._blocks[0] and len(self._blocks) > 1
        return block.kind == "heading" or (first and block.end - block.start <= _LONGEST_TITLE)

    def name(self, found: dict[tuple[int, int], Quote]) -> None:
        """Make what the first heading quotes headline speech, of whom the text names for it."""
        first = self._blocks[0]
        if not self.heads(first):
            return
        for place, quote in list(found.items()):
            if not (first.start <= quote.start and quote.end <= first.end):
                continue
            words = self.folded[quote.start : quote.end].rstrip("。！？!?，,")
            again = [
                other
                for other in found.values()
                if other.start >= first.end
                and other.holder
                and words in self.folded[other.start : other.end]
            ]
            named = again[0] if again else self._named_in(first.start, first.end)
            turned = self._spoken_in_turn(words) if not again else None
            holder = named.holder if isinstance(named, Quote) else turned or named
            if not holder and quote.attribution == "headline":
                del found[place]
                continue
            found[place] = replace(
                quote, attribution="headline", holder=holder, holder_start=None, holder_end=None
            )

    def _named_in(self, start: int, end: int) -> str:
        people = [m for m in self.subjects.within(start, end) if m.type == "PERSON"]
        return self.subjects.written(people[-1]) if people else ""

    def _spoken_in_turn(self, words: str) -> str | None:
        """Return the speaker in whose turn the words stand."""
        for turn in self._turns:
            if words in self.folded[turn.start : turn.end]:
                return turn.speaker
        return None

    def handles(self) -> list[Quote]:
        """Return what lines give as the words of one who goes by a name in quotation marks."""
        matches = list(_HANDLE.finditer(self.text))
        found = []
        for match in matches:
            role = self.cues.role.fullmatch(self.folded, *match.span("role"))
            if len(matches) > 1 if not match["role"] else role:
                holder = Holder(match["who"], *match.span("who"), "person")
                found.append(self.subjects.quoted(*match.span("words"), holder, "：", "direct"))
        return found

    def _headline(self, match: re.Match[str], offset: int) -> Quote | None:
        start, end = match.start("who") + offset, match.end("who") + offset
        if opened := _INTERVIEWED.match(self.folded, start, end):
            start = opened.end()
        who = self.folded[start:end]
        people = [m for m in self.subjects.within(start, end) if m.type == "PERSON"]
        if people:
            holder = Holder(
                self.subjects.written(people[-1]), people[-1].start, people[-1].end, "person"
            )
        elif self.labels.is_name(who) or (len(self.subjects.within(start, end)) == 1):
            holder = Holder(self.text[start:end], start, end, "person")
        else:
            return None
        words = (match.start("words") + offset, match.end("words") + offset)
        return self.subjects.quoted(*words, holder, "：", "headline")
