"""Writes a ``metadata.json`` that makes the study's database a good Datasette."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.hookspecs import hookimpl
from lunheng.i18n import Catalog

if TYPE_CHECKING:
    from lunheng.study import Study

DATABASE = "study"
FACETS: Mapping[str, tuple[str, ...]] = {
    "stances": ("polarity", "holder", "target", "frame", "attribution", "verdict"),
    "positions": ("holder_type", "frame"),
    "mentions": ("type", "name"),
    "entities": ("type",),
    "quotes": ("holder", "attribution"),
    "repairs": ("cleaner",),
    "failures": ("stage", "plugin"),
    "documents": ("script",),
}
ORDER: Mapping[str, tuple[str, str]] = {
    "stances": ("sort_desc", "score"),
    "entities": ("sort_desc", "mentions"),
    "positions": ("sort_desc", "documents"),
}
HIDDEN = ("files", "state")
STANCES = """
SELECT st.holder, st.polarity, st.target, st.evidence, round(st.score, 2) AS score,
       coalesce(so.title, d.path) AS article, d.path, st.source_start, st.source_end
FROM stances st JOIN documents d USING (doc_id)
LEFT JOIN sources so ON so.path = d.path AND so.position = d.position
WHERE st.verdict IS NOT 'rejected'
  AND (:holder = '' OR st.holder LIKE '%' || :holder || '%')
  AND (:target = '' OR st.target LIKE '%' || :target || '%')
ORDER BY st.score DESC
""".strip()
DISPUTES = """
SELECT target, frame, sum(favor > against) AS holders_for, sum(against > favor) AS holders_against,
       group_concat(CASE WHEN favor > against THEN holder END, '、') AS for_it,
       group_concat(CASE WHEN against > favor THEN holder END, '、') AS against_it
FROM positions GROUP BY target, frame
HAVING holders_for > 0 AND holders_against > 0
ORDER BY min(holders_for, holders_against) DESC, holders_for + holders_against DESC
""".strip()


@dataclass(frozen=True, slots=True)
class DatasetteReport:
    """Writes ``metadata.json``, for ``datasette study.db --metadata reports/metadata.json``."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write the file and return its path."""
        say = Catalog.load("lunheng_plugins.reports", lang)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "metadata.json"
        text = json.dumps(metadata(say), ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")
        return [path]


def metadata(say: Catalog) -> dict[str, Any]:
    """Return what Datasette should know of a study: titles, facets, order, ready queries."""
    tables: dict[str, dict[str, Any]] = {
        name: {"facets": list(facets)} for name, facets in FACETS.items()
    }
    for name, (key, column) in ORDER.items():
        tables.setdefault(name, {})[key] = column
    for name in HIDDEN:
        tables.setdefault(name, {})["hidden"] = True
    for name in ("stances", "positions", "entities", "documents"):
        tables[name]["description"] = say(f"datasette_{name}")
    queries = {
        "stances_of": {"sql": STANCES, "title": say("datasette_stances_of")},
        "disputes": {"sql": DISPUTES, "title": say("section_disputes")},
    }
    return {
        "title": f"{say('title')} · Lunheng",
        "databases": {DATABASE: {"tables": tables, "queries": queries}},
    }


@hookimpl
def lunheng_reports(settings: Any) -> DatasetteReport:
    """Make the writer; it has no settings."""
    return DatasetteReport()
