"""The message catalogues: compiled, and checked to be complete. `python -m tashbik.web.catalogues [check]`. Not the messages themselves.

English is the language of the source; Arabic and French stand in `locale/` folders beside the pages that say them. `check` finds every string
of code and templates and demands: a translation in both languages, all plural forms (Arabic has six), the same placeholders, one
translation for one text wherever it stands, and no translation that nothing says. French is set by the rules of French typography when
it is read: translators may type plain spaces and straight apostrophes.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
LANGUAGES = {"ar": 6, "fr": 2}
"""Languages translated into, with their plural forms."""
_KEYWORDS = (
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
)
_CALL = re.compile(
    r"\b(gettext|ngettext|pgettext|npgettext|_)\(((?:\s*,?\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))+)"
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A string to be translated: its context, singular, plural (or empty), and where it stands."""

    context: str
    singular: str
    plural: str
    place: str

    @property
    def key(self) -> tuple[str, str]:
        """What it is looked up by."""
        return self.context, self.singular


def folders() -> list[Path]:
    """All locale folders."""
    return sorted(ROOT.glob("web/**/locale")) + sorted(ROOT.glob("exchange/**/locale"))


def files(language: str) -> list[Path]:
    """The catalogues of one language."""
    return [one for folder in folders() if (one := folder / language / "LC_MESSAGES" / "django.po").exists()]


def read(file: Path) -> Catalog:
    """One catalogue, set by the rules of its language's typography."""
    language = file.parents[1].name
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    if language == "fr":
        for message in catalogue:
            given = message.string
            message.string = typeset(given) if isinstance(given, str) else tuple(typeset(one) for one in given or ())
    return catalogue


_APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w«<%{(])")
_SPACE = r"[ \u00a0\u202f]"


def typeset(text: str) -> str:
    """French with its apostrophes, and no-break spaces before double signs and inside guillemets (Imprimerie nationale: narrow before ; ! ?)."""
    text = _APOSTROPHE.sub("’", text)
    text = re.sub(rf"{_SPACE}(?=[:»])", "\u00a0", text)
    text = re.sub(rf"{_SPACE}(?=[;!?](?!\w))", "\u202f", text)
    return re.sub(rf"«{_SPACE}", "«\u00a0", text)


def compile_all() -> int:
    """Compile every catalogue that is newer than what was compiled from it; returns how many."""
    count, rules = 0, Path(__file__).stat().st_mtime
    for language in LANGUAGES:
        for file in files(language):
            compiled = file.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= max(file.stat().st_mtime, rules):
                continue
            partial = compiled.with_suffix(".partial")
            with partial.open("wb") as stream:
                write_mo(stream, read(file))
            partial.replace(compiled)
            count += 1
    return count


def texts() -> Iterator[Text]:
    """Every string of code and templates that is to be translated."""
    for folder in ("web", "exchange"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield from _of_code(file)
        for file in sorted((ROOT / folder).rglob("*.html")) + sorted((ROOT / folder).rglob("*.txt")):
            if "templates" in file.parts:
                yield from _of_template(file)


def _of_code(file: Path) -> Iterator[Text]:
    with file.open("rb") as stream:
        found: Iterable[Any] = extract_python(stream, dict.fromkeys(_KEYWORDS), [], {"encoding": "utf-8"})
        for line, function, messages, _comments in found:
            parts = [one for one in (messages if isinstance(messages, tuple) else (messages,)) if isinstance(one, str)]
            if parts:
                yield _text(function, parts, f"{file.relative_to(ROOT)}:{line}")


def _of_template(file: Path) -> Iterator[Text]:
    from django.utils.translation.template import templatize

    code = templatize(file.read_text(encoding="utf-8"), origin=str(file))
    for match in _CALL.finditer(code):
        parts = [one for one in ast.literal_eval(f"[{match[2].strip().strip(',')}]") if isinstance(one, str)]
        line = code.count("\n", 0, match.start()) + 1
        yield _text(match[1], parts, f"{file.relative_to(ROOT)}:{line}")


def _text(function: str | None, parts: list[str], place: str) -> Text:
    name = (function or "gettext").removesuffix("_lazy")
    context = parts.pop(0) if name in ("pgettext", "npgettext") else ""
    plural = parts[1] if name in ("ngettext", "npgettext") and len(parts) > 1 else ""
    return Text(context, parts[0], plural, place)


def problems() -> Iterator[str]:
    """Whatever is missing or wrong, one line each."""
    wanted: dict[tuple[str, str], Text] = {}
    for text in texts():
        known = wanted.get(text.key)
        if known is None or (text.plural and not known.plural):
            wanted[text.key] = text
    for language, forms in LANGUAGES.items():
        given: dict[tuple[str, str], tuple[Message, Path]] = {}
        for file in files(language):
            yield from _of_catalogue(file, forms, given, set(wanted))
        for key, text in wanted.items():
            if key not in given and (text.context or not _of_a_library(text.singular, language)):
                yield f"{text.place}: not translated into {language}: {text.singular!r}"
            elif key in given and text.plural and isinstance(given[key][0].string, str):
                yield f"{given[key][1].relative_to(ROOT)}: {text.singular!r} needs plural forms"


def _of_a_library(singular: str, language: str) -> bool:
    """Whether Django's own catalogue has it."""
    from django.utils import translation

    with translation.override(language):
        return bool(singular) and translation.gettext(singular) != singular


def _of_catalogue(
    file: Path, forms: int, given: dict[tuple[str, str], tuple[Message, Path]], wanted: set[tuple[str, str]]
) -> Iterator[str]:
    where = file.relative_to(ROOT)
    catalogue = read(file)
    if catalogue.num_plurals != forms:
        yield f"{where}: has {catalogue.num_plurals} plural forms, not {forms}"
    for message in catalogue:
        if not message.id:
            continue
        singular = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        key = (message.context or "", str(singular))
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if message.fuzzy or not all(strings):
            yield f"{where}: not finished: {singular!r}"
        yield from (f"{where}: other placeholders: {singular!r}" for one in _strange(message, strings) if one)
        if key not in wanted:
            yield f"{where}: nothing says {singular!r}"
        if key in given and given[key][0].string != message.string:
            yield f"{where}: {singular!r} is translated otherwise in {given[key][1].relative_to(ROOT)}"
        given.setdefault(key, (message, file))


def _strange(message: Message, strings: Iterable[str]) -> Iterator[bool]:
    """Whether placeholders are unknown to the source, or lost; a plural form may leave a count out (one, two)."""
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    known = {name for source in sources for name in _names(source)}
    several = len(sources) > 1
    for one in strings:
        names = _names(one)
        yield bool(names - known) or (not several and names != known)


def _names(text: str) -> set[str]:
    return {a or b for a, b in _PLACEHOLDER.findall(text)}


def main() -> None:
    """Compile, or with `check` also say what is wrong and end with 1 if anything is."""
    compile_all()
    if "check" not in sys.argv[1:]:
        return
    import os

    import django

    os.environ.setdefault("TASHBIK_DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tashbik.web.settings")
    django.setup()
    found = list(problems())
    print("\n".join(found) or "catalogues: complete")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
