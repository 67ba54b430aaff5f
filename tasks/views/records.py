"""Criminal-record extracts: that one was seen, never what stood in it (domain 2.8)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.views import DeedView, VisibleForm
from pairing.models import ExperiencePartner
from tasks import services
from tasks.forms import RecordNoteForm
from tasks.models import CriminalRecordNote


class RecordNoteCreate(VisibleForm):
    """Staff write down that they have seen a partner's extract."""

    allowed_roles = STAFF
    model = ExperiencePartner
    form_class = RecordNoteForm
    template_name = "tasks/record_note.html"
    title = _("An extract has been seen")
    submit_label = _("Save")

    def get_kicker(self) -> str:
        return self.object.name

    def get_back(self):
        return self.object.get_absolute_url(), gettext("Partner")

    def form_kwargs(self) -> dict:
        return {"partner": self.object}

    def deed(self, form) -> CriminalRecordNote:
        data = form.cleaned_data
        return services.note_record_seen(
            partner=self.object,
            kind=data["kind"],
            issued_on=data["issued_on"],
            seen_on=data["seen_on"],
            by=self.actor,
        )

    def answer(self, made) -> HttpResponse:
        return self.done(
            gettext("Saved. Give the extract back now, and keep no copy."), self.object.get_absolute_url()
        )


class RecordNoteRemove(DeedView):
    """Written down by mistake, or with a wrong day: it goes, and can be written anew."""

    allowed_roles = STAFF
    model = CriminalRecordNote
    question = _("Take this back?")
    button = _("Yes, take it back")
    danger = True

    def get_queryset(self):
        return super().get_queryset().select_related("partner", "kind")

    def get_kicker(self) -> str:
        return self.object.partner.name

    def get_back(self):
        return self.object.partner.get_absolute_url(), ""

    def consequences(self) -> list[str]:
        return [
            gettext("That the extract was seen on %(day)s for “%(kind)s” is no longer written down.")
            % {"day": day_words(self.object.seen_on), "kind": self.object.kind},
        ]

    def deed(self) -> str:
        services.remove_record_note(note=self.object, by=self.actor)
        return gettext("Taken back.")

    def get_success_url(self) -> str:
        return reverse("partner_detail", args=[self.object.partner_id])
