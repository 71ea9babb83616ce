"""What the reports compute from a study."""

from __future__ import annotations

import pytest

from lunheng.i18n import Catalog
from lunheng.study import Study
from lunheng_plugins.reports.model import View
from lunheng_plugins.reports.summary import answer, caveats, disputes
from lunheng_plugins.reports.view import build_view


@pytest.fixture
def view(study: Study) -> View:
    return build_view(study, "zh").view


def test_evidence_stands_where_it_says(study: Study, view: View) -> None:
    texts = {a.number: study.text(a.doc_id) for a in view.articles}
    sources = {a.number: study.source(a.doc_id) for a in view.articles}
    for item in view.evidence:
        text = texts[item.article]
        assert text[item.start : item.end] == item.text
        assert text[item.context_start : item.context_end] == item.context
        assert item.text in item.context
        assert all(text[c.start : c.end] == c.text for c in item.cues)
        assert item.place is not None
        lines = sources[item.article].split("\n")
        rest = lines[item.place.line - 1][item.place.column - 1 :]
        assert rest[0] == item.text[0]


def test_the_original_is_shown_where_it_differs(view: View) -> None:
    by_text = {e.text: e for e in view.evidence if e.article == 2}
    assert by_text["我支持开源路线"].original == "我支持开(kāi)源路线，它让98个团队受益。"
    assert by_text["闭源路线，我看不到前途"].original == "闭源路线,，我看不到前途。"
    assert by_text["我支持开源路线"].context == "我支持开源路线，它让98个团队受益。"


def test_an_unnamed_author_is_one_articles_author(view: View) -> None:
    assert "文1作者" in view.holders
    assert "" not in view.holders


def test_a_repost_counts_once(view: View) -> None:
    repeated = [e for e in view.evidence if e.article == 3]
    assert len(repeated) == 2
    assert not any(e.counted for e in repeated)
    assert {e.also_in for e in view.evidence if e.article == 2} == {(3,)}
    zhou = {p.target: p for p in view.positions if p.holder == "周知远"}
    assert (zhou["开源路线"].favor, zhou["闭源路线"].against) == (1, 1)
    assert view.overview.reposts == 1
    assert sorted(article.reposts for article in view.articles)[-2:] == [0, 1]


def test_positions_sum_the_counted_evidence(view: View) -> None:
    counted = [e for e in view.evidence if e.counted]
    assert sum(p.total for p in view.positions) == len(counted) == view.overview.stances
    for p in view.positions:
        items = [e for e in counted if (e.holder, e.target) == (p.holder, p.target)]
        assert p.favor == sum(e.polarity == "favor" for e in items)
        assert p.against == sum(e.polarity == "against" for e in items)
        assert p.evidence == tuple(e.number for e in items)


def test_disputes_name_both_sides(view: View) -> None:
    split = {d.target: d for d in disputes(view.positions)}
    assert {p.holder for p in split["开源路线"].favor} == {"林若海", "周知远"}
    assert {p.holder for p in split["开源路线"].against} == {"文1作者"}


def test_pairs_say_where_holders_agree_and_differ(view: View) -> None:
    pairs = {(p.first, p.second): p for p in view.pairs}
    allies = pairs[tuple(sorted(("林若海", "周知远")))]  # type: ignore[index]
    assert set(allies.agree) == {"开源路线", "闭源路线"}
    assert allies.differ == ()
    rivals = pairs[tuple(sorted(("林若海", "文1作者")))]  # type: ignore[index]
    assert set(rivals.differ) == {"开源路线", "闭源路线"}


def test_claims_say_who_says_how_many_of_what(view: View) -> None:
    claims = {c.amount: c for c in view.claims}
    assert claims["98个"].holder == "周知远"
    assert claims["98个"].subject.startswith("团队")
    assert (claims["98个"].value, claims["98个"].unit) == (98.0, "个")
    assert claims["2000万美元"].holder == "文1作者"
    assert claims["2000万美元"].value == 2e7
    assert sum(c.amount == "98个" for c in view.claims) == 1


def test_digest_sentences_are_the_articles_own(study: Study, view: View) -> None:
    texts = {a.number: study.text(a.doc_id) for a in view.articles}
    assert view.digests[0].article == 0
    for digest in view.digests:
        assert 1 <= len(digest.sentences) <= 5
        for sentence in digest.sentences:
            assert texts[sentence.article][sentence.start : sentence.end].strip() == sentence.text
            assert not sentence.text.endswith("？")
    assert all(d.article != 3 for d in view.digests)


def test_entities_carry_aliases_and_neighbours(view: View) -> None:
    entities = {e.name: e for e in view.entities}
    assert entities["林若海"].aliases == ("老林",)
    assert entities["云雀大模型"].articles == (2, 3)


def test_titles(view: View) -> None:
    assert view.articles[0].title == "路线之争"
    assert view.articles[1].author == "周知远"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_answer_names_the_dispute(view: View, lang: str) -> None:
    say = Catalog.load("lunheng_plugins.reports", lang)
    words = "\n".join(answer(view, say))
    assert "开源路线" in words
    assert "林若海" in words
    assert len(caveats(view, say)) == 4
