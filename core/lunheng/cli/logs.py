"""Logs for whoever runs the command line unwatched: lines on stderr, or JSON objects."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lunheng.batch import Summary
    from lunheng.observer import Observer

EVERY = 10.0  # seconds between lines that tell how far a run has come


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: time (UTC), level, logger, event, and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


class TextLines(logging.Formatter):
    """Writes a record as one line for people, its fields behind the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields = getattr(record, "fields", {})
        told = "".join(f" {name}={value}" for name, value in fields.items())
        when = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="seconds")
        line = f"{when} {record.levelname:<7} {record.name}: {record.getMessage()}{told}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Stderr(logging.Handler):
    """Writes to what is stderr at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        click.echo(self.format(record), err=True)


def begin(ctx: click.Context, level: str, shape: str) -> None:
    """Log from ``level`` upwards, what libraries log included, until the command ends."""
    root, handler = logging.getLogger(), _Stderr()
    handler.setFormatter(JsonLines() if shape == "json" else TextLines())
    before = root.level
    root.addHandler(handler)
    root.setLevel(level.upper())

    def end() -> None:
        root.removeHandler(handler)
        root.setLevel(before)

    ctx.call_on_close(end)


class LoggedRun:
    """Watches a run for the log, and lets another observer show it."""

    def __init__(self, shown: Observer) -> None:
        self._shown = shown
        self._log = logging.getLogger("lunheng.run")
        self._done = dict.fromkeys(("files", "bytes", "documents", "failures"), 0)
        self._told = time.monotonic()

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Log how much there is to read."""
        self.log(logging.INFO, "begin", files=n_files, bytes=n_bytes)
        self._shown.begin(n_files, n_bytes)

    def note(self, key: str, /, **fields: object) -> None:
        """Log what the user is told: losses and failures as warnings."""
        worse = key in ("worker_lost", "plugin_failed")
        self.log(logging.WARNING if worse else logging.INFO, key, **fields)
        self._shown.note(key, **fields)

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        """Log each step when debugging, else now and then how far the run has come."""
        step = dict(zip(self._done, (n_files, n_bytes, n_documents, n_failures), strict=True))
        for name, number in step.items():
            self._done[name] += number
        self.log(logging.DEBUG, "step", **step)
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            self.log(logging.INFO, "progress", **self._done)
        self._shown.advance(n_files, n_bytes, n_documents, n_failures)

    def skip(self, n_bytes: int) -> None:
        """Count a file that is left as it is."""
        self._done["files"] += 1
        self._done["bytes"] += n_bytes
        self._shown.skip(n_bytes)

    def end(self, study: Path, summary: Summary) -> None:
        """Log what the run did and what each stage and phase cost."""
        if not self._log.isEnabledFor(logging.INFO):
            return
        from lunheng.study import Study

        with Study.open(study) as opened:
            seconds = opened.manifest["seconds"]
        self.log(logging.INFO, "end", study=str(study), **asdict(summary), seconds=seconds)

    def log(self, level: int, event: str, **fields: object) -> None:
        """Log an event with its fields."""
        self._log.log(level, event, extra={"fields": fields})
