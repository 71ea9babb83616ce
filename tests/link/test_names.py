"""The user's names: read, found, refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from lunheng.errors import ConfigError
from lunheng.names import Name, Names, load_names


def test_no_file_holds_no_names(tmp_path: Path) -> None:
    assert load_names(tmp_path / "absent.toml") == Names()


def test_look_ups_disregard_script_case_and_spaces(tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text('[[name]]\nname = "星图 AI"\ntype = "ORG"\naliases = ["星圖"]\n', "utf-8")
    names = load_names(path)
    assert names.find("星图ai") == names.find("星图") == Name("星图 AI", "ORG", ("星圖",))


def test_the_later_names_have_the_last_word() -> None:
    both = Names((Name("甲", "ORG"),)) + Names((Name("甲", "PRODUCT"),))
    found = both.find("甲")
    assert found is not None
    assert found.type == "PRODUCT"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[name]\n", "expected a TOML file"),
        ("names = 1\n", "found `names`"),
        ("ignore = 1\n", "list of strings"),
        ("name = 1\n", "expected `\\[\\[name\\]\\]` tables"),
        ("[[name]]\nname = 1\n", "number 1: expected `name` to be a string"),
        ('[[name]]\nname = "甲"\ntype = "FIRM"\n', "found 'FIRM'"),
        ('[[name]]\nname = "甲"\nalias = "乙"\n', "found `alias`"),
        ('[[name]]\nname = "甲"\naliases = "乙"\n', "expected `aliases`"),
    ],
)
def test_what_cannot_be_understood_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "names.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=message):
        load_names(path)
