"""The tables for spreadsheets and programs, the Word brief, and Datasette's metadata."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from lunheng.errors import UsageError
from lunheng.extras import require
from lunheng.i18n import Catalog
from lunheng.study import Study
from lunheng.tables import TABLES
from lunheng_plugins.reports import csv_, datasette, docx, parquet, xlsx
from lunheng_plugins.reports.tidy import tidy_tables
from lunheng_plugins.reports.view import build_view
from reports.conftest import Draft, MakeStudy


def test_rows_fit_their_columns_and_counts_agree(study: Study) -> None:
    view = build_view(study, "zh").view
    tables = {table.name: table for table in tidy_tables(view)}
    for table in tables.values():
        assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(tables["evidence"].rows) == len(view.evidence)
    positions = [
        dict(zip(tables["positions"].columns, row, strict=True)) for row in tables["positions"].rows
    ]
    evidence = [
        dict(zip(tables["evidence"].columns, row, strict=True)) for row in tables["evidence"].rows
    ]
    for p in positions:
        own = [e for e in evidence if e["counted"] and e["holder"] == p["holder"]]
        own = [e for e in own if e["target"] == p["target"]]
        assert p["favor"] == sum(e["polarity"] == "favor" for e in own)


def test_csv_reads_back_and_no_cell_is_a_formula(make_study: MakeStudy, tmp_path: Path) -> None:
    draft = Draft.of("=x.txt", "我支持=cmd()，\n不，“真的”支持。\n", title="@SUM(A1)")
    draft.stance("支持=cmd()", "=HYPERLINK(1)", "-2+3", "favor")
    paths = csv_.lunheng_reports(None).write(make_study([draft]), tmp_path / "out", "zh")
    assert {path.name for path in paths} >= {"evidence.csv", "positions.csv", "claims.csv"}
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert all(len(row) == len(rows[0]) for row in rows)
        assert not any(c.startswith(("=", "+", "@")) for row in rows for c in row)
    with (tmp_path / "out" / "csv" / "evidence.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert row["holder"] == "'=HYPERLINK(1)"
    assert row["evidence"] == "支持=cmd()"


@pytest.mark.slow
def test_xlsx_holds_text_as_text(make_study: MakeStudy, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    draft = Draft.of("a.txt", "我支持=cmd()。\n").stance("支持=cmd()", "=1+1", "甲", "favor")
    (path,) = xlsx.lunheng_reports(None).write(make_study([draft]), tmp_path, "zh")
    sheet = openpyxl.load_workbook(path)["evidence"]
    head = [c.value for c in sheet[1]]
    holder = sheet.cell(2, head.index("holder") + 1)
    assert (holder.value, holder.data_type) == ("=1+1", "s")


@pytest.mark.slow
def test_parquet_keeps_values_and_types(study: Study, tmp_path: Path) -> None:
    files = pytest.importorskip("pyarrow.parquet")
    paths = parquet.lunheng_reports(None).write(study, tmp_path, "zh")
    view = build_view(study, "zh").view
    for path, table in zip(paths, tidy_tables(view), strict=True):
        read = files.read_table(path)
        assert read.column_names == list(table.columns)
        assert [tuple(row.values()) for row in read.to_pylist()] == list(table.rows)
    evidence = files.read_table(tmp_path / "parquet" / "evidence.parquet")
    assert str(evidence.schema.field("score").type) == "double"
    assert str(evidence.schema.field("line").type) == "int64"


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_docx_reads_like_a_brief(study: Study, tmp_path: Path, lang: str) -> None:
    library = pytest.importorskip("docx")
    (path,) = docx.lunheng_reports(None).write(study, tmp_path, lang)
    document = library.Document(str(path))
    say = Catalog.load("lunheng_plugins.reports", lang)
    titles = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    keys = ("answer", "section_disputes", "section_positions", "section_digest", "section_caveats")
    assert titles[:5] == [say(key) for key in keys]
    words = "\n".join(p.text for p in document.paragraphs)
    assert "我支持开源路线，它让98个团队受益。" in words
    assert "b_interview.txt:3:11" in words
    holders = {p.text for p in document.paragraphs if p.style.name == "Heading 2"}
    assert {"林若海", "周知远"} <= holders
    assert [cell.text for cell in document.tables[0].rows[1].cells][:2] == ["1", "路线之争"]


def test_datasette_knows_the_tables_and_its_queries_run(study: Study, tmp_path: Path) -> None:
    (path,) = datasette.lunheng_reports(None).write(study, tmp_path, "en")
    database = json.loads(path.read_text("utf-8"))["databases"]["study"]
    for name, table in database["tables"].items():
        if name != "state":
            columns = set(TABLES[name].columns)
            assert set(table.get("facets", ())) <= columns
            assert table.get("sort_desc") in {None, *columns}
    with closing(sqlite3.connect(study.folder / "study.db")) as connection, connection:
        queries = {name: query["sql"] for name, query in database["queries"].items()}
        named = {"holder": "林若海", "target": "开源"}
        rows = connection.execute(queries["stances_of"], named).fetchall()
        assert [row[:3] for row in rows] == [("林若海", "favor", "开源路线")]
        connection.execute(queries["disputes"])
    connection.close()


def test_a_missing_extra_says_how_to_get_it() -> None:
    with pytest.raises(UsageError, match=r"pip install 'lunheng\[xlsx\]'"):
        require("no_such_package_at_all", "xlsx")
    assert require("json", "xlsx") is import_module("json")
