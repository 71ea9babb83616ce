"""Person names by their shape and company: titles, labels of turns, foreign names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lunheng.documents import Turn
from lunheng.text import AnchoredPattern, PhraseMatcher, fold
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import NOT_IN_NAMES, OrganisationShapes, PersonShapes

INTERPUNCTS = "·•・‧∙"
LONGEST_LABEL = 14
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FAMILIAR = AnchoredPattern(r"阿[A-Z][a-z]+(?![A-Za-z])", [("阿", UPPER)])
LATIN = AnchoredPattern(
    r"(?<![A-Za-z0-9@./-])[A-Z][a-z]+(?: [A-Z]\.)?(?: (?:van|von|de|der|la))*"
    r"(?: [A-Z][A-Za-z'’-]+){1,2}(?![A-Za-z0-9])",
    [(UPPER, UPPER.lower())],
)
NOT_SURNAMES = frozenset(
    ["ai", "labs", "lab", "inc", "capital", "ventures", "group", "university", "pro", "plus", "max"]
)
NOBODY = frozenset(["问", "答", "q", "a", "记者", "主持人", "主播", "采访者", "受访者", "编者"])
AFTER_NAME = frozenset("一也和说是的在都就跟同与来去还则又,。、:")
GOES_ON = frozenset("统理裁监程经体得归该")


def _asking(text: str, turns: Sequence[Turn]) -> frozenset[str]:
    """Return the speakers most of whose turns end in a question mark."""
    ends = Counter((t.speaker, text[t.start : t.end].rstrip()[-1:] in "?？") for t in turns)
    return frozenset(
        speaker for speaker, asks in ends if asks and ends[speaker, True] > ends[speaker, False]
    )


class PersonShape:
    """Finds persons in folded text by how their names are built; immutable."""

    def __init__(
        self, shapes: PersonShapes, organisations: OrganisationShapes, common: frozenset[str]
    ) -> None:
        self.shapes = shapes
        self.words = common.union(shapes.speech, shapes.roles, shapes.titles)
        surname = f"(?:{'|'.join(shapes.compound_surnames)}|[{shapes.surnames}])"
        known = f"(?:{'|'.join(shapes.compound_surnames)}|[{shapes.common_surnames}])"
        titles = "|".join(sorted(shapes.titles, key=len, reverse=True))
        foreign = f"[{shapes.transliteration}]"
        long_titles = "|".join(title for title in titles.split("|") if len(title) > 1)
        self._titled = re.compile(
            f"(?P<surname>{known})(?:{titles})|(?P<rare>{surname})(?:{long_titles})"
        )
        self._titles = PhraseMatcher([*shapes.titles, "生"])
        self._old = AnchoredPattern(
            f"[老小](?P<surname>[{shapes.common_surnames}])", [("老小", shapes.common_surnames)]
        )
        self._foreign = re.compile(rf"{foreign}{{1,7}}(?:[{INTERPUNCTS}]{foreign}{{1,8}}){{1,3}}")
        self._label = re.compile(
            rf"{surname}[一-鿿]{{1,2}}|{foreign}{{2,6}}(?:·{foreign}{{2,6}})?|[a-z][a-z .]+"
        )
        acts = "|".join((*shapes.speech, *shapes.nicknamed))
        self._after = re.compile(rf"[^\w]|\Z|[在也则就对向和与及于从是的曾]|{acts}")
        self._announcing = PhraseMatcher([*shapes.roles, *shapes.bylines, "——"])
        self._name_after = re.compile(
            rf"[\s/:|丨·]{{0,2}}(?P<name>(?!.{{0,2}}[{NOT_IN_NAMES}])(?:{surname}|[阿小老])[一-鿿]{{1,2}})(?={self._after.pattern})"
        )
        self._rare_title = re.compile(f"{surname}[总董生]")
        self._medium = re.compile(f"(?:{'|'.join(organisations.media)})\\Z")

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield names by shape: 林总, 老林, 萨姆·奥特曼, Sam Altman."""
        text, folded, edges = reading.text, reading.folded, reading.edges
        for title, end, _ in self._titles.find(folded).tolist():
            compound = folded[max(0, title - 2) : title] in self.shapes.compound_surnames
            start = max(0, title - 2 if compound else title - 1)
            alone = edges.fit(start, end) and folded[end : end + 1] not in GOES_ON
            if alone and (self.is_short(folded[start:end]) or self._is_rare(reading, start, end)):
                yield Candidate(start, end, "PERSON", name=text[start:end])
        for match in self._old.finditer(folded):
            start, end = match.span()
            alone = bool(edges.flags[end]) or folded[end : end + 1] in AFTER_NAME
            if edges.flags[start] and alone and self.is_short(match[0]):
                yield Candidate(start, end, "PERSON", name=text[start:end])
        for match in FAMILIAR.finditer(text):
            yield Candidate(*match.span(), "PERSON", name=match[0])
        parted = any(mark in folded for mark in INTERPUNCTS)
        for match in self._foreign.finditer(folded) if parted else ():
            yield Candidate(*match.span(), "PERSON", name=text[match.start() : match.end()])
        for match in LATIN.finditer(text):
            words = match[0].lower().split()
            if words[0] in self.shapes.first_names and words[-1] not in NOT_SURNAMES:
                yield Candidate(*match.span(), "PERSON", name=match[0])

    def announced(self, reading: Reading) -> Iterator[Candidate]:
        """Yield Chinese names that a role or a byline announces: 创始人林若海说, 作者丨方砚秋."""
        for _, end, _ in self._announcing.find(reading.folded).tolist():
            if match := self._name_after.match(reading.folded, end):
                start, stop = match.span("name")
                name = reading.text[start:stop]
                found = match["name"]
                words = self.words.intersection((found, found[1:], found[:2]))
                if found not in self.shapes.not_titled and not words:
                    yield Candidate(start, stop, "PERSON", name=name, rank=5, score=0.4)

    def labels(self, text: str, turns: Sequence[Turn]) -> Iterator[Candidate]:
        """Yield the persons and media whose labels open turns.

        A label is a medium when it ends as media do, or when it is no name of a person by its
        shape and mostly asks; else it is a person.
        """
        asking = _asking(text, turns)
        for turn in turns:
            label = text[turn.label_start : turn.label_end].rstrip(":： \t丨|*").strip("【】[]* \t")
            folded = fold(label, case=True)
            start = text.find(label, turn.label_start, turn.label_end)
            if not label or folded in NOBODY or len(label) > LONGEST_LABEL:
                continue
            shaped = self._label.fullmatch(folded) is not None
            medium = self._medium.search(folded) or (not shaped and turn.speaker in asking)
            type_ = "ORG" if medium else "PERSON"
            yield Candidate(start, start + len(label), type_, name=turn.speaker, rank=3)

    def _is_rare(self, reading: Reading, start: int, end: int) -> bool:
        """Tell whether a rare surname and a short title are two words, and act as people do."""
        return (
            self._rare_title.fullmatch(reading.folded, start, end) is not None
            and reading.folded[start:end] not in self.shapes.not_titled
            and reading.folded[start:end] not in self.words
            and self._after.match(reading.folded, end) is not None
        )

    def is_short(self, surface: str) -> bool:
        """Tell whether a folded surface is surname and title, or 老 and surname, alone."""
        return self.surname_of(surface) is not None

    def surname_of(self, surface: str) -> str | None:
        """Return the surname in 林总 or 老林; None for anything else."""
        match = self._titled.fullmatch(surface)
        if match is None and (old := self._old.pattern.fullmatch(surface)):
            return None if surface in self.shapes.not_titled else old["surname"]
        if match is None or surface in self.shapes.not_titled:
            return None
        return match["surname"] or match["rare"]

    def surname(self, name: str) -> str | None:
        """Return the surname of a full Chinese name, None where it cannot be one."""
        if len(name) > 2 and name[:2] in self.shapes.compound_surnames:
            return name[:2]
        return name[0] if 2 <= len(name) <= 3 and name[0] in self.shapes.surnames else None
