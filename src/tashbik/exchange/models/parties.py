"""Who takes part: users, exchanges, organisations, and the roles that tie them. Not what a role may do (permissions.py)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from tashbik.exchange.models.snapshot import Snapshot


class Role(models.TextChoices):
    """What a person is to an exchange. A visitor has no membership."""

    VISITOR = "visitor", _("visitor")
    MEMBER = "member", _("enterprise member")
    BUYER = "buyer", _("buyer")
    OFFICER = "officer", _("exchange officer")
    INSTITUTION = "institution", _("support institution")
    FINANCIER = "financier", _("financier")
    ANALYST = "analyst", _("analyst")
    ORGANISER = "organiser", _("forum organiser")
    ADMINISTRATOR = "administrator", _("administrator")


class Users(BaseUserManager["User"]):
    """Users are known by their e-mail address alone."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with a usable password, or none yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user who may enter the whole installation."""
        return self.create_user(email, password, is_superuser=True, **fields)


class User(Snapshot, AbstractBaseUser, PermissionsMixin):
    """A person who signs in, with what the pages should look like to them."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)
    language = models.CharField(_("language"), max_length=2, default="ar")
    digits = models.CharField(_("digits"), max_length=4, default="latn")
    hijri = models.BooleanField(_("show Hijri dates too"), default=False)
    theme = models.CharField(_("colours"), max_length=5, default="auto")

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def parties(self) -> set[tuple[str, int]]:
        """A person belongs to themselves."""
        return {("user", self.pk)}

    @property
    def is_staff(self) -> bool:
        """Whether Django's own tools take the user for staff."""
        return self.is_superuser


class Exchange(Snapshot, models.Model):
    """A subcontracting and partnership exchange, chamber or body that owns its register and its needs."""

    code = models.SlugField(max_length=20, unique=True)
    name_ar = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="ar")
    currency = models.CharField(max_length=3, default="USD")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    def exchanges(self) -> set[int]:
        """An exchange belongs to itself."""
        return {self.pk}

    def name(self, language: str) -> str:
        """Its name in ar, fr or en."""
        return {"ar": self.name_ar, "fr": self.name_fr}.get(language, self.name_en)


class Organisation(Snapshot, models.Model):
    """A buyer, support institution or financier of an exchange; enterprises of the register are in register.py."""

    class Kind(models.TextChoices):
        BUYER = "buyer", _("buyer")
        INSTITUTION = "institution", _("support institution")
        FINANCIER = "financier", _("financier")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(max_length=2, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="ar")

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Membership(Snapshot, models.Model):
    """A user's role in one exchange, for an organisation or an enterprise where the role acts for one."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="memberships")
    enterprise = models.ForeignKey(
        "exchange.Enterprise", models.CASCADE, null=True, blank=True, related_name="memberships"
    )

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "exchange", "role", "organisation", "enterprise"),
                name="one_membership",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}:{self.role}@{self.exchange_id}"

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        return {("user", self.user_id)}


class ApiToken(Snapshot, models.Model):
    """A token of the HTTP API, kept only as a digest; it acts as one membership."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True, blank=True)
    expires = models.DateTimeField(null=True, blank=True)

    never_shown: ClassVar[tuple[str, ...]] = ("digest",)

    def __str__(self) -> str:
        return self.label

    def parties(self) -> set[tuple[str, int]]:
        """Whose it is."""
        return self.membership.parties()


class Webhook(Snapshot, models.Model):
    """An address that is told of events of an exchange; requests are signed with its secret."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=64)
    active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    never_shown: ClassVar[tuple[str, ...]] = ("secret",)

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event on its way to one webhook, with what came of it."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    body = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    delivered = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.event} → {self.webhook_id}"
