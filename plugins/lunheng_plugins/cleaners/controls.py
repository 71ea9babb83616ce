"""Take out control and zero-width characters, and make every line end a line feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lunheng import hookimpl
from lunheng.documents import Edit
from lunheng.text import AnchoredPattern

Range: TypeAlias = tuple[int, int]

LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
# Joiners and selectors hold emoji together, so they go only where Chinese or ASCII stands.
JOINERS: Sequence[Range] = ((0x200C, 0x200D), (0xFE00, 0xFE0F))
CONTROLS: Sequence[Range] = (
    *((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C)),
    *((0x180E, 0x180E), (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064)),
    *((0x2066, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xFFFE, 0xFFFF)),
)
SURROGATES: Sequence[Range] = ((0xD800, 0xDFFF),)


def characters(ranges: Sequence[Range]) -> str:
    """Return all characters of inclusive ranges of code points."""
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


_CONTROLS = AnchoredPattern(
    rf"(?P<line_end>\r\n?|[{LINE_ENDS}])"
    r"|(?<![\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])"
    rf"[{characters(JOINERS)}]+"
    rf"|[{characters(CONTROLS)}]+"
    rf"|(?P<surrogate>[{characters(SURROGATES)}])",
    [(LINE_ENDS + characters((*JOINERS, *CONTROLS, *SURROGATES)), "")],
)


@dataclass(frozen=True, slots=True)
class ControlsCleaner:
    """Deletes what no reader sees; a lone surrogate becomes U+FFFD, a line end U+000A."""

    def edits(self, text: str) -> Sequence[Edit]:
        """Return one edit for each run of such characters."""
        return [
            Edit(
                *match.span(), "\n" if match["line_end"] else "\ufffd" if match["surrogate"] else ""
            )
            for match in _CONTROLS.finditer(text)
        ]


@hookimpl
def lunheng_cleaners(settings: None) -> ControlsCleaner:
    """Make the cleaner."""
    return ControlsCleaner()
