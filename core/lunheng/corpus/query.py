"""Read queries for people: phrases, wildcards, AND, OR, NOT, NEAR/n and conditions on fields."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from lunheng.errors import UsageError

STAR = 10
"""Characters that ``*`` stands for at most."""

DEEPEST = 50
"""How deep parentheses may nest."""

QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』"}
ONE, FEW = "?？", "*＊"
OPENING, CLOSING = "(（", ")）"
OPERATORS = ("AND", "OR", "NOT")
NEAR = re.compile(r"NEAR/(\d+)")
FIELD = re.compile(r"[^\W\d][\w.-]*:(?=\S)")


class QueryError(UsageError):
    """A query that cannot be read; the message shows the query and marks the character.

    Attributes:
        query: the query.
        place: the code point at which it cannot be read.
    """

    def __init__(self, reason: str, query: str, place: int) -> None:
        self.query = query
        self.place = place
        before = query[:place]
        columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before)
        super().__init__(f"{reason}, at character {place + 1}\n  {query}\n  {' ' * columns}^")


@dataclass(frozen=True, slots=True)
class Gap:
    """Characters that may be anything but a line break: at least and at most so many."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Literal pieces and the gaps between, before and after them; no two gaps adjoin."""

    pieces: tuple[str | Gap, ...]
    every_variant: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a field: as ``NgramIndex.condition`` reads it, or the value itself."""

    field: str
    text: str
    literal: bool
    place: int


@dataclass(frozen=True, slots=True)
class And:
    """Documents that all parts find."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that some part finds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that the part does not find."""

    part: Node


@dataclass(frozen=True, slots=True)
class Near:
    """An occurrence of either part with at most ``distance`` characters between them."""

    left: Node
    right: Node
    distance: int


Node: TypeAlias = Phrase | Filter | And | Or | Not | Near


def parse(query: str) -> Node:
    """Return the tree of a query.

    A word is a phrase to be found as it is; in it ``?`` stands for one character and ``*`` for at
    most ten, neither for a line break. Quotation marks make everything literal; a backslash makes
    the next character so. ``~`` before a phrase lets characters match all that fold alike. Words
    side by side must all occur, as with AND; OR, NOT, ``NEAR/n`` (n characters between at most, in
    either order) and parentheses are operators; NEAR binds closest, then NOT, AND, OR.
    ``field:value``, ``field:least..most`` and ``field:one|other`` narrow the documents.

    Raises:
        QueryError: the query cannot be read; the message marks the character.

    >>> parse("大?模型 OR ~乾")
    Or(parts=(Phrase(pieces=('大', Gap(least=1, most=1), '模型'), every_variant=False), \
Phrase(pieces=('乾',), every_variant=True)))
    """
    return _Parser(query).whole()


class _Parser:
    """Recursive descent over the characters of one query."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self._either()
        if self.at < len(self.query):
            self._fail("a parenthesis closes that was not opened", self.at)
        return node

    def _fail(self, reason: str, place: int) -> NoReturn:
        raise QueryError(reason, self.query, place)

    def _skip(self) -> None:
        while self.at < len(self.query) and self.query[self.at].isspace():
            self.at += 1

    def _here(self) -> str:
        """Return the next character that is no space, or nothing at the end."""
        self._skip()
        return self.query[self.at : self.at + 1]

    def _word(self) -> str:
        """Return the characters up to the next space or parenthesis."""
        self._skip()
        end = self.at
        while end < len(self.query) and not self._ends_word(self.query[end]):
            end += 1
        return self.query[self.at : end]

    @staticmethod
    def _ends_word(character: str) -> bool:
        return character.isspace() or character in OPENING + CLOSING

    def _take(self, operator: str) -> bool:
        if self._word() != operator:
            return False
        self.at += len(operator)
        return True

    def _either(self) -> Node:
        parts = [self._all()]
        while self._take("OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Node:
        parts = [self._negated()]
        while self._here() and self._here() not in CLOSING and self._word() != "OR":
            self._take("AND")
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _negated(self) -> Node:
        self._skip()
        place = self.at
        if not self._take("NOT"):
            return self._near()
        self._descend(place)
        part = self._negated()
        self.depth -= 1
        return Not(part)

    def _near(self) -> Node:
        self._skip()
        start = self.at
        node = self._primary()
        while operator := NEAR.fullmatch(self._word()):
            self._placed(node, start)
            self.at += operator.end()
            self._skip()
            start = self.at
            right = self._primary()
            self._placed(right, start)
            node = Near(node, right, int(operator[1]))
        return node

    def _placed(self, node: Node, start: int) -> None:
        """Refuse what has no places of its own as a side of NEAR."""
        if not has_places(node):
            self._fail("NEAR needs a phrase, or phrases joined by OR, on either side", start)

    def _primary(self) -> Node:
        here = self._here()
        if not here:
            self._fail("expected a phrase, found the end of the query", self.at)
        if here in OPENING:
            return self._parenthesis()
        if here in CLOSING:
            self._fail("expected a phrase, found a closing parenthesis", self.at)
        word = self._word()
        if word in OPERATORS or NEAR.fullmatch(word):
            self._fail(f"expected a phrase, found {word}; quote it to look for the word", self.at)
        if field := FIELD.match(word):
            return self._filter(field[0][:-1])
        return self._phrase()

    def _descend(self, place: int) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self._fail(f"expected at most {DEEPEST} levels", place)

    def _parenthesis(self) -> Node:
        opened = self.at
        self._descend(opened)
        self.at += 1
        node = self._either()
        if not self._here():
            self._fail("this parenthesis is not closed", opened)
        self.at += 1
        self.depth -= 1
        return node

    def _filter(self, field: str) -> Filter:
        place = self.at
        self.at += len(field) + 1
        if self.query[self.at] in QUOTES:
            return Filter(field, self._quoted(), True, place)
        value = self._word()
        if not value:
            self._fail(f"expected a value of {field}", self.at)
        self.at += len(value)
        return Filter(field, value, False, place)

    def _quoted(self) -> str:
        """Return what stands between quotation marks, and go behind them."""
        opened = self.at
        closing = QUOTES[self.query[opened]]
        self.at += 1
        found = []
        while self.at < len(self.query) and self.query[self.at] != closing:
            self.at += self.query[self.at] == "\\" and self.at + 1 < len(self.query)
            found.append(self.query[self.at])
            self.at += 1
        if self.at == len(self.query):
            self._fail("this quotation mark is not closed", opened)
        self.at += 1
        if not found:
            self._fail("expected a phrase between the quotation marks", opened)
        return "".join(found)

    def _phrase(self) -> Phrase:
        start = self.at
        every_variant = self.query[self.at] == "~"
        self.at += every_variant
        pieces: list[str | Gap] = []
        while self.at < len(self.query) and not self._ends_word(self.query[self.at]):
            _extend(pieces, self._piece())
        if not any(isinstance(piece, str) for piece in pieces):
            self._fail("expected a character to look for", start)
        for piece, place in ((pieces[0], start + every_variant), (pieces[-1], self.at - 1)):
            if isinstance(piece, Gap) and piece.least != piece.most:
                self._fail("a * must stand between two characters", place)
        return Phrase(tuple(pieces), every_variant)

    def _piece(self) -> str | Gap:
        character = self.query[self.at]
        if character in QUOTES:
            return self._quoted()
        self.at += 1
        if character in ONE:
            return Gap(1, 1)
        if character in FEW:
            return Gap(0, STAR)
        if character == "\\" and self.at < len(self.query):
            character = self.query[self.at]
            self.at += 1
        return character


def _extend(pieces: list[str | Gap], piece: str | Gap) -> None:
    """Add a piece, joined to the last one if both are text or both are gaps."""
    last = pieces[-1] if pieces else None
    if isinstance(piece, str) and isinstance(last, str):
        pieces[-1] = last + piece
    elif isinstance(piece, Gap) and isinstance(last, Gap):
        pieces[-1] = Gap(last.least + piece.least, last.most + piece.most)
    else:
        pieces.append(piece)


def has_places(node: Node) -> bool:
    """Say whether a node finds places in texts, and not only documents."""
    if isinstance(node, Or):
        return all(map(has_places, node.parts))
    return isinstance(node, Phrase | Near)
