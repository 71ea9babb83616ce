"""Writes a short brief in Markdown: question, answer, who stands where, quotations, caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from lunheng.hookspecs import hookimpl
from lunheng.i18n import Catalog
from lunheng_plugins.reports.escaping import plain, replace_surrogates
from lunheng_plugins.reports.model import Position, View
from lunheng_plugins.reports.selection import best_evidence, by_number, place_name
from lunheng_plugins.reports.summary import answer, caveats, disputes, stands
from lunheng_plugins.reports.templating import environment
from lunheng_plugins.reports.view import build_view

if TYPE_CHECKING:
    from lunheng.study import Study


@dataclass(frozen=True, slots=True)
class MarkdownSettings:
    """How long the brief may get; ``templates`` is a folder whose templates come first."""

    templates: str = ""
    holders: int = 8
    targets_per_holder: int = 6
    quotations: int = 1
    rows: int = 15


@dataclass(frozen=True, slots=True)
class MarkdownReport:
    """Writes ``report.md``."""

    settings: MarkdownSettings

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write the brief in UTF-8 and return its path."""
        say = Catalog.load("lunheng_plugins.reports", lang)
        view = study.once(build_view, lang).view
        text = render(view, environment(self.settings.templates, say), say, self.settings)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "report.md"
        path.write_text(replace_surrogates(text), encoding="utf-8")
        return [path]


def render(view: View, templates: Environment, say: Catalog, settings: MarkdownSettings) -> str:
    """Return the brief's text."""
    evidence = by_number(view.evidence)
    articles = {a.number: a for a in view.articles}
    quotation = templates.get_template("quotations.md.j2")

    def quotations(position: Position, named: bool = True) -> str:
        return quotation.render(
            position=position,
            named=named,
            side="favor" if position.net > 0 else "against" if position.net < 0 else "neutral",
            items=best_evidence(position, evidence, settings.quotations),
            article=articles.__getitem__,
            place=lambda item: place_name(item.place, articles[item.article], say),
        )

    standing = stands(view)
    camps = [side for side in view.terms if side.kind not in ("article", "speaker")]
    speakers = [side for side in view.terms if side.kind == "speaker"]
    return templates.get_template("brief.md.j2").render(
        view=view,
        answer=answer(view, say),
        caveats=caveats(view, say),
        disputes=disputes(view.positions)[: settings.targets_per_holder],
        contradictions=view.contradictions[: settings.rows],
        courses=[course for course in view.courses if course.turned][: settings.rows],
        words=evidence,
        place=lambda item: place_name(item.place, articles[item.article], say),
        digest=view.digests[0].sentences if view.digests else (),
        stands=standing[: settings.holders],
        targets=settings.targets_per_holder,
        more_holders=max(0, len(standing) - settings.holders),
        terms=camps or speakers[: settings.holders],
        claims=view.claims[: settings.rows],
        entities=view.entities[: settings.rows],
        quotations=quotations,
        article=articles.__getitem__,
        manifest=provenance(view.manifest),
    )


def provenance(manifest: Mapping[str, Any]) -> str:
    """Return what a run was made of, one fact a line; the JSON report has all of it."""
    lines = [f"{key} {manifest[key]}" for key in ("lunheng", "python", "numpy") if key in manifest]
    lines += [
        f"{p['kind']}.{p['name']} ({p['distribution']} {p['version']})"
        for p in manifest.get("plugins", ())
    ]
    return "\n".join(plain(line) for line in lines)


@hookimpl
def lunheng_settings() -> type[MarkdownSettings]:
    """Return the settings' type."""
    return MarkdownSettings


@hookimpl
def lunheng_reports(settings: MarkdownSettings | None) -> MarkdownReport:
    """Make the writer."""
    return MarkdownReport(settings or MarkdownSettings())
