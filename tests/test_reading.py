"""Runs over archives: each file in them is a record or a failure, and nothing is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

import file_formats as files
from lunheng.documents import Edit, SourceText
from lunheng.errors import ReadError
from lunheng.plugins import PluginEntry, Stage
from lunheng.protocols import Reader
from lunheng.reading import Reading, Record, Trouble, choose_reader
from lunheng.text import OffsetMap
from lunheng_plugins.readers.text import TextReader, TextSettings
from studies import Notes, analyse, dump

READERS = "stages.readers=text,jsonl,archive"


def test_a_run_goes_through_archives(tmp_path: Path) -> None:
    packed, study = tmp_path / "in" / "a.zip", tmp_path / "study"
    packed.parent.mkdir()
    inner = files.tarred({"c.txt": "丙支持换电。\n".encode(), "../d.txt": b"x"})
    wrong = b'{"text": "a"}\n{bad\n'
    packed.write_bytes(files.zipped({"b.jsonl": wrong, "c.tgz": inner, "图.jpg": b"x"}))
    notes = Notes()
    summary = analyse([packed.parent], study, READERS, notes=notes)
    assert (summary.files, summary.analysed, summary.failures) == (1, 2, 2)
    tables = dump(study)
    assert [row["record"] for row in tables["sources"]] == ["b.jsonl:1", "c.tgz/c.txt"]
    assert [row["record"] for row in tables["failures"]] == ["b.jsonl", "c.tgz/d.txt"]
    assert notes.about("passed_over_within") == [
        {"path": str(packed), "suffix": ".jpg", "number": 1}
    ]
    assert analyse([packed.parent], study, READERS).unchanged == 1
    packed.write_bytes(files.zipped({"b.jsonl": b'{"text": "a"}\n', "c.tgz": inner}))
    again = analyse([packed.parent], study, READERS)
    assert (again.analysed, again.failures) == (0, 1)
    assert dump(study)["documents"] == tables["documents"]


def test_locators_are_kept(tmp_path: Path) -> None:
    file, study = tmp_path / "a.docx", tmp_path / "study"
    file.write_bytes(files.docx("<w:p><w:r><w:t>甲支持换电。</w:t></w:r></w:p>" * 2))
    analyse([file], study, "stages.readers=docx")
    (document,) = dump(study)["documents"]
    assert document["locators"] == [[0, "paragraph", "1"], [7, "paragraph", "2"]]


def stage(reader: Reader, name: str = "endless") -> Stage:
    return Stage(PluginEntry("readers", name, "tests", "tests", "0"), reader, None, 0.0)


class Endless(TextReader):
    """A reader that never comes to an end."""

    def read(self, data: bytes, path: str):  # type: ignore[no-untyped-def]
        """Yield for ever."""
        while True:
            yield from super().read(data, path)


def test_a_reader_without_end_is_stopped() -> None:
    events = list(Reading([stage(Endless(TextSettings()))], "a.txt").events(b"abc"))
    assert isinstance(events[-1], Trouble)
    assert "at most 1003 records" in events[-1].message


def test_without_readers_nothing_is_read() -> None:
    with pytest.raises(ReadError, match="no reader"):
        choose_reader([], "a.txt", b"")


def test_a_reader_can_be_barred_from_a_file_within_the_file() -> None:
    readers = [stage(TextReader(TextSettings()), "text")]
    (event,) = Reading(readers, "a.txt", {(0, "text"): "it crashed"}).events(b"abc")
    assert event == Trouble(readers[0].entry, "", "it crashed")


class Blank(TextReader):
    """A reader of records, most of them without text."""

    def read(self, data: bytes, path: str):  # type: ignore[no-untyped-def]
        """Yield a record of nothing, of white space, of text, and one whose text is elsewhere."""
        yield SourceText("", record="1")
        yield SourceText(" \n", record="2")
        yield SourceText("甲", record="3")
        nothing = OffsetMap.from_edits(7, [Edit(0, 7, "")])
        yield SourceText("<p></p>", record="4", text="", text_map=nothing)


def test_records_without_text_are_one_failure() -> None:
    events = list(Reading([stage(Blank(TextSettings()))], "a.txt").events(b"x"))
    assert [event.source.record for event in events if isinstance(event, Record)] == ["3"]
    (trouble,) = (event for event in events if isinstance(event, Trouble))
    assert trouble.message == (
        "expected text, found none in record 1 (records passed over in this file: 3)"
    )
