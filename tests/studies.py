"""Make studies with the small stages in ``tests/stages``, and compare studies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lunheng.batch import Options, Summary, run
from lunheng.config import Config
from lunheng.study import Study
from lunheng.tables import TABLES

STAGES = Path(__file__).parent / "stages"
PLAIN = tuple(
    f"stages.{kind}=plain"
    for kind in ("readers", "cleaners", "tokenizers", "entities", "quotes", "stance")
)
SERIAL = "stages.engines=serial"


class Notes:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, dict[str, object]]] = []
        self.files = self.bytes = 0

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Keep nothing."""

    def note(self, key: str, /, **fields: object) -> None:
        """Keep a note."""
        self.notes.append((key, fields))

    def advance(self, n_files: int, n_bytes: int, n_documents: int, n_failures: int) -> None:
        """Count."""
        self.files += n_files
        self.bytes += n_bytes

    def skip(self, n_bytes: int) -> None:
        """Count."""
        self.files += 1
        self.bytes += n_bytes

    def about(self, key: str) -> list[dict[str, object]]:
        """Return the fields of the notes of one kind."""
        return [fields for name, fields in self.notes if name == key]


def analyse(
    paths: Iterable[Path | str],
    study: Path,
    *assignments: str,
    notes: Notes | None = None,
    folders: tuple[Path, ...] = (),
    **options: Any,
) -> Summary:
    """Run the small stages in this process, unless an assignment says otherwise."""
    config = Config.load(None, {}, [*PLAIN, SERIAL, *assignments])
    chosen = Options(plugin_folders=(STAGES, *folders), **options)
    return run([str(path) for path in paths], study, config, chosen, notes or Notes())


def dump(study: Path) -> dict[str, list[dict[str, Any]]]:
    """Return every table of a study without runs, times and row ids, plus the large columns."""
    with Study.open(study) as opened:
        tables = {name: list(opened.rows(name)) for name in TABLES if name != "runs"}
        for row in tables["documents"]:
            del row["generation"]
            row["source"] = opened.source(row["doc_id"])
            row["source_map"] = opened.source_map(row["doc_id"]).to_bytes()
        return tables


def write(folder: Path, **texts: str) -> Path:
    """Write texts as files, ``a_txt`` as ``a.txt``, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return folder
