"""Analyse files into a study: what is new or changed is done, the rest is left as it is.

The parent process plans, stores and links; the engine runs ``Analyst`` in workers. A worker that
is lost costs one call of one stage on one document: the document is done again, step by step, and
then without the stage that brought the worker down.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from time import monotonic, process_time
from typing import Any, Protocol

from lunheng.analyst import KINDS, Analyst, Entering, FileEnd, Outcome, Stopped, Task
from lunheng.config import Config
from lunheng.containment import contained, strict
from lunheng.errors import LunhengError, PluginError, ReadError, StudyError, UsageError
from lunheng.indexing import refresh_index
from lunheng.inputs import STDIN, InputFile, Inputs, find_inputs
from lunheng.link import link
from lunheng.plugins import PluginEntry, Stage, discover
from lunheng.protocols import Lost
from lunheng.reading import HEAD, choose_reader, unpacks
from lunheng.recording import Analysis, Failure, Recording
from lunheng.selection import Fingerprints, Selection, fingerprints, manifest, select_stages

SHOWN = 5  # failures that are named at the end of a run


class Observer(Protocol):
    """Someone who watches a run, such as a progress bar."""

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Take note of how much there is to read."""

    def note(self, key: str, /, **fields: object) -> None:
        """Tell the user something: the key of a message and its fields."""

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        """Take note of what was done since the last call."""

    def skip(self, n_bytes: int) -> None:
        """Take note of a file that is left as it is."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked to do beside its configuration."""

    prune: bool = False
    fresh: bool = False
    only_failed: bool = False
    plugin_folders: tuple[Path, ...] = ()


@dataclass(slots=True)
class Summary:
    """What a run did, and what the study holds now.

    ``first_failures`` are the first rows of the table of failures, ``not_given`` counts the files
    in the study that were not among those given.
    """

    files: int = 0
    analysed: int = 0
    unchanged: int = 0
    dropped: int = 0
    documents: int = 0
    failures: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    first_failures: tuple[Mapping[str, Any], ...] = ()
    not_given: int = 0


def run(
    paths: Sequence[str], folder: Path, config: Config, options: Options, observer: Observer
) -> Summary:
    """Analyse the files at ``paths`` into the study in ``folder``.

    Raises:
        UsageError: a path does not exist, there is nothing to read, or a plugin that was chosen is
            not installed.
        ConfigError: a setting has no meaning or does not fit.
        StudyError: the folder is no study, is in use, or cannot be written.
        PluginError: the engine cannot be loaded, or any plugin fails and ``LUNHENG_STRICT=1``.
    """
    installed = discover(options.plugin_folders)
    config.check_names(installed)
    selection = select_stages(config, installed, (*KINDS, "engines"))
    engine = selection.one("engines")
    selection.one("readers")
    try:
        with ExitStack() as stack:
            suffixes = [suffix for s in selection.stages["readers"] for suffix in s.made.suffixes]
            inputs = find_inputs(paths, suffixes, stack)
            if not inputs.files and not inputs.unreadable:
                raise UsageError(_nothing_to_read(paths, suffixes, inputs))
            recording = stack.enter_context(Recording.open(folder))
            batch = _Batch(recording, selection, config, installed, options, observer)
            return batch.run(paths, inputs, engine)
    except sqlite3.Error as error:
        raise StudyError(
            f"{folder}: the study cannot be written: {error}. What was saved stays; run the same"
            " command again when the cause is gone."
        ) from error


@dataclass(slots=True)
class Effort:
    """What a run cost: bytes read, and seconds of CPU time by stage and by phase.

    ``analysis`` is what all workers took, stages included; ``storing``, ``linking`` and
    ``indexing`` are the parent's; ``elapsed`` is on the clock.
    """

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    n_bytes: int = 0
    begun: float = field(default_factory=monotonic)

    def add(self, seconds: Mapping[str, float], n_bytes: int = 0) -> None:
        """Add seconds by their name, and bytes."""
        self.n_bytes += n_bytes
        for name, number in seconds.items():
            self.seconds[name] += number

    @contextmanager
    def spent(self, name: str) -> Iterator[None]:
        """Add the CPU time that this process spends inside the context."""
        begun = process_time()
        yield
        self.seconds[name] += process_time() - begun

    def report(self) -> dict[str, Any]:
        """Return what the manifest holds of it."""
        seconds = {**dict(sorted(self.seconds.items())), "elapsed": monotonic() - self.begun}
        return {
            "bytes": self.n_bytes,
            "seconds": {name: round(number, 3) for name, number in seconds.items()},
        }


@dataclass(slots=True)
class _Progress:
    """How far a task has come, as its outcomes tell."""

    position: int
    entered: Entering | None = None


class _Batch:
    """One run under way."""

    def __init__(
        self,
        recording: Recording,
        selection: Selection,
        config: Config,
        installed: tuple[PluginEntry, ...],
        options: Options,
        observer: Observer,
    ) -> None:
        self.recording = recording
        self.selection = selection
        self.analyst = Analyst(config, installed, selection)
        self.config = config
        self.options = options
        self.observer = observer
        self.prints: Fingerprints = fingerprints(selection)
        self.summary = Summary()
        self.effort = Effort()

    def run(self, paths: Sequence[str], inputs: Inputs, engine: Stage) -> Summary:
        """Plan, analyse, drop what is gone, link, index."""
        before = self.recording.read().manifest
        record = manifest(self.selection, self.prints, self.config)
        record["paths"] = list(paths)
        record["plugin_folders"] = [str(folder) for folder in self.options.plugin_folders]
        record["passed_over"] = dict(inputs.passed_over)
        number = self.recording.begin_run(record)
        self._announce(inputs, before)
        self._analyse(engine, self._plan(inputs.files))
        self._account({file.path for file in inputs.files}, prune=self.options.prune)
        self._settle(engine, {file.path: file for file in inputs.files})
        with self.effort.spent("linking"):
            self.recording.store_links(link(self.recording.read()))
        with self.effort.spent("indexing"):
            refresh_index(self.recording)
        self.recording.end_run(number, {**record, **self.effort.report()})
        return self._summarise()

    # planning

    def _announce(self, inputs: Inputs, before: Mapping[str, Any]) -> None:
        """Say what is about to happen and what was left out; record what cannot be listed."""
        sizes = [_size(file) for file in inputs.files]
        self.observer.begin(len(inputs.files), sum(sizes))
        self.recording.clear_run_failures()
        for failure in self.selection.failures:
            self.observer.note("plugin_failed", message=failure.message)
            entry = failure.entry
            self.recording.fail(
                Failure("", "", None, entry.kind, entry.name, entry.version, failure.message)
            )
        for path, message in inputs.unreadable:
            self.recording.begin_file(path)
            self._fail_file(path, f"cannot be read: {message}")
        for suffix, number in inputs.passed_over.items():
            self.observer.note("passed_over", suffix=suffix, number=number)
        if before and not self.options.fresh:
            changed = self.prints.changed_since(before.get("fingerprints", {}))
            if changed:
                self.observer.note("changed", what=", ".join(changed))

    def _plan(self, files: Iterable[InputFile]) -> Iterator[Task]:
        """Yield a task for every file that is new, changed or to be done again."""
        failed = set(self.recording.failed_paths()) if self.options.only_failed else set()
        for file in files:
            self.summary.files += 1
            if self.options.only_failed and file.path not in failed:
                self._skip(file)
                continue
            task = self._task(file, redo=self.options.fresh or self.options.only_failed)
            if task is not None:
                yield task

    def _task(self, file: InputFile, *, redo: bool) -> Task | None:
        """Return what is to be done for a file; ``None`` when nothing is, or it cannot be read."""
        data = sys.stdin.buffer.read() if file.file == STDIN else None
        try:
            digest, head = _digest(file, data)
            setup = self._setup(file.path, head)
        except (OSError, ReadError) as error:
            self.recording.begin_file(file.path)
            reason = error.strerror if isinstance(error, OSError) else None
            self._fail_file(file.path, f"cannot be read: {reason or error}")
            self.observer.advance(1, _size(file), 0, 1)
            return None
        if not redo and self.recording.known_file(file.path) == (digest, setup):
            self._skip(file)
            return None
        known = frozenset() if redo else self.recording.known_documents(file.path, digest)
        self.recording.begin_file(file.path)
        return Task(file, setup, known, data=data)

    def _skip(self, file: InputFile) -> None:
        """Count a file that is left as it is."""
        self.summary.unchanged += 1
        self.observer.skip(_size(file))

    def _setup(self, path: str, head: bytes) -> str:
        """Return the hash of all that the analysis of a file depends on.

        Raises:
            ReadError: no reader was chosen.
        """
        readers = self.selection.stages["readers"]
        reader = choose_reader(readers, path, head)
        called = readers if unpacks(reader) else (reader,)
        return self.prints.setup(*(stage.entry.name for stage in called))

    # analysing

    def _analyse(self, engine: Stage, tasks: Iterable[Task]) -> None:
        """Run tasks; those that are lost are done again until each is through."""
        while True:
            lost = self._pass(engine, tasks)
            if not lost:
                return
            tasks = lost

    def _pass(self, engine: Stage, tasks: Iterable[Task]) -> list[Task]:
        """Run tasks once and return what is to be done for those lost on the way.

        Raises:
            PluginError: the engine fails, or keeps a task to itself.
        """
        given: dict[str, _Progress] = {}
        again: list[Task] = []
        for message in self._messages(engine, _noted(tasks, given)):
            task = message.item if isinstance(message, Lost) else message[0]
            progress = given.setdefault(task.file.path, _Progress(task.start))
            if isinstance(message, Lost):
                again.append(self._after_loss(message, progress))
            else:
                self._take(task, message[1], progress)
            if isinstance(message, Lost) or isinstance(message[1], FileEnd):
                del given[task.file.path]
        if given:
            raise PluginError(f"{engine.entry}: never came to the end of {min(given)}")
        return sorted(again, key=lambda task: task.file.path)

    def _messages(self, engine: Stage, tasks: Iterable[Task]) -> Iterator[Any]:
        """Yield what the engine yields; its failures are its own, not those of what it is given.

        Raises:
            PluginError: the engine raises, or yields what it must not.
        """
        messages: Iterator[Any] = iter(())
        with contained(engine.entry, "failed"):
            messages = iter(engine.made.map(self.analyst, tasks))
        while True:
            try:
                with contained(engine.entry, "failed"):
                    message = next(messages)
            except PluginError as error:
                cause = error.__cause__
                if isinstance(cause, StopIteration):
                    return
                if isinstance(cause, sqlite3.Error | LunhengError):
                    raise cause from None
                raise
            if not isinstance(message, Lost) and not (
                isinstance(message, tuple) and len(message) == 2 and isinstance(message[0], Task)
            ):
                found = str(message)[:200]
                raise PluginError(f"{engine.entry}: expected an item and an output, found {found}")
            yield message

    def _take(self, task: Task, outcome: Outcome, progress: _Progress) -> None:
        """Store one outcome."""
        if isinstance(outcome, Stopped):
            raise PluginError(outcome.message)
        if isinstance(outcome, Entering):
            progress.entered = outcome
        elif isinstance(outcome, Analysis):
            with self.effort.spent("storing"):
                self.recording.store(outcome)
            self.effort.add(outcome.seconds)
            progress.position = outcome.position + 1
            self.summary.analysed += outcome.document is not None
            self.observer.advance(0, 0, 1, len(outcome.failures))
        else:
            self._end_file(task, outcome)

    def _end_file(self, task: Task, end: FileEnd) -> None:
        """Note that a file came to its end, and its failures if it had any."""
        path = task.file.path
        self.effort.add({"analysis": end.seconds}, n_bytes=end.n_bytes)
        for failure in end.failures:
            self.recording.fail(failure)
        for suffix, number in end.passed_over.items():
            self.observer.note("passed_over_within", path=path, suffix=suffix, number=number)
        if end.digest:
            self.recording.end_file(path, end.digest, end.n_bytes, task.setup, end.records)
        self.observer.advance(1, end.n_bytes, 0, len(end.failures))

    def _after_loss(self, lost: Lost[Task], progress: _Progress) -> Task:
        """Return a task to go on with where a worker was lost.

        At first the record is done again in steps, which tells the stage; then without it.

        Raises:
            PluginError: ``LUNHENG_STRICT=1``, or a worker is lost before it calls any plugin.
        """
        task, path = lost.item, lost.item.file.path
        reason = f"{lost.reason}: {lost.detail}"
        if not task.traced:
            return replace(task, start=progress.position, traced=True)
        entered = progress.entered
        if entered is None:
            raise PluginError(f"{path}: a worker was lost before it began ({reason})")
        if strict():
            raise PluginError(f"{path}: {entered.stage} failed ({reason})")
        self.observer.note("worker_lost", path=path, stage=entered.stage, reason=reason)
        without = (*task.without, (entered.position, entered.stage, reason))
        return replace(task, start=progress.position, without=without)

    # after the analysis

    def _account(self, present: set[str], *, prune: bool) -> None:
        """Drop the files that are not among the inputs, or count them."""
        for path in self.recording.file_paths():
            if path in present:
                continue
            if prune:
                self.recording.drop_file(path)
                self.summary.dropped += 1
            else:
                self.summary.not_given += 1

    def _settle(self, engine: Stage, files: Mapping[str, InputFile]) -> None:
        """Redo documents whose first file is now another one with other facts about them."""
        done: set[str] = set()
        while True:
            stale = [path for path in self.recording.reconcile() if path not in done]
            done.update(stale)
            tasks = [self._task(files[path], redo=True) for path in stale if path in files]
            if not any(tasks):
                return
            self._analyse(engine, [task for task in tasks if task is not None])

    def _fail_file(self, path: str, message: str) -> None:
        """Record that a file could not be read at all."""
        self.recording.fail(Failure(path, "", None, "readers", "", "", message))

    def _summarise(self) -> Summary:
        """Count what the study holds."""
        study = self.recording.read()
        tables = ("documents", "turns", "mentions", "quotes", "stances", "repairs", "failures")
        self.summary.counts = {table: study.count(table) for table in tables}
        self.summary.documents = self.summary.counts["documents"]
        self.summary.failures = self.summary.counts["failures"]
        self.summary.first_failures = tuple(islice(study.rows("failures"), SHOWN))
        return self.summary


def _noted(tasks: Iterable[Task], given: dict[str, _Progress]) -> Iterator[Task]:
    """Yield tasks, each with its progress noted by its path."""
    for task in tasks:
        given[task.file.path] = _Progress(task.start)
        yield task


def _nothing_to_read(paths: Sequence[str], suffixes: Iterable[str], inputs: Inputs) -> str:
    """Return the message for inputs without a file that a reader is for."""
    expected = f"expected files to read at {', '.join(paths)} ({', '.join(sorted(set(suffixes)))})"
    if not inputs.passed_over:
        return f"{expected}; found nothing: empty, hidden files aside."
    found = ", ".join(f"{number} {suffix}" for suffix, number in inputs.passed_over.items())
    return f"{expected}; found none. No reader is for what is there: {found}."


def _size(file: InputFile) -> int:
    """Return the size of a file in bytes, 0 where it has none."""
    try:
        return 0 if file.file == STDIN else Path(file.file).stat().st_size
    except OSError:
        return 0


def _digest(file: InputFile, data: bytes | None) -> tuple[str, bytes]:
    """Return the hash and the first bytes of a file, or of data read from elsewhere."""
    if data is not None:
        return hashlib.blake2b(data, digest_size=16).hexdigest(), data[:HEAD]
    if not S_ISREG(Path(file.file).stat().st_mode):
        raise ReadError("expected a regular file")
    with Path(file.file).open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(0)
        digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
    return digest.hexdigest(), head
