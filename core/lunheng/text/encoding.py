"""Decode bytes of unknown encoding by how plausible the text is that comes out."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from lunheng.errors import ReadError
from lunheng.text.plausibility import CharacterModel

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NARROW = ("gb18030", "big5hkscs", "utf-8")
WIDE = ("utf-16-le", "utf-16-be")
SAMPLE = 8192
_SPEAKING_LINE = re.compile(rb"[^\n]{0,400}[\x80-\xff][^\n]{0,400}")


class Decoded(NamedTuple):
    """A text, the encoding it was read in, and how many U+FFFD stand for undecodable bytes."""

    text: str
    encoding: str
    undecodable: int


@dataclass(frozen=True, slots=True)
class Decoder:
    """Finds the encoding of Chinese text: UTF-8, UTF-16, GB18030 or Big5-HKSCS.

    A byte order mark decides; then valid UTF-8; then whichever candidate reads best under the
    character model, in simplified or traditional script alike.
    """

    model: CharacterModel = field(default_factory=CharacterModel.load)

    def decode(self, data: bytes, encoding: str | None = None) -> Decoded:
        """Return the text of ``data``; undecodable bytes become U+FFFD.

        Args:
            data: the bytes, with or without byte order mark.
            encoding: the encoding's name, if it is known.

        Raises:
            ReadError: there is no such encoding.
        """
        for mark, name in MARKS:
            if data.startswith(mark) and encoding in (None, name):
                return _decoded(data[len(mark) :], name)
        if encoding is not None:
            return _decoded(data, encoding)
        if b"\0" not in data:
            try:
                return Decoded(data.decode("utf-8"), "utf-8", 0)
            except UnicodeDecodeError:
                pass
        return _decoded(data, self.guess(data))

    def guess(self, data: bytes) -> str:
        """Return the encoding in which ``data`` reads best."""
        lines = b"\n".join(_SPEAKING_LINE.findall(data, 0, 16 * SAMPLE))[:SAMPLE]
        samples = [(name, lines or data[:SAMPLE]) for name in NARROW]
        if len(data) % 2 == 0:
            samples += [(name, data[:SAMPLE]) for name in WIDE]
        return max(samples, key=lambda sample: self._plausibility(*sample))[0]

    def _plausibility(self, name: str, sample: bytes) -> float:
        # The sample may end within a character; an incremental decoder leaves that out.
        text = codecs.getincrementaldecoder(name)("replace").decode(sample)
        return self.model.mean(text) - 20.0 * text.count("\ufffd") / max(len(text), 1)


def _decoded(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        raise ReadError(
            f"expected the name of an encoding, such as utf-8, gb18030 or big5, got {encoding!r}"
        ) from None
    return Decoded(text, codecs.lookup(encoding).name, text.count("\ufffd"))
