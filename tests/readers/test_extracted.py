"""Readers of DOCX, EPUB and PDF: extracted text, and where in the file it stands."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pytest

import file_formats as files
from lunheng.documents import Member, SourceText, locate
from lunheng.errors import ReadError, UsageError
from lunheng_plugins.readers import docx_, epub, pdf

DOCX = docx_.lunheng_readers(docx_.DocxSettings())
EPUB = epub.lunheng_readers(epub.EpubSettings())
PDF = pdf.lunheng_readers(pdf.PdfSettings())
LINE = "五年之内，要把换电站铺到每一个县城，这是他们的说法"


def one(records: Iterable[SourceText | Member]) -> SourceText:
    (record,) = records
    assert isinstance(record, SourceText)
    return record


def place(record: SourceText, phrase: str) -> str:
    """Return what the locators say of a phrase's place in the source."""
    found = locate(record.locators, record.source.index(phrase))
    assert found is not None
    return f"{found.kind} {found.name}"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_docx() -> None:
    body = (
        f"<w:p>{run('换电')}<w:hyperlink>{run('之争')}</w:hyperlink></w:p>"
        f"<w:p>{run('第一')}<w:r><w:br/><w:tab/></w:r><w:ins>{run('新')}</w:ins>"
        f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('格一')}</w:p></w:tc><w:tc><w:p>{run('格二')}</w:p></w:tc>"
        f"</w:tr></w:tbl><w:p><w:r><w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></w:r>"
        f"{run('框外')}</w:p>"
    )
    notes = (
        f"<w:footnotes {files.W}><w:footnote><w:p>{run('脚注')}</w:p></w:footnote></w:footnotes>"
    )
    record = one(DOCX.read(files.docx(body, title="属性标题", footnotes=notes), "a.docx"))
    assert record.source == "换电之争\n第一\n\t新\n格一\n格二\n框外\n框内\n脚注"
    assert record.text is None
    assert [place(record, each) for each in ("换电", "新", "格二", "脚注")] == [
        *("paragraph 1", "paragraph 2", "paragraph 4", "paragraph 7")
    ]


def test_epub() -> None:
    page = "<html><head><title>不要</title></head><body><h1>{}</h1><p>正文&amp;{}</p></body></html>"
    chapters = {"b.xhtml": page.format("乙", "二"), "text/a b.xhtml": page.format("甲", "一")}
    record = one(EPUB.read(files.epub(chapters), "a.epub"))
    assert record.source == "乙\n正文&二\n甲\n正文&一"
    assert (record.title, record.author, record.date) == ("换电记", "林若海", "2024-03-05")
    assert record.meta == {"publisher": "某社"}
    assert [place(record, each) for each in ("乙", "&二", "甲")] == [
        *("part OEBPS/b.xhtml", "part OEBPS/b.xhtml", "part OEBPS/text/a b.xhtml")
    ]


def test_pdf() -> None:
    pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
    pages = [
        [
            "某某研究院年度报告",
            LINE,
            "，后来又说了别的话。",
            "新的一段从这里开始。",
            f"- {number} -",
        ]
        for number in range(1, 6)
    ]
    record = one(PDF.read(files.pdf(pages), "a.pdf"))
    assert record.text is not None
    assert record.text_map is not None
    assert record.text.split("\n") == [f"{LINE}，后来又说了别的话。", "新的一段从这里开始。"] * 5
    assert "年度报告" in record.source
    assert [(each.kind, each.name) for each in record.locators] == [
        ("page", str(number)) for number in range(1, 6)
    ]
    start = record.text.rindex("后来")
    (begin, end) = record.text_map.to_source(start, start + 2)
    assert record.source[begin:end] == "后来"
    assert locate(record.locators, begin) == record.locators[4]
    assert (record.title, record.date) == ("report", "2024-03-05")


def test_a_pdf_of_pictures_asks_for_recognition() -> None:
    pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
    with pytest.raises(ReadError, match=r"2 pages of pictures.*OCR"):
        list(PDF.read(files.pdf([[], []]), "a.pdf"))


def test_an_absent_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(UsageError, match=r"pip install 'lunheng\[pdf\]'"):
        list(PDF.read(b"%PDF-1.7", "a.pdf"))


@pytest.mark.parametrize(
    ("reader", "good"),
    [
        (DOCX, files.docx(f"<w:p>{run(LINE)}</w:p>")),
        (EPUB, files.epub({"a.xhtml": f"<p>{LINE}</p>"})),
        (PDF, files.pdf([[LINE]])),
    ],
    ids=["docx", "epub", "pdf"],
)
def test_truncated_and_foreign_files_are_refused(reader: docx_.DocxReader, good: bytes) -> None:
    if isinstance(reader, pdf.PdfReader):
        pytest.importorskip("pypdfium2", reason="the extra pdf is not installed")
    for data in (b"", good[: len(good) // 3], files.zipped({"a.txt": b"x"}), b"x" * 500):
        with pytest.raises(ReadError):
            list(reader.read(data, "a"))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    body = f"{bomb}<w:document {files.W}><w:p>{run('甲&b;')}</w:p></w:document>"
    data = files.zipped({"[Content_Types].xml": b"", "word/document.xml": body.encode()})
    assert one(DOCX.read(data, "a.docx")).source == "甲"


def test_paragraphs_are_found_at_any_depth() -> None:
    deep = "<w:sdt>" * 200 + f"<w:p>{run('深')}</w:p>" + "</w:sdt>" * 200
    assert one(DOCX.read(files.docx(deep), "a.docx")).source == "深"
