"""Annotated files: names in either notation, words with their tags, wrong lines named."""

from __future__ import annotations

import pytest

from lunheng.errors import ReadError
from lunheng.tagging.corpora import NamedSentence, TaggedSentence, read_columns, read_conllu

NAMES = NamedSentence("马云在A巴", ((0, 2, "PER"), (3, 5, "ORG")))


@pytest.mark.parametrize(
    "labels",
    ["B-PER I-PER O B-ORG I-ORG", "B-PER E-PER O B-ORG E-ORG", "B-PER M-PER O B-ORG M-ORG"],
)
def test_notations_of_names(labels: str) -> None:
    lines = [f"{c} {label}" for c, label in zip(NAMES.text, labels.split(), strict=True)]
    assert [*read_columns([*lines, "", *lines])] == [NAMES, NAMES]


def test_adjoining_names_stay_two() -> None:
    lines = ["甲\tS-PER", "乙\tB-PER", "丙\tE-PER", "丁\tI-ORG"]
    (sentence,) = read_columns(lines)
    assert sentence.names == ((0, 1, "PER"), (1, 3, "PER"), (3, 4, "ORG"))


def test_conllu_leaves_out_ranges_and_comments() -> None:
    rest = "\t_" * 6
    lines = ["# text = 改变世界", f"1-2\t改变世界\t_\t_{rest}", f"1\t改变\t改变\tVERB{rest}"]
    assert [*read_conllu([*lines, f"2\t世界\t世界\tNOUN{rest}", ""])] == [
        TaggedSentence(("改变", "世界"), ("VERB", "NOUN"))
    ]


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(ReadError, match=r"names\.txt, line 2: expected 2 fields, found 1: '云'"):
        [*read_columns(["马 B-PER", "云"], "names.txt")]
