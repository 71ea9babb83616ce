"""The pipeline for programs: the same as a run's, picklable, and clear about what is wrong."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lunheng import Analyser
from lunheng.config import Config, Setting
from lunheng.errors import PluginError, UsageError

TEXT = "林若海：我支持开源。2023年花了3000万美元。"


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def test_facts_reach_the_document(analyser: Analyser) -> None:
    document = analyser.analyse(
        "去年我们反对烧钱。", author="甲", date="2024-05-01", meta={"section": "科技"}
    ).document
    assert document.author == "甲"
    assert document.meta["section"] == "科技"
    [date] = [mention for mention in document.mentions if mention.type == "DATE"]
    assert date.value is not None
    assert "2023" in str(date.value)


def test_pickled_it_finds_the_same(analyser: Analyser) -> None:
    again = pickle.loads(pickle.dumps(analyser))
    assert again.analyse(TEXT).document.stances == analyser.analyse(TEXT).document.stances


def test_threads_share_it(analyser: Analyser) -> None:
    expected = analyser.analyse(TEXT).document
    with ThreadPoolExecutor(4) as threads:
        found = [each.document for each in threads.map(analyser.analyse, [TEXT] * 12)]
    assert all((d.mentions, d.stances) == (expected.mentions, expected.stances) for d in found)


def test_a_lone_surrogate_is_no_trouble(analyser: Analyser) -> None:
    assert "\ufffd" in analyser.analyse("开源\ud83d").document.text


def test_an_unknown_stage_is_named() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        Analyser(Config({("stages", "stance"): Setting(["nowhere"], "here")}))


def test_a_broken_plugin_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(
        "def lunheng_stance(settings): ...\nraise ValueError('x')\n"
    )
    config = Config({("stages", "stance"): Setting(["broken"], "here")})
    with pytest.raises(PluginError, match="broken"):
        Analyser(config, (tmp_path,))
