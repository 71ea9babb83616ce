"""Take out control and zero-width characters, and make every line end a line feed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lunheng import hookimpl
from lunheng.documents import Edit

_CONTROLS = re.compile(
    r"(?P<line_end>\r\n?|[\x0b\x0c\x85\u2028\u2029])"
    # Joiners and selectors hold emoji together, so they go only where Chinese or ASCII stands.
    r"|(?<![\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[\u200c\u200d\ufe00-\ufe0f]+"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]+"
    r"|(?P<surrogate>[\ud800-\udfff])"
)


@dataclass(frozen=True, slots=True)
class ControlsCleaner:
    """Deletes what no reader sees; a lone surrogate becomes U+FFFD, a line end U+000A."""

    def edits(self, text: str) -> Sequence[Edit]:
        """Return one edit for each run of such characters."""
        if text.isprintable():
            return ()
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
