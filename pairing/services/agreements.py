"""What the three agree on: in the start meeting, and later as an extension or a change (B25–B26, domain 5.4).

There is at most one open agreement at a time. It is in force when all three have accepted its present words, and not
before: until then the one before it holds. Every deed holds the relationship's row first.
"""

import datetime
import uuid
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import day
from kumppani.notices.kinds import notify
from kumppani.notices.models import Notice
from pairing.models import (
    AcknowledgedHow,
    Acknowledgement,
    Agreement,
    AgreementKind,
    Goal,
    GuideKind,
    GuideText,
    Moment,
    Party,
    Relationship,
    StartMeeting,
)
from pairing.services.reviews import open_round, schedule_review
from pairing.states import RelationshipStatus

ROLE_OF = {Party.WORKER: Role.SOCIAL_WORKER, Party.PARTNER: Role.PARTNER, Party.PARENT: Role.PARENT}


class GoalWords(NamedTuple):
    """A goal as it was written: the parent's words, the benefit area, how it will be noticed."""

    words: str
    area: str
    expected: str = ""
    continues_id: uuid.UUID | None = None  # the goal of the agreement before this one that it goes on from

    @classmethod
    def read(cls, goal: "tuple | dict") -> "GoalWords":
        """From a tuple in this order, or from a dict with words, area and perhaps expected and continues (a `Goal`)."""
        if not isinstance(goal, dict):
            return cls(*goal)
        continues = goal.get("continues")
        return cls(goal["words"], goal["area"], goal.get("expected", ""), continues.pk if continues else None)


# --- the start meeting ---------------------------------------------------------------------------------------
@transaction.atomic
def open_start_meeting(*, relationship: Relationship, by) -> StartMeeting:
    """Open the page for the three; opening it again finds it as it was left."""
    relationship = _hold(relationship.pk)
    if not relationship.can_decide(by) or relationship.status != RelationshipStatus.DECIDED:
        raise MoveRefused(_("The start meeting is opened by the social worker after a positive decision."))
    meeting, created = StartMeeting.objects.get_or_create(
        relationship=relationship, defaults={"opened_by": by.user}
    )
    if created:
        record(by, Action.CREATE, meeting)
    Agreement.objects.get_or_create(relationship=relationship, number=1)
    return meeting


@transaction.atomic
def write_agreement(
    *,
    agreement: Agreement,
    facts: dict,
    goals: list,
    by,
    seen_revision: int,
    present: set[str] | None = None,
) -> Agreement:
    """Keep what stands on the page: facts, goals (`GoalWords`), and in the start meeting who is here (`present`).

    Earlier acknowledgements stop counting when any word changes. Raises `AlreadyMoved` when somebody else wrote in
    between (`seen_revision` is the revision the page showed), `ValidationError` when the last day cannot be.
    """
    relationship = _hold(agreement.relationship_id)
    agreement = Agreement.objects.get(pk=agreement.pk)
    starting = relationship.status == RelationshipStatus.DECIDED
    if not agreement.is_open or not (
        relationship.can_decide(by) if starting else relationship.can_propose_agreement(by)
    ):
        raise MoveRefused(_("The agreement can be changed only until all three have accepted it."))
    if agreement.revision != seen_revision:
        raise AlreadyMoved
    if starting:
        _mark_present(relationship.start_meeting, present or set())
    changed = _write(relationship, agreement, facts, goals)
    record(by, Action.CHANGE, agreement, fields_changed=changed)
    if changed and not starting:
        _ask_again(relationship, agreement, by)
    return agreement


def _mark_present(meeting: StartMeeting, present: set[str]) -> None:
    meeting.worker_present = Party.WORKER in present
    meeting.partner_present = Party.PARTNER in present
    meeting.parent_present = Party.PARENT in present
    meeting.held_on = None
    meeting.save()


def missing_for_agreeing(agreement: Agreement) -> list[str]:
    """What stands in the way before anybody can say "I agree", each in words; empty when nothing does."""
    relationship = agreement.relationship
    missing = []
    if agreement.kind == AgreementKind.START:
        meeting = getattr(relationship, "start_meeting", None)
        if meeting is None or not meeting.all_present:
            missing.append(_("all three are marked as here"))
    if not agreement.is_complete:
        missing.append(_("duration and meetings a month are set"))
    if not agreement.goals.all():
        missing.append(_("there is at least one goal"))
    if agreement.ground_rules_id is None and GuideText.objects.current(GuideKind.GROUND_RULES) is not None:
        missing.append(_("the ground rules have been read together"))
    return missing


# --- later: an extension or a change -------------------------------------------------------------------------
@transaction.atomic
def propose_agreement(
    *, relationship: Relationship, kind: str, facts: dict, goals: list, by, seen_number: int
) -> Agreement:
    """The social worker writes an extension or a change; it is in force when all three have accepted it.

    `facts`: ends_on, meetings_per_month, told_to_worker, contact_ways, cancelling, allows_notes. `seen_number`: the
    number of the agreement in force that the page was filled in from; `AlreadyMoved` when there is a newer one.
    Raises `MoveRefused` while another one waits, `ValidationError` when the last day cannot be.
    """
    relationship = _hold(relationship.pk)
    if not relationship.can_propose_agreement(by):
        raise MoveRefused(_("An extension or a change is written by the social worker while you meet."))
    if relationship.open_agreement() is not None:
        raise MoveRefused(_("Another agreement waits to be accepted. Change that one, or withdraw it first."))
    in_force = relationship.agreement_in_force()
    if in_force is None or in_force.number != seen_number:
        raise AlreadyMoved
    agreement = Agreement(
        relationship=relationship,
        number=max(known.number for known in relationship.agreements.all()) + 1,
        kind=kind,
        starts_on=today(),
        ground_rules=GuideText.objects.current(GuideKind.GROUND_RULES) or in_force.ground_rules,
    )
    _write(relationship, agreement, facts, goals)
    record(by, Action.CREATE, agreement)
    _ask(relationship, agreement, set(Party) - {Party.WORKER})
    return agreement


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, by) -> None:
    """The social worker takes an extension or a change back before all three have accepted it."""
    relationship = _hold(agreement.relationship_id)
    agreement = Agreement.objects.get(pk=agreement.pk)
    if agreement.kind == AgreementKind.START or not relationship.can_propose_agreement(by):
        raise MoveRefused(_("Only the social worker withdraws what she or he has proposed."))
    if agreement.agreed_on is not None:
        raise MoveRefused(_("All three have accepted this already. Make a new agreement instead."))
    if agreement.withdrawn_on is not None:
        raise MoveRefused(_("This has been withdrawn already."))
    close_open_agreement(relationship=relationship, by=by)
    for party in (Party.PARTNER, Party.PARENT):
        _tell(relationship, party, "agreement_withdrawn", relationship)


def close_open_agreement(*, relationship: Relationship, by) -> Agreement | None:
    """Withdraw what still waits to be accepted, if anything does: part of a greater deed that holds the row."""
    agreement = Agreement.objects.filter(relationship=relationship).open().first()
    if agreement is not None:
        agreement.withdrawn_on = today()
        agreement.save(update_fields=["withdrawn_on", "updated_at"])
        record(by, Action.CHANGE, agreement, fields_changed=["withdrawn_on"])
    return agreement


# --- accepting -----------------------------------------------------------------------------------------------
@transaction.atomic
def acknowledge(*, agreement: Agreement, party: str, how: str, by) -> Acknowledgement:
    """One of the three agrees to the words as `agreement` shows them; with the third the agreement is in force.

    Each for her- or himself by own sign-in; the social worker's screen and paper serve all three. The third "I agree"
    of a start meeting makes the relationship active (R1) and asks the three the first questions. Safe to press twice.
    """
    relationship = _hold(agreement.relationship_id)
    shown, agreement = agreement, Agreement.objects.select_related("relationship").get(pk=agreement.pk)
    agreement.relationship = relationship
    own = relationship.party_of(by)
    if own is None or (how != AcknowledgedHow.SIGN_IN and own != Party.WORKER):
        raise MoveRefused(_("This cannot be acknowledged here now."))
    if how == AcknowledgedHow.SIGN_IN and party != own:
        raise MoveRefused(_("Each acknowledges for her- or himself."))
    if agreement.revision != shown.revision:
        raise AlreadyMoved
    starting = agreement.kind == AgreementKind.START
    if not agreement.is_open or not (
        relationship.status == RelationshipStatus.DECIDED if starting else relationship.is_running
    ):
        given = agreement.acknowledgements.filter(party=party, revision=agreement.revision).first()
        if given is not None and agreement.agreed_on is not None:
            return given
        raise MoveRefused(_("This cannot be acknowledged here now."))
    missing = missing_for_agreeing(agreement)
    if missing:
        raise MoveRefused(_("You can agree when: %(what)s.") % {"what": ", ".join(missing)})
    acknowledgement = agreement.acknowledge(party=party, how=how, by=by)
    given = agreement.acknowledgements.filter(revision=agreement.revision)
    if set(given.values_list("party", flat=True)) == set(Party.values):
        _come_into_force(relationship, agreement, by)
    return acknowledgement


def _come_into_force(relationship: Relationship, agreement: Agreement, by) -> None:
    """All three have said yes. The database looks once more (pairing/triggers.py)."""
    agreement.agreed_on = today()
    agreement.save(update_fields=["agreed_on", "updated_at"])
    record(by, Action.CHANGE, agreement, fields_changed=["agreed_on"])
    kind = "agreement_accepted"
    if agreement.kind == AgreementKind.START:
        kind = "relationship_started"
        meeting = relationship.start_meeting
        meeting.held_on = today()
        meeting.save(update_fields=["held_on", "updated_at"])
        relationship = _hold(relationship.pk)
        relationship.activate(by=by)
        open_round(relationship, Moment.START, by=by)
    schedule_review(relationship, by=by)
    for party in Party:
        _tell(relationship, party, kind, relationship, but=by)


# --- what the deeds share ------------------------------------------------------------------------------------
def _hold(pk: uuid.UUID) -> Relationship:
    """The relationship as it is now, held until the transaction ends, with all that R1 looks at."""
    return (
        Relationship.objects.select_for_update(of=("self",))
        .select_related("social_worker__user", "partner__user", "parent__user")
        .with_start()
        .get(pk=pk)
    )


def _write(relationship: Relationship, agreement: Agreement, facts: dict, goals: list) -> list[str]:
    """Write facts and goals, as a new revision if any word changes. Returns the names of what changed."""
    goals = [GoalWords.read(goal) for goal in goals]
    new = agreement._state.adding
    there = [] if new else [_words_of(goal) for goal in agreement.goals.all()]
    changed = [name for name, value in facts.items() if getattr(agreement, name) != value]
    for name in changed:
        setattr(agreement, name, facts[name])
    _check_last_day(relationship, agreement)
    goals_changed = there != goals
    if new:
        agreement.full_clean()
        agreement.save(force_insert=True)
    elif changed or goals_changed:
        agreement.revision += 1
        agreement.full_clean()
        agreement.save()
    if goals_changed:
        agreement.goals.all().delete()
        for position, words in enumerate(goals, start=1):
            goal = Goal(agreement=agreement, position=position, **words._asdict())
            goal.full_clean()
            goal.save(force_insert=True)
    return [*changed, *(["goals"] if goals_changed else [])]


def _words_of(goal: Goal) -> GoalWords:
    return GoalWords(goal.words, goal.area, goal.expected, goal.continues_id)


def _check_last_day(relationship: Relationship, agreement: Agreement) -> None:
    """Nobody agrees to a day that the decision does not reach, and an extension is longer than what holds now."""
    last = agreement.ends_on
    if last is None:
        return
    valid_to = decided_until(relationship)
    if valid_to is not None and last > valid_to:
        raise ValidationError({"ends_on": too_long(valid_to)})
    if agreement.kind == AgreementKind.START:
        return
    if last < today():
        raise ValidationError({"ends_on": _("The last day is today or later.")})
    before = relationship.agreement_in_force().ends_on
    if agreement.kind == AgreementKind.EXTENSION and last <= before:
        raise ValidationError(
            {
                "ends_on": _("An extension goes on after %(date)s, the present last day.")
                % {"date": day(before)}
            }
        )
    if agreement.kind == AgreementKind.CHANGE and last > before:
        raise ValidationError(
            {
                "ends_on": _("The present last day is %(date)s. To go on after it, choose an extension.")
                % {"date": day(before)}
            }
        )


def decided_until(relationship: Relationship) -> datetime.date | None:
    """The last day that any positive decision reaches."""
    return max((d.valid_to for d in relationship.decisions.all() if d.is_positive), default=None)


def too_long(valid_to: datetime.date) -> str:
    """Why an agreement cannot reach that far, and what to do."""
    return _("The decision is valid until %(date)s. To go on longer, record the new decision first.") % {
        "date": day(valid_to)
    }


def _ask(relationship: Relationship, agreement: Agreement, parties: set[str]) -> None:
    for party in Party:
        if party in parties:
            _tell(relationship, party, "agreement_wanted", agreement)


def _ask_again(relationship: Relationship, agreement: Agreement, by) -> None:
    """The words have changed: whoever has read the notice already gets a new one, the others have theirs."""
    waiting = set(
        Notice.objects.filter(
            kind="agreement_wanted", object_id=agreement.pk, read_at__isnull=True
        ).values_list("recipient_id", flat=True)
    )
    people = {Party.PARTNER: relationship.partner.user_id, Party.PARENT: relationship.parent.user_id}
    _ask(relationship, agreement, {party for party, user_id in people.items() if user_id not in waiting})


def _tell(relationship: Relationship, party: str, kind: str, about, *, but=None) -> None:
    """Let one of the three know; `but`: the one who pressed knows already."""
    person = {
        Party.WORKER: relationship.social_worker,
        Party.PARTNER: relationship.partner,
        Party.PARENT: relationship.parent,
    }[party]
    if but is None or (person.user_id, ROLE_OF[party]) != (but.user_id, but.role):
        notify([person.user], role=ROLE_OF[party], kind=kind, about=about)
