"""What an engine is given and gives back: a file to analyse, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lunheng.inputs import InputFile
from lunheng.tables import Row


@dataclass(frozen=True, slots=True)
class Task:
    """A file to analyse, and what need not be done.

    Records before ``start`` are left out; ``known`` are the (doc_id, analysis) that the study
    has. ``without`` says which stage (``kind.name``) is not to be called on which record, and
    why. A ``traced`` task announces each call of a plugin before it is made. ``data`` is the
    file's content where it is no file but standard input.
    """

    file: InputFile
    setup: str
    known: frozenset[tuple[str, str]] = frozenset()
    start: int = 0
    without: tuple[tuple[int, str, str], ...] = ()
    traced: bool = False
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong where: a file, or one stage on one document."""

    path: str
    record: str
    doc_id: str | None
    stage: str
    plugin: str
    version: str
    message: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """The rows of one record of one file, ready to be stored.

    ``document`` and ``rows`` are ``None`` where the study has the document already. ``analysis``
    is the hash of what the rows depend on, ``source`` the row of the table ``sources``, and
    ``seconds`` the CPU time that each stage took.
    """

    source: Row
    doc_id: str
    path: str
    record: str
    position: int
    analysis: str
    document: Row | None
    rows: Mapping[str, list[Row]] | None
    failures: tuple[Failure, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entering:
    """A traced task is about to call a stage (``kind.name``) on a record.

    ``position`` is the record's; a reader is called on the file (-1) or on the n-th file within
    it (-1 - n).
    """

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
    failures: tuple[Failure, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """A plugin failed and ``LUNHENG_STRICT=1``: the run is to stop."""

    message: str


Outcome = Analysis | Entering | FileEnd | Stopped
