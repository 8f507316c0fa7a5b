"""Files packed with gzip, the same bytes by every Python and on every system."""

from __future__ import annotations

import zlib

_BEST = 9
_SLOWEST, _NEITHER = b"\x02", b"\x00"
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
"""The sign of gzip, deflate, no name, no time."""
_UNIX = b"\x03"


def packed(data: bytes, level: int = _BEST) -> bytes:
    """Return data in the gzip format; `gzip.compress` names the system in some versions of Python and not in others."""
    pack = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = pack.compress(data) + pack.flush()
    end = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return _HEAD + (_SLOWEST if level == _BEST else _NEITHER) + _UNIX + body + end
