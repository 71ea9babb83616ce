"""Quotations: direct, indirect and headline speech, each with its holder and cue."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lunheng.documents import Block, Document, Quote
from lunheng.text import AnchoredPattern, PhraseMatcher
from lunheng_plugins.quotes.dialogue import DialogueModel, Name, Spoken
from lunheng_plugins.quotes.headlines import Headlines
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues
from lunheng_plugins.quotes.speakers import Holder, Subjects

_PAIRS = {"“": "”", "「": "」", "『": "』", "‘": "’", "〝": "〞"}
_CLOSERS = {close: opener for opener, close in _PAIRS.items()}
_MARK = re.compile(r"[“”「」『』‘’〝〞\"\n]")
_DASH = re.compile(r"\s*[—–―-]{1,3}\s*")
_SENTENCE_END = re.compile(r"[。！!？?\n]")
_REPORT_END = re.compile(r"[。！!？?\n；;]")
_SENTENCE_LIKE = re.compile(r"[。！？!?，,；;…]")
_ACCORDING = AnchoredPattern(
    r"(?:据|按照|按|依照|根据|用)(?P<who>[^，,。：:；;\n的]{2,16}?)(?:的)?(?P<cue>判断|预估|估计|预测|介绍|透露|分析|观察|说法|看法|思路|观点|话讲|话说|话来说|话|统计|报道)",
    [("据按用", ""), ("依", "照"), ("根", "据")],
)
_VIEW_CUES = ("看来", "眼里", "眼中", "的眼中", "的眼里", "的看法是", "的观点是", "的结论是")
_VIEW = re.compile(rf"在?(?P<who>[^，,。：:；;\n在]{{1,16}}?)(?P<cue>{'|'.join(_VIEW_CUES)})")
_VIEW_ENDS = PhraseMatcher(_VIEW_CUES)
_VIEW_REACH = 17
_TOLD = re.compile(r"[^，,。；;：:“「]{1,12}?(?=[，,：:])")
_LEADS_ON = re.compile(r"[：:]\s*[“「『‘\"]")
_SPEAKS_AGAIN = re.compile(
    r"[，,](?:所以|于是|那|但是?|可是?|不过|而)?(?:我们?(?=[就也很当不还个其举真坚反支同倒最更]"
    r"|觉得|认为|相信|想|说|感觉|今天|现在)|你们?(?=觉得|认为|怎么看|怎么想)|(?P<other>(?<=但|而|可|是|过)))"
)
_FAR_COMMA = re.compile(r"[^，,]{7}[，,]|[，,].*[，,]")
_SAYS = ("说", "道", "问", "答", "称", "喊", "叫", "写到", "：")
_LEAST_SENTENCE = 8
_LEAST_DIALOGUE = 2
_SHARE_OF_DIALOGUE = 0.09
_FARTHEST_CUE = 80
_LONGEST_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class _Marked:
    start: int
    end: int
    depth: int
    mark: str


def find_quotes(
    document: Document, cues: SpeechCues, labels: Labels, dialogue: DialogueModel
) -> list[Quote]:
    """Return quotations in ascending order of their start; nested ones are their own records.

    In a story, where most quotations stand alone, ``dialogue`` says who speaks them.
    """
    finder = _Finder(document, cues, labels)
    quotes = finder.quotes()
    return finder.dialogue(quotes, dialogue) if finder.is_story() else quotes


class _Finder:
    def __init__(self, document: Document, cues: SpeechCues, labels: Labels) -> None:
        self.document = document
        self.text = document.text
        self.cues = cues
        self.labels = labels
        self.subjects = Subjects(document, cues, labels)
        self.folded = self.subjects.folded
        self._blocks = document.blocks or (Block("paragraph", 0, len(self.text)),)
        self._block_starts = [b.start for b in self._blocks]
        self.headlines = Headlines(document, self._blocks, self.subjects, cues, labels)

    def quotes(self) -> list[Quote]:
        marked = self._marked()
        found: dict[tuple[int, int], Quote] = {}
        last: Holder | None = None
        for span in marked:
            if self._kind(span.start) in ("furniture", "caption"):
                continue
            quote = self._direct(span, last)
            if quote is not None:
                found[span.start, span.end] = quote
                if quote.holder and quote.holder_start is not None:
                    last = Holder(quote.holder, quote.holder_start, quote.holder_end or 0, "person")
        inside = [(s.start, s.end) for s in marked]
        self.headlines.name(found)
        for quote in (*self._indirect(inside), *self.headlines.all(), *self.headlines.handles()):
            around = (held for (s, e), held in found.items() if s <= quote.start and quote.end <= e)
            if not any(held.holder == quote.holder for held in around):
                found.setdefault((quote.start, quote.end), quote)
        return sorted(found.values(), key=lambda q: (q.start, -q.end))

    def is_story(self) -> bool:
        """Tell whether many lines are quotations: then people talk with one another."""
        if self.document.turns:
            return False
        lines = [line.lstrip() for line in self.text.split("\n") if line.strip()]
        opening = sum(line[0] in _PAIRS or line[0] == '"' for line in lines)
        return opening >= _LEAST_DIALOGUE and opening > _SHARE_OF_DIALOGUE * len(lines)

    def dialogue(self, quotes: list[Quote], model: DialogueModel) -> list[Quote]:
        """Return the quotes with the speakers that the model gives to the direct ones."""
        names = [
            Name(m.start, m.end, self.subjects.written(m))
            for m in self.subjects.mentions
            if m.type == "PERSON"
        ]
        outer: list[int] = []
        for number, quote in enumerate(quotes):
            inside = outer and quote.start < quotes[outer[-1]].end
            if quote.attribution == "direct" and not inside:
                outer.append(number)
        handles = {quote.start: quote.holder for quote in self.headlines.handles()}
        spoken = [
            Spoken(quotes[n].start, quotes[n].end, handles.get(quotes[n].start)) for n in outer
        ]
        found = dict(zip(outer, model.speakers(self.folded, names, spoken), strict=True))
        result = []
        for number, quote in enumerate(quotes):
            speaker = found.get(number)
            if speaker is not None and speaker != quote.holder:
                quote = replace(quote, holder=speaker, holder_start=None, holder_end=None)
            result.append(quote)
        return result

    def _marked(self) -> list[_Marked]:
        """Return what stands between quotation marks; a paragraph's end closes what is open."""
        spans: list[_Marked] = []
        stack: list[tuple[str, int]] = []
        for match in _MARK.finditer(self.text):
            mark, at = match[0], match.start()
            if mark == "\n":
                stack = []
            elif (mark == '"' and not (stack and stack[-1][0] == '"')) or mark in _PAIRS:
                stack.append((mark, at + 1))
            else:
                opener = _CLOSERS.get(mark, mark)
                while stack:
                    opened, start = stack.pop()
                    if opened == opener:
                        if at > start:
                            spans.append(_Marked(start, at, len(stack), opener))
                        break
        return sorted(spans, key=lambda s: (s.start, -s.end))

    def _direct(self, span: _Marked, last: Holder | None) -> Quote | None:
        words = self.text[span.start : span.end]
        sentence_like = len(words) >= _LEAST_SENTENCE or bool(_SENTENCE_LIKE.search(words))
        before = self._cue_before(span)
        if before is not None:
            holder, cue, certain = before
            if sentence_like or (certain and cue.endswith(_SAYS)):
                return self.subjects.quoted(span.start, span.end, holder, cue, "direct")
        if signed := self._signature(span):
            return self.subjects.quoted(span.start, span.end, *signed, "direct")
        if not sentence_like:
            return None
        after = self._cue_after(span)
        if after is not None:
            return self.subjects.quoted(span.start, span.end, *after, "direct")
        if self._alone(span):
            return self.subjects.quoted(
                span.start, span.end, self._going_on(span, last), span.mark, "direct"
            )
        if self.headlines.heads(self._blocks[0]) and span.end <= self._blocks[0].end:
            return self.subjects.quoted(span.start, span.end, None, span.mark, "headline")
        spoken = self.text[span.end - 1] in "。！？!?" or "我" in words
        if spoken and len(words) >= _LEAST_SENTENCE:
            holder = self._of_sentence(span)
            return self.subjects.quoted(span.start, span.end, holder, span.mark, "direct")
        return None

    def _cue_before(self, span: _Marked) -> tuple[Holder | None, str, bool] | None:
        """Return holder, cue and certainty when a verb of speech or a colon leads to the quote."""
        end = span.start - 1
        at = len(self.text[:end].rstrip())
        colon = at > 0 and self.text[at - 1] in "：:"
        comma = at > 0 and self.text[at - 1] in "，,"
        if colon or comma:
            at -= 1
        clause = self.subjects.clause_start(at)
        verb = self._last_verb(clause, at)
        if verb is not None and (colon or comma or at - verb.end() <= 6):
            return self._speaker(clause, verb.start()), verb[0], colon or at - verb.end() <= 2
        if match := _ACCORDING.pattern.search(self.folded, clause, at):
            return self._who(match), match["cue"], colon
        if colon and clause < at:
            return self._speaker(clause, at), "：", False
        if comma and span.depth == 0 and (earlier := self._going_on_from(clause)):
            return *earlier, False
        if comma and span.depth == 0 and (holder := self.subjects.leading(clause, at)):
            closing = self.text[span.end - 1] in "。！？!?" or self._sentence_ends(span.end + 1)
            if closing and span.end - span.start >= _LEAST_SENTENCE:
                return holder, span.mark, False
        return None

    def _going_on_from(self, clause: int) -> tuple[Holder | None, str] | None:
        """Return holder and cue of reported words that a quotation goes on from."""
        sentence = self.subjects.sentence_start(clause)
        verb = self._last_verb(sentence, clause)
        if verb is None or verb[0] in self.cues.direct_only:
            return None
        holder = self._speaker(self.subjects.clause_start(verb.start()), verb.start())
        return None if holder is None else (holder, verb[0])

    def _signature(self, span: _Marked) -> tuple[Holder, str] | None:
        """Return who signs a quotation after a dash, with a title or without."""
        dash = _DASH.match(self.text, span.end + 1)
        if dash is None:
            return None
        line = self.text.find("\n", dash.end())
        end = len(self.text) if line < 0 else line
        people = [m for m in self.subjects.within(dash.end(), end) if m.type == "PERSON"]
        if not people:
            signed = self.text[dash.end() : end].strip(" \t\u3000*_>")
            if not 2 <= len(signed) <= _LONGEST_SIGNATURE or _SENTENCE_LIKE.search(signed):
                return None
            return Holder(signed, dash.end(), dash.end() + len(signed), "group"), "——"
        name = self.subjects.written(people[0])
        return Holder(name, people[0].start, people[0].end, "person"), "——"

    def _cue_after(self, span: _Marked) -> tuple[Holder | None, str] | None:
        """Return holder and cue when somebody is said to speak directly after the quote."""
        start = span.end + 1
        while start < len(self.text) and self.text[start] in "，, —":
            start += 1
        stop = _REPORT_END.search(self.text, start)
        end = stop.start() if stop else len(self.text)
        clause_end = min(end, start + _FARTHEST_CUE)
        for match in self.cues.verb.finditer(self.folded, start, clause_end):
            if match[0] in self.cues.blocked:
                continue
            head = self.text[start : match.start()]
            if any(c in head for c in "：:“「『") or _FAR_COMMA.search(head):
                return None
            holder = self.subjects.before(match.start())
            if holder is None or holder.start < start:
                continue
            return (None if holder.kind == "self" else holder), match[0]
        return None

    def _last_verb(self, start: int, end: int) -> re.Match[str] | None:
        last = None
        for match in self.cues.verb.finditer(self.folded, start, end):
            if match[0] not in self.cues.blocked:
                last = match
        return last

    def _speaker(self, clause: int, verb: int) -> Holder | None:
        holder = self.subjects.before(verb)
        if holder is None and clause > 0 and self.text[clause - 1] in "，,":
            holder = self.subjects.before(clause)
        return holder

    def _who(self, match: re.Match[str]) -> Holder | None:
        start, end = match.span("who")
        for mention in self.subjects.within(start, end):
            return Holder(self.subjects.written(mention), mention.start, mention.end, "person")
        if pronoun := self.cues.pronoun.fullmatch(self.folded, start, end):
            return self.subjects.resolve(*pronoun.span())
        if self.cues.self_at_end.search(self.folded[start:end]):
            return Holder(self.text[start:end], start, end, "self")
        if group := self.cues.group_at_end.search(self.folded[start:end]):
            return Holder(self.text[start:end], start + group.start(), end, "group")
        return None

    def _alone(self, span: _Marked) -> bool:
        """Tell whether the quote fills its line."""
        start = self.text.rfind("\n", 0, span.start) + 1
        end = self.text.find("\n", span.end)
        end = len(self.text) if end < 0 else end
        around = self.text[start : span.start - 1] + self.text[span.end + 1 : end]
        return not around.strip(" \t\u3000。")

    def _going_on(self, span: _Marked, last: Holder | None) -> Holder | None:
        """Return the one whose speech a paragraph of quotation continues."""
        start = self.text.rfind("\n", 0, span.start) + 1
        named = self.subjects.resolve(start, start)
        if named is None:
            return last
        return Holder(named.name, start, start, "person")

    def _of_sentence(self, span: _Marked) -> Holder | None:
        start = self.subjects.sentence_start(span.start - 1)
        if found := self.subjects.leading(start, span.start - 1):
            return found
        line = self.text.rfind("\n", 0, span.start) + 1
        return self.subjects.resolve(max(start, line), start)

    def _indirect(self, marked: list[tuple[int, int]]) -> list[Quote]:
        """Return reported clauses: from the verb of speech to the end of its sentence."""
        found: list[Quote] = []
        taken = 0
        for start, end, number in self.cues.verbs.longest(self.folded).tolist():
            verb = self.cues.verbs.phrases[number]
            if verb in self.cues.blocked or not self._opens(verb, start, end):
                continue
            if start < taken or self._kind(start) in ("furniture", "caption"):
                continue
            words = self._reported(self._told(verb, end))
            if words is None:
                continue
            holder = self.subjects.before(start)
            if holder is None or holder.kind == "self":
                continue
            found.append(self.subjects.quoted(*words, holder, verb, "indirect"))
            taken = words[0]
        for match in (*_ACCORDING.finditer(self.folded), *_views(self.folded)):
            words = self._reported(match.end())
            holder = self._who(match)
            if words and holder and holder.kind != "self":
                found.append(self.subjects.quoted(*words, holder, match["cue"], "indirect"))
        return found

    def _told(self, verb: str, end: int) -> int:
        """Return where the words begin that a verb introduces: behind those they are told to."""
        told = _TOLD.match(self.folded, end) if verb == "告诉" else None
        return told.end() if told else end

    def _reported(self, at: int) -> tuple[int, int] | None:
        """Return the clause reported after a cue that ends at ``at``; None when quoted or empty."""
        start = at
        while start < len(self.text) and self.text[start] in "，,：: 了过着到是，":
            start += 1
        if start >= len(self.text) or self.text[start] in '“「『‘"\n。':
            return None
        stop = _REPORT_END.search(self.text, start)
        end = stop.start() if stop else len(self.text)
        if leads := _LEADS_ON.search(self.text, start, end):
            comma = max(self.text.rfind(mark, start, leads.start()) for mark in "，,")
            if comma < 0:
                return None
            end = comma
        end = self._spoken_again(start, end)
        return (start, end) if end - start >= 4 else None

    def _spoken_again(self, start: int, end: int) -> int:
        """Return where reported words end because who reports them, or another, goes on.

        他说应用没有价值，我就很生气: what a clause begins with me is mine again, unless the
        reported words spoke of themselves so before.
        """
        for match in _SPEAKS_AGAIN.finditer(self.folded, start, end):
            if match["other"] is None:
                if "我" not in self.folded[start : match.start()]:
                    return match.start()
            elif any(m.start == match.end() for m in self.subjects.within(match.end(), end)):
                return match.start()
        return end

    def _opens(self, verb: str, start: int, end: int) -> bool:
        """Tell whether a verb introduces words that no marks enclose.

        Some verbs do so only before a comma or colon, and right after the one who speaks:
        小戴则抱怨，四天要跑完五天的点.
        """
        if verb not in self.cues.direct_only:
            return True
        if verb == "称" and self.text[start - 1 : start] in ("，", ","):
            return True
        after = self._told(verb, end)
        if self.text[after : after + 1] not in ("，", ",", "：", ":"):
            return False
        return self.subjects.adjoins(start)

    def _sentence_ends(self, at: int) -> bool:
        return at >= len(self.text) or self.text[at] in "。！？!?\n"

    def _kind(self, at: int) -> str:
        position = bisect_right(self._block_starts, at) - 1
        return self._blocks[position].kind if position >= 0 else "paragraph"


def _views(folded: str) -> Iterator[re.Match[str]]:
    """Yield the matches of 在他看来 and the like, looked for before the words that end them."""
    reached = 0
    for cue in _VIEW_ENDS.find(folded)[:, 0].tolist():
        for start in range(max(reached, cue - _VIEW_REACH), cue):
            if match := _VIEW.match(folded, start):
                yield match
                reached = match.end()
                break
