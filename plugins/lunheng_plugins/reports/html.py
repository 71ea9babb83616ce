"""Writes one self-contained HTML page: the debate, its evidence, and every text in full."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment

from lunheng.hookspecs import hookimpl
from lunheng.i18n import Catalog
from lunheng_plugins.reports.charts import Charts, draw_charts
from lunheng_plugins.reports.escaping import replace_surrogates
from lunheng_plugins.reports.model import Overview, View
from lunheng_plugins.reports.naming import FrameTitles
from lunheng_plugins.reports.opening import (
    MOST_DATES,
    MOST_TURNS,
    Words,
    closing,
    debates,
    excerpt,
    lead,
    strongest,
)
from lunheng_plugins.reports.payload import document_payloads, index_payload, pack
from lunheng_plugins.reports.selection import by_number
from lunheng_plugins.reports.summary import caveats, reading
from lunheng_plugins.reports.templating import environment, source_of
from lunheng_plugins.reports.view import StudyView, build_view

if TYPE_CHECKING:
    from lunheng.study import Study

SCRIPTS = (
    *("1_dom", "2_text", "3_source", "4_evidence", "5_matrix", "6_compare", "7_tables"),
    *("8_reader", "9_corrections", "10_main"),
)
LANGUAGE = {"simplified": "zh-Hans", "traditional": "zh-Hant"}
FIGURES = ("holders", "targets", "stances", "turns", "quotes", "mentions", "abstained", "failures")


@dataclass(frozen=True, slots=True)
class HtmlSettings:
    """``templates`` is a folder whose templates, style and scripts come before ours."""

    templates: str = ""


@dataclass(frozen=True, slots=True)
class HtmlReport:
    """Writes ``report.html``; no request leaves it, and it runs no script but its own."""

    settings: HtmlSettings

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write the page in UTF-8 and return its path."""
        say = Catalog.load("lunheng_plugins.reports", lang)
        read = study.once(build_view, lang)
        page = render(study, read, environment(self.settings.templates, say), say)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "report.html"
        path.write_text(replace_surrogates(page), encoding="utf-8", newline="\n")
        return [path]


def style_of(templates: Environment) -> str:
    """Return the page's style sheet."""
    return source_of(templates, "report.css")


def script_of(templates: Environment) -> str:
    """Return the page's script."""
    body = "\n".join(source_of(templates, f"js/{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def render(study: Study, read: StudyView, templates: Environment, say: Catalog) -> str:
    """Return the page as one file, with its data and all texts in it."""
    style, script = style_of(templates), script_of(templates)
    return _page(
        read.view,
        by_number(read.view.evidence),
        read.outline.titles,
        templates,
        say,
        live="",
        style=style,
        style_hash=content_hash(style),
        script=script,
        script_hash=content_hash(script),
        index=pack(index_payload(read, study.folder.resolve().name, say)),
        documents=((number, pack(d)) for number, d in document_payloads(study, read)),
    )


def live_page(
    view: View,
    words: Words,
    titles: FrameTitles,
    templates: Environment,
    say: Catalog,
    **live: object,
) -> str:
    """Return the page that asks its server for style, script, data and texts.

    ``words`` has the evidence that ``opening.quoted`` names; ``live`` is the token that the server
    wants to see with a correction, ``pending`` the message that stands for
    sections which it lacks.
    """
    return _page(view, words, titles, templates, say, **live)


def _page(
    view: View,
    words: Words,
    titles: FrameTitles,
    templates: Environment,
    say: Catalog,
    **parts: object,
) -> str:
    """Fill the page's template; ``parts`` are how its data comes."""
    templates.filters["lang"] = lambda article: LANGUAGE.get(article.script, "zh")
    frames = {p.frame for p in view.positions if p.frame}
    charts = draw_charts(view, titles)
    return templates.get_template("report.html.j2").render(
        view=view,
        charts=charts,
        title=f"{say('title')} · Lunheng",
        version=version("lunheng"),
        reading=reading(view.overview, say),
        lead=lead(view, say),
        debates=debates(view, words, say),
        strongest=strongest(view, words),
        closing=closing(view, say),
        contradictions=view.contradictions[:MOST_TURNS],
        courses=view.courses[:MOST_TURNS],
        most_dates=MOST_DATES,
        words=words,
        excerpt=excerpt,
        caveats=caveats(view, say),
        figures=_figures(view.overview, say),
        share=_share(view.overview),
        sections=_sections(view, charts, say),
        frames=sorted((frame, titles.name(frame)) for frame in frames),
        article={a.number: a for a in view.articles}.__getitem__,
        manifest=json.dumps(view.manifest, ensure_ascii=False, indent=1, default=str),
        **{"pending": "", **parts},
    )


def content_hash(text: str) -> str:
    """Return the SHA-256 of an element's content as a content security policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _figures(overview: Overview, say: Catalog) -> list[tuple[str, str]]:
    return [(say(f"figure_{name}"), f"{getattr(overview, name):,}") for name in FIGURES]


def _share(overview: Overview) -> list[tuple[str, float, float]]:
    """Return for each side the beginning and width of its part of a bar of 1000 units."""
    parts, x = [], 0.0
    for side in ("favor", "neutral", "against"):
        width = 1000 * getattr(overview, side) / max(overview.stances, 1)
        parts.append((side, round(x, 1), round(width, 1)))
        x += width
    return parts


def _sections(view: View, charts: Charts, say: Catalog) -> list[tuple[str, str]]:
    """Return the identifiers and titles of the sections that the page has."""
    known: list[tuple[str, str, object]] = [
        ("answer", "answer", True),
        ("matrix", "section_matrix", view.overview.stances),
        ("compare", "section_compare", len(view.holders) > 1),
        ("turns", "section_turns", view.contradictions or view.courses),
        ("axes", "section_axes", charts.axes),
        ("network", "section_network", charts.network.edges),
        ("timeline", "section_timeline", charts.timeline),
        ("digest", "section_digest", view.digests),
        ("claims", "section_claims", view.overview.claims),
        ("entities", "section_entities", view.overview.entities),
        ("terms", "section_terms", view.terms),
        ("articles", "section_articles", True),
        ("provenance", "section_caveats", True),
    ]
    return [(name, say(key)) for name, key, present in known if present]


@hookimpl
def lunheng_settings() -> type[HtmlSettings]:
    """Return the settings' type."""
    return HtmlSettings


@hookimpl
def lunheng_reports(settings: HtmlSettings | None) -> HtmlReport:
    """Make the writer."""
    return HtmlReport(settings or HtmlSettings())
