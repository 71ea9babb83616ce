"""Organisations by the suffixes of their names: place, core and suffix."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lunheng.text import AnchoredPattern, PhraseMatcher
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import OrganisationShapes
from lunheng_plugins.entities.words import Edges

FOUNDED = AnchoredPattern(
    "(?:成立|创立|创办|注册|诞生)(?:于|在|那年|之初)", [("成创注诞", "立办册生")]
)
APPOSED = AnchoredPattern(
    ",(?:是|这)?(?:一家|一间|[一二三四五六七八九十几百千\\d]+多?(?:个人|人)的)[^,。;!?\n]{0,12}?"
    "(?:公司|企业|小厂|大厂|机构|工厂|初创|厂商|平台|银行|媒体|律所|基金|工作室|店|医院|学校)",
    [(",", "是这一二三四五六七八九十几百千0123456789")],
)
HEADED = re.compile("[行院校所馆局董会社]长|总裁|员工|内部|方面")
LONGEST = 12
TAILS = ("集团", "公司", "股份", "周刊", "日报", "研究院")
NOT_FIRST = frozenset(
    "很更最太追逐求多少非无未已可应须必把被使让令叫请找做搞搭建造做买卖开关用学看读写按靠凭像若如虽因"
)
BEFORE_NAME = frozenset(",。!?;:—(「“\"'、 \n\t\u3000是为的与和由前叫在对到从给跟")


class OrganisationShape:
    """Finds organisations in folded text by how their names are built; immutable."""

    def __init__(
        self, shapes: OrganisationShapes, places: frozenset[str], common: frozenset[str]
    ) -> None:
        self._shapes = shapes
        self._places = places
        self._common = common
        tails = [suffix + tail for suffix in shapes.weak_suffixes for tail in ("", *TAILS)]
        self._tails = frozenset(tails)
        self._weak = PhraseMatcher(tails)
        suffixes = sorted(shapes.suffixes, key=lambda suffix: -len(suffix.partition("(")[0]))
        self._suffix = AnchoredPattern(
            "|".join(suffixes),
            [("".join({s[0] for s in suffixes}), "".join({s[1] for s in suffixes}))],
        )
        self._acts = re.compile("|".join(shapes.acts))
        introduced = "|".join(shapes.introduced)
        self._introduced = re.compile(f'(?:{introduced})[了的是]?[“"「]?\\Z')
        self._leads = PhraseMatcher(shapes.led)

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield names that end in an organisation's suffix."""
        text, folded, edges = reading.text, reading.folded, reading.edges
        for match in self._suffix.finditer(folded):
            place, end = match.span()
            whole = edges.flags[end] or HEADED.match(folded, end)
            start = self._start(folded, place, edges) if whole else place
            if place - start >= 2:
                yield Candidate(start, end, "ORG", name=text[start:end])
        longest = {place: end for place, end, _ in self._weak.find(folded).tolist()}
        for place, end in longest.items():
            start = place - 2
            if not edges.flags[end] or not self._is_firm(folded, start, place, end, edges):
                continue
            start = self._with_place(folded, start, edges)
            if self._stands_out(folded, start) or folded.count(folded[place - 2 : end]) > 1:
                yield Candidate(start, end, "ORG", name=text[start:end])
        yield from self._led(reading)
        yield from self._told(reading)

    def _led(self, reading: Reading) -> Iterator[Candidate]:
        """Yield what has a founder or a chief: ——葉穎彤,海旁數據創辦人."""
        folded, edges = reading.folded, reading.edges
        for end in self._leads.find(folded)[:, 0].tolist():
            end -= folded[end - 1 : end] == "的"
            start = self._begins(folded, end, edges)
            if end - start >= 3:
                yield Candidate(start, end, "ORG", name=reading.text[start:end], rank=5, score=0.3)

    def _told(self, reading: Reading) -> Iterator[Candidate]:
        """Yield what was founded, and what is said to be a firm: 星河纪元,一家六十人的小厂."""
        folded, edges = reading.folded, reading.edges
        for pattern in (FOUNDED, APPOSED):
            for match in pattern.finditer(folded):
                end = match.start()
                start = self._begins(folded, end, edges)
                if end - start >= 2 and folded[start:end] not in self._common:
                    yield Candidate(
                        start, end, "ORG", name=reading.text[start:end], rank=5, score=0.3
                    )

    def _begins(self, folded: str, end: int, edges: Edges) -> int:
        """Return where a name of up to eight characters begins that nothing else is; or its end."""
        start = end
        if not edges.flags[end]:
            return end
        while start > 0 and end - start < 8 and folded[start - 1] not in BEFORE_NAME:
            start = edges.word_before(start)
        if end - start > 8 or not self._unlike_words(folded, start, end, edges):
            return end
        return start

    def _unlike_words(self, folded: str, start: int, end: int, edges: Edges) -> bool:
        """Tell whether a span of Chinese holds no word that names do not hold."""
        at = start
        while at < end:
            after = edges.word_after(at)
            word = folded[at:after]
            if word in self._shapes.nameless or not self._may_belong(word):
                return False
            at = after
        return at == end

    def _is_firm(self, folded: str, start: int, place: int, end: int, edges: Edges) -> bool:
        """Tell whether a core before a weak suffix is a name's: no word, or it does as firms do."""
        if self.is_core(folded, start, place, edges) and folded[place:end] not in self._shapes.soft:
            return True
        core = folded[max(start, 0) : place]
        return (
            self._pure(folded, start, place, edges)
            and core not in self._shapes.nameless
            and bool(
                self._acts.match(folded, end)
                or self._introduced.search(folded, max(0, start - 5), start)
            )
        )

    def _pure(self, folded: str, start: int, end: int, edges: Edges) -> bool:
        """Tell whether two characters hold neither particles nor generic words nor places."""
        core = folded[max(start, 0) : end]
        return (
            len(core) == 2
            and bool(edges.flags[start])
            and core not in self._places
            and core not in self._shapes.generic
            and self._shapes.particles.isdisjoint(core)
            and core[0] not in NOT_FIRST
            and all("一" <= character <= "鿿" for character in core)
        )

    def _stands_out(self, folded: str, start: int) -> bool:
        """Tell whether a clause, a mark or a function word comes before a name."""
        before = folded[start - 1 : start]
        return not before.isalnum() or before in self._shapes.before

    def is_core(self, folded: str, start: int, end: int, edges: Edges) -> bool:
        """Tell whether two characters can be the core of a name: no words, no particles."""
        return (
            self._pure(folded, start, end, edges)
            and folded[start:end] not in self._common
            and folded[start - 1 : end - 1] not in self._common
        )

    def doubts(self, folded: str, start: int, end: int) -> bool:
        """Tell whether a guessed name is rather a verb or an ordinary noun with data or network."""
        surface = folded[start:end]
        tail = surface[2:]
        if tail in self._tails and surface[0] in NOT_FIRST:
            return True
        return tail in self._shapes.soft and self._acts.match(folded, end) is None

    def core(self, surface: str) -> str | None:
        """Return the two characters before the suffix of a name: 星河 of 星河科技."""
        core = surface[:2]
        named = self._shapes.generic.isdisjoint((core, surface)) and core not in self._places
        firm = surface[2:] in self._tails and named and core not in self._common
        return core if firm and not core.isascii() else None

    def _with_place(self, folded: str, start: int, edges: Edges) -> int:
        before = edges.word_before(start) if start else start
        return before if folded[before:start] in self._places else start

    def _start(self, folded: str, place: int, edges: Edges) -> int:
        """Return where the name begins whose suffix begins at ``place``; ``place``: nowhere.

        A name is one word of two characters or more, or up to three single characters, that
        is not generic, with a place before it; or a place alone.
        """
        start = at = place
        if not edges.flags[at]:
            start = at = edges.word_before(at)
            if not self._may_belong(folded[at:place]):
                return place
        singles = 0
        while at > 0 and place - at < LONGEST:
            at = edges.word_before(at)
            word = folded[at:start]
            if word in self._places:
                return at
            if not self._may_belong(word) or (len(word) == 2 and word in self._common):
                break
            singles += len(word) == 1
            if start != place and (len(word) > 1 or singles > 3 or place - start > singles):
                break
            start = at
        return start

    def _may_belong(self, word: str) -> bool:
        if word in self._shapes.generic or (len(word) == 1 and word in self._shapes.particles):
            return False
        return all("一" <= character <= "鿿" for character in word)
