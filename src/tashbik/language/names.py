"""Names across scripts: transliteration of Arabic letters and the consonant skeleton. Not a decision on identity."""

from __future__ import annotations

import re
from functools import lru_cache

from tashbik.language import arabic
from tashbik.language.analysis import fold_latin, tokenise

_ROMAN = {
    "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r",
    "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f",
    "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "y",
}  # fmt: skip

# One letter for each class of consonants that writers interchange between the scripts. Order matters: digraphs first.
_LATIN_CLASSES = (
    (re.compile("tch|sch|sh|ch"), "x"),
    (re.compile("kh"), "h"),
    (re.compile("gh"), "g"),
    (re.compile("ph"), "f"),
    (re.compile("th|dh"), "t"),
    (re.compile("ou|oo|w"), "u"),
    (re.compile("c(?=[eiy])|ç"), "s"),
    (re.compile("qu|ck|q|c|k"), "k"),
    (re.compile("g(?=[eiy])|dj|j"), "g"),
    (re.compile("x"), "ks"),
    (re.compile("[pb]"), "b"),
    (re.compile("[vf]"), "f"),
    (re.compile("[dt]"), "t"),
    (re.compile("[zs]"), "s"),
)
_ARABIC_CLASSES = str.maketrans(
    {
        "ا": "", "و": "", "ي": "", "ع": "", "ه": "",
        "ب": "b", "ت": "t", "ث": "t", "ج": "g", "ح": "h", "خ": "h", "د": "t", "ذ": "t", "ر": "r", "ز": "s",
        "س": "s", "ش": "x", "ص": "s", "ض": "t", "ط": "t", "ظ": "t", "غ": "g", "ف": "f", "ق": "k", "ك": "k",
        "ل": "l", "م": "m", "ن": "n",
    }
)  # fmt: skip

_GENERIC = {
    # words of every firm's name, in their usual spellings, to one mark each
    "company": "شركه شركات مؤسسه موسسه مجموعه ste societe sarl eurl spa sa company co ltd llc llp inc corp est group groupe ets"
    " etablissement etablissements establishment entreprise enterprise firm plc fzco fze wll saoc saog",
    "industry": "صناعه صناعات صناعيه صناعي مصنع مصانع معمل industrie industries industriel industrielle industrial factory"
    " usine manufacturing manufacture fabrique",
    "metal": "معدن معادن معدني معدنيه metal metals metallique metalliques metallurgie metallurgy metallic",
    "plastic": "بلاستيك بلاستيكيه لدائن plastic plastics plastique plastiques plast",
    "food": "غذاء غذائي غذائيه اغذيه food foods alimentaire alimentaires agroalimentaire",
    "textile": "نسيج منسوجات نسيجيه غزل textile textiles tissage",
    "pharma": "pharm pharmacie pharmacy pharmaceutics farma farmaceutica farmaceutici arzneimittel ادويه دواء دوائيه صيدلانيه صيدليه pharma pharmaceutical pharmaceuticals pharmaceutique pharmaceutiques laboratoire"
    " laboratoires laboratory laboratories labo lab مخبر مخابر مختبر مختبرات",
    "trade": "تجاره تجاريه trading trade commerce commercial commerciale",
    "general": "عامه general generale",
    "and": "و and et",
    "of": "لل ل of de du des la le les the for pour d l el al ال",
    "national": "وطنيه وطني national nationale",
    "international": "دوليه دولي عالميه international internationale",
    "electric": "كهرباء كهربائيه electric electrical electrique electriques",
    "materials": "مواد material materials materiau materiaux matiere matieres",
    "building": "بناء انشاءات مقاولات انشاءيه construction constructions batiment building contracting",
    "health": "صحه صحي صحيه طب طبي طبيه سلامه health healthcare sante medical medicals medicale medicales medicaux medicament"
    " medicaments medicine medicines medico med",
    "science": "علوم علمي علميه science sciences scientific scientifique bioscience biosciences life",
    "technology": "تقنيه تقنيات تكنولوجيا تكنولوجي هندسه technology technologies technologie technique techniques tech"
    " technical engineering ingenierie",
    "production": "انتاج تصنيع production productions producer producteur producers fabrication produits products product"
    " منتجات",
    "development": "تنميه تطوير استثمار development developpement investment investissement invest holding holdings قابضه",
    "service": "خدمات خدمه service services",
    "world": "عالم اوروبا افريقيا شرق غرب شمال جنوب world europe european europeen europeenne africa afrique global globale"
    " east west north south est ouest nord sud middle moyen orient orientale",
    "union": "اتحاد union unie united متحده موحده",
    "import_export": "استيراد تصدير import export importation exportation distribution توزيع",
    "modern": "حديثه حديث modern moderne modernes new nouvelle nouveau جديده جديد advanced متقدمه",
    "arab": "عربيه عربي عرب arab arabe arabes arabian",
    "workshop": "ورشه ورش workshop workshops atelier ateliers works",
    "wood": "خشب اخشاب خشبيه wood bois wooden menuiserie نجاره",
    "paper": "ورق ورقيه كرتون paper papier carton packaging emballage emballages تغليف تعبئه",
    "leather": "جلود جلديه leather cuir cuirs احذيه shoes chaussures",
    "mechanic": "ميكانيك ميكانيكيه mechanical mechanics mecanique mecaniques",
    "steel": "حديد صلب فولاذ steel iron acier aciers fer siderurgie",
    "glass": "زجاج زجاجيه glass verre verrerie",
    "furniture": "اثاث furniture meuble meubles ameublement",
    "chemical": "كيماويه كيميائيه كيمياويات chemical chemicals chimique chimiques chimie",
}
_MARK_OF = {
    arabic.normalise(word) if re.search("[\u0621-\u064a]", word) else word: mark
    for mark, words in _GENERIC.items()
    for word in words.split()
}


def transliterate(text: str) -> str:
    """Arabic letters to plain Latin ones (no vowels are guessed); everything else stays."""
    return "".join(_ROMAN.get(char, char) for char in arabic.normalise(text))


def skeleton(word: str) -> str:
    """Consonant classes of one word in either script: محمد and Mohamed are both `hmt`… less their weak letters.

    Weak letters (vowels, w, y, h, ع) go; voiced and unvoiced counterparts fold (p/b, t/d, s/z, f/v); doubles collapse.
    """
    folded = arabic.normalise(word)
    if re.search("[\u0621-\u064a]", folded):
        classes = folded.translate(_ARABIC_CLASSES)
    else:
        classes = fold_latin(folded)
        for pattern, letter in _LATIN_CLASSES:
            classes = pattern.sub(letter, classes)
        classes = re.sub("[aeiouwyh']", "", classes)
    classes = classes.replace("h", "")
    return re.sub(r"(.)\1+", r"\1", classes)


_SOUNDS = (
    (re.compile("x"), "ks"),
    (re.compile("tch|sch|sh|ch"), "x"),
    (re.compile("ph"), "f"),
    (re.compile("kh"), "h"),
    (re.compile("th"), "t"),
    (re.compile("gh|dj|j"), "g"),
    (re.compile("ou|oo|w"), "u"),
    (re.compile("c(?=[eiy])|ç"), "s"),
    (re.compile("qu(?=[eio])|ck|q|c"), "k"),
    (re.compile("v"), "f"),
    (re.compile("p"), "b"),
)
_ARABIC_SOUNDS = str.maketrans(
    {
        "ا": "a", "و": "u", "ي": "i", "ع": "", "ه": "h", "ح": "h", "خ": "h",
        "ب": "b", "ت": "t", "ث": "t", "ط": "t", "د": "d", "ض": "d", "ذ": "d", "ظ": "z", "ز": "z", "ر": "r",
        "س": "s", "ص": "s", "ش": "x", "ج": "g", "غ": "g", "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n",
    }
)  # fmt: skip
_VOWELS = re.compile("[aeiouy]+")


@lru_cache(maxsize=500_000)
def sounds(word: str) -> str:
    """One letter a sound, vowels kept, in either script; finer than the skeleton: t and d, s and z stay apart.

    Of Arabic only the long vowels are there to keep. Doubled Latin letters collapse. Mohammed is `mohamed`, محمد is `mhmd`.
    """
    folded = arabic.normalise(word)
    if re.search("[\u0621-\u064a]", folded):
        return folded.translate(_ARABIC_SOUNDS)
    heard = fold_latin(folded)
    for pattern, letter in _SOUNDS:
        heard = pattern.sub(letter, heard)
    return re.sub(r"(.)\1+", r"\1", heard)


def consonants(word: str) -> str:
    """The sounds of a word without vowels and h, which writers drop: كمال, Kamal and Kamel are all `kml`."""
    return _VOWELS.sub("", sounds(word)).replace("h", "")


def spoken(word: str) -> str:
    """The sounds of a Latin word without the short vowels a and e that spellings of Arabic names differ in.

    Diphthongs stay, so that Saidal and Sidal differ; Kamel and Kamal, Tahri and Taheri do not.
    """
    heard = re.sub("[ae][iy](?=[^aeiouy])", "Y", sounds(word))
    return re.sub(r"(.)\1+", r"\1", re.sub("[ae]", "", heard).replace("y", "i").replace("o", "u"))


def renders(latin: str, arabic_word: str) -> int:
    """How many written vowels of an Arabic word a Latin rendering lacks; -1 where the consonants are not the same.

    Arabic writes long vowels only: every ا و ي must be heard in the Latin word, which may have more vowels.
    """
    ours, theirs = _gaps(sounds(latin)), _gaps(sounds(arabic_word))
    if ours[0] != theirs[0]:
        return -1
    return sum(
        not (_HEARD_AS.get(vowel, {vowel}) & set(heard))
        for heard, written in zip(ours[1], theirs[1], strict=True)
        for vowel in written
    )


_HEARD_AS = {"a": {"a", "e"}, "u": {"u", "o"}, "i": {"i", "y", "e"}}


def _gaps(heard: str) -> tuple[str, list[str]]:
    """The consonants of sounds (h left out), and the vowels before, between and after them."""
    letters, gaps = "", [""]
    for sound in heard.replace("h", ""):
        if sound in "aeiouy":
            gaps[-1] += sound
        else:
            letters += sound
            gaps.append("")
    return letters, gaps


def generic_mark(folded: str) -> str:
    """The mark of a generic word (company, industry, metal, …) in any of the three languages; empty for any other word.

    `folded` is a lower-case word without accents, Arabic normalised and without its article.
    """
    return _MARK_OF.get(folded, "")


def name_key(name: str) -> str:
    """A key under which spellings of one firm's name meet in any script: marks of generic words, skeletons of the rest, sorted.

    شركة محمد للصناعات المعدنية and "Mohamed Metal Industries Co." have the key `@company @industry @metal mt`.
    """
    return " ".join(sorted(_name_parts(name)))


def _name_parts(name: str) -> set[str]:
    parts: set[str] = set()
    for token in tokenise(name.replace(".", " ")):
        for word in _variants(token.folded):
            if word in _MARK_OF:
                mark = _MARK_OF[word]
                if mark not in ("of", "and"):
                    parts.add("@" + mark)
                break
        else:
            bones = skeleton(_variants(token.folded)[-1])
            if bones:
                parts.add(bones)
    return parts


def _variants(folded: str) -> list[str]:
    """The word, then the word without its Arabic particles and article, e.g. للصناعات → صناعات."""
    variants = [folded]
    for prefix in ("وال", "لل", "بال", "ال"):
        if folded.startswith(prefix) and len(folded) - len(prefix) >= 3:
            variants.append(folded[len(prefix) :])
            break
    return variants
