"""Reminders of domain 5.4: who is told of what, and what happens by itself when a day has come.

A kind of reminder is a function of the day. It finds what is due by then *and still stands*: a moment that was missed,
because nothing ran for a week, is given late, once; what has been done or overtaken in between is not given at all.
Each due moment is claimed by a row of `Reminder`, unique in the database, in the transaction of its notices. So the
whole may run twice, late, and on several machines at once.

The recipients get a notice without a name; whether they may still know is asked again when its letter leaves.
"""

import datetime
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.core.dates import add_months, add_working_days, today
from kumppani.core.models import BaseModel
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.models import (
    AssessmentRound,
    Closing,
    Commitment,
    CommitmentKind,
    CommitmentText,
    ContactRequest,
    ExperiencePartner,
    Meeting,
    Moment,
    PairAnswer,
    Party,
    Pause,
    Relationship,
    Reminder,
    Review,
    Substitution,
    SupervisionPresence,
)
from pairing.querysets import is_overdue_for_supervision
from pairing.services import changes, pairs
from pairing.states import RelationshipStatus

logger = logging.getLogger(__name__)

ONE_DAY = datetime.timedelta(days=1)
# A month before 28 February is 28 January; but a month after 31 January is 28 February, too.
MONTHS_DIFFER = 3 * ONE_DAY
CHECK_INS = (14, 28)  # days after the start; then every month
CHECK_IN_LATE = 7  # days; after that the next one is nearer
REVIEW_AHEAD = 7  # days
ASSESSMENT_WAITS = 7  # days
COMMITMENT_AHEAD = (14, 3)  # days before a new text is needed
SUPERVISION_LATE = (
    7  # days; after that one waits for the next round, so that a new house is not told of everybody
)


@dataclass(frozen=True)
class Tell:
    """One notice: to these users in this role."""

    users: Iterable[User | None]
    role: str
    notice: str
    about: BaseModel


@dataclass(frozen=True)
class Due:
    """One due moment of one record, and who is told."""

    record: BaseModel
    on: datetime.date
    tell: tuple[Tell, ...]


# --- the people --------------------------------------------------------------------------------------------
def _with_people(relationships: QuerySet, on: datetime.date) -> QuerySet:
    """With the three, and who stands in for the social worker on that day."""
    return relationships.select_related(
        "parent__user", "partner__user", "social_worker__user"
    ).prefetch_related(_standing_in("social_worker__substitutions", on))


def _standing_in(path: str, on: datetime.date) -> Prefetch:
    return Prefetch(
        path,
        queryset=Substitution.objects.running_on(on).select_related("substitute__user"),
        to_attr="running_substitutions",
    )


def _worker(relationship: Relationship, notice: str, about: BaseModel | None = None) -> Tell:
    """The social worker, and whoever stands in for her or him: a reminder must not wait for the end of a holiday."""
    worker = relationship.social_worker
    standing_in = [substitution.substitute.user for substitution in worker.running_substitutions]
    return Tell([worker.user, *standing_in], Role.SOCIAL_WORKER, notice, about or relationship)


def _partner(relationship: Relationship, notice: str, about: BaseModel | None = None) -> Tell:
    return Tell([relationship.partner.user], Role.PARTNER, notice, about or relationship)


def _parent(relationship: Relationship, notice: str, about: BaseModel | None = None) -> Tell:
    return Tell([relationship.parent.user], Role.PARENT, notice, about or relationship)


def _staff(notice: str, about: BaseModel) -> Tell:
    return Tell(staff_users(), Role.STAFF, notice, about)


# --- the kinds ---------------------------------------------------------------------------------------------
def first_answer(on: datetime.date) -> Iterator[Due]:
    """Whoever asks gets a first answer in some working days: the staff are reminded on the last of them."""
    within = settings.REQUEST_ANSWER_WORKING_DAYS
    unanswered = ContactRequest.objects.waiting().filter(
        answered_on__isnull=True, received_on__lte=on - within * ONE_DAY
    )
    for request in unanswered:
        due = add_working_days(request.received_on, within)
        if due <= on:
            yield Due(request, due, (_staff("request_unanswered", request),))


def pair_answer(on: datetime.date) -> Iterator[Due]:
    """The partner has not said yes or no."""
    wait = settings.PAIR_ANSWER_DAYS * ONE_DAY
    answers = PairAnswer.objects.filter(relationship=OuterRef("pk"), party=Party.PARTNER)
    silent = Relationship.objects.filter(
        ~Exists(answers), status=RelationshipStatus.ACQUAINTING, proposed_on__lte=on - wait
    )
    for relationship in silent.select_related("partner__user"):
        yield Due(relationship, relationship.proposed_on + wait, (_partner(relationship, "pair_answer"),))


def decision_ends(on: datetime.date) -> Iterator[Due]:
    """A decision runs out. Once it has, this is overtaken: the end itself comes next."""
    ahead = settings.DECISION_REMINDER_DAYS * ONE_DAY
    near = (
        Relationship.objects.filter(
            status__in=[RelationshipStatus.DECIDED, RelationshipStatus.ACTIVE, RelationshipStatus.PAUSED]
        )
        .with_final_day()
        .filter(valid_to__gte=on, valid_to__lte=on + ahead)
    )
    for relationship in _with_people(near, on):
        yield Due(
            relationship,
            relationship.valid_to - ahead,
            (_worker(relationship, "decision_ends"), _staff("decision_ends", relationship)),
        )


def start_meeting_late(on: datetime.date) -> Iterator[Due]:
    """Decided, and the three have not met yet."""
    wait = settings.START_MEETING_DAYS * ONE_DAY
    decided = (
        Relationship.objects.filter(status=RelationshipStatus.DECIDED)
        .with_decided_on()
        .filter(decided_on__lte=on - wait)
    )
    for relationship in _with_people(decided, on):
        yield Due(
            relationship, relationship.decided_on + wait, (_worker(relationship, "start_meeting_late"),)
        )


def meeting_unlogged(on: datetime.date) -> Iterator[Due]:
    """A planned meeting's day has passed: its partner is reminded on the next day."""
    for meeting in _unlogged(on).filter(date__gt=on - settings.MEETING_LOG_DAYS * ONE_DAY):
        tell = (_partner(meeting.relationship, "meeting_unlogged", meeting),)
        yield Due(meeting, meeting.date + ONE_DAY, tell)


def meeting_long_unlogged(on: datetime.date) -> Iterator[Due]:
    """Still not logged: the partner is reminded once more, and the staff hear of it."""
    wait = settings.MEETING_LOG_DAYS * ONE_DAY
    for meeting in _unlogged(on).filter(date__lte=on - wait):
        tell = (
            _partner(meeting.relationship, "meeting_unlogged", meeting),
            _staff("meeting_long_unlogged", meeting),
        )
        yield Due(meeting, meeting.date + wait, tell)


def _unlogged(on: datetime.date) -> QuerySet:
    return (
        Meeting.objects.unlogged(on)
        .filter(relationship__in=Relationship.objects.running())
        .select_related("relationship__partner__user")
    )


def check_in(on: datetime.date) -> Iterator[Due]:
    """The staff ask how it goes in the second and the fourth week, and every month from the second on."""
    moments = [on - days * ONE_DAY for days in range(CHECK_IN_LATE + 1)]
    starts = [moment - days * ONE_DAY for moment in moments for days in CHECK_INS]
    # Whose month's day has come; on a month's last day also those whose day this month does not have.
    month_days = {day for moment in moments for day in _days_that_fall_on(moment)}
    maybe = Relationship.objects.filter(status=RelationshipStatus.ACTIVE).filter(
        Q(started_on__in=starts)
        | Q(started_on__lte=add_months(on, -2) + MONTHS_DIFFER, started_on__day__in=month_days)
    )
    for relationship in maybe:
        due = latest_check_in(relationship.started_on, on)
        if due is not None and due >= moments[-1]:
            yield Due(relationship, due, (_staff("check_in", relationship),))


def latest_check_in(started_on: datetime.date, on: datetime.date) -> datetime.date | None:
    """The last check-in due by this day, or None before the first."""
    months = (on.year - started_on.year) * 12 + on.month - started_on.month
    moments = [started_on + days * ONE_DAY for days in CHECK_INS]
    moments += [add_months(started_on, month) for month in (months - 1, months) if month >= 2]
    return max((moment for moment in moments if moment <= on), default=None)


def _days_that_fall_on(day: datetime.date) -> list[int]:
    is_last = (day + ONE_DAY).month != day.month
    return list(range(day.day, 32)) if is_last else [day.day]


def quiet(on: datetime.date) -> Iterator[Due]:
    """Active, and no meeting for a month; again after another month. A break does not count: it starts anew."""
    every = settings.QUIET_DAYS
    held = Meeting.objects.filter(relationship=OuterRef("pk")).held().order_by("-date").values("date")[:1]
    still = (
        Relationship.objects.filter(status=RelationshipStatus.ACTIVE)
        .annotate(last_met=Greatest(Coalesce(Subquery(held), F("active_since")), F("active_since")))
        .filter(last_met__lte=on - every * ONE_DAY)
    )
    for relationship in _with_people(still, on):
        times = (on - relationship.last_met).days // every
        yield Due(
            relationship,
            relationship.last_met + times * every * ONE_DAY,
            (_partner(relationship, "quiet"), _worker(relationship, "quiet")),
        )


def review_soon(on: datetime.date) -> Iterator[Due]:
    """A review comes up: time to agree on when the three meet."""
    ahead = REVIEW_AHEAD * ONE_DAY
    for review in _reviews(on).filter(due_on__gt=on, due_on__lte=on + ahead):
        yield Due(review, review.due_on - ahead, (_worker(review.relationship, "review_soon"),))


def review_due(on: datetime.date) -> Iterator[Due]:
    """The day of a review has come, or has passed, and it has not been held."""
    for review in _reviews(on).filter(due_on__lte=on):
        yield Due(review, review.due_on, (_worker(review.relationship, "review_due"),))


def _reviews(on: datetime.date) -> QuerySet:
    return (
        Review.objects.filter(held_on__isnull=True, relationship__in=Relationship.objects.running())
        .select_related("relationship__social_worker__user")
        .prefetch_related(_standing_in("relationship__social_worker__substitutions", on))
    )


def ending_near(on: datetime.date) -> Iterator[Due]:
    """The last day is near: time to go on, or to end well. All three are told."""
    ahead = settings.CLOSING_DAYS * ONE_DAY
    near = (
        Relationship.objects.running().with_final_day().filter(final_day__gte=on, final_day__lte=on + ahead)
    )
    for relationship in _with_people(near, on):
        tell = tuple(who(relationship, "ending_near") for who in (_worker, _partner, _parent))
        yield Due(relationship, relationship.final_day - ahead, tell)


def assessment_waiting(on: datetime.date, *, party: str) -> Iterator[Due]:
    """Who has not answered what the three were asked last is reminded. The partner's access ends with the rest."""
    wait = ASSESSMENT_WAITS * ONE_DAY
    may_answer = Q(relationship__in=Relationship.objects.running())
    if party != Party.PARTNER:
        may_answer |= Q(relationship__status=RelationshipStatus.ENDED, moment=Moment.CLOSING)
    rounds = (
        AssessmentRound.objects.newest()
        .missing(party)
        .filter(may_answer, opened_on__lte=on - wait)
        .select_related(
            "relationship__parent__user",
            "relationship__partner__user",
            "relationship__social_worker__user",
        )
        .prefetch_related(_standing_in("relationship__social_worker__substitutions", on))
    )
    who = {Party.WORKER: _worker, Party.PARTNER: _partner, Party.PARENT: _parent}[party]
    for asked in rounds:
        yield Due(asked, asked.opened_on + wait, (who(asked.relationship, "assessment_waiting", asked),))


def follow_up(on: datetime.date) -> Iterator[Due]:
    """Some months after the end the staff ask once more, where the parent agreed to it and has no new partner."""
    months = settings.FOLLOW_UP_MONTHS
    again = Relationship.objects.open().filter(parent=OuterRef("relationship__parent"))
    agreed = Closing.objects.filter(
        ~Exists(again),
        follow_up_agreed=True,
        relationship__ended_on__lte=add_months(on, -months) + MONTHS_DIFFER,
    )
    for closing in agreed.select_related("relationship"):
        due = add_months(closing.relationship.ended_on, months)
        if due <= on:
            yield Due(closing, due, (_staff("follow_up", closing.relationship),))


def commitment_soon(on: datetime.date, *, kind: str, ahead: int) -> Iterator[Due]:
    """A new version of a text is needed soon, and a partner has not accepted it. Leaving partners are not asked."""
    near = CommitmentText.objects.asked(on).filter(kind=kind, required_from__gt=on)
    for text in near.filter(required_from__lte=on + ahead * ONE_DAY):
        due = text.required_from - ahead * ONE_DAY
        # Not while the notice about the text itself is as new, nor when the next reminder has come near.
        if due <= text.published_on or any(
            on >= text.required_from - later * ONE_DAY for later in COMMITMENT_AHEAD if later < ahead
        ):
            continue
        accepted = Commitment.objects.filter(partner=OuterRef("pk"), text=text)
        partners = ExperiencePartner.objects.staying().filter(~Exists(accepted), user__isnull=False)
        for partner in partners.select_related("user"):
            yield Due(partner, due, (Tell([partner.user], Role.PARTNER, "commitment_soon", text),))


def supervision_tomorrow(on: datetime.date) -> Iterator[Due]:
    """A partner is reminded on the day before a time of supervision; not who has been told of it since then."""
    invited = SupervisionPresence.objects.coming(on).filter(supervision__date__lte=on + ONE_DAY)
    for presence in invited.select_related("supervision", "partner__user"):
        due = presence.supervision.date - ONE_DAY
        if timezone.localdate(presence.created_at) < due:
            tell = Tell([presence.partner.user], Role.PARTNER, "supervision_tomorrow", presence.supervision)
            yield Due(presence, due, (tell,))


def supervision_overdue(on: datetime.date) -> Iterator[Due]:
    """A partner at work has had no supervision for long and none is agreed on; again after as long."""
    every = settings.SUPERVISION_EVERY_DAYS * ONE_DAY
    partners = ExperiencePartner.objects.in_work().with_supervision(on)
    for partner in partners.filter(is_overdue_for_supervision(on, every)):
        since = partner.supervision_since
        times = (on - ONE_DAY - since) // every
        due = since + times * every + ONE_DAY
        if on <= due + SUPERVISION_LATE * ONE_DAY:
            yield Due(partner, due, (_staff("supervision_overdue", partner),))


# The table of domain 5.4, in its order.
KINDS: dict[str, Callable[[datetime.date], Iterator[Due]]] = {
    "first_answer": first_answer,
    "pair_answer": pair_answer,
    "decision_ends": decision_ends,
    "start_meeting_late": start_meeting_late,
    "meeting_unlogged": meeting_unlogged,
    "meeting_long_unlogged": meeting_long_unlogged,
    "check_in": check_in,
    "quiet": quiet,
    "review_soon": review_soon,
    "review_due": review_due,
    "ending_near": ending_near,
    **{f"assessment_{party}": partial(assessment_waiting, party=party) for party in Party.values},
    "follow_up": follow_up,
    **{
        f"{kind}_{ahead}": partial(commitment_soon, kind=kind, ahead=ahead)
        for kind in CommitmentKind.values
        for ahead in COMMITMENT_AHEAD
    },
    "supervision_tomorrow": supervision_tomorrow,
    "supervision_overdue": supervision_overdue,
}


# --- what happens by itself --------------------------------------------------------------------------------
def next_partner_is_asked(on: datetime.date) -> int:
    """A partner who was asked, was reminded, and has neither answered nor met the parent makes way for the next.

    The days between reminder and this count from the day on which the reminder was really given: after a gap nobody is
    passed over without having been reminded.
    """
    patience = max(settings.PAIR_NEXT_DAYS - settings.PAIR_ANSWER_DAYS, 1) * ONE_DAY
    reminded = Reminder.objects.filter(
        kind="pair_answer", object_id=OuterRef("pk"), given_at__date__lte=on - patience
    )
    silent = Relationship.objects.unanswered_since(on - settings.PAIR_NEXT_DAYS * ONE_DAY)
    return _do(
        lambda relationship: pairs.ask_next(request=relationship.request, by=None),
        silent.filter(Exists(reminded)).select_related("request"),
    )


def breaks_are_over(on: datetime.date) -> int:
    """After its last day a break is over. Where the decision has run out, the social worker is told instead, once."""
    over = (
        Pause.objects.running()
        .filter(ends_on__lt=on, relationship__status=RelationshipStatus.PAUSED)
        .filter(relationship__in=Relationship.objects.with_final_day().filter(agreed_end__gte=on))
        .select_related("relationship__social_worker__user")
    )

    def resume(pause: Pause) -> None:
        try:
            changes.resume_relationship(relationship=pause.relationship, by=None)
        except changes.DecisionMissing:
            with transaction.atomic():
                if _claim("break_over", pause, pause.ends_on + ONE_DAY):
                    changes.ask_for_decision(relationship=pause.relationship, by=None)
            raise

    return _do(resume, over)


def time_runs_out(on: datetime.date) -> int:
    """Some days after the last day, in which the last meeting is logged and the three close together, it ends."""
    past = (
        Relationship.objects.running()
        .with_final_day()
        .filter(final_day__lte=on - settings.ENDING_GRACE_DAYS * ONE_DAY)
    )
    return _do(
        lambda relationship: changes.end_relationship(
            relationship=relationship,
            by=None,
            on=relationship.final_day,
            ended_by="decision" if relationship.valid_to < relationship.agreed_end else "time",
        ),
        past,
    )


DEEDS: dict[str, Callable[[datetime.date], int]] = {
    "next_partner": next_partner_is_asked,
    "break_over": breaks_are_over,
    "ended": time_runs_out,
}


def _do(deed: Callable, records: Iterable[BaseModel]) -> int:
    """Each by itself; what somebody has done in the meantime, or what cannot be done now, is left as it is."""
    done, faults = 0, []
    for record in records:
        try:
            deed(record)
        except MoveRefused:
            continue
        except Exception as fault:
            logger.exception("reminders: %s %s", record._meta.label_lower, record.pk)
            faults.append(fault)
        else:
            done += 1
    if faults:
        raise ExceptionGroup("what happens by itself", faults)
    return done


# --- the run -----------------------------------------------------------------------------------------------
def send_reminders(on: datetime.date | None = None) -> dict[str, int]:
    """Do what happens by itself, then give every reminder that is due. Returns how many of each.

    One kind that stumbles does not silence the others: what went wrong is raised at the end, so that the job is seen to
    have failed.
    """
    on = on or today()
    counts: Counter[str] = Counter()
    faults = []
    for name, run in [*DEEDS.items(), *((kind, partial(_give, kind)) for kind in KINDS)]:
        try:
            counts[name] = run(on)
        except Exception as fault:
            logger.exception("reminders: %s", name)
            faults.append(fault)
    if faults:
        raise ExceptionGroup("reminders", faults)
    return dict(counts)


def _give(kind: str, on: datetime.date) -> int:
    """Claim what is due and nobody has claimed, and tell. Returns how many."""
    due = list(KINDS[kind](on))
    claimed = set(
        Reminder.objects.filter(kind=kind, due_on__gte=min((one.on for one in due), default=on)).values_list(
            "object_id", "due_on"
        )
    )
    given = 0
    for one in due:
        if (one.record.pk, one.on) in claimed:
            continue
        with transaction.atomic():
            if not _claim(kind, one.record, one.on):
                continue
            for tell in one.tell:
                notify(tell.users, role=tell.role, kind=tell.notice, about=tell.about)
        given += 1
    return given


def _claim(kind: str, record: BaseModel, due_on: datetime.date) -> bool:
    """Whether this due moment is ours: of two runs at once, the second waits here for the first and then gets no."""
    _reminder, ours = Reminder.objects.get_or_create(kind=kind, object_id=record.pk, due_on=due_on)
    return ours
