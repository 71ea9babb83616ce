"""Restore runs of double-byte text that were decoded one byte off; flag what stays unsure."""

from __future__ import annotations

from lunheng import hookimpl
from lunheng.text import ByteShift


@hookimpl
def lunheng_cleaners(settings: None) -> ByteShift:
    """Make the cleaner."""
    return ByteShift()
