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
from lunheng_plugins.reports.selection import best_evidence, by_number, place_name, where
from lunheng_plugins.reports.summary import Dispute, answer, caveats, disputes, stands
from lunheng_plugins.reports.templating import signed
from lunheng_plugins.reports.view import build_view

if TYPE_CHECKING:
    from lunheng.study import Study

FONTS = {"zh": ("Times New Roman", "SimSun"), "en": ("Georgia", "SimSun")}
COLORS = {
    "favor": "1F5FA8",
    "against": "B4501A",
    "neutral": "6F6F78",
    "soft": "5D616B",
    "ink": "1D1E22",
}
STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "Quote", "List Bullet", "Table Grid")
ARTICLE_WIDTHS = (0.9, 5.6, 2.0, 2.2, 1.2, 4.1)  # cm
MOST_DISPUTES, MOST_HOLDERS, MOST_STANDS, MOST_TARGETS = 6, 4, 8, 6


@dataclass(frozen=True, slots=True)
class DocxReport:
    """Writes ``report.docx``."""

    def write(self, study: Study, folder: Path, lang: str) -> Sequence[Path]:
        """Write the brief and return its path."""
        say = Catalog.load("lunheng_plugins.reports", lang)
        view = study.once(build_view, lang).view
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
        self.document.add_paragraph(say("question_text", articles=count))
        self._lines(say("answer"), answer(self.view, say))
        self._disputes()
        self._stands()
        self._turns()
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
        quote = self.document.styles["Quote"].paragraph_format
        quote.left_indent, quote.space_after = self.shared.Cm(0.8), self.shared.Pt(8)

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
                line.paragraph_format.keep_with_next = True
                line.add_run(plain(position.holder)).bold = True
                verdict = line.add_run(f" {self.say(side)} {signed(position.net)}")
                verdict.font.color.rgb = self._color(side)
                for item in best_evidence(position, self.evidence, 1):
                    self._quotation(item)

    def _quotation(self, item: Evidence) -> None:
        """Add the sentence with its evidence underlined, and where it stands."""
        line = self.document.add_paragraph(style="Quote")
        start, end = item.start - item.context_start, item.end - item.context_start
        line.add_run(plain(item.context[:start]))
        line.add_run(plain(item.context[start:end])).underline = True
        line.add_run(plain(item.context[end:]))
        article = self.articles[item.article]
        self._source(line, article.title, place_name(item.place, article, self.say))

    def _source(self, line: Any, *parts: str) -> None:
        """Add below a quotation, in small type, where it comes from."""
        source = line.add_run(plain("\n" + self.say("sep").join(parts)))
        source.font.size, source.font.color.rgb = self.shared.Pt(8.5), self._color("soft")

    def _stands(self) -> None:
        """Say where each holder stands, with the words of the position that stands out most."""
        known = stands(self.view)
        if known:
            self.document.add_heading(self.say("section_positions"), 1)
        for stand in known[:MOST_STANDS]:
            self.document.add_heading(plain(stand.holder), 2)
            for side, group in stand.sides:
                line = self.document.add_paragraph(style="List Bullet")
                line.add_run(self.say(side)).font.color.rgb = self._color(side)
                line.add_run(plain(f"{self.say('colon')}{self._targets(group)}"))
            for item in best_evidence(stand.strongest, self.evidence, 1):
                self._quotation(item)
        if (left := len(known) - MOST_STANDS) > 0:
            self.document.add_paragraph(self.say("more_rows", n=left))

    def _turns(self) -> None:
        """Show who said both sides, and who changed sides from one date to another."""
        say = self.say
        both = self.view.contradictions[:MOST_STANDS]
        if both:
            self.document.add_heading(say("section_turns"), 1)
            self.document.add_paragraph(say("contradictions_note"))
        for item in both:
            self._turn_heading(item.position)
            self._turn("favor", item.position.favor, item.favor_dates, item.favor)
            self._turn("against", item.position.against, item.against_dates, item.against)
        turned = [course for course in self.view.courses if course.turned][:MOST_STANDS]
        if turned:
            self.document.add_heading(say("section_courses"), 1)
        for course in turned:
            self._turn_heading(course.position)
            for dated in course.dates:
                self._turn(dated.side, abs(dated.net), (dated.date,), dated.best)

    def _turn_heading(self, position: Position) -> None:
        words = f"{position.holder} {self.say('on_target')} {position.target}"
        self.document.add_heading(plain(words), 2)

    def _turn(self, side: str, count: int, dates: Sequence[str], number: int) -> None:
        """Add one side of somebody's: how often, when, and the surest words."""
        line = self.document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        line.add_run(f"{self.say(side)} {count}").font.color.rgb = self._color(side)
        line.add_run(plain(f"  {'–'.join(dict.fromkeys(dates))}"))
        self._quotation(self.evidence[number])

    def _targets(self, group: Sequence[Position]) -> str:
        """Return the targets of one side with their net, and how many more there are."""
        shown = [
            f"{p.target} ({signed(p.net)})" if p.total > 1 else p.target
            for p in group[:MOST_TARGETS]
        ]
        names = self.say("comma").join(shown)
        left = len(group) - len(shown)
        return self.say("and_more_things", names=names, n=left) if left else names

    def _digest(self) -> None:
        if not self.view.digests:
            return
        self.document.add_heading(self.say("section_digest"), 1)
        for sentence in self.view.digests[0].sentences:
            line = self.document.add_paragraph(plain(sentence.text), style="Quote")
            title = self.articles[sentence.article].title
            self._source(line, sentence.holder, title, where(sentence, self.say))

    def _sources(self) -> None:
        say = self.say
        self.document.add_heading(say("section_articles"), 1)
        head = ("col_title", "col_author", "col_date", "col_stances", "col_file")
        self._table(
            ["#", *(say(key) for key in head)], [_article_cells(a) for a in self.view.articles]
        )

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = self.document.add_table(1, len(head), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = plain(text)
        for column, width in zip(table.columns, ARTICLE_WIDTHS, strict=True):
            for cell in column.cells:
                cell.width = self.shared.Cm(width)
        for paragraph in (p for row in table.rows for cell in row.cells for p in cell.paragraphs):
            paragraph.paragraph_format.line_spacing = 1.15
            for run in paragraph.runs:
                run.font.size = self.shared.Pt(9)


def _article_cells(article: Article) -> tuple[str, ...]:
    counts = str(article.counts["stances"])
    known = (article.author or "", article.date or "", counts, article.sources[0])
    return str(article.number), article.title, *known


@hookimpl
def lunheng_reports(settings: Any) -> DocxReport:
    """Make the writer; it has no settings."""
    return DocxReport()
