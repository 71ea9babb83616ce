"""Writes the whole view as one JSON file, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.hookspecs import hookimpl
from lunheng.i18n import Catalog
from lunheng_plugins.reports.escaping import replace_surrogates
from lunheng_plugins.reports.summary import answer, caveats
from lunheng_plugins.reports.view import build_view

if TYPE_CHECKING:
    from lunheng.study import Study

FORMAT = "lunheng-report/1"


@dataclass(frozen=True, slots=True)
class JsonReport:
    """Writes ``report.json``: offsets are half-open code points, numbers count from 1."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write the file in UTF-8 and return its path."""
        say = Catalog.load("lunheng_plugins.reports", lang)
        view = study.once(build_view, lang).view
        record = {
            "format": FORMAT,
            "language": lang,
            "answer": answer(view, say),
            "caveats": caveats(view, say),
            **asdict(view),
        }
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "report.json"
        text = json.dumps(record, ensure_ascii=False, indent=1, default=str)
        path.write_text(replace_surrogates(text) + "\n", encoding="utf-8")
        return [path]


@hookimpl
def lunheng_reports(settings: Any) -> JsonReport:
    """Make the writer; it has no settings."""
    return JsonReport()
