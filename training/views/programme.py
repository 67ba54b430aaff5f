"""The programme of a cohort, made by the staff: sessions one by one, or all of them from an earlier cohort."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kumppani.accounts.roles import STAFF
from kumppani.core.dates import today
from kumppani.core.pages import OnlyWhileOpen
from kumppani.core.templatetags.kumppani import number, weekday_day
from kumppani.core.views import DeedView, VisibleForm
from training import services
from training.clashes import clashes, day_words
from training.forms import CopyChoice, CopyForm, SessionEditForm, SessionForm
from training.models import Cohort, Enrolment, Session, SessionKind
from training.services.programme import ONE_WEEK, PlannedSession
from training.states import UNDER_WAY, CohortStatus

ANOTHER = "another"  # the button that saves and opens the next form
# What stays the same when several are written down in a row.
REPEATED = ("kind", "starts_at", "ends_at", "hours", "room", "link")


class _SessionForm(OnlyWhileOpen, VisibleForm):
    allowed_roles = STAFF
    template_name = "training/session_form.html"
    submit_label = _("Save")

    @property
    def cohort(self) -> Cohort:
        return self.object if isinstance(self.object, Cohort) else self.object.cohort

    def get_kicker(self) -> str:
        return self.cohort.name

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), gettext("The cohort")

    def is_open(self) -> bool:
        return self.cohort.can_edit(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This cohort is over. Its programme stays as it was.")

    def saved(self, made) -> str:
        """What was saved, in words; and what does not go together is told beside it."""
        visible = Session.objects.visible_to(self.actor)
        session = visible.filter(pk=made).first()
        if session is None:  # sent a second time, after it had been deleted again
            return gettext("This was saved a moment ago.")
        of_the_day = list(
            visible.filter(cohort=session.cohort_id, date=session.date).prefetch_related("trainers")
        )
        asked = [one for one in of_the_day if one.pk == session.pk]
        for words in clashes(self.cohort, of_the_day, among=visible, of=asked).values():
            for sentence in words:
                messages.warning(self.request, sentence)
        words = ngettext(
            "Saved: %(theme)s, %(day)s, %(hours)s hour.",
            "Saved: %(theme)s, %(day)s, %(hours)s hours.",
            int(session.hours),
        )
        return words % {
            "theme": session.theme,
            "day": weekday_day(session.date),
            "hours": number(session.hours),
        }


class SessionCreate(_SessionForm):
    """One more session; and the next one, with what several in a row have in common, a week later."""

    model = Cohort
    form_class = SessionForm
    title = _("New session")

    def form_kwargs(self) -> dict:
        if not self.only_looks:
            return {}
        last = self._found(self.request.GET.get("after", ""))
        if last is None:
            return {"initial": {"date": self.object.starts_on, "kind": SessionKind.LECTURE}}
        return {
            "initial": {
                **{name: getattr(last, name) for name in REPEATED},
                "date": last.date + ONE_WEEK,
                "trainers": [trainer.pk for trainer in last.trainers.all()],
            }
        }

    def _found(self, pk: str) -> Session | None:
        """The session before: the one that the address names, else the last of the programme."""
        sessions = Session.objects.visible_to(self.actor).filter(cohort=self.object)
        try:
            return sessions.filter(pk=uuid.UUID(pk)).first()
        except ValueError:
            return sessions.held().in_order().last()

    def extra(self) -> dict:
        return {**super().extra(), "another": ANOTHER}

    def deed(self, form) -> Session:
        return services.create_session(cohort=self.object, by=self.actor, **form.facts())

    def answer(self, made) -> HttpResponse:
        if ANOTHER in self.request.POST:
            url = f"{reverse('session_create', args=[self.object.pk])}?{urlencode({'after': made})}"
            return self.done(f"{self.saved(made)} {gettext('Here is the next one.')}", url)
        return self.done(self.saved(made), f"{self.object.get_absolute_url()}#session-{made}")


class _OneSession:
    """A session with its cohort."""

    model = Session

    def get_queryset(self):
        return super().get_queryset().select_related("cohort")


def who_hears_of_it(session: Session, actor) -> list[str]:
    """For the staff, before a session is moved or called off: that those who come are told, and whom to ring."""
    if session.date < today():
        return []
    people = list(Enrolment.objects.visible_to(actor).filter(cohort=session.cohort_id, status__in=UNDER_WAY))
    if not people:
        return []
    sentences = [
        gettext("Everybody who has a place gets a letter about it, and the trainers of the session a notice.")
    ]
    unreachable = [person.name for person in people if not person.email]
    unreachable += [trainer.name for trainer in session.trainers.all() if trainer.user_id is None]
    if unreachable:
        sentences.append(
            gettext("These get none, so ring them: %(names)s.") % {"names": ", ".join(unreachable)}
        )
    return sentences


class SessionEdit(_OneSession, _SessionForm):
    """Mend what stands in the programme; from here it is also called off or taken away."""

    form_class = SessionEditForm
    title = _("Change the session")

    def get_queryset(self):
        return super().get_queryset().prefetch_related("trainers")

    def form_kwargs(self) -> dict:
        return {"instance": self.object}

    def extra(self) -> dict:
        return {
            **super().extra(),
            "is_marked": self.object.attendances.exists(),
            "is_there": True,
            "told": [] if self.object.is_cancelled else who_hears_of_it(self.object, self.actor),
        }

    def deed(self, form) -> Session:
        return services.edit_session(
            session=form.instance,
            trainers=form.cleaned_data["trainers"],
            by=self.actor,
            seen_version=form.cleaned_data["seen_version"],
        )

    def answer(self, made) -> HttpResponse:
        return self.done(self.saved(made), self.object.get_absolute_url())


class _SessionDeed(_OneSession, OnlyWhileOpen, DeedView):
    allowed_roles = STAFF

    def is_open(self) -> bool:
        return self.object.cohort.can_edit(self.actor)

    def closed_sentence(self) -> str:
        return gettext("This cohort is over. Its programme stays as it was.")

    def get_lead(self) -> str:
        return f"{self.object.theme}, {weekday_day(self.object.date)}"


class SessionCallOff(_SessionDeed):
    """It will not be held."""

    question = _("Call off this session?")
    button = _("Yes, call it off")
    danger = True

    def consequences(self) -> list[str]:
        return [
            gettext("Its hours no longer count, and nobody is marked."),
            gettext("It stays in the programme as called off, and leaves the calendar."),
            *who_hears_of_it(self.object, self.actor),
        ]

    def deed(self) -> str:
        services.call_off_session(session=self.object, by=self.actor)
        return gettext("The session has been called off.")


class SessionRestore(_SessionDeed):
    """It will be held after all."""

    question = _("Hold this session after all?")
    button = _("Yes, it is held")

    def consequences(self) -> list[str]:
        return [
            gettext("Its hours count again, and it is back in the calendar."),
            *who_hears_of_it(self.object, self.actor),
        ]

    def deed(self) -> str:
        services.restore_session(session=self.object, by=self.actor)
        return gettext("The session is held after all.")


class SessionDelete(_SessionDeed):
    """Take away what was written down by mistake."""

    question = _("Take this session away?")
    button = _("Yes, take it away")
    danger = True

    def consequences(self) -> list[str]:
        return [
            gettext("It disappears from the programme. If it was only called off, call it off instead."),
            gettext("Once somebody has been marked, it stays."),
            *([] if self.object.is_cancelled else who_hears_of_it(self.object, self.actor)),
            gettext("You cannot take this back."),
        ]

    def deed(self) -> str:
        services.delete_session(session=self.object, by=self.actor)
        return gettext("The session has been taken away.")

    def get_success_url(self) -> str:
        return self.object.cohort.get_absolute_url()


@dataclass(frozen=True)
class Preview:
    """One line of what would be copied, with what is special about its day."""

    session: PlannedSession
    warnings: list[str]


class ProgrammeCopy(OnlyWhileOpen, VisibleForm):
    """Take over a programme: first all its new dates are looked at, then they are made at once."""

    allowed_roles = STAFF
    model = Cohort
    form_class = CopyForm
    template_name = "training/programme_copy.html"
    title = _("Take over a programme")
    lead = _("All dates move by whole weeks, so that every session keeps its day of the week.")

    def get_kicker(self) -> str:
        return self.object.name

    def get_back(self) -> tuple[str, str]:
        return self.object.get_absolute_url(), gettext("The cohort")

    def is_open(self) -> bool:
        sessions = Session.objects.visible_to(self.actor).filter(cohort=self.object)
        return self.object.can_edit(self.actor) and not sessions.exists()

    def closed_sentence(self) -> str:
        if not self.object.is_open:
            return gettext("This cohort is over. Its programme stays as it was.")
        return gettext(
            "This cohort has sessions already. Take them away first, or add what is missing one by one."
        )

    @cached_property
    def sources(self) -> list[Cohort]:
        """Cohorts with a programme, the newest first."""
        held = Session.objects.visible_to(self.actor).held().filter(cohort=OuterRef("pk"))
        return list(
            Cohort.objects.visible_to(self.actor)
            .filter(Exists(held))
            .exclude(pk=self.object.pk)
            .order_by("-starts_on", "-id")
        )

    @cached_property
    def asked(self) -> tuple[Cohort | None, bool]:
        """(whose programme, with its trainers?): as the address says, at first the newest cohort's with trainers."""
        data = self.request.GET if self.only_looks else self.request.POST
        if "source" not in data:
            return (self.sources[0] if self.sources else None), True
        by_id = {str(cohort.pk): cohort for cohort in self.sources}
        return by_id.get(data["source"]), data.get("keep_trainers", "") not in ("", "False")

    def form_kwargs(self) -> dict:
        source, keep = self.asked
        initial = {"source": source.pk if source else None, "keep_trainers": keep}
        return {"initial": initial}

    def extra(self) -> dict:
        source, keep = self.asked
        planned = services.planned_copy(cohort=self.object, source=source, keep_trainers=keep)
        rows = [Preview(one, day_words(one.date, self.object)) for one in planned]
        return {
            **super().extra(),
            "chooser": CopyChoice(
                {"source": source.pk if source else "", "keep_trainers": keep},
                sources=self.sources,
                auto_id="look_%s",  # the same names stand in the form below
            ),
            "source": source,
            "rows": rows,
            "hours": sum(one.hours for one in planned),
            "warned": sum(bool(row.warnings) for row in rows),
        }

    def deed(self, form) -> Cohort:
        services.copy_programme(
            cohort=self.object,
            source=form.cleaned_data["source"],
            keep_trainers=form.cleaned_data["keep_trainers"],
            by=self.actor,
        )
        return self.object

    def answer(self, made) -> HttpResponse:
        count = Session.objects.visible_to(self.actor).filter(cohort=self.object).count()
        message = ngettext(
            "%(count)s session stands in the programme. Change what is different this time.",
            "%(count)s sessions stand in the programme. Change what is different this time.",
            count,
        ) % {"count": count}
        return self.done(message, self.object.get_absolute_url())


class ProgrammeClear(OnlyWhileOpen, DeedView):
    """Take the whole programme away, to plan anew."""

    allowed_roles = STAFF
    model = Cohort
    question = _("Take the whole programme away?")
    button = _("Yes, take it away")
    danger = True

    def is_open(self) -> bool:
        return self.object.can_edit(self.actor) and self.object.status != CohortStatus.RUNNING

    def get_lead(self) -> str:
        return self.object.name

    def consequences(self) -> list[str]:
        return [
            gettext("All sessions of this cohort disappear. Then you can take over another programme."),
            gettext("You cannot take this back."),
        ]

    def deed(self) -> str:
        services.clear_programme(cohort=self.object, by=self.actor)
        return gettext("The programme is empty.")
