"""Readers of tables: chosen columns, quoting, and the way back into the row."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.documents import SourceText
from lunheng.errors import ReadError
from lunheng_plugins.readers import csv_, jsonl, parquet_, tsv_
from lunheng_plugins.readers.delimited import DelimitedSettings, rows, value
from lunheng_plugins.readers.settings import ColumnSettings

CSV = csv_.lunheng_readers(DelimitedSettings())
TSV = tsv_.lunheng_readers(DelimitedSettings())
CELLS = st.text(st.sampled_from('好a",;\t\n\r |'), max_size=8)


def placed(record: SourceText, phrase: str) -> str:
    """Return what stands in the source where the text has ``phrase``."""
    assert record.text is not None
    assert record.text_map is not None
    start = record.text.index(phrase)
    return record.source[slice(*record.text_map.to_source(start, start + len(phrase)))]


def test_csv() -> None:
    data = (
        '编号,标题,正文,栏目\n7,换电,"他说""好"",然后\n走了",汽车\n8,,没有引号的"正文",\n\n'
        "9,少了一列,也可以\n"
    )
    first, second, third = CSV.read(data.encode("gb18030"), "a.csv")
    assert first.text == '他说"好",然后\n走了'
    assert first.source == '7,换电,"他说""好"",然后\n走了",汽车'
    assert placed(first, '"好') == '""好'
    assert (first.title, first.record, first.encoding) == ("换电", "2", "gb18030")
    assert first.meta == {"编号": 7, "栏目": "汽车"}
    assert (second.text, second.title, second.record) == ('没有引号的"正文"', None, "4")
    assert (third.text, third.record) == ("也可以", "6")


def test_tsv_and_chosen_columns() -> None:
    reader = tsv_.lunheng_readers(DelimitedSettings(text=("评论",), meta=("星",), encoding="utf-8"))
    (record,) = reader.read("评论\t星\t城市\n很好,很满意\t5\t南京\n".encode(), "a.tsv")
    assert (record.text, record.meta) == ("很好,很满意", {"星": 5})


@pytest.mark.parametrize(
    ("head", "delimiter"), [("sep=|\n", "|"), ("", ";"), ("", "\t"), ("", ",")]
)
def test_delimiters_are_found(head: str, delimiter: str) -> None:
    table = head + "\n".join(delimiter.join(row) for row in (("title", "text"), ("甲", "乙，丙")))
    (record,) = CSV.read(table.encode("utf-8-sig"), "a.csv")
    assert (record.title, record.text) == ("甲", "乙，丙")


def test_columns_without_names_are_numbered() -> None:
    reader = csv_.lunheng_readers(DelimitedSettings(text=("2",), header=False))
    records = list(reader.read("甲,很长的正文\n乙,另一篇\n".encode(), "a.csv"))
    assert [(r.text, r.meta) for r in records] == [
        ("很长的正文", {"1": "甲"}),
        ("另一篇", {"1": "乙"}),
    ]


def test_wrong_rows_are_named_after_the_good_ones() -> None:
    records = CSV.read('title,text\n甲,"乙\n丙,丁,戊\n己,庚\n辛\n'.encode(), "a.csv")
    assert [next(records).text, next(records).text] == ['"乙', "庚"]
    with pytest.raises(ReadError, match=r"a\.csv:3: .*2 columns, found 3.*passed over.*: 2"):
        next(records)


@pytest.mark.parametrize("data", ["甲,乙\n丙,丁\n", "\n\n", "sep=,\n"])
def test_a_table_without_text_column_says_what_to_set(data: str) -> None:
    with pytest.raises(ReadError, match=r"plugins\.readers\.csv\.text|rows|empty"):
        list(CSV.read(data.encode(), "a.csv"))


def test_a_delimiter_is_one_character() -> None:
    with pytest.raises(ValueError, match="one character"):
        DelimitedSettings(delimiter="||")


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=4))
def test_rows_are_what_the_standard_library_wrote(table: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(table)
    text = out.getvalue()
    assert [[value(text, cell) for cell in row.cells] for row in rows(text, ",")] == table


@given(st.text(st.sampled_from('好a",\n\r'), max_size=60))
def test_every_text_is_divided_and_nothing_lost(text: str) -> None:
    at = 0
    for row in rows(text, ","):
        assert not text[at : row.start].strip("\r\n")
        assert row.line == 1 + text.count("\n", 0, row.start)
        ends = [row.start - 1]
        for cell in row.cells:
            assert cell.start == ends[-1] + 1
            ends.append(cell.end)
        assert ends[-1] == row.end
        at = row.end
    assert not text[at:].strip("\r\n")


def test_parquet() -> None:
    arrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    table = arrow.table(
        {
            "正文": ["甲说好。", None, "乙😀"],
            "标题": ["一", "二", ""],
            "分": [1.5, None, float("nan")],
        }
    )
    out = io.BytesIO()
    parquet.write_table(table, out)
    records = parquet_.lunheng_readers(ColumnSettings()).read(out.getvalue(), "a.parquet")
    first, second = next(records), next(records)
    assert (first.source, first.title, first.record, first.meta) == (
        "甲说好。",
        "一",
        "1",
        {"分": 1.5},
    )
    assert (second.source, second.title, second.record) == ("乙😀", None, "3")
    assert second.meta == {"分": None}
    with pytest.raises(ReadError, match="1 rows"):
        next(records)
    with pytest.raises(ReadError, match="Parquet"):
        list(parquet_.lunheng_readers(ColumnSettings()).read(out.getvalue()[:90], "a.parquet"))


def test_jsonl_fields_are_chosen() -> None:
    reader = jsonl.lunheng_readers(jsonl.JsonlSettings(text=("评论",), meta=("星", "无")))
    (record,) = reader.read('{"评论": "好", "星": 5, "城": "宁"}\n'.encode(), "a.jsonl")
    assert (record.text, record.meta) == ("好", {"星": 5})
