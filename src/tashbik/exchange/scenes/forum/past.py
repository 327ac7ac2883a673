"""The fifth Arab Forum on Small and Medium Industries, Algiers, March 2010: its public facts, with fictitious participants and meetings; closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tashbik.exchange.models import (
    Edition,
    Exchange,
    Meeting,
    MeetingFeedback,
    MeetingSlot,
    MeetingTable,
    Participant,
    Room,
)
from tashbik.exchange.scenes.forum import making, texts
from tashbik.exchange.scenes.forum.texts import three

CODE = "amf-5"
PEOPLE = (
    ("مشارك توضيحي 1", "وزارة صناعة (توضيحية)", "ministry", "DZ", "ar fr", "مدير", "", ""),
    ("مشاركة توضيحية 2", "وزارة صناعة (توضيحية)", "ministry", "YE", "ar", "مديرة", "", ""),
    ("مشارك توضيحي 3", "وزارة تنمية اجتماعية (توضيحية)", "ministry", "SD", "ar", "مدير", "", ""),
    ("مشارك توضيحي 4", "منظمة عربية (توضيحية)", "organisation", "MA", "ar fr", "خبير", "", ""),
    ("مشاركة توضيحية 5", "منظمة عربية (توضيحية)", "organisation", "EG", "ar en", "خبيرة", "", ""),
    ("مشارك توضيحي 6", "مركز فني للصناعات الميكانيكية (توضيحي)", "institution", "DZ", "fr ar", "Directeur", "", ""),
    ("مشاركة توضيحية 7", "حاضنة صناعية (توضيحية)", "institution", "TN", "fr ar", "Directrice", "", ""),
    ("مشارك توضيحي 8", "غرفة صناعة (توضيحية)", "institution", "JO", "ar en", "مدير", "", ""),
    ("مشارك توضيحي 9", "بنك تنمية (توضيحي)", "financier", "SA", "ar en", "مدير برامج", "", ""),
    ("مشاركة توضيحية 10", "صندوق ضمان (توضيحي)", "financier", "DZ", "ar fr", "مديرة", "", ""),
    ("مشارك توضيحي 11", "TSB-0001", "smi", "DZ", "ar fr", "مدير", "", ""),
    ("مشارك توضيحي 12", "TSB-0158", "smi", "TN", "fr ar", "Gérant", "", ""),
    ("مشارك توضيحي 13", "TSB-0122", "smi", "EG", "ar en", "مدير", "", ""),
    ("مشارك توضيحي 14", "TSB-0149", "smi", "SA", "ar", "مدير", "", ""),
    ("مشارك توضيحي 15", "TSB-0131", "smi", "LY", "ar", "صاحب المسبك", "", ""),
    ("مشاركة توضيحية 16", "TSB-0221", "smi", "MA", "ar fr", "مديرة", "", ""),
    ("مشارك توضيحي 17", "TSB-0185", "smi", "JO", "ar en", "مدير", "", ""),
    ("مشارك توضيحي 18", "TSB-0717", "smi", "EG", "ar en", "مدير", "", ""),
    ("مشارك توضيحي 19", "صناعة ميكانيكية كبرى (توضيحية)", "industry", "DZ", "fr ar", "Responsable achats", "", ""),
    ("مشارك توضيحي 20", "صناعة مضخات كبرى (توضيحية)", "industry", "EG", "ar en", "مدير المشتريات", "", ""),
    ("مشارك توضيحي 21", "خبير مستقل (توضيحي)", "expert", "LB", "ar fr en", "خبير ملكية فكرية", "", ""),
    ("مشاركة توضيحية 22", "خبيرة مستقلة (توضيحية)", "expert", "IQ", "ar en", "خبيرة عناقيد صناعية", "", ""),
)
SPEAKERS = (21, 18, 6, 9, 20)
MEETINGS = (
    (10, 18, 1, 1, "agreement", "طلبية تجريبية: 2000 غلاف ألمنيوم", "1800000"),
    (11, 18, 2, 1, "follow-up", "زيارة المصنع في أبريل", ""),
    (12, 19, 1, 2, "agreement", "عقد أغطية مضخات لسنة", "42000"),
    (14, 19, 2, 2, "follow-up", "إرسال عينات من أجسام المضخات", ""),
    (15, 18, 3, 1, "contact", "تبادل البطاقات", ""),
    (10, 9, 2, 3, "follow-up", "ملف ضمان قرض لمكبس جديد", ""),
    (14, 8, 3, 2, "contact", "معلومات عن خطوط التمويل", ""),
    (11, 6, 4, 3, "follow-up", "اتفاق استضافة لوحدة تركيب", ""),
    (13, 10, 4, 1, "agreement", "طلاء بودرة لأغلفة مصبوبة", "260000"),
    (16, 17, 3, 3, "nothing", "", ""),
    (12, 14, 5, 2, "follow-up", "قوالب مشتركة لأغطية غرف التفتيش", ""),
    (15, 10, 5, 1, "agreement", "خراطة محاور للأغلفة المصبوبة", "540000"),
    (17, 19, 6, 3, "contact", "", ""),
    (5, 10, 6, 1, "follow-up", "تشخيص جودة للمسبك", ""),
)
"""First and second participant (places in PEOPLE), slot, table, outcome, next step, value of orders in the currency of the first's country."""
CURRENCY = {"DZ": "DZD", "EG": "EGP", "SA": "SAR", "MA": "MAD"}


def load(exchange: Exchange) -> None:
    """Load the edition with what came of its meetings."""
    edition = Edition.objects.create(
        exchange=exchange,
        code=CODE,
        name=texts.PAST_NAME,
        theme=texts.PAST_THEME,
        status=Edition.Status.CLOSED,
        starts=date(2010, 3, 14),
        ends=date(2010, 3, 15),
        venue=three("فندق هيلتون", "Hôtel Hilton", "Hilton hotel"),
        place="الجزائر العاصمة",
        country="DZ",
        languages=["ar", "fr", "en"],
        wishes_until=date(2010, 3, 7),
        meeting_limit=6,
    )
    making.bodies(edition, texts.PAST_BODIES)
    room = Room.objects.create(edition=edition, name=three("القاعة الكبرى", "Grande salle", "Main hall"), capacity=300)
    known = making.enterprises([row[1] for row in PEOPLE])
    people = making.participants(edition, PEOPLE, known)
    Participant.objects.filter(edition=edition).update(attended=datetime(2010, 3, 14, 8, 30, tzinfo=UTC))
    making.programme(
        edition,
        texts.PAST_TRACKS,
        texts.PAST_SESSIONS,
        texts.PAST_PAPERS,
        room,
        [people[place] for place in SPEAKERS],
    )
    slots = making.slots(edition, ((0, "15:45", "17:15"), (1, "13:30", "15:00")), 30, 0)
    _meetings(edition, people, slots, making.tables(edition, 3, room))


def _meetings(
    edition: Edition, people: list[Participant], slots: list[MeetingSlot], tables: list[MeetingTable]
) -> None:
    for one, other, slot, table, outcome, step, value in MEETINGS:
        first, second = sorted((people[one], people[other]), key=lambda person: person.pk)
        missed = outcome == "nothing"
        meeting = Meeting.objects.create(
            edition=edition,
            first=first,
            second=second,
            slot=slots[slot - 1],
            table=tables[table - 1],
            status=Meeting.Status.MISSED if missed else Meeting.Status.HELD,
        )
        MeetingFeedback.objects.create(
            meeting=meeting,
            by=people[one],
            happened=not missed,
            outcome="" if missed else outcome,
            next_step=step,
            order_value=Decimal(value) if value else None,
            currency=CURRENCY[people[one].country] if value else "",
            rating=None if missed else 4,
        )
