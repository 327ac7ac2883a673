"""The words of a need for engines that want a query language. Not normalisation: words stay as they are written."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")


def any_of(text: str, operator: str, quote: str) -> str:
    """The text's different words, quoted and joined by an engine's OR; with AND hardly any profile would be found."""
    words = dict.fromkeys(_WORD.findall(text))
    return operator.join(f"{quote}{word}{quote}" for word in words)
