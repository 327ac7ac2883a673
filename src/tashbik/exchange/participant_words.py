"""Words of files of participants in three languages: headers of columns, names of categories and of languages. Not the reading (participant_rows)."""

from __future__ import annotations

from functools import cache

from tashbik.exchange.participant_details import MESSAGES, SPOKEN
from tashbik.language.analysis import fold

HEADERS: dict[str, tuple[str, ...]] = {
    "name": (
        "name",
        "full name",
        "participant",
        "nom",
        "nom et prénom",
        "nom complet",
        "الاسم",
        "الاسم الكامل",
        "الاسم واللقب",
        "المشارك",
    ),
    "body": (
        *("body", "organisation", "organization", "company", "enterprise", "institution"),
        *("organisme", "entreprise", "société", "structure", "الجهة", "المؤسسة", "الشركة", "الهيئة", "جهة العمل"),
    ),
    "position": (
        "position",
        "title",
        "job title",
        "function",
        "fonction",
        "poste",
        "titre",
        "المنصب",
        "الوظيفة",
        "الصفة",
    ),
    "email": (
        "email",
        "e-mail",
        "e-mail address",
        "mail",
        "courriel",
        "adresse e-mail",
        "البريد الإلكتروني",
        "البريد",
        "الإيميل",
    ),
    "category": ("category", "type", "catégorie", "qualité", "الفئة", "الصنف", "التصنيف"),
    "country": ("country", "pays", "البلد", "الدولة"),
    "language": (
        "language",
        "language of messages",
        "langue",
        "langue des messages",
        "لغة الرسائل",
        "لغة المراسلة",
        "اللغة",
    ),
    "languages": ("languages", "meeting languages", "langues", "langues des rendez-vous", "اللغات", "لغات اللقاءات"),
    "offers": ("offers", "offer", "offre", "offres", "propose", "يعرض", "العرض", "ما يعرضه", "يعرضون", "ماذا تعرض", "ما تعرضونه", "المعروض"),
    "seeks": ("seeks", "looking for", "search", "recherche", "cherche", "يبحث عن", "الطلب", "ما يبحث عنه", "ماذا تطلب", "ماذا يطلب", "ما تبحثون عنه", "المطلوب"),
    "meeting_limit": (
        "limit",
        "most meetings",
        "meeting limit",
        "maximum",
        "rendez-vous maximum",
        "حد اللقاءات",
        "أقصى عدد للقاءات",
    ),
    "enterprise": (
        "code",
        "register number",
        "enterprise code",
        "register code",
        "numéro au registre",
        "code registre",
        "رقم السجل",
        "الرقم في السجل",
    ),
}
FRENCH_HEADERS = frozenset(
    {
        *("nom et prénom", "organisme", "fonction", "courriel", "catégorie", "pays", "langue des messages"),
        *("langues des rendez-vous", "offre", "recherche", "rendez-vous maximum", "code registre"),
    }
)
"""Those that stand in an empty file for French readers."""
"""Fields with the headers that mean them; the first is that of files written out."""

CATEGORIES: dict[str, tuple[str, ...]] = {
    "ministry": ("ministry", "government", "ministère", "gouvernement", "وزارة", "حكومة", "جهة حكومية"),
    "organisation": (
        *("regional or international organisation", "organisation régionale ou internationale"),
        *("organisation", "organization", "regional organisation", "international organisation", "arab organisation"),
        *("organisation régionale", "organisation internationale", "organisation arabe"),
        *("منظمة", "منظمة عربية", "منظمة دولية", "منظمة إقليمية", "منظمة إقليمية أو دولية", "هيئة دولية"),
    ),
    "institution": (
        *(
            "institution",
            "support institution",
            "chamber",
            "centre",
            "university",
            "structure d'appui",
            "chambre",
            "université",
        ),
        *("مؤسسة دعم", "مؤسسة داعمة", "غرفة", "غرفة تجارة وصناعة", "مركز تقني", "جامعة"),
    ),
    "financier": (
        "financier",
        "bank",
        "fund",
        "banque",
        "fonds",
        "organisme de financement",
        "financeur",
        "ممول",
        "جهة تمويل",
        "مؤسسة تمويل",
        "بنك",
        "مصرف",
        "صندوق",
    ),
    "smi": (
        *(
            "smi",
            "sme",
            "small or medium industry",
            "small and medium industries",
            "petites et moyennes industries",
            "petite et moyenne industrie",
            "small and medium industry",
            "pmi",
            "pme",
            "petite ou moyenne industrie",
        ),
        *(
            "صناعة صغيرة",
            "صناعة متوسطة",
            "صناعة صغيرة أو متوسطة",
            "صناعات صغيرة ومتوسطة",
            "صناعة صغيرة ومتوسطة",
            "الصناعات الصغيرة والمتوسطة",
            "مؤسسات صغيرة ومتوسطة",
            "مؤسسة صغيرة",
            "مؤسسة صغيرة ومتوسطة",
            "مؤسسة متوسطة",
        ),
    ),
    "industry": (
        "industry",
        "large industry",
        "large enterprise",
        "grande industrie",
        "grande entreprise",
        "صناعة كبيرة",
        "صناعة كبرى",
        "مؤسسة كبيرة",
        "شركة كبرى",
    ),
    "expert": ("expert", "consultant", "researcher", "chercheur", "خبير", "خبيرة", "استشاري", "باحث"),
    "press": ("press", "media", "journalist", "presse", "média", "journaliste", "صحافة", "إعلام", "صحفي"),
}
"""Categories with the words for them."""


@cache
def header_words() -> dict[str, str]:
    """Folded header → field."""
    return {fold(word): field for field, words in HEADERS.items() for word in words}


@cache
def category_words() -> dict[str, str]:
    """Folded word → category."""
    return {fold(word): category for category, words in CATEGORIES.items() for word in (category, *words)}


@cache
def language_words() -> dict[str, str]:
    """Folded name or code → code of a language that can be spoken in meetings."""
    from babel import Locale

    found = {code: code for code in SPOKEN}
    for shown in MESSAGES:
        names = Locale(shown).languages
        found |= {fold(names[code]): code for code in SPOKEN if code in names}
    return found | {
        fold("عربية"): "ar",
        fold("عربي"): "ar",
        fold("فرنسية"): "fr",
        fold("إنجليزية"): "en",
        fold("انكليزية"): "en",
    }
