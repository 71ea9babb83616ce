"""Products by their shape: Latin names with versions, new model names before 大模型."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lunheng_plugins.entities.candidates import Candidate
from lunheng_plugins.entities.reading import Reading

VERSIONED = re.compile(
    r"(?<![A-Za-z0-9./@_-])(?:[A-Z][A-Za-z]*[a-z][A-Za-z]*|[A-Z]{3,6})"
    r"(?:-\d+(?:\.\d+)*[A-Za-z]?|(?: |(?<=[a-z]))v?\d+\.\d+|(?<=[a-z])\d{1,2})"
    r"(?:-[A-Z][A-Za-z]+|-\d+[Bb])*(?: (?:Pro|Plus|Turbo|Ultra|Max|Mini|mini|Lite|Opus|Sonnet))?"
    r"(?![A-Za-z0-9%./@-])(?!\s?[年月日亿万个])"
)
CAMEL = re.compile(
    r"(?<![A-Za-z0-9./@_-])(?:[A-Z][a-z]+){2,4}(?:AI|GPT|LM|Chat|Bot|App|OS)?(?![A-Za-z0-9./@_-])"
    r"|(?<![A-Za-z0-9./@_-])[A-Z][a-z]+(?:GPT|LLM|LM)(?![A-Za-z0-9])"
)
MODEL = re.compile("(?:认知|语言|多模态|智能|行业|医疗|视频|生成)?大模型")
QUOTED = re.compile(
    '[“"「]([一-鿿a-z0-9·.]{2,8})[”"」](?=系列|ai|app|大模型|模型|助手|机器人|芯片|系统|平台|小程序)'
)
NOT_A_PRODUCT = frozenset(
    ["COVID", "UTF", "ISO", "HTTP", "CET", "GDP", "CPI", "PMI", "TOP", "APEC", "Top", "Covid"]
)
LAUNCH = re.compile(
    "(?:发布|推出|上线|开源|打造|研发|训练|自研|升级|旗下|名为|叫做?|升级版)(?:了|的)?\\Z"
)


def versioned(text: str) -> Iterator[Candidate]:
    """Yield Latin names that carry a version: Falcon-40B, Stable LM 2.0."""
    for match in VERSIONED.finditer(text):
        stem = re.split(r"[-\s\d]", match[0])[0]
        if stem not in NOT_A_PRODUCT:
            yield Candidate(*match.span(), "PRODUCT", name=match[0], rank=4)


def quoted(reading: Reading) -> Iterator[Candidate]:
    """Yield names in quotation marks before the noun that says what they are."""
    for match in QUOTED.finditer(reading.folded):
        start, end = match.span(1)
        yield Candidate(start, end, "PRODUCT", name=reading.text[start:end], rank=4)


def launched(reading: Reading) -> Iterator[Candidate]:
    """Yield names of models right after a verb of launching: 发布了云雀大模型."""
    text, folded, edges = reading.text, reading.folded, reading.edges
    for match in MODEL.finditer(folded):
        at = match.start()
        for length in (2, 3, 4):
            start = at - length
            if start < 0 or not edges.flags[start] or not _name_like(folded[start:at]):
                continue
            if LAUNCH.search(folded, max(0, start - 4), start):
                yield Candidate(
                    start, match.end(), "PRODUCT", name=text[start : match.end()], rank=4
                )
                break


GENERIC = re.compile(
    "[的了个款种一是]|首|多|国|自|通用|垂直|行业|千亿|百亿|万亿|开源|闭源|语言|视觉|视频|图像|医疗|金融|教育|法律|基础|自己|新"
    "|中文|英文|类似|大型|小型|企业|人工智能|公司|系列|最|更|这|那|各|全|预训练|多模态|超|盘|参数|智能|底层|主流|头部|专|第"
)


def _name_like(word: str) -> bool:
    return all("一" <= character <= "鿿" for character in word) and not GENERIC.search(word)
