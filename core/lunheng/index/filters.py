"""Keep documents whose fields have a value, lie in a range, or are one of several."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.index.fields import FieldReader, Value, sort_key
from lunheng.index.segment import Segment
from lunheng.text import fold

PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?")


@dataclass(frozen=True, slots=True)
class Alike:
    """Holds for text that folds as ``text`` does, in either script, or has such a ``part``.

    Every different value of the field is looked at, where equality finds its value by halving.
    """

    text: str
    part: bool = False

    def holds(self, value: Value) -> bool:
        """Say whether it holds for a value."""
        if not isinstance(value, str):
            return False
        wanted, found = fold(self.text), fold(value)
        return wanted in found if self.part else wanted == found


One: TypeAlias = Value | Alike
Range: TypeAlias = tuple[Value | None, Value | None]
Condition: TypeAlias = One | Range | list[One] | Set[One]


def matching(segment: Segment, where: Mapping[str, Condition]) -> NDArray[np.bool_]:
    """Return for each document of a segment whether it meets every condition.

    A condition is a value, :class:`Alike`, a tuple (least, most) with both ends in and ``None``
    for open, or a list or set of the first two. A document without the field meets none.

    Raises:
        lunheng.errors.UsageError: a condition is of another kind.
    """
    kept = np.ones(segment.entry.documents, np.bool_)
    for name, condition in where.items():
        wanted = _codes(name, condition)
        column = segment.field(name)
        if column is None:
            kept[:] = False
        else:
            of_code = np.zeros(len(column) + 1, np.bool_)
            for first, last in wanted(column):
                of_code[first:last] = True
            kept &= of_code[column.codes]
    return kept


def condition_of(text: str, of_text: bool) -> Condition:
    """Read a condition as people write it: a value, ``least..most``, or ``one|other``.

    Args:
        text: the condition.
        of_text: whether the field holds text. Else numbers and truth values are what they are in
            JSON. In text a year or a month means every date in it, names are found in either
            script, and ``*part*`` in any value that has the part.

    >>> condition_of("2022..", False), condition_of("a|乙", True), condition_of("true", False)
    ((2022, None), ['a', Alike(text='乙', part=False)], True)
    >>> condition_of("*早报*", True)
    Alike(text='早报', part=True)
    >>> condition_of("2022..2023-06", True)[1] > "2023-06-30" > condition_of("2022", True)[1]
    True
    """
    read = str if of_text else _scalar
    one = _text if of_text else _scalar
    least, dots, most = text.partition("..")
    if dots:
        return (read(least) if least else None, _last(read(most)) if most else None)
    if "|" in text:
        return [one(part) for part in text.split("|")]
    if of_text and PARTIAL_DATE.fullmatch(text):
        return text, _last(text)
    return one(text)


def _text(text: str) -> One:
    """Read a condition on text; what has no folded form is equal or not."""
    if len(text) > 2 and text[0] == text[-1] == "*":
        return Alike(text[1:-1], part=True)
    return text if text.isascii() else Alike(text)


def _scalar(text: str) -> Value:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, int | float | bool) else text


def _last(value: Value) -> Value:
    """Return what no date in a year or month that is text comes after; else the value."""
    if isinstance(value, str) and PARTIAL_DATE.fullmatch(value):
        return f"{value}-\U0010ffff"
    return value


def _codes(name: str, condition: Condition) -> Callable[[FieldReader], list[tuple[int, int]]]:
    """Return what finds the half-open ranges of a column's codes that meet a condition."""
    if isinstance(condition, tuple):
        if len(condition) != 2:
            raise UsageError(f"field {name!r}: expected (least, most), got {condition!r}")
        least, most = condition
        keys = [None if end is None else sort_key(name, end) for end in (least, most)]
        return lambda column: [
            (
                1 if keys[0] is None else _place(column, keys[0], after=False),
                len(column) + 1 if keys[1] is None else _place(column, keys[1], after=True),
            )
        ]
    values = condition if isinstance(condition, list | Set) else [condition]
    alike = [value for value in values if isinstance(value, Alike)]
    equal = [sort_key(name, value) for value in values if not isinstance(value, Alike)]
    return lambda column: [
        *((_place(column, key, after=False), _place(column, key, after=True)) for key in equal),
        *(
            (code, code + 1)
            for code in range(1, len(column) + 1 if alike else 1)
            if any(each.holds(column.value(code)) for each in alike)
        ),
    ]


def _place(column: FieldReader, key: tuple[int, Value], after: bool) -> int:
    """Return the first code whose value is not below the key, or with ``after`` above it."""
    low, high = 1, len(column) + 1
    while low < high:
        middle = (low + high) // 2
        found = sort_key("", column.value(middle))
        if found < key or (after and found == key):
            low = middle + 1
        else:
            high = middle
    return low
