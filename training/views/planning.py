"""The life of a cohort, led by the staff: planned, opened, closed, begun, called off."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.core.pages import OnlyWhileOpen
from kumppani.core.templatetags.kumppani import day
from kumppani.core.views import DeedView, FormPage, VisibleForm
from training import services
from training.forms import CohortEditForm, CohortForm, CohortOpenForm
from training.models import Cohort, Enrolment
from training.services.cohorts import NOT_BEGUN
from training.states import WAITING, CohortStatus, EnrolmentStatus


class CohortCreate(FormPage):
    """A new cohort: five months and 100 hours, unless it is said otherwise (B8)."""

    allowed_roles = STAFF
    form_class = CohortForm
    title = _("New cohort")
    lead = _("You make the programme next. Nobody sees the cohort before you open it for applications.")
    submit_label = _("Save the cohort")

    def get_back(self) -> tuple[str, str]:
        return reverse("cohort_list"), gettext("All cohorts")

    def deed(self, form) -> Cohort:
        return services.create_cohort(by=self.actor, **form.facts())

    def answer(self, made) -> HttpResponse:
        cohort = Cohort.objects.visible_to(self.actor).get(pk=made)
        words = {"what": cohort.name, "first": day(cohort.starts_on), "last": day(cohort.ends_on)}
        return self.done(gettext("Saved: %(what)s, %(first)s – %(last)s.") % words, cohort.get_absolute_url())


class CohortEdit(OnlyWhileOpen, VisibleForm):
    """Mend the facts, until the cohort is completed or called off."""

    allowed_roles = STAFF
    model = Cohort
    form_class = CohortEditForm
    title = _("Change the cohort")
    submit_label = _("Save")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), gettext("The cohort")

    def is_open(self) -> bool:
        return self.object.can_edit(self.actor)

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Cohort:
        return services.edit_cohort(
            cohort=form.instance, by=self.actor, seen_version=form.cleaned_data["seen_version"]
        )

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("Saved."), self.object.get_absolute_url())


class CohortOpen(OnlyWhileOpen, VisibleForm):
    """From now on, or from a day, everybody can apply."""

    allowed_roles = STAFF
    model = Cohort
    form_class = CohortOpenForm
    title = _("Open for applications")
    lead = _("Everybody then reads the name, the dates, the place and what applicants should know.")
    submit_label = _("Open for applications")

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), gettext("The cohort")

    def is_open(self) -> bool:
        return self.object.may_move_to(CohortStatus.RECRUITING)

    def form_kwargs(self) -> dict:
        names = ("apply_from", "apply_until", "places")
        return {"initial": {name: getattr(self.object, name) for name in names}}

    def deed(self, form) -> Cohort:
        names = ("apply_from", "apply_until", "places")
        facts = {name: form.cleaned_data[name] for name in names}
        services.open_cohort(cohort=self.object, by=self.actor, **facts)
        return self.object

    def answer(self, made) -> HttpResponse:
        cohort = Cohort.objects.visible_to(self.actor).get(pk=made)
        last = day(cohort.apply_until) if cohort.apply_until else ""
        return self.done(
            gettext("Open for applications until %(day)s.") % {"day": last}, cohort.get_absolute_url()
        )


class _CohortDeed(OnlyWhileOpen, DeedView):
    allowed_roles = STAFF
    model = Cohort
    leads_to = ""

    def is_open(self) -> bool:
        return self.object.may_move_to(self.leads_to)

    def get_lead(self) -> str:
        return self.object.name

    def number_of(self, *statuses: str) -> int:
        """How many people of the cohort are in one of these states."""
        people = Enrolment.objects.visible_to(self.actor)
        return people.filter(cohort=self.object, status__in=statuses).count()


class CohortClose(_CohortDeed):
    """Nobody can apply any more, for now."""

    leads_to = CohortStatus.PLANNED
    question = _("Close the applications?")
    button = _("Yes, close them")

    def consequences(self) -> list[str]:
        return [
            gettext("Nobody can apply any more. You can open it again."),
            gettext("Those who have applied stay, and you answer them."),
        ]

    def deed(self) -> str:
        services.close_cohort(cohort=self.object, by=self.actor)
        return gettext("Nobody can apply any more.")


class CohortStart(_CohortDeed):
    """The training begins."""

    leads_to = CohortStatus.RUNNING
    question = _("Start the training?")
    button = _("Yes, start it")

    def consequences(self) -> list[str]:
        accepted, waiting = self.number_of(EnrolmentStatus.ACCEPTED), self.number_of(*WAITING)
        said = [
            ngettext(
                "%(count)s person has been accepted, and attends from now on.",
                "%(count)s people have been accepted, and attend from now on.",
                accepted,
            )
            % {"count": accepted},
            gettext("Attendance can be marked."),
            gettext("It is no longer open for applications."),
        ]
        if waiting:
            said.append(
                ngettext(
                    "%(count)s person still waits for an answer. You can give it after the start, too.",
                    "%(count)s people still wait for an answer. You can give it after the start, too.",
                    waiting,
                )
                % {"count": waiting}
            )
        return said

    def deed(self) -> str:
        attending = len(services.start_cohort(cohort=self.object, by=self.actor))
        return ngettext(
            "The training has begun. %(count)s person attends.",
            "The training has begun. %(count)s people attend.",
            attending,
        ) % {"count": attending}


class CohortCallOff(_CohortDeed):
    """There will be no training."""

    leads_to = CohortStatus.CANCELLED
    question = _("Call off this training?")
    button = _("Yes, call it off")
    danger = True

    def consequences(self) -> list[str]:
        people = self.number_of(*NOT_BEGUN)
        return [
            ngettext(
                "%(count)s person who applied or was accepted gets a letter that it is not held.",
                "%(count)s people who applied or were accepted get a letter that it is not held.",
                people,
            )
            % {"count": people},
            gettext("Ring those who have given no e-mail address."),
            gettext("Its sessions leave the calendar."),
            gettext("You cannot take this back."),
        ]

    def deed(self) -> str:
        people = services.call_off_cohort(cohort=self.object, by=self.actor)
        silent = sorted(person.name for person in people if not person.email)
        if silent:
            return gettext("The training has been called off. Ring these people: %(names)s.") % {
                "names": ", ".join(silent)
            }
        return gettext("The training has been called off.")
