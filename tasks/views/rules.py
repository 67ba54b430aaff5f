"""Kinds of assignment and fee rules: data that the administrator keeps."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import ADMINISTRATOR
from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.core.views import FormPage, VisibleForm, VisibleList
from pairing.views.data import DataCreate, DataEdit
from tasks import services
from tasks.forms import AssignmentKindEditForm, AssignmentKindForm, FeeRuleEndForm, FeeRuleForm
from tasks.models import AssignmentKind, FeeRule, RecordCheck

CHECK_TONES = {
    RecordCheck.NOT_POSSIBLE: "plain",
    RecordCheck.MAY_BE_ASKED: "note",
    RecordCheck.MUST_BE_SEEN: "wait",
}


class AssignmentKindList(VisibleList):
    """Every kind, with what its answers mean for a criminal-record extract."""

    allowed_roles = ADMINISTRATOR
    model = AssignmentKind
    template_name = "tasks/assignment_kind_list.html"
    title = _("Kinds of assignment")
    lead = _("Staff choose from these. A kind that is no longer used keeps its history.")
    order = ("name_fi", "id")
    shows_people = False

    def extra(self, rows) -> dict:
        for kind in rows:
            kind.check_tone = CHECK_TONES[kind.record_check]
        return {}


class _KindSaved:
    """After saving, the answer that follows is said in words."""

    def answer(self, made) -> HttpResponse:
        kind = AssignmentKind.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            gettext("Saved. A criminal-record extract: %(answer)s. %(why)s")
            % {"answer": kind.record_check.label, "why": services.record_check_reason(kind)},
            reverse(self.list_url),
        )


class AssignmentKindCreate(_KindSaved, DataCreate):
    """A new kind."""

    form_class = AssignmentKindForm
    title = _("New kind of assignment")
    list_url = "assignment_kind_list"


class AssignmentKindEdit(_KindSaved, DataEdit):
    """A kind's names, use and answers."""

    model = AssignmentKind
    form_class = AssignmentKindEditForm
    template_name = "tasks/assignment_kind_edit.html"
    title = _("Change a kind of assignment")
    list_url = "assignment_kind_list"

    def deed(self, form) -> AssignmentKind:
        return services.edit_kind(
            kind=form.instance,
            fields=list(form.Meta.fields),
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
        )

    def extra(self) -> dict:
        # As it is saved: the form writes what is typed into its own copy of the record.
        kind = AssignmentKind.objects.visible_to(self.actor).get(pk=self.object.pk)
        return {
            **super().extra(),
            "check": kind.record_check.label,
            "check_tone": CHECK_TONES[kind.record_check],
            "reason": services.record_check_reason(kind),
        }


class FeeRuleList(VisibleList):
    """What is usually paid, the newest first: in force, coming and past."""

    allowed_roles = ADMINISTRATOR
    model = FeeRule
    template_name = "tasks/fee_rule_list.html"
    title = _("Fee rules")
    lead = _(
        "What is suggested when a partner is asked. The programme sets its own amounts; the fee agreed may differ."
    )
    order = ("-valid_from", "-id")
    shows_people = False

    def get_queryset(self):
        return super().get_queryset().select_related("kind")

    def extra(self, rows) -> dict:
        now = today()
        for rule in rows:
            if rule.valid_from > now:
                rule.word, rule.tone = gettext("Coming"), "note"
            elif rule.valid_to is None or rule.valid_to >= now:
                rule.word, rule.tone = gettext("In force"), "good"
            else:
                rule.word, rule.tone = gettext("Past"), "plain"
            rule.may_end = rule.valid_to is None or rule.valid_to >= now
        return {}


class FeeRuleCreate(FormPage):
    """A new rule from a day on; the one before ends by itself."""

    allowed_roles = ADMINISTRATOR
    form_class = FeeRuleForm
    title = _("New fee rule")
    submit_label = _("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse("fee_rule_list"), gettext("Fee rules")

    def deed(self, form) -> FeeRule:
        names = ("kind", "unit", "amount", "preparation_hours", "valid_from")
        return services.set_fee_rule(by=self.actor, **{name: form.cleaned_data[name] for name in names})

    def answer(self, made) -> HttpResponse:
        rule = FeeRule.objects.visible_to(self.actor).select_related("kind").get(pk=made)
        return self.done(
            gettext("Saved: %(kind)s, from %(day)s on.")
            % {"kind": str(rule.kind), "day": day_words(rule.valid_from)},
            reverse("fee_rule_list"),
        )


class FeeRuleEnd(VisibleForm):
    """From a day on nothing is suggested for this kind."""

    allowed_roles = ADMINISTRATOR
    model = FeeRule
    form_class = FeeRuleEndForm
    title = _("End this fee rule?")
    submit_label = _("End it")

    def get_queryset(self):
        return super().get_queryset().select_related("kind")

    def get_lead(self) -> str:
        return gettext(
            "%(kind)s. After the last day nothing is suggested; fees that have been agreed stay."
        ) % {"kind": str(self.object.kind)}

    def get_back(self) -> tuple[str, str]:
        return reverse("fee_rule_list"), gettext("Fee rules")

    def form_kwargs(self) -> dict:
        return {"rule": self.object}

    def deed(self, form) -> FeeRule:
        services.end_fee_rule(rule=self.object, last_day=form.cleaned_data["last_day"], by=self.actor)
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("Saved."), reverse("fee_rule_list"))
