"""Business meetings of an edition: slots, tables, interpreters, wishes, proposals, plans and meetings. Not the planning (forum)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tashbik.exchange.models.editions import Edition, OfEdition, Participant, Room
from tashbik.exchange.models.parties import User
from tashbik.exchange.models.rfq import MONEY


class MeetingSlot(OfEdition):
    """A slot of time for meetings; `number` counts from 1 in the order of time."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    session = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("edition", "number"), name="one_slot"),)

    def __str__(self) -> str:
        return f"{self.day} {self.starts:%H:%M}"


class MeetingTable(OfEdition):
    """A table for meetings, in a hall."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tables")
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="tables")
    label = models.CharField(_("table"), max_length=20)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("edition", "label"), name="one_table"),)

    def __str__(self) -> str:
        return self.label


class Interpreter(OfEdition):
    """An interpreter between any two of their languages; `unavailable` are numbers of slots."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="interpreters")
    name = models.CharField(_("name"), max_length=120)
    languages = models.JSONField(_("languages"), default=list)
    unavailable = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class MeetingWish(OfEdition):
    """What a participant says of a meeting with another."""

    class Kind(models.TextChoices):
        MUST = "must", pgettext_lazy("wish", "must meet")
        WANT = "want", pgettext_lazy("wish", "want to meet")
        NO = "no", pgettext_lazy("wish", "no")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="wishes")
    by = models.ForeignKey(Participant, models.CASCADE, related_name="wishes")
    about = models.ForeignKey(Participant, models.CASCADE, related_name="wished")
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.WANT)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("by", "about"), name="one_wish"),)

    def __str__(self) -> str:
        return f"{self.by_id} {self.kind} {self.about_id}"

    def parties(self) -> set[tuple[str, int]]:
        """Of whoever states it."""
        return self.by.parties()


class MeetingProposal(OfEdition):
    """A meeting that the engine proposes, with the reason by language (`{"ar": …}`) and the score from 0 to 100."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="proposals")
    first = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    second = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    score = models.FloatField()
    reason = models.JSONField(default=dict)
    met_before = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-score", "pk")
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="one_proposal"),)

    def __str__(self) -> str:
        return f"{self.first_id} with {self.second_id}"

    def parties(self) -> set[tuple[str, int]]:
        """Both sides."""
        return self.first.parties() | self.second.parties()


class MeetingCondition(OfEdition):
    """What the organiser fixes for a pair: session, slot, or another meeting that comes before."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="conditions")
    first = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    second = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    session = models.CharField(max_length=20, blank=True)
    slot = models.ForeignKey(MeetingSlot, models.SET_NULL, null=True, blank=True, related_name="+")
    after = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("edition", "first", "second"), name="one_condition"),)

    def __str__(self) -> str:
        return f"{self.first_id} with {self.second_id}"


class MeetingPlan(OfEdition):
    """A plan of an edition's meetings, as the planner made it.

    `problem` and `answer` are the records of the room forum as JSON (docs/forum-scheduling.md): what was to be planned, and the plan with the
    bound of each level. At most one plan of an edition is published at a time. A plan made on the day names the published one that it
    changes (`base`), and in `revision` what it changes (forum.Revision without the forum and the meetings).
    """

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("plan", "being made")
        MADE = "made", pgettext_lazy("plan", "made")
        FAILED = "failed", pgettext_lazy("plan", "not made")
        PUBLISHED = "published", pgettext_lazy("plan", "published")
        REPLACED = "replaced", pgettext_lazy("plan", "replaced")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    problem = models.JSONField(default=dict)
    answer = models.JSONField(default=dict, blank=True)
    base = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="revisions")
    revision = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    published = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("edition", "number"), name="one_plan_number"),
            models.UniqueConstraint(
                fields=("edition",), condition=models.Q(status="published"), name="one_published_plan"
            ),
        )

    def __str__(self) -> str:
        return f"plan {self.number}"


class Meeting(OfEdition):
    """A published meeting. It stays when plans are replaced: moved meetings keep their row, dropped ones are cancelled with the reason."""

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "planned")
        HELD = "held", pgettext_lazy("meeting", "held")
        MISSED = "missed", pgettext_lazy("meeting", "did not take place")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "cancelled")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="meetings")
    first = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    second = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    slot = models.ForeignKey(MeetingSlot, models.PROTECT, related_name="meetings")
    table = models.ForeignKey(MeetingTable, models.PROTECT, related_name="meetings")
    interpreter = models.ForeignKey(Interpreter, models.SET_NULL, null=True, blank=True, related_name="meetings")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("slot__number", "pk")
        constraints = (models.UniqueConstraint(fields=("edition", "first", "second"), name="one_meeting"),)
        indexes = (models.Index(fields=("edition", "status", "slot"), name="meeting_list"),)

    def __str__(self) -> str:
        return f"meeting {self.pk}"

    REASONS: ClassVar[dict[str, Any]] = {
        "absent": pgettext_lazy("meeting", "a participant cannot be there"),
        "withdrawn": pgettext_lazy("meeting", "a participant takes it back"),
        "replanned": pgettext_lazy("meeting", "there is no room for it in the new plan"),
        "cancelled": pgettext_lazy("meeting", "a participant has cancelled their participation"),
    }

    @property
    def why(self) -> str:
        """The reason in words: `reason` holds a key of REASONS, or the words of who gave it."""
        return str(self.REASONS.get(self.reason, self.reason))

    def parties(self) -> set[tuple[str, int]]:
        """Both sides."""
        return self.first.parties() | self.second.parties()


class MeetingFeedback(OfEdition):
    """What one side says after a meeting; an agreement becomes a link of the network, with its later order value."""

    class Outcome(models.TextChoices):
        AGREEMENT = "agreement", pgettext_lazy("meeting", "an agreement")
        FOLLOW_UP = "follow-up", pgettext_lazy("meeting", "to be followed up")
        CONTACT = "contact", pgettext_lazy("meeting", "a contact made")
        NOTHING = "nothing", pgettext_lazy("meeting", "nothing to follow")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="feedback")
    by = models.ForeignKey(Participant, models.CASCADE, related_name="feedback")
    happened = models.BooleanField(_("the meeting took place"), default=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_by = models.DateField(_("by"), null=True, blank=True)
    order_value: Any = models.DecimalField(_("value of orders"), null=True, blank=True, **MONEY)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    rating = models.PositiveSmallIntegerField(
        _("how useful, 1 to 5"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("meeting", "by"), name="one_feedback"),)

    def __str__(self) -> str:
        return f"feedback {self.pk}"

    @property
    def edition(self) -> Edition:
        """The edition of the meeting."""
        return self.meeting.edition

    def parties(self) -> set[tuple[str, int]]:
        """Both sides of the meeting."""
        return self.meeting.parties()
