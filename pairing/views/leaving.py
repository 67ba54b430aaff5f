"""A partner leaves and may come back: the pages say what becomes of everything that is open."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARTNER, STAFF
from kumppani.core.pages import OnlyWhileOpen
from kumppani.core.views import DeedView
from pairing import services
from pairing.leaving import still_open
from pairing.models import ExperiencePartner


class _AboutPartner(OnlyWhileOpen, DeedView):
    """A button on a partner's page. What is open stands above it."""

    model = ExperiencePartner
    template_name = "pairing/partner_leaving.html"

    @property
    def is_own(self) -> bool:
        """Whether the page speaks to the partner, and not to the staff about her or him."""
        return self.actor.role == "partner"

    def get_queryset(self):
        return super().get_queryset().select_related("user")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), _("My page") if self.is_own else _("Partner")

    def get_kicker(self) -> str:
        return "" if self.is_own else self.object.name

    def closed_sentence(self) -> str:
        return services.not_now(self.object)

    @cached_property
    def open_now(self) -> list:
        return still_open(self.object, self.actor)


class PartnerLeave(_AboutPartner):
    """Stop being a partner: by the partner, or by the staff who were told. No reason is asked (R16)."""

    allowed_roles = STAFF | PARTNER
    danger = True

    def is_open(self) -> bool:
        return self.object.can_leave(self.actor)

    def get_title(self) -> str:
        return _("Stop being a partner?") if self.is_own else _("Does the partner stop?")

    def get_lead(self) -> str:
        return _("Nobody asks why.") if self.is_own else _("Nobody needs to be asked why.")

    def context(self, **extra):
        return super().context(
            **{**extra, "button_label": _("Yes, I stop") if self.is_own else _("Yes, the partner stops")},
            open_now=self.open_now,
            may_do_it=True,
        )

    def consequences(self) -> list[str]:
        return [
            _("From now on no parents and no assignments are proposed."),
            _("Nothing is shown in the public list any more, from this moment on."),
            _(
                "What has been done is paid. The access ends when nothing is open and nothing unpaid any more."
            ),
            _("Coming back is possible later."),
        ]

    def deed(self) -> str:
        services.leave(partner=self.object, by=self.actor)
        if self.is_own:
            return _("Saved. Thank you for all you have done. The staff have been told.")
        return _("Saved: the partner is leaving. The social workers have been told.")


class PartnerLeft(_AboutPartner):
    """What is still open of a partner who leaves; when nothing is, the staff say that she or he has left."""

    allowed_roles = STAFF | PARTNER
    button = gettext_lazy("Yes, the partner has left")

    def may(self) -> bool:
        return self.only_looks or self.actor.role == "staff"

    def is_open(self) -> bool:
        return self.object.is_leaving

    def get_title(self) -> str:
        return _("What is still open") if self.is_own else _("Is everything closed?")

    def context(self, **extra):
        hindering = [one for one in self.open_now if one.hinders]
        return super().context(
            **extra,
            open_now=hindering,
            is_hindered=bool(hindering),
            may_do_it=not self.is_own and not hindering,
        )

    def consequences(self) -> list[str]:
        return [
            _("The role of partner ends. Other roles of the same person stay."),
            _("Papers, acceptances and payments are kept for their time."),
            _("Coming back is possible later."),
        ]

    def deed(self) -> str:
        services.complete_leaving(partner=self.object, by=self.actor)
        return _("Saved: the partner has left.")


class PartnerComeBack(_AboutPartner):
    """Stay after all, or come back."""

    allowed_roles = STAFF | PARTNER

    def is_open(self) -> bool:
        return self.object.can_come_back(self.actor)

    def get_title(self) -> str:
        if self.object.has_left:
            return _("Does the partner come back?")
        return _("Stay after all?") if self.is_own else _("Does the partner stay after all?")

    def context(self, **extra):
        label = _("Yes, back as a partner") if self.object.has_left else _("Yes, stay")
        return super().context(**{**extra, "button_label": label}, may_do_it=True)

    def consequences(self) -> list[str]:
        said = [_("New parents and assignments can be proposed again.")]
        if self.object.has_left:
            said.append(_("The role of partner and its access begin again."))
            if self.object.user is None:
                said.append(_("There is no account yet: give one on the partner's page."))
            elif not self.object.user.is_active:
                said.append(_("The account is closed. The administrator can open it."))
        said += [
            _("Of the texts to commit to, those in force must have been accepted."),
            _("What was shown in the public list is shown again only when the partner ticks it."),
        ]
        return said

    def deed(self) -> str:
        services.come_back(partner=self.object, by=self.actor)
        if self.is_own:
            return _("Saved. It is good that you stay.")
        return _("Saved: the partner is available again.")
