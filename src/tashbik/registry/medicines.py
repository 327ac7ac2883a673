"""Medicines by substance, form and strength, whatever the spelling, salt or unit. Not other products (facts.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from tashbik.language.analysis import fold, tokenise
from tashbik.language.names import skeleton
from tashbik.nomenclature import tables
from tashbik.nomenclature.terms import Terms
from tashbik.registry.records import Requirement
from tashbik.registry.strengths import FoundStrength, Strength, find_strengths, readings

# Salts, hydrates and the words around them: they do not change which active moiety a medicine has.
_SALTS = frozenset(
    fold(word)
    for word in (
        "chlorhydrate dichlorhydrate hydrochloride hydrochlorure chlorure chlorhydrique monochlorhydrate hcl sulfate sulphate hemisulfate"
        " phosphate diphosphate sodium sodique disodique monosodique trisodique potassium potassique calcium calcique magnesium magnesien"
        " magnesique dimagnesique zinc argentique maleate hydrogenomaleate fumarate hydrogenofumarate hemifumarate succinate hydrogenosuccinate"
        " tartrate hydrogenotartrate bitartrate citrate dihydrogenocitrate mesilate mesylate besilate besylate tosilate tosylate bromure"
        " bromhydrate dibromhydrate hydrobromide acetate diacetate nitrate lactate gluconate malate oxalate embonate pamoate valerate"
        " dipropionate propionate furoate axetil proxetil pivoxil medoxomil cilexetil etexilate disoproxil alafenamide dimeglumine meglumine"
        " trometamol tromethamine lysine arginine erbumine tertbutylamine monohydrate dihydrate trihydrate sesquihydrate hemihydrate"
        " pentahydrate heptahydrate hexahydrate tetrahydrate hemipentahydrate anhydre anhydrous monohydrate monohydrate trihydratee"
        " monohydratee dihydratee hemihydratee anhydride hydrate hydratee micronise micronisee micronized base ester ethyl complexe sel salt exprime exprimee"
        " exprimes exprimees expirime expime forme sous soit equivalent equivalant en de d du des la le l et and as in of sous-forme associe"
        " decanoate undecanoate enantate cipionate caproate hexacetonide acetonide benzoate stearate estolate ethylsuccinate palmitate"
        " orotate pidolate aspartate carbonate hydrogenocarbonate bicarbonate oxyde monosodium hydrogene terephtalate camsilate edisilate napsilate"
        " هيدروكلوريد كلوريد سلفات كبريتات فوسفات صوديوم بوتاسيوم كالسيوم ماغنسيوم مغنيسيوم ماليات فومارات سكسينات طرطرات سترات خلات نترات"
        " لاكتات بروميد كلورهيدرات acide acid حمض"
    ).split()
)
# Words that a buyer writes round a medicine, in three languages.
_AROUND = frozenset(
    fold(word)
    for word in (
        "cherche recherche recherchons cherchons besoin fabricant fabricants fournisseur laboratoire producteur medicament generique boite"
        " pour par avec sans dose livraison nous achat adulte enfant nourrisson usage voie need needed looking seeking supplier manufacturer"
        " maker producer laboratory generic drug medicine medicines product with for from we require required want purchase supply tender strength"
        " نبحث عن مصنع منتج منتجات شركه دواء ادويه مخبر مختبر مورد موردين نحتاج نريد مطلوب تركيز عيار جرعه بتركيز بعيار للشراء توريد شراء انتاج"
        " في من الى او مع على بجرعه تعبئه عبوه علبه علب صيدلاني مستحضر للاطفال للبالغين"
    ).split()
)
_EXPRESSED = re.compile(r"expri?m[a-z]*\s+en|sous\s+forme|soit\s+en|equiv[a-z.]*\s+(?:a|en)", re.IGNORECASE)
_PARENTHESES = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Medicine:
    """Active moieties (concept ids or skeletons), the parts of the form, and the strengths in their possible readings."""

    moieties: frozenset[str]
    form: frozenset[str]
    strengths: tuple[Strength, ...]
    words: dict[str, str]

    def requirements(self) -> list[Requirement]:
        """The three requirements of a medicine that is asked for; those that were not stated are left out."""
        out: list[Requirement] = []
        if self.moieties:
            out.append(
                Requirement(kind="substance", words=self.words["substance"], values=tuple(sorted(self.moieties)))
            )
        if self.form:
            out.append(Requirement(kind="form", words=self.words["form"], values=tuple(sorted(self.form))))
        if self.strengths:
            out.append(Requirement(kind="dosage", words=self.words["dosage"]))
        return out


def from_fields(substance: str, form: str, dosage: str) -> Medicine:
    """A medicine from three cells of a register or a need."""
    return Medicine(
        moieties(substance),
        form_parts(form),
        readings(dosage),
        {"substance": substance, "form": form, "dosage": dosage},
    )


@lru_cache(maxsize=50_000)
def moieties(substance: str) -> frozenset[str]:
    """Keys of the active moieties of a substance cell: concept ids where the vocabulary knows them, else consonant skeletons.

    Components stand between `/` or `+`. Salts and hydrates go; of `X chlorhydrate exprimé en X` the first name stays.
    """
    keys = (_moiety(part) for part in re.split(r"[/+]| et (?=[a-z]{5})", _without_expressions(substance)))
    return frozenset(key for key in keys if key)


def _without_expressions(substance: str) -> str:
    parts = []
    for part in re.split(r"(?<!\d)[/+](?!\d)", substance):
        head = _EXPRESSED.split(fold(part))[0]
        head = _PARENTHESES.sub(" ", head) if _PARENTHESES.sub(" ", head).strip() else head
        parts.append(head)
    return "/".join(parts)


def _moiety(part: str) -> str:
    known = _known_substance(part)
    if known:
        return known
    words = [token.folded for token in tokenise(part) if not token.folded.isdigit()]
    kept = [word for word in words if word not in _SALTS] or words
    known = _known_substance(" ".join(kept)) or _known_within(kept)
    return known or " ".join(sorted(filter(None, (skeleton(word) for word in kept if len(word) > 1))))


def _known_within(words: list[str]) -> str:
    """The longest known name among the words: whatever else stands there is a salt, a grade or a remark."""
    for size in range(min(4, len(words) - 1), 0, -1):
        for first in range(len(words) - size + 1):
            known = _substances().get(" ".join(words[first : first + size]))
            if known:
                return known
    return ""


@cache
def _substances() -> dict[str, str]:
    """Folded name, and skeletons of long single names, → substance concept id."""
    table: dict[str, str] = {}
    bones: dict[str, set[str]] = {}
    for concept in tables.concepts().values():
        if concept.kind != "substance":
            continue
        for names in concept.terms.values():
            for name in names:
                words = [token.folded for token in tokenise(name)]
                table.setdefault(" ".join(words), concept.id)
                if len(words) == 1 and len(skeleton(words[0])) >= 4:
                    bones.setdefault("~" + skeleton(words[0]), set()).add(concept.id)
    table.update({key: next(iter(ids)) for key, ids in bones.items() if len(ids) == 1})
    return table


def _known_substance(text: str, *, misspelt: bool = True) -> str:
    """The substance of a name; with `misspelt`, a lone name may also have only the skeleton of one, as in cells of registers."""
    words = [token.folded for token in tokenise(text)]
    table = _substances()
    by_bones = table.get("~" + skeleton(words[0]), "") if misspelt and len(words) == 1 else ""
    return table.get(" ".join(words)) or by_bones


@cache
def _form_terms() -> dict[str, Terms]:
    rows = list(tables.table("dosage_forms.tsv"))
    return {
        language: Terms(language, [(row["id"], tables.alternatives(row[language])) for row in rows])
        for language in tables.LANGUAGES
    }


@cache
def _kinds() -> dict[str, str]:
    return {row["id"]: row["kind"] for row in tables.table("dosage_forms.tsv")}


def is_base(part: str) -> bool:
    """Whether a part says what the form is (tablet, syrup) rather than how it is."""
    return _kinds().get(part) == "base"


@lru_cache(maxsize=20_000)
def form_parts(form: str) -> frozenset[str]:
    """The parts that a form is made of: `comprimé pelliculé sécable` → tablet, film-coated, scored."""
    return frozenset(part for part, _, _ in _form_hits(form))


def _form_hits(text: str) -> list[tuple[str, int, int]]:
    """Parts with their offsets, longest term first; nothing inside a longer term counts."""
    tokens = tokenise(text)
    arabic = any(token.arabic for token in tokens)
    languages = ("ar",) if arabic else ("fr", "en")
    hits = [hit for language in languages for hit in _form_terms()[language].find(tokens, text)]
    kept: list[tuple[str, int, int]] = []
    for hit in sorted(hits, key=lambda one: (-one.length, one.start)):
        inside = any(
            start <= hit.start and hit.end <= end and (start, end) != (hit.start, hit.end) for _, start, end in kept
        )
        if not inside:
            kept.append((hit.senses[0], hit.start, hit.end))
    return kept


@lru_cache(maxsize=5_000)
def read_medicine(text: str) -> Medicine | None:
    """The medicine that a free text asks for, or None where it names no dosage form with a strength or a known substance.

    Powders, solutions and creams are also sold by the sack: they need a route or a strength in milligrams beside them.
    """
    forms = _form_hits(text)
    if not any(is_base(part) for part, _, _ in forms):
        return None
    strengths = find_strengths(text)
    if not (_is_pharmaceutical(part for part, _, _ in forms) or _is_dose(strengths)):
        return None
    spans = [(start, end) for _, start, end in forms] + [(one.start, one.end) for one in strengths]
    rest = [
        token.text
        for token in tokenise(text)
        if not any(start <= token.start < end for start, end in spans)
        and not token.folded.isdigit()
        and _bare(token.folded) not in _AROUND
        and token.folded not in _AROUND
    ]
    substances = _moieties_of_words(rest)
    known = [key for key in substances if key.startswith("substance.")]
    if not substances or not (known or strengths):
        return None
    words = {
        "substance": " ".join(rest),
        "form": " ".join(text[start:end] for _, start, end in sorted(forms, key=lambda one: one[1])),
        "dosage": " / ".join(one.words for one in strengths),
    }
    return Medicine(
        frozenset(known or substances),
        frozenset(part for part, _, _ in forms),
        tuple(one.strength for one in strengths),
        words,
    )


_ALSO_BULK = frozenset(
    "powder solution suspension emulsion gel granules cream lotion shampoo gas spray ointment".split()
)
_LARGEST_DOSE = 20_000.0
"""Milligrams; a strength above is a weight of goods."""


def _is_pharmaceutical(parts: Iterable[str]) -> bool:
    """Whether a form is one that only medicines have: a tablet, or anything with a route or a release."""
    kinds = {part: _kinds().get(part) for part in parts}
    return any(
        (kind == "base" and part not in _ALSO_BULK) or kind in ("route", "release") for part, kind in kinds.items()
    )


def _is_dose(strengths: Iterable[FoundStrength]) -> bool:
    """Whether an amount in milligrams or units is stated that a dose may have, rather than a percentage or the weight of a sack."""
    amounts = [one for found in strengths if "%" not in found.words for one in found.strength]
    return any(unit in ("mg", "iu") and value <= _LARGEST_DOSE for value, unit in amounts)


def _bare(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def _moieties_of_words(words: list[str]) -> list[str]:
    """Substances among words: known names of up to four words first, then what is left as one unknown name."""
    found: list[str] = []
    position = 0
    left: list[str] = []
    while position < len(words):
        for size in range(min(4, len(words) - position), 0, -1):
            phrase = words[position : position + size]
            known = _known_substance(" ".join(phrase), misspelt=False) or _known_substance(
                " ".join(_bare(fold(word)) for word in phrase), misspelt=False
            )
            if known:
                found.append(known)
                position += size
                break
        else:
            if fold(words[position]) not in _SALTS:
                left.append(skeleton(_bare(fold(words[position]))))
            position += 1
    return found or [bone for bone in left if len(bone) >= 2]


def medicine_concepts(attributes: dict[str, str]) -> tuple[str, ...]:
    """Substance concepts of a capability's `substance` attribute."""
    if "substance" not in attributes:
        return ()
    return tuple(sorted(key for key in moieties(attributes["substance"]) if key.startswith("substance.")))
