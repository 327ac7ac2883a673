"""Which encoding a text file is in: UTF-8, UTF-16, Windows-1256 (Arabic) or Windows-1252 (French). Not its layout."""

from __future__ import annotations

import re
from pathlib import Path

SAMPLE_BYTES = 1 << 18
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ODD = re.compile("[\u0080-\u009f¤¦¨¯¶¸×÷ÃØÙÐÞ]")


def detect_encoding(path: Path) -> str:
    """The encoding of a file, from its byte-order mark or its first 256 KiB.

    UTF-8 wins wherever it decodes but for a few broken bytes. Otherwise the bytes are read as Windows-1256 and 1252
    and the one that yields more Arabic, or more French, letters wins.
    """
    with path.open("rb") as stream:
        head = stream.read(SAMPLE_BYTES)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if _is_utf16(head):
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    if _is_mostly_utf8(head):
        return "utf-8"
    arabic, french = head.decode("cp1256", "replace"), head.decode("cp1252", "replace")
    return "cp1256" if _arabic_words(arabic) > _french_letters(french) else "cp1252"


def _is_utf16(head: bytes) -> bool:
    zeros = head.count(0)
    return len(head) > 8 and zeros > len(head) // 5 and abs(head[::2].count(0) - head[1::2].count(0)) > zeros // 2


def _is_mostly_utf8(head: bytes) -> bool:
    """Whether at most one high byte in twenty fails to decode; a sequence cut at the sample's end does not count."""
    high = sum(byte >= 0x80 for byte in head)
    broken = head[:-3].decode("utf-8", "replace").count("\ufffd")
    return not high or broken * 20 <= high


def _arabic_words(text: str) -> int:
    """Letters in runs of three or more Arabic letters: French accents read as 1256 give lone ones only."""
    return sum(len(run) for run in re.findall("[\u0621-\u064a]{3,}", text))


def _french_letters(text: str) -> int:
    """Accented letters between plain ones, less what Arabic bytes would give."""
    inside = re.findall("(?<=[A-Za-z'’])[àâçéèêëîïôùûœÉÈÀÇ](?=[a-zA-Z\\s,;.])", text)
    return 3 * len(inside) - len(_ODD.findall(text))
