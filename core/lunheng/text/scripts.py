"""Tell simplified from traditional text."""

from __future__ import annotations

import numpy as np

from lunheng.documents import Script
from lunheng.native.codepoints import CodePointFlags
from lunheng.text.variants import variants

SIMPLIFIED, TRADITIONAL = 1, 2
MINORITY = 0.1


def _flags() -> CodePointFlags:
    flags = np.zeros(0x110000, np.uint8)
    rows = variants("scripts")
    flags[[ord(character) for character in rows["simplified"]]] = SIMPLIFIED
    flags[[ord(character) for character in rows["traditional"]]] = TRADITIONAL
    return CodePointFlags(flags)


_SCRIPTS = _flags()


def script_of(text: str) -> Script:
    """Return the script of a text by the characters that only one script has.

    ``mixed`` means that the rarer script has a tenth of them or more, ``none`` that there are
    none.

    >>> script_of("腾讯发布"), script_of("騰訊發布"), script_of("天下")
    ('simplified', 'traditional', 'none')
    """
    counts = _SCRIPTS.count(text)
    simplified, traditional = int(counts[SIMPLIFIED]), int(counts[TRADITIONAL])
    if not simplified and not traditional:
        return "none"
    if min(simplified, traditional) >= MINORITY * (simplified + traditional):
        return "mixed"
    return "simplified" if simplified > traditional else "traditional"
