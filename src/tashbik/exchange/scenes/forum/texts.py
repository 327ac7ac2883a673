"""Texts of the two editions in three languages: names, themes, bodies, tracks, sessions, papers. Not who takes part."""

from __future__ import annotations


def three(ar: str, fr: str, en: str) -> dict[str, str]:
    """A text in the three languages."""
    return {"ar": ar, "fr": fr, "en": en}


# the fifth Arab forum, Algiers, 14–15 March 2010: theme, bodies and axes as announced to the press at the time
PAST_NAME = three(
    "الملتقى العربي الخامس للصناعات الصغيرة والمتوسطة",
    "Cinquième forum arabe des petites et moyennes industries",
    "Fifth Arab Forum on Small and Medium Industries",
)
PAST_THEME = three(
    "تعزيز قدرة الصناعات الصغيرة والمتوسطة على الإبداع والابتكار",
    "Renforcer la capacité des petites et moyennes industries à créer et à innover",
    "Strengthening the capacity of small and medium industries for creativity and innovation",
)
PAST_BODIES = (
    (
        "patron",
        three(
            "رئاسة الجمهورية الجزائرية", "Présidence de la République algérienne", "Presidency of the Algerian Republic"
        ),
    ),
    (
        "host",
        three(
            "وزارة المؤسسات الصغيرة والمتوسطة والصناعة التقليدية، الجزائر",
            "Ministère de la petite et moyenne entreprise et de l'artisanat, Algérie",
            "Ministry of Small and Medium Enterprises and Crafts, Algeria",
        ),
    ),
    (
        "organiser",
        three(
            "المنظمة العربية للتنمية الصناعية والتعدين",
            "Organisation arabe pour le développement industriel et les mines",
            "Arab Industrial Development and Mining Organization",
        ),
    ),
    ("partner", three("البنك الإسلامي للتنمية", "Banque islamique de développement", "Islamic Development Bank")),
)
PAST_TRACKS = (
    three("الترابط والتشبيك الصناعي", "Maillage et mise en réseau", "Linkages and networking"),
    three(
        "الحاضنات والأقطاب والمراكز الفنية",
        "Pépinières, pôles et centres techniques",
        "Incubators, industrial hubs and technical centres",
    ),
    three(
        "التمويل والتسويق والمعونة الفنية",
        "Financement, marchés et assistance technique",
        "Finance, markets and technical assistance",
    ),
    three(
        "التقنيات الحديثة والملكية الفكرية",
        "Technologies nouvelles et propriété intellectuelle",
        "New technologies and intellectual property",
    ),
)
PAST_SESSIONS = (
    (0, "09:00", "10:00", "ceremony", three("الجلسة الافتتاحية", "Séance d'ouverture", "Opening session"), None),
    (0, "10:00", "10:30", "break", three("استراحة", "Pause", "Break"), None),
    (
        0,
        "10:30",
        "12:30",
        "plenary",
        three(
            "تجمعات الصناعات الصغيرة والمتوسطة وشبكاتها",
            "Grappes et réseaux de petites et moyennes industries",
            "Clusters and networks of small and medium industries",
        ),
        0,
    ),
    (
        0,
        "14:00",
        "15:30",
        "panel",
        three(
            "الحاضنات والمراكز الفنية ودعم القدرات الإنتاجية",
            "Pépinières et centres techniques au service de la production",
            "Incubators and technical centres in support of production",
        ),
        1,
    ),
    (0, "15:45", "17:15", "meetings", three("اللقاءات الثنائية", "Rendez-vous d'affaires", "Business meetings"), None),
    (
        1,
        "09:00",
        "10:30",
        "panel",
        three(
            "آليات التمويل والتسويق والمعونة الفنية",
            "Financement, commercialisation et assistance technique",
            "Mechanisms of finance, marketing and technical assistance",
        ),
        2,
    ),
    (
        1,
        "10:45",
        "12:15",
        "panel",
        three(
            "التقنيات الحديثة وأنظمة الملكية الفكرية",
            "Technologies nouvelles et propriété intellectuelle",
            "New technologies and intellectual property",
        ),
        3,
    ),
    (1, "13:30", "15:00", "meetings", three("اللقاءات الثنائية", "Rendez-vous d'affaires", "Business meetings"), None),
    (
        1,
        "15:30",
        "16:30",
        "ceremony",
        three(
            "التوصيات والجلسة الختامية", "Recommandations et séance de clôture", "Recommendations and closing session"
        ),
        None,
    ),
)
"""Day from 0, from, until, kind, title, track."""
PAST_PAPERS = (
    (
        2,
        three(
            "تجربة توضيحية: عنقود للمصبوبات بين ثلاث ولايات",
            "Cas fictif : une grappe de fonderie entre trois wilayas",
            "Fictitious case: a foundry cluster across three provinces",
        ),
    ),
    (
        2,
        three(
            "ربط الصناعات الصغيرة بالصناعات الكبرى",
            "Relier petites industries et grands donneurs d'ordres",
            "Linking small industries to large ones",
        ),
    ),
    (
        3,
        three(
            "الحاضنة الصناعية: من الفكرة إلى أول طلبية",
            "La pépinière industrielle : de l'idée à la première commande",
            "The industrial incubator: from idea to first order",
        ),
    ),
    (
        5,
        three(
            "ضمان القروض أداة لتقاسم المخاطر",
            "La garantie de crédit, outil de partage du risque",
            "Credit guarantees as a way to share risk",
        ),
    ),
    (6, three("براءة الاختراع في ورشة صغيرة", "Le brevet dans un petit atelier", "The patent in a small workshop")),
)
"""Session (its place in PAST_SESSIONS) and title; all are made up."""

COMING_NAME = three(
    "ملتقى الترابط الصناعي 2027 (دورة توضيحية)",
    "Forum du maillage industriel 2027 (édition fictive)",
    "Industrial linkage forum 2027 (fictitious edition)",
)
COMING_THEME = three(
    "من المطابقة إلى الطلبية: شبكات مناولة عربية",
    "De la correspondance à la commande : des réseaux arabes de sous-traitance",
    "From match to order: Arab subcontracting networks",
)
COMING_BODIES = (
    ("host", three("وزارة مضيفة (توضيحية)", "Ministère hôte (fictif)", "Host ministry (fictitious)")),
    (
        "organiser",
        three(
            "بورصة المناولة والشراكة (توضيحية)",
            "Bourse de sous-traitance et de partenariat (fictive)",
            "Subcontracting and partnership exchange (fictitious)",
        ),
    ),
    ("partner", three("صندوق ضمان القروض (توضيحي)", "Fonds de garantie (fictif)", "Guarantee fund (fictitious)")),
)
COMING_TRACKS = (
    three("شبكات المناولة", "Réseaux de sous-traitance", "Subcontracting networks"),
    three("التمويل والأسواق", "Financement et marchés", "Finance and markets"),
)
COMING_SESSIONS = (
    (0, "08:30", "09:15", "ceremony", three("الافتتاح", "Ouverture", "Opening"), None),
    (
        0,
        "09:30",
        "12:30",
        "meetings",
        three("اللقاءات الثنائية: الصباح", "Rendez-vous d'affaires : matin", "Business meetings: morning"),
        None,
    ),
    (
        0,
        "14:00",
        "15:15",
        "plenary",
        three(
            "كيف تكبر شبكة مناولة؟",
            "Comment grandit un réseau de sous-traitance ?",
            "How does a subcontracting network grow?",
        ),
        0,
    ),
    (
        0,
        "15:30",
        "17:00",
        "workshop",
        three(
            "ورشة: قراءة جدول المطابقات",
            "Atelier : lire le tableau des correspondances",
            "Workshop: reading the table of matches",
        ),
        0,
    ),
    (1, "09:00", "10:15", "panel", three("تمويل الطلبية", "Financer la commande", "Financing the order"), 1),
    (
        1,
        "10:30",
        "12:30",
        "meetings",
        three(
            "اللقاءات الثنائية: اليوم الثاني", "Rendez-vous d'affaires : deuxième jour", "Business meetings: second day"
        ),
        None,
    ),
    (
        1,
        "14:00",
        "15:00",
        "ceremony",
        three("التوصيات والاختتام", "Recommandations et clôture", "Recommendations and closing"),
        None,
    ),
)
COMING_PAPERS = (
    (
        2,
        three(
            "دروس من ثلاث شبكات (توضيحية)", "Leçons de trois réseaux (exposé fictif)", "Lessons from three networks (fictitious)"
        ),
    ),
    (
        4,
        three(
            "ضمان الطلبية خطوة بخطوة (توضيحي)",
            "La garantie de commande pas à pas (exposé fictif)",
            "The order guarantee step by step (fictitious)",
        ),
    ),
)
