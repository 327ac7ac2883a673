"""Files of an evaluation: texts in JSON Lines, judgements in TREC's format. Not the measuring (evaluate.py)."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tashbik.errors import FileError, InputError
from tashbik.linkage.evaluate import Text


def read_texts(path: Path) -> list[Text]:
    """Lines of `{"id", "text", "lang"}`. Raises InputError naming the row and the field."""
    texts = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line, type=dict[str, object])
        except msgspec.DecodeError as error:
            raise InputError(
                str(error), file=path.name, row=number, mend='write {"id", "text", "lang"} on each line'
            ) from error
        for name in ("id", "text"):
            if name not in value:
                raise InputError(
                    "missing", file=path.name, row=number, field=name, mend='write {"id", "text", "lang"} on each line'
                )
        texts.append(Text(str(value["id"]), str(value["text"]), str(value.get("lang") or "")))
    return texts


def read_qrels(path: Path) -> dict[str, dict[str, float]]:
    """Judgements `query 0 document relevance`, by query. Raises InputError naming the row."""
    judgements: dict[str, dict[str, float]] = {}
    for number, line in enumerate(_lines(path), 1):
        parts = line.split()
        if not parts:
            continue
        try:
            query, _, document, relevance = parts
            judgements.setdefault(query, {})[document] = float(relevance)
        except ValueError as error:
            raise InputError(
                "not a judgement", file=path.name, row=number, mend="write `query 0 document relevance`"
            ) from error
    return judgements


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(str(error), file=path.name, mend="give a file in UTF-8") from error
