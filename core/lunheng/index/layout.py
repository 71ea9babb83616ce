"""The layout of an index: its format version, and a segment's header, checked blocks, footer."""

from __future__ import annotations

import struct

MAGIC = b"LHngram\n"
FORMAT = 2
HEADER = struct.Struct("<8sIIQQQQQQ")
BODY = 128
BLOCK = 16384
NEARBY = 128
BLOCK_CODES = 128
