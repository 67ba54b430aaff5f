"""What organisations order, and the one-purpose links by which their contacts follow it without an account."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.links import PurposeLink
from kumppani.core.privacy import Privacy, Retention
from kumppani.core.states import StatefulModel
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Organisation
from pairing.models import ExperiencePartner
from tasks.models.assignments import DevelopmentTarget, Payer
from tasks.querysets import OrderLinkQuerySet, OrderQuerySet
from tasks.states import ORDER_TONES, ORDER_TRANSITIONS, OrderStatus


class Order(StatefulModel):
    """An organisation asks for experience partners: by the public form, or on the phone to the staff.

    To chosen partners or to the staff, both land in one queue (A31). The contact person is no user of ours.
    """

    TRANSITIONS = ORDER_TRANSITIONS

    organisation_name = models.CharField(_("organisation"), max_length=120, validators=[no_identity_code])
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation on our list"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    contact_name = models.CharField(_("contact person"), max_length=120, validators=[no_identity_code])
    contact_email = models.EmailField(_("e-mail address of the contact person"))
    contact_phone = models.CharField(_("telephone of the contact person"), max_length=40, blank=True)
    language = models.CharField(
        _("language of the letters"),
        max_length=2,
        choices=[("fi", "suomi"), ("sv", "svenska"), ("en", "English")],
        default="fi",
    )
    title = models.CharField(_("what"), max_length=140, validators=[no_identity_code])
    words = models.CharField(_("more about it"), max_length=1000, blank=True, validators=[no_identity_code])
    date = models.DateField(_("date"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    hours = models.DecimalField(
        _("hours"),
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal(100))],
    )
    place = models.CharField(_("where"), max_length=120, blank=True, validators=[no_identity_code])
    audience = models.CharField(_("audience"), max_length=120, blank=True, validators=[no_identity_code])
    audience_size = models.PositiveIntegerField(_("how many in the audience"), null=True, blank=True)
    partners_wanted = models.PositiveSmallIntegerField(
        _("how many partners"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    target = models.CharField(
        _("what it develops"), max_length=10, choices=DevelopmentTarget.choices, blank=True
    )
    payer = models.CharField(_("who pays"), max_length=10, choices=Payer.choices)
    partners = models.ManyToManyField(
        ExperiencePartner, verbose_name=_("chosen partners"), blank=True, related_name="orders"
    )
    recorded_by_staff = models.BooleanField(_("recorded by the staff"), default=False)
    received_on = models.DateField(_("received"))
    declined_because = models.CharField(_("why not"), max_length=300, blank=True)
    status = models.CharField(
        _("state"), max_length=20, choices=OrderStatus.choices, default=OrderStatus.NEW, editable=False
    )

    objects = OrderQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.ACCOUNTING,
        internal=(
            "organisation_name",
            "organisation",
            "language",
            "title",
            "words",
            "date",
            "starts_at",
            "hours",
            "place",
            "audience",
            "audience_size",
            "partners_wanted",
            "target",
            "payer",
            "partners",
            "recorded_by_staff",
            "received_on",
            "declined_because",
            "status",
        ),
        personal=("contact_name", "contact_email", "contact_phone"),
    )

    class Meta:
        verbose_name = _("order from an organisation")
        verbose_name_plural = _("orders from organisations")
        indexes = [models.Index(fields=["status", "received_on", "id"], name="order_in_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values),
                name="order_status_known",
                violation_error_message=_("This state is not known."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=100),
                name="order_hours_sensible",
                violation_error_message=_("Hours are between half an hour and 100."),
            ),
            models.CheckConstraint(
                condition=Q(partners_wanted__gte=1, partners_wanted__lte=20),
                name="order_partners_sensible",
                violation_error_message=_("Ask for 1 to 20 partners."),
            ),
            models.CheckConstraint(
                condition=Q(payer__in=Payer.values),
                name="order_payer_known",
                violation_error_message=_("Choose who pays."),
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(declined_because=""),
                name="order_declined_with_words",
                violation_error_message=_("Say in words why this is not possible."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("order_detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return ORDER_TONES[self.status]

    @property
    def waits(self) -> bool:
        return self.status == OrderStatus.NEW

    def can_answer(self, actor) -> bool:
        """Staff take an order on, or say no."""
        return actor.role == "staff" and self.waits


class Letter(models.TextChoices):
    """Why a letter with a link goes to the contact of an order."""

    RECEIVED = "received", _("the order has come")
    TAKEN = "taken", _("the order has been taken on")
    DECLINED = "declined", _("the order is not possible")
    AGREE = "agree", _("the fee waits for a yes")
    CONFIRMED = "confirmed", _("the assignment is agreed")
    CANCELLED = "cancelled", _("the assignment has been called off")
    FEEDBACK = "feedback", _("how did it go")
    RENEWED = "renewed", _("a fresh link was asked for")


class OrderLink(PurposeLink):
    """A one-purpose link to one order (trust.md 1). It stops when the order's contact gets another address."""

    LINKED = "order"

    order = models.ForeignKey(
        Order, verbose_name=_("order from an organisation"), on_delete=models.CASCADE, related_name="links"
    )
    letter = models.CharField(_("letter"), max_length=10, choices=Letter.choices)

    objects = OrderLinkQuerySet.as_manager()
    privacy = Privacy(
        retention=Retention.SHORT,
        internal=("order", "letter", "expires_at", "revoked_at", "letter_sent_at", "letter_given_up_at"),
        personal=("sent_to",),
        secret=("token_hash",),
    )

    class Meta:
        verbose_name = _("link of an order")
        verbose_name_plural = _("links of orders")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["token_hash"], name="order_link_token")]
        constraints = [
            models.CheckConstraint(
                condition=Q(letter__in=Letter.values),
                name="order_link_letter_known",
                violation_error_message=_("This letter is not known."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter}"

    @property
    def address_now(self) -> str:
        return self.order.contact_email
