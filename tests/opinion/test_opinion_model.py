"""The linear model of stance: features, training, calibration, file and the tagger that uses it."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from documents import document
from lunheng.errors import ModelError
from lunheng.frames import Target
from lunheng.opinion import LABELS, OpinionFeatures, OpinionModel
from lunheng.opinion.evaluation import evaluate
from lunheng.opinion.training import LabelledOpinion, OpinionSettings, train
from lunheng_plugins.stance.linear import LinearTagger

PRAISE = ("真不错", "我很支持", "太好用了", "值得推荐", "越用越喜欢")
BLAME = ("太糟糕", "我坚决反对", "根本没用", "劝你别买", "越用越讨厌")
FACTS = ("昨天发布了", "今天开会讨论", "位于深圳", "有三个版本", "下周更新")
SUBJECTS = ("远程办公", "换电站", "电子书", "无人机", "慢跑鞋", "智能手表", "共享单车", "奶茶")


def examples() -> list[LabelledOpinion]:
    return [
        LabelledOpinion(f"{subject}{words}，这是第{n}条。", subject, label)
        for n, subject in enumerate(SUBJECTS)
        for label, said in enumerate((PRAISE, BLAME, FACTS))
        for words in said
    ]


@pytest.fixture(scope="module")
def model() -> OpinionModel:
    return train(examples(), OpinionSettings(epochs=6, bits=14, held_out=0.1))


def test_it_learns_and_carries_over_to_unseen_targets(model: OpinionModel) -> None:
    unseen = [
        LabelledOpinion("电动牙刷真不错，值得推荐。", "电动牙刷", 0),
        LabelledOpinion("电动牙刷根本没用，太糟糕。", "电动牙刷", 1),
        LabelledOpinion("电动牙刷下周更新，有三个版本。", "电动牙刷", 2),
    ]
    scores = evaluate(model, unseen)
    assert scores.accuracy == 1.0
    assert scores.macro == pytest.approx(1.0)


def test_probabilities_sum_to_one_and_the_threshold_is_one_of_them(model: OpinionModel) -> None:
    maker = OpinionFeatures()
    chances = model.probabilities([maker.of(e.text, e.target) for e in examples()[:7]])
    assert chances.shape == (7, len(LABELS))
    assert np.allclose(chances.sum(axis=1), 1)
    assert 1 / len(LABELS) <= model.threshold <= 1


def test_features_do_not_depend_on_the_script() -> None:
    maker = pickle.loads(pickle.dumps(OpinionFeatures()))
    simplified = maker.of("远程办公真的很好", "远程办公")
    assert np.array_equal(simplified, maker.of("遠程辦公真的很好", "遠程辦公"))
    assert len(maker.of("", "")) > 0


def test_the_file_holds_the_model(model: OpinionModel, tmp_path: Path) -> None:
    model.save(tmp_path / "stance.model")
    again = OpinionModel.load(tmp_path / "stance.model")
    assert np.array_equal(again.weights, model.weights)
    assert (again.temperature, again.threshold) == (model.temperature, model.threshold)
    assert again.provenance["settings"] == model.provenance["settings"]


def test_a_foreign_file_is_named_and_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "foreign"
    path.write_bytes(b"no model")
    with pytest.raises(ModelError, match="lunheng train stance"):
        OpinionModel.load(path)


def test_the_tagger_judges_what_the_cues_propose(model: OpinionModel) -> None:
    tagger = LinearTagger.of(model, [Target("换电站", ("换电站",))], threshold=0.5)
    found, _ = tagger.stances(document("我觉得换电站真不错。我坚决反对换电站。"))
    assert [(s.target, s.polarity) for s in found] == [("换电站", "favor"), ("换电站", "against")]
    assert all(s.plugin == "linear" and s.cues[-1].rule.startswith("linear: ") for s in found)


def test_the_tagger_judges_known_targets_without_cues_and_abstains(model: OpinionModel) -> None:
    tagger = LinearTagger.of(model, [Target("换电站", ("换电站",))], threshold=0.4)
    made = document("换电站越用越值。")
    found, abstained = tagger.stances(made)
    assert [s.polarity for s in found] == ["favor"]
    silent, more = replace(tagger, threshold=1.0).stances(made)
    assert (list(silent), more) == ([], abstained + 1)
