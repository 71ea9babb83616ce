"""The layout of a segment file: header, body in checked blocks, footer."""

from __future__ import annotations

import struct

MAGIC = b"LHngram\n"
FORMAT = 1
HEADER = struct.Struct("<8sIIQQQQQQ")
BODY = 128
BLOCK = 16384
