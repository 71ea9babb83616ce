"""``lunheng index`` builds, counts, finds and shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lunheng.cli import main


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", "index", *arguments], input=stdin)


@pytest.fixture
def built(tmp_path: Path) -> str:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("大模型来了，大模型之争", "utf-8")
    rows = [{"text": "騰訊的大模型", "year": 2023}, {"text": "沒有", "year": 2024}]
    (texts / "b.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    result = run("build", str(texts), "-o", str(tmp_path / "index"))
    assert result.exit_code == 0, result.output
    assert "3 documents" in result.stderr
    return str(tmp_path / "index")


def test_count_tells_occurrences_and_documents(built: str) -> None:
    result = run("count", built, "大模型", "腾讯", "没有吗", "--format", "json")
    assert json.loads(result.stdout) == [
        {"phrase": "大模型", "occurrences": 3, "documents": 2},
        {"phrase": "腾讯", "occurrences": 1, "documents": 1},
        {"phrase": "没有吗", "occurrences": 0, "documents": 0},
    ]


def test_find_gives_offsets_and_fields(built: str) -> None:
    rows = json.loads(run("find", built, "大模型", "--format", "json").stdout)
    assert [(row["id"], row["start"], row["end"]) for row in rows] == [
        (0, 0, 3),
        (0, 6, 9),
        (1, 3, 6),
    ]
    assert rows[2]["year"] == 2023


@pytest.mark.parametrize("command", ["find", "kwic"])
def test_a_phrase_that_is_nowhere_is_said_to_be(built: str, command: str) -> None:
    result = run(command, built, "不存在的话", "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Documents: 0; places: 0.\n"


def test_kwic_shows_contexts(built: str) -> None:
    result = run("kwic", built, "大模型", "--width", "2", "--limit", "2")
    assert result.stdout == "0\t0\t\t大模型\t来了\n0\t6\t了，\t大模型\t之争\n"


def test_top_lists_ngrams(built: str) -> None:
    result = run("top", built, "--min", "3", "-k", "1", "--format", "csv")
    assert result.stdout == "ngram,occurrences\n大模型,3\n"


def test_search_ranks_filters_and_shows(built: str) -> None:
    rows = json.loads(run("search", built, "大模型", "--format", "json").stdout)
    assert [row["id"] for row in rows] == [0, 1]
    filtered = run("search", built, '"大模型"', "--where", "year=2020..2023").stdout
    assert filtered.split("\t")[0] == "1"
    assert "騰訊的大模型" in filtered


def test_an_index_grows_is_checked_and_merged(built: str, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("又一篇大模型", "utf-8")
    assert run("add", built, str(tmp_path / "more.txt")).exit_code == 0
    assert run("count", built, "大模型").stdout == "大模型\t4\t3\n"
    assert "Sound" in run("check", built).stderr
    assert run("merge", built).exit_code == 0
    assert json.loads(run("info", built, "--format", "json").stdout)[0]["segments"] == 1
    assert "segments\t1" in run("info", built).stdout


def test_check_names_what_is_damaged(built: str) -> None:
    segment = next(Path(built).glob("*.seg"))
    content = bytearray(segment.read_bytes())
    content[200] ^= 1
    segment.write_bytes(content)
    result = run("check", built)
    assert result.exit_code == 2
    assert f"{segment.name} is damaged: block 0" in result.stderr.replace("\n", " ")


def test_build_reads_lines_of_standard_input(tmp_path: Path) -> None:
    folder = str(tmp_path / "index")
    assert run("build", "-", "-o", folder, stdin="一二三\n二三四\n").exit_code == 0
    assert run("count", folder, "二三").stdout == "二三\t2\t2\n"


def test_unreadable_files_are_named_and_skipped(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("好文章", "utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    folder = str(tmp_path / "index")
    result = run("build", str(tmp_path / "good.txt"), str(tmp_path / "bad.txt"), "-o", folder)
    assert result.exit_code == 1
    assert "bad.txt" in result.stderr
    assert run("count", folder, "文章").stdout == "文章\t1\t1\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("count", "nowhere", "词"), "is no index"),
        (("build", "nowhere", "-o", "new"), "no file or folder nowhere"),
    ],
)
def test_wrong_use_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command", ["build", "add", "count", "find", "search", "kwic", "top", "info", "check", "merge"]
)
def test_help_has_an_example(command: str) -> None:
    assert "Example" in run(command, "--help").stdout


@pytest.fixture
def dated(tmp_path: Path) -> str:
    rows = [
        {"text": "我们要烧钱做大模型，烧钱才有大模型。", "date": "2023-05-01"},
        {"text": "他们做应用，应用不用烧钱。", "date": "2023-06-01"},
        {"text": "应用才是出路，做应用。", "date": "2024-01-01"},
    ]
    texts = tmp_path / "texts.jsonl"
    texts.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    assert run("build", str(texts), "-o", str(tmp_path / "index")).exit_code == 0
    return str(tmp_path / "index")


def rows_of(*arguments: str) -> list[dict[str, object]]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_query_shows_lines_or_documents(dated: str) -> None:
    lines = rows_of("query", dated, "烧钱 NOT 应用")
    assert [(line["id"], line["match"]) for line in lines] == [(0, "烧钱"), (0, "烧钱")]
    documents = rows_of("query", dated, "date:2023 NOT 大模型")
    assert [document["date"] for document in documents] == ["2023-06-01"]
    result = run("query", dated, "烧钱 AND )")
    assert result.exit_code == 2
    assert "at character 8\n  烧钱 AND )\n           ^" in result.stderr


def test_conditions_know_the_fields_and_read_years(dated: str) -> None:
    for condition in ("date=2023", "date=2023..2023", "date=..2023-06"):
        found = rows_of("search", dated, "烧钱", "--where", condition)
        assert {row["id"] for row in found} == {0, 1}, condition
    assert rows_of("search", dated, "烧钱", "--where", "date=2024") == []
    result = run("search", dated, "烧钱", "--where", "year=2023")
    assert result.exit_code == 2
    assert "(date, path), found 'year'" in result.stderr


def test_statistics_are_those_of_the_library(dated: str) -> None:
    (first, *_) = rows_of("collocates", dated, "烧钱", "--min", "2", "--measure", "log-likelihood")
    assert (first["word"], first["together"]) == ("大", 2)
    assert rows_of("keyness", dated, "大模型", "--min", "1", "-k", "1", "--against", "应用") == []
    assert [row["occurrences"] for row in rows_of("dispersion", dated, "烧钱", "应用")] == [3, 4]
    trend = rows_of("trend", dated, "应用", "--by", "year")
    assert [(row["period"], row["occurrences"]) for row in trend] == [("2023", 2), ("2024", 2)]
    assert rows_of("newwords", dated) == []
    listed = rows_of("top", dated, "--maximal", "--max", "3", "-k", "2")
    assert [(row["ngram"], row["occurrences"]) for row in listed] == [("应用", 4), ("烧钱", 3)]


def test_a_query_without_a_place_has_no_collocates(dated: str) -> None:
    result = run("collocates", dated, "date:2023")
    assert result.exit_code == 2
    assert "name a phrase" in result.stderr
