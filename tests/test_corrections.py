"""The file of corrections: what it may say, and that edits keep what an analyst wrote by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.corrections import (
    CorrectionsFile,
    StanceCorrection,
    load_corrections,
    parse_corrections,
    parse_decisions,
)
from lunheng.errors import ConfigError
from lunheng.names import Name, Names

HERE = Path("corrections.toml")


def correction(words: str = "支持开源", **other: object) -> StanceCorrection:
    facts: dict[str, object] = {
        "verdict": "rejected",
        "document": "d0",
        "file": "a.txt",
        "place": (3, 7),
        "words": words,
        "holder": "林若海",
        "target": "开源",
        "polarity": "favor",
    }
    return StanceCorrection(**{**facts, **other})  # type: ignore[arg-type]


def opened(path: Path, text: str = "") -> CorrectionsFile:
    path.write_text(text, "utf-8")
    return CorrectionsFile.read(path)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = CorrectionsFile.read(tmp_path / "c.toml")
    first, second = correction(), correction(verdict="changed", place=(9, 12), to={"holder": ""})
    file.judge(first, second)
    file.name("林若海", ["老林", "林总"], "PERSON")
    file.ignore("小米")
    written = file.write()
    assert load_corrections(tmp_path / "c.toml") == written
    assert written.stances == (first, second)
    assert written.names == Names(
        (Name("林若海", "PERSON", ("老林", "林总")),), frozenset({"小米"})
    )


def test_edits_keep_comments_and_what_they_do_not_touch(tmp_path: Path) -> None:
    text = (
        '# mine\nignore = ["小米"]  # a grain\n\n[[name]]\nname = "甲"  # first\naliases = ["乙"]\n'
    )
    file = opened(tmp_path / "c.toml", text)
    file.judge(correction())
    file.name("丙", ["乙"])
    file.write()
    after = (tmp_path / "c.toml").read_text("utf-8")
    assert after.startswith(
        '# mine\nignore = ["小米"]  # a grain\n\n[[name]]\nname = "甲"  # first\n'
    )
    names = load_corrections(tmp_path / "c.toml").names
    assert [(name.name, name.aliases) for name in names.names] == [("甲", ()), ("丙", ("乙",))]


def test_the_last_word_on_a_stance_replaces_the_word_before(tmp_path: Path) -> None:
    file = CorrectionsFile.read(tmp_path / "c.toml")
    file.judge(correction(), correction("别的", place=(20, 22)))
    file.judge(correction(verdict="confirmed"))
    assert [c.verdict for c in file.write().stances] == ["rejected", "confirmed"]
    file.forget(correction().stance)
    assert [c.words for c in file.write().stances] == ["别的"]
    file.forget(file.write().stances[0].stance)
    assert file.write().digest == 0
    file.judge(correction())
    assert len(file.write().stances) == 1


def test_a_name_taken_back_is_gone(tmp_path: Path) -> None:
    file = CorrectionsFile.read(tmp_path / "c.toml")
    file.name("甲", ["乙", "丙"])
    file.ignore("乙")
    assert file.write().names == Names((Name("甲", None, ("丙",)),), frozenset({"乙"}))
    file.forget_names("甲", "乙")
    assert file.write().names == Names()


def test_lists_written_on_one_line_can_be_added_to(tmp_path: Path) -> None:
    file = opened(tmp_path / "c.toml", 'name = [{ name = "甲" }]\n')
    file.name("乙")
    assert [name.name for name in file.write().names.names] == ["甲", "乙"]


@given(st.text(), st.text(), st.text())
def test_any_text_survives(words: str, holder: str, note: str) -> None:
    import tomlkit

    from lunheng.corrections import _stance_table

    document = tomlkit.document()
    tables = tomlkit.aot()
    made = correction(words, holder=holder, note=note)
    tables.append(_stance_table(made))
    document.add("stance", tables)
    (read,) = parse_corrections(HERE, tomlkit.dumps(document).encode("utf-8")).stances
    if not any("\ud800" <= c <= "\udfff" for c in words + holder + note):
        assert read == made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stance = 3", "expected `[[stance]]` tables"),
        ("stances = []", "found `stances`"),
        ('[[stance]]\nverdict = "good"', "number 1: expected `document` to be a string"),
        ("[[name]]\nname = ''", "expected `name` to be a string"),
        ("ignore = ", "expected corrections in TOML"),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_corrections(HERE, text.encode())
    assert str(caught.value).startswith("corrections.toml: ")
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"id": "x", "verdict": "maybe"}, "among confirmed, changed, rejected; found 'maybe'"),
        ({"id": "x", "verdict": "changed"}, "expected `to` with the verdict `changed`"),
        ({"id": "x", "verdict": "changed", "to": {"polarity": "pro"}}, "found 'pro'"),
        ({"id": "x", "verdict": "changed", "to": {"score": "1"}}, "found ['score']"),
        ({"id": 3, "verdict": "confirmed"}, "expected an object with `id`"),
    ],
)
def test_a_reports_decisions_are_checked(entry: dict[str, object], expected: str) -> None:
    import json

    with pytest.raises(ConfigError, match="number 1") as caught:
        parse_decisions(Path("d.json"), json.dumps({"stance": [entry]}).encode())
    assert expected in str(caught.value)
