"""Files packed with gzip, the same bytes by every Python and on every system."""

from __future__ import annotations

import zlib

_BEST = 9
_SLOWEST, _NEITHER = b"\x02", b"\x00"
_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
"""The sign of gzip, deflate, no name, no time."""
_UNIX = b"\x03"


def packed(data: bytes, level: int = _BEST, text: int | None = None) -> bytes:
    """Return data in the gzip format; `gzip.compress` names the system in some versions of Python and not in others.

    With `text`, only so many bytes are text, and what follows are numbers: there, nothing is looked for that stood
    before but a byte again and again, which takes a fourth of the time, and less room.
    """
    body = b""
    if text is not None:
        pack = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        body = pack.compress(data[:text]) + pack.flush(zlib.Z_SYNC_FLUSH)
    how = zlib.Z_DEFAULT_STRATEGY if text is None else zlib.Z_RLE
    pack = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, how)
    body += pack.compress(data[text:]) + pack.flush()
    end = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return _HEAD + (_SLOWEST if level == _BEST else _NEITHER) + _UNIX + body + end
