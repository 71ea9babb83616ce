"""Read one file: choose its reader; yield its records, those of files within it, and failures.

Whatever a reader does is contained: a file, or a file within an archive, that cannot be read is
named, and the rest goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from lunheng import contracts
from lunheng.containment import contained, explain, strict
from lunheng.documents import Member, SourceText
from lunheng.errors import LunhengError, PluginError, ReadError
from lunheng.inputs import has_reader, is_aside
from lunheng.plugins import PluginEntry, Stage

HEAD = 4096
NO_TEXT = "expected text, found none"
DEEPEST = 4
MOST_MEMBERS = 1_000_000
MOST_BYTES = 1 << 33


@dataclass(frozen=True, slots=True)
class Call:
    """A reader is about to be called on the file (0) or on the n-th file found within it."""

    number: int
    stage: Stage


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the file, or of a file within it, which ``source.record`` then names."""

    stage: Stage
    source: SourceText


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be read, where (``record``: "" for the file itself), and why."""

    entry: PluginEntry
    record: str
    message: str


Event = Call | Record | Trouble


def choose_reader(readers: Sequence[Stage], path: str, head: bytes) -> Stage:
    """Return the reader for a file: by its suffix, unless its first bytes belie that.

    A file whose suffix no reader has, or whose reader expects another beginning, goes to the first
    reader whose ``signature`` matches the beginning; else to the suffix's, else to ``text``.

    Raises:
        ReadError: no reader was chosen.
    """
    if not readers:
        raise ReadError("no reader was chosen")
    suffix = PurePosixPath(path).suffix.lower()
    named = next((stage for stage in readers if suffix in stage.made.suffixes), None)
    if named is not None and _signature_matches(named, head) is not False:
        return named
    by_content = next((stage for stage in readers if _signature_matches(stage, head)), None)
    plain = next((stage for stage in readers if stage.entry.name == "text"), readers[0])
    return by_content or named or plain


def _signature_matches(stage: Stage, head: bytes) -> bool | None:
    """Return whether a file begins as the reader expects; ``None`` where it expects nothing."""
    signature = getattr(stage.made, "signature", None)
    return None if signature is None else signature.match(head) is not None


def is_blank(source: SourceText) -> bool:
    """Return whether a record has no text but white space."""
    text = source.source if source.text is None else source.text
    return not text or text.isspace()


def no_text_in(records: Sequence[str]) -> str:
    """Return the reason why records without text are no documents."""
    first = f" in record {records[0]}" if records[0] else ""
    passed = f" (records passed over in this file: {len(records)})" if len(records) > 1 else ""
    return f"{NO_TEXT}{first}{passed}"


def unpacks(stage: Stage) -> bool:
    """Return whether a reader yields files within a file."""
    return bool(getattr(stage.made, "unpacks", False))


@dataclass(slots=True)
class Reading:
    """One file being read.

    ``without`` maps the number of a call's file and the reader's name to the reason why that
    reader is not to be called on it. ``passed_over`` counts, by suffix, files within the file that
    no reader is for.
    """

    readers: Sequence[Stage]
    path: str
    without: Mapping[tuple[int, str], str] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)
    _suffixes: frozenset[str] = frozenset()
    _files: int = 0
    _bytes: int = 0

    def __post_init__(self) -> None:
        self._suffixes = frozenset(s for stage in self.readers for s in stage.made.suffixes)

    def events(self, data: bytes) -> Iterator[Event]:
        """Yield what the file holds, in its order.

        Raises:
            PluginError: a reader fails and ``LUNHENG_STRICT=1``.
        """
        silent = True
        stage = choose_reader(self.readers, self.path, data[:HEAD])
        for event in self._file(stage, "", data, 0):
            silent = silent and isinstance(event, Call)
            yield event
        if silent:
            yield Trouble(stage.entry, "", NO_TEXT)

    def _file(self, stage: Stage, within: str, data: bytes, depth: int) -> Iterator[Event]:
        """Yield what one file holds; ``within`` is its name below the file that was opened."""
        number, self._files = self._files, self._files + 1
        if (number, stage.entry.name) in self.without:
            yield Trouble(stage.entry, within, self.without[number, stage.entry.name])
            return
        yield Call(number, stage)
        blank: list[str] = []
        try:
            for item in self._items(stage, within, data):
                if isinstance(item, Member):
                    yield from self._member(stage, within, item, depth)
                elif is_blank(item):
                    blank.append(item.record)
                else:
                    yield Record(stage, _placed(item, within))
                yield Call(number, stage)
        except PluginError as error:
            yield _trouble(stage, within, error)
        if blank:
            yield Trouble(stage.entry, within, no_text_in(blank))

    def _items(self, stage: Stage, within: str, data: bytes) -> Iterator[SourceText | Member]:
        """Yield what a reader yields, checked.

        Raises:
            PluginError: the reader fails, or does not come to an end.
        """
        path = f"{self.path}/{within}" if within else self.path
        with contained(stage.entry, "failed"):
            items: Iterator[Any] = iter(stage.made.read(data, path))
        most = len(data) + contracts.AT_LEAST
        for _ in range(most):
            with contained(stage.entry, "failed"):
                item = next(items, None)
                if item is None:
                    return
                contracts.check_item(item)
            yield item
        raise PluginError(f"{path}: expected at most {most} records, found more")

    def _member(self, stage: Stage, within: str, member: Member, depth: int) -> Iterator[Event]:
        """Yield what a file within a file holds."""
        path = PurePosixPath(member.name)
        if is_aside(path):
            return
        if not has_reader(path, self._suffixes):
            self.passed_over[path.suffix.lower()] += 1
            return
        name = f"{within}/{path}" if within else str(path)
        try:
            with contained(stage.entry, "failed"):
                self._spend(depth)
                data = member.read()
                self._bytes += len(data)
        except PluginError as error:
            yield _trouble(stage, name, error)
            return
        yield from self._file(choose_reader(self.readers, name, data[:HEAD]), name, data, depth + 1)

    def _spend(self, depth: int) -> None:
        """Refuse to open more than one file may hold.

        Raises:
            ReadError: too deep, too many, or too large in all.
        """
        for found, most, what in (
            (depth + 1, DEEPEST, "archives within archives"),
            (self._files, MOST_MEMBERS, "files within one file"),
            (self._bytes, MOST_BYTES, "bytes in all files within one file"),
        ):
            if found > most:
                raise ReadError(f"expected at most {most} {what}; unpack it, then read the folder")


def _placed(source: SourceText, within: str) -> SourceText:
    """Return a record named by the file that it was found in."""
    if not within:
        return source
    return replace(source, record=f"{within}:{source.record}" if source.record else within)


def _trouble(stage: Stage, within: str, error: PluginError) -> Trouble:
    """Return what is to be recorded of a reader's failure.

    Raises:
        PluginError: it is no fault of the file, and ``LUNHENG_STRICT=1``.
    """
    cause = error.__cause__ or error
    if strict() and not isinstance(cause, LunhengError):
        raise error
    return Trouble(stage.entry, within, explain(cause, stage.entry))
