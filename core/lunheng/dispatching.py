"""Give tasks to an engine until each is through, and store what comes of them.

A worker that is lost costs one call of one stage on one document: the document is done again, step
by step, and then without the stage that brought the worker down.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lunheng.analyst import Analyst
from lunheng.containment import contained, strict
from lunheng.effort import Effort
from lunheng.errors import LunhengError, PluginError
from lunheng.observer import Observer
from lunheng.outcomes import Analysis, Entering, FileEnd, Outcome, Stopped, Task
from lunheng.plugins import Stage
from lunheng.protocols import Lost
from lunheng.recording import Recording


@dataclass(slots=True)
class _Progress:
    """How far a task has come, as its outcomes tell."""

    position: int
    entered: Entering | None = None


class Dispatcher:
    """Hands out tasks and takes in their outcomes; counts the documents that were analysed."""

    def __init__(
        self, engine: Stage, analyst: Analyst, recording: Recording, observer: Observer
    ) -> None:
        self.engine = engine
        self.analyst = analyst
        self.recording = recording
        self.observer = observer
        self.effort = Effort()
        self.analysed = 0

    def run(self, tasks: Iterable[Task]) -> None:
        """Run tasks; those that are lost are done again until each is through."""
        while True:
            lost = self._pass(tasks)
            if not lost:
                return
            tasks = lost

    def _pass(self, tasks: Iterable[Task]) -> list[Task]:
        """Run tasks once and return what is to be done for those lost on the way.

        Raises:
            PluginError: the engine fails, or keeps a task to itself.
        """
        given: dict[str, _Progress] = {}
        again: list[Task] = []
        for message in self._messages(_noted(tasks, given)):
            task = message.item if isinstance(message, Lost) else message[0]
            progress = given.setdefault(task.file.path, _Progress(task.start))
            if isinstance(message, Lost):
                again.append(self._after_loss(message, progress))
            else:
                self._take(task, message[1], progress)
            if isinstance(message, Lost) or isinstance(message[1], FileEnd):
                del given[task.file.path]
        if given:
            raise PluginError(f"{self.engine.entry}: never came to the end of {min(given)}")
        return sorted(again, key=lambda task: task.file.path)

    def _messages(self, tasks: Iterable[Task]) -> Iterator[Any]:
        """Yield what the engine yields; its failures are its own, not those of what it is given.

        Raises:
            PluginError: the engine raises, or yields what it must not.
        """
        messages: Iterator[Any] = iter(())
        with contained(self.engine.entry, "failed"):
            messages = iter(self.engine.made.map(self.analyst, tasks))
        while True:
            try:
                with contained(self.engine.entry, "failed"):
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
                raise PluginError(
                    f"{self.engine.entry}: expected an item and an output, found {found}"
                )
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
            self.analysed += outcome.document is not None
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


def _noted(tasks: Iterable[Task], given: dict[str, _Progress]) -> Iterator[Task]:
    """Yield tasks, each with its progress noted by its path."""
    for task in tasks:
        given[task.file.path] = _Progress(task.start)
        yield task
