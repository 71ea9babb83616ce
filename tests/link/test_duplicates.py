"""Near-duplicates: reposts are found whatever their script, and nothing else is."""

from __future__ import annotations

from random import Random

import pytest

from lunheng.duplicates import OVERLAP, bands, near_duplicates, overlap, shingles

RANDOM = Random(7)
HAN = [chr(0x4E00 + n) for n in range(3000)]


def article(length: int) -> str:
    return "".join(RANDOM.choice(HAN) for _ in range(length))


def clusters(texts: list[tuple[str, str]]) -> dict[str, str]:
    return near_duplicates(
        ((identity, bands(text)) for identity, text in texts), dict(texts).__getitem__
    )


def test_reposts_share_a_cluster_and_the_longest_stands_for_it() -> None:
    text, other = article(800), article(800)
    texts = [("a", text), ("b", "转载:" + text + article(60)), ("c", other), ("d", text[:700])]
    assert clusters(texts) == {"a": "b", "b": "b", "d": "b"}


def test_a_repost_in_the_other_script() -> None:
    text = "这个问题很复杂,我们应该认真讨论它的后果,还要听听专家学者对于未来发展的意见和建议。" * 3
    copy = (
        "這個問題很複雜，我們應該認真討論它的後果，還要聽聽專家學者對於未來發展的意見和建議。" * 3
    )
    assert overlap(shingles(text), shingles(copy)) == 1.0


def test_short_texts_have_no_duplicates() -> None:
    assert clusters([("a", "同一句话。"), ("b", "同一句话。")]) == {}


@pytest.mark.parametrize("length", [40, 100, 400, 3000])
@pytest.mark.parametrize("kept", [0.8, 0.9, 1.0])
def test_texts_that_overlap_enough_are_found_whatever_their_length(
    length: int, kept: float
) -> None:
    """Texts share their beginning; a kept share of .8 makes an overlap of two thirds."""
    shared = round(length * kept)
    missed = 0
    for _ in range(20):
        beginning = article(shared)
        one, other = (beginning + article(length - shared) for _ in range(2))
        missed += clusters([("one", one), ("other", other)]) == {} and (
            overlap(shingles(one), shingles(other)) >= OVERLAP
        )
    assert missed == 0


def test_texts_that_overlap_little_are_kept_apart() -> None:
    half = article(500)
    assert clusters([("a", half + article(500)), ("b", half + article(500))]) == {}


def test_only_candidates_are_read() -> None:
    texts = {str(n): article(300) for n in range(200)}
    texts["copy"] = texts["7"]
    read = []

    def text(identity: str) -> str:
        read.append(identity)
        return texts[identity]

    found = near_duplicates(((identity, bands(text)) for identity, text in texts.items()), text)
    assert found == {"7": "7", "copy": "7"}
    assert {"7", "copy"} <= set(read)
    assert len(set(read)) < 20
