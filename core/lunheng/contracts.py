"""What a stage may return: its types, its order, its offsets, its size.

The pipeline checks every return with these functions before it uses it; ``lunheng.testing`` checks
a plugin with the same ones. Each returns the checked records or raises PluginError.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from lunheng.documents import (
    Attribution,
    Cue,
    Edit,
    EntityType,
    HolderType,
    Locator,
    LocatorKind,
    Member,
    Mention,
    Polarity,
    Quote,
    SourceText,
    Stance,
    Turn,
)
from lunheng.errors import PluginError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Record = TypeVar("Record")

# A stage that returns more than this many records, or characters of repair, is out of hand.
PER_CHARACTER = 4
UNIVERSAL_TAGS = frozenset(
    (
        *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON"),
        *("PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
    )
)
AT_LEAST = 1000
LONGEST = 10_000  # characters of one name, target or value
CUES = 1000  # cues and flags of one stance

_ENTITY_TYPES = frozenset(get_args(EntityType))
_POLARITIES = frozenset(get_args(Polarity))
_HOLDER_TYPES = frozenset(get_args(HolderType))
_ATTRIBUTIONS = frozenset(get_args(Attribution))
_LOCATOR_KINDS = frozenset(get_args(LocatorKind))


def _expect(good: bool, number: int, wanted: str, found: object) -> None:
    """Raise PluginError when a record is not as wanted."""
    if not good:
        raise PluginError(f"record {number}: expected {wanted}, found {str(found)[:200]!r}")


def _text(value: object, number: int, what: str, longest: int = LONGEST) -> None:
    """Check that a value is a string that can be stored."""
    _expect(isinstance(value, str), number, f"{what} to be a string", value)
    length = len(str(value))
    _expect(length <= longest, number, f"{what} of at most {longest} characters", length)
    try:
        str(value).encode("utf-8")
    except UnicodeEncodeError:
        _expect(False, number, f"{what} without lone surrogates", ascii(value))


def _span(start: object, end: object, length: int, number: int, what: str) -> None:
    """Check a half-open span within a text."""
    good = type(start) is int and type(end) is int and 0 <= start <= end <= length
    _expect(good, number, f"{what} in ascending order within [0, {length}]", f"[{start}, {end})")


def _optional_span(start: object, end: object, length: int, number: int, what: str) -> None:
    """Check a span of which both ends may be missing."""
    if start is not None or end is not None:
        _span(start, end, length, number, what)


def _sequence(value: Any, kind: type[Record], length: int) -> tuple[Record, ...]:
    """Check that a stage returned a sequence of one type and of a size in proportion."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise PluginError(
            f"expected a sequence of {kind.__name__} records, found {type(value).__name__}"
        )
    limit = PER_CHARACTER * length + AT_LEAST
    if len(value) > limit:
        raise PluginError(
            f"expected at most {limit} records for {length} characters, found {len(value)}"
        )
    if not all(isinstance(record, kind) for record in value):
        number = next(n for n, record in enumerate(value) if not isinstance(record, kind))
        _expect(False, number, f"a {kind.__name__}", type(value[number]).__name__)
    return tuple(value)


def _ascending(starts: Sequence[int], ends: Sequence[int] | None) -> None:
    """Check the order of records; with ``ends`` they must not overlap either."""
    for number in range(1, len(starts)):
        floor = ends[number - 1] if ends else starts[number - 1]
        _expect(starts[number] >= floor, number, f"a start not before {floor}", starts[number])


def check_item(value: Any) -> SourceText | Member:
    """Check what a reader yielded: a record, or a file within the file."""
    if not isinstance(value, Member):
        return check_source(value)
    _text(value.name, 0, "a member's name")
    _expect(callable(value.read), 0, "a member's read to be a function", value.read)
    return value


def check_suffixes(value: Any) -> tuple[str, ...]:
    """Check which suffixes a reader claims: a tuple of such as ``.txt``, in lower case."""
    good = isinstance(value, tuple) and all(
        isinstance(each, str) and each.startswith(".") and each == each.lower() for each in value
    )
    if not good:
        raise PluginError(f"expected a tuple of suffixes such as '.txt', found {str(value)[:200]}")
    suffixes: tuple[str, ...] = value
    return suffixes


def check_source(value: Any) -> SourceText:
    """Check a record."""
    _expect(isinstance(value, SourceText), 0, "a SourceText", type(value).__name__)
    source: SourceText = value
    _expect(isinstance(source.source, str), 0, "source to be a string", source.source)
    if source.text is not None:
        _expect(isinstance(source.text, str), 0, "text to be a string", source.text)
        mapped = source.text_map
        _expect(mapped is not None, 0, "a text_map beside a text", None)
        assert mapped is not None
        lengths = (mapped.source_length, mapped.target_length)
        wanted = (len(source.source), len(source.text))
        _expect(lengths == wanted, 0, f"a text_map of lengths {wanted}", lengths)
    for name in ("title", "author", "date"):
        value = getattr(source, name)
        _expect(value is None or isinstance(value, str), 0, f"{name} to be a string", value)
    _expect(isinstance(source.record, str), 0, "record to be a string", source.record)
    json.dumps(dict(source.meta), allow_nan=False)
    for number, locator in enumerate(source.locators):
        _expect(isinstance(locator, Locator), number, "a Locator", type(locator).__name__)
        _span(locator.start, len(source.source), len(source.source), number, "a locator")
        _expect(locator.kind in _LOCATOR_KINDS, number, "a known kind of locator", locator.kind)
        _text(locator.name, number, "a locator's name")
    _ascending([locator.start for locator in source.locators], None)
    return source


def check_edits(value: Any, text: str) -> tuple[Edit, ...]:
    """Check a cleaner's edits: within the text, ascending, without overlap, no flood of text."""
    edits = _sequence(value, Edit, len(text))
    if all(edit.text == "" for edit in edits) and _are_apart(edits, len(text)):
        return edits
    left = PER_CHARACTER * len(text) + AT_LEAST
    for number, edit in enumerate(edits):
        _span(edit.start, edit.end, len(text), number, "an edit")
        _text(edit.text, number, "text", left)
        left -= len(edit.text)
    _ascending([e.start for e in edits], [e.end for e in edits])
    return edits


def check_tags(value: Any, words: int) -> tuple[str, ...]:
    """Check parts of speech: Universal ones, one a word."""
    tags = tuple(value)
    if len(tags) != words:
        raise PluginError(f"expected {words} parts of speech, one a word, found {len(tags)}")
    if not UNIVERSAL_TAGS.issuperset(tags):
        known = ", ".join(sorted(UNIVERSAL_TAGS))
        number, wrong = next((n, tag) for n, tag in enumerate(tags) if tag not in UNIVERSAL_TAGS)
        raise PluginError(f"part of speech {number}: expected one of {known}, found {wrong!r}")
    return tags


def _are_apart(edits: Sequence[Edit], length: int) -> bool:
    """Whether the edits lie within the text, ascending and without overlap: the usual case."""
    reached = 0
    for start, end, _ in edits:
        if type(start) is not int or type(end) is not int or not reached <= start <= end:
            return False
        reached = end
    return reached <= length


def check_tokens(value: Any, text: str) -> NDArray[np.int32]:
    """Check a tokenizer's spans: int32 of shape (n, 2), ascending, not empty."""
    import numpy as np

    good = (
        isinstance(value, np.ndarray)
        and value.dtype == np.int32
        and value.ndim == 2
        and value.shape[1] == 2
    )
    if not good:
        found = f"{getattr(value, 'dtype', type(value).__name__)} {getattr(value, 'shape', '')}"
        raise PluginError(f"expected an int32 array of shape (n, 2), found {found}")
    spans: NDArray[np.int32] = value
    flat = spans.ravel()
    if len(spans) and (
        flat[0] < 0
        or flat[-1] > len(text)
        or bool(np.any(spans[:, 0] >= spans[:, 1]))
        or bool(np.any(spans[1:, 0] < spans[:-1, 1]))
    ):
        raise PluginError(
            f"expected ascending, non-empty spans within [0, {len(text)}] that do not overlap"
        )
    return spans


def check_turns(value: Any, text: str) -> tuple[Turn, ...]:
    """Check turns: ascending, within the text, with their labels."""
    turns = _sequence(value, Turn, len(text))
    for number, turn in enumerate(turns):
        _text(turn.speaker, number, "speaker")
        _span(turn.start, turn.end, len(text), number, "a turn")
        _span(turn.label_start, turn.label_end, len(text), number, "a label")
    _ascending([t.start for t in turns], None)
    return turns


def check_mentions(value: Any, text: str) -> tuple[Mention, ...]:
    """Check mentions: of a known type, ascending, without overlap."""
    mentions = _sequence(value, Mention, len(text))
    for number, mention in enumerate(mentions):
        _span(mention.start, mention.end, len(text), number, "a mention")
        _text(mention.text, number, "text")
        _text(mention.name, number, "name")
        _text(mention.plugin, number, "plugin")
        _expect(mention.type in _ENTITY_TYPES, number, "a known entity type", mention.type)
        if mention.value is not None:
            _text(json.dumps(dict(mention.value), allow_nan=False), number, "a value")
    _ascending([m.start for m in mentions], [m.end for m in mentions])
    return mentions


def check_quotes(value: Any, text: str) -> tuple[Quote, ...]:
    """Check quotes: ascending starts, within the text."""
    quotes = _sequence(value, Quote, len(text))
    for number, quote in enumerate(quotes):
        _span(quote.start, quote.end, len(text), number, "a quote")
        _optional_span(quote.holder_start, quote.holder_end, len(text), number, "a holder")
        for name in ("holder", "cue", "plugin"):
            _text(getattr(quote, name), number, name)
        _expect(quote.attribution in _ATTRIBUTIONS, number, "a known attribution", quote)
    _ascending([q.start for q in quotes], None)
    return quotes


def check_stances(value: Any, text: str, turns: int, quotes: int) -> tuple[tuple[Stance, ...], int]:
    """Check stances and the number abstained from; ``turns`` and ``quotes`` are how many exist."""
    if not isinstance(value, tuple) or len(value) != 2 or type(value[1]) is not int:
        raise PluginError(f"expected (stances, abstained), found {str(value)[:200]!r}")
    stances = _sequence(value[0], Stance, len(text))
    _expect(value[1] >= 0, 0, "a number of abstentions", value[1])
    for number, stance in enumerate(stances):
        _check_stance(stance, len(text), number)
        for position, count in ((stance.turn, turns), (stance.quote, quotes)):
            good = position is None or (type(position) is int and 0 <= position < count)
            _expect(good, number, f"a position below {count}", position)
    _ascending([s.start for s in stances], None)
    return stances, value[1]


def _check_stance(stance: Stance, length: int, number: int) -> None:
    """Check one stance by itself."""
    _span(stance.start, stance.end, length, number, "evidence")
    _optional_span(stance.holder_start, stance.holder_end, length, number, "a holder")
    _optional_span(stance.target_start, stance.target_end, length, number, "a target")
    for name in ("holder", "target", "plugin"):
        _text(getattr(stance, name), number, name)
    for name in ("frame", "reporter"):
        if getattr(stance, name) is not None:
            _text(getattr(stance, name), number, name)
    _expect(stance.polarity in _POLARITIES, number, "a known polarity", stance.polarity)
    _expect(stance.holder_type in _HOLDER_TYPES, number, "a known holder type", stance.holder_type)
    _expect(stance.attribution in _ATTRIBUTIONS, number, "a known attribution", stance.attribution)
    score = stance.score
    good = isinstance(score, float | int) and isfinite(score) and 0 <= score <= 1
    _expect(good, number, "a score from 0 to 1", score)
    for name in ("cues", "flags"):
        count = len(getattr(stance, name))
        _expect(count <= CUES, number, f"at most {CUES} {name}", count)
    for cue in stance.cues:
        _expect(isinstance(cue, Cue), number, "cues of type Cue", cue)
        _span(cue.start, cue.end, length, number, "a cue")
        _text(cue.text, number, "a cue's text")
        _text(cue.rule, number, "a cue's rule")
        good = isinstance(cue.weight, float | int) and isfinite(cue.weight)
        _expect(good, number, "a cue's weight to be a finite number", cue.weight)
    for flag in stance.flags:
        _text(flag, number, "a flag")
