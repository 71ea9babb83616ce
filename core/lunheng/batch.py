"""Analyse files into a study: what is new or changed is done, the rest is left as it is.

The parent process plans, stores and links; the engine runs ``Analyst`` in workers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from lunheng.analyst import KINDS, Analyst
from lunheng.config import Config
from lunheng.dispatching import Dispatcher
from lunheng.errors import StudyError, UsageError
from lunheng.indexing import refresh_index
from lunheng.inputs import InputFile, Inputs, find_inputs
from lunheng.link import link
from lunheng.observer import Observer
from lunheng.outcomes import Failure
from lunheng.planning import Planner, size
from lunheng.plugins import PluginEntry, discover
from lunheng.recording import Recording
from lunheng.selection import Selection, fingerprints, manifest, select_stages

SHOWN = 5  # failures that are named at the end of a run


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
    for kind in ("engines", "readers"):
        selection.one(kind)
    try:
        with ExitStack() as stack:
            suffixes = [suffix for s in selection.stages["readers"] for suffix in s.made.suffixes]
            inputs = find_inputs(paths, suffixes, stack)
            if not inputs.files and not inputs.unreadable:
                raise UsageError(_nothing_to_read(paths, suffixes, inputs))
            recording = stack.enter_context(Recording.open(folder))
            batch = _Batch(recording, selection, config, installed, options, observer)
            return batch.run(paths, inputs)
    except sqlite3.Error as error:
        raise StudyError(
            f"{folder}: the study cannot be written: {error}. What was saved stays; run the same"
            " command again when the cause is gone."
        ) from error


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
        self.config = config
        self.options = options
        self.observer = observer
        self.summary = Summary()
        self.prints = fingerprints(selection)
        self.planner = Planner(
            *(recording, selection, self.prints, observer),
            fresh=options.fresh,
            only_failed=options.only_failed,
        )
        analyst = Analyst(config, installed, selection)
        self.dispatcher = Dispatcher(selection.one("engines"), analyst, recording, observer)

    def run(self, paths: Sequence[str], inputs: Inputs) -> Summary:
        """Plan, analyse, drop what is gone, link, index."""
        before = self.recording.read().manifest
        record = manifest(self.selection, self.prints, self.config)
        record["paths"] = list(paths)
        record["plugin_folders"] = [str(folder) for folder in self.options.plugin_folders]
        record["passed_over"] = dict(inputs.passed_over)
        number = self.recording.begin_run(record)
        self._announce(inputs, before)
        self.dispatcher.run(self.planner.tasks(inputs.files))
        given = {file.path for file in inputs.files} | {path for path, _ in inputs.unreadable}
        self._account(given, prune=self.options.prune)
        self._settle({file.path: file for file in inputs.files})
        effort = self.dispatcher.effort
        with effort.spent("linking"):
            self.recording.store_links(link(self.recording.read()))
        with effort.spent("indexing"):
            refresh_index(self.recording)
        self.recording.end_run(number, {**record, **effort.report()})
        return self._summarise()

    def _announce(self, inputs: Inputs, before: Mapping[str, Any]) -> None:
        """Say what is about to happen and what was left out; record what cannot be listed."""
        sizes = [size(file) for file in inputs.files]
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
            self.planner.fail(path, f"cannot be read: {message}")
        for suffix, number in inputs.passed_over.items():
            self.observer.note("passed_over", suffix=suffix, number=number)
        if before and not self.options.fresh:
            changed = self.prints.changed_since(before.get("fingerprints", {}))
            if changed:
                self.observer.note("changed", what=", ".join(changed))

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

    def _settle(self, files: Mapping[str, InputFile]) -> None:
        """Redo documents whose first file is now another one with other facts about them."""
        done: set[str] = set()
        while True:
            stale = [path for path in self.recording.reconcile() if path not in done]
            done.update(stale)
            tasks = [self.planner.task(files[path], redo=True) for path in stale if path in files]
            if not any(tasks):
                return
            self.dispatcher.run([task for task in tasks if task is not None])

    def _summarise(self) -> Summary:
        """Count what the study holds."""
        self.summary.files = self.planner.files
        self.summary.unchanged = self.planner.unchanged
        self.summary.analysed = self.dispatcher.analysed
        study = self.recording.read()
        tables = ("documents", "turns", "mentions", "quotes", "stances", "repairs", "failures")
        self.summary.counts = {table: study.count(table) for table in tables}
        self.summary.documents = self.summary.counts["documents"]
        self.summary.failures = self.summary.counts["failures"]
        self.summary.first_failures = tuple(islice(study.rows("failures"), SHOWN))
        return self.summary


def _nothing_to_read(paths: Sequence[str], suffixes: Iterable[str], inputs: Inputs) -> str:
    """Return the message for inputs without a file that a reader is for."""
    expected = f"expected files to read at {', '.join(paths)} ({', '.join(sorted(set(suffixes)))})"
    if not inputs.passed_over:
        return f"{expected}; found nothing: empty, hidden files aside."
    found = ", ".join(f"{number} {suffix}" for suffix, number in inputs.passed_over.items())
    return f"{expected}; found none. No reader is for what is there: {found}."
