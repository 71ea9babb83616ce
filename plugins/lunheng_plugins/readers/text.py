"""Read plain text: the whole file is one record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lunheng import hookimpl
from lunheng.documents import SourceText
from lunheng.errors import ReadError
from lunheng.text import Decoded, Decoder
from lunheng_plugins.readers.metadata import metadata
from lunheng_plugins.readers.settings import TextSettings

CONTROLS = frozenset(map(chr, [*range(9), *range(14, 32), 127]))
MOST_CONTROLS = 0.02


def decode(decoder: Decoder, data: bytes, path: str, encoding: str) -> Decoded:
    """Return the text of a file's bytes.

    Raises:
        ReadError: the file is empty or binary.
    """
    decoded = decoder.decode(data, encoding or None)
    if not decoded.text.strip():
        raise ReadError(f"{path}: expected text, got an empty file")
    sample = decoded.text[:65536]
    strange = sum(map(sample.count, CONTROLS)) + sample.count("\ufffd")
    if strange > MOST_CONTROLS * len(sample) + 1:
        raise ReadError(
            f"{path}: expected text, got binary data (read as {decoded.encoding}, {strange} of the "
            f"first {len(sample)} characters are control characters or undecodable); if it is "
            "text, name its encoding in the reader's settings"
        )
    return decoded


@dataclass(frozen=True, slots=True)
class TextReader:
    """Reads plain text in any of the usual encodings."""

    settings: TextSettings
    suffixes: tuple[str, ...] = (".txt", ".text")
    decoder: Decoder = field(default_factory=Decoder)

    def read(self, data: bytes, path: str) -> Iterator[SourceText]:
        """Yield the file as one record."""
        text, encoding, undecodable = decode(self.decoder, data, path, self.settings.encoding)
        title, author, date = metadata(text)
        yield SourceText(
            text,
            title=title,
            author=author,
            date=date,
            encoding=encoding,
            undecodable=undecodable,
        )


@hookimpl
def lunheng_settings() -> type[TextSettings]:
    """Return the settings of text files."""
    return TextSettings


@hookimpl
def lunheng_readers(settings: TextSettings) -> TextReader:
    """Make the reader."""
    return TextReader(settings)
