"""Stages of one kind add to each other: the first word stands."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lunheng.combining import beside, new_quotes, new_stances
from lunheng.documents import Mention, Quote, Span, Stance

SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda s: Span(s[0], s[0] + s[1])),
    max_size=8,
).map(lambda spans: tuple(sorted(spans)))


@given(SPANS, SPANS)
def test_what_overlaps_is_left_out_and_all_stay_in_order(
    there: tuple[Span, ...], found: tuple[Span, ...]
) -> None:
    free = [f for f in found if not any(t.start < f.end and f.start < t.end for t in there)]
    result = beside(there, found)
    assert sorted(result) == sorted([*there, *(free if there else found)])
    assert [span.start for span in result] == sorted(span.start for span in result)


def test_mentions_that_touch_do_not_overlap() -> None:
    there = (Mention(2, 4, "甲乙", "ORG", "甲乙"),)
    found = (Mention(0, 2, "丙丁", "ORG", "丙丁"), Mention(4, 5, "戊", "ORG", "戊"))
    assert [mention.start for mention in beside(there, found)] == [0, 2, 4]


def test_a_quote_of_the_same_words_is_known_one_inside_it_is_not() -> None:
    there = (Quote("甲", 0, 1, "说", "direct", 3, 9),)
    again, inner = (Quote("乙", None, None, "", "direct", start, 9) for start in (3, 5))
    assert new_quotes(there, (again, inner)) == (*there, inner)


def test_a_stance_on_the_same_target_in_the_same_words_is_known() -> None:
    first = Stance("甲", "person", "开源", "favor", 0.9, 0, 10, "author")
    again = replace(first, polarity="against", start=5, end=12)
    later = replace(first, start=10, end=20)
    other = replace(first, target="快充")
    assert new_stances((first,), (again, later, other)) == (first, other, later)
