"""Who stands in for a social worker, and who takes over a parent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.models import RoleGrant
from kumppani.core.dates import today
from kumppani.core.forms import DateInput, TokenForm
from pairing.models import Parent


class ColleagueField(forms.ModelChoiceField):
    """Somebody who works as a social worker now. A record of her or his own is made at the deed."""

    def __init__(self, **kwargs):
        super().__init__(queryset=RoleGrant.objects.none(), empty_label=_("Choose"), **kwargs)

    def choose_from(self, actor) -> None:
        """Those whom this actor may choose, by name."""
        self.with_organisation = actor.role == "staff"
        self.queryset = (
            RoleGrant.objects.visible_to(actor)
            .social_workers()
            .select_related("user", "organisation")
            .order_by("user__last_name", "user__first_name", "id")
        )

    def label_from_instance(self, obj: RoleGrant) -> str:
        name = obj.user.get_full_name()
        return f"{name}, {obj.organisation}" if self.with_organisation else name


class SubstitutionForm(TokenForm):
    """A colleague and the days."""

    substitute = ColleagueField(label=_("Who stands in for you?"))
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())

    def prepare(self) -> None:
        field = self.fields["substitute"]
        field.choose_from(self.actor)
        field.queryset = field.queryset.exclude(user_id=self.actor.user_id)
        self.initial.setdefault("starts_on", today())

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if starts_on < today():
            raise forms.ValidationError(_("The first day is today or later."))
        return starts_on

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day cannot be before the first day."))
        return cleaned


class HandOverForm(TokenForm):
    """The parent's next social worker."""

    to = ColleagueField(label=_("Who is the social worker from now on?"))

    def __init__(self, *args, parent: Parent, **kwargs):
        self.parent = parent
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        field, own = self.fields["to"], self.parent.social_worker
        field.choose_from(self.actor)
        field.queryset = field.queryset.exclude(user_id=own.user_id, organisation_id=own.organisation_id)
