"""``plugins``: list, new, check, trace, disable, enable."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from commands import call, call_plain
from studies import dump, write

HANG = "while True: pass\ndef lunheng_stance(settings): ...\n"
OLD = """
from lunheng import hookimpl

LUNHENG_API = 1

@hookimpl
def lunheng_requires():
    return ["turns"]

class Tagger:
    def stances(self, document):
        return [], 0

@hookimpl
def lunheng_stance(settings):
    return Tagger()
"""


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write(tmp_path / "articles", a_txt="甲支持新能源\n", b_txt="“快充”是 Acme 的\n")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "a study"


def listed(*arguments: object) -> dict[str, dict[str, Any]]:
    """Return the rows of ``plugins list`` by ``kind.name``, the first of each."""
    found: dict[str, dict[str, Any]] = {}
    for line in call_plain("plugins", "list", "--json", *arguments).stdout.splitlines():
        row = json.loads(line)
        found.setdefault(f"{row['kind']}.{row['name']}", row)
    return found


def test_list_tells_states(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import nowhere\ndef lunheng_stance(): ...", "utf-8")
    rows = listed("--plugin-dir", tmp_path, "--set", "plugins.disabled=reports.html")
    states = {key: row["state"] for key, row in rows.items()}
    assert states["stance.plain"] == "chosen"
    assert states["stance.broken"] == "failing"
    assert states["engines.local"] == "available"
    assert states["reports.html"] == "disabled"
    assert states["stance.linear"] == "unset"
    assert "lunheng train stance" in rows["stance.linear"]["reason"]
    assert "broken.py:1 in <module>" in rows["stance.broken"]["reason"]
    shown = call_plain("plugins", "list", "--plugin-dir", tmp_path)
    assert shown.exit_code == 0
    assert re.search(r"^stance +broken +failing ", shown.stdout, re.MULTILINE)
    assert "No module named 'nowhere'" in shown.stderr
    calm = [line for line in shown.stderr.splitlines() if line.startswith("stance.linear is not")]
    assert len(calm) == 1
    assert "set up: plugins.stance.linear.model: expected" in calm[0]


def test_list_as_json_has_all_there_is_to_know(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(OLD, "utf-8")
    row = listed("--plugin-dir", tmp_path)["stance.mine"]
    assert row.pop("milliseconds") >= 0
    assert re.fullmatch("[0-9a-f]{8}", row.pop("version"))
    assert row == {
        "kind": "stance",
        "name": "mine",
        "state": "available",
        "api": 1,
        "distribution": str(tmp_path),
        "requires": ["turns"],
        "deprecated": [],
        "reason": None,
    }


def test_a_plugin_that_hangs_or_crashes_stops_no_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crash.py").write_text(HANG.replace("while True: pass", "import os; os._exit(7)"))
    (tmp_path / "hang.py").write_text(HANG, "utf-8")
    monkeypatch.setattr("lunheng.cli.plugins_list.SECONDS", 0.5)
    rows = listed("--plugin-dir", tmp_path)
    assert "no end within 0.5 seconds" in rows["stance.hang"]["reason"]
    assert "exited with code 7" in rows["stance.crash"]["reason"]
    assert rows["stance.plain"]["state"] == "chosen"


def test_plugins_new_check_and_trace(articles: Path, tmp_path: Path) -> None:
    made = call("plugins", "new", "my-stance", "--kind", "stance", "-o", str(tmp_path / "new"))
    assert made.exit_code == 0, made.output
    assert str(tmp_path / "new" / "my_stance.py") in made.stdout
    check = ["plugins", "check", "my-stance", "--plugin-dir", str(tmp_path / "new")]
    checked = call(*check)
    assert checked.exit_code == 0, checked.output
    assert "ok      it is deterministic" in checked.stdout
    path = tmp_path / "new" / "my_stance.py"
    path.write_text(path.read_text("utf-8").replace("score=0.6", "score=6"), "utf-8")
    broken = call(*check)
    assert broken.exit_code == 1
    assert "expected a score from 0 to 1, found '6'" in broken.stdout
    traced = call_plain("plugins", "trace", articles / "b.txt")
    assert re.search(r"\d ms  entities\.plain +1 mentions", traced.stdout), traced.stdout


def test_a_disabled_plugin_is_left_out_until_it_is_enabled(
    articles: Path, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lunheng.toml").write_text("# mine\n[plugins.stance.plain]\nword = '支持'\n", "utf-8")
    assert call("plugins", "disable", "nobody").exit_code == 2
    disabled = call("plugins", "disable", "serial")
    assert disabled.exit_code == 0, disabled.output
    assert Path("lunheng.toml").read_text("utf-8").startswith("# mine\n")
    refused = call_plain("run", articles, "-o", study)
    assert (refused.exit_code, "no plugin of kind engines" in refused.stderr) == (2, True)
    call("plugins", "enable", "serial")
    assert call_plain("run", articles, "-o", study).exit_code == 0
    assert dump(study)["stances"]
