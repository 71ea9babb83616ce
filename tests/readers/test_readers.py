"""Readers: the text, its metadata, and the way back into the source."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.documents import SourceText
from lunheng.errors import ReadError
from lunheng.protocols import Reader
from lunheng_plugins.readers import html, jsonl, markdown, text
from lunheng_plugins.readers.html_scanner import scan
from lunheng_plugins.readers.settings import TextSettings

READERS: dict[str, Reader] = {
    "text": text.lunheng_readers(TextSettings()),
    "markdown": markdown.lunheng_readers(TextSettings()),
    "html": html.lunheng_readers(TextSettings()),
    "jsonl": jsonl.lunheng_readers(jsonl.JsonlSettings()),
}
PARAGRAPH = "五年之内，要把换电站铺到每一个县城，这是他们的说法，后来又说了许多别的话。"


def one(name: str, data: bytes) -> SourceText:
    (record,) = READERS[name].read(data, f"a.{name}")
    return record


def placed(record: SourceText, phrase: str) -> str:
    """Return what stands in the source where the text has ``phrase``."""
    assert record.text is not None
    assert record.text_map is not None
    start = record.text.index(phrase)
    return record.source[slice(*record.text_map.to_source(start, start + len(phrase)))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_text_in_any_encoding(encoding: str) -> None:
    source = f"换电之争\n作者：林若海\n2024-03-05 10:20\n{PARAGRAPH}\n"
    record = one("text", source.encode(encoding))
    assert record.source == source
    assert (record.title, record.author, record.date) == ("换电之争", "林若海", "2024-03-05")
    assert record.undecodable == 0


@pytest.mark.parametrize("encoding", ["big5hkscs", "gb18030", "utf-8"])
def test_traditional_text(encoding: str) -> None:
    source = "換電是下半場還是死胡同？嘅啲\n五年之內，我們要把換電站鋪到每一個縣城。"
    assert one("text", source.encode(encoding)).source == source


def test_named_encoding_is_obeyed_and_damage_counted() -> None:
    reader = text.lunheng_readers(TextSettings(encoding="utf-8"))
    (record,) = reader.read("好的".encode() + b"\xff" + "他说了许多的话".encode(), "a.txt")
    assert (record.source, record.undecodable) == ("好的\ufffd他说了许多的话", 1)


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"\xff\xfe", bytes(range(256)) * 20, b"\x89PNG\r\n\x1a\n" * 9]
)
@pytest.mark.parametrize("name", READERS)
def test_what_is_no_text_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(ReadError):
        list(READERS[name].read(data, "a"))


def test_unknown_encoding_is_named() -> None:
    with pytest.raises(ReadError, match="latin-77"):
        list(text.lunheng_readers(TextSettings(encoding="latin-77")).read(b"abc", "a.txt"))


def test_markdown() -> None:
    source = (
        "---\ntitle: 换电之争\nauthor: 林若海\ncolumn: 汽车\n---\n# 换电之争\n\n"
        f"这是**重要**的[链接](http://a.example)和*斜体*。\n\n* 一\n\n{PARAGRAPH}\n"
    )
    record = one("markdown", source.encode())
    assert record.text is not None
    assert "这是重要的链接和斜体。\n\n* 一" in record.text
    assert (record.title, record.author, record.meta) == ("换电之争", "林若海", {"column": "汽车"})
    assert placed(record, "链接") == "链接"
    assert placed(record, "重要的链接") == "重要**的[链接"


PAGE = f"""<!DOCTYPE html><html><head><meta charset="ENCODING"><title>换电之争 - 某网</title>
<script>var a = "<p>不是正文</p>";</script></head><body><nav><a href="/">首页</a></nav>
<article><h1>换电之争</h1><p class="a>b">{PARAGRAPH}还有&nbsp;<b>某某</b>汽车&amp;公司。</p>
<!-- <p>注释</p> --><p>第二段也很长，说的是竞争对手的态度更加暧昧，<br>换行之后继续说下去。</p>
</article></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_html(encoding: str) -> None:
    record = one("html", PAGE.replace("ENCODING", encoding).encode(encoding))
    assert record.text is not None
    assert "不是正文" not in record.text
    assert "注释" not in record.text
    assert "首页" not in record.text
    assert "某某汽车&公司。\n第二段" in record.text
    assert placed(record, "某某汽车&公司") == "某某</b>汽车&amp;公司"
    assert record.title == "换电之争"


@given(st.text(st.sampled_from("<>/!-?&;\"'= apbr好#x1\n"), max_size=60))
def test_scanner_reads_any_page(page: str) -> None:
    at = 0
    for block in scan(page):
        assert at <= block.start < block.end <= len(page)
        at = block.end


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", '<a "', "<script>", "&#", "<p class='", "<!"]
)
def test_hostile_pages_are_scanned_in_linear_time(piece: str) -> None:
    assert len(scan(piece * 50_000)) <= 50_000


def test_jsonl() -> None:
    lines = (
        '{"id": 7, "text": "他说\\n\\"好\\u4f60\\ud83d\\ude00吗", "title": "甲"}\n\n'
        '{"content": "乙"}\n'
    )
    first, second = READERS["jsonl"].read(lines.encode(), "a.jsonl")
    assert first.text == '他说\n"好你😀吗'
    assert placed(first, "好你😀") == "好\\u4f60\\ud83d\\ude00"
    assert (first.record, first.title, first.meta) == ("1", "甲", {"id": 7})
    assert (second.record, second.text) == ("3", "乙")


@pytest.mark.parametrize(
    "line", ["[1]", "{", '{"text": 1}', '{"text" "a"}', '{"a": "b"}', "{]", "x"]
)
def test_jsonl_says_which_line_is_wrong(line: str) -> None:
    with pytest.raises(ReadError, match=r"a\.jsonl:2"):
        list(READERS["jsonl"].read(f'{{"text": "好"}}\n{line}\n'.encode(), "a.jsonl"))


def test_jsonl_goes_on_after_wrong_lines() -> None:
    records = READERS["jsonl"].read(b'{"text": "a"}\n{bad\n{"n": 1}\n{"text": "b"}\n', "a.jsonl")
    assert [next(records).record, next(records).record] == ["1", "4"]
    with pytest.raises(ReadError, match=r"a\.jsonl:2.*passed over in this file: 2"):
        next(records)


@pytest.mark.parametrize(
    ("line", "author"), [("记者：林若海", "林若海"), ("记者:您看好这家公司吗?", None)]
)
def test_a_reporters_question_is_no_byline(line: str, author: str | None) -> None:
    assert one("text", f"{line}\n\n这是正文。\n".encode()).author == author


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.booleans())
def test_jsonl_text_is_what_json_says(value: str, escape: bool) -> None:
    line = json.dumps({"n": [1, {"m": "}"}], "text": value + "a好a"}, ensure_ascii=escape)
    record = one("jsonl", line.encode())
    assert record.text == value + "a好a"
    assert record.text_map is not None
    start, end = record.text_map.to_source(len(value) + 1, len(value) + 2)
    assert record.source[start:end] in ("好", "\\u597d")
