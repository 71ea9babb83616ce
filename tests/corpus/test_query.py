"""Queries are read as documented, find what brute force finds, and say where they are wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lunheng.corpus import Query, QueryError
from lunheng.corpus.query import And, Filter, Gap, Near, Node, Not, Or, Phrase, parse
from lunheng.index import NgramIndex
from reference.query import documents, spans

TEXTS = (
    "大模型要烧钱，应用不烧钱",
    "騰訊\n大小模型",
    "应用",
    "乾坤大模型",
    "",
    "烧A烧B烧",
    "大\n模型",
)


def phrase(*pieces: str | Gap) -> Phrase:
    return Phrase(pieces)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("大模型", phrase("大模型")),
        ("大?模型", phrase("大", Gap(1, 1), "模型")),
        ("大？？*型", phrase("大", Gap(2, 12), "型")),
        ("“大?模型”", phrase("大?模型")),
        (r"为什么\?", phrase("为什么?")),
        ('大"*"型', phrase("大*型")),
        ("~后", Phrase(("后",), every_variant=True)),
        ("甲 乙", And((phrase("甲"), phrase("乙")))),
        ("甲 OR 乙 丙", Or((phrase("甲"), And((phrase("乙"), phrase("丙")))))),
        ("(甲 OR 乙) AND NOT 丙", And((Or((phrase("甲"), phrase("乙"))), Not(phrase("丙"))))),
        ("（甲）", phrase("甲")),
        ("甲 NEAR/5 乙", Near(phrase("甲"), phrase("乙"), 5)),
        ("NOT 甲 NEAR/5 乙", Not(Near(phrase("甲"), phrase("乙"), 5))),
        ("and", phrase("and")),
        ('"AND"', phrase("AND")),
        ("year:2022..", Filter("year", "2022..", False, 0)),
        ("来源:晚报|日报", Filter("来源", "晚报|日报", False, 0)),
        ('title:"大 模型"', Filter("title", "大 模型", True, 0)),
        ("甲 title:乙", And((phrase("甲"), Filter("title", "乙", False, 2)))),
    ],
)
def test_queries_are_read(query: str, tree: Node) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "place", "reason"),
    [
        ("", 0, "end of the query"),
        ("大模型 AND", 7, "end of the query"),
        ("大模型 AND OR", 8, "found OR"),
        ("(大模型", 0, "not closed"),
        ("大模型)", 3, "not opened"),
        ("甲 “大模型", 2, "not closed"),
        ('""', 0, "between the quotation marks"),
        ("*型", 0, "between two characters"),
        ("甲 大*", 3, "between two characters"),
        ("??", 0, "a character"),
        ("~", 0, "a character"),
        ("(甲 乙) NEAR/3 丙", 0, "NEAR"),
        ("丙 NEAR/3 (甲 乙)", 9, "NEAR"),
        ("丙 NEAR/3 year:2022", 9, "NEAR"),
        ("(" * 60, 50, "levels"),
        ("NOT " * 60 + "甲", 200, "levels"),
    ],
)
def test_errors_point_at_the_character(query: str, place: int, reason: str) -> None:
    with pytest.raises(QueryError, match=reason) as caught:
        parse(query)
    assert caught.value.place == place
    shown, mark = str(caught.value).splitlines()[-2:]
    assert shown == f"  {query}"
    assert mark.endswith("^")


def test_the_mark_stands_below_wide_characters() -> None:
    with pytest.raises(QueryError) as caught:
        parse("大模型 )")
    assert str(caught.value).splitlines()[-1] == "  " + " " * 7 + "^"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NgramIndex]:
    with NgramIndex.create(tmp_path_factory.mktemp("corpus") / "index") as made:
        for number, text in enumerate(TEXTS):
            made.add(text, number=number)
            made.commit()
        yield made


letters = st.sampled_from("大模型烧应用")
literal = st.text(letters, min_size=1, max_size=2)
gaps = st.builds(lambda least, more: Gap(least, least + more), st.integers(0, 2), st.integers(0, 3))


def fixed(gap: Gap) -> Gap:
    return Gap(gap.least, gap.least)


phrases = st.builds(
    lambda before, pieces, after: Phrase(
        tuple(
            piece
            for piece in (
                *(fixed(before) if before else None,),
                *[p for pair in pieces for p in pair][:-1],
                *(fixed(after) if after else None,),
            )
            if piece is not None
        )
    ),
    st.none() | gaps,
    st.lists(st.tuples(literal, gaps), min_size=1, max_size=3),
    st.none() | gaps,
)
placed = st.recursive(
    phrases,
    lambda inner: (
        st.builds(Near, inner, inner, st.integers(0, 4))
        | st.builds(lambda *parts: Or(parts), inner, inner)
    ),
    max_leaves=3,
)
trees = st.recursive(
    placed,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(lambda *parts: And(parts), inner, inner)
        | st.builds(lambda *parts: Or(parts), inner, inner)
    ),
    max_leaves=4,
)


def asked(tree: Node) -> Query:
    query = Query("甲")
    query.tree = tree
    return query


@given(tree=trees)
def test_documents_are_those_of_brute_force(index: NgramIndex, tree: Node) -> None:
    found = asked(tree).documents(index)
    assert found.tolist() == sorted(documents(tree, dict(enumerate(TEXTS))))


@given(tree=placed)
def test_places_are_some_of_brute_force_in_every_document(index: NgramIndex, tree: Node) -> None:
    found = asked(tree).matches(index)
    assert found.documents.tolist() == sorted(set(found.ids.tolist()))
    places = list(zip(found.ids.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True))
    assert places == sorted(set(places))
    for number, start, end in places:
        assert (start, end) in set(spans(tree, TEXTS[number]))


def test_variants_fields_and_lines(index: NgramIndex) -> None:
    assert Query("腾讯").documents(index).tolist() == [1]
    assert Query("干坤").documents(index).tolist() == []
    assert Query("~干坤").documents(index).tolist() == [3]
    assert Query("干坤").documents(index, variants="all").tolist() == [3]
    assert Query("应用 number:1..").documents(index).tolist() == [2]
    lines = list(Query("大*模型 OR 应用").matches(index).lines(index, width=1, limit=3))
    assert [(line.left, line.match, line.right) for line in lines] == [
        ("", "大模型", "要"),
        ("，", "应用", "不"),
        ("\n", "大小模型", ""),
    ]


def test_an_unknown_field_is_named_with_those_there_are(index: NgramIndex) -> None:
    with pytest.raises(QueryError, match=r"\(number\), found 'year'") as caught:
        Query("应用 year:2022").documents(index)
    assert caught.value.place == 3
