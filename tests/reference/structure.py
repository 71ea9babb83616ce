"""Lines and quote-aware sentences in plain Python."""

from __future__ import annotations

import re

PAIRS = ['""', "“”", "‘’", "「」", "『』", "《》", "（）", "()"]
LONGEST_QUOTATION = 300
NEWLINES = re.compile("[\n\x0b\x0c\r\x85\u2028\u2029]")
SPACES = " \t\xa0\u3000\u1680\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))
FULL_STOPS = "。！？｡…"
STOPS = FULL_STOPS + "!?."
CLOSING_QUOTES = '”’」』"'
CLOSING = CLOSING_QUOTES + "）)】》]"
CONTINUES = "，,、；;：:的之—"
HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf\u3007\uf900-\ufaff\U00020000-\U0003fffd]")

Spans = list[tuple[int, int]]


def trimmed(text: str, start: int, end: int) -> Spans:
    while start < end and text[start] in SPACES:
        start += 1
    while end > start and text[end - 1] in SPACES:
        end -= 1
    return [(start, end)] if start < end else []


def lines(text: str) -> Spans:
    starts = [0, *(match.end() for match in NEWLINES.finditer(text))]
    ends = [*(match.start() for match in NEWLINES.finditer(text)), len(text)]
    return list(zip(starts, ends, strict=True))


def line_spans(text: str) -> Spans:
    return [span for start, end in lines(text) for span in trimmed(text, start, end)]


def partners(line: str) -> dict[int, int]:
    """Where each opening mark that is ever closed is closed."""
    closed = {}
    for opening, closing in PAIRS:
        stack: list[int] = []
        for i, c in enumerate(line):
            if c == opening and not (opening == closing and stack):
                stack.append(i)
            elif c == closing and stack:
                closed[stack.pop()] = i
    return closed


def stops_in_ascii(line: str, i: int) -> bool:
    if i + 1 == len(line):
        return True
    after, before = line[i + 1], line[i - 1] if i else ""
    if line[i] == ".":
        capital = before.isascii() and before.isupper()
        return (after in SPACES and not capital) or (
            after in CLOSING and HAN.fullmatch(before) is not None
        )
    return not (after.isascii() and after.isalnum()) and after != "="


def ends_after_quotation(line: str, i: int) -> bool:
    if line[i] not in CLOSING_QUOTES or not i or line[i - 1] not in STOPS:
        return False
    rest = line[i + 1 :].lstrip(CLOSING)
    return not rest or rest[0] not in CONTINUES + STOPS


def sentence_spans(text: str) -> Spans:
    found: Spans = []
    for start, end in lines(text):
        line = text[start:end]
        closed = {i: j for i, j in partners(line).items() if j - i <= LONGEST_QUOTATION}
        begin = i = 0
        protected = -1
        while i < len(line):
            protected = max(protected, closed.get(i, -1))
            stops = line[i] in FULL_STOPS or (line[i] in "!?." and stops_in_ascii(line, i))
            if i >= protected and (stops or ends_after_quotation(line, i)):
                i += 1
                while i < len(line) and line[i] in STOPS + CLOSING:
                    i += 1
                found += trimmed(text, start + begin, start + i)
                begin = i
            else:
                i += 1
        found += trimmed(text, start + begin, end)
    return found
