"""Forms about worries: no field for what the worry is about (R11)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.forms import ChoiceTiles, DateInput, TimeInput, TokenForm, TokenModelForm, VersionModelForm
from pairing.models import Channel, ContactPoint, IncidentKind, Topic, TopicKind


class ConcernForm(TokenForm):
    """*That* it was done: when, where, how. Never what."""

    made = forms.ChoiceField(
        label=_("What was done?"),
        choices=[
            ("yes", _("A child-welfare notification was made")),
            ("no", _("None was made, after talking it over")),
        ],
        widget=ChoiceTiles(shape="list"),
    )
    done_on = forms.DateField(label=_("When?"), widget=DateInput())
    done_at = forms.TimeField(label=_("What time?"), widget=TimeInput())
    contact_point = forms.ModelChoiceField(
        label=_("To which county?"),
        queryset=ContactPoint.objects.none(),
        required=False,
        empty_label=_("Choose"),
    )
    channel = forms.ChoiceField(
        label=_("How?"),
        choices=Channel.choices,
        required=False,
        widget=ChoiceTiles(shape="row"),
        help_text=_("Never by ordinary e-mail."),
    )
    family_told = forms.BooleanField(label=_("The family has been told."), required=False)
    coordinator_told = forms.BooleanField(label=_("The project staff have been told."), required=False)

    def prepare(self) -> None:
        self.fields["contact_point"].queryset = ContactPoint.objects.visible_to(self.actor).in_use()
        now = timezone.localtime()
        self.initial.setdefault("done_on", now.date())
        self.initial.setdefault("done_at", now.time().replace(second=0, microsecond=0))
        for name in ("contact_point", "channel", "family_told", "coordinator_told"):
            self.fields[name].has_answer_none = True
        if self.actor.role == "staff":
            del self.fields["coordinator_told"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("made") == "no":
            cleaned.update(contact_point=None, channel="")
        elif cleaned.get("made") == "yes":
            if not cleaned.get("contact_point") and "contact_point" not in self.errors:
                self.add_error("contact_point", gettext("Choose the county to which it was made."))
            if not cleaned.get("channel") and "channel" not in self.errors:
                self.add_error("channel", gettext("Choose how it was made."))
        day, time = cleaned.get("done_on"), cleaned.get("done_at")
        if day and time:
            try:
                moment = forms.DateTimeField().clean(f"{day:%Y-%m-%d} {time:%H:%M}")
            except forms.ValidationError:
                # A local time that does not exist, in the night in which the clocks are put forward.
                self.add_error("done_at", gettext("There was no such time in that night. Write another."))
                return cleaned
            if moment > timezone.now():
                self.add_error("done_on", gettext("This moment has not come yet."))
            cleaned["moment"] = moment
        return cleaned

    def facts(self) -> dict:
        """What the row gets."""
        data = self.cleaned_data
        return {
            "notification_made": data["made"] == "yes",
            "done_at": data["moment"],
            "contact_point": data["contact_point"],
            "channel": data["channel"],
            "family_told": data["family_told"],
            "coordinator_told": data.get("coordinator_told", True),
        }


class IncidentForm(TokenForm):
    """Something went wrong, or does not work as it should: a few sentences."""

    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=IncidentKind.choices, widget=ChoiceTiles(shape="list")
    )
    words = forms.CharField(
        label=_("What happened?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A few sentences are enough. Nothing about a child's matters."),
    )


class IncidentAnswerForm(TokenForm):
    """The answer to whoever raised it."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you have found out and what has been done. The person who raised it reads this."),
    )


class ContactPointForm(TokenModelForm):
    """A new contact point."""

    url = forms.URLField(
        label=_("Page of the authority"), max_length=300, required=False, assume_scheme="https"
    )

    class Meta:
        model = ContactPoint
        fields = ("name_fi", "name_sv", "name_en", "phone", "hours", "urgent_phone", "url", "is_active")


class ContactPointEditForm(VersionModelForm):
    """Numbers change; whoever saves second is told."""

    url = forms.URLField(
        label=_("Page of the authority"), max_length=300, required=False, assume_scheme="https"
    )

    class Meta(ContactPointForm.Meta):
        pass


class TopicForm(TokenModelForm):
    """A new theme or life phase."""

    def prepare(self) -> None:
        self.fields["kind"].choices = [("", _("Choose")), *TopicKind.choices]

    class Meta:
        model = Topic
        fields = ("kind", "code", "name_fi", "name_sv", "name_en", "position", "is_active")


class TopicEditForm(VersionModelForm):
    """The code stays: partners and requests point at it."""

    class Meta:
        model = Topic
        fields = ("name_fi", "name_sv", "name_en", "position", "is_active")
