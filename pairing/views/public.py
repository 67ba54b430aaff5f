"""The street side of the room: what a partner is, who they are, and how to write to us. No sign-in.

Strangers and people who are signed in see the same. Of a partner they see what this partner lets be shown, field by
field (A35), and a filter finds a partner only by a field that is shown. Nothing here is kept by a cache: a consent
withdrawn is gone at the next request.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kumppani.core.limits import Limit
from kumppani.core.paging import paginate
from kumppani.core.views import PublicPage, StrangersForm, VisibleMixin
from pairing import services
from pairing.forms import CONTACT_FORMS, DirectoryFilterForm
from pairing.models import CommitmentText, ExperiencePartner, RequestBy, RequestRoute

PER_PAGE = 24
# A family or an office may share one origin, so the limit is not tight; it stops a machine, not a person.
LIMITS = (
    Limit("contact", settings.CONTACT_PER_HOUR, 60 * 60),
    Limit("contact", settings.CONTACT_PER_DAY, 60 * 60 * 24),
)


class About(PublicPage):
    template_name = "public/about.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


class AboutParents(About):
    template_name = "public/about_parents.html"


class AboutWorkers(About):
    template_name = "public/about_workers.html"


class AboutOrganisations(About):
    template_name = "public/about_organisations.html"


class Principles(PublicPage):
    """The ethical principles in force, for whoever wants to know whom to trust (B16)."""

    template_name = "public/principles.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = CommitmentText.objects.visible_to(self.actor).in_force().filter(kind="principles").first()
        return self.page(text=text, parts=parts_of(text.text) if text else [])


def parts_of(text: str) -> list[dict[str, str]]:
    """A text kept as blocks, each a heading on its first line and then its words."""
    parts = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        head, _line_end, words = block.strip().partition("\n")
        if head:
            parts.append({"head": head, "words": words.strip()})
    return parts


class Directory(VisibleMixin, PublicPage):
    """The partners who may be met now. Their order tells nothing: not the name, not how long, not how busy."""

    model = ExperiencePartner
    template_name = "public/directory.html"
    title = gettext_lazy("Meet the partners")
    lead = gettext_lazy("Each of them decides what is shown here, and may take it back at any time.")

    def get(self, request: HttpRequest) -> HttpResponse:
        form = DirectoryFilterForm(request.GET, actor=self.actor)
        found = form.narrow(self.get_queryset())
        rows = paginate(found.with_public_facts(), ("public_id",), request.GET.get("page", ""), size=PER_PAGE)
        return self.page(
            form=form,
            rows=rows,
            partners=[(partner, partner.public_facts()) for partner in rows],
            is_narrowed=form.is_narrowed,
            newer_url=self.page_url(rows.newer),
            older_url=self.page_url(rows.older),
        )

    def page_url(self, cursor: str | None) -> str:
        """The link to a neighbouring page, with the present filters kept."""
        query = self.request.GET.copy()
        query["page"] = cursor or ""
        return f"?{query.urlencode()}" if cursor else ""


class DirectoryPartner(VisibleMixin, PublicPage):
    """One partner, as far as the partner wants to be known. The address holds an id that leads nowhere else."""

    model = ExperiencePartner
    template_name = "public/directory_partner.html"

    def get_title(self) -> str:
        return self.facts.get("first_name") or _("Experience partner")

    def get_back(self) -> tuple[str, str]:
        return reverse("directory"), _("Meet the partners")

    def get(self, request: HttpRequest, pk) -> HttpResponse:
        partner = find_partner(self.get_queryset(), pk)
        if partner is None:
            raise Http404
        self.facts = partner.public_facts()
        return self.page(partner=partner, facts=self.facts)


def find_partner(queryset, public_id) -> ExperiencePartner | None:
    """The partner of an address, if strangers may find this partner now."""
    return queryset.filter(public_id=public_id).with_public_facts().first()


class Contact(VisibleMixin, StrangersForm):
    """Somebody writes: a parent, a worker, or both together (B19); to the staff, or to a chosen partner (A31).

    First one says who one is; then comes a form with the few fields that this needs.
    """

    model = ExperiencePartner
    template_name = "public/contact.html"
    submit_label = gettext_lazy("Send")
    limits = LIMITS
    partner: ExperiencePartner | None = None

    def find(self) -> None:
        self.by = self.request.GET.get("by", "")
        if self.by not in RequestBy.values:
            self.by = ""

    def get_title(self) -> str:
        return _("Write to us")

    def get_form(self, data=None):
        return CONTACT_FORMS[self.by](data, actor=self.actor)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        return self.form_page(self.get_form()) if self.by else self.choosing()

    def choosing(self, status: int = 200) -> HttpResponse:
        """Who are you? Three ways."""
        self.template_name = "public/contact_choose.html"
        return self.page(status=status, **self.extra())

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        if not self.by:
            return self.choosing(status=422)
        return super().post(request, *args, **kwargs)

    def extra(self) -> dict:
        return {
            "by": self.by,
            "partner": self.partner,
            "facts": self.partner.public_facts() if self.partner else {},
            "form_action": self.request.path,
            "other_url": self.request.path,
            "answer_days": settings.REQUEST_ANSWER_WORKING_DAYS,
        }

    def deed(self, form):
        return services.receive_contact(
            asked_by=self.by,
            route=RequestRoute.PARTNER if self.partner else RequestRoute.STAFF,
            chosen_partner=self.partner,
            **form.facts(),
        )

    def answer(self, made) -> HttpResponse:
        """The same page for a first and a second sending; it tells nothing of what was written."""
        return HttpResponseRedirect(reverse("contact_sent"))


class ContactTo(Contact):
    """The same, to a partner one has chosen."""

    def get_back(self) -> tuple[str, str]:
        return reverse("directory_partner", args=[self.kwargs["pk"]]), ""

    def find(self) -> None:
        super().find()
        self.partner = find_partner(self.get_queryset(), self.kwargs["pk"])
        if self.partner is None and self.only_looks:
            raise Http404

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.find()
        if self.partner is None and self.by and self.earlier_submission() is None:
            return self.gone()
        return super().post(request, *args, **kwargs)

    def gone(self) -> HttpResponse:
        """The partner has left the list since the form was opened: the words stay, and may go to the staff."""
        form = self.get_form(self.request.POST)
        form.is_valid()
        form.add_error(
            None,
            _(
                "This partner cannot be asked just now. Your words are here: send them to the project staff, who look"
                " for somebody for you."
            ),
        )
        to_staff = {"form_action": reverse("contact"), "other_url": reverse("contact")}
        return self.page(
            status=409, form=form, submit_label=str(self.submit_label), **(self.extra() | to_staff)
        )


class ContactSent(PublicPage):
    """When an answer comes. Nothing of what was written stands here."""

    template_name = "public/contact_sent.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(answer_days=settings.REQUEST_ANSWER_WORKING_DAYS)
