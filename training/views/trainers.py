"""Who teaches: kept by the staff (B11). Trainers from outside need no account."""

from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.core.dates import today
from kumppani.core.views import FormPage, VisibleForm, VisibleList
from training import services
from training.forms import TrainerEditForm, TrainerForm
from training.models import Trainer


class TrainerList(VisibleList):
    """All trainers by name, with what they know and how often they still teach."""

    allowed_roles = STAFF
    model = Trainer
    template_name = "training/trainer_list.html"
    title = _("Trainers")
    lead = _("Who teaches, and what each of them knows.")
    order = ("name", "id")

    def get_queryset(self):
        coming = Q(sessions__date__gte=today(), sessions__is_cancelled=False)
        return super().get_queryset().annotate(coming=Count("sessions", filter=coming))


class _TrainerPage:
    allowed_roles = STAFF
    model = Trainer
    submit_label = _("Save")

    def get_back(self) -> tuple[str, str]:
        return reverse("trainer_list"), gettext("All trainers")

    def deed(self, form) -> Trainer:
        return services.save_trainer(
            trainer=form.instance, by=self.actor, seen_version=form.cleaned_data.get("seen_version")
        )

    def answer(self, made) -> HttpResponse:
        trainer = Trainer.objects.visible_to(self.actor).get(pk=made)
        return self.done(gettext("Saved: %(what)s.") % {"what": trainer.name}, reverse("trainer_list"))


class TrainerCreate(_TrainerPage, FormPage):
    form_class = TrainerForm
    title = _("New trainer")


class TrainerEdit(_TrainerPage, VisibleForm):
    form_class = TrainerEditForm
    title = _("Change a trainer")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}
