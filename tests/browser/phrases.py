"""What is typed and uploaded on the officer's day, in Arabic and in French. All enterprises are fictitious. Not what the pages say: that comes from the catalogues."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """A cell of the register file that is refused, and what it should have been."""

    column: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Day:
    """All that people type on one day."""

    language: str
    file_name: str
    file: str
    mistakes: tuple[Mistake, Mistake]
    good_rows: int
    foundry: str
    foundry_mail: str
    member_name: str
    machine: str
    need: str
    size: str
    town: str
    answer: str
    message: str
    remark: str
    reason: str


ARABIC = Day(
    language="ar",
    file_name="سجل-الشرق.csv",
    file="""معرف,الاسم بالعربية,البلد,المدينة,القدرات,الشهادات,صلاحية الشهادة,الطاقة الشاغرة,البريد الإلكتروني,اللغات,بتاريخ
ش-101,ورشة الونشريس للتشغيل الميكانيكي,الجزائر,تيارت,خراطة وتفريز بالتحكم الرقمي لقطع الصلب والألمنيوم,إيزو 9001,2027-03-31,900 قطعة/شهر,,ar,2026-10-31
ش-102,مسبك الأوراس للألمنيوم,الجزائر,باتنة,"صب الألمنيوم تحت الضغط العالي، مكبس 650 طن، سبيكة ADC12",IATF 16949,2027-06-30,كثيرة,foundry@aures.example,ar,2026-10-31
ش-103,مؤسسة سيبوس للبلاستيك,الجزائر,عنابة,حقن البلاستيك: أغطية وصناديق من البولي بروبلين,إيزو 9001,2027-01-31,3000 قطعة/شهر,,ar,2026-10-31
ش-104,مصنع الحضنة للقوالب,الجزائر,المسيلة,تصنيع قوالب الصب تحت الضغط وقوالب حقن البلاستيك,إيزو 9001,31/13/2026,4 قوالب/شهر,,ar,2026-10-31
ش-105,مؤسسة الرمال للمعالجة السطحية,الجزائر,قسنطينة,أنودة الألمنيوم والطلاء بالمسحوق,إيزو 9001,2026-12-31,12000 قطعة/شهر,,ar,2026-10-31
""",
    mistakes=(
        Mistake(column="الطاقة الشاغرة", wrong="كثيرة", right="6000 قطعة/شهر"),
        Mistake(column="صلاحية الشهادة", wrong="31/13/2026", right="2027-12-31"),
    ),
    good_rows=3,
    foundry="مسبك الأوراس للألمنيوم",
    foundry_mail="foundry@aures.example",
    member_name="مسبك الهضاب",
    machine="آلة قياس ثلاثية الأبعاد",
    need=(
        "نبحث عن مسبك ينجز لنا أغطية محركات بصب الألمنيوم تحت الضغط العالي، سبيكة ADC12، "
        "الأبعاد 240×180×60 مم، تفاوت ±0.1 مم، 5000 قطعة شهريا، شهادة IATF 16949، التسليم إلى البليدة قبل مارس 2027"
    ),
    size=r"240×180×60",
    town="البليدة",
    answer="نعم: نصب قطعا حتى 400×300×120 مم، ونقيس كل دفعة بآلة ثلاثية الأبعاد.",
    message="نرجو ذكر سعر القالب على حدة.",
    remark="السعر يشمل التغليف.",
    reason="أقصر أجلا وأقرب إلى موقع التسليم.",
)
FRENCH = Day(
    language="fr",
    file_name="registre-centre.csv",
    file="""id;nom français;pays;ville;capacités techniques;certificats;expiration certificat;capacité disponible;email;langues;au
C-201;Mécanique de la Mitidja;Algérie;Blida;Tournage et fraisage CNC de pièces en acier et en aluminium;ISO 9001;2027-03-31;900 pièces/mois;;fr;2026-10-31
C-202;Fonderie du Chélif;Algérie;Chlef;Moulage sous pression de l'aluminium, presse 650 t, alliage AlSi9Cu3;IATF 16949;2027-06-30;beaucoup;contact@chelif.example;fr;2026-10-31
C-203;Plastiques du Sahel;Algérie;Alger;Injection plastique : capots et boîtiers en polypropylène;ISO 9001;2027-01-31;3 000 pièces/mois;;fr;2026-10-31
C-204;Moules de Médéa;Algérie;Médéa;Fabrication de moules pour le moulage sous pression et l'injection plastique;ISO 9001;31/13/2026;4 moules/mois;;fr;2026-10-31
C-205;Traitements de Rouiba;Algérie;Rouiba;Anodisation de l'aluminium et peinture en poudre;ISO 9001;2026-12-31;12 000 pièces/mois;;fr;2026-10-31
""",
    mistakes=(
        Mistake(column="capacité disponible", wrong="beaucoup", right="6 000 pièces/mois"),
        Mistake(column="expiration certificat", wrong="31/13/2026", right="2027-12-31"),
    ),
    good_rows=3,
    foundry="Fonderie du Chélif",
    foundry_mail="contact@chelif.example",
    member_name="مسبك الهضاب",
    machine="Machine à mesurer tridimensionnelle",
    need=(
        "Nous cherchons une fonderie pour des carters en aluminium moulé sous pression, alliage AlSi9Cu3, "
        "dimensions 240 × 180 × 60 mm, tolérance ±0,1 mm, 5 000 pièces/mois, IATF 16949, livraison à Blida avant mars 2027"
    ),
    size=r"240\s×\s180\s×\s60",
    town="Blida",
    answer="Oui : nous coulons des pièces jusqu'à 400 × 300 × 120 mm et contrôlons chaque lot sur machine tridimensionnelle.",
    message="Merci d'indiquer à part le prix du moule.",
    remark="Emballage compris.",
    reason="Délai plus court et fonderie plus proche du lieu de livraison.",
)
DAYS = {one.language: one for one in (ARABIC, FRENCH)}
