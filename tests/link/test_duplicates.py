"""Near-duplicates: reposts are found whatever their script, and nothing else is."""

from __future__ import annotations

from random import Random

from lunheng.duplicates import near_duplicates, overlap, shingles

RANDOM = Random(7)
HAN = [chr(0x4E00 + n) for n in range(3000)]


def article(length: int) -> str:
    return "".join(RANDOM.choice(HAN) for _ in range(length))


def test_reposts_share_a_cluster_and_the_longest_stands_for_it() -> None:
    text, other = article(800), article(800)
    texts = [("a", text), ("b", "转载:" + text + article(60)), ("c", other), ("d", text[:700])]
    assert near_duplicates(texts) == {"a": "b", "b": "b", "d": "b"}


def test_a_repost_in_the_other_script() -> None:
    text = "这个问题很复杂,我们应该认真讨论它的后果,还要听听专家学者对于未来发展的意见和建议。" * 3
    copy = (
        "這個問題很複雜，我們應該認真討論它的後果，還要聽聽專家學者對於未來發展的意見和建議。" * 3
    )
    assert overlap(shingles(text), shingles(copy)) == 1.0


def test_short_texts_have_no_duplicates() -> None:
    assert near_duplicates([("a", "同一句话。"), ("b", "同一句话。")]) == {}
