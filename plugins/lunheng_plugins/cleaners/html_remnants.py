"""Take out what is left of HTML: tags, comments, and character references."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import AnchoredPattern

_BREAKS = "p|br|div|li|ul|ol|tr|table|section|article|blockquote|h[1-6]|hr|figure|figcaption|center"
_INLINE = (
    "a|abbr|b|strong|i|em|u|s|span|font|img|small|sub|sup|td|th|tbody|thead|strike|del|ins|code"
    "|pre|script|style|iframe|video|audio|source|input|button|label|form|header|footer|nav|main"
)
_LETTERS = string.ascii_letters
_REMNANT = AnchoredPattern(
    rf"<(?P<close>/?)(?:(?P<block>{_BREAKS})|(?:{_INLINE}))(?:[\s/][^<>\n]{{0,2000}})?>"
    rf"|&lt;/?(?:(?P<escaped>{_BREAKS})|(?:{_INLINE}))(?:[\s/][^<>&\n]{{0,200}})?&gt;"
    r"|<!--[^<>\n]{0,2000}-->"
    rf"|(?P<tail>(?<![\w./:])/(?:{_BREAKS}|span|strong|b|em|a|font)>)"
    r"|(?P<reference>&(?:amp;)?(?:#\d{2,7};|#[xX][0-9a-fA-F]{2,6};"
    r"|(?:nbsp|amp|lt|gt|quot|apos|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|bull|ensp"
    r"|emsp|thinsp|zwnj|zwj|laquo|raquo|copy|reg|trade|times|deg|yen|permil);|nbsp(?![a-zA-Z])))",
    [("<", "/!" + _LETTERS), ("/", _LETTERS), ("&", "#" + _LETTERS)],
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HtmlRemnantsCleaner:
    """Deletes tags, turns tags of blocks into line ends, and decodes references."""

    def edits(self, text: str) -> Sequence[Edit]:
        """Return one edit for each remnant."""
        return [Edit(*match.span(), self._meant(text, match)) for match in _REMNANT.finditer(text)]

    @staticmethod
    def _meant(text: str, match: re.Match[str]) -> str:
        """Return what a remnant stood for."""
        if match["reference"]:
            decoded = unescape(unescape(match["reference"]))
            return "" if decoded in "\u200c\u200d" else decoded.replace("\xa0", " ")
        if not match["block"] and not match["escaped"]:
            return ""
        before = text[max(match.start() - 1, 0) : match.start()]
        after = text[match.end() : match.end() + 1]
        return "" if before in ("", "\n") or after in ("", "\n", "<") else "\n"


@hookimpl
def lunheng_cleaners(settings: None) -> HtmlRemnantsCleaner:
    """Make the cleaner."""
    return HtmlRemnantsCleaner()
