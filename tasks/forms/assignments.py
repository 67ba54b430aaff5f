"""What staff and partners type about assignments."""

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal

from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.choices import BaseChoiceIterator
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.core.dates import today
from kumppani.core.forms import (
    ChoiceTiles,
    ChoiceTilesMultiple,
    DateInput,
    HouseForm,
    SpokenDecimalField,
    TimeInput,
    TokenForm,
    TokenModelForm,
    VersionMixin,
    VersionModelForm,
)
from kumppani.core.validators import no_identity_code
from kumppani.organisations.models import Grant, Organisation
from pairing.models import ExperiencePartner
from tasks.models import Assignment, AssignmentKind, CancelledBy, DevelopmentTarget, Participation, Payer
from tasks.rotation import SHOWN, Turn, can_be_asked, in_turn, turns
from tasks.states import ParticipationStatus


class AssignmentForm(TokenModelForm):
    """What an organisation has asked for. Who pays decides whether a grant is named."""

    kind = forms.ModelChoiceField(
        label=_("What kind of assignment?"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the kind from the list.")},
    )
    title = forms.CharField(
        label=_("What, in a few words?"),
        max_length=140,
        help_text=_("For example: a talk on meeting parents. Do not write anybody's name here."),
        error_messages={"required": _("Write in a few words what it is.")},
    )
    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=None,
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation from the list.")},
    )
    date = forms.DateField(
        label=_("On which day?"), widget=DateInput(), error_messages={"required": _("Choose the day.")}
    )
    starts_at = forms.TimeField(label=_("At what time?"), widget=TimeInput(), required=False)
    hours = SpokenDecimalField(
        label=_("How many hours?"),
        min_value=Decimal("0.5"),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the hours as a number, for example 2,5.")
        ),
    )
    place = forms.CharField(
        label=_("Where?"),
        max_length=120,
        required=False,
        validators=[no_identity_code],
        help_text=_("An address, or that it is by video."),
    )
    partners_wanted = forms.IntegerField(
        label=_("How many partners are wanted?"),
        min_value=1,
        max_value=20,
        initial=1,
        error_messages={"required": _("Write how many partners are wanted, from 1 to 20.")},
    )
    audience = forms.CharField(
        label=_("Who is listening or taking part?"),
        max_length=120,
        required=False,
        help_text=_("For example: students of social work."),
    )
    audience_size = forms.IntegerField(
        label=_("How many of them?"), min_value=0, max_value=100_000, required=False
    )
    target = forms.ChoiceField(
        label=_("What does it develop?"),
        choices=[("", _("neither of these")), *DevelopmentTarget.choices],
        widget=ChoiceTiles(shape="list"),
        required=False,
    )
    payer = forms.ChoiceField(
        label=_("Who pays the fees?"),
        choices=Payer.choices,
        widget=ChoiceTiles(shape="row"),
        initial=Payer.PROJECT,
    )
    grant = forms.ModelChoiceField(
        label=_("From which grant?"),
        queryset=None,
        required=False,
        empty_label=_("No grant"),
        help_text=_("If the project pays, choose the grant. If the orderer pays, this does not matter."),
    )
    orderer_amount = SpokenDecimalField(
        label=_("What does the orderer pay for the fees together, in euros?"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text=_(
            "If the orderer pays. You may leave it open now: it is agreed before you confirm the assignment. Travel"
            " comes on top; the orderer pays it too."
        ),
        error_messages={"invalid": _("Write the sum as a number, for example 80 or 82,50.")},
    )

    class Meta:
        model = Assignment
        fields = (
            "kind",
            "title",
            "organisation",
            "date",
            "starts_at",
            "hours",
            "place",
            "partners_wanted",
            "audience",
            "audience_size",
            "target",
            "payer",
            "grant",
            "orderer_amount",
        )

    def prepare(self) -> None:
        day = today()
        self.fields["kind"].queryset = AssignmentKind.objects.visible_to(self.actor).in_use()
        self.fields["organisation"].queryset = Organisation.objects.visible_to(self.actor).valid_on(day)
        self.fields["grant"].queryset = Grant.objects.visible_to(self.actor)
        # Neither may simply be left out: "none of them" is an answer, and who pays decides about the grant.
        self.fields["grant"].has_answer_none = self.fields["target"].has_answer_none = True
        if not self.is_bound and self.instance._state.adding:
            running = list(self.fields["grant"].queryset.running_on(day)[:2])
            self.initial.setdefault("grant", running[0].pk if len(running) == 1 else None)

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Fieldset(_("What and for whom"), "kind", "title", "organisation"),
            Fieldset(
                _("When and where"),
                "date",
                Div("starts_at", "hours", css_class="field-pair"),
                "place",
            ),
            Fieldset(_("Partners"), Field("partners_wanted", wrapper_class="field-short")),
            Fieldset(
                _("Those who listen"),
                "audience",
                Field("audience_size", wrapper_class="field-short"),
                Field("target", wrapper_class="choice-grid choice-grid--list"),
            ),
            Fieldset(
                _("Fees"),
                Field("payer", wrapper_class="choice-grid choice-grid--row"),
                "grant",
                Field("orderer_amount", wrapper_class="field-short"),
            ),
            *_hidden(self),
        )

    def clean(self):
        cleaned = super().clean()
        day, organisation, grant = cleaned.get("date"), cleaned.get("organisation"), cleaned.get("grant")
        payer = cleaned.get("payer")
        if payer == Payer.ORDERER:
            # The grant is suggested beforehand; whoever then chooses the orderer has said enough.
            grant = cleaned["grant"] = None
        elif payer == Payer.PROJECT:
            cleaned["orderer_amount"] = None
        if day and organisation and not self._works_with_us(organisation, day):
            self.add_error(
                "organisation", _("This organisation does not work with us on that day. Choose another.")
            )
        if payer == Payer.PROJECT and not grant and "grant" not in self.errors:
            self.add_error("grant", _("The project pays: choose the grant from which it pays."))
        elif day and grant and not grant.starts_on <= day <= grant.ends_on:
            self.add_error("grant", _("This grant does not cover that day. Choose another."))
        return cleaned

    def _works_with_us(self, organisation: Organisation, day: datetime.date) -> bool:
        """The list shows those of today; the assignment's day may be another."""
        return Organisation.objects.visible_to(self.actor).valid_on(day).filter(pk=organisation.pk).exists()


def _hidden(form) -> list[str]:
    """The hidden fields that the bases add, once they are there."""
    return [name for name in ("submission", "seen_version") if name in form.fields]


class AssignmentEditForm(VersionMixin, AssignmentForm):
    """The same facts, mended. What it has now stays in the lists, even when it is no longer in use."""

    def prepare(self) -> None:
        super().prepare()
        for name in ("kind", "organisation"):
            field = self.fields[name]
            now = field.queryset.model.objects.visible_to(self.actor)
            field.queryset = field.queryset | now.filter(pk=getattr(self.instance, f"{name}_id"))


class AssignmentFilterForm(HouseForm, forms.Form):
    """What stands in the list of assignments. What cannot be read is passed over."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    organisation = forms.ChoiceField(label=_("For whom"), required=False)
    first = forms.DateField(label=_("From"), widget=DateInput(), required=False)
    last = forms.DateField(label=_("To"), widget=DateInput(), required=False)

    def prepare(self) -> None:
        for name, model in (("kind", AssignmentKind), ("organisation", Organisation)):
            rows = sorted((str(row), str(row.pk)) for row in model.objects.visible_to(self.actor))
            self.fields[name].choices = [("", _("All")), *((pk, label) for label, pk in rows)]

    def narrowed(self, assignments):
        """The assignments that fit what was chosen."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        paths = {
            "kind": "kind_id",
            "organisation": "organisation_id",
            "first": "date__gte",
            "last": "date__lte",
        }
        return assignments.filter(**{paths[name]: value for name, value in chosen.items()})


class _TurnsToChoose(BaseChoiceIterator):
    """The rows of the form, looked up when the form is drawn and not before: by then the fee has been read."""

    def __init__(self, form: "OfferForm"):
        self.form = form

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for turn in self.form.turns:
            yield str(turn.partner.pk), render_to_string("tasks/_turn.html", {"turn": turn})


class OfferForm(TokenForm):
    """Whom to ask, and the fee agreed beforehand. Whose turn it is stands first; anybody ready may be chosen."""

    FEE, VOLUNTEERING = "fee", "volunteering"

    partners = forms.ModelMultipleChoiceField(
        label=_("Whom do you ask?"),
        queryset=None,
        widget=ChoiceTilesMultiple(),
        help_text=_("You can ask several at once. Each of them answers alone."),
        error_messages={
            "required": _("Choose at least one partner."),
            "invalid_choice": _("This partner cannot be asked just now. Choose again."),
            "invalid_pk_value": _("This partner cannot be asked just now. Choose again."),
        },
    )
    paid = forms.ChoiceField(
        label=_("Is a fee paid?"),
        choices=[(FEE, _("a fee")), (VOLUNTEERING, _("no fee: volunteering"))],
        widget=ChoiceTiles(shape="row"),
        initial=FEE,
    )
    fee_amount = SpokenDecimalField(
        label=_("Fee in euros for each"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text=_("You agree on it now, before the assignment. Preparing and the time itself are in it."),
        error_messages={"invalid": _("Write the fee as a number, for example 80 or 82,50.")},
    )

    def __init__(self, *args, assignment: Assignment, suggestion=None, words: str = "", **kwargs):
        self.assignment = assignment
        self.suggestion = suggestion
        self.words = words
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        partners = ExperiencePartner.objects.visible_to(self.actor)
        # A form sent twice names a partner who has just been asked: the token answers that, not this list.
        self.askable = can_be_asked(partners, self.assignment)
        self.fields["partners"].queryset = partners.ready().staying() if self.is_bound else self.askable
        self.fields["partners"].widget.choices = _TurnsToChoose(self)
        if not self.is_bound and self.suggestion is not None:
            self.initial.setdefault("fee_amount", self.suggestion.amount)
        if not self.is_bound and self.wished:
            can_be = self.askable.filter(pk__in=[partner.pk for partner in self.wished])
            self.initial.setdefault("partners", list(can_be.values_list("pk", flat=True)))

    @cached_property
    def wished(self) -> list[ExperiencePartner]:
        """Whom the orderer has chosen, whether or not they can be asked now."""
        if self.assignment.order_id is None:
            return []
        chosen = ExperiencePartner.objects.visible_to(self.actor).filter(orders=self.assignment.order_id)
        return list(chosen.order_by("last_name", "first_name", "id"))

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Field("partners", wrapper_class="choice-grid choice-grid--list"),
            Field("paid", wrapper_class="choice-grid choice-grid--row"),
            Field("fee_amount", wrapper_class="field-short"),
            *_hidden(self),
        )

    @cached_property
    def _in_turn(self) -> list[ExperiencePartner]:
        """One more than is shown, to know whether there are others."""
        ticked = [pk for pk in map(_as_uuid, self["partners"].value() or []) if pk is not None]
        return list(in_turn(self.askable, self.assignment, words=self.words, first=ticked)[: SHOWN + 1])

    @cached_property
    def turns(self) -> list[Turn]:
        """The partners shown, in the order of their turn."""
        wished = {partner.pk for partner in self.wished}
        return turns(self._in_turn[:SHOWN], self.assignment, self.fee, wished)

    @property
    def fee(self) -> Decimal | None:
        """What would be agreed with each: the sum typed, and the suggested one until something sensible is typed."""
        if self["paid"].value() == self.VOLUNTEERING:
            return None
        if self.is_bound and "fee_amount" not in self.errors:
            return self.cleaned_data["fee_amount"]
        return self.suggestion.amount if self.suggestion is not None else None

    @property
    def has_more(self) -> bool:
        return len(self._in_turn) > SHOWN

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("paid") == self.VOLUNTEERING:
            cleaned["fee_amount"] = None
        elif cleaned.get("fee_amount") is None and "fee_amount" not in self.errors:
            self.add_error("fee_amount", _("Write the fee as a number, for example 80 or 82,50."))
        return cleaned


def _as_uuid(value) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


class PartChoice(forms.ModelMultipleChoiceField):
    """Those who have said yes, by name."""

    def label_from_instance(self, participation: Participation) -> str:
        return participation.partner.name


class CompleteForm(TokenForm):
    """Who took part, how many were there, and how long each one prepared."""

    came = PartChoice(
        label=_("Who took part?"),
        queryset=None,
        widget=ChoiceTilesMultiple(),
        help_text=_("Whoever did not come gets no fee, and a notice about it."),
        error_messages={
            "required": _("Choose who took part. If nobody did, call the assignment off."),
            "invalid_choice": _("This partner has not said yes. Choose again."),
            "invalid_pk_value": _("This partner has not said yes. Choose again."),
        },
    )
    audience_size = forms.IntegerField(
        label=_("How many people were there to listen or take part?"),
        min_value=0,
        max_value=100_000,
        required=False,
    )

    # Who had said yes when the form was drawn: a list that has changed since is looked at again.
    seen_yes = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args, assignment: Assignment, **kwargs):
        self.assignment = assignment
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        parts = (
            Participation.objects.visible_to(self.actor)
            .filter(assignment=self.assignment, status=ParticipationStatus.ACCEPTED)
            .select_related("partner")
            .order_by("partner__last_name", "partner__first_name", "id")
        )
        self.fields["came"].queryset = parts
        self.parts = list(parts)
        for part in self.parts:
            self.fields[_minutes_of(part)] = forms.IntegerField(
                label=gettext("Minutes of preparation: %(name)s") % {"name": part.partner.name},
                min_value=0,
                max_value=6000,
                required=False,
            )
            self.initial.setdefault(_minutes_of(part), part.preparation_minutes)
        self.initial.setdefault("came", [part.pk for part in self.parts])
        self.initial.setdefault("audience_size", self.assignment.audience_size)
        # Never what was kept from before a session ran out.
        self.initial["seen_yes"] = ",".join(sorted(part.pk.hex for part in self.parts))
        seen = self.data.get("seen_yes")
        self.others_by_now = self.is_bound and seen != self.initial["seen_yes"]
        if self.others_by_now and seen is not None:
            self._draw_anew()  # without the list it is none of our pages: refused, and judged as it was sent

    def _draw_anew(self) -> None:
        """Keep what was typed, leave out who no longer comes, and tick who has said yes since, as at first."""
        seen = self.data.get("seen_yes", "").split(",")
        new = [part for part in self.parts if part.pk.hex not in seen]
        ticked = {pk.hex for pk in map(_as_uuid, self.data.getlist("came")) if pk is not None}
        self.data = self.data.copy()
        self.data["seen_yes"] = self.initial["seen_yes"]
        self.data.setlist(
            "came", [str(part.pk) for part in self.parts if part.pk.hex in ticked or part in new]
        )
        for part in new:
            if part.preparation_minutes is not None:
                self.data.setdefault(_minutes_of(part), str(part.preparation_minutes))

    def lay_out(self) -> None:
        self.helper.layout = Layout(
            Field("came", wrapper_class="choice-grid choice-grid--list"),
            *(Field(_minutes_of(part), wrapper_class="field-short") for part in self.parts),
            Field("audience_size", wrapper_class="field-short"),
            "seen_yes",
            *_hidden(self),
        )

    def clean(self):
        cleaned = super().clean()
        if self.others_by_now:
            self.add_error(
                None, _("Who has said yes has changed since you opened this page. Look at the list again.")
            )
        return cleaned

    def preparation(self) -> dict[uuid.UUID, int | None]:
        """Participation → minutes."""
        return {part.pk: self.cleaned_data[_minutes_of(part)] for part in self.parts}


def _minutes_of(part: Participation) -> str:
    return f"minutes_{part.pk.hex}"


class CancelForm(TokenForm):
    """By whom, and – called off late – how much of the agreed fees is paid all the same."""

    cancelled_by = forms.ChoiceField(
        label=_("Who calls it off?"),
        choices=CancelledBy.choices,
        widget=ChoiceTiles(shape="list"),
        error_messages={"required": _("Choose who calls it off.")},
    )
    late_share = forms.TypedChoiceField(
        label=_("How much of the agreed fees is paid all the same?"),
        choices=[(0, _("nothing")), (50, _("half")), (100, _("all of it"))],
        coerce=int,
        widget=ChoiceTiles(shape="row"),
        help_text=_("It is called off late: those who said yes have prepared, and kept the day free."),
        error_messages={"required": _("Choose how much is paid.")},
    )

    ONLY_THE_ORDERER = _("The orderer pays these fees: something is paid only when the orderer calls it off.")

    def __init__(self, *args, has_late_fees: bool, orderer_pays: bool, **kwargs):
        self.has_late_fees = has_late_fees
        self.orderer_pays = orderer_pays
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if not self.has_late_fees:
            del self.fields["late_share"]
        elif self.orderer_pays:
            field = self.fields["late_share"]
            field.help_text = f"{field.help_text} {self.ONLY_THE_ORDERER}"

    def clean(self):
        cleaned = super().clean()
        by_another = cleaned.get("cancelled_by") != CancelledBy.ORDERER
        if self.orderer_pays and by_another and cleaned.get("late_share"):
            self.add_error("late_share", self.ONLY_THE_ORDERER)
        return cleaned


class PreparationForm(VersionModelForm):
    """How long preparing took, in the partner's own words: minutes."""

    preparation_minutes = forms.IntegerField(
        label=_("How many minutes did you prepare?"),
        min_value=0,
        max_value=6000,
        help_text=_("For example 90. It is counted; your fee stays as it was agreed."),
        error_messages=dict.fromkeys(
            ["required", "invalid"], _("Write the minutes as a number, for example 90.")
        ),
    )

    class Meta:
        model = Participation
        fields = ("preparation_minutes",)

    def lay_out(self) -> None:
        self.helper.layout = Layout(Field("preparation_minutes", wrapper_class="field-short"), *_hidden(self))


class AnswerForm(TokenForm):
    """Yes or no: the two buttons of the page. No reason is asked."""

    YES, NO = "yes", "no"

    answer = forms.ChoiceField(
        choices=[(YES, _("Yes")), (NO, _("No"))], error_messages={"required": _("Press yes or no.")}
    )
