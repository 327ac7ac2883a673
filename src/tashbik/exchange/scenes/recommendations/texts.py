"""The wording of the demonstration's recommendations, in three languages: illustrative, not those of any real forum. Not their course (__init__.py)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tashbik.exchange.evidence import Texts


@dataclass(frozen=True, slots=True)
class Text:
    """A recommendation: text, addressee and indicator by language."""

    text: Texts
    body: Texts
    sector: str
    topic: str
    country: str
    indicator: Texts
    baseline: Decimal
    target: Decimal
    unit: str = ""


PREAMBLE: Texts = {
    "ar": "نص توضيحي للعرض وحده: إن المشاركين في الملتقى، بعد ما دار في الجلسات من عروض ومناقشات، يوصون بما يلي:",
    "fr": "Texte fictif, pour la démonstration seulement : les participants au forum, à l'issue des exposés et des débats, recommandent :",
    "en": "Illustrative text, for the demonstration only: the participants in the forum, following its presentations and debates, recommend:",
}
GUARANTEES = """السنة,الضمانات الممنوحة
السنة الأولى,120
السنة الثانية,210
السنة الثالثة,365
السنة الرابعة,540
"""
"""A fictitious table: guarantees granted, added up year by year."""

TEXTS: tuple[Text, ...] = (
    Text(
        text={
            "ar": "ربط بورصات المناولة والشراكة في البلدان العربية بسجل مشترك يتيح البحث عن قدرات المؤسسات بالعربية والفرنسية والإنجليزية.",
            "fr": "Relier les bourses de sous-traitance et de partenariat des pays arabes par un registre commun où chercher des compétences en arabe, en français et en anglais.",
            "en": "Connect the subcontracting and partnership exchanges of the Arab countries through a common register in which capabilities can be searched in Arabic, French and English.",
        },
        body={
            "ar": "وزارات الصناعة في البلدان العربية",
            "fr": "Ministères de l'industrie des pays arabes",
            "en": "Ministries of industry of the Arab countries",
        },
        sector="government",
        topic="linkage",
        country="",
        indicator={"ar": "عدد البورصات المرتبطة", "fr": "Bourses reliées", "en": "Exchanges connected"},
        baseline=Decimal(1),
        target=Decimal(8),
    ),
    Text(
        text={
            "ar": "إنشاء صيغة ضمان لقروض الصناعات الصغيرة والمتوسطة التي تملك طلبية مؤكدة من جهة طالبة.",
            "fr": "Créer une formule de garantie des crédits aux petites et moyennes industries titulaires d'une commande ferme d'un donneur d'ordres.",
            "en": "Create a guarantee scheme for loans to small and medium industries that hold a firm order from a buyer.",
        },
        body={"ar": "وزارة المالية", "fr": "Ministère des Finances", "en": "Ministry of Finance"},
        sector="government",
        topic="finance",
        country="DZ",
        indicator={"ar": "الضمانات الممنوحة", "fr": "Garanties accordées", "en": "Guarantees granted"},
        baseline=Decimal(0),
        target=Decimal(500),
    ),
    Text(
        text={
            "ar": "فتح مخابر المراكز التقنية أمام الصناعات الصغيرة والمتوسطة لإجراء القياسات والتجارب بتسعيرة معلنة.",
            "fr": "Ouvrir les laboratoires des centres techniques aux petites et moyennes industries pour leurs mesures et essais, à un tarif publié.",
            "en": "Open the laboratories of technical centres to small and medium industries for measurements and tests, at a published tariff.",
        },
        body={
            "ar": "وزارة الصناعة والتجارة",
            "fr": "Ministère de l'Industrie et du Commerce",
            "en": "Ministry of Industry and Trade",
        },
        sector="government",
        topic="technology",
        country="MA",
        indicator={"ar": "المخابر المفتوحة", "fr": "Laboratoires ouverts", "en": "Laboratories opened"},
        baseline=Decimal(0),
        target=Decimal(10),
    ),
    Text(
        text={
            "ar": "تدريب مسؤولي الجودة في الصناعات الصغيرة والمتوسطة على متطلبات كبار المشترين، ومنحهم شهادة معترفًا بها بين البلدان العربية.",
            "fr": "Former les responsables qualité des petites et moyennes industries aux exigences des grands donneurs d'ordres, avec un certificat reconnu entre pays arabes.",
            "en": "Train the quality managers of small and medium industries in the requirements of large buyers, with a certificate recognised among Arab countries.",
        },
        body={
            "ar": "اتحادات الصناعة والغرف",
            "fr": "Fédérations industrielles et chambres",
            "en": "Industrial federations and chambers",
        },
        sector="private",
        topic="capacity",
        country="",
        indicator={
            "ar": "مسؤولو الجودة الحاصلون على الشهادة",
            "fr": "Responsables qualité certifiés",
            "en": "Quality managers certified",
        },
        baseline=Decimal(0),
        target=Decimal(400),
    ),
    Text(
        text={
            "ar": "تخصيص برنامج تأهيل للمؤسسات التي تنقصها شهادة واحدة لتلبية احتياج معلن، بدل البرامج العامة.",
            "fr": "Réserver un programme de mise à niveau aux entreprises auxquelles il manque une seule certification pour répondre à un besoin publié, plutôt que de multiplier les programmes généraux.",
            "en": "Reserve an improvement programme for enterprises that lack a single certificate to meet a published need, instead of general programmes.",
        },
        body={
            "ar": "الوكالة الوطنية لتأهيل المؤسسات",
            "fr": "Agence nationale de mise à niveau",
            "en": "National agency for enterprise upgrading",
        },
        sector="government",
        topic="competitive",
        country="DZ",
        indicator={"ar": "المؤسسات المستفيدة من التأهيل", "fr": "Entreprises mises à niveau", "en": "Enterprises upgraded"},
        baseline=Decimal(12),
        target=Decimal(60),
    ),
    Text(
        text={
            "ar": "تنظيم مشاركة جماعية للصناعات الصغيرة والمتوسطة في ثلاثة معارض متخصصة كل سنة.",
            "fr": "Organiser chaque année la participation groupée des petites et moyennes industries à trois salons spécialisés.",
            "en": "Organise the joint participation of small and medium industries in three specialised fairs each year.",
        },
        body={"ar": "مجالس التصدير", "fr": "Conseils d'exportation", "en": "Export councils"},
        sector="private",
        topic="markets",
        country="EG",
        indicator={"ar": "المعارض في السنة", "fr": "Salons par an", "en": "Fairs a year"},
        baseline=Decimal(0),
        target=Decimal(3),
    ),
    Text(
        text={
            "ar": "نشر الصناعات الكبرى خطة سنوية بما تنوي شراءه محليًّا من قطع وخدمات، قبل بداية السنة بثلاثة أشهر.",
            "fr": "Publier, trois mois avant le début de l'année, le plan annuel des pièces et services que les grandes industries comptent acheter localement.",
            "en": "Publish, three months before the year begins, the yearly plan of the parts and services that large industries intend to buy locally.",
        },
        body={"ar": "الصناعات الكبرى", "fr": "Grandes industries", "en": "Large industries"},
        sector="private",
        topic="linkage",
        country="DZ",
        indicator={
            "ar": "الشركات التي نشرت خطتها",
            "fr": "Sociétés ayant publié leur plan",
            "en": "Companies that published their plan",
        },
        baseline=Decimal(0),
        target=Decimal(10),
    ),
    Text(
        text={
            "ar": "عرض صيغة لتمويل الطلبيات تُسدَّد مما تدفعه الجهة الطالبة، ومنها صيغ متوافقة مع أحكام الشريعة.",
            "fr": "Proposer un financement des commandes remboursé par les paiements du donneur d'ordres, y compris sous des formes conformes à la charia.",
            "en": "Offer order finance that is repaid from the buyer's payments, including in forms that comply with Sharia.",
        },
        body={"ar": "المصارف", "fr": "Banques", "en": "Banks"},
        sector="private",
        topic="finance",
        country="",
        indicator={"ar": "المصارف التي تعرض الصيغة", "fr": "Banques proposant la formule", "en": "Banks offering the scheme"},
        baseline=Decimal(0),
        target=Decimal(15),
    ),
)

RENEWED = Text(
    text={
        "ar": "استئناف تدريب مسؤولي الجودة بتأهيل خمسين مدرّبًا أولًا، حتى لا يتوقف البرنامج لنقصهم.",
        "fr": "Reprendre la formation des responsables qualité en commençant par former cinquante formateurs, pour que le programme ne s'arrête plus faute d'encadrement.",
        "en": "Resume the training of quality managers by first training fifty trainers, so that the programme does not stop for lack of them.",
    },
    body={
        "ar": "اتحادات الصناعة والغرف",
        "fr": "Fédérations industrielles et chambres",
        "en": "Industrial federations and chambers",
    },
    sector="private",
    topic="capacity",
    country="",
    indicator={"ar": "المدرّبون المؤهَّلون", "fr": "Formateurs formés", "en": "Trainers trained"},
    baseline=Decimal(0),
    target=Decimal(50),
)
