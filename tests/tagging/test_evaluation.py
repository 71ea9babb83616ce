"""Scores of names: exact matches, by type, and whether a difference is more than chance."""

from __future__ import annotations

from lunheng.tagging.evaluation import by_type, paired_bootstrap, score_spans

GOLD = [[(0, 2, "PER"), (3, 5, "ORG")], [(1, 2, "PER")]] * 20
GOOD = [[(0, 2, "PER"), (3, 5, "ORG")], []] * 20
POOR = [[(0, 2, "PER"), (3, 4, "ORG")], []] * 20


def test_place_and_type_must_be_exact() -> None:
    scores = score_spans(GOLD, POOR)
    assert (scores.right, scores.found, scores.gold) == (20, 40, 60)
    assert (scores.precision, scores.recall) == (0.5, 1 / 3)


def test_types_have_their_own_scores() -> None:
    scores = by_type(GOLD, POOR)
    assert list(scores) == ["ORG", "PER"]
    assert scores["ORG"].f1 == 0
    assert scores["PER"].precision == 1


def test_a_difference_everywhere_is_sure() -> None:
    difference = paired_bootstrap(GOLD, GOOD, POOR, samples=200)
    assert len(difference) == 200
    assert difference.min() > 0
    assert not paired_bootstrap(GOLD, GOOD, GOOD, samples=10).any()
