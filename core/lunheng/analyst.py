"""Analyse one file: the function that an engine runs, in this process or in a worker.

It takes a task, yields one outcome a record and one for the file, and raises nothing: what goes
wrong is an outcome too.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from time import process_time
from typing import Any

from lunheng import locations
from lunheng.config import Config
from lunheng.containment import strict
from lunheng.documents import Document, Locator, SourceText
from lunheng.duplicates import bands
from lunheng.errors import LunhengError, PluginError, UsageError
from lunheng.outcomes import Analysis, Entering, Failure, FileEnd, Outcome, Stopped, Task
from lunheng.pipeline import (
    ANALYSIS_KINDS,
    CORE,
    Analysed,
    StageFailure,
    bare_document,
    source_id,
    storable,
)
from lunheng.plugins import PluginEntry
from lunheng.reading import NO_TEXT, Call, Reading, Trouble
from lunheng.selection import Selection, select_stages
from lunheng.tables import analysed_rows, as_json, index_fields

KINDS = ("readers", *ANALYSIS_KINDS)


@dataclass(slots=True)
class Analyst:
    """The stages of a run, loaded once a process; pickled, it takes along only how to load them."""

    config: Config
    installed: tuple[PluginEntry, ...]
    selection: Selection = field(compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(_load_analyst, self.config, self.installed), ()

    def __call__(self, task: Task) -> Iterator[Outcome]:
        """Yield the outcomes of one file."""
        begun = process_time()
        try:
            for outcome in _Reading(self.selection, task).outcomes():
                if isinstance(outcome, FileEnd):
                    yield replace(outcome, seconds=process_time() - begun)
                else:
                    yield outcome
        except PluginError as error:
            yield Stopped(str(error))


def _load_analyst(config: Config, installed: tuple[PluginEntry, ...]) -> Analyst:
    """Load the stages again in another process."""
    return Analyst(config, installed, select_stages(config, installed, KINDS, tried=True))


@dataclass(slots=True)
class _Reading:
    """One file being read and analysed."""

    selection: Selection
    task: Task
    records: int = 0

    def outcomes(self) -> Iterator[Outcome]:
        """Yield one outcome a record, and the end of the file."""
        task = self.task
        try:
            digest, data = self._content()
        except (OSError, UsageError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            message = f"cannot be read: {reason or error}"
            yield FileEnd("", 0, 0, (_failure(task, None, message, "", None, None),))
            return
        reading = Reading(self.selection.stages["readers"], task.file.path, self._blocked())
        failures: list[Failure] = []
        for event in reading.events(data):
            if isinstance(event, Call):
                if task.traced:
                    yield Entering(-1 - event.number, f"readers.{event.stage.entry.name}")
            elif isinstance(event, Trouble):
                failures.append(
                    _failure(task, event.entry, event.message, storable(event.record), None, None)
                )
            else:
                if self.records >= task.start:
                    yield from self._record(event.source, event.stage.entry)
                self.records += 1
        passed_over = dict(sorted(reading.passed_over.items()))
        yield FileEnd(digest, len(data), self.records, tuple(failures), passed_over)

    def _content(self) -> tuple[str, bytes]:
        """Return the fingerprint and the content of the file."""
        file, data = self.task.file.file, self.task.data
        if data is None and locations.is_url(file):
            return locations.fingerprint(file), locations.read_bytes(file)
        if data is None:
            data = locations.read_bytes(file)
        return hashlib.blake2b(data, digest_size=16).hexdigest(), data

    def _blocked(self) -> dict[tuple[int, str], str]:
        """Return which reader is not to be called on which file within the file, and why."""
        return {
            (-1 - position, stage.removeprefix("readers.")): why
            for position, stage, why in self.task.without
            if position < 0
        }

    def _record(self, source: SourceText, reader: PluginEntry) -> Iterator[Outcome]:
        """Yield the outcome of one record."""
        raw = storable(source.source).encode("utf-8")
        doc_id = source_id(raw)
        key = self._analysis_key(source)
        if (doc_id, key) in self.task.known:
            yield self._outcome(source, doc_id, key, None, raw)
            return
        try:
            analysed = yield from self._analyse(source, doc_id)
            if not analysed.document.text.strip():
                analysed.failures.append(StageFailure(reader, NO_TEXT))
        except LunhengError as error:
            if strict():
                raise
            empty = bare_document(SourceText("", source.record), doc_id, self.task.file.path)
            analysed = Analysed(empty, [StageFailure(CORE, str(error))])
        yield self._outcome(source, doc_id, key, analysed, raw)

    def _analyse(self, source: SourceText, doc_id: str) -> Generator[Outcome, None, Analysed]:
        """Analyse one record, announcing each call of a plugin where the task is traced."""
        path, without = self.task.file.path, self._without(self.records)
        pipeline = self.selection.pipeline
        if not self.task.traced:
            return pipeline.analyse(source, doc_id, path, without)
        steps = pipeline.steps(source, doc_id, path, without)
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                analysed: Analysed = end.value
                return analysed
            yield Entering(self.records, f"{step.entry.kind}.{step.entry.name}")

    def _analysis_key(self, source: SourceText) -> str:
        """Return the hash of all that the analysis of a record depends on beside its text."""
        named = [source.title, source.author, source.date, dict(source.meta)]
        parts = as_json([self.task.setup, *named]).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(parts, digest_size=16).hexdigest()

    def _without(self, position: int) -> dict[str, str]:
        """Return the stages that are not to be called on a record."""
        return {stage: why for at, stage, why in self.task.without if at == position}

    def _outcome(
        self, source: SourceText, doc_id: str, key: str, analysed: Analysed | None, raw: bytes
    ) -> Analysis:
        """Return a record's rows."""
        path, position, record = self.task.file.path, self.records, storable(source.record)
        row = (
            *(path, record, position, doc_id),
            *(text and storable(text) for text in (source.title, source.author, source.date)),
            *(storable(as_json(dict(source.meta))), key),
        )
        if analysed is None:
            return Analysis(row, doc_id, path, record, position, key, None, None)
        failures = tuple(
            _failure(self.task, f.entry, f.message, record, doc_id, position)
            for f in analysed.failures
        )
        document = document_row(analysed.document, position, source.undecodable, key, raw)
        rows = analysed_rows(analysed.document)
        place = (row, doc_id, path, record, position)
        return Analysis(*place, key, document, rows, failures, dict(analysed.seconds))


def _failure(
    task: Task,
    entry: PluginEntry | None,
    message: str,
    record: str,
    doc_id: str | None,
    position: int | None,
) -> Failure:
    """Return a failure at its place."""
    return Failure(
        path=task.file.path,
        record=record,
        doc_id=doc_id,
        stage=entry.kind if entry else "readers",
        plugin=entry.name if entry else "",
        version=entry.version if entry else "",
        message=storable(message),
        position=position,
    )


def document_row(
    document: Document, position: int, undecodable: int, key: str, raw: bytes
) -> tuple[object, ...]:
    """Return a document's own row; the study fills in cluster and generation."""
    return (
        *(document.doc_id, document.path, document.record, position, document.script),
        *(document.encoding, undecodable, document.abstained, len(document.text), document.text),
        *(zlib.compress(raw), document.source_map.to_bytes(), bands(document.text)),
        *(_as_rows(document.locators), _fields(document), None, key, 0),
    )


def _fields(document: Document) -> str:
    """Return a document's fields in the study's index as JSON."""
    names = (document.path, document.record, document.title, document.author, document.date)
    return storable(as_json(index_fields(*names, document.meta)))


def _as_rows(locators: Iterable[Locator]) -> str:
    """Return locators as JSON."""
    return as_json([[each.start, each.kind, each.name] for each in locators])
