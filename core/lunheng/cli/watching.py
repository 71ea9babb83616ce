"""Show how a run goes: a bar on a terminal, plain lines elsewhere, JSON lines for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress

    from lunheng.i18n import Catalog

EVERY = 2.0  # seconds between plain lines
MEGA = 1_000_000


def printable(value: object) -> object:
    """Return a value without the control characters that a file name may bring to a terminal."""
    if not isinstance(value, str):
        return value
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)


def shown(fields: Mapping[str, object], language: str) -> dict[str, object]:
    """Return the fields of a message as a terminal may show them, errors in its language."""
    from lunheng.cli.translating import in_chinese

    told = {
        name: in_chinese(value) if language == "zh" and isinstance(value, str) else value
        for name, value in fields.items()
    }
    return {name: printable(value) for name, value in told.items()}


class Watcher:
    """Counts what is done and says so on stderr; a quiet one says only what went wrong."""

    def __init__(self, say: Catalog, *, quiet: bool = False) -> None:
        self.say = say
        self.quiet = quiet
        self.n_files = self.n_bytes = 0
        self.files = self.bytes = self.skipped = self.documents = self.failures = 0
        self.begun = self.shown = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Take note of how much there is to read."""
        self.n_files, self.n_bytes = n_files, n_bytes

    def note(self, key: str, /, **fields: object) -> None:
        """Tell the user something."""
        click.echo(self.say(f"run_{key}", **shown(fields, self.say.language)), err=True)

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        """Count what was done and show it now and then."""
        self.files += n_files
        self.bytes += n_bytes
        self.documents += n_documents
        self.failures += n_failures
        if not self.quiet:
            self.show()

    def skip(self, n_bytes: int) -> None:
        """Count a file that was not read; it tells nothing about the rate."""
        self.skipped += n_bytes
        self.advance(1, n_bytes, 0, 0)

    def show(self) -> None:
        """Write a line when the last one is old enough."""
        now = time.monotonic()
        if now - self.shown < EVERY:
            return
        self.shown = now
        click.echo(self.say("run_progress", **self.figures()), err=True)

    def figures(self) -> dict[str, object]:
        """Return the figures of a progress line."""
        seconds = max(time.monotonic() - self.begun, 1e-9)
        rate = (self.bytes - self.skipped) / MEGA / seconds
        left = (self.n_bytes - self.bytes) / MEGA / rate if rate else 0.0
        return {
            "files": self.files,
            "n_files": self.n_files,
            "documents": self.documents,
            "megabytes": f"{self.bytes / MEGA:.1f}",
            "rate": f"{rate:.2f}",
            "left": f"{max(left, 0):.0f}",
            "failures": self.failures,
        }

    def end(self) -> None:
        """Leave the terminal as it was."""


class JsonWatcher(Watcher):
    """Writes one JSON object a line to stderr."""

    def note(self, key: str, /, **fields: object) -> None:
        """Tell the program something."""
        self._write({"event": key, **fields})

    def show(self) -> None:
        """Write the figures when the last ones are old enough."""
        now = time.monotonic()
        if now - self.shown >= EVERY / 4:
            self.shown = now
            self._write({"event": "progress", **self._counts()})

    def end(self) -> None:
        """Write the last figures."""
        self._write({"event": "end", **self._counts()})

    def _counts(self) -> dict[str, object]:
        """Return what was counted."""
        names = ("files", "n_files", "bytes", "n_bytes", "documents", "failures")
        seconds = round(time.monotonic() - self.begun, 3)
        return {**{name: getattr(self, name) for name in names}, "seconds": seconds}

    def _write(self, event: dict[str, object]) -> None:
        """Write one event."""
        click.echo(json.dumps(event, ensure_ascii=True, default=str), err=True)


class BarWatcher(Watcher):
    """Draws a progress bar."""

    bar: Progress

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Draw the bar; it is redrawn by hand, since a thread would not survive forks."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        super().begin(n_files, n_bytes)
        self.bar = Progress(
            BarColumn(),
            TextColumn("{task.description}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
        )
        self.task = self.bar.add_task("", total=max(n_bytes, 1))
        self.bar.start()

    def note(self, key: str, /, **fields: object) -> None:
        """Tell the user something above the bar."""
        if not hasattr(self, "bar"):
            super().note(key, **fields)
            return
        line = self.say(f"run_{key}", **shown(fields, self.say.language))
        self.bar.console.print(line, markup=False, highlight=False)

    def show(self) -> None:
        """Redraw the bar a few times a second."""
        now = time.monotonic()
        if now - self.shown < EVERY / 10:
            return
        self.shown = now
        line = self.say("run_progress", **self.figures())
        self.bar.update(self.task, completed=self.bytes, description=line, refresh=True)

    def end(self) -> None:
        """Remove the bar."""
        if hasattr(self, "bar"):
            self.bar.stop()


def watcher(say: Catalog, *, quiet: bool, as_json: bool) -> Watcher:
    """Return who is to show a run: for a program, a terminal or a pipe."""
    if as_json:
        return JsonWatcher(say)
    if sys.stderr.isatty() and not quiet:
        return BarWatcher(say)
    return Watcher(say, quiet=quiet)
