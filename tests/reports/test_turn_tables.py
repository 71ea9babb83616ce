"""Who says both sides of a thing, and who changes sides from one date to another."""

from __future__ import annotations

from pathlib import Path

import pytest

from lunheng.study import Study
from lunheng_plugins.reports import csv_, html, markdown
from lunheng_plugins.reports.view import build_view
from reports.conftest import Draft, MakeStudy


@pytest.fixture
def turning(make_study: MakeStudy) -> Study:
    """Return a study in which 甲 turns from 开源, and 乙 weighs it within one undated text."""
    early = Draft.of("a.txt", "我支持开源。我看好开源。\n", date="2023-01-05")
    early.stance("我支持开源", "甲", "开源", "favor", score=0.7)
    early.stance("我看好开源", "甲", "开源", "favor", score=0.9)
    late = Draft.of("b.txt", "我反对开源。\n", date="2024-06-01")
    late.stance("我反对开源", "甲", "开源", "against")
    mixed = Draft.of("c.txt", "开源很好。开源很慢。\n")
    mixed.stance("开源很好", "乙", "开源", "favor").stance("开源很慢", "乙", "开源", "against")
    return make_study([early, late, mixed])


def test_both_sides_have_their_surest_words_and_dates(turning: Study) -> None:
    view = build_view(turning, "en").view
    words = {item.number: item.text for item in view.evidence}
    found = {c.position.holder: c for c in view.contradictions}
    assert set(found) == {"甲", "乙"}
    first = found["甲"]
    assert (words[first.favor], words[first.against]) == ("我看好开源", "我反对开源")
    assert first.favor_dates == ("2023-01-05", "2023-01-05")
    assert first.against_dates == ("2024-06-01", "2024-06-01")
    assert (found["乙"].favor_dates, found["乙"].against_dates) == ((), ())


def test_a_course_goes_by_date(turning: Study) -> None:
    (course,) = build_view(turning, "en").view.courses
    assert course.turned
    assert [(d.date, d.favor, d.against, d.side) for d in course.dates] == [
        ("2023-01-05", 2, 0, "favor"),
        ("2024-06-01", 0, 1, "against"),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_brief_and_tables_show_them(turning: Study, tmp_path: Path, lang: str) -> None:
    (path,) = html.lunheng_reports(None).write(turning, tmp_path, lang)
    page = path.read_text("utf-8").partition('<section id="turns"')[2]
    assert page.index("我看好开源") < page.index("我反对开源")
    assert "<time>2024-06-01</time>" in page
    (path,) = markdown.lunheng_reports(None).write(turning, tmp_path, lang)
    text = path.read_text("utf-8")
    assert "  > 我看好开源。" in text
    assert "2023-01-05" in text
    csv_.lunheng_reports(None).write(turning, tmp_path, lang)
    table = (tmp_path / "csv" / "contradictions.csv").read_text("utf-8-sig").splitlines()
    assert table[2] == "乙,开源,,1,1,开源很好,4,,,开源很慢,5,,"
    rows = (tmp_path / "csv" / "changes.csv").read_text("utf-8-sig").splitlines()
    assert rows[2] == "甲,开源,,True,2024-06-01,0,1,0,-1,我反对开源,3"


def test_the_word_brief_quotes_them(turning: Study, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="the extra `docx` is not installed")
    from lunheng_plugins.reports import docx as writer

    (path,) = writer.lunheng_reports(None).write(turning, tmp_path, "en")
    words = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    assert "甲 on 开源" in words
    assert "for 2  2023-01-05" in words
