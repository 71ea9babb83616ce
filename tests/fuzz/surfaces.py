"""What fuzzers call: a function of bytes a surface, which raises when a promise is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache

import file_formats as files
from lunheng import contracts
from lunheng.config import Config
from lunheng.documents import Member, SourceText
from lunheng.errors import ReadError
from lunheng.pipeline import Pipeline
from lunheng.plugins import discover
from lunheng.selection import Selection, select_stages
from lunheng.text import Decoder, OffsetMap, blocks, sentences

PROSE = (
    "關(guān)於開源，，他說：“這(zhè)條路走不通。”？！斑@个模型。\n\n記者：您怎麼看？\n林若海：O(shè)penAI"
    "，1．首先……《論衡》說『是』。&nbsp;<b>好</b>涓枃鏁版嵁\u200b行业*的问题\ufffd。\n"
)
PAGE = f"<!DOCTYPE html><html><head><title>题</title></head><body><p>{PROSE}</p></body></html>"


@cache
def stages() -> Selection:
    """Return the built-in readers and cleaners, loaded once."""
    return select_stages(Config(), discover(), ("readers", "cleaners"))


@cache
def decoder() -> Decoder:
    """Return the decoder, its model loaded once."""
    return Decoder()


def decoding(data: bytes) -> None:
    """Any bytes become a text, and what could not be decoded is counted."""
    text, _, undecodable = decoder().decode(data)
    assert undecodable in (0, text.count("\ufffd"))


def reading(name: str) -> Callable[[bytes], None]:
    """Return the surface of one reader: records that hold to the contract, or a ReadError."""

    def surface(data: bytes) -> None:
        made = next(s.made for s in stages().stages["readers"] if s.entry.name == name)
        with suppress(ReadError):
            items: Iterable[SourceText | Member] = made.read(data, f"a{made.suffixes[0]}")
            for item in map(contracts.check_item, items):
                if isinstance(item, Member):
                    with suppress(ReadError):
                        item.read()
                elif item.text is not None and item.text_map is not None:
                    check_map(item.source, item.text, item.text_map)

    return surface


def cleaning(data: bytes) -> None:
    """No cleaner fails on any text, and what they keep is what stood in the source."""
    source = data.decode("utf-8", "surrogateescape")
    pipeline = Pipeline({"cleaners": stages().stages["cleaners"]})
    analysed = pipeline.analyse(SourceText(source), "0" * 32)
    assert not analysed.failures, analysed.failures
    document = analysed.document
    check_map(document.source, document.text, document.source_map)


def structure(data: bytes) -> None:
    """Blocks and sentences are ascending spans of the text that do not overlap."""
    text = data.decode("utf-8", "replace")
    for spans in (blocks(text), sentences(text)):
        at = 0
        for span in spans:
            assert at <= span.start < span.end <= len(text)
            at = span.end


def check_map(source: str, text: str, aligned: OffsetMap) -> None:
    """Check that each run of kept characters says the same on both sides."""
    assert (aligned.source_length, aligned.target_length) == (len(source), len(text))
    for start, to, length in aligned.runs_array().tolist():
        kept = source[start : start + length]
        assert kept == text[to : to + length], (start, to, length)


READERS = (
    *("text", "markdown", "html", "jsonl", "csv", "tsv", "parquet"),
    *("docx", "epub", "pdf", "archive"),
)
SURFACES: Mapping[str, Callable[[bytes], None]] = {
    "decoding": decoding,
    "cleaning": cleaning,
    "structure": structure,
    **{name: reading(name) for name in READERS},
}


def seeds(surface: str) -> list[bytes]:
    """Return inputs to begin with."""
    prose = PROSE.encode()
    table = '标题,正文\n一,"他说""好"""\n二,开源\n'
    own: Mapping[str, list[bytes]] = {
        "decoding": [PROSE.encode(e, "ignore") for e in ("gb18030", "big5hkscs", "utf-16")],
        "markdown": ["---\ntitle: 题\n---\n# 题\n**重**[链](http://a)`码`\n> 引\n".encode()],
        "html": [PAGE.encode()],
        "jsonl": ['{"text": "他\\n\\u4f60\\ud83d\\ude00", "n": [1]}\n'.encode()],
        "csv": [table.encode()],
        "tsv": [table.replace(",", "\t").encode("gb18030")],
        "docx": [files.docx("<w:p><w:r><w:t>甲</w:t><w:br/></w:r></w:p>", title="题")],
        "epub": [files.epub({"a.xhtml": PAGE})],
        "pdf": [files.pdf([["开源之争", "第二行"], ["第二页"]])],
        "archive": [
            files.zipped({"a.txt": prose, "b/c.jsonl": b'{"text": "a"}'}),
            files.tarred({"a.txt": prose}, "w"),
            files.tarred({"a.txt": prose}, "w:gz"),
        ],
        "parquet": [b"PAR1" + prose + b"PAR1"],
    }
    return [*own.get(surface, []), prose]
