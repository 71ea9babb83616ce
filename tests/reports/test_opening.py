"""The first screen, the short lists of where all stand, and the words near a disputed target."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from lunheng.correcting import correct, resolve
from lunheng.corrections import Decision
from lunheng.documents import Locator
from lunheng.i18n import Catalog
from lunheng.study import Study
from lunheng_plugins.reports import csv_, html, json_, markdown
from lunheng_plugins.reports.opening import Debate, closing, debates, excerpt, lead, strongest
from lunheng_plugins.reports.selection import by_number, place_name, where
from lunheng_plugins.reports.summary import stands
from lunheng_plugins.reports.view import View, build_view
from reports.conftest import Draft, MakeStudy, essay

SAY = Catalog.load("lunheng_plugins.reports", "en")


def view_of(study: Study) -> View:
    return build_view(study, "en").view


def debates_of(view: View) -> tuple[Debate, ...]:
    return debates(view, by_number(view.evidence), SAY)


def strongest_of(view: View) -> list[tuple[str, str]]:
    found = strongest(view, by_number(view.evidence))
    return [(position.target, item.text) for position, item in found]


def test_debates_show_both_sides_in_their_best_words(study: Study) -> None:
    first, second = debates_of(view_of(study))
    assert {first.target, second.target} == {"开源路线", "闭源路线"}
    sides = {side: (names, [e.text for e in items]) for side, names, items in first.sides}
    assert set(sides) == {"favor", "against"}
    by_target = {d.target: d for d in (first, second)}
    for_it, against_it = by_target["开源路线"].sides
    assert for_it[:2] == ("favor", "周知远 and 林若海")
    assert [e.holder for e in for_it[2]] == ["周知远", "林若海"]
    assert [e.text for e in against_it[2]] == ["开源路线太慢"]
    assert strongest_of(view_of(study)) == []  # nobody stands elsewhere


def test_without_a_dispute_the_strongest_positions_open(make_study: MakeStudy) -> None:
    draft = Draft.of("a.txt", "我支持开源。我也支持开源。我反对闭源。\n")
    draft.stance("我支持开源", "甲", "开源", "favor").stance("我也支持开源", "甲", "开源", "favor")
    draft.stance("我反对闭源", "甲", "闭源", "against")
    view = view_of(make_study([draft]))
    assert debates_of(view) == ()
    assert strongest_of(view) == [
        ("开源", "我支持开源"),
        ("闭源", "我反对闭源"),
    ]
    assert closing(view, SAY) == ()


def test_an_empty_study_says_so(make_study: MakeStudy) -> None:
    view = view_of(make_study([]))
    assert lead(view, SAY) == SAY("no_stances")
    assert (debates_of(view), strongest_of(view), closing(view, SAY)) == ((), [], ())


@pytest.mark.parametrize(
    ("longest", "expected"),
    [
        (100, "前面的话，我支持开源，后面的话。"),
        (5, "……我支持开源……"),
        (9, "……话，我支持开源，后……"),
        (13, "……面的话，我支持开源，后面的……"),
        (16, "前面的话，我支持开源，后面的话。"),
    ],
)
def test_an_excerpt_keeps_the_evidence_whole(
    make_study: MakeStudy, longest: int, expected: str
) -> None:
    draft = Draft.of("a.txt", "前面的话，我支持开源，后面的话。\n")
    draft.stance("我支持开源", "甲", "开源", "favor")
    part = excerpt(view_of(make_study([draft])).evidence[0], longest)
    assert part.words == "我支持开源"
    assert part.before + part.words + part.after == expected


def test_where_each_holder_stands_comes_by_side(study: Study) -> None:
    known = {stand.holder: stand for stand in stands(view_of(study))}
    assert [(side, [p.target for p in group]) for side, group in known["林若海"].sides] == [
        ("favor", ["开源路线"]),
        ("against", ["闭源路线"]),
    ]
    assert known["林若海"].strongest.target in {"开源路线", "闭源路线"}


def test_one_of_a_thing_is_no_plural(make_study: MakeStudy, tmp_path: Path) -> None:
    draft = Draft.of("a.txt", "我支持开源。\n").stance("我支持开源", "甲", "开源", "favor")
    study = make_study([draft])
    (path,) = markdown.lunheng_reports(None).write(study, tmp_path, "en")
    text = path.read_text("utf-8")
    assert "1 article read, 7 characters in all." in text
    assert "1 holder took a stand 1 time on 1 target: 1 for" in text
    (path,) = html.lunheng_reports(None).write(study, tmp_path, "en")
    assert not re.search(
        r"\b1 [a-z]+s\b",
        re.sub(r"<(script|style).*?</\1>", "", path.read_text("utf-8"), flags=re.S),
    )


def test_a_page_of_a_file_is_named_instead_of_a_line(make_study: MakeStudy, tmp_path: Path) -> None:
    draft = Draft.of("a.pdf", "第一页。\n我支持开源，要花3000万美元，这很值得也很必要。\n")
    draft.stance("我支持开源", "甲", "开源", "favor")
    draft.mention("3000万美元", "MONEY", value={"number": 3e7, "currency": "USD"})
    locators = (Locator(0, "page", "1"), Locator(5, "page", "2"))
    draft.document = replace(draft.document, locators=locators)
    study = make_study([draft])
    view = view_of(study)
    (item,), (claim,), (digest,) = view.evidence, view.claims, view.digests
    assert place_name(item.place, view.articles[0], SAY) == "a.pdf, page 2"
    assert where(claim, SAY) == "page 2"
    assert {where(s, SAY) for s in digest.sentences} == {"page 2"}
    csv_.lunheng_reports(None).write(study, tmp_path, "en")
    assert ",page 2,2,1," in (tmp_path / "csv" / "evidence.csv").read_text("utf-8-sig")
    (path,) = html.lunheng_reports(None).write(study, tmp_path, "zh")
    assert "文 1 第 2 页" in path.read_text("utf-8")


def test_a_digest_gives_a_sentence_to_the_holder_of_its_stance(make_study: MakeStudy) -> None:
    words = "周知远一直看好开源路线，而且说到做到了。"
    draft = Draft.of("a.txt", f"{words}\n天气不错，我们还有很多别的事情要讲。\n", author="林若海")
    draft.stance(words, "周知远", "开源路线", "favor")
    (digest,) = view_of(make_study([draft])).digests
    holders = {s.text: s.holder for s in digest.sentences}
    assert holders[words] == "周知远"
    assert set(holders.values()) == {"周知远", "林若海"}


def test_scripts_of_a_target_and_a_holder_are_one(make_study: MakeStudy) -> None:
    draft = Draft.of("a.txt", "我支持開源路線。我也支持开源路线。他反对开源 路线。\n")
    draft.stance("我支持開源路線", "劉興", "開源路線", "favor")
    draft.stance("我也支持开源路线", "刘兴", "开源路线", "favor")
    draft.stance("他反对开源 路线", "刘兴", "开源 路线", "against")
    (position,) = view_of(make_study([draft])).positions
    assert (position.holder, position.favor, position.against) == ("刘兴", 2, 1)


def test_words_near_a_target_are_those_of_its_side(make_study: MakeStudy) -> None:
    lines = []
    for number in range(4):
        lines += [f"甲：免费的开源好{number}。", f"乙：粗糙的开源坏{number}。"]
    filler = "今天天气很好，大家都去公园散步，看花看水看人。" * 12
    draft = Draft.of("a.txt", "\n\n".join([*lines, filler]) + "\n")
    for number in range(4):
        for speaker, words, side in (
            ("甲", "免费的开源好", "favor"),
            ("乙", "粗糙的开源坏", "against"),
        ):
            draft.turn(speaker, f"{speaker}：", f"{words}{number}。")
            draft.stance(f"{words}{number}", speaker, "开源", side)  # type: ignore[arg-type]
    terms = {t.kind: {term.text for term in t.terms} for t in view_of(make_study([draft])).terms}
    assert "免费" in terms["near_favor"]
    assert "粗糙" in terms["near_against"]
    assert not terms["near_favor"] & terms["near_against"]


def test_the_analysts_word_is_shown_as_theirs_in_every_view(
    make_study: MakeStudy, tmp_path: Path
) -> None:
    study = make_study([essay()], (("林若海", "PERSON", ["老林"]),))
    names = {e.text: e.stance for e in view_of(study).evidence}
    decisions = [
        Decision(names["开源路线太慢"], "confirmed"),
        Decision(names["开源路线一定会赢"], "changed", {"holder": "周知远"}),
        Decision(names["闭源路线没有前途"], "rejected"),
    ]
    judged = resolve(study, decisions)
    correct(study.folder, lambda file: file.judge(*judged))
    after = view_of(study)
    found = {e.text: (e.holder, e.origin, e.verdict) for e in after.evidence}
    assert found == {
        "开源路线一定会赢": ("周知远", "human", "changed"),
        "开源路线太慢": ("Author of no. 1", "human", "confirmed"),
        "闭源路线更可靠": ("Author of no. 1", "machine", None),
    }
    assert (after.overview.confirmed, after.overview.changed, after.overview.rejected) == (1, 1, 1)
    for writer in (markdown, json_, html):
        (path,) = writer.lunheng_reports(None).write(study, tmp_path, "en")
        text = path.read_text("utf-8")
        assert "changed by a human" in text or '"verdict": "changed"' in text
    csv_.lunheng_reports(None).write(study, tmp_path, "en")
    assert ",human," in (tmp_path / "csv" / "evidence.csv").read_text("utf-8-sig")


def test_a_users_folder_comes_before_our_templates(study: Study, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "brief.md.j2").write_text("{{ view.overview.stances }} by us\n", "utf-8")
    (tmp_path / "mine" / "report.css").write_text("body { color: teal }", "utf-8")
    settings = markdown.MarkdownSettings(templates=str(tmp_path / "mine"))
    (path,) = markdown.lunheng_reports(settings).write(study, tmp_path, "en")
    assert path.read_text("utf-8") == "6 by us\n"
    page = html.lunheng_reports(html.HtmlSettings(templates=str(tmp_path / "mine")))
    (path,) = page.write(study, tmp_path, "en")
    assert "<style>body { color: teal }</style>" in path.read_text("utf-8")
