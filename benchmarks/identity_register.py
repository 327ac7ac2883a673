"""A generated register in three languages whose duplicates are known, for measuring identity. Fictitious; not the measuring (identity.py)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import NamedTuple

from tashbik.nomenclature.places import places
from tashbik.registry.identity import Particulars

FAMILIES = """بن علي=Benali,Ben Ali;بوزيد=Bouzid,Bouzide;حمدي=Hamdi,Hamdy;مرابط=Merabet,Mrabet;زروقي=Zerrouki,Zerouki;قاسمي=Kassemi,Gacemi,Kacemi
شريف=Cherif,Sharif;منصوري=Mansouri,Mansoury;طاهري=Tahri,Taheri;بلقاسم=Belkacem,Belgacem;عمراني=Amrani,Omrani;سعدي=Saadi,Saady;خليفي=Khelifi,Khalifi
رحماني=Rahmani,Rahmany;حداد=Haddad,Hadad;نجار=Nedjar,Najjar;بوعلام=Boualem,Bouallem;دراجي=Derradji,Deradji;يوسفي=Youcefi,Yousfi;عثماني=Othmani,Atmani
سليماني=Slimani,Soleimani;مسعودي=Messaoudi,Masoudi;هاشمي=Hachemi,Hashemi;جابري=Djabri,Jabri;فرحات=Ferhat,Farhat;بوشامة=Bouchama,Bushama;صالحي=Salhi,Salehi
كريمي=Karimi,Kerimi;حسيني=Hosni,Husseini;زيتوني=Zitouni,Zaytouni;شعباني=Chabani,Shabani;بركات=Barkat,Barakat;نصري=Nasri,Nasry;غربي=Gharbi,Gherbi
شرقاوي=Cherkaoui,Sharqawi;مغربي=Meghrabi,Maghrabi;تونسي=Tounsi,Tunsi;عباسي=Abbassi,Abbasi;ربيعي=Rabiai,Rabie;خوجة=Khodja,Khoja;بوخاري=Boukhari,Bukhari
طرابلسي=Trabelsi,Traboulsi;الجزائري=El Djazairi,Aljazairi;سنوسي=Senoussi,Snoussi;عيساوي=Aissaoui,Issawi;بوعزة=Bouazza,Bouaza;شاذلي=Chadli,Shazly
مختاري=Mokhtari,Mukhtari;هواري=Houari,Hawari;قدور=Kaddour,Kadour;بلحاج=Belhadj,Belhaj;دحماني=Dahmani,Dehmani;زغلول=Zaghloul,Zaghlul;فوزي=Fouzi,Fawzy
قادري=Kadri,Qadri;لعريبي=Laribi,Larbi;مهدي=Mehdi,Mahdi;وهراني=Ouahrani,Wahrani;ياسين=Yassine,Yasin;توفيق=Toufik,Tawfik;جمال=Djamel,Gamal;رشيد=Rachid,Rashid"""
GIVEN = """محمد=Mohamed,Mohammed;أحمد=Ahmed,Ahmad;كمال=Kamel,Kamal;نور الدين=Noureddine,Nour Eddine;عبد القادر=Abdelkader,Abdel Kader;سمير=Samir,Sameer
فاطمة=Fatima,Fatma;خالد=Khaled,Khalid;مصطفى=Mustapha,Mostafa;إبراهيم=Brahim,Ibrahim;يوسف=Youcef,Youssef;حسين=Hocine,Hussein;رضا=Reda,Rida;لخضر=Lakhdar,Lekhdar
عمر=Omar,Amor;علي=Ali,Aly;سعيد=Said,Saeed;طارق=Tarek,Tariq;بلال=Bilal,Belal;زكريا=Zakaria,Zakariya;حمزة=Hamza,Hamzah;أنيس=Anis,Anees;نسيم=Nassim,Naseem
ليلى=Leila,Layla;سفيان=Sofiane,Sufyan;فريد=Farid,Fareed;عادل=Adel,Adil;منير=Mounir,Munir;نبيل=Nabil,Nabeel;هشام=Hichem,Hisham;وليد=Walid,Waleed"""
NOUNS = """النخيل=Ennakhil,El Nakhil,Al Nakheel;الأطلس=Atlas,El Atlas;الأمل=El Amel,Al Amal;النور=Ennour,Al Nour;الفتح=El Feth,Al Fath;السلام=Essalem,Al Salam;الواحة=El Waha,Al Waha
الهلال=El Hilal,Al Helal;النجاح=Ennadjah,Al Najah;الريان=Er Rayan,Al Rayan;الصفاء=Essafa,Al Safa;الفجر=El Fedjr,Al Fajr;الوفاء=El Wafa,Al Wafaa;القدس=El Qods,Al Quds;المتوسط=El Moutawassit,Al Motawassit"""
ACTIVITIES = """للصناعات الغذائية=industries alimentaires=food industries;للبلاستيك=plastique=plastics;للصناعات المعدنية=industries métalliques=metal industries;للنسيج=textile=textiles
للأدوية=pharmaceutique=pharmaceuticals;لمواد البناء=matériaux de construction=building materials;للتغليف=emballage=packaging;للصناعات الكيميائية=industries chimiques=chemical industries
للتجارة العامة=commerce général=general trading;للصناعات الكهربائية=industries électriques=electrical industries;للأثاث=meubles=furniture;للميكانيك=mécanique=mechanics
للإنتاج والخدمات=production et services=production and services;للزجاج=verre=glass;للجلود=cuir=leather;للاستيراد والتصدير=import export=import export"""
HEADS = (("الاتحاد", "Union", "Union"), ("المركب", "Complexe", "Complex"), ("التعاونية", "Coopérative", "Cooperative"), ("المجمع", "Groupement", "Group"))  # fmt: skip
TWINS = 75
"""Of so many enterprises one is the namesake of another: same name in another town or trade, or with one word more."""
DESCRIBED = 30
"""Of so many enterprises one is named by its trade and town, and known by its initials too."""
FORMS = {"ar": ("شركة", "مؤسسة", "ش.ذ.م.م", ""), "fr": ("SARL", "EURL", "SPA", "Ets", ""), "en": ("Co.", "Company", "LLC", "Co. Ltd", "")}  # fmt: skip
STREETS = "Frères Bouadou,Didouche Mourad,Ben Mehidi,1er Novembre,Emir Abdelkader,Industrielle Nord,de la Gare,des Oliviers,du Marché,Pasteur,Victor Hugo,Colonel Amirouche,Zighoud Youcef,Belouizdad".split(",")  # fmt: skip
_CONSONANTS = tuple(zip("b t d r z s f k l m n ch g tr br st kl pr ph gr dr fl nd rm lt sm kr".split(),
                        "ب ت د ر ز س ف ك ل م ن ش غ تر بر ست كل بر ف غر در فل ند رم لت سم كر".split(), strict=True))  # fmt: skip
_VOWELS = (("a", "ا"), ("o", "و"), ("i", "ي"), ("e", ""))
_SWAPS = (
    ("ou", "u"),
    ("kh", "h"),
    ("ch", "sh"),
    ("dj", "j"),
    ("ss", "s"),
    ("i", "y"),
    ("e", "a"),
    ("th", "t"),
    ("k", "q"),
    ("ph", "f"),
)
_COUNTRIES = ("DZ",) * 7 + ("TN", "MA", "EG")


class Generated(NamedTuple):
    """A record and the enterprise that it is one of."""

    record: Particulars
    enterprise: str


class _Firm(NamedTuple):
    spellings: tuple[tuple[str, tuple[str, ...]], ...]
    activity: tuple[str, str, str]
    form: int
    place: tuple[str, str, str]
    country: str
    address: str
    phone: str
    mail: str
    number: str
    head: tuple[str, str, str] | None = (
        None  # of an enterprise named by its trade and town, which is also known by initials
    )


@cache
def _pairs(table: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    entries = table.replace("\n", ";").split(";")
    return tuple((arabic, tuple(latin.split(","))) for arabic, latin in (entry.split("=") for entry in entries))


@cache
def _activities() -> tuple[tuple[str, str, str], ...]:
    return tuple(tuple(entry.split("=")) for entry in ACTIVITIES.replace("\n", ";").split(";"))  # type: ignore[misc]


@cache
def _towns(country: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (one.label("ar"), one.label("fr"), one.label("en"))
        for one in places().values()
        if one.country == country and one.kind != "country"
    )


def _coined(chooser: Random) -> tuple[str, tuple[str, ...]]:
    """A name made up of syllables, in both scripts."""
    latin, arabic = "", ""
    for _ in range(chooser.choice((2, 3, 3, 3, 3, 4, 4, 4))):
        consonant, vowel = chooser.choice(_CONSONANTS), chooser.choice(_VOWELS)
        latin, arabic = latin + consonant[0] + vowel[0], arabic + consonant[1] + vowel[1]
    ending = chooser.choice((("x", "كس"), ("l", "ل"), ("m", "م"), ("r", "ر"), ("", "")))
    return arabic + ending[1], ((latin + ending[0]).capitalize(),)


def _own_name(chooser: Random) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kind = chooser.random()
    if kind < 0.6:
        return (_coined(chooser),)
    if kind < 0.68:
        return (chooser.choice(_pairs(FAMILIES)), chooser.choice(_pairs(GIVEN)))
    if kind < 0.9:
        return (chooser.choice(_pairs(FAMILIES)), _coined(chooser))
    return (chooser.choice(_pairs(NOUNS)), _coined(chooser))


def _firm(number: int, seed: int) -> _Firm:
    if number % TWINS == TWINS - 1:
        return _twin(_firm_apart(number - 1, seed), number, seed)
    if number % DESCRIBED == 0:
        return _described(_firm_apart(number, seed), number // DESCRIBED)
    return _firm_apart(number, seed)


def _described(firm: _Firm, rank: int) -> _Firm:
    """The enterprise of that rank which its trade and town name: no two have the same head, trade and town."""
    towns = _towns("DZ")
    code, head = divmod(rank * 7919, len(HEADS))
    town, trade = divmod(code, len(_activities()))
    return firm._replace(head=HEADS[head], activity=_activities()[trade], place=towns[town % len(towns)], country="DZ")


def _firm_apart(number: int, seed: int) -> _Firm:
    chooser = Random(f"{seed}/firm/{number}")
    spellings = _own_name(chooser)
    country = chooser.choice(_COUNTRIES)
    slug = "".join(one[1][0] for one in spellings).replace(" ", "").lower()
    return _Firm(
        spellings=spellings,
        activity=chooser.choice(_activities()),
        form=chooser.randrange(5),
        place=chooser.choice(_towns(country)),
        country=country,
        address=f"{chooser.randrange(1, 240)} rue {chooser.choice(STREETS)}",
        phone=f"0{chooser.randrange(2, 8)}{chooser.randrange(10**7, 10**8)}",
        mail=f"contact@{slug}{number}.example" if chooser.random() < 0.4 else f"{slug}{number}@gmail.com",
        number=f"{chooser.randrange(10, 30)}B{chooser.randrange(10**6, 10**7)}",
    )


def _twin(firm: _Firm, number: int, seed: int) -> _Firm:
    """Another enterprise with the name of `firm`: in another town, in another trade, or with one word more."""
    own, chooser = _firm_apart(number, seed), Random(f"{seed}/twin/{number}")
    match chooser.randrange(3):
        case 0:
            return own._replace(spellings=firm.spellings, activity=firm.activity, country=firm.country,
                                place=chooser.choice(_towns(firm.country)))  # fmt: skip
        case 1:
            return own._replace(spellings=firm.spellings, country=firm.country, place=firm.place)
        case _:
            more = chooser.choice(_pairs(GIVEN))
            return own._replace(
                spellings=(*firm.spellings[:1], more), country=firm.country, place=firm.place, activity=firm.activity
            )


def _typo(word: str, chooser: Random) -> str:
    if len(word) < 6:
        return word
    at = chooser.randrange(1, len(word) - 1)
    kind = chooser.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    return word[:at] + (word[at + 1] + word[at] + word[at + 2 :] if kind == 1 else word[at] + word[at:])


def _latin(spellings: tuple[str, ...], chooser: Random) -> str:
    word = chooser.choice(spellings)
    if chooser.random() < 0.2:
        old, new = chooser.choice(_SWAPS)
        word = word.replace(old, new, 1)
    return _typo(word, chooser) if chooser.random() < 0.08 else word


def _descriptive(firm: _Firm, language: str, chooser: Random) -> str:
    """The name of an enterprise called by its trade and town: in full, by its initials, or both."""
    assert firm.head is not None
    spoken = ("ar", "fr", "en").index(language)
    full = " ".join((firm.head[spoken], firm.activity[spoken], firm.place[spoken]))
    french = f"{firm.head[1]} {firm.activity[1]} {firm.place[1]}".replace("-", " ").split()
    initials = "".join(word[0] for word in french if word not in ("et", "de", "du", "la")).upper()
    if language == "ar":
        return full
    return chooser.choice((full, full, initials, f"{full} ({initials})"))


def _name(firm: _Firm, language: str, chooser: Random) -> str:
    if firm.head is not None:
        return _descriptive(firm, language, chooser)
    own = [one[0] if language == "ar" else _latin(one[1], chooser) for one in firm.spellings]
    if len(own) == 2 and chooser.random() < 0.1:
        own.reverse()
    activity = firm.activity[("ar", "fr", "en").index(language)]
    shown = chooser.random() < 0.75
    form = FORMS[language][firm.form % len(FORMS[language])] if chooser.random() < 0.7 else ""
    if language == "ar":
        return " ".join(part for part in (form, *own, activity if shown else "") if part)
    parts = [*own, activity if shown else ""]
    parts = [*parts, form] if language == "en" or chooser.random() < 0.4 else [form, *parts]
    written = " ".join(part for part in parts if part)
    return written.upper() if chooser.random() < 0.4 else written


def _record(firm: _Firm, identity: str, language: str, chooser: Random) -> Particulars:
    """One record of a firm: fields are missing, and some are of another site, an old line or a slip of the pen."""
    spoken = ("ar", "fr", "en").index(language)
    place = chooser.choice(_towns(firm.country)) if chooser.random() < 0.05 else firm.place
    phone = f"0{chooser.randrange(2, 8)}{chooser.randrange(10**7, 10**8)}" if chooser.random() < 0.12 else firm.phone
    number = _typo(firm.number, chooser) if chooser.random() < 0.01 else firm.number
    address = f"{chooser.randrange(1, 240)} rue {chooser.choice(STREETS)}" if chooser.random() < 0.1 else firm.address
    mail = f"info.{firm.mail}" if chooser.random() < 0.15 else firm.mail
    products = chooser.choice(_activities()) if chooser.random() < 0.1 else firm.activity
    return Particulars(
        id=identity,
        names=(_name(firm, language, chooser),),
        country=firm.country,
        locality=place[spoken] if chooser.random() < 0.85 else "",
        address=address if chooser.random() < 0.45 and language != "ar" else "",
        phones=(phone if chooser.random() < 0.85 else f"+213 {phone[1:]}",) if chooser.random() < 0.5 else (),
        emails=(mail,) if chooser.random() < 0.35 else (),
        identifiers=(("RC", number),) if chooser.random() < 0.25 else (),
        products=(products[spoken],) if chooser.random() < 0.3 else (),
    )


def generate(records: int, seed: int = 1) -> Iterator[Generated]:
    """`records` records: of ten enterprises seven have one record, the others two to four, in languages chosen anew."""
    made, firm_number = 0, 0
    while made < records:
        chooser = Random(f"{seed}/records/{firm_number}")
        firm = _firm(firm_number, seed)
        for _ in range(min(chooser.choice((1,) * 7 + (2, 2, 3)), records - made)):
            language = chooser.choice(("ar", "fr", "fr", "en"))
            yield Generated(_record(firm, f"{seed}-{made:07}", language, chooser), f"firm-{firm_number}")
            made += 1
        firm_number += 1
