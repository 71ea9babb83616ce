"""Suggested targets: grouped by their heads, best first, with reasons, as TOML that loads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from documents import document
from lunheng.cli import main
from lunheng.documents import Document, Polarity, Stance
from lunheng.errors import UsageError
from lunheng.frames import load_targets
from lunheng.i18n import Catalog
from lunheng.indexing import refresh_index
from lunheng.recording import Recording
from lunheng.study import Study
from lunheng.suggesting import as_toml, suggest
from lunheng.testing import write_study

SAY = Catalog(
    {
        "frames_head": "head",
        "frames_reason": "{favor}+{against}",
        "frames_favor": "+",
        "frames_against": "-",
        "frames_neutral": "=",
    },
    "en",
)


def judged(name: str, *said: tuple[str, str, Polarity]) -> Document:
    text = "".join(words + "。" for words, _, _ in said)
    stances, at = [], 0
    for words, target, polarity in said:
        stances.append(Stance("", "author", target, polarity, 0.9, at, at + len(words), "author"))
        at += len(words) + 1
    return replace(document(text), doc_id=name, stances=tuple(stances))


def written(folder: Path, *found: Document) -> Path:
    write_study(folder, found)
    with Recording.open(folder) as recording:
        refresh_index(recording)
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return written(
        tmp_path / "study",
        judged(
            "a",
            ("我支持换电", "换电", "favor"),
            ("快充不如它", "快充", "against"),
            ("换电真好", "换电", "favor"),
            ("快充太慢", "快充", "against"),
        ),
        judged("b", ("換電行不通", "換電", "against"), ("我爱喝茶", "茶叶", "favor")),
        judged("c", ("国产换电有前途", "国产换电", "favor")),
    )


def test_targets_are_grouped_by_head_and_script_and_the_disputed_come_first(study: Path) -> None:
    with Study.open(study) as opened:
        found = suggest(opened)
    assert [one.name for one in found] == ["换电", "快充"]
    assert set(found[0].expressions) == {"换电", "換電", "国产换电"}
    assert found[0].polarities == {"favor": 3, "against": 1}
    assert len(found[0].documents) == 3
    assert (found[0].opposes, found[1].opposes) == (("快充",), ("换电",))


def test_what_only_points_to_something_is_not_proposed(tmp_path: Path) -> None:
    said: tuple[str, str, Polarity] = ("我看好这条路", "这条路", "favor")
    folder = written(tmp_path / "study", judged("a", said, said), judged("b", said))
    with Study.open(folder) as opened:
        assert suggest(opened) == []


def test_the_file_loads_as_targets_and_says_why(study: Path, tmp_path: Path) -> None:
    with Study.open(study) as opened:
        toml = as_toml(suggest(opened), SAY)
    (tmp_path / "t.toml").write_text(toml, "utf-8")
    first, second = load_targets(tmp_path / "t.toml")
    assert (first.name, first.opposes, second.name) == ("换电", ("快充",), "快充")
    assert "# 3+1\n# +我支持换电\n# -換電行不通\n[[targets]]" in toml


def test_names_with_quotes_and_backslashes_stay_one_string(tmp_path: Path) -> None:
    odd = 'a"b\\c'
    made = judged("a", ("好", odd, "favor"), ("真好", odd, "favor"))
    with Study.open(written(tmp_path / "study", made)) as opened:
        (tmp_path / "t.toml").write_text(as_toml(suggest(opened), SAY), "utf-8")
    assert load_targets(tmp_path / "t.toml")[0].name == odd


def test_a_study_without_stances_says_so(tmp_path: Path) -> None:
    made = written(tmp_path / "study", judged("a", ("今天是周二", "周二", "favor")))
    with Study.open(made) as opened, pytest.raises(UsageError, match="no open targets"):
        as_toml(suggest(opened), SAY)


def test_the_command_writes_the_file_and_shows_frames(study: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    runner = CliRunner()
    path = tmp_path / "t.toml"
    done = runner.invoke(main, ["frames", "suggest", str(study), "-o", str(path), "--lang", "zh"])
    assert (done.exit_code, load_targets(path)[0].name) == (0, "换电")
    english = runner.invoke(main, ["frames", "suggest", str(study), "--lang", "en"])
    assert "4 stances in 3 documents" in english.output
    shown = runner.invoke(main, ["frames", "show", "ai-routes", "--lang", "en"])
    assert "ai-routes: The AI route debate" in shown.output
