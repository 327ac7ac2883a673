"""Numbers as people write them in three languages, to floats. Not units (quantities.py) nor dates (dates.py)."""

from __future__ import annotations

import re

# Groups may be split by space, no-break space, narrow no-break space, comma, dot, apostrophe or the Arabic mark.
NUMBER = r"\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_SPACES = re.compile("[ \u00a0\u202f']")


def parse_number(text: str) -> float:
    """The value of one number as matched by `NUMBER`.

    A single comma or dot before exactly three digits is a thousands mark when one to three digits stand before it
    and these are not 0 (`5,000` is five thousand, `0,125` an eighth); elsewhere it is the decimal mark.
    Raises ValueError for anything else.
    """
    plain = _SPACES.sub("", text)
    marks = [char for char in plain if char in ".,"]
    if len(marks) > 1:
        last = marks[-1]
        if len(set(marks)) == 1:
            return float(plain.replace(last, ""))
        other = "," if last == "." else "."
        return float(plain.replace(other, "").replace(last, "."))
    if marks:
        before, after = plain.split(marks[0])
        if len(after) == 3 and before.lstrip("0") and len(before) <= 3:
            return float(before + after)
        return float(f"{before}.{after}")
    return float(plain)
