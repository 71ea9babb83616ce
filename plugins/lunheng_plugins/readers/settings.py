"""Settings that readers of text files share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextSettings:
    """How to decode a file: an encoding's name, or nothing to find it out."""

    encoding: str = ""
