"""Keep a study's n-gram index in step with its documents.

The index folder carries the generation of the study that it was made from. Documents that were
only added are added; after any other change, or when the generation is unknown because a run was
interrupted, the index is made anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from lunheng.errors import NgramIndexError
from lunheng.index import NgramIndex
from lunheng.recording import Recording
from lunheng.study import INDEX

GENERATION = "generation"


def refresh_index(recording: Recording) -> None:
    """Bring the index of the study that is being recorded up to its present generation."""
    folder = recording.folder / INDEX
    recording.commit()
    present = recording.generation
    indexed = _generation(folder)
    if indexed == present:
        return
    mark = recording.folder / INDEX / GENERATION
    if indexed is None or indexed < recording.removal or indexed > present:
        indexed = 0
        shutil.rmtree(folder, ignore_errors=True)
        NgramIndex.create(folder).close()
    mark.unlink(missing_ok=True)
    with NgramIndex.open(folder) as index:
        for doc_id, text in recording.added_since(indexed):
            index.add(text, doc_id=doc_id)
        index.commit()
    mark.write_text(f"{present}\n", "ascii")


def _generation(folder: Path) -> int | None:
    """Return the generation that an index was made from; ``None`` where it is unknown."""
    try:
        generation = int((folder / GENERATION).read_text("ascii"))
        NgramIndex.open(folder).close()
    except (OSError, ValueError, NgramIndexError):
        return None
    return generation
