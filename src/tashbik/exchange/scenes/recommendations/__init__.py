"""Recommendations of the demonstration's closed edition: illustrative ones with fictitious owners, in every status. Nothing real."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from tashbik.errors import StateError
from tashbik.exchange import evidence as tables
from tashbik.exchange.actor import SYSTEM
from tashbik.exchange.evidence import Texts
from tashbik.exchange.models import (
    Edition,
    Evidence,
    Exchange,
    Organisation,
    Participant,
    Progress,
    Recommendation,
    Step,
    Vote,
)
from tashbik.exchange.scenes.recommendations.texts import (
    GUARANTEES,
    PREAMBLE,
    RENEWED,
    TEXTS,
    Text,
)
from tashbik.exchange.verbs import evidence, recommendations

EDITION = "amf-5"
VOTERS = 9
Status = Recommendation.Status


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one: its owner (a kind of the exchange's organisations, or a name), days from today to the deadline, and its reports.

    A report is the part of the time since the edition (0 to 1), the value then, and the words; `moves` are further steps in the same form.
    """

    status: str
    owner: str = ""
    left: int = 0
    reports: tuple[tuple[float, int, str], ...] = ()
    moves: tuple[tuple[str, float, str], ...] = ()
    vote: bool = False
    sources: tuple[str, ...] = field(default=())


STORIES: tuple[Story, ...] = (
    Story(
        Status.UNDER_WAY,
        "الأمانة المشتركة للبورصات العربية (توضيحية)",
        left=150,
        reports=((0.3, 2, "رُبطت بورصتان بسجل مشترك."), (0.9, 5, "انضمت خمس بورصات، وبقيت ثلاث قيد الربط.")),
        sources=("register.countries", "network.clusters"),
    ),
    Story(
        Status.CLOSED,
        Organisation.Kind.FINANCIER,
        left=-60,
        reports=((0.4, 210, "أُطلقت صيغة الضمان في ثلاث ولايات."), (0.85, 540, "عُمّمت الصيغة على جميع الولايات.")),
        moves=(
            (Status.DONE, 0.85, ""),
            (Status.CLOSED, 0.92, "بلغ عدد الضمانات الممنوحة 540 ضمانًا، أي أكثر من المستهدف."),
        ),
        vote=True,
    ),
    Story(
        Status.DONE,
        "المركز التقني المغاربي للتصنيع (توضيحي)",
        left=40,
        reports=(
            (0.5, 4, "فُتحت أربعة مخابر أمام المؤسسات."),
            (0.97, 10, "صارت عشرة مخابر تستقبل طلبات القياس والتجارب."),
        ),
        moves=((Status.DONE, 0.97, ""),),
    ),
    Story(
        Status.UNDER_WAY,
        "الاتحاد العربي للصناعات الصغيرة (توضيحي)",
        left=-75,
        reports=((0.6, 85, "دُرّب 85 مسؤول جودة، وتوقف البرنامج لنقص المدرّبين."),),
    ),
    Story(Status.ASSIGNED, Organisation.Kind.INSTITUTION, left=21),
    Story(
        Status.DROPPED,
        "مجلس التصدير التجريبي (توضيحي)",
        left=-400,
        moves=((Status.DROPPED, 0.7, "أُدمج البرنامج في برنامج وطني قائم، فلم تعد للتوصية جدوى."),),
        vote=True,
    ),
    Story(
        Status.UNDER_WAY,
        "نادي كبار المشترين الصناعيين (توضيحي)",
        left=90,
        reports=((0.8, 3, "نشرت ثلاث شركات كبرى خطط مشترياتها السنوية."),),
        sources=("network.missing",),
    ),
    Story(Status.ADOPTED),
)


def load(exchange: Exchange) -> None:
    """Attach the recommendations to the closed edition; nothing where it is not there."""
    edition = Edition.objects.filter(exchange=exchange, code=EDITION).first()
    if edition is None:
        return
    made = [_adopted(edition, number, text, STORIES[number - 1]) for number, text in enumerate(TEXTS, 1)]
    recommendations.issue(actor=SYSTEM, edition=edition, preamble=PREAMBLE, on=edition.ends)
    for one, story in zip(made, STORIES, strict=True):
        _followed(one, story)
    _taken_up(exchange, edition, made[3])


def _adopted(edition: Edition, number: int, text: Text, story: Story) -> Recommendation:
    """One that was adopted on the last day of the edition."""
    one = Recommendation.objects.create(
        edition=edition,
        session=edition.sessions.filter(kind__in=("plenary", "panel", "workshop")).order_by("-day", "-starts").first(),
        number=number,
        text=text.text,
        body=text.body,
        sector=text.sector,
        topic=text.topic,
        country=text.country,
        indicator=text.indicator,
        unit=text.unit,
        baseline=text.baseline,
        target=text.target,
        status=Status.ADOPTED,
        adopted=edition.ends,
        adopted_by="vote" if story.vote and _voted(edition) else "consensus",
    )
    _step(one, Status.DRAFTED, edition.ends, "")
    _step(one, Status.ADOPTED, edition.ends, "")
    if one.adopted_by == "vote":
        choices = ("for", "for", "for", "abstain", "for", "against")
        Vote.objects.bulk_create(
            Vote(recommendation=one, participant=person, choice=choices[place % len(choices)])
            for place, person in enumerate(_voted(edition))
        )
    return one


def _voted(edition: Edition) -> list[Participant]:
    return list(edition.participants.filter(status=Participant.Status.APPROVED).order_by("pk")[:VOTERS])


def _step(one: Recommendation, status: str, on: date, note: str) -> None:
    Step.objects.create(recommendation=one, status=status, on=on, note=note)


def _followed(one: Recommendation, story: Story) -> None:
    """Owner, deadline, reports and end of one, as its story says."""
    if story.status == Status.ADOPTED:
        return
    today = timezone.localdate()
    named = Organisation.objects.filter(exchange=one.edition.exchange_id, kind=story.owner).order_by("pk").first()
    one.organisation, one.owner_name = named, "" if named else story.owner
    one.owner_email = "" if named else f"owner-{one.number}@demo.example"
    one.deadline = today + timedelta(days=story.left)
    one.assigned = _moment(_when(one, 0.05))
    _step(one, Status.ASSIGNED, _when(one, 0.05), one.owner)
    if story.reports:
        _step(one, Status.UNDER_WAY, _when(one, story.reports[0][0]), "")
    for part, value, words in story.reports:
        one.value, one.value_on = Decimal(value), _when(one, part)
        Progress.objects.create(recommendation=one, on=one.value_on, words=words, value=one.value)
    for status, part, note in story.moves:
        _step(one, status, _when(one, part), note)
        if status == Status.CLOSED:
            one.closed, one.result = _when(one, part), note
            _shown(one)
    one.status = story.status
    one.version = 2
    one.save()
    for name in story.sources:
        with suppress(StateError):  # where no network is analysed there is none to show
            evidence.freeze(actor=SYSTEM, recommendation=one, source=name)


def _when(one: Recommendation, part: float) -> date:
    """The day after a part of the time from the edition to today."""
    today = timezone.localdate()
    return one.edition.ends + timedelta(days=round(max((today - one.edition.ends).days, 0) * part))


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _shown(one: Recommendation) -> None:
    """The table that shows the result of the one that is closed, frozen on the day of its closing."""
    day = one.closed or one.edition.ends
    source: Texts = tables.in_three(lambda: "")
    source.update(
        ar="أرقام توضيحية للعرض وحده",
        fr="chiffres fictifs, pour la démonstration seulement",
        en="fictitious figures, for the demonstration only",
    )
    table = tables.uploaded(GUARANTEES.encode(), title=one.indicator, origin=source, as_of=day)
    stored = tables.frozen(table)
    frozen = Evidence.objects.create(
        recommendation=one,
        source=tables.UPLOAD,
        table=stored,
        digest=tables.digest_of(stored),
        as_of=day,
        frozen=day,
    )
    one.reports.filter(value=one.value).update(evidence=frozen)


def _taken_up(exchange: Exchange, edition: Edition, origin: Recommendation) -> None:
    """In the next edition, where there is one, a draft that takes one up again."""
    later = Edition.objects.filter(exchange=exchange, starts__gt=edition.starts).order_by("starts").first()
    if later is None:
        return
    one = Recommendation.objects.create(
        edition=later,
        number=1,
        text=RENEWED.text,
        body=RENEWED.body,
        sector=RENEWED.sector,
        topic=RENEWED.topic,
        country=RENEWED.country,
        indicator=RENEWED.indicator,
        baseline=RENEWED.baseline,
        target=RENEWED.target,
        origin=origin,
    )
    _step(one, Status.DRAFTED, timezone.localdate(), "")
