"""Settings that readers share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextSettings:
    """How to decode a file: an encoding's name, or nothing to find it out."""

    encoding: str = ""


@dataclass(frozen=True, slots=True)
class ColumnSettings:
    """Which columns hold what; of the names given, the first that a file has is taken.

    ``meta`` names the columns kept as metadata; empty: all that are left.
    """

    text: tuple[str, ...] = ("text", "content", "body", "正文", "内容", "內容", "文本")
    title: tuple[str, ...] = ("title", "headline", "标题", "標題")
    author: tuple[str, ...] = ("author", "作者")
    date: tuple[str, ...] = ("date", "published", "time", "日期", "时间", "時間")
    meta: tuple[str, ...] = ()
