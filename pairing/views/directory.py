"""The partner's own page: what others see of me."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.accounts.roles import PARTNER
from kumppani.core.views import DeedView, FormPage
from pairing import services
from pairing.forms import PublicSelfForm
from pairing.models import CommitmentText, ExperiencePartner


def own_partner(actor):
    """The partner who is asking."""
    return ExperiencePartner.objects.visible_to(actor)


class DirectoryConsentPage(FormPage):
    """Words, topics, languages, area, each with an own tick; and the card as strangers see it now (A35).

    Only the partner: the staff cannot tick for somebody else. A look at oneself leaves no row.
    """

    allowed_roles = PARTNER
    form_class = PublicSelfForm
    template_name = "pairing/directory_consent.html"
    title = gettext_lazy("What others see of me")
    lead = gettext_lazy(
        "Anybody may read the page with the partners, without signing in. Nothing of you stands there unless you"
        " tick it."
    )
    submit_label = gettext_lazy("Save")

    def find(self) -> None:
        self.partner = own_partner(self.actor).with_public_facts().with_readiness().first()
        if self.partner is None:
            raise Http404

    def get_back(self) -> tuple[str, str]:
        return self.partner.get_absolute_url(), _("My page")

    def form_kwargs(self) -> dict:
        return {"partner": self.partner}

    def extra(self) -> dict:
        facts = self.partner.public_facts()  # as saved, whatever is typed in the form just now
        missing = self.partner.missing(CommitmentText.objects.visible_to(self.actor).enough())
        return {
            "partner": self.partner,
            "facts": facts,
            "missing": missing,
            "is_shown": bool(facts) and self.partner.is_available and not missing,
        }

    def deed(self, form):
        return services.save_public_self(partner=self.partner, by=self.actor, **form.facts())

    def answer(self, made):
        return self.done(_("Saved. This is what others see from now on."), reverse("directory_consent"))


class DirectoryWithdraw(DeedView):
    """Out of the public list, with one touch. Words and choices stay with the partner for another time."""

    allowed_roles = PARTNER
    model = ExperiencePartner
    question = gettext_lazy("Take me out of the public list?")
    button = gettext_lazy("Take me out now")

    def get_object(self) -> ExperiencePartner:
        partner = own_partner(self.actor).first()
        if partner is None:
            raise Http404
        return partner

    def get_back(self) -> tuple[str, str]:
        return reverse("directory_consent"), ""

    def consequences(self) -> list[str]:
        return [
            _("From this moment nobody sees anything of you without signing in."),
            _("Your words and choices stay here, for you alone. You can tick them again at any time."),
        ]

    def deed(self) -> str:
        services.set_consents(partner=self.object, by=self.actor, shown=())
        return _("Saved. Nothing of you is shown any more.")

    def get_success_url(self) -> str:
        return reverse("directory_consent")
