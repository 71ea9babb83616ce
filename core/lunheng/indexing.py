"""Keep a study's n-gram index in step with its documents.

A document's fields are its path, record, title, author, date and the user's own columns, so that a
search can be narrowed by them.

The study records which commit of the index holds which generation of its documents. Documents
that were only added are added; after any other change, or when index and study disagree because a
run was interrupted, the index is made anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from lunheng.errors import LunhengError
from lunheng.index import NgramIndex
from lunheng.recording import Recording
from lunheng.study import INDEX


def refresh_index(recording: Recording) -> None:
    """Bring the index of the study that is being recorded up to its present generation.

    Raises:
        NgramIndexError: the index cannot be written.
    """
    folder = recording.folder / INDEX
    recording.commit()
    counters = recording.counters
    present, indexed = counters.generation, counters.indexed
    commit = _commit_of(folder)
    agrees = commit is not None and commit == counters.index_commit
    if agrees and indexed == present:
        return
    recording.note_index(commit=None, generation=0)
    if not agrees or indexed < counters.removal:
        indexed = 0
        shutil.rmtree(folder, ignore_errors=True)
        NgramIndex.create(folder).close()
    with NgramIndex.open(folder) as index:
        for doc_id, text, fields in recording.added_since(indexed):
            index.add(text, **{**fields, "doc_id": doc_id})
        commit = index.commit()
    recording.note_index(commit=commit, generation=present)


def _commit_of(folder: Path) -> int | None:
    """Return the commit that an index is at; ``None`` where there is no whole index."""
    try:
        with NgramIndex.open(folder) as index:
            return index.generation
    except (LunhengError, OSError):
        return None
