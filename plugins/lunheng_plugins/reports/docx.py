"""Writes the brief as a Word document; needs the extra ``docx``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lunheng.extras import require
from lunheng.hookspecs import hookimpl
from lunheng.i18n import Catalog
from lunheng_plugins.reports.escaping import plain
from lunheng_plugins.reports.model import Article, Evidence, Position, View
from lunheng_plugins.reports.selection import best_evidence, by_number, place_name
from lunheng_plugins.reports.summary import Dispute, answer, caveats, disputes
from lunheng_plugins.reports.templating import signed
from lunheng_plugins.reports.view import build_view

if TYPE_CHECKING:
    from lunheng.study import Study

FONTS = {"zh": ("Times New Roman", "SimSun"), "en": ("Georgia", "SimSun")}
COLORS = {"favor": "1F5FA8", "against": "B4501A", "soft": "5D616B", "ink": "1D1E22"}
STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "Quote", "Intense Quote", "List Bullet")
MOST_DISPUTES, MOST_HOLDERS, MOST_ROWS = 8, 5, 40


@dataclass(frozen=True, slots=True)
class DocxReport:
    """Writes ``report.docx``."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write the brief and return its path."""
        say = Catalog.load("lunheng_plugins.reports", lang)
        view = study.once(build_view, say.messages["unnamed"]).view
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "report.docx"
        Brief(view, say).compose().save(str(path))
        return [path]


class Brief:
    """One brief in the making: question, answer, disputes, positions, digest, caveats, sources."""

    def __init__(self, view: View, say: Catalog) -> None:
        self.view = view
        self.say = say
        self.evidence = by_number(view.evidence)
        self.articles = {article.number: article for article in view.articles}
        self.shared = require("docx.shared", "docx")
        self.document = require("docx", "docx").Document()
        self._set_fonts(*FONTS[say.language])

    def compose(self) -> Any:
        """Return the finished document."""
        say, count = self.say, len(self.view.articles)
        self.document.add_heading(say("brief_title", articles=count), 0)
        self.document.add_paragraph(say("question_text", articles=count)).runs[0].italic = True
        self._lines(say("answer"), answer(self.view, say))
        self._disputes()
        self._positions()
        self._digest()
        self._lines(say("section_caveats"), caveats(self.view, say))
        self._sources()
        return self.document

    def _color(self, name: str) -> Any:
        return self.shared.RGBColor.from_string(COLORS[name])

    def _set_fonts(self, latin: str, east_asian: str) -> None:
        """Set the fonts of all styles that the brief uses; the template's blue goes."""
        east = require("docx.oxml.ns", "docx").qn("w:eastAsia")
        for name in STYLES:
            style = self.document.styles[name]
            style.font.name = latin
            style.element.get_or_add_rPr().get_or_add_rFonts().set(east, east_asian)
            style.font.color.rgb = self._color("ink")
            style.font.italic = False
        self.document.styles["Normal"].font.size = self.shared.Pt(10.5)
        self.document.styles["Normal"].paragraph_format.line_spacing = 1.4

    def _lines(self, title: str, lines: Sequence[str]) -> None:
        self.document.add_heading(title, 1)
        for line in lines:
            self.document.add_paragraph(plain(line), style="List Bullet")

    def _disputes(self) -> None:
        found = disputes(self.view.positions)[:MOST_DISPUTES]
        if found:
            self.document.add_heading(self.say("section_disputes"), 1)
        for dispute in found:
            self.document.add_heading(plain(dispute.target), 2)
            self._dispute(dispute)

    def _dispute(self, dispute: Dispute) -> None:
        for side, group in (("favor", dispute.favor), ("against", dispute.against)):
            for position in group[:MOST_HOLDERS]:
                line = self.document.add_paragraph()
                line.add_run(plain(position.holder)).bold = True
                verdict = line.add_run(f" {self.say(side)} {signed(position.net)}")
                verdict.font.color.rgb = self._color(side)
                for item in best_evidence(position, self.evidence, 1):
                    self._quotation(item)

    def _quotation(self, item: Evidence) -> None:
        """Add the sentence with its evidence underlined, and where it stands."""
        line = self.document.add_paragraph(style="Intense Quote")
        start, end = item.start - item.context_start, item.end - item.context_start
        line.add_run(plain(item.context[:start]))
        line.add_run(plain(item.context[start:end])).underline = True
        line.add_run(plain(item.context[end:]))
        article = self.articles[item.article]
        place = f"\n{article.title}{self.say('sep')}{place_name(item.place, article, self.say)}"
        source = line.add_run(plain(place))
        source.font.size, source.font.color.rgb = self.shared.Pt(8.5), self._color("soft")

    def _positions(self) -> None:
        say = self.say
        self.document.add_heading(say("section_matrix"), 1)
        head = ("col_holder", "col_target", "col_for", "col_against", "col_neutral", "col_net")
        rows = [_position_cells(p) for p in self.view.positions[:MOST_ROWS]]
        self._table([say(key) for key in head], rows)
        if (left := len(self.view.positions) - MOST_ROWS) > 0:
            self.document.add_paragraph(say("more_rows", n=left))

    def _digest(self) -> None:
        if not self.view.digests:
            return
        self.document.add_heading(self.say("section_digest"), 1)
        for sentence in self.view.digests[0].sentences:
            line = self.document.add_paragraph(plain(sentence.text), style="Quote")
            title = self.articles[sentence.article].title
            where = f"\n{sentence.holder}{self.say('sep')}{title}"
            source = line.add_run(plain(where))
            source.font.size, source.font.color.rgb = self.shared.Pt(8.5), self._color("soft")

    def _sources(self) -> None:
        say = self.say
        self.document.add_heading(say("section_articles"), 1)
        head = ("col_title", "col_author", "col_date", "col_stances", "col_file")
        self._table(
            ["#", *(say(key) for key in head)], [_article_cells(a) for a in self.view.articles]
        )

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = self.document.add_table(1, len(head), style="Light List")
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            cell.text = text
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = plain(text)


def _position_cells(p: Position) -> tuple[str, ...]:
    return p.holder, p.target, str(p.favor), str(p.against), str(p.neutral), signed(p.net)


def _article_cells(article: Article) -> tuple[str, ...]:
    counts = str(article.counts["stances"])
    known = (article.author or "", article.date or "", counts, article.sources[0])
    return str(article.number), article.title, *known


@hookimpl
def lunheng_reports(settings: Any) -> DocxReport:
    """Make the writer; it has no settings."""
    return DocxReport()
