"""The index beside a study holds what the study holds, whatever happened before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lunheng.errors import StudyError
from lunheng.index import NgramIndex
from lunheng.recording import Recording
from lunheng.study import Study
from studies import analyse, write


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write(tmp_path / "in", a_txt="甲支持新能源，支持快充。\n", b_txt="乙支持换电。\n")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "study"


def check(study: Path) -> None:
    """Check that the index has the study's documents and counts their phrases."""
    with Study.open(study) as opened, opened.index() as index:
        rows = list(opened.rows("documents"))
        assert len(index) == len(rows)
        for phrase in ("支持", "新能源", "换电", "，", "也没有"):
            assert index.count(phrase) == sum(row["text"].count(phrase) for row in rows)
        found = {index.fields(int(number))["doc_id"] for number in index.docs("支持")}
        assert found == {row["doc_id"] for row in rows if "支持" in row["text"]}


def test_it_follows_the_study(articles: Path, study: Path) -> None:
    analyse([articles], study)
    check(study)
    (articles / "c.txt").write_text("丙支持新能源。\n", "utf-8")
    analyse([articles], study)
    check(study)
    (articles / "a.txt").write_text("丁支持换电，也没有换电。\n", "utf-8")
    analyse([articles], study)
    check(study)
    (articles / "b.txt").unlink()
    analyse([articles], study, prune=True)
    check(study)


def test_additions_are_added_and_nothing_is_made_anew(articles: Path, study: Path) -> None:
    analyse([articles], study)
    with Study.open(study) as opened, opened.index() as index:
        before = index.generation
    (articles / "c.txt").write_text("丙支持新能源。\n", "utf-8")
    analyse([articles], study)
    with Study.open(study) as opened, opened.index() as index:
        assert index.generation == before + 1
    analyse([articles], study)
    with Study.open(study) as opened, opened.index() as index:
        assert index.generation == before + 1


@pytest.mark.parametrize("damage", ["lost", "ahead", "broken"])
def test_an_index_that_disagrees_is_refused_and_made_anew(
    articles: Path, study: Path, damage: str
) -> None:
    analyse([articles], study)
    folder = study / "index"
    if damage == "lost":
        shutil.rmtree(folder)
    elif damage == "ahead":
        with NgramIndex.open(folder) as index:
            index.add("未经记录的新能源", doc_id="x")
    else:
        with Recording.open(study) as recording:
            recording.note_index(commit=None, generation=0)
    with Study.open(study) as opened, pytest.raises(StudyError, match="behind the study"):
        opened.index()
    analyse([articles], study)
    check(study)


def test_users_columns_narrow_a_search(tmp_path: Path, study: Path) -> None:
    table = tmp_path / "in" / "a.csv"
    table.parent.mkdir()
    rows = "标题,正文,栏目,年,doc_id\n一,甲支持换电。,汽车,2024,7\n二,乙支持换电。,财经,2025,8\n"
    table.write_text(rows, "utf-8")
    analyse([table], study, "stages.readers=csv")
    for columns in ({"汽车": "甲", "财经": "乙"}, {"财经": "甲", "汽车": "乙"}):
        with Study.open(study) as opened, opened.index() as index:
            for column, name in columns.items():
                (hit,) = index.search("换电", where={"栏目": column, "年": (2020, None)})
                assert index.text(hit.id).startswith(name)
                assert index.fields(hit.id)["title"] == {"甲": "一", "乙": "二"}[name]
        table.write_text(
            rows.replace("汽车", "x").replace("财经", "汽车").replace("x", "财经"), "utf-8"
        )
        analyse([table], study, "stages.readers=csv")
    check(study)
