"""Texts from outside that can be printed, shown and written: names of files need not be UTF-8.

Python keeps bytes of a file's name that are no UTF-8 as lone surrogates. Such a text opens the file, but
no terminal, window or JSON reader takes it.
"""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BYTES = range(0xDC80, 0xDD00)  # where `os.fsdecode` puts bytes 0x80 to 0xff


def printable(text: str) -> str:
    """The text with what cannot be shown written out: a byte that is no UTF-8, or a control character.

    A name with the byte 0xfc becomes "Ziffern_\\xfc". Tabs and line ends stay.
    """
    return _UNPRINTABLE.sub(_written_out, text)


def shortened(text: str, most: int) -> str:
    """The printable text, at most `most` characters long; the middle of a longer one becomes "..."."""
    text = printable(text)
    if len(text) <= most:
        return text
    head = (most - 3 + 1) // 2
    return f"{text[:head]}...{text[len(text) - (most - 3 - head) :]}"


def json_safe(text: str) -> str:
    """JSON with lone surrogates as escapes: valid for every reader, and read back as the same name."""
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code in _BYTES:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
