"""Languages that people speak: names in Arabic, French and English to ISO 639-1 codes. Not the detection of a text's language (scripts.py)."""

from __future__ import annotations

from functools import cache

from tashbik.language.analysis import fold
from tashbik.language.scripts import is_arabic

_NAMES = """
ar|العربية|عربي|عربية|اللغة العربية|arabe|arabic|ara
fr|الفرنسية|فرنسي|فرنسية|اللغة الفرنسية|français|french|fra|fre
en|الإنجليزية|الانكليزية|إنجليزي|إنجليزية|انكليزي|انكليزية|اللغة الإنجليزية|anglais|english|eng
ber|الأمازيغية|أمازيغي|أمازيغية|tamazight|tamazight|amazigh|berbère|berber
es|الإسبانية|إسباني|إسبانية|espagnol|spanish|castillan|spa
it|الإيطالية|إيطالي|إيطالية|italien|italian|ita
de|الألمانية|ألماني|ألمانية|allemand|german|deutsch|deu|ger
pt|البرتغالية|برتغالي|برتغالية|portugais|portuguese|por
tr|التركية|تركي|تركية|turc|turkish|tur
zh|الصينية|صيني|صينية|chinois|chinese|mandarin|zho|chi
ru|الروسية|روسي|روسية|russe|russian|rus
fa|الفارسية|فارسي|فارسية|persan|persian|farsi|fas|per
ur|الأردية|أردو|ourdou|urdu|urd
hi|الهندية|هندي|هندية|hindi|hindi|hin
ku|الكردية|كردي|كردية|kurde|kurdish|kur
he|العبرية|عبري|عبرية|hébreu|hebrew|heb
ja|اليابانية|ياباني|يابانية|japonais|japanese|jpn
ko|الكورية|كوري|كورية|coréen|korean|kor
nl|الهولندية|هولندي|هولندية|néerlandais|dutch|hollandais|nld
pl|البولندية|بولندي|بولندية|polonais|polish|pol
ro|الرومانية|روماني|رومانية|roumain|romanian|ron
el|اليونانية|يوناني|يونانية|grec|greek|ell
sv|السويدية|سويدي|سويدية|suédois|swedish|swe
id|الإندونيسية|إندونيسي|إندونيسية|indonésien|indonesian|ind
ms|الملايوية|ماليزي|malais|malay|msa
sw|السواحيلية|سواحيلي|سواحيلية|swahili|swahili|swa
so|الصومالية|صومالي|صومالية|somali|somali|som
am|الأمهرية|أمهري|أمهرية|amharique|amharic|amh
ha|الهوسا|هوسا|haoussa|hausa|hau
wo|الولوفية|wolof|wolof|wol
bn|البنغالية|بنغالي|bengali|bengali|ben
"""
_CODE_LETTERS = frozenset({2, 3})


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for line in _NAMES.strip().splitlines():
        code, *names = line.split("|")
        codes.update({fold(name): code for name in (code, *names)})
    return codes


@cache
def _labels() -> dict[str, dict[str, str]]:
    """Of each code the label by language: the first Arabic name, and the first two in Latin letters, French before English."""
    labels: dict[str, dict[str, str]] = {}
    for line in _NAMES.strip().splitlines():
        code, *names = line.split("|")
        latin = [name for name in names if not is_arabic(name)]
        labels[code] = {"ar": names[0], "fr": latin[0], "en": latin[1].capitalize()}
    return labels


def language_name(code: str, language: str) -> str:
    """What a language is called in `language` (ar, fr or en), in lower case in French as within a sentence; the code itself where it is not known."""
    return _labels().get(code, {}).get(language, code)


def language_code(written: str) -> str:
    """The ISO 639-1 code (639-2 `ber` for Tamazight) of a language given by name or code (`français`, `fr-DZ`, `العربية`); empty where unknown."""
    folded = fold(written.strip()).strip(" .")
    codes = _codes()
    known = codes.get(folded) or codes.get(folded.removeprefix("langue ").removesuffix(" language").strip())
    if known:
        return known
    code = folded.replace("_", "-").partition("-")[0].strip()
    return codes.get(code, "") if len(code) in _CODE_LETTERS and code.isascii() else ""
