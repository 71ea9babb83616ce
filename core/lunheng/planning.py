"""Decide what a run has to do: which files are new or changed, and how each is to be read."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator

from lunheng import locations
from lunheng.errors import ReadError
from lunheng.inputs import STDIN, InputFile
from lunheng.observer import Observer
from lunheng.outcomes import Failure, Task
from lunheng.reading import HEAD, choose_reader, unpacks
from lunheng.recording import Recording
from lunheng.selection import Fingerprints, Selection


class Planner:
    """Compares files with what the study knows of them; counts files, and those left as they are.

    With ``only_failed`` those are done again in which something failed, with ``fresh`` all.
    """

    def __init__(
        self,
        recording: Recording,
        selection: Selection,
        prints: Fingerprints,
        observer: Observer,
        *,
        fresh: bool,
        only_failed: bool,
    ) -> None:
        self.recording = recording
        self.readers = selection.stages["readers"]
        self.prints = prints
        self.observer = observer
        self.fresh = fresh
        self.only_failed = only_failed
        self.files = 0
        self.unchanged = 0

    def tasks(self, files: Iterable[InputFile]) -> Iterator[Task]:
        """Yield a task for every file that is new, changed or to be done again."""
        failed = set(self.recording.failed_paths()) if self.only_failed else set()
        for file in files:
            self.files += 1
            if self.only_failed and file.path not in failed:
                self._skip(file)
                continue
            task = self.task(file, redo=self.fresh or self.only_failed)
            if task is not None:
                yield task

    def task(self, file: InputFile, *, redo: bool) -> Task | None:
        """Return what is to be done for a file; ``None`` when nothing is, or it cannot be read."""
        data = sys.stdin.buffer.read() if file.file == STDIN else None
        try:
            digest, head = _digest(file, data)
            setup = self._setup(file.path, head)
        except (OSError, ReadError) as error:
            self.recording.begin_file(file.path)
            reason = error.strerror if isinstance(error, OSError) else None
            self.fail(file.path, f"cannot be read: {reason or error}")
            self.observer.advance(1, size(file), 0, 1)
            return None
        if not redo and self.recording.known_file(file.path) == (digest, setup):
            self._skip(file)
            return None
        known = frozenset() if redo else self.recording.known_documents(file.path, digest)
        self.recording.begin_file(file.path)
        return Task(file, setup, known, data=data)

    def fail(self, path: str, message: str) -> None:
        """Record that a file could not be read at all."""
        self.recording.fail(Failure(path, "", None, "readers", "", "", message))

    def _skip(self, file: InputFile) -> None:
        """Count a file that is left as it is."""
        self.unchanged += 1
        self.observer.skip(size(file))

    def _setup(self, path: str, head: bytes) -> str:
        """Return the hash of all that the analysis of a file depends on.

        Raises:
            ReadError: no reader was chosen.
        """
        reader = choose_reader(self.readers, path, head)
        called = self.readers if unpacks(reader) else (reader,)
        return self.prints.setup(*(stage.entry.name for stage in called))


def size(file: InputFile) -> int:
    """Return the size of a file in bytes, 0 where it has none."""
    return 0 if file.file == STDIN else locations.size(file.file)


def _digest(file: InputFile, data: bytes | None) -> tuple[str, bytes]:
    """Return the hash and the first bytes of a file, or of data read from elsewhere."""
    if data is not None:
        return hashlib.blake2b(data, digest_size=16).hexdigest(), data[:HEAD]
    return locations.fingerprint(file.file), locations.head(file.file, HEAD)
