"""Find title, author and date in the first and last lines of a plain text."""

from __future__ import annotations

import re
from typing import NamedTuple

from lunheng.text import blocks

NEAR = 12
EDGE = 3000
LONGEST_BYLINE = 60
LONGEST_REST = 24
_AUTHOR = re.compile(
    r"(?:^|[\s（(])(?:本文)?(?:作者|撰文|文|记者|記者)\s*[:：丨|│｜/／]\s*"
    r"([^\s，。,;；|丨/／（()）:：？?！!]{2,12}|[A-Z][\w.]+(?: [A-Z][\w.]+){0,3})"
    r"(?![^\n]*[？?！!])"
)
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)"
)
_OTHER_ARTICLE = re.compile(r"[上下]一[篇条條]")
_PROSE = re.compile(r"[，。,;；！？]|[是在了的]")


class Metadata(NamedTuple):
    """What a text says about itself; None where it says nothing."""

    title: str | None
    author: str | None
    date: str | None


def metadata(text: str) -> Metadata:
    """Return the heading that opens a text, its byline, and the date that stands alone (ISO)."""
    head, tail = text[:EDGE], text[max(EDGE, len(text) - EDGE) :]
    opening = blocks(head)[:NEAR]
    title = next((head[b.start : b.end] for b in opening[:1] if b.kind == "heading"), None)
    lines = [head[b.start : b.end] for b in opening]
    lines += [tail[b.start : b.end] for b in blocks(tail)[-NEAR:]]
    short = [line for line in lines if len(line) <= LONGEST_BYLINE]
    author = next((m.group(1) for line in short if (m := _AUTHOR.search(line))), None)
    date = next((m for line in short if (m := _dateline(line))), None)
    return Metadata(
        title.lstrip("# ") if title else None,
        author,
        "{}-{:0>2}-{:0>2}".format(*date.groups()) if date else None,
    )


def _dateline(line: str) -> re.Match[str] | None:
    """Return the date in a line that has little else: a clock time, the source, the byline."""
    match = _DATE.search(line)
    if not match or _OTHER_ARTICLE.match(line):
        return None
    rest = line[: match.start()] + line[match.end() :]
    return match if len(rest) <= LONGEST_REST and not _PROSE.search(rest) else None
