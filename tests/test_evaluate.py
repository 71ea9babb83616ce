"""Scoring: perfect, damaged, shifted and missing findings."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from lunheng.documents import Document, Edit, Mention, Quote, Repair, Stance, Turn
from lunheng.errors import ReadError, UsageError
from lunheng.evaluate import Outcome, evaluate_folder, miss, score, tally
from lunheng.gold import AUTHOR, Gold, GoldRecord, dump_gold, load_gold, sources
from lunheng.markup import read_markup
from lunheng.text import OffsetMap, apply_edits

SAMPLES = Path(str(files("lunheng_seeds") / "samples"))
MARKED = """source: a.txt
field: ai
genre: interview
=== text
{P老周}：{@老周}{OO{!pinyin-brackets|(shè)|}penAI}赢不了{!punctuation|,，|，}我押开源。
{P小吴}：{@小吴}{P老钱}说：“{D明年}见分晓。”
{P老周}：{@老周}随他。
{P小吴}：{@小吴}好。
=== notes
Q 老钱 | direct | 明年见分晓。
S 老周 | against | OpenAI | OpenAI赢不了 | turn
S 老周 | favor | 开源 | 我押开源 | turn
"""


@pytest.fixture(name="marked")
def marked_text() -> tuple[str, GoldRecord]:
    source, gold = read_markup(MARKED)
    return source, gold.records[0]


def perfect(source: str, record: GoldRecord) -> Document:
    """Return the document of a pipeline that finds exactly what gold says."""
    edits = [Edit(repair.start, repair.end, repair.after) for repair in record.repairs]
    text, to = apply_edits(source, edits)

    def place(start: int, end: int) -> tuple[int, int]:
        found = to.to_target(start, end)
        assert found is not None
        return found

    return Document(
        doc_id="1",
        source=source,
        text=text,
        source_map=to,
        mentions=tuple(
            Mention(*place(one.start, one.end), "", one.type, "")  # type: ignore[arg-type]
            for one in record.entities
        ),
        turns=tuple(Turn(one.speaker, *place(one.start, one.end), 0, 0) for one in record.turns),
        quotes=tuple(
            Quote(one.holder, None, None, "", one.attribution, *place(one.start, one.end))  # type: ignore[arg-type]
            for one in record.quotes
        ),
        stances=tuple(
            Stance(
                "" if one.holder == AUTHOR else one.holder,
                "author" if one.holder == AUTHOR else "person",
                one.target,
                one.polarity,  # type: ignore[arg-type]
                1.0,
                *place(one.start, one.end),
                one.attribution,  # type: ignore[arg-type]
            )
            for one in record.stances
        ),
        repairs=tuple(
            Repair(one.start, one.end, one.text, one.after, one.kind) for one in record.repairs
        ),
    )


def wrong(outcomes: list[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.verdict != "right"]


def of_layer(outcomes: list[Outcome], layer: str) -> tuple[int, int, int]:
    counts = tally(outcome for outcome in outcomes if outcome.layer == layer)
    return counts.right, counts.missed, counts.spurious


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.gold.json")), ids=lambda path: path.stem)
def test_gold_scores_full_marks_against_itself(path: Path) -> None:
    gold = load_gold(path)
    texts = sources(SAMPLES / gold.source)
    for record in gold.records:
        source = texts[record.record]
        outcomes = score(record, source, perfect(source, record))
        assert wrong(outcomes) == []
        assert len(outcomes) == len(list(record.spans()))


def test_an_undamaged_reading_differs_in_the_damage_only(marked: tuple[str, GoldRecord]) -> None:
    source, record = marked
    document = perfect(source, record)
    uncleaned = replace(
        document,
        text=source,
        source_map=OffsetMap.identity(len(source)),
        repairs=(),
        mentions=tuple(Mention(e.start, e.end, "", e.type, "") for e in record.entities),  # type: ignore[arg-type]
        turns=(),
        quotes=(),
        stances=(),
    )
    outcomes = score(record, source, uncleaned)
    assert of_layer(outcomes, "entities") == (len(record.entities), 0, 0)
    assert of_layer(outcomes, "repairs") == (0, 2, 0)


def test_entities_need_place_and_type(marked: tuple[str, GoldRecord]) -> None:
    source, record = marked
    document = perfect(source, record)
    first, second, *rest = document.mentions
    mentions = (replace(first, type="ORG"), replace(second, start=second.start + 1), *rest)
    outcomes = score(record, source, replace(document, mentions=mentions))
    assert of_layer(outcomes, "entities") == (len(rest), 2, 2)


def test_turns_fold_scripts_and_ignore_spaces_at_their_ends(
    marked: tuple[str, GoldRecord],
) -> None:
    source, record = marked
    document = perfect(source, record)
    first, second, *rest = document.turns
    assert document.text[first.end] == "\n"
    turns = (replace(first, end=first.end + 1), replace(second, speaker="小吳"), *rest)
    assert of_layer(score(record, source, replace(document, turns=turns)), "turns") == (4, 0, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"holder": "老錢"}, (1, 0, 0)), ({"holder": "老周"}, (0, 1, 1)), ({"end": 1}, (0, 1, 1))],
)
def test_a_quote_needs_its_holder_and_most_of_its_words(
    marked: tuple[str, GoldRecord], change: dict[str, object], expected: tuple[int, int, int]
) -> None:
    source, record = marked
    document = perfect(source, record)
    quote = document.quotes[0]
    if "end" in change:
        change = {"end": quote.start + 1}
    quotes = (replace(quote, **change),)  # type: ignore[arg-type]
    outcomes = score(record, source, replace(document, quotes=quotes))
    assert of_layer(outcomes, "quotes") == expected


def test_stances_follow_the_overlap_rule(marked: tuple[str, GoldRecord]) -> None:
    source, record = marked
    document = perfect(source, record)
    first, second = document.stances
    wider = replace(first, start=first.start - 2, end=first.end + 1)
    other = replace(second, polarity="against")
    outcomes = score(record, source, replace(document, stances=(wider, other)))
    assert of_layer(outcomes, "stances") == (1, 1, 1)
    twice = score(record, source, replace(document, stances=(first, first, second)))
    assert of_layer(twice, "stances") == (2, 0, 1)


def test_a_named_author_is_the_author() -> None:
    source, gold = read_markup(
        "source: a.txt\nfield: work\ngenre: essay\n=== text\n我反对加班。\n=== notes\n"
        "S 作者 | against | 加班 | 我反对加班 | author\n"
    )
    record = gold.records[0]
    document = perfect(source, record)
    named = (replace(document.stances[0], holder="林小满"),)
    assert wrong(score(record, source, replace(document, stances=named))) == []


def test_a_repair_is_judged_by_its_result(marked: tuple[str, GoldRecord]) -> None:
    source, record = marked
    document = perfect(source, record)
    comma = source.index(",，")
    text, to = apply_edits(source, [Edit(comma + 1, comma + 2, "")])
    kept_the_other = replace(
        document,
        text=text,
        source_map=to,
        repairs=(
            Repair(0, 1, "老", "老", "censored"),
            Repair(comma + 1, comma + 2, "，", "", "punctuation"),
        ),
        mentions=(),
        turns=(),
        quotes=(),
        stances=(),
    )
    outcomes = [one for one in score(record, source, kept_the_other) if one.layer == "repairs"]
    assert {(one.label, one.verdict) for one in outcomes} == {
        ("pinyin-brackets", "missed"),
        ("punctuation", "right"),
        ("censored", "spurious"),
    }


def test_a_missing_document_misses_everything(marked: tuple[str, GoldRecord]) -> None:
    _, record = marked
    outcomes = miss(record)
    assert {one.verdict for one in outcomes} == {"missed"}
    assert len(outcomes) == len(list(record.spans()))


def test_a_document_of_another_source_is_refused(marked: tuple[str, GoldRecord]) -> None:
    source, record = marked
    document = replace(perfect(source, record), source="别的")
    with pytest.raises(UsageError, match=f"annotated source \\({len(source)} characters\\)"):
        score(record, source, document)


def write(folder: Path, marked: str) -> Gold:
    source, gold = read_markup(marked)
    (folder / gold.source).write_bytes(source.encode("utf-8"))
    (folder / "a.gold.json").write_text(dump_gold(gold), "utf-8")
    return gold


def test_a_folder_is_scored_with_article_and_field(tmp_path: Path) -> None:
    record = write(tmp_path, MARKED).records[0]
    source = sources(tmp_path / "a.txt")[""]
    document = perfect(source, record)
    outcomes = evaluate_folder(tmp_path, lambda path: [document], "a")
    assert {(one.article, one.field, one.verdict) for one in outcomes} == {("a.txt", "ai", "right")}
    assert {one.verdict for one in evaluate_folder(tmp_path, lambda path: [])} == {"missed"}


def test_an_unknown_article_and_a_missing_source_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="found none"):
        evaluate_folder(tmp_path, lambda path: [])
    write(tmp_path, MARKED)
    with pytest.raises(UsageError, match="for 'b', found a"):
        evaluate_folder(tmp_path, lambda path: [], "b")
    (tmp_path / "a.txt").unlink()
    with pytest.raises(ReadError, match=r"'a\.txt' is not in"):
        evaluate_folder(tmp_path, lambda path: [])
