"""That an extract has been seen: the kind of work and two dates. There is no other field, by law."""

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import ChoiceTiles, DateInput, TokenForm
from tasks.models import AssignmentKind, CriminalRecordNote


class _Kinds(forms.ModelChoiceField):
    """Each with what the law says of it."""

    def label_from_instance(self, kind: AssignmentKind) -> str:
        return format_html(
            '{}<span class="choice-note">{}</span>', str(kind).capitalize(), kind.record_check.label
        )


class RecordNoteForm(TokenForm):
    """Only kinds for which the law allows it, and for which it has not been seen."""

    kind = _Kinds(
        label=_("For what kind of work?"),
        queryset=None,
        empty_label=None,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose the kind of work.")},
    )
    issued_on = forms.DateField(
        label=_("Day of the extract"),
        widget=DateInput(),
        help_text=_("It stands on the extract. It may be at most six months old."),
    )
    seen_on = forms.DateField(label=_("Seen on"), widget=DateInput())

    def __init__(self, *args, partner, **kwargs):
        self.partner = partner
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        seen = CriminalRecordNote.objects.visible_to(self.actor).filter(partner=self.partner)
        kinds = AssignmentKind.objects.visible_to(self.actor).in_use().record_may_be_seen()
        # Of a form sent twice the token knows: a kind that has just been written down is still a kind.
        self.fields["kind"].queryset = kinds if self.is_bound else kinds.exclude(pk__in=seen.values("kind"))
        self.initial.setdefault("seen_on", today())

    def lay_out(self) -> None:
        hidden = [name for name in ("submission",) if name in self.fields]
        self.helper.layout = Layout(
            Field("kind", wrapper_class="choice-grid choice-grid--list"),
            Field("issued_on", wrapper_class="field-short"),
            Field("seen_on", wrapper_class="field-short"),
            *hidden,
        )
