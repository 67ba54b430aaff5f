"""What may happen to a relationship while it runs: a break, another partner, a wish, the end (domain 5.4, R16).

Nobody is asked for a reason. Every deed holds the relationship's row first and looks at its state again, so that of
people who press at the same moment one wins and the others read what has happened.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify, staff_users
from kumppani.notices.models import Notice
from pairing.models import (
    Closing,
    EndedBy,
    ExperiencePartner,
    Feedback,
    Meeting,
    Moment,
    Party,
    Pause,
    Relationship,
    Wish,
)
from pairing.services.agreements import close_open_agreement
from pairing.services.pairs import pair_hindrances
from pairing.services.reviews import open_round, schedule_review
from pairing.states import MeetingStatus, RelationshipStatus

PEOPLE = ("parent__user", "partner__user", "social_worker__user", "social_worker__organisation", "request")


class DecisionMissing(MoveRefused):
    """The break cannot be over yet: no decision is valid today (R1)."""


# --- a break -------------------------------------------------------------------------------------------------
@transaction.atomic
def pause_relationship(
    *, relationship: Relationship, by, ends_on: datetime.date | None = None, asked_by: str | None = None
) -> Pause:
    """A break from today, until `ends_on` (the last day of it) or without a known end.

    Planned meetings that fall into the break are called off; without a known end, all that are still to come. Those of
    earlier days wait to be logged as before. `asked_by`: whose wish a worker or the staff record.
    """
    relationship = _hold(relationship)
    asked_by = _said_by(relationship, by, asked_by)
    if relationship.status == RelationshipStatus.PAUSED:
        raise MoveRefused(_("There is a break already."))
    if not relationship.can_pause(by):
        raise MoveRefused(_("A break can be taken while you meet each other."))
    if ends_on is not None and ends_on < today():
        raise ValidationError({"ends_on": _("The last day of the break is today or later.")})
    relationship.move_to(RelationshipStatus.PAUSED, by=by)
    pause = Pause(relationship=relationship, starts_on=today(), ends_on=ends_on, asked_by=asked_by)
    pause.full_clean()
    pause.save(force_insert=True)
    record(by, Action.CREATE, pause)
    called_off = Meeting.objects.filter(relationship=relationship, date__gte=today()).planned()
    if ends_on is not None:
        called_off = called_off.filter(date__lte=ends_on)
    _call_off(called_off, by)
    _tell("relationship_paused", relationship, by=by)
    return pause


@transaction.atomic
def resume_relationship(*, relationship: Relationship, by) -> Relationship:
    """The break is over today. What R1 asks for must still hold.

    Raises `DecisionMissing` when no decision is valid today: `ask_for_decision` then lets the social worker know.
    `by` is None when the last day of the break has come and nobody pressed anything.
    """
    relationship = _hold(relationship)
    if relationship.status == RelationshipStatus.ACTIVE:
        raise MoveRefused(_("The break is over already."))
    if not _is_job(by) and not relationship.can_resume(by):
        raise MoveRefused(_("Only a break can be over."))
    if relationship.valid_decision(today()) is None:
        raise DecisionMissing(
            _("You cannot go on yet: the social worker's decision has run out. A new one comes first.")
        )
    relationship.activate(by=by)
    _close_pause(relationship, today(), by)
    _tell("relationship_resumed", relationship, by=by)
    return relationship


@transaction.atomic
def ask_for_decision(*, relationship: Relationship, by) -> None:
    """Somebody wants to go on after a break and the decision has run out: the social worker reads it, once."""
    worker = relationship.social_worker.user
    waiting = Notice.objects.filter(
        recipient=worker,
        role=Role.SOCIAL_WORKER,
        kind="decision_needed_again",
        object_id=relationship.pk,
        dropped_at__isnull=True,
    )
    if not waiting.unread().exists():
        notify([worker], role=Role.SOCIAL_WORKER, kind="decision_needed_again", about=relationship)


# --- the end -------------------------------------------------------------------------------------------------
@transaction.atomic
def end_relationship(
    *,
    relationship: Relationship,
    by,
    on: datetime.date | None = None,
    ended_by: str | None = None,
    meeting_on: datetime.date | None = None,
    next_support: str = "",
    follow_up_agreed: bool = False,
    partner_changes: bool = False,
) -> Closing:
    """End, without a reason (R16). From this moment the partner sees nothing of it but the own feedback.

    Planned meetings are called off, open proposals withdrawn, a break closed, wishes laid down; each of the three is
    asked what she or he thinks of it. `on`: the last day, today if not given. `ended_by`: whose wish a worker or the
    staff record; "time" or "decision" when a job does it with `by` None. `partner_changes`: it goes on with another
    partner, so the closing questions are left out: the new start asks again.
    """
    relationship = _hold(relationship)
    if relationship.status == RelationshipStatus.ENDED:
        raise MoveRefused(_("This has ended already."))
    ended_by = _said_by(relationship, by, ended_by)
    if not relationship.is_running:
        raise MoveRefused(_("Only what has started can end. Before that, one of the two steps back."))
    on = on or today()
    if on > today():
        raise ValidationError({"on": _("This day has not come yet.")})
    on = max(on, relationship.started_on)
    relationship.end(by=by, on=on)
    _close_pause(relationship, on, by)
    _call_off(Meeting.objects.filter(relationship=relationship).planned(), by)
    close_open_agreement(relationship=relationship, by=by)
    for wish in Wish.objects.filter(relationship=relationship).open():
        _handle(wish, by)
    closing = Closing(
        relationship=relationship,
        ended_by=ended_by,
        partner_changes=partner_changes,
        meeting_on=meeting_on,
        next_support=next_support,
        follow_up_agreed=follow_up_agreed,
    )
    closing.full_clean()
    closing.save(force_insert=True)
    record(by, Action.CREATE, closing)
    asked = {
        party: Feedback.objects.create(relationship=relationship, party=party, asked_on=today())
        for party in Party
    }
    notify([relationship.partner.user], role=Role.PARTNER, kind="feedback_wanted", about=asked[Party.PARTNER])
    schedule_review(relationship, by=by)
    if not partner_changes:
        open_round(relationship, Moment.CLOSING, by=by)
        _tell("relationship_ended", relationship, by=by, partner=False)
    return closing


@transaction.atomic
def write_closing(
    *,
    closing: Closing,
    by,
    meeting_on: datetime.date | None,
    next_support: str,
    follow_up_agreed: bool,
    seen_version: int,
) -> Closing:
    """What was agreed for afterwards. The parent hears of it when there is a new word on where support is found."""
    closing = (
        Closing.objects.select_for_update(of=("self",))
        .select_related("relationship__parent__user", "relationship__social_worker")
        .get(pk=closing.pk)
    )
    if not closing.can_write(by):
        raise MoveRefused(_("The social worker and the project staff write this."))
    facts = {
        "meeting_on": meeting_on,
        "next_support": next_support,
        "follow_up_agreed": follow_up_agreed,
    }
    changed = [name for name, value in facts.items() if getattr(closing, name) != value]
    for name in changed:
        setattr(closing, name, facts[name])
    closing.full_clean()
    if not closing.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    record(by, Action.CHANGE, closing, fields_changed=changed)
    if "next_support" in changed and next_support:
        notify(
            [closing.relationship.parent.user],
            role=Role.PARENT,
            kind="next_support",
            about=closing.relationship,
        )
    return closing


@transaction.atomic
def give_feedback(
    *, feedback: Feedback, by, grade: int, words: str = "", quote_consent: bool = False
) -> Feedback:
    """What one of the three thinks of it: once, for her- or himself, or on paper for a parent without an account."""
    feedback = (
        Feedback.objects.select_for_update(of=("self",))
        .select_related("relationship__parent", "relationship__partner", "relationship__social_worker")
        .get(pk=feedback.pk)
    )
    if not feedback.is_answered_by(by):
        raise MoveRefused(_("Each answers for her- or himself."))
    if feedback.answered_on is not None:
        raise MoveRefused(_("This has been answered already. Thank you."))
    feedback.grade = grade
    feedback.words = words.strip()
    # Without words there is nothing to quote.
    feedback.quote_consent = quote_consent and bool(feedback.words)
    feedback.answered_on = today()
    feedback.recorded_by = by.user
    feedback.full_clean()
    feedback.save()
    record(by, Action.CHANGE, feedback, fields_changed=["grade", "words", "quote_consent", "answered_on"])
    return feedback


# --- another partner -----------------------------------------------------------------------------------------
@transaction.atomic
def change_partner(*, relationship: Relationship, partner: ExperiencePartner, by) -> Relationship:
    """End with the present partner and let the parent get acquainted with another one, in one transaction.

    The new relationship `continues` the old one for the same request and walks the whole path: both say yes, the
    social worker decides, the three hold a start meeting (R1). Raises `MoveRefused` with what is in the way.
    """
    relationship = _hold(relationship)
    if relationship.status == RelationshipStatus.ENDED:
        raise MoveRefused(_("This has ended already."))
    if not relationship.can_change_partner(by):
        raise MoveRefused(_("The partner is changed by the project staff, while the relationship runs."))
    if partner.pk == relationship.partner_id:
        raise MoveRefused(_("Choose another partner than the present one."))
    # Two proposals at one moment must not exceed the partner's own limit: the second waits and counts again.
    partner = (
        ExperiencePartner.objects.select_for_update(of=("self",)).select_related("user").get(pk=partner.pk)
    )
    hindrances = pair_hindrances(request=relationship.request, partner=partner)
    if hindrances:
        raise MoveRefused(" ".join(hindrances))
    end_relationship(relationship=relationship, by=by, partner_changes=True)
    following = Relationship(
        request=relationship.request,
        parent=relationship.parent,
        partner=partner,
        social_worker=relationship.social_worker,
        organisation=relationship.social_worker.organisation,
        continues=relationship,
        proposed_on=today(),
    )
    following.full_clean()
    following.save(force_insert=True)
    record(by, Action.CREATE, following, detail="continues")
    notify([partner.user], role=Role.PARTNER, kind="pair_answer", about=following)
    notify([relationship.parent.user], role=Role.PARENT, kind="pair_answer", about=following)
    notify([relationship.social_worker.user], role=Role.SOCIAL_WORKER, kind="pair_proposed", about=following)
    return following


# --- wishes --------------------------------------------------------------------------------------------------
@transaction.atomic
def make_wish(*, relationship: Relationship, kind: str, by, party: str | None = None) -> Wish:
    """One of the three wishes for something, without words; the social worker and the staff read it at once.

    `party`: whose wish a worker or the staff record, as it was told to them. Wishing for the same again changes
    nothing while the first wish is open.
    """
    relationship = _hold(relationship)
    party = _said_by(relationship, by, party)
    if party not in Party.values:
        raise MoveRefused(_("Say whose wish this is."))
    if not relationship.can_wish(by):
        raise MoveRefused(_("Wishes are made while the relationship runs."))
    known = Wish.objects.filter(relationship=relationship, party=party, kind=kind).open().first()
    if known is not None:
        return known
    wish = Wish(relationship=relationship, party=party, kind=kind)
    wish.full_clean()
    wish.save(force_insert=True)
    record(by, Action.CREATE, wish)
    _tell("wish_made", relationship, by=by, partner=False, parent=False)
    return wish


@transaction.atomic
def handle_wish(*, wish: Wish, by) -> Wish:
    """Somebody has talked about it. Raises `MoveRefused` when that was said before."""
    wish = (
        Wish.objects.select_for_update(of=("self",))
        .select_related("relationship__social_worker")
        .get(pk=wish.pk)
    )
    if not wish.can_handle(by):
        raise MoveRefused(_("The social worker and the project staff answer wishes."))
    if wish.handled_on is not None:
        raise MoveRefused(_("This has been answered already."))
    _handle(wish, by)
    return wish


# --- what the deeds share ------------------------------------------------------------------------------------
def _hold(relationship: Relationship) -> Relationship:
    """The relationship as it is now, held until the transaction ends, with all that R1 looks at."""
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related(*PEOPLE)
        .with_start()
        .get(pk=relationship.pk)
    )


def _said_by(relationship: Relationship, by, said: str | None) -> str:
    """Whose wish it is. Each speaks for her- or himself; the worker and the staff also record what they were told."""
    if _is_job(by):
        if said not in (EndedBy.TIME, EndedBy.DECISION):
            raise MoveRefused(_("Say whose wish this is."))
        return said
    own = EndedBy.STAFF if by.role == Role.STAFF else relationship.party_of(by)
    if own is None:
        raise MoveRefused(_("This can be done by the three and by the project staff."))
    if said in (None, "", own):
        return own
    if own in (EndedBy.STAFF, Party.WORKER) and said in Party.values:
        return said
    raise MoveRefused(_("Each speaks for her- or himself."))


def _is_job(by) -> bool:
    """Nobody pressed: a day has come."""
    return by is None or by.user_id is None


def _call_off(meetings, by) -> None:
    for meeting in meetings.select_related("relationship"):
        meeting.move_to(MeetingStatus.CANCELLED, by=by)


def _close_pause(relationship: Relationship, day: datetime.date, by) -> None:
    for pause in Pause.objects.filter(relationship=relationship).running():
        pause.over_on = max(day, pause.starts_on)
        pause.save(update_fields=["over_on", "updated_at"])
        record(by, Action.CHANGE, pause, fields_changed=["over_on"])


def _handle(wish: Wish, by) -> None:
    wish.handled_on = today()
    wish.handled_by = getattr(by, "user", None)
    wish.save(update_fields=["handled_on", "handled_by", "updated_at"])
    record(by, Action.CHANGE, wish, fields_changed=["handled_on"])


def _tell(kind: str, relationship: Relationship, *, by, partner: bool = True, parent: bool = True) -> None:
    """Let the others know: the three, as far as they may still see it, and the staff. Never the one who pressed."""
    people = [(relationship.social_worker.user, Role.SOCIAL_WORKER)]
    if partner:
        people.append((relationship.partner.user, Role.PARTNER))
    if parent:
        people.append((relationship.parent.user, Role.PARENT))
    people += [(user, Role.STAFF) for user in staff_users()]
    for user, role in people:
        if user is not None and (user.pk, role) != (getattr(by, "user_id", None), getattr(by, "role", None)):
            notify([user], role=role, kind=kind, about=relationship)
