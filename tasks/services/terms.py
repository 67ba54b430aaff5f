"""What is settled beforehand: how a partner is paid, and whether peer-support meetings are paid (R7)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.core.templatetags.kumppani import day as day_words
from kumppani.notices.kinds import notify
from kumppani.organisations.models import Grant
from pairing.models import Decision, ExperiencePartner, Meeting, Relationship
from tasks.models import MeetingTerms, PartnerTerms

ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def settle_partner_terms(
    *, partner: ExperiencePartner, by, seen_version: int, wished_kinds: Iterable | None = None, **facts
) -> PartnerTerms:
    """How this partner is paid and what she or he wishes for. Only what is given changes.

    `seen_version` is the version that was shown, 1 where nothing was settled yet; raises `AlreadyMoved` when somebody
    has changed it since.
    """
    terms, made = PartnerTerms.objects.get_or_create(partner=partner)
    changed = [name for name, value in facts.items() if getattr(terms, name) != value]
    for name, value in facts.items():
        setattr(terms, name, value)
    terms.full_clean(exclude=["partner"])
    if not terms.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    if wished_kinds is not None:
        # A kind that is no longer in use is not in the list to choose from; the wish for it stays.
        wanted = {kind.pk for kind in wished_kinds}
        wanted |= set(terms.wished_kinds.filter(is_active=False).values_list("pk", flat=True))
        if wanted != set(terms.wished_kinds.values_list("pk", flat=True)):
            terms.wished_kinds.set(wanted)
            changed.append("wished_kinds")
    if made:
        record(by, Action.CREATE, terms)
    else:
        record(by, Action.CHANGE, terms, fields_changed=changed)
    return terms


@transaction.atomic
def settle_meeting_terms(*, by, **facts) -> MeetingTerms:
    """Whether the meetings of a grant or of one relationship are paid from a day on, by whom and how much.

    Agreed beforehand (R7): raises `ValidationError` when meetings have been held from that day on already. The former
    terms end the day before.
    """
    terms = MeetingTerms(**facts)
    _hold_whom(terms)
    terms.full_clean()
    held = _held_under(terms, terms.valid_from, terms.valid_to)
    if number := held.count():
        first = held.order_by("-date").first().date + ONE_DAY
        words = ngettext(
            "%(count)s meeting has been held since that day already. Terms are agreed beforehand: choose %(day)s or a"
            " later day.",
            "%(count)s meetings have been held since that day already. Terms are agreed beforehand: choose %(day)s or"
            " a later day.",
            number,
        )
        raise ValidationError({"valid_from": words % {"count": number, "day": day_words(first)}})
    others = MeetingTerms.objects.filter(of_grant=terms.of_grant, relationship=terms.relationship)
    later = others.filter(valid_from__gt=terms.valid_from).order_by("valid_from").first()
    if later is not None and (terms.valid_to is None or terms.valid_to >= later.valid_from):
        words = _("Other terms begin on %(day)s. Let these end before that day.")
        raise ValidationError({"valid_to": words % {"day": day_words(later.valid_from)}})
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=terms.valid_from)
    for former in others.filter(still, valid_from__lt=terms.valid_from):
        _end(former, terms.valid_from - ONE_DAY, by)
    terms.save(force_insert=True)
    record(by, Action.CREATE, terms)
    notify(_partners_of(terms), role=Role.PARTNER, kind="meeting_terms_settled", about=terms)
    return terms


@transaction.atomic
def end_meeting_terms(*, terms: MeetingTerms, last_day: datetime.date, by) -> None:
    """The terms hold until this day, and nothing is settled afterwards. Raises `MoveRefused` when that would change
    what has been agreed for meetings held already."""
    _hold_whom(terms)
    terms.refresh_from_db(fields=["valid_from", "valid_to", "version"])
    if terms.valid_to is not None and terms.valid_to < last_day:
        raise MoveRefused(_("These terms end on %(day)s already.") % {"day": day_words(terms.valid_to)})
    if last_day < terms.valid_from:
        raise MoveRefused(_("The last day cannot be before the first day."))
    held = _held_under(terms, last_day + ONE_DAY, terms.valid_to).order_by("-date").first()
    if held is not None:
        raise MoveRefused(
            _("A meeting has been held on %(day)s by these terms. Choose that day or a later one.")
            % {"day": day_words(held.date)}
        )
    _end(terms, last_day, by)
    notify(_partners_of(terms), role=Role.PARTNER, kind="meeting_terms_settled", about=terms)


def _end(terms: MeetingTerms, last_day: datetime.date, by) -> None:
    terms.valid_to = last_day
    terms.full_clean()
    if not terms.save_as_version(terms.version, fields=["valid_to"]):
        raise AlreadyMoved
    record(by, Action.CHANGE, terms, fields_changed=["valid_to"])


def _hold_whom(terms: MeetingTerms) -> None:
    """Of two who settle something for the same grant or relationship at once, the second waits and looks again."""
    model, pk = (Grant, terms.of_grant_id) if terms.of_grant_id else (Relationship, terms.relationship_id)
    model._base_manager.select_for_update().filter(pk=pk).first()


def _decisions_of(grant_id) -> QuerySet:
    return Decision.objects.filter(is_positive=True, grant_id=grant_id)


def _held_under(terms: MeetingTerms, first: datetime.date, last: datetime.date | None) -> QuerySet:
    """The held meetings of these days for which these terms would speak."""
    meetings = Meeting.objects.held().filter(date__gte=first)
    if last is not None:
        meetings = meetings.filter(date__lte=last)
    if terms.relationship_id:
        return meetings.filter(relationship_id=terms.relationship_id)
    decided = _decisions_of(terms.of_grant_id).filter(
        relationship=OuterRef("relationship"),
        valid_from__lte=OuterRef("date"),
        valid_to__gte=OuterRef("date"),
    )
    # What is settled for one relationship goes before what is settled for the grant.
    own = MeetingTerms.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("date")),
        relationship=OuterRef("relationship"),
        valid_from__lte=OuterRef("date"),
    )
    return meetings.filter(Exists(decided), ~Exists(own))


def _partners_of(terms: MeetingTerms) -> Iterable[User]:
    """Whose meetings they are about: the partners of the relationships that are running."""
    running = Relationship.objects.running()
    if terms.relationship_id:
        running = running.filter(pk=terms.relationship_id)
    else:
        decided = _decisions_of(terms.of_grant_id).filter(valid_to__gte=today())
        running = running.filter(pk__in=decided.values("relationship"))
    return User.objects.filter(pk__in=running.values("partner__user"))
