"""The contracts: every built-in holds to them, and each breach is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from lunheng.config import DEFAULT_STAGES
from lunheng.errors import ConfigError
from lunheng.plugins import KINDS, PluginEntry, choose, discover, import_plugin
from lunheng.testing import CONTRACTS, StanceContract, analyse_text, check_plugin, write_study
from studies import STAGES, dump

EXTRAS = {"docx": "docx", "pdf": "pypdfium2", "parquet": "pyarrow", "xlsx": "xlsxwriter"}
CLUSTERS = {"dask": "distributed", "ray": "ray"}
BUILT_IN = [entry for entry in discover() if entry.distribution == "lunheng"]


def test_every_kind_has_a_contract() -> None:
    assert set(CONTRACTS) == set(KINDS)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(
            entry,
            id=f"{entry.kind}-{entry.name}",
            marks=[pytest.mark.slow] if entry.name in CLUSTERS else [],
        )
        for entry in BUILT_IN
    ],
)
def test_every_built_in_holds_to_its_contract(entry: PluginEntry) -> None:
    if entry.name in CLUSTERS:
        pytest.importorskip(CLUSTERS[entry.name], reason=f"no extra `{entry.name}`")
    if entry.name in EXTRAS:
        pytest.importorskip(EXTRAS[entry.name], reason=f"the extra {entry.name} is not installed")
    if entry.key == "stance.linear":
        pytest.skip("it has no model of its own, which the user trains")
    assert [check for check in check_plugin(entry) if check.problem] == []


def test_every_default_stage_is_built_in() -> None:
    built_in = {(entry.kind, entry.name) for entry in BUILT_IN}
    assert {(kind, name) for kind in KINDS for name in DEFAULT_STAGES[kind]} <= built_in


BREACH = """
from lunheng import hookimpl
from lunheng.documents import Stance

class Tagger:
    calls = 0
    def stances(self, document):
        self.calls += 1
        {breach}
        return [], 0

@hookimpl
def lunheng_stance(settings):
    return {made}
"""


@pytest.mark.parametrize(
    ("breach", "made", "check", "problem"),
    [
        ("return [], self.calls", "Tagger()", "it is deterministic", "the same output"),
        ("return [], hash('a'*id(self))", "Tagger()", "it is deterministic", "abstentions"),
        ("document.text[5]", "Tagger()", "returns hold on odd input", "IndexError"),
        ("return [Stance('', 'author', '', 'favor', 1, 0, 9**9, 'author')], 0", "Tagger()",
         "returns hold on odd input", "on the text"),
        ("object.__setattr__(document, 'abstained', 9)", "Tagger()",
         "returns hold on odd input", "document unchanged"),
        ("pass", "type('Local', (Tagger,), {})()", "it can be pickled", "Pickl"),
        ("pass", "None", "it loads and soon", "found None"),
    ],
)  # fmt: skip
def test_a_breach_is_found(
    tmp_path: Path, breach: str, made: str, check: str, problem: str
) -> None:
    source = BREACH.format(breach=breach, made=made)
    (tmp_path / "breach.py").write_text(source, "utf-8")
    entry = choose(discover([tmp_path]), "stance", "breach")
    problems = {each.name: each.problem for each in check_plugin(entry)}
    if "hash" not in breach:
        assert problem in problems[check]
    else:
        assert any(problems.values())


@pytest.mark.parametrize(
    ("breach", "problem"),
    [
        ("import os; os._exit(7)", "the process exited with code 7"),
        ("while True: pass", "no end within 0.7 seconds"),
    ],
)
def test_a_plugin_that_leaves_or_hangs_breaks_the_check_at_hand_only(
    tmp_path: Path, breach: str, problem: str
) -> None:
    (tmp_path / "breach.py").write_text(BREACH.format(breach=breach, made="Tagger()"), "utf-8")
    entry = choose(discover([tmp_path]), "stance", "breach")
    problems = {check.name: check.problem for check in check_plugin(entry, seconds=0.7)}
    assert problems.pop("it loads and soon") == ""
    assert set(problems.values()) == {problem}


OTHERS = """
from pathlib import Path
from lunheng import hookimpl
from lunheng.documents import SourceText

class Reader:
    suffixes = {suffixes}
    def read(self, data, path):
        yield SourceText(data.decode("latin-1"), title={title})

class Writer:
    def write(self, study, folder, lang):
        {write}

@hookimpl
def lunheng_readers(settings):
    return Reader()

@hookimpl
def lunheng_reports(settings):
    return Writer()
"""


@pytest.mark.parametrize(
    ("kind", "part", "code", "problem"),
    [
        ("readers", "suffixes", "('.TXT',)", "expected a tuple of suffixes such as '.txt'"),
        ("readers", "suffixes", "('txt',)", "expected a tuple of suffixes such as '.txt'"),
        ("readers", "title", "3", "expected title to be a string, found '3'"),
        ("readers", "title", "str(id(self))", "expected the same output"),
        ("reports", "write", "return []", "expected the paths of what was written"),
        ("reports", "write", "return [folder / 'x']", "expected a file at"),
        ("reports", "write", "p = folder.parent / 'x'; p.touch(); return [p]", "x below"),
        ("reports", "write", "[s['score'] / 0 for s in study.rows('stances')]", "of an interview"),
    ],
)
def test_a_breach_of_a_reader_or_writer_is_found(
    tmp_path: Path, kind: str, part: str, code: str, problem: str
) -> None:
    parts = {"suffixes": "('.txt',)", "title": "None", "write": "pass", part: code}
    (tmp_path / "breach.py").write_text(OTHERS.format(**parts), "utf-8")
    entry = choose(discover([tmp_path]), kind, "breach")
    assert problem in " ".join(check.problem for check in check_plugin(entry))


class TestAsAPluginAuthorWritesIt(StanceContract):
    plugin = choose(discover([STAGES]), "stance", "plain")
    settings = {"word": "赞成"}  # noqa: RUF012 - as short as an author would write it


def test_a_text_is_analysed_with_a_plugin_in_the_place_of_its_kinds() -> None:
    (plain,) = import_plugin(choose(discover([STAGES]), "stance", "plain")).get_plugins()
    result = analyse_text("甲赞成开源。", plain, settings={"word": "赞成"})
    assert result.failures == []
    (stance,) = result.document.stances
    assert (stance.target, stance.plugin) == ("开源", "tested_0")
    with pytest.raises(ConfigError, match="found 'words'"):
        analyse_text("甲", plain, settings={"words": 1})


def test_a_study_for_tests_has_rows_in_its_tables(tmp_path: Path) -> None:
    tables = dump(write_study(tmp_path / "study"))
    for table in ("sources", "documents", "blocks", "turns", "mentions", "quotes", "stances"):
        assert tables[table], table
