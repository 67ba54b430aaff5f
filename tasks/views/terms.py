"""What is settled beforehand: terms of meetings, and how a partner is paid."""

import uuid

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import PARTNER, STAFF
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.templatetags.kumppani import money
from kumppani.core.views import FormPage, VisibleForm, VisibleList
from pairing.models import ExperiencePartner
from tasks import services
from tasks.forms import EndTermsForm, MeetingTermsForm, OwnTermsForm, PartnerTermsForm
from tasks.models import MeetingTerms, PartnerTerms


def words_of(terms: MeetingTerms) -> str:
    """What is settled, in a few words."""
    if not terms.is_paid:
        return gettext("not paid")
    return gettext("%(sum)s %(unit)s, by %(payer)s") % {
        "sum": money(terms.amount),
        "unit": terms.unit_word,
        "payer": terms.get_payer_display(),
    }


def whose(terms: MeetingTerms) -> str:
    """For whose meetings, without a parent's name."""
    if terms.of_grant_id:
        return gettext("All paid from: %(grant)s") % {"grant": terms.of_grant}
    return gettext("%(name)s, since %(day)s") % {
        "name": terms.relationship.partner.name,
        "day": day_words(terms.relationship.started_on),
    }


class MeetingTermsList(VisibleList):
    """What has been settled about meetings, the newest first."""

    allowed_roles = STAFF
    model = MeetingTerms
    template_name = "tasks/meeting_terms_list.html"
    title = _("Are meetings paid?")
    lead = _(
        "Whether peer-support meetings are paid is agreed beforehand: for all that a grant pays for, or for one"
        " relationship. What is agreed for the relationship goes first."
    )
    order = ("-valid_from", "-id")

    def get_queryset(self):
        return super().get_queryset().select_related("of_grant", "relationship__partner")

    def extra(self, rows) -> dict:
        for terms in rows:
            terms.whose, terms.words = whose(terms), words_of(terms)
            terms.may_end = terms.can_end(self.actor) and terms.valid_to is None
            if terms.is_over:
                terms.state_word, terms.tone = gettext("Over"), "plain"
            elif terms.holds_on(today()):
                terms.state_word, terms.tone = gettext("In force"), "good"
            else:
                terms.state_word, terms.tone = gettext("To come"), "note"
        return {}


class MeetingTermsCreate(FormPage):
    """Settle something new; the former terms end the day before."""

    allowed_roles = STAFF
    form_class = MeetingTermsForm
    title = _("Settle whether meetings are paid")
    lead = _("Former terms for the same relationship or grant end by themselves the day before.")
    submit_label = _("Save")

    def get_back(self):
        return reverse("meeting_terms_list"), gettext("Are meetings paid?")

    def form_kwargs(self) -> dict:
        """`?relationship=…` from the page of a relationship."""
        try:
            chosen = uuid.UUID(self.request.GET.get("relationship", ""))
        except ValueError:
            return {}
        return {"initial": {"relationship": chosen}}

    def deed(self, form) -> MeetingTerms:
        return services.settle_meeting_terms(by=self.actor, **form.facts())

    def answer(self, made) -> HttpResponse:
        terms = (
            MeetingTerms.objects.visible_to(self.actor)
            .select_related("of_grant", "relationship__partner")
            .get(pk=made)
        )
        return self.done(
            gettext("Saved: %(whose)s – %(words)s, from %(day)s on.")
            % {"whose": whose(terms), "words": words_of(terms), "day": day_words(terms.valid_from)},
            reverse("meeting_terms_list"),
        )


class MeetingTermsEnd(VisibleForm):
    """Let terms end without new ones. Then nothing is settled, and meetings are not paid."""

    allowed_roles = STAFF
    model = MeetingTerms
    form_class = EndTermsForm
    title = _("Let these terms end")
    submit_label = _("Let them end")

    def get_queryset(self):
        return super().get_queryset().select_related("of_grant", "relationship__partner")

    def may(self) -> bool:
        return self.object.can_end(self.actor)

    def get_back(self):
        return reverse("meeting_terms_list"), gettext("Are meetings paid?")

    def get_lead(self) -> str:
        return gettext(
            "%(whose)s – %(words)s. After the last day nothing is settled, and nothing is paid."
        ) % {
            "whose": whose(self.object),
            "words": words_of(self.object),
        }

    def deed(self, form) -> MeetingTerms:
        services.end_meeting_terms(terms=self.object, last_day=form.cleaned_data["last_day"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        self.object.refresh_from_db()
        return self.done(
            gettext("Saved: the last day is %(day)s.") % {"day": day_words(self.object.valid_to)},
            reverse("meeting_terms_list"),
        )


class _TermsOfPartner(VisibleForm):
    """One partner's terms; the row is made when something is settled for the first time."""

    model = ExperiencePartner
    submit_label = _("Save")
    wishes = False

    def get_queryset(self):
        return super().get_queryset().select_related("terms")

    def form_kwargs(self) -> dict:
        terms = getattr(self.object, "terms", None)
        return {"instance": terms or PartnerTerms(partner=self.object)}

    def deed(self, form) -> PartnerTerms:
        facts = form.facts()
        wished = {"wished_kinds": facts.pop("wished_kinds")} if "wished_kinds" in facts else {}
        return services.settle_partner_terms(
            partner=self.object,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            **wished,
            **facts,
        )


class PartnerTermsEdit(_TermsOfPartner):
    """Staff: what payroll needs to know of a partner."""

    allowed_roles = STAFF
    form_class = PartnerTermsForm
    template_name = "tasks/partner_terms.html"
    title = _("How the partner is paid")

    def get_kicker(self) -> str:
        return self.object.name

    def get_back(self):
        return self.object.get_absolute_url(), gettext("Partner")

    def extra(self) -> dict:
        terms = getattr(self.object, "terms", None)
        return super().extra() | {"ceiling": terms.monthly_ceiling if terms else None}

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("Saved: how %(name)s is paid.") % {"name": self.object.name},
            self.object.get_absolute_url(),
        )


class OwnTerms(_TermsOfPartner):
    """The partner's own: ceiling, wishes, how I am paid."""

    allowed_roles = PARTNER
    form_class = OwnTermsForm
    title = _("My wishes and my ceiling")
    lead = _("You can change these whenever you like.")

    def get_object(self) -> ExperiencePartner:
        found = self.get_queryset().first()
        if found is None:
            raise Http404
        return found

    def get_back(self):
        return reverse("own_money"), gettext("My money")

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("Saved."), reverse("own_money"))
