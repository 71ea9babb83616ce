"""Person names by their shape and company: titles, labels of turns, foreign names."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lunheng.documents import Turn
from lunheng.text import PhraseMatcher, fold
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.person_model import PersonModel, Places
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import OrganisationShapes, PersonShapes
from lunheng_plugins.entities.words import Edges

PUBLISHED = re.compile(
    r"(?:来源|出品|首发|主办|稿源|转载自|转自|原载|刊于|首发于|供稿)(?:公众号|微信公众号)?"
    r"\s?[:丨|/ 于]\s?"
    r"(?:公众号)?[“\"「]?([一-鿿a-z0-9]{3,10})(?=[\s”\"」,。()（）/|丨*《]|$)"
)
LONGEST_LABEL = 14
FAINT, SURE, SURE_OF_TWO = -3.5, -0.8, -0.2
BYLINE, ROLE, SPEECH, REPEATED, ENDS_IN_WORD = 3.5, 1.5, 0.5, 0.6, 0.5
FAMILIAR = re.compile(r"(?<![一-鿿])阿[A-Z][a-z]+(?![A-Za-z])")
LATIN = re.compile(
    r"(?<![A-Za-z0-9@./-])[A-Z][a-z]+(?: [A-Z]\.)?(?: (?:van|von|de|der|la))*"
    r"(?: [A-Z][A-Za-z'’-]+){1,2}(?![A-Za-z0-9])"
)
NOT_SURNAMES = frozenset(
    ["ai", "labs", "lab", "inc", "capital", "ventures", "group", "university", "pro", "plus", "max"]
)
NOBODY = frozenset(["问", "答", "q", "a", "记者", "主持人", "主播", "采访者", "受访者", "编者"])
AFTER_NAME = frozenset("一也和说是的在都就跟同与来去还则又,。、:")
GOES_ON = frozenset("统理裁监程经体")


def _asking(text: str, turns: Sequence[Turn]) -> frozenset[str]:
    """Return the speakers most of whose turns end in a question mark."""
    ends = Counter((t.speaker, text[t.start : t.end].rstrip()[-1:] in "?？") for t in turns)
    return frozenset(
        speaker for speaker, asks in ends if asks and ends[speaker, True] > ends[speaker, False]
    )


class PersonShape:
    """Finds persons in folded text by how their names are built; immutable."""

    def __init__(self, shapes: PersonShapes, organisations: OrganisationShapes) -> None:
        self.shapes = shapes
        surname = f"(?:{'|'.join(shapes.compound_surnames)}|[{shapes.surnames}])"
        known = f"(?:{'|'.join(shapes.compound_surnames)}|[{shapes.common_surnames}])"
        titles = "|".join(sorted(shapes.titles, key=len, reverse=True))
        foreign = f"[{shapes.transliteration}]"
        long_titles = "|".join(title for title in titles.split("|") if len(title) > 1)
        self._titled = re.compile(
            f"(?P<surname>{known})(?:{titles})|(?P<rare>{surname})(?:{long_titles})"
        )
        self._titles = PhraseMatcher(shapes.titles)
        self._old = re.compile(f"[老小](?P<surname>[{shapes.common_surnames}])")
        self._foreign = re.compile(rf"{foreign}{{1,7}}(?:[·•・‧∙]{foreign}{{1,8}}){{1,3}}")
        self._label = re.compile(
            rf"{surname}[一-鿿]{{1,2}}|{foreign}{{2,6}}(?:·{foreign}{{2,6}})?|[a-z][a-z .]+"
        )
        self._model = PersonModel.load(shapes.surnames)
        roles = "|".join(sorted(shapes.roles, key=len, reverse=True))
        self._role_before = re.compile(f"(?:{roles})[\\s/:|丨、]?\\Z")
        self._byline = re.compile(f"(?:^|\\W)(?:{'|'.join(shapes.bylines)})\\s?[/:|丨·\\s]\\s?\\Z")
        self._speech_after = re.compile("|".join(shapes.speech))
        self._medium = re.compile(f"(?:{'|'.join(organisations.media)})\\Z")

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield names by shape: 林总, 老林, 萨姆·奥特曼, Sam Altman."""
        text, folded, edges = reading.text, reading.folded, reading.edges
        for title, end, _ in self._titles.find(folded).tolist():
            compound = folded[max(0, title - 2) : title] in self.shapes.compound_surnames
            start = max(0, title - 2 if compound else title - 1)
            alone = edges.fit(start, end) and folded[end : end + 1] not in GOES_ON
            if alone and self.is_short(folded[start:end]):
                yield Candidate(start, end, "PERSON", name=text[start:end])
        for match in self._old.finditer(folded):
            start, end = match.span()
            alone = bool(edges.flags[end]) or folded[end : end + 1] in AFTER_NAME
            if edges.flags[start] and alone and self.is_short(match[0]):
                yield Candidate(start, end, "PERSON", name=text[start:end])
        for match in FAMILIAR.finditer(text):
            yield Candidate(*match.span(), "PERSON", name=match[0])
        for match in self._foreign.finditer(folded):
            yield Candidate(*match.span(), "PERSON", name=text[match.start() : match.end()])
        for match in LATIN.finditer(text):
            words = match[0].lower().split()
            if words[0] in self.shapes.first_names and words[-1] not in NOT_SURNAMES:
                yield Candidate(*match.span(), "PERSON", name=match[0])

    def modelled(self, reading: Reading) -> Iterator[Candidate]:
        """Yield Chinese names by their characters and company.

        The model's score is raised by a role before the name, a verb of speech after it, and by
        every repetition of the name.
        """
        starts, ends, scores = self._model.scores(reading.codes)
        scores = scores - ENDS_IN_WORD * self._cut_words(reading.edges, starts, ends)
        places = np.flatnonzero(scores > FAINT)
        found: dict[str, list[tuple[float, int, int]]] = {}
        for start, end, score in zip(
            starts[places].tolist(), ends[places].tolist(), scores[places].tolist(), strict=True
        ):
            score += self._company(reading.folded, start, end)
            found.setdefault(reading.folded[start:end], []).append((score, start, end))
        for name, mentions in found.items():
            best, enough = max(mentions)[0], SURE_OF_TWO
            if len(name) > 2:
                best, enough = best + REPEATED * math.log(len(mentions)), SURE
            if best > enough and name not in self.shapes.not_titled:
                for score, start, end in mentions:
                    yield Candidate(
                        start,
                        end,
                        "PERSON",
                        name=reading.text[start:end],
                        rank=5,
                        score=min(max(best, score), 10) / 20,
                    )

    @staticmethod
    def _cut_words(edges: Edges, starts: Places, ends: Places) -> NDArray[np.int64]:
        """Return how many ends of each candidate lie inside a word."""
        flags = np.frombuffer(edges.flags, np.uint8)
        cut: NDArray[np.int64] = 2 - flags[starts].astype(np.int64) - flags[ends]
        return cut

    def _company(self, folded: str, start: int, end: int) -> float:
        """Return what roles before and speech after a name add to its score."""
        if self._byline.search(folded, max(0, start - 8), start):
            return BYLINE
        role = self._role_before.search(folded, max(0, start - 6), start)
        speech = self._speech_after.match(folded, end)
        return (ROLE if role else 0) + (SPEECH if speech else 0)

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
            yield Candidate(start, start + len(label), type_, name=turn.speaker, rank=2)

    def bylines(self, reading: Reading) -> Iterator[Candidate]:
        """Yield the media that a byline names: 来源：光谱财经, 首发于公众号账房后窗."""
        for match in PUBLISHED.finditer(reading.folded):
            start, end = match.span(1)
            name = reading.text[start:end]
            if not self._label.fullmatch(reading.folded[start:end]):
                yield Candidate(start, end, "ORG", name=name)

    def is_short(self, surface: str) -> bool:
        """Tell whether a folded surface is surname and title, or 老 and surname, alone."""
        return self.surname_of(surface) is not None

    def surname_of(self, surface: str) -> str | None:
        """Return the surname in 林总 or 老林; None for anything else."""
        match = self._titled.fullmatch(surface)
        if match is None and (old := self._old.fullmatch(surface)):
            return None if surface in self.shapes.not_titled else old["surname"]
        if match is None or surface in self.shapes.not_titled:
            return None
        return match["surname"] or match["rare"]

    def surname(self, name: str) -> str | None:
        """Return the surname of a full Chinese name, None where it cannot be one."""
        if len(name) > 2 and name[:2] in self.shapes.compound_surnames:
            return name[:2]
        return name[0] if 2 <= len(name) <= 3 and name[0] in self.shapes.surnames else None
