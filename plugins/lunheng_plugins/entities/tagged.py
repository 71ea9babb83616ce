"""Names that the statistical tagger finds: persons, organisations and products no list knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import as_file, files

import numpy as np

from lunheng.tagging import Tagger
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.gazetteer import EPONYM
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import NOT_IN_NAMES

MODEL = "models/names.bin"
SHORTEST = 2
KEPT = frozenset(["PERSON", "ORG"])
NAMED = re.compile(rf"(?!.*[{NOT_IN_NAMES}])[一-鿿a-z][一-鿿a-z0-9·•・ .&-]*[一-鿿a-z0-9]\Z")
KIND = re.compile("(?P<which>.*?)(?:公司|企业|集团|机构|学院|大学|医院|银行|学校|媒体)\\Z")
SIZE = re.compile("[大中小新老好各本该某]*型?\\Z")


class NameTagger:
    """Proposes what the tagger of the seeds takes for names; immutable.

    Args:
        generic: folded words that are no name alone.
        particles: characters that begin no name of two.
    """

    __slots__ = ("_generic", "_particles", "_tagger")

    def __init__(self, generic: frozenset[str], particles: frozenset[str]) -> None:
        with as_file(files("lunheng_seeds").joinpath(MODEL)) as path:
            self._tagger = Tagger(path)
        self._generic = generic
        self._particles = particles

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield names, guesses all of them; the edges of words are those of the reading."""
        edges = np.flatnonzero(np.frombuffer(reading.edges.flags, np.uint8)).astype(np.int32)
        tokens = np.stack([edges[:-1], edges[1:]], axis=1)
        for start, end, type_ in self._tagger.spans(reading.text, tokens):
            surface = reading.folded[start:end]
            if type_ not in KEPT or end - start < SHORTEST or not NAMED.match(surface):
                continue
            if type_ == "PERSON" and EPONYM.match(reading.folded, end):
                continue
            if self._is_generic(surface) or (end - start == 2 and surface[0] in self._particles):
                continue
            yield Candidate(start, end, type_, name=reading.text[start:end], rank=5, score=0.1)

    def _is_generic(self, surface: str) -> bool:
        """Tell whether a surface is a word, or a kind of firm rather than a firm: 大公司."""
        if surface in self._generic:
            return True
        kind = KIND.match(surface)
        return bool(kind and (kind["which"] in self._generic or SIZE.match(kind["which"])))
