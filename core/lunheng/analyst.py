"""Analyse one file: the function that an engine runs, in this process or in a worker.

It takes a task, yields one outcome a record and one for the file, and raises nothing: what goes
wrong is an outcome too.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

from lunheng import contracts
from lunheng.config import Config
from lunheng.containment import contained, explain, strict
from lunheng.documents import Document, SourceText
from lunheng.duplicates import bands
from lunheng.errors import LunhengError, PluginError
from lunheng.inputs import InputFile
from lunheng.pipeline import (
    ANALYSIS_KINDS,
    CORE,
    Analysed,
    StageFailure,
    bare_document,
    storable,
)
from lunheng.plugins import PluginEntry, Stage
from lunheng.recording import Analysis, Failure
from lunheng.selection import Selection, select_stages
from lunheng.tables import analysed_rows, as_json

KINDS = ("readers", *ANALYSIS_KINDS)
NO_TEXT = "expected text, found none"


@dataclass(frozen=True, slots=True)
class Task:
    """A file to analyse, and what need not be done.

    Records before ``start`` are left out; ``known`` are the (doc_id, analysis) that the study
    has. ``without`` says which stage (``kind.name``) is not to be called on which record, and
    why. A ``traced`` task announces each call of a plugin before it is made. ``data`` is the
    file's content where it is no file but standard input.
    """

    file: InputFile
    reader: str
    setup: str
    known: frozenset[tuple[str, str]] = frozenset()
    start: int = 0
    without: tuple[tuple[int, str, str], ...] = ()
    traced: bool = False
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Entering:
    """A traced task is about to call a stage (``kind.name``) on a record."""

    position: int
    stage: str


@dataclass(frozen=True, slots=True)
class FileEnd:
    """A file came to its end; ``digest`` is empty where it could not be read at all.

    ``seconds`` is the CPU time that all of it took.
    """

    digest: str
    n_bytes: int
    records: int
    failure: Failure | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """A plugin failed and ``LUNHENG_STRICT=1``: the run is to stop."""

    message: str


Outcome = Analysis | Entering | FileEnd | Stopped


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

    @property
    def reader(self) -> Stage:
        """The reader of the file."""
        return next(s for s in self.selection.stages["readers"] if s.entry.name == self.task.reader)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield one outcome a record, and the end of the file."""
        task = self.task
        try:
            data = Path(task.file.file).read_bytes() if task.data is None else task.data
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            yield FileEnd("", 0, 0, self._failed(None, message))
            return
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        failure = yield from self._records(self.reader, data)
        yield FileEnd(digest, len(data), self.records, failure)

    def _records(self, stage: Stage, data: bytes) -> Generator[Outcome, None, Failure | None]:
        """Yield the outcomes of the records; return the failure that ended them, if one did."""
        blocked = self._without(-1).get(f"readers.{stage.entry.name}")
        if blocked is not None:
            return self._failed(stage.entry, blocked)
        if self.task.traced:
            yield Entering(-1, f"readers.{stage.entry.name}")
        try:
            with contained(stage.entry, "failed"):
                sources = iter(stage.made.read(data, self.task.file.path))
            while True:
                with contained(stage.entry, "failed"):
                    source = next(sources, None)
                    if source is None:
                        break
                    contracts.check_source(source)
                if self.records >= self.task.start:
                    yield from self._record(source)
                    if self.task.traced:
                        yield Entering(-1, f"readers.{stage.entry.name}")
                self.records += 1
        except PluginError as error:
            cause = error.__cause__ or error
            if strict() and not isinstance(cause, LunhengError):
                raise
            return self._failed(stage.entry, explain(cause, stage.entry))
        return None if self.records else self._failed(stage.entry, NO_TEXT)

    def _record(self, source: SourceText) -> Iterator[Outcome]:
        """Yield the outcome of one record."""
        raw = storable(source.source).encode("utf-8")
        doc_id = hashlib.blake2b(raw, digest_size=16).hexdigest()
        key = self._analysis_key(source)
        if (doc_id, key) in self.task.known:
            yield self._outcome(source, doc_id, key, None, raw)
            return
        try:
            analysed = yield from self._analyse(source, doc_id)
            if not analysed.document.text.strip():
                analysed.failures.append(StageFailure(self.reader.entry, NO_TEXT))
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

    def _failed(self, entry: PluginEntry | None, message: str) -> Failure:
        """Return a failure of the whole file."""
        return _failure(self.task, entry, message, "", None, None)


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
        *(zlib.compress(raw), document.source_map.to_bytes(), bands(document.text), None, key, 0),
    )
