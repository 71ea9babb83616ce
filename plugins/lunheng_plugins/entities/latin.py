"""Latin names that no list has: what stands around one says whether it is a firm or a product."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lunheng.text import AnchoredPattern
from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import Reading
from lunheng_plugins.entities.shapes import LatinShapes

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHANUMERIC = UPPER + UPPER.lower() + "0123456789"
WORD = r"[A-Z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*"
NAME = AnchoredPattern(
    rf"{WORD}(?: (?:{WORD}|\d+(?:\.\d+)?[A-Za-z]?))*(?![A-Za-z0-9@/_])",
    [(UPPER, "")],
    not_after=ALPHANUMERIC + "./@_&#-",
)
CAMEL = re.compile(
    r"(?:[A-Z][a-z]+){2,4}(?:AI|GPT|LM|LLM|Chat|Bot|App|OS)?|[A-Z][a-z]+(?:GPT|LLM|LM|Bot|Coder)"
)
VERSIONED = re.compile(
    r"(?:[A-Z][A-Za-z]*[a-z][A-Za-z]*|[A-Z]{3,6})"
    r"(?:-\d+(?:\.\d+)*[A-Za-z]?|(?: |(?<=[a-z]))[vV]?\d+\.\d+|(?<=[a-z])\d{1,2})"
    r"(?:-[A-Z][A-Za-z]+|-\d+[Bb])*(?: (?:Pro|Plus|Turbo|Ultra|Max|Mini|Lite|Opus|Sonnet))?"
)
EVENT = re.compile(r"\s?(?:大会|峰会|论坛|展会?|沙龙|时代|协议|标准|大赛)")
COUNTED = re.compile(r"[%./@-]|\s?[年月日亿万个]")


class LatinShape:
    """Finds Latin names in a text; immutable."""

    __slots__ = ("_after_firm", "_after_product", "_before_firm", "_before_product", "_not_names")

    def __init__(self, shapes: LatinShapes) -> None:
        self._not_names = shapes.not_names
        self._after_product = _after(shapes.after_product)
        self._before_product = _before(shapes.before_product)
        self._after_firm = _after(shapes.after_firm)
        self._before_firm = _before(shapes.before_firm)

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield names with a version, with humps, or in the company that names keep."""
        folded = reading.folded
        for match in NAME.finditer(reading.text):
            start, end = match.span()
            name = match[0]
            if self._not_names.issuperset(re.split("[ -]", name)) or EVENT.match(folded, end):
                continue
            type_ = self._kind(folded, start, end)
            versioned = VERSIONED.fullmatch(name) and not COUNTED.match(folded, end)
            if versioned or (not type_ and CAMEL.fullmatch(name)):
                type_ = "PRODUCT"
            if type_:
                score = 0.1 if versioned else 0.0
                yield Candidate(start, end, type_, name=name, rank=4, score=score)

    def _kind(self, folded: str, start: int, end: int) -> str:
        """Return the type that the words around a name speak for, empty where none does."""
        early = max(0, start - 8)
        for type_, after, before in (
            ("ORG", self._after_firm, self._before_firm),
            ("PRODUCT", self._after_product, self._before_product),
        ):
            if after.match(folded, end) or before.search(folded, early, start):
                return type_
        return ""


def _after(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\s?[”\"」』]?(?:{'|'.join(words)})")


def _before(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words)})(?:的|一款|新的)?[“\"「《\s]{{0,2}}\Z")
