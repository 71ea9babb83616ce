"""Archives: the files in them are read, and nothing in them can do harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

import file_formats as files
from lunheng.config import Config
from lunheng.documents import Member
from lunheng.errors import ReadError
from lunheng.plugins import discover
from lunheng.reading import Reading, Record, Trouble, choose_reader
from lunheng.selection import select_stages
from lunheng_plugins.readers import archive

READERS = select_stages(Config(), discover(), ("readers",)).stages["readers"]
TEXT = "我们花了很多时间讨论这个问题。".encode()


def found(data: bytes, path: str = "a.zip") -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts and the troubles within a file, by record."""
    texts, troubles = {}, {}
    for event in Reading(READERS, path).events(data):
        if isinstance(event, Record):
            texts[event.source.record] = event.source.text or event.source.source
        elif isinstance(event, Trouble):
            troubles[event.record] = event.message
    return texts, troubles


def read(data: bytes, **limits: int) -> list[tuple[str, bytes]]:
    """Return names and contents of an archive's members."""
    reader = archive.lunheng_readers(archive.ArchiveSettings(**limits))
    return [(member.name, member.read()) for member in reader.read(data, "a.zip")]


@pytest.mark.parametrize("mode", ["zip", "w", "w:gz", "w:bz2", "w:xz"])
def test_files_of_all_formats_are_read_within_archives(mode: str) -> None:
    inner = {
        "深/甲.txt": TEXT,
        "乙.jsonl": b'{"text": "a"}\n{"text": "b"}\n',
        "图.jpg": b"\xff\xd8",
    }
    inner |= {"无名": b"<html><p>" + TEXT, ".hidden": TEXT, "__MACOSX/x.txt": TEXT}
    data = files.zipped(inner) if mode == "zip" else files.tarred(inner, mode)
    texts, troubles = found(
        data, "a.zip" if mode == "zip" else "a.tar" + mode[1:].replace(":", ".")
    )
    assert texts == {
        "深/甲.txt": TEXT.decode(),
        "乙.jsonl:1": "a",
        "乙.jsonl:2": "b",
        "无名": TEXT.decode(),
    }
    assert troubles == {}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_is_the_file(pack: object) -> None:
    assert callable(pack)
    texts, _ = found(pack(b'{"text": "a"}\n'), "dir/b.jsonl.gz")
    assert texts == {"b.jsonl:1": "a"}


def test_archives_within_archives_have_a_floor() -> None:
    data = files.zipped({"底.txt": TEXT})
    for depth in range(3):
        data = files.zipped({f"{depth}.zip": data})
    texts, troubles = found(data)
    assert (texts, troubles) == ({"2.zip/1.zip/0.zip/底.txt": TEXT.decode()}, {})
    texts, troubles = found(files.zipped({"x.zip": data, "y.txt": TEXT}))
    assert texts == {"y.txt": TEXT.decode()}
    assert "at most 4 archives within archives" in troubles["x.zip/2.zip/1.zip/0.zip/底.txt"]


def test_a_bad_file_costs_itself_only() -> None:
    data = bytearray(
        files.zipped({"a.txt": TEXT, "b.txt": TEXT, "c.pdf": b"no"}, zipfile.ZIP_STORED)
    )
    data[data.index(TEXT)] ^= 0xFF
    texts, troubles = found(bytes(data))
    assert list(texts) == ["b.txt"]
    assert "damage" in troubles["a.txt"]
    assert set(troubles) == {"a.txt", "c.pdf"}


@pytest.mark.parametrize("name", ["../../etc/a.txt", "/etc/a.txt", "C:\\a.txt", "x\\..\\..\\a.txt"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    texts, troubles = found(files.zipped({name: TEXT, "b.txt": TEXT}))
    assert list(texts) == ["b.txt"]
    (message,) = troubles.values()
    assert "leads out" in message


def test_links_and_devices_are_refused() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            entry = tarfile.TarInfo(f"{kind.decode()}.txt")
            entry.type, entry.linkname = kind, "/etc/passwd"
            tar.addfile(entry)
    texts, troubles = found(out.getvalue(), "a.tar")
    assert texts == {}
    assert len(troubles) == 4
    assert all("a link or a device" in message for message in troubles.values())


def test_bombs_are_refused() -> None:
    zeros = bytes(50_000_000)
    for data, path in (
        (files.zipped({"a.txt": zeros}), "a.zip"),
        (gzip.compress(zeros), "a.txt.gz"),
        (lzma.compress(zeros, preset=0), "a.txt.xz"),
        (files.tarred({"a.txt": zeros}, "w:xz"), "a.tar.xz"),
    ):
        texts, troubles = found(data, path)
        assert texts == {}
        assert "bomb" in "".join(troubles.values())


def test_sizes_are_counted_whatever_the_header_says() -> None:
    data = bytearray(files.zipped({"a.txt": bytes(3_000_000)}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises(ReadError):
        read(bytes(data))
    with pytest.raises(ReadError, match="more than 1000 bytes"):
        read(files.zipped({"a.txt": TEXT * 100}), member_bytes=1000)


def test_too_many_files_are_refused_before_they_are_listed() -> None:
    many = {f"{number}.txt": b"" for number in range(12)}
    assert len(read(files.zipped(many), members=12)) == 12
    for data in (files.zipped(many), files.tarred(many)):
        with pytest.raises(ReadError, match="at most 11 files"):
            read(data, members=11)
    listing = files.zipped({f"{'x' * 300}{number}.txt": b"" for number in range(30)})
    with pytest.raises(ReadError, match="at most 20 files"):
        read(listing, members=20)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-8"])
def test_old_names_are_decoded(encoding: str) -> None:
    names = ["論開源與閉源之爭.txt", "訪談記錄/第二場.txt"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            entry = zipfile.ZipInfo("x" * len(name.encode(encoding)))
            packed.writestr(entry, TEXT)
    data = out.getvalue()
    for name in names:
        raw = name.encode(encoding)
        data = data.replace(b"x" * len(raw), raw)
    assert [name for name, _ in read(data)] == names


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", b"\x1f\x8b\x08junk", b"text"])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        read(data)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_truncated_archives_keep_what_came_before(part: float) -> None:
    noise = b"".join(number.to_bytes(4, "big") for number in range(50_000))
    data = files.tarred({"a.txt": TEXT, "b.bin": noise, "c.txt": TEXT}, "w")
    texts, troubles = found(data[: int(len(data) * part)], "a.tar")
    assert list(texts) == ["a.txt"]
    assert troubles


@pytest.mark.parametrize(
    ("path", "head", "reader"),
    [
        ("a.html", b"%PDF-1.7", "pdf"),
        ("a.pdf", b"<!DOCTYPE html><p>404", "html"),
        ("a.txt", b"%PDF-1.7", "text"),
        ("a.log", b"plain", "text"),
        ("a", b'{"text": 1}', "jsonl"),
        ("a.docx", files.docx("")[:4096], "docx"),
        ("a", files.docx("")[:4096], "docx"),
        ("a.bin", files.epub({})[:4096], "epub"),
        ("a.zip", files.epub({})[:4096], "archive"),
        ("a", files.tarred({"a": b""}, "w")[:4096], "archive"),
        ("a.csv", b"a,b", "csv"),
    ],
)
def test_readers_are_chosen_by_suffix_and_content(path: str, head: bytes, reader: str) -> None:
    assert choose_reader(READERS, path, head).entry.name == reader


def test_members_are_read_in_order_and_once(tmp_path: Path) -> None:
    reader = archive.lunheng_readers(archive.ArchiveSettings())
    members = list(reader.read(files.zipped({"b.txt": b"2", "a.txt": b"1"}), "a.zip"))
    assert all(isinstance(member, Member) for member in members)
    assert [(member.name, member.read()) for member in members] == [
        ("b.txt", b"2"),
        ("a.txt", b"1"),
    ]


def test_a_file_without_a_name_is_read() -> None:
    data = files.zipped({"x": TEXT})
    at = data.index(b"PK\x01\x02")
    nameless = bytearray(data[:at] + data[at : at + 46] + data[at + 47 :])
    nameless[at + 28] = 0
    end = nameless.index(b"PK\x05\x06")
    nameless[end + 12 : end + 16] = struct.pack("<I", 46)
    nameless[26], nameless[28] = 0, 1
    assert [name for name, _ in read_names(bytes(nameless))] == [""]


def read_names(data: bytes) -> list[tuple[str, Member]]:
    """Return the members of an archive by name, unread."""
    reader = archive.lunheng_readers(archive.ArchiveSettings())
    return [(member.name, member) for member in reader.read(data, "a.zip")]
