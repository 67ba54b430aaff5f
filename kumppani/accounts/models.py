"""Users, the roles they hold, and the invitations by which they come in."""

import datetime
import hashlib
import secrets

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.querysets import InvitationQuerySet, RoleGrantQuerySet, UserQuerySet
from kumppani.accounts.roles import Role
from kumppani.core.models import BaseModel
from kumppani.core.privacy import Privacy, Retention


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Users are found by their e-mail address, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=self.normalize(email), **fields)
        user.set_password(password)
        user.save()
        return user

    @staticmethod
    def normalize(email: str) -> str:
        """Addresses are kept in small letters, so that one person has one account."""
        return email.strip().lower()

    def get_by_natural_key(self, email: str):
        return self.get(email=self.normalize(email))


class User(AbstractBaseUser, BaseModel):
    """Somebody who can sign in. There are no superusers: what a user may do follows from the roles held."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    is_active = models.BooleanField(_("may sign in"), default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    objects = UserManager()
    privacy = Privacy(
        retention=Retention.ACCOUNT,
        about=("self",),
        internal=("language", "is_active", "last_login"),
        personal=("email", "first_name", "last_name"),
        secret=("password",),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="user_email_once",
                violation_error_message=_("There is an account with this address already."),
            ),
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")),
                name="user_email_small_letters",
                violation_error_message=_("Write the address in small letters."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_absolute_url(self) -> str:
        return reverse("user_detail", args=[self.pk])

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def clean(self) -> None:
        self.email = UserManager.normalize(self.email)

    @transaction.atomic
    def grant_role(self, role: str, *, by, organisation=None) -> "RoleGrant":
        """Give a role; giving one already held changes nothing."""
        held = self.grants.filter(role=role, ended_at__isnull=True).first()
        if held:
            return held
        grant = RoleGrant(
            user=self, role=role, organisation=organisation, granted_by_id=getattr(by, "user_id", None)
        )
        grant.save()
        return grant


class RoleGrant(BaseModel):
    """One role one user holds, for an organisation where the role has one. Ended, never deleted."""

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    granted_by = models.ForeignKey(
        User, verbose_name=_("given by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNT,
        about=("user",),
        internal=("organisation", "granted_by", "ended_at"),
        personal=("user",),
        special=("role",),
        note="The role “parent” tells that somebody is in child protection.",
    )

    class Meta:
        verbose_name = _("role of a user")
        verbose_name_plural = _("roles of users")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="role_held_once",
                violation_error_message=_("This person has this role already."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="role_known",
                violation_error_message=_("Choose a role from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}"

    def get_absolute_url(self) -> str:
        return reverse("user_detail", args=[self.user_id])

    def end(self) -> None:
        """Take the role away; the next request of every live session of the user meets it."""
        self.ended_at = timezone.now()
        self.save(update_fields=["ended_at", "updated_at"])


def hash_token(token: str) -> str:
    """What is kept of a link's token: a stolen database opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


class Invitation(BaseModel):
    """A one-purpose link by which a new user chooses a password (trust.md 1).

    The token is made when the letter is sent and kept only as a hash; the link lives `INVITATION_DAYS`, works once
    and can be revoked. Whether the letter left is kept too: an address may be mistyped. The user exists already,
    without a usable password, so that rooms can point at it.
    """

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(
        User, verbose_name=_("invited by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    token_hash = models.CharField(_("hash of the link"), max_length=64, blank=True)
    expires_at = models.DateTimeField(_("good until"))
    used_at = models.DateTimeField(_("used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    letter_sent_at = models.DateTimeField(_("letter sent"), null=True)
    letter_given_up_at = models.DateTimeField(_("letter given up"), null=True)

    objects = InvitationQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.SHORT,
        about=("user",),
        internal=(
            "invited_by",
            "expires_at",
            "used_at",
            "revoked_at",
            "letter_sent_at",
            "letter_given_up_at",
        ),
        personal=("user",),
        secret=("token_hash",),
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["token_hash"], name="invitation_token")]

    def __str__(self) -> str:
        return f"{self.user_id}"

    @classmethod
    def default_expiry(cls) -> datetime.datetime:
        return timezone.now() + datetime.timedelta(days=settings.INVITATION_DAYS)

    @classmethod
    def behind(cls, token_hash: str) -> "Invitation | None":
        """The open invitation that a link leads to. None for one that is used, revoked, too old or never was."""
        found = (
            cls.objects.select_related("user").filter(token_hash=token_hash).first() if token_hash else None
        )
        return found if found is not None and found.is_open else None

    def make_token(self) -> str:
        """A fresh token for the letter; an earlier letter's link stops working."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hash_token(token)
        self.save(update_fields=["token_hash", "updated_at"])
        return token

    @property
    def is_open(self) -> bool:
        return (
            self.used_at is None
            and self.revoked_at is None
            and self.expires_at > timezone.now()
            and self.user.is_active
        )

    @transaction.atomic
    def accept(self, password: str) -> bool:
        """Set the password and close the link. False when somebody used it in between."""
        now = timezone.now()
        claimed = Invitation.objects.filter(
            pk=self.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
        ).update(used_at=now)
        if claimed != 1:
            return False
        self.user.set_password(password)
        self.user.save(update_fields=["password", "updated_at"])
        return True
