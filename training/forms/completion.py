"""Who has completed the training: proposed by the rule, confirmed by a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTilesMultiple, DateInput, TokenForm
from kumppani.core.templatetags.kumppani import number
from training.models import Enrolment
from training.states import EnrolmentStatus


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, person: Enrolment) -> str:
        return _("%(name)s, %(hours)s h") % {
            "name": person.name,
            "hours": number(person.standing.attended),
        }


class CompletionForm(TokenForm):
    """All who have the hours are ticked. `ready`: these people, with their standing."""

    people = PeopleField(
        label=_("They have the hours"),
        queryset=Enrolment.objects.none(),
        widget=ChoiceTilesMultiple(),
        help_text=_("Take the tick away from those who go on."),
        error_messages={"required": _("Tick at least one person.")},
    )
    completed_on = forms.DateField(label=_("Completed on"), widget=DateInput())

    def __init__(self, *args, cohort, ready: list[Enrolment], **kwargs):
        self.cohort, self.ready = cohort, ready
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        field = self.fields["people"]
        field.queryset = Enrolment.objects.visible_to(self.actor).filter(
            cohort=self.cohort,
            status=EnrolmentStatus.ATTENDING,
            pk__in=[person.pk for person in self.ready],
        )
        field.choices = [(person.pk, field.label_from_instance(person)) for person in self.ready]
        self.initial.setdefault("people", [person.pk for person in self.ready])
        self.initial.setdefault("completed_on", min(today(), self.cohort.ends_on))

    def clean_completed_on(self):
        day = self.cleaned_data["completed_on"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        if day < self.cohort.starts_on:
            raise forms.ValidationError(_("The cohort had not begun on this day."))
        return day
