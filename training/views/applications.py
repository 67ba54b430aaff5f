"""The staff's side of applying: the queue, the talk, the answer, the letters."""

import uuid

from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.core.dates import today
from kumppani.core.pages import FilterByState, OnlyWhileOpen
from kumppani.core.templatetags.kumppani import weekday_day
from kumppani.core.views import DeedView, FormPage, VisibleDetail, VisibleForm, VisibleList
from training import services
from training.forms import ApplicantContactForm, InterviewForm, RecordApplicationForm
from training.models import ApplicantLetter, ApplicantLink, Cohort, Enrolment
from training.states import CohortStatus, EnrolmentStatus

HAVE_A_PLACE = (EnrolmentStatus.ACCEPTED, EnrolmentStatus.ATTENDING, EnrolmentStatus.COMPLETED)
# Cohorts offered above the list: the newest.
COHORTS_SHOWN = 8


class ApplicationList(FilterByState, VisibleList):
    """The queue: whoever has waited longest is first. All cohorts, or one of them."""

    allowed_roles = STAFF
    model = Enrolment
    template_name = "training/application_list.html"
    title = _("Applications to the training")
    lead = _("Everybody who applies gets an answer. Nothing is proved, and no story is written down.")

    def tabs(self):
        return {
            "waiting": (_("Waiting"), (EnrolmentStatus.APPLIED,)),
            "reserve": (EnrolmentStatus.RESERVE.label, (EnrolmentStatus.RESERVE,)),
            "accepted": (EnrolmentStatus.ACCEPTED.label, (EnrolmentStatus.ACCEPTED,)),
            "rejected": (EnrolmentStatus.REJECTED.label, (EnrolmentStatus.REJECTED,)),
            "withdrawn": (EnrolmentStatus.WITHDRAWN.label, (EnrolmentStatus.WITHDRAWN,)),
        }

    @property
    def oldest_first(self) -> bool:
        return self.state in ("waiting", "reserve")

    @property
    def order(self) -> tuple[str, ...]:
        return ("created_at", "id") if self.oldest_first else ("-created_at", "-id")

    @cached_property
    def cohort_id(self) -> uuid.UUID | None:
        """The cohort of the address, if it names one."""
        try:
            return uuid.UUID(self.request.GET.get("cohort", ""))
        except ValueError:
            return None

    def get_queryset(self):
        found = super().get_queryset().filter(status__in=self.statuses).select_related("cohort")
        return found.filter(cohort_id=self.cohort_id) if self.cohort_id else found

    def extra(self, rows) -> dict:
        counted = Enrolment.objects.visible_to(self.actor)
        if self.cohort_id:
            counted = counted.filter(cohort_id=self.cohort_id)
        counts = dict(counted.order_by().values_list("status").annotate(Count("pk")))
        for row in rows:
            row.days_waited = (today() - (row.applied_on or timezone.localdate(row.created_at))).days
        return {
            "chips": self.chips(counts),
            "cohort_chips": self.cohort_chips(),
            "state": self.state,
            "oldest_first": self.oldest_first,
        }

    def cohort_chips(self) -> list[dict]:
        """One chip for each cohort that has somebody in this state, with how many; none where there is only one."""
        here = Q(enrolments__status__in=self.statuses)
        cohorts = list(
            Cohort.objects.visible_to(self.actor)
            .annotate(number=Count("enrolments", filter=here))
            .filter(Q(number__gt=0) | Q(pk=self.cohort_id))
            .order_by("-starts_on", "-id")[:COHORTS_SHOWN]
        )
        if len(cohorts) < 2 and not self.cohort_id:
            return []
        chosen = [{"url": f"?state={self.state}", "label": gettext("All cohorts"), "pk": None}]
        chosen += [
            {
                "url": f"?state={self.state}&cohort={cohort.pk}",
                "label": cohort.name,
                "pk": cohort.pk,
                "count": cohort.number,
            }
            for cohort in cohorts
        ]
        return [{**chip, "current": chip["pk"] == self.cohort_id} for chip in chosen]


class ApplicationDetail(VisibleDetail):
    """One applicant: what was told, the talk, the answer, which letters went."""

    allowed_roles = STAFF
    model = Enrolment
    template_name = "training/application_detail.html"
    title = _("Application")

    def get_queryset(self):
        return super().get_queryset().select_related("cohort")

    def get_back(self):
        return reverse("application_list"), gettext("All applications")

    def extra(self) -> dict:
        person = self.object
        links = list(ApplicantLink.objects.visible_to(self.actor).filter(enrolment=person))
        for link in links:
            link.enrolment = person
        return {
            "links": links,
            "days_waited": (today() - (person.applied_on or timezone.localdate(person.created_at))).days,
            "letter_is_lost": bool(links) and links[0].letter_given_up_at is not None,
            "taken": taken(person.cohort, self.actor),
            "interview_is_over": person.interview_at is not None and person.interview_at <= timezone.now(),
            "may": {
                status.value: person.may_move_to(status)
                for status in (
                    EnrolmentStatus.ACCEPTED,
                    EnrolmentStatus.RESERVE,
                    EnrolmentStatus.REJECTED,
                    EnrolmentStatus.WITHDRAWN,
                )
            },
        }


def taken(cohort: Cohort, actor) -> int:
    """How many have a place in the cohort."""
    return Enrolment.objects.visible_to(actor).filter(cohort=cohort, status__in=HAVE_A_PLACE).count()


class _AnApplication(OnlyWhileOpen):
    """A page about a deed to an application, as long as it can be done."""

    allowed_roles = STAFF
    model = Enrolment
    target: EnrolmentStatus | None = None  # where the deed leads

    def get_queryset(self):
        return super().get_queryset().select_related("cohort")

    def get_kicker(self) -> str:
        return self.object.name

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The application")

    def is_open(self) -> bool:
        return self.object.may_move_to(self.target)

    def closed_sentence(self) -> str:
        return gettext("This application has been answered already.")

    def letter_sentence(self) -> str:
        """Who hears of it, and how."""
        if self.object.email:
            return gettext("A letter with a link goes to %(address)s.") % {"address": self.object.email}
        return gettext("There is no e-mail address. Ring %(number)s and tell.") % {
            "number": self.object.phone or gettext("the applicant")
        }


class _Deed(_AnApplication, DeedView):
    """A button of the staff, told to the applicant by letter."""

    def get_lead(self) -> str:
        return self.object.cohort.name

    def get_back(self):
        return self.object.get_absolute_url(), ""


class ApplicationInterview(_AnApplication, VisibleForm):
    """A time to talk, or another one."""

    form_class = InterviewForm
    title = _("A time to talk")
    submit_label = _("Save the time")

    def get_lead(self) -> str:
        return self.letter_sentence()

    def is_open(self) -> bool:
        return self.object.is_waiting

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Enrolment:
        services.set_interview(
            enrolment=self.object,
            at=form.at(),
            place=form.cleaned_data["place"],
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        saved = Enrolment.objects.visible_to(self.actor).get(pk=made)
        local = timezone.localtime(saved.interview_at)
        return self.done(
            gettext("Saved: you talk on %(day)s at %(time)s.")
            % {"day": weekday_day(local.date()), "time": date_format(local, "TIME_FORMAT")},
            saved.get_absolute_url(),
        )


class ApplicationAccept(_Deed):
    """A place in the training. Going beyond the places is told, not forbidden."""

    target = EnrolmentStatus.ACCEPTED
    question = _("Give this applicant a place?")
    button = _("Yes, accept")

    def consequences(self) -> list[str]:
        cohort = self.object.cohort
        sentences = [self.letter_sentence()]
        if cohort.places is not None:
            facts = {"taken": taken(cohort, self.actor), "places": cohort.places}
            full = facts["taken"] >= cohort.places
            sentences.append(
                (
                    gettext(
                        "All places are taken: %(taken)s of %(places)s. You can accept one more all the same."
                    )
                    if full
                    else gettext("So far %(taken)s of %(places)s places are taken.")
                )
                % facts
            )
        if cohort.status == CohortStatus.RUNNING:
            sentences.append(gettext("The training is running already, so this person attends from now on."))
        return sentences

    def deed(self) -> str:
        services.accept_applicant(enrolment=self.object, by=self.actor)
        return gettext("Accepted: %(name)s.") % {"name": self.object.name}


class ApplicationReserve(_Deed):
    """The next in line."""

    target = EnrolmentStatus.RESERVE
    question = _("Put this applicant on the reserve list?")
    button = _("Yes, on the reserve list")

    def consequences(self) -> list[str]:
        return [
            self.letter_sentence(),
            gettext("You can accept this person as soon as a place becomes free."),
        ]

    def deed(self) -> str:
        services.reserve_applicant(enrolment=self.object, by=self.actor)
        return gettext("On the reserve list: %(name)s.") % {"name": self.object.name}


class ApplicationReject(_Deed):
    """A kind no. No reason is asked for or kept."""

    target = EnrolmentStatus.REJECTED
    question = _("No place this time?")
    button = _("Yes, send a kind no")
    danger = True

    def consequences(self) -> list[str]:
        return [
            self.letter_sentence(),
            gettext("The answer thanks for applying, gives no reason and invites to apply again."),
            gettext("Have you talked with each other? Then a call before the letter is kind."),
        ]

    def deed(self) -> str:
        services.reject_applicant(enrolment=self.object, by=self.actor)
        return gettext("Answered: %(name)s gets no place this time.") % {"name": self.object.name}


class ApplicationWithdrawFor(_Deed):
    """The applicant has told that she or he does not come."""

    target = EnrolmentStatus.WITHDRAWN
    question = _("Has the applicant withdrawn?")
    button = _("Yes, the application is withdrawn")
    danger = True

    def closed_sentence(self) -> str:
        return OnlyWhileOpen.closed_sentence(self)

    def consequences(self) -> list[str]:
        return [
            gettext("Write down only what the applicant has told you. No reason is asked for."),
            self.letter_sentence(),
        ]

    def deed(self) -> str:
        services.withdraw_applicant(enrolment=self.object, by=self.actor)
        return gettext("Withdrawn: %(name)s.") % {"name": self.object.name}


class ApplicationRecord(FormPage):
    """An application that came by telephone."""

    allowed_roles = STAFF
    form_class = RecordApplicationForm
    title = _("Record an application")
    lead = _("What somebody tells on the telephone: a name, a way to reach her or him. Not the story.")
    submit_label = _("Save the application")

    def get_back(self):
        return reverse("application_list"), gettext("All applications")

    def form_kwargs(self) -> dict:
        return {"initial": {"cohort": self.request.GET.get("cohort", ""), "language": "fi"}}

    def deed(self, form) -> Enrolment:
        return services.record_application(by=self.actor, **form.facts())

    def answer(self, made) -> HttpResponse:
        saved = Enrolment.objects.visible_to(self.actor).get(pk=made)
        return self.done(
            gettext("Saved: %(name)s has applied.") % {"name": saved.name}, saved.get_absolute_url()
        )


class ApplicationContact(VisibleForm):
    """Mend name, address or telephone."""

    allowed_roles = STAFF
    model = Enrolment
    form_class = ApplicantContactForm
    title = _("Name and contact")
    lead = _(
        "When you change the address, the old links stop, and a letter with a fresh one goes to the new address."
    )
    submit_label = _("Save the contact")

    def get_back(self):
        return self.object.get_absolute_url(), gettext("The application")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def deed(self, form) -> Enrolment:
        services.change_applicant(
            enrolment=self.object,
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
            **form.facts(),
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        return self.done(gettext("The contact has been saved."), reverse("application_detail", args=[made]))


class ApplicationLinkSend(OnlyWhileOpen, DeedView):
    """A fresh link, to whoever has an address."""

    allowed_roles = STAFF
    model = Enrolment
    question = _("Send a fresh link?")
    button = _("Yes, send it")

    def is_open(self) -> bool:
        return bool(self.object.email)

    def closed_sentence(self) -> str:
        return gettext("There is no e-mail address. Add one first.")

    def get_lead(self) -> str:
        return gettext("A letter with a fresh link goes to %(address)s.") % {"address": self.object.email}

    def deed(self) -> str:
        sent = services.send_applicant_letter(
            enrolment=self.object, letter=ApplicantLetter.RENEWED, by=self.actor
        )
        return gettext("A letter with a fresh link is on its way.") if sent else self.closed_sentence()


class ApplicationLinkRevoke(DeedView):
    """Stop a link at once."""

    allowed_roles = STAFF
    model = ApplicantLink
    question = _("Stop this link?")
    button = _("Yes, stop it")
    danger = True

    def get_queryset(self):
        return super().get_queryset().select_related("enrolment")

    def get_back(self):
        return self.object.enrolment.get_absolute_url(), ""

    def get_success_url(self) -> str:
        return self.object.enrolment.get_absolute_url()

    def consequences(self) -> list[str]:
        return [
            gettext("Whoever holds this link sees nothing by it any more."),
            gettext("Other links of the same person stay as they are. You can send a fresh one."),
        ]

    def deed(self) -> str:
        services.revoke_link(link=self.object, by=self.actor)
        return gettext("The link has been stopped.")
