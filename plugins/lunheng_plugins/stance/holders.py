"""Who holds what is said at a place: the author, a turn's speaker, or somebody reported."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from lunheng.documents import Attribution, Document, HolderType, Quote
from lunheng.text import fold
from lunheng_plugins.quotes.lexicon import Labels, SpeechCues
from lunheng_plugins.quotes.speakers import OWN, Holder, Subjects, byline

_CROWD = re.compile(
    r"(?:也|还|更)?(?:有的?|有些|一些|很多|许多|不少|多数|大多数|绝大多数|少数|部分|大部分|某些|所有|每个|越来越多的|更多|其他|别的|全国)*"
    r"(?:人|人们|人家|别人|大家|众人|他人|外界|人士|网络|社会|自己|谁)"
)
_HE_HERE = re.compile(
    r"(?:[,，。！!？?；;：:\n“]|^)(?:其实|而|但是?|所以|不过|结果|后来|最后|因为|可|而且)?[他她]们?[^,，。我你]{0,6}$"
)
_MAKES = re.compile(
    r"[让令使](?P<who>[^,，。让令使我]{1,12}?)(?:觉得|感到|感觉|感受到|最|很|更|十分|非常|真正|都|也|特别)*$"
)
_OWN_HOUSE = frozenset(
    ("公司", "我司", "本公司", "企业", "团队", "校方", "学校", "厂方", "院方", "店里", "平台")
)
_ACTOR = re.compile(
    r"(?:(?:^|(?<=[,，]))(?:于是|所以|因此|但是?|而且?|加上|还有|就连|连|甚至))?"
    r"(?P<who>[^,，。；;：:“”、的]{1,8}?(?:厂|厂商|公司|企业|银行|医院|协会|工会|平台|团队|部门|政府|当局|集团|媒体|车企|学校|大学|"
    r"研究所|俱乐部|球队|组委会|委员会|董事会|联盟|党|国家|店家|商家|方|巨头们|网友们?|者们?|专家们?|业内人士|媒体人|投资圈|资本圈|学界|业界))"
    r"(?:[则却也都仍还并不已曾很更最就总又先是]|普遍|一直|始终|明确|公开|开始|纷纷|先是|大多|多半|往往)*$"
)


class Held(NamedTuple):
    """A holder, how we know, and who tells it."""

    name: str
    type: HolderType
    attribution: Attribution
    start: int | None = None
    end: int | None = None
    turn: int | None = None
    quote: int | None = None
    reporter: str | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """Return that the holder is a crowd nobody could name, if it is: 很多人, 有人."""
        return ("unnamed",) if _CROWD.fullmatch(fold(self.name)) else ()


class Holders:
    """Resolves holders in one document."""

    def __init__(self, document: Document, cues: SpeechCues, labels: Labels) -> None:
        self.document = document
        self._cues, self._labels = cues, labels
        self._author = Held(byline(document), "author", "author")
        self._speakers: dict[int, Held] = {}
        self._subjects: Subjects | None = None
        self._turn_starts = [turn.start for turn in document.turns]
        self._organisations = {m.text for m in document.mentions if m.type == "ORG"}
        self._people = {m.text for m in document.mentions if m.type == "PERSON"}
        self._people |= {turn.speaker for turn in document.turns}
        self._group = cues.group_at_end
        self._reach = max((q.end - q.start for q in document.quotes), default=0)
        self._quote_starts = [q.start for q in document.quotes]

    @property
    def subjects(self) -> Subjects:
        """Return the document's subjects, read when first asked for."""
        if self._subjects is None:
            self._subjects = Subjects(self.document, self._cues, self._labels)
        return self._subjects

    def at(self, start: int, end: int) -> Held | None:
        """Return the holder of ``start:end``; None when nobody knows whose words they are."""
        base = self._base(start)
        innermost = self._quote_around(start, end) if self._quote_starts else None
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

        In 很多投资人看好应用 it is the investors, told by the author or speaker; in 我尊重他 it is
        who speaks, whoever the clause before is about.
        """
        if self.subjects.folded[verb] in OWN:
            return held
        found = self._made_to_feel(verb) or self.subjects.before(verb) or self._actor(verb)
        if found is None and _HE_HERE.search(self.subjects.folded, max(0, verb - 16), verb):
            return None
        if found is not None and found.kind == "self" and found.name[0] in "你您":
            return None
        if found is None or found.kind == "self" or fold(found.name) == fold(held.name):
            return held
        if held.quote is not None and fold(found.name) in _OWN_HOUSE:
            return held
        kind: HolderType = "group" if found.kind in ("self", "group") else found.kind
        reporter = held.name or None
        return Held(
            found.name, kind, "indirect", found.start, found.end, held.turn, held.quote, reporter
        )

    def _made_to_feel(self, verb: int) -> Holder | None:
        """Return who is named as made to feel something: 让林若海忍无可忍的是."""
        start = self.subjects.clause_start(verb)
        match = _MAKES.search(self.subjects.folded, start, verb)
        if match is None:
            return None
        low, high = match.span("who")
        for mention in self.subjects.within(low, high):
            name = self.subjects.written(mention)
            return Holder(
                name, mention.start, mention.end, "person" if mention.type == "PERSON" else "org"
            )
        if self.subjects.folded[low:high] in ("他", "她"):
            return self.subjects.resolve(low, high)
        return None

    def _actor(self, verb: int) -> Holder | None:
        """Return the organisation, of whatever name, that stands right before a verb."""
        start = self.subjects.clause_start(verb)
        match = _ACTOR.search(self.subjects.folded[start:verb])
        if match is None:
            return None
        low, high = start + match.start("who"), start + match.end("who")
        return Holder(self.document.text[low:high], low, high, "group")

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
        if position < 0 or at >= self.document.turns[position].end:
            return self._author
        if position not in self._speakers:
            turn = self.document.turns[position]
            kind: HolderType = "org" if turn.speaker in self._organisations else "person"
            self._speakers[position] = Held(
                turn.speaker, kind, "turn", turn.label_start, turn.label_end, position
            )
        return self._speakers[position]

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
